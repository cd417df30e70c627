"""What every entity does, whatever its platform: show what is observed, and send commands."""

from collections.abc import Callable, Mapping, Sequence, Set as AbstractSet
from datetime import datetime
from enum import IntFlag
from functools import cache
from typing import Any, ClassVar, Final, override

from homeassistant.const import EntityCategory
from homeassistant.core import callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.typing import UNDEFINED
from homeassistant.util import dt as dt_util

from .account import ConnectedAccount
from .availability import AvailableEntity
from .bridge.errors import CommandError
from .bridge.model import Attribute, Command, Entity as EntityModel, Value
from .bridge.platforms import PLATFORMS
from .device_register import names_of
from .devices import TakenDevice
from .helpers import command_failures
from .news import Keys
from .voice import async_give_aliases, initial_options

AVAILABLE = "available"
AGED = "aged"

type Shown = str | tuple[str, Callable[[Any], Any]]
"""A property of Home Assistant's entity, and what makes its value out of an observed one."""

type Shows = Mapping[str, Shown]

DETAILS: Shown = ("extra_state_attributes", lambda value: {"details": value})
"""How a structured value shows: below a name of its own, so that it hides nothing else."""
UNRECORDED: Final = frozenset({"details"})
"""What is as long as the vendor likes, and would be stored anew with every change."""

COMMON: Shows = {
    "icon": "icon",
    "entity_category": ("entity_category", EntityCategory),
    "enabled_by_default": "entity_registry_enabled_default",
}


@cache
def _options(platform: str) -> frozenset[str]:
    return frozenset(option.name for option in PLATFORMS[platform].options)


