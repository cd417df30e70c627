"""Reads monitors and keeps what they told, for whoever prints it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, override

from ..errors import RateLimitedError, SignInError, VendorError
from ..model import DEVICES_MONITOR, Device, Entity, Listing, Observation, Reading
from ..profile.mistakes import close_to
from .exits import MisuseError
from .session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """One observation and where it came from."""

    device: str
    attribute: str
    monitor: str
    observation: Observation
    unit: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it as ``--json`` prints it."""
        return {
            "device": self.device,
            "attribute": self.attribute,
            "value": self.observation.value,
            "unit_of_measurement": self.unit,
            "observed_at": self.observation.observed_at,
            "monitor": self.monitor,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What a monitor could not tell. One that is ``harmless`` fails nobody."""

    monitor: str
    reason: str
    device: str | None = None
    attribute: str | None = None
    harmless: bool = False

    @override
    def __str__(self) -> str:
        """Return "monitor m, device d, attribute a: reason"."""
        parts = {"monitor": self.monitor, "device": self.device, "attribute": self.attribute}
        where = ", ".join(f"{what} {name}" for what, name in parts.items() if name)
        return f"{where}: {self.reason}"

    def as_json(self) -> dict[str, Any]:
        """Return it as ``--json`` prints it."""
        return {
            "monitor": self.monitor,
            "device": self.device,
            "attribute": self.attribute,
            "reason": self.reason,
        }


@dataclass(slots=True)
class Told:
    """What monitors told, what they did not, and for how many seconds the vendor wants peace."""

    observed: list[Observed] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    retry_after: float = 0


class Subject:
    """The devices that are looked at, and what there is to be known of them."""

    def __init__(self, session: Session, wanted: Sequence[str]) -> None:
        """Look at the devices that are wanted, or at all. Raises UnknownDeviceError."""
        self.client = session.client
        self.listing = session.listing
        self._wanted = {session.device(vendor_id).id for vendor_id in wanted}
        self.devices: dict[str, Device] = {}
        self.described: dict[str, Sequence[Entity]] = {}
        self.update(session.listing)

    def update(self, listing: Listing) -> tuple[Sequence[Device], Sequence[Device]]:
        """Take over a listing; return the devices that came, and those that have gone."""
        self.listing = listing
        now = {
            vendor_id: device
            for vendor_id, device in listing.devices.items()
            if not self._wanted or vendor_id in self._wanted
        }
        # Only a complete listing proves that a device is not there any more.
        now = now if listing.complete else {**self.devices, **now}
        came = [device for vendor_id, device in now.items() if vendor_id not in self.devices]
        gone = [device for vendor_id, device in self.devices.items() if vendor_id not in now]
        self.devices = now
        self.described = {key: self.client.describe(device) for key, device in now.items()}
        return came, gone

    def monitors(self, wanted: Sequence[str]) -> Sequence[str]:
        """Return the monitors that are wanted, or all.

        Raises MisuseError for one that the profile does not have.
        """
        known = self.client.monitors
        for key in wanted:
            if key not in known:
                hint = close_to(key, known) or f"it has {', '.join(known)}"
                raise MisuseError(f"the profile has no monitor {key!r}: {hint}")
        return [key for key in known if not wanted or key in wanted]

    def readers(self, monitor: str) -> Sequence[Device]:
        """Return the devices that a monitor tells something of."""
        return [device for device in self.devices.values() if self._attributes(device.id, monitor)]

    async def read(self, monitor: str) -> Told:
        """Read a monitor; of the listing, return what it told when it was made.

        A failure of the whole request is told too, but SignInError is raised.
        """
        devices = self.readers(monitor)
        if not devices:
            return Told()
        if monitor == DEVICES_MONITOR:
            return self._told(monitor, devices, self.listing.reading or Reading(observations={}))
        try:
            return self._told(monitor, devices, await self.client.read(monitor, devices))
        except SignInError:
            raise
        except VendorError as error:
            return self.failed(monitor, error)

    def failed(self, monitor: str, error: VendorError) -> Told:
        """Return what a failed request tells of a monitor."""
        retry_after = error.retry_after if isinstance(error, RateLimitedError) else None
        return Told(problems=[self._problem(monitor, error)], retry_after=retry_after or 0)

    def _told(self, monitor: str, devices: Sequence[Device], reading: Reading) -> Told:
        told = Told()
        for device in devices:
            if failure := reading.failures.get(device.id):
                told.problems.append(self._problem(monitor, failure, device.id))
                continue
            seen = reading.observations.get(device.id, {})
            absent = []
            for key, unit in self._attributes(device.id, monitor).items():
                if key in seen:
                    told.observed.append(
                        Observed(
                            device=device.id,
                            attribute=key,
                            monitor=monitor,
                            observation=seen[key],
                            unit=unit,
                        )
                    )
                elif reason := reading.rejected.get((device.id, key)):
                    told.problems.append(
                        Problem(monitor=monitor, device=device.id, attribute=key, reason=reason)
                    )
                else:
                    absent.append(key)
            if absent:
                reason = f"its answer tells nothing of {', '.join(absent)}"
                told.problems.append(
                    Problem(monitor=monitor, device=device.id, reason=reason, harmless=True)
                )
        return told

    def _problem(self, monitor: str, error: VendorError, device: str | None = None) -> Problem:
        known = self.client.monitors.get(monitor)
        harmless = known is not None and known.optional
        return Problem(monitor=monitor, device=device, reason=str(error), harmless=harmless)

    def _attributes(self, device: str, monitor: str) -> Mapping[str, str | None]:
        """Return the attributes of a device that a monitor tells, with their units."""
        units: dict[str, str | None] = {}
        for entity in self.described[device]:
            unit = entity.options.get("unit_of_measurement")
            for name, attribute in entity.attributes.items():
                if attribute.monitor == monitor:
                    units[attribute.key] = str(unit) if unit and name == "state" else None
        return units
