"""What is known of one device, and which news of it may change that."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import compress
from operator import is_not

from .bridge.model import Observation

PATIENCE = timedelta(seconds=60)
"""For how long after a command a vendor may go on repeating what held before it."""


@dataclass(slots=True)
class _Known:
    """The last observation of an attribute.

    ``received`` is when it was last told. Where a command brought it about, ``written`` is the
    account's count when that was over, and ``replaced`` what held before.
    """

    observation: Observation
    received: datetime
    written: int = 0
    replaced: Observation | None = None

    def yields_to(self, news: Observation, began: int, now: datetime) -> bool:
        """Return whether ``news``, from a read that began at that count, takes this one's place.

        What was asked before a command was over may have been answered before it took effect. And
        an observation that the vendor repeats, time and all, is none that came after the command,
        unless the vendor insists: then its clock has been set back.
        """
        if began < self.written:
            return False
        at = news.observed_at
        if at is None:
            return True
        known = self.observation.observed_at
        if known is not None and at < known and now - self.received <= PATIENCE:
            return False
        replaced = self.replaced
        if replaced is None or replaced.observed_at is None or at > replaced.observed_at:
            return True
        if now - self.received > PATIENCE:
            return True
        return at == replaced.observed_at and news.value != replaced.value


class Observations:
    """The last observation of each attribute of a device, by attribute key.

    ``dated`` is whether the vendor has told the time of any.
    """

    __slots__ = ("_known", "dated")

    def __init__(self) -> None:
        """Start knowing nothing."""
        self._known: dict[str, _Known] = {}
        self.dated = False

    def get(self, key: str) -> Observation | None:
        """Return the last observation of an attribute."""
        known = self._known.get(key)
        return known.observation if known is not None else None

    @property
    def newest(self) -> datetime | None:
        """Return the newest time at which an observation held, by the vendor's own clock."""
        times = (known.observation.observed_at for known in self._known.values())
        return max((at for at in times if at is not None), default=None)

    def received_at(self, key: str) -> datetime | None:
        """Return when an attribute was last told, on our own clock."""
        known = self._known.get(key)
        return known.received if known is not None else None

    def read(self, told: Mapping[str, Observation], *, began: int, at: datetime) -> bool:
        """Take over what a read told. Returns whether all of it was taken or known already."""
        complete = True
        for key, observation in told.items():
            known = self._known.get(key)
            self.dated = self.dated or observation.observed_at is not None
            if known is not None and known.observation is observation:
                known.received = at
            elif known is None:
                self._known[key] = _Known(observation, at)
            elif known.yields_to(observation, began, at):
                known.observation, known.received = observation, at
                known.written, known.replaced = 0, None
            else:
                complete = False
        return complete

    def touch(self, told: Mapping[str, Observation], *, at: datetime) -> None:
        """Remember that all this was told again, the same as before."""
        for key, observation in told.items():
            known = self._known.get(key)
            if known is not None and known.observation is observation:
                known.received = at

    def write(self, told: Mapping[str, Observation], *, finished: int, at: datetime) -> None:
        """Take over what is known since a command took effect."""
        for key, observation in told.items():
            known = self._known.get(key)
            replaced = None
            held = observation.observed_at
            if known is not None:
                before = known.observation.observed_at
                # Overtaken by a later read; but a clock that was set back is further off than that.
                if before and held and before - PATIENCE < held < before:
                    continue
                replaced = known.observation if before else known.replaced
            self._known[key] = _Known(observation, at, finished, replaced)
            self.dated = self.dated or held is not None


def changes(
    before: Mapping[str, Observation], after: Mapping[str, Observation]
) -> dict[str, Observation]:
    """Return what is in ``after`` and was not, or not the same, ``before``."""
    if list(before) == list(after):
        differ = map(is_not, before.values(), after.values(), strict=True)
        return {key: after[key] for key in compress(after, differ)}
    return {key: one for key, one in after.items() if before.get(key) is not one}