class VendorBridgeEntity(AvailableEntity):
    """An entity of a vendor's device.

    A platform says in ``shows`` where each attribute and option goes, and in ``derive`` what
    follows from several of them together.
    """

    _attr_has_entity_name = True
    _attr_should_poll = False

    shows: ClassVar[Shows] = {}

    _is_new = False
    """Whether it has just been registered, for the first time."""

    def __init__(self, account: ConnectedAccount, taken: TakenDevice, entity: EntityModel) -> None:
        """Take over what is fixed, and what is known already."""
        super().__init__(account, taken, entity)
        self.values: dict[str, Value] = {}
        self._told: datetime | None = None
        self._attr_unique_id = account.unique_id(taken.device.id, entity)
        self.device_entry = account.register.entry(taken.entry_id)
        for name, value in entity.options.items():
            self._show(name, value)
        if not self._is_named_by_class():
            self._attr_name = entity.name
        self._take()

    # --- showing ----------------------------------------------------------------------------------

    def derive(self) -> None:
        """Work out what follows from ``values``, once some of them have changed."""

    def age(self, _now: datetime) -> bool:
        """Let what holds only for a time be over, and say when to look again.

        Returns whether that changed anything.
        """
        return False

    def told(self, name: str) -> Any:  # noqa: ANN401 - whatever the platform says it is
        """Return the last value of an attribute, or what is fixed for an option."""
        value = self.values.get(name)
        return self.entity.options.get(name) if value is None else value

    def says(self, word: str) -> bool | None:
        """Return whether it is so: by the flag ``is_<word>``, else by the word in ``state``."""
        if f"is_{word}" in self.entity.attributes:
            flag: bool | None = self.told(f"is_{word}")
            return flag
        state = self.told("state")
        return None if state is None else bool(state == word)

    def judge(self, name: str, reason: str | None) -> None:
        """Report once that what is observed does not fit, and why. Without a reason, it does."""
        if reason is not None:
            self._refused.setdefault(name, dt_util.utcnow())
            self.account.async_reject(self.vendor_id, self.entity.attributes[name].key, reason)
        elif name in self._refused:
            del self._refused[name]
            self.account.async_accept(self.vendor_id, self.entity.attributes[name].key)

    def _show(self, name: str, value: Any) -> None:  # noqa: ANN401 - as above
        shown = self.shows.get(name) or COMMON.get(name)
        if shown is None:
            return
        if isinstance(shown, tuple):
            shown, make = shown
            try:
                value = None if value is None else make(value)
            except TypeError, ValueError:
                value = None  # the vendor says what Home Assistant has no word for
        if value is None and name in _options(self.entity.platform):
            return  # no news of a limit or a list leaves it as it is
        setattr(self, f"_attr_{shown}", value)

    def _take(self, keys: Keys = None) -> set[str]:
        """Take over what has been observed. Returns the names of what shows and has changed.

        With ``keys``, that is news of those attributes alone, and all else is as it was.
        """
        now = dt_util.utcnow()
        judges = self._may_change_availability(keys)
        changed = {
            name
            for name, attribute in self.entity.attributes.items()
            if (keys is None or attribute.key in keys) and self._take_value(name, attribute, now)
        }
        if self.age(now):
            changed.add(AGED)
        if changed or not self.in_service:
            self.derive()
        judges = self.in_service and (judges or bool(self._refused))
        if judges and self._judge_availability(now):
            changed.add(AVAILABLE)
        return changed

    def _take_value(self, name: str, attribute: Attribute, now: datetime) -> bool:
        """Take over the value of an attribute. Returns whether it is another one than before."""
        counts = (name in self._needed or self._is_fresh(attribute, now)) and (
            name in self._main or self._is_sense(attribute)
        )
        observation = self.taken.observations.get(attribute.key) if counts else None
        value = observation.value if observation is not None else None
        last = self.values.get(name, UNDEFINED)
        if value is last or (type(value) is type(last) and value == last):
            return False
        self.values[name] = value
        self._show(name, value)
        return True

    @callback
    @override
    def _handle_news(self, keys: Keys = None, /) -> None:
        """Write the state if anything that shows has changed."""
        changed = self._take(keys)
        if self._is_told_again() or changed:
            self.write(changed)

    @callback
    def write(self, _changed: AbstractSet[str], /) -> None:
        """Write the state, of which only what is named has changed."""
        self.async_write_ha_state()

    def _is_told_again(self) -> bool:
        """Return whether the state was told anew and is written each time, whatever it says."""
        if not self.force_update or (state := self.entity.attributes.get("state")) is None:
            return False
        coordinator = self.account.coordinators[state.monitor]
        coordinator.async_call_after_read(self.vendor_id)
        before, self._told = self._told, coordinator.told_at(self.vendor_id, state.key)
        return self._told != before

    # --- life -------------------------------------------------------------------------------------

    def _names(self) -> Sequence[str]:
        return names_of(self.device_entry, self.taken.device)

    def _is_named_by_class(self) -> bool:
        """Return whether its name is that of its device class, which is there in every language."""
        name, named = self.entity.name, str(self.device_class).replace("_", " ")
        return (
            name is not None
            and name.casefold() == named.casefold()
            and self._default_to_device_class_name()
        )

    @override
    def get_initial_entity_options(self) -> er.EntityOptionsType | None:
        """Return what a new entity is registered with, for good."""
        options = super().get_initial_entity_options()
        if self.registry_entry is not None:
            return options  # it is asked only what it would be registered with
        self._is_new = True
        return {**(options or {}), **initial_options(self.hass, self, self._names())} or None

    @override
    async def add_to_platform_finish(self) -> None:
        """Take its other names on, before anybody listens."""
        async_give_aliases(self.hass, self, self._names(), new=self._is_new)
        self._is_new = False
        await super().add_to_platform_finish()

    @override
    async def async_added_to_hass(self) -> None:
        """Listen for news of the device."""
        await super().async_added_to_hass()
        keys = None if self._depends_on_time else self._needs.keys
        for monitor in self._needs.monitors:
            self.async_on_remove(
                self.account.coordinators[monitor].async_listen(
                    self._handle_news, self.vendor_id, keys
                )
            )
        self.in_service = True
        self._take()
        _ = self._is_told_again()  # what is written now need not be written once more

    async def async_update(self) -> None:
        """Read at once what the entity shows, because the user asks for it."""
        for monitor in self._needs.monitors:
            await self.account.coordinators[monitor].async_request_refresh()

    @override
    async def async_will_remove_from_hass(self) -> None:
        """Stop looking at the clock."""
        await super().async_will_remove_from_hass()
        self.in_service = False
        self._stop_looking()
        self.account.status.standings.async_forget(self.vendor_id, self.entity_id)

    # --- commands ---------------------------------------------------------------------------------

    def takes(self, command: str, parameter: str | None = None) -> bool:
        """Return whether the entity has a command, and the command a parameter."""
        parameters = self.entity.commands.get(command)
        if parameters is None or parameter is None:
            return parameters is not None
        return any(one.name == parameter for one in parameters)

    async def async_command(self, command: str, /, **data: Any) -> None:  # noqa: ANN401 - as above
        """Send a command and show what it did. ``data`` is named as the platform table does.

        Raises HomeAssistantError, in the user's language, unless the command took effect.
        """
        device = self.account.register.name(self.taken.entry_id) or self.vendor_id
        with command_failures(device, command):
            if not self.takes(command):
                raise CommandError(f"{self.entity.key} has no command {command!r}")
            given = {name: value for name, value in data.items() if value is not None}
            await self.account.async_write(
                self.taken,
                self.entity,
                Command(entity=self.entity.key, name=command, data=given),
                self._context,
            )

    def features[FlagsT: IntFlag](self, flags: type[FlagsT]) -> FlagsT:
        """Return the features that the entity brings, as far as this version has them."""
        features = flags(0)
        for name in PLATFORMS[self.entity.platform].features(self.entity):
            features |= getattr(flags, name, 0)
        return features
