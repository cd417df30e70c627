"""One account at run time: its client, its devices, and what is known of them."""

import asyncio
from collections.abc import Coroutine, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_CORE_CONFIG_UPDATE, Platform
from homeassistant.core import Context, Event, HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryNotReady
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import UpdateFailed
from homeassistant.util import dt as dt_util

from .account_status import AccountStatus
from .account_tasks import AccountTasks
from .bridge.client import VendorClient
from .bridge.errors import (
    BridgeError,
    NotConfirmedError,
    OutageError,
    SignInError,
    UnexpectedAnswerError,
    UnreachableError,
)
from .bridge.model import (
    DEVICES_MONITOR,
    AtStart,
    Command,
    Device,
    Entity,
    Listing,
    Observation,
    Outcome,
)
from .const import CONF_ACCOUNT_ID, CONF_ADD_NEW, CONF_CHOSEN, CONF_EXCLUDED, LOGGER
from .coordinator import MonitorCoordinator
from .device_register import DeviceRegister
from .devices import TakenDevice, shared_macs
from .devices_coordinator import CONFIRMED_AFTER, DevicesCoordinator
from .entity_adder import EntityAdder, MakeEntity
from .happenings import What, async_device_happened, command_watched
from .helpers import account_failures
from .needs import AllNeeds
from .places import Place, places
from .read_times import ReadTimes

if TYPE_CHECKING:
    from .bridge.profile.plans import CompiledProfile
    from .history import HistoryImport

type VendorBridgeConfigEntry = ConfigEntry[ConnectedAccount]

FIRST_READ_PATIENCE = 10.0
"""Seconds that set-up waits for the monitors. What is slower comes up by itself, later."""

ACCOUNT_PLATFORMS = frozenset({Platform.BINARY_SENSOR, Platform.SENSOR})
"""The platforms that every account has entities of, whatever its devices have."""

REREAD_PATIENCE = 5.0
"""Seconds that a command which was not confirmed waits for another look at its device."""


