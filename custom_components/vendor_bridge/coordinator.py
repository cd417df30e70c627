"""One coordinator a monitor: reads it on its interval and tells the entities that it concerns."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, override

from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed, ConfigEntryNotReady, HomeAssistantError
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed
from homeassistant.util import dt as dt_util

from .bridge.model import Monitor, Observation, Reading
from .const import LOGGER
from .helpers import account_failures
from .news import Keys, News, Update
from .observations import changes
from .pace import FORGIVEN
from .shared_read import SharedRead
from .timetable import pace_of
from .turns import Turns

if TYPE_CHECKING:
    from .account import ConnectedAccount

NOTHING = Reading(observations={})


class MonitorCoordinator(DataUpdateCoordinator[Reading]):
    """Reads one monitor for the devices that have attributes from it.

    Listeners say to ``async_listen`` which attributes of which device they show. After a read only
    those are called for whom there is news; all of them when the monitor as a whole goes down or
    comes back.
    """

    def __init__(self, hass: HomeAssistant, account: ConnectedAccount, monitor: Monitor) -> None:
        """Take the interval that the user wants, else the profile's."""
        entry = account.entry
        self.pace = pace_of(hass, monitor, entry.options, account.status.stretch)
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name=f"{entry.title} {monitor.key}",
            update_interval=timedelta(seconds=self.pace.wanted),
        )
        self.account = account
        self.monitor = monitor
        self.at_once = SharedRead(self)
        self.read_at: datetime | None = None
        self._was_up = False
        self._turned = False
        self._stop_doubting: CALLBACK_TYPE | None = None
        self._asked: set[str] = set()
        self._told: dict[str, Mapping[str, Observation]] = {}
        self._failed: dict[str, int] = {}
        self._rejected: dict[tuple[str, str], int] = {}
        self._waiting: set[str] = set()
        self._news = News(self.name, super().async_add_listener)

    # --- what entities ask ------------------------------------------------------------------------

    def is_up(self, device_id: str) -> bool:
        """Return whether what was told of a device is recent enough, by the monitor's interval."""
        return self._was_up and self._failed.get(device_id, 0) < FORGIVEN

    def is_nonsense(self, device_id: str, key: str) -> bool:
        """Return whether an attribute came as the profile does not promise again and again."""
        return self._rejected.get((device_id, key), 0) >= FORGIVEN

    @property
    def is_read(self) -> bool:
        """Return whether anybody wants to know what the monitor tells."""
        return bool(self._listeners)

    def told_at(self, device_id: str, key: str) -> datetime | None:
        """Return when the vendor last told us an attribute, on our own clock."""
        if key in self._told.get(device_id, ()):
            return self.read_at
        device = self.account.devices.get(device_id)
        return device.observations.received_at(key) if device is not None else None

    @callback
    def async_call_after_read(self, device_id: str) -> None:
        """Call a device's listeners after the next good read, even when it brings no news."""
        self._waiting.add(device_id)

    # --- reading ----------------------------------------------------------------------------------

    async def async_first_read(self) -> None:
        """Read for the first time, without logging: set-up says what became of it."""
        async with self._debounced_refresh.async_lock():
            await self._async_refresh(log_failures=False)

    def failure(self) -> HomeAssistantError | None:
        """Return why the last read failed, as set-up raises it."""
        error = self.last_exception
        if self.last_update_success:
            return None
        if isinstance(error, ConfigEntryAuthFailed):
            return error
        told = ("translation_domain", "translation_key", "translation_placeholders")
        failure = ConfigEntryNotReady(**{name: getattr(error, name, None) for name in told})
        failure.__cause__ = error
        return failure

    @override
    async def _async_update_data(self) -> Reading:
        """Read. What becomes of it is said for the account as a whole, not by each coordinator.

        So the base class, which compares with ``last_update_success``, finds nothing to say.
        """
        began = self.account.count()
        self._doubt_in_time()
        try:
            with account_failures(self.account.entry.title):
                reading = await self._async_read()
        except (UpdateFailed, ConfigEntryAuthFailed) as error:
            self.pace.failed(getattr(error, "retry_after", None))
            if isinstance(error, UpdateFailed):
                error.retry_after = None  # the pace has an eye on that
            self.account.status.async_read_failed(self, error)
            self.last_update_success = False
            raise
        except Exception:
            self.pace.failed(None)  # a mistake of ours, which the base class logs
            raise
        turns = Turns()
        await turns.give()
        await self._take(reading, began, None, turns)
        self.account.read_times.async_read(self.monitor)
        again = self.pace.failures > 0
        self.pace.succeeded()
        self.last_update_success = True
        self.account.status.async_read(self, again=again)
        if self._was_up:
            await self._news.async_tell(turns)
        return reading

    async def _async_read(self) -> Reading:
        devices = self.account.devices_of(self.monitor.key)
        if self._news:  # else it is the first read, before there are entities
            wanted, asked = self._news.devices, self._asked
            devices = [one for one in devices if one.id in wanted or one.id not in asked]
        if not devices:
            return NOTHING
        self._asked.update(device.id for device in devices)
        return await self.account.client.read(
            self.monitor.key, self.account.with_ancestors(devices)
        )

    async def async_read_now(self, wanted: Callable[[], frozenset[str]]) -> Reading:
        """Read at once, whatever the interval, and return what that read told.

        It begins once no other read is under way; then ``wanted`` is asked for which devices it
        is, in case fewer are fewer requests. Raises UpdateFailed, ConfigEntryAuthFailed.
        """
        async with self._debounced_refresh.async_lock():
            some = wanted()
            if self.monitor.per_device and self._was_up:
                return await self._async_read_some(some)
            await self._async_refresh()
            if not self.last_update_success and self.last_exception is not None:
                raise self.last_exception
            return self.data

    async def _async_read_some(self, some: frozenset[str]) -> Reading:
        """Read some devices. Nothing is concluded from that about the others."""
        began = self.account.count()
        known = self.account.devices_of(self.monitor.key)
        devices = self.account.with_ancestors(one for one in known if one.id in some)
        try:
            with account_failures(self.account.entry.title):
                reading = await self.account.client.read(self.monitor.key, devices)
        except ConfigEntryAuthFailed:
            self.account.entry.async_start_reauth(self.hass)
            raise
        for device_id in some:
            self.async_doubt(device_id)
        await self._take(reading, began, some, Turns())
        self.account.status.async_read(self, again=False)
        for device_id in {*some, *reading.observations, *reading.failures}:
            self._news.tell_of(device_id)
        return reading

    async def _take(
        self, reading: Reading, began: int, some: frozenset[str] | None, turns: Turns
    ) -> None:
        """Take over what a read told, and note which devices it is news for.

        One that was for ``some`` devices alone says nothing of the others.
        """
        now = dt_util.utcnow()
        before = self.read_at or now
        devices = self.account.devices
        for device_id, told in reading.observations.items():
            if self._told.get(device_id) is told:
                continue
            if turns.are_due:
                await turns.give()  # a command may end meanwhile, and a device may go
            last = self._told.get(device_id)
            if (device := devices.get(device_id)) is None:
                continue
            fresh = told if last is None else changes(last, told)
            if last is not None and (device.observations.dated or last.keys() != told.keys()):
                device.observations.touch(changes(told, last), at=before)
            if not device.observations.read(fresh, began=began, at=now):
                # Some of it was too old; what comes next is looked at whatever it is.
                self._told.pop(device_id, None)
                device.observations.touch(told, at=now)
            elif some is None:
                self._told[device_id] = told
            self._news.note(device_id, None if last is None else fresh.keys())
        self._note_failures(reading, before, some)
        self._note_rejected(reading, some)
        if some is None:
            self.read_at = now

    def _note_failures(
        self, reading: Reading, before: datetime, some: frozenset[str] | None
    ) -> None:
        """Say once that a device cannot be read, and once that it can again."""
        if not reading.failures and not self._failed:
            return
        for device_id in self._failed.keys() - reading.failures.keys():
            if some is not None and device_id not in some:
                continue
            LOGGER.info("%s: device %s can be read again", self.name, device_id)
            self._news.note(device_id)
            del self._failed[device_id]
        for device_id, error in reading.failures.items():
            if device_id not in self._failed:
                LOGGER.info("%s: device %s cannot be read: %s", self.name, device_id, error)
                self._failed[device_id] = 0 if self._knows(device_id) else FORGIVEN - 1
                told = self._told.pop(device_id, None)
                if told is not None and (device := self.account.devices.get(device_id)) is not None:
                    device.observations.touch(told, at=before)
            self._failed[device_id] += 1
            if self._failed[device_id] == FORGIVEN:
                self._news.note(device_id)

    def _knows(self, device_id: str) -> bool:
        """Return whether anything has been told of a device that could be shown meanwhile."""
        device = self.account.devices.get(device_id)
        return device is not None and any(
            device.observations.get(attribute.key) is not None
            for entity in device.entities.values()
            for attribute in entity.attributes.values()
            if attribute.monitor == self.monitor.key
        )

    def _note_rejected(self, reading: Reading, some: frozenset[str] | None) -> None:
        """Report once what came that is not what the profile promised, and count how often."""
        if not reading.rejected and not self._rejected:
            return
        for place in self._rejected.keys() - reading.rejected.keys():
            if some is not None and place[0] not in some:
                continue
            self.account.async_accept(*place)
            if self._rejected.pop(place) >= FORGIVEN:
                self._news.note(place[0])
        for place, reason in reading.rejected.items():
            self.account.async_reject(*place, reason)
            self._rejected[place] = self._rejected.get(place, 0) + 1
            if self._rejected[place] == FORGIVEN:
                self._news.note(place[0])

    @callback
    def async_doubt(self, device_id: str) -> None:
        """Look at the next reading of a device whatever it is: a command has changed things."""
        told = self._told.pop(device_id, None)
        device = self.account.devices.get(device_id)
        if told is not None and device is not None and self.read_at is not None:
            device.observations.touch(told, at=self.read_at)

    @callback
    def async_forget(self, device_id: str) -> None:
        """Forget a device that has gone."""
        self._told.pop(device_id, None)
        self._failed.pop(device_id, None)
        self._asked.discard(device_id)
        self._waiting.discard(device_id)
        for place in [place for place in self._rejected if place[0] == device_id]:
            del self._rejected[place]

    # --- when to read, and how long to believe ----------------------------------------------------

    @callback
    @override
    def _schedule_refresh(self) -> None:
        """Read again when it is time: stretched for the budget, or later while that fails."""
        self.account.status.async_look_at_budget()
        wait = self.next_wait()
        self.update_interval = timedelta(seconds=wait) if wait is not None else None
        super()._schedule_refresh()

    def next_wait(self) -> float | None:
        """Return after how many seconds to read again; None for not by itself."""
        return self.pace.next_wait()

    @callback
    @override
    def _unschedule_refresh(self) -> None:
        """Stop reading: what nobody asks for any more is neither up nor down."""
        super()._unschedule_refresh()
        self.account.status.outage.async_dropped(self.monitor.key)

    @callback
    def async_hurry(self) -> None:
        """Read soon, if a read was put off because those before it had failed."""
        waits = self._unsub_refresh is not None and bool(self._listeners)
        if waits and self.pace.failures and not self.pace.asked_for:
            self.pace.hurry()
            self._schedule_refresh()

    @callback
    def async_reckon_anew(self) -> None:
        """Find out again when to read, because the time zone or the place is another."""
        self.pace.look_anew()
        if self._unsub_refresh is not None:
            self._schedule_refresh()

    def _doubt_in_time(self) -> None:
        """Stop believing what was read before, unless a good read comes in time."""
        if not self._was_up or self._stop_doubting is not None or self.read_at is None:
            return
        believed = self.pace.trusted - (dt_util.utcnow() - self.read_at).total_seconds()
        self._stop_doubting = async_call_later(
            self.hass,
            max(believed, self.pace.every),
            HassJob(self._go_down, f"{self.name} too old", cancel_on_shutdown=True),
        )

    @callback
    def _go_down(self, _now: datetime | None = None) -> None:
        self._believe()
        if self._was_up:
            self._was_up = False
            super().async_update_listeners()

    def _believe(self) -> None:
        if self._stop_doubting is not None:
            self._stop_doubting()
            self._stop_doubting = None

    @override
    async def async_shutdown(self) -> None:
        """Read no more."""
        self._believe()
        await super().async_shutdown()

    # --- telling ----------------------------------------------------------------------------------

    @callback
    def async_listen(self, update: Update, device_id: str, keys: Keys = None) -> Callable[[], None]:
        """Listen for news of some of a device's attributes, by their keys; None for all of them.

        ``update`` is called with the keys of what there is news of, and nothing else; without any
        when anything may be another, as with the monitor as a whole.
        """
        return self._news.listen(update, device_id, keys)

    @callback
    @override
    def _async_refresh_finished(self) -> None:
        """Work out whether what is known is recent enough to be shown."""
        if self.last_update_success:
            self._believe()
            self._turned = not self._was_up
            self._was_up = True
            return
        self._turned = False
        age = (dt_util.utcnow() - self.read_at).total_seconds() if self.read_at else None
        if age is None or age >= self.pace.trusted:
            self._go_down()

    @callback
    @override
    def async_update_listeners(self) -> None:
        """Call the listeners that a read concerns."""
        if self.last_update_success:
            for device_id in self._waiting:
                self._news.note(device_id)
            self._waiting = set()
        if self._turned:
            self._turned = False
            self._news.drop()
            super().async_update_listeners()
            return
        self._news.tell()

    @callback
    def async_tell(self, device_id: str, keys: Keys = None) -> None:
        """Call the listeners of a device, for news of some attributes or of anything."""
        self._news.note(device_id, keys)
        self._news.tell_of(device_id)
