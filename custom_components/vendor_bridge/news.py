"""For whom a read has brought news, and who is to be called because of it."""

from collections.abc import Callable, Set as AbstractSet
from dataclasses import dataclass
from typing import Protocol

from homeassistant.core import CALLBACK_TYPE, callback

from .const import LOGGER
from .turns import Turns

type Keys = AbstractSet[str] | None
"""Keys of attributes of a device; None for all that it has."""


class Update(Protocol):
    """Called with the keys of what there is news of, and nothing else; with None for anything."""

    def __call__(self, keys: Keys = None, /) -> None:
        """Take over the news."""


@dataclass(slots=True, eq=False)
class _Listener:
    """There is one for each entity, so that it holds no more than it must."""

    news: News
    device_id: str
    update: Update
    keys: Keys

    @property
    def place(self) -> str | None:
        """Return below which key it is to be found."""
        return next(iter(self.keys)) if self.keys is not None and len(self.keys) == 1 else None

    @callback
    def forget(self) -> None:
        """Call it no more."""
        self.news.forget(self)


type _Listeners = dict[str | None, tuple[_Listener, ...]]
"""The listeners of one device by the only key that they want news of; below None, all others."""


class News:
    """What has been noted since it was last told, by device, and who listens to what."""

    def __init__(self, name: str, listen: Callable[[CALLBACK_TYPE], Callable[[], None]]) -> None:
        """Take what the log calls whoever brings the news, and how to listen to that as a whole.

        It is listened to as long as anybody listens here.
        """
        self._name = name
        self._listen = listen
        self._stop_listening: Callable[[], None] | None = None
        self._noted: dict[str, set[str] | None] = {}
        self._listeners: dict[str, _Listeners] = {}

    def __bool__(self) -> bool:
        """Return whether anybody listens."""
        return bool(self._listeners)

    @property
    def devices(self) -> AbstractSet[str]:
        """Return the devices to which anybody listens."""
        return self._listeners.keys()

    @callback
    def listen(self, update: Update, device_id: str, keys: Keys) -> Callable[[], None]:
        """Have something called for news of some attributes, until what is returned is called."""
        listener = _Listener(self, device_id, update, keys)
        listeners = self._listeners.setdefault(device_id, {})
        listeners[listener.place] = (*listeners.get(listener.place, ()), listener)
        if self._stop_listening is None:
            self._stop_listening = self._listen(self.tell_all)
        return listener.forget

    @callback
    def forget(self, listener: _Listener) -> None:
        """Stop calling a listener."""
        listeners = self._listeners[listener.device_id]
        left = tuple(one for one in listeners.pop(listener.place) if one is not listener)
        if left:
            listeners[listener.place] = left
        if not listeners:
            del self._listeners[listener.device_id]
        if not self._listeners and self._stop_listening is not None:
            self._stop_listening()
            self._stop_listening = None

    @callback
    def note(self, device_id: str, keys: Keys = None) -> None:
        """Remember that there is news of a device."""
        noted = self._noted.setdefault(device_id, set())
        if noted is not None:
            self._noted[device_id] = None if keys is None else noted | keys

    @callback
    def drop(self) -> None:
        """Forget what was noted: everybody hears of it in another way."""
        self._noted = {}

    @callback
    def tell(self) -> None:
        """Call whom it concerns."""
        noted, self._noted = self._noted, {}
        for device_id, keys in noted.items():
            self._tell(device_id, keys)

    @callback
    def tell_of(self, device_id: str) -> None:
        """Call whom news of one device concerns; that of the others waits for its turn."""
        if device_id in self._noted:
            self._tell(device_id, self._noted.pop(device_id))

    @callback
    def tell_all(self) -> None:
        """Call everybody: there is news of the whole."""
        for device_id in list(self._listeners):
            self._tell(device_id, None)

    async def async_tell(self, turns: Turns) -> None:
        """Call whom it concerns, and let others have their turn every now and then."""
        noted, self._noted = self._noted, {}
        try:
            while noted:
                self._tell(*noted.popitem())
                if noted and turns.are_due:
                    await turns.give()
        finally:
            for device_id, keys in noted.items():  # it was cancelled; the next time will do
                self.note(device_id, keys)

    def _tell(self, device_id: str, keys: Keys) -> None:
        """Call each listener of a device that it concerns, once."""
        listeners = self._listeners.get(device_id, {})
        for key in [*listeners] if keys is None else (*keys, None):
            for listener in listeners.get(key, ()):
                wanted = listener.keys
                if keys is not None and wanted is not None and keys.isdisjoint(wanted):
                    continue
                try:
                    listener.update(None if wanted is None else keys)
                except Exception:  # noqa: BLE001 - as Home Assistant's own: one must not stop the rest
                    LOGGER.exception("%s: cannot tell of device %s", self._name, device_id)