class ConnectedAccount:
    """What a config entry is while it is loaded.

    ``devices`` holds the devices that the user took, by vendor id; ``listing`` all that the vendor
    has; ``coordinators`` one for each monitor, by its key; ``rejected`` what came that is not what
    the profile promised, by device and attribute; ``unlisted`` since when complete listings have
    lacked a device that is registered, by vendor id.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: VendorBridgeConfigEntry,
        profile: CompiledProfile,
        client: VendorClient,
    ) -> None:
        """Take the client; nothing is asked of it yet."""
        self.hass = hass
        self.entry = entry
        self.profile = profile
        self.client = client
        self.id: str = entry.data[CONF_ACCOUNT_ID]
        self.devices: dict[str, TakenDevice] = {}
        self.listing = Listing(devices={}, complete=False)
        self.rejected: dict[tuple[str, str], str] = {}
        self.register = DeviceRegister(hass, entry.entry_id, self.id, profile.manufacturer)
        self.coordinators: dict[str, MonitorCoordinator] = {}
        self.needs = AllNeeds(self.coordinators)
        self.status = AccountStatus(hass, entry, client, self.coordinators)
        self.tasks = AccountTasks(hass, self)
        self.unlisted: dict[str, datetime] = {}
        self.read_times = ReadTimes(hass, entry.entry_id)
        self.history: HistoryImport | None = None
        self._chosen = frozenset(entry.options.get(CONF_CHOSEN, ()))
        self._excluded = frozenset(entry.options.get(CONF_EXCLUDED, ()))
        self._add_new: bool = entry.options.get(CONF_ADD_NEW, True)
        self._reported: set[tuple[str, str, str]] = set()
        self._adder = EntityAdder(hass, entry, self.devices)
        self._pending: set[str] = set()
        self._count = 0

    # --- set-up -----------------------------------------------------------------------------------

    async def async_start(self) -> None:
        """Sign in, list the devices, and read every monitor once.

        Raises ConfigEntryAuthFailed where only the user can help, and ConfigEntryNotReady while
        the vendor cannot be reached or no monitor can be read.
        """
        try:
            with account_failures(self.entry.title):
                await self.client.connect()
        except UpdateFailed as error:
            raise ConfigEntryNotReady(
                translation_domain=error.translation_domain,
                translation_key=error.translation_key,
                translation_placeholders=error.translation_placeholders,
            ) from error
        if any(one.at_start is AtStart.MISSED for one in self.client.monitors.values()):
            await self.read_times.async_load()
        for key, monitor in self.client.monitors.items():
            kind = DevicesCoordinator if key == DEVICES_MONITOR else MonitorCoordinator
            self.coordinators[key] = kind(self.hass, self, monitor)
        devices = self.coordinators[DEVICES_MONITOR]
        await devices.async_first_read()
        if failure := devices.failure():
            raise failure
        # Nobody but us listens to the listing as such, and what nobody listens to is not read.
        self.entry.async_on_unload(devices.async_add_listener(lambda: None))
        self.entry.async_on_unload(
            self.hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, self._async_reckon_anew)
        )
        await self._async_first_reads()
        self.tasks.async_offer(None)
        self.status.async_started()

    @callback
    def _async_reckon_anew(self, _event: Event[Any]) -> None:
        for coordinator in self.coordinators.values():
            coordinator.async_reckon_anew()

    async def _async_first_reads(self) -> None:
        """Read every monitor once, side by side, and go on without those that fail or dawdle."""
        rest = [
            coordinator
            for key, coordinator in self.coordinators.items()
            if key != DEVICES_MONITOR
            and self.devices_of(key)
            and coordinator.pace.is_due_at_start(self.read_times.last(key))
        ]
        if not rest:
            return
        reads = {
            self.entry.async_create_background_task(
                self.hass, coordinator.async_first_read(), f"{coordinator.name} first read"
            ): coordinator
            for coordinator in rest
        }
        done, _ = await asyncio.wait(reads, timeout=FIRST_READ_PATIENCE)
        failures = {reads[task]: failure for task in done if (failure := reads[task].failure())}
        for failure in failures.values():
            if not isinstance(failure, ConfigEntryNotReady):
                raise failure
        needed = [coordinator for coordinator in rest if not coordinator.monitor.optional]
        if needed and all(coordinator in failures for coordinator in needed):
            raise failures[needed[0]]

    # --- devices ----------------------------------------------------------------------------------

    def unique_id(self, vendor_id: str, entity: Entity) -> str:
        """Return what an entity is known by for good."""
        return f"{self.id}:{vendor_id}:{entity.key.partition('.')[2]}"

    def takes(self, vendor_id: str) -> bool:
        """Return whether the user wants a device."""
        return vendor_id in self._chosen or (self._add_new and vendor_id not in self._excluded)

    def devices_of(self, monitor: str) -> list[Device]:
        """Return the devices that have attributes from a monitor."""
        return [taken.device for taken in self.devices.values() if monitor in taken.monitors]

    def with_ancestors(self, devices: Iterable[Device]) -> Sequence[Device]:
        """Return devices and, behind each, those that it is a part of, taken or not."""
        found: dict[str, Device] = {}
        for device in devices:
            part: Device | None = device
            while part is not None and part.id not in found:
                found[part.id] = part
                part = self.listing.devices.get(part.parent) if part.parent else None
        return list(found.values())

    @callback
    def async_take_listing(self, listing: Listing) -> None:
        """Remove what complete listings no longer have; register what is new or has changed."""
        self.listing = listing
        now = dt_util.utcnow()
        registered = self.register.registered()
        for vendor_id, entry in registered.items():
            if gone := self._has_gone(vendor_id, now):
                async_device_happened(self, What.DEVICE_DISAPPEARED, vendor_id, entry)
            if gone or not self.takes(vendor_id):
                self.async_remove_device(vendor_id, entry.id)
        wanted = {
            vendor_id: device
            for vendor_id, device in listing.devices.items()
            if self.takes(vendor_id)
        }
        known = {vendor_id: taken.device for vendor_id, taken in self.devices.items()}
        shared = shared_macs((known | wanted).values())
        placed = places(wanted, listing.devices, self.register.wholes())
        for vendor_id, place in placed.items():
            self._take_device(wanted[vendor_id], place, shared)
        # With the first listing ever, it is the account that is new, and not its devices.
        if registered or self.status.last_success is not None:
            for vendor_id in wanted:
                if vendor_id not in registered:
                    new = self.register.entry(self.devices[vendor_id].entry_id)
                    async_device_happened(self, What.DEVICE_APPEARED, vendor_id, new)

    def _has_gone(self, vendor_id: str, now: datetime) -> bool:
        """Return whether the vendor has a device no more, by two complete listings, not by one.

        Vendors in trouble have been seen to answer with an empty list, and to call that a success.
        """
        if vendor_id in self.listing.devices or vendor_id in self.listing.unknown:
            self.unlisted.pop(vendor_id, None)
            return False
        if not self.listing.complete:
            return False
        since = self.unlisted.setdefault(vendor_id, now)
        return (now - since).total_seconds() >= CONFIRMED_AFTER

    def _take_device(self, device: Device, place: Place, shared: set[str]) -> None:
        taken = self.devices.get(device.id)
        if taken is None:
            entry_id = self.register.register(device, place, shared)
            taken = self.devices[device.id] = TakenDevice(
                device=device, entry_id=entry_id, place=place
            )
        elif device != taken.device or place != taken.place:
            taken.entry_id = self.register.register(device, place, shared)
            taken.place = place
        elif device.data == taken.device.data:
            return
        taken.device = device
        before = taken.entities
        taken.describe(self.client.describe(device))
        self.tasks.async_offer(taken)
        for key, entity in before.items():
            if taken.entities.get(key) != entity:
                self._adder.withdraw(device.id, key)
        if taken.entities != before:
            self._pending.add(device.id)

    @callback
    def async_remove_device(self, vendor_id: str, entry_id: str) -> None:
        """Remove a device and all that is known of it. Parts of it stay, as devices."""
        LOGGER.info("%s: device %s has gone", self.entry.title, vendor_id)
        self.unlisted.pop(vendor_id, None)
        if taken := self.devices.pop(vendor_id, None):
            self._adder.forget(taken)
        self.tasks.async_forget(vendor_id)
        self._pending.discard(vendor_id)
        for place in [place for place in self.rejected if place[0] == vendor_id]:
            del self.rejected[place]
        for coordinator in self.coordinators.values():
            coordinator.async_forget(vendor_id)
        self.status.standings.async_forget_device(vendor_id)
        self.register.remove(entry_id)

    # --- entities ---------------------------------------------------------------------------------

    @callback
    def async_add_platform(
        self, platform: str, make: MakeEntity, add: AddConfigEntryEntitiesCallback
    ) -> None:
        """Add the entities of a platform, now and whenever devices bring new ones."""
        self._adder.add_platform(platform, make, add)
        self._adder.add_to(platform, self, self.devices)

    @property
    def platforms(self) -> set[Platform]:
        """Return the platforms that have been set up."""
        return self._adder.set_up

    async def async_set_up_platforms(self) -> None:
        """Set up the platforms that the devices have entities of."""
        self._pending.clear()
        await self._adder.async_set_up(self._used(self.devices) | ACCOUNT_PLATFORMS)
        self.async_add_pending()

    def _used(self, vendor_ids: Iterable[str]) -> set[str]:
        """Return the platforms that some devices have entities of."""
        return {
            entity.platform
            for vendor_id in vendor_ids
            if (taken := self.devices.get(vendor_id)) is not None
            for entity in taken.entities.values()
        }

    @callback
    def async_add_pending(self) -> None:
        """Add what a listing has brought, once the account has been set up."""
        if self._pending and self._adder.running:
            pending, self._pending = self._pending, set()
            _ = self.entry.async_create_background_task(
                self.hass, self._async_introduce(pending), f"{self.entry.title} new devices"
            )

    async def _async_introduce(self, vendor_ids: set[str]) -> None:
        """Read new devices first, so that their entities start with a state."""
        monitors = {
            monitor
            for vendor_id in vendor_ids
            if (taken := self.devices.get(vendor_id)) is not None
            for monitor in taken.monitors
        } - {DEVICES_MONITOR}
        await asyncio.gather(*(self.coordinators[key].async_refresh() for key in monitors))
        await self._adder.async_set_up(self._used(vendor_ids))
        self._adder.add(self, vendor_ids)

    # --- observations and commands ----------------------------------------------------------------

    def count(self) -> int:
        """Return the next number, to tell what began after something else was over."""
        self._count += 1
        return self._count

    def observation(self, vendor_id: str, key: str) -> Observation | None:
        """Return the last observation of a device's attribute."""
        taken = self.devices.get(vendor_id)
        return taken.observations.get(key) if taken is not None else None

    @callback
    def async_accept(self, vendor_id: str, key: str) -> None:
        """Remember that an attribute has come as it should."""
        self.rejected.pop((vendor_id, key), None)

    @callback
    def async_reject(self, vendor_id: str, key: str, reason: str) -> None:
        """Remember, and report once, that an attribute did not come as the profile promised."""
        self.rejected[vendor_id, key] = reason
        if (vendor_id, key, reason) not in self._reported:
            self._reported.add((vendor_id, key, reason))
            LOGGER.warning(
                "%s: device %s: %s was not understood: %s", self.entry.title, vendor_id, key, reason
            )

    async def async_write(
        self, taken: TakenDevice, entity: Entity, command: Command, context: Context | None = None
    ) -> Outcome:
        """Send a command, show what is known of the device since, and return that.

        Raises BridgeError. Where it is not known what became of it, the device is read again;
        before the failure is told, so that nobody sees the old state in between. ``context`` is
        who wants it.
        """
        monitors = {attribute.monitor for attribute in entity.attributes.values()}
        with command_watched(self, taken, entity, command, context):
            try:
                outcome = await self.client.write(taken.device, command)
            except NotConfirmedError:
                reads = [
                    self._read(key, self.coordinators[key].async_refresh()) for key in monitors
                ]
                if reads:
                    await asyncio.wait(reads, timeout=REREAD_PATIENCE)
                raise
            except UnreachableError, OutageError, UnexpectedAnswerError:
                self._read_soon(monitors)
                raise
            except SignInError:
                self.entry.async_start_reauth(self.hass)
                raise
        self.status.async_wrote()
        vendor_id = taken.device.id
        taken.observations.write(outcome.observations, finished=self.count(), at=dt_util.utcnow())
        for coordinator in self.coordinators.values():
            coordinator.async_doubt(vendor_id)
            coordinator.async_tell(vendor_id, outcome.observations.keys() or None)
        if not outcome.observations:
            self._read_soon(monitors)
        return outcome

    def _read_soon(self, monitors: Iterable[str]) -> None:
        for key in monitors:
            _ = self._read(key, self.coordinators[key].async_request_refresh())

    def _read(self, key: str, read: Coroutine[None, None, None]) -> asyncio.Task[None]:
        return self.entry.async_create_background_task(
            self.hass, read, f"{self.entry.title} {key} read again"
        )

    async def async_close(self) -> None:
        """End what the client began, and keep what has to be kept."""
        await self.tasks.async_end()
        await self.read_times.async_save()
        try:
            await self.client.close()
        except BridgeError as error:
            LOGGER.debug("%s: closing: %s", self.entry.title, error)
