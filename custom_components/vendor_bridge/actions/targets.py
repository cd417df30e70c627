"""What an action is for: devices, entities, areas, floors or labels become devices of accounts."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, cast

from homeassistant.auth.models import User
from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import ATTR_ENTITY_ID, ENTITY_MATCH_ALL
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError, Unauthorized, UnknownUser
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.target import (
    SelectedEntities,
    TargetSelection,
    async_extract_referenced_entity_ids,
)

from ..account import ConnectedAccount, VendorBridgeConfigEntry
from ..bridge.model import Entity, Value
from ..const import CONF_ACCOUNT_ID, DOMAIN
from ..device_register import name_of, prefix_of, vendor_id_of
from ..devices import TakenDevice
from ..target_choice import is_account
from ..task_entities import task_unique_id
from .errors import action_error, caller_error
from .results import Failure

READ: Final = POLICY_READ
CONTROL: Final = POLICY_CONTROL


@dataclass(slots=True, kw_only=True, eq=False)
class TargetDevice:
    """A device that an action is for.

    ``entities`` are those of its entities that the action is for, by entity id; ``named`` the ids
    of those that the caller named, ``secondary`` of those that are for settings or diagnosis.
    ``direct`` says that the caller named the device itself.
    """

    account: ConnectedAccount
    taken: TakenDevice
    entities: dict[str, Entity] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)
    secondary: set[str] = field(default_factory=set)
    direct: bool = False

    @property
    def device_id(self) -> str:
        """Return the device registry's id."""
        return self.taken.entry_id

    @property
    def vendor_id(self) -> str:
        """Return the vendor's own id."""
        return self.taken.device.id

    @property
    def name(self) -> str:
        """Return what people call it."""
        return self.account.register.name(self.device_id) or self.vendor_id

    def observed(self, entity: Entity, attribute: str) -> Value:
        """Return what an attribute was last observed to be, None where nothing is known."""
        known = entity.attributes.get(attribute)
        seen = self.taken.observations.get(known.key) if known is not None else None
        return seen.value if seen is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """What was found of a target, and what of it there is not."""

    devices: list[TargetDevice]
    failures: list[Failure]


async def async_targets(
    call: ServiceCall, *, policy: str, whole_accounts: bool = False, may_be_none: bool = False
) -> Targets:
    """Return what an action is for.

    Ids of devices and entities that cannot be used are told in ``failures``; what an area, a floor
    or a label has besides devices of ours is left out. An account's own device stands for all of
    its devices if the action says so. ``policy`` is what the user must be allowed to do.

    Raises ServiceValidationError where there is nothing at all, unless there ``may_be_none``, and
    Unauthorized.
    """
    found = _Finder(call, await async_permission(call, policy), whole_accounts=whole_accounts)
    found.look()
    if not found.devices and not found.failures and not may_be_none:
        raise caller_error("nothing_targeted")
    return found.targets()


async def async_every_device(call: ServiceCall, *, policy: str) -> Targets:
    """Return every device of every account that is set up, as far as the user may see it."""
    found = _Finder(call, await async_permission(call, policy), whole_accounts=True)
    for account in loaded_accounts(call.hass):
        found.take_whole(account)
    return found.targets()


async def async_permission(call: ServiceCall, policy: str) -> Callable[[str], bool]:
    """Return what tells whether who calls may do something with an entity. Raises UnknownUser."""
    user = await _async_caller(call)
    if user is None:
        return lambda _: True
    return lambda entity_id: user.permissions.check_entity(entity_id, policy)


async def async_check_controls_all(call: ServiceCall) -> None:
    """Raise Unauthorized for who may not control every entity, and UnknownUser."""
    user = await _async_caller(call)
    if user is not None and not user.permissions.access_all_entities(CONTROL):
        raise Unauthorized(context=call.context, permission=CONTROL)


async def _async_caller(call: ServiceCall) -> User | None:
    """Return the user who calls; None for Home Assistant itself. Raises UnknownUser."""
    if call.context.user_id is None:
        return None
    user = await call.hass.auth.async_get_user(call.context.user_id)
    if user is None:
        raise UnknownUser(context=call.context)
    return user


def loaded_accounts(hass: HomeAssistant) -> list[ConnectedAccount]:
    """Return the accounts that are set up."""
    entries: list[VendorBridgeConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    return [entry.runtime_data for entry in entries]


def _order(target: TargetDevice) -> tuple[str, str, str]:
    return (target.account.entry.title, target.name.casefold(), target.vendor_id)


class _Finder:
    """Looks a target up."""

    def __init__(
        self, call: ServiceCall, allowed: Callable[[str], bool], *, whole_accounts: bool
    ) -> None:
        self.devices: dict[str, TargetDevice] = {}
        self.failures: list[Failure] = []
        self._call = call
        self._allowed = allowed
        self._whole_accounts = whole_accounts
        self._device_registry = dr.async_get(call.hass)
        self._entity_registry = er.async_get(call.hass)

    def targets(self) -> Targets:
        return Targets(devices=sorted(self.devices.values(), key=_order), failures=self.failures)

    def look(self) -> None:
        if self._call.data.get(ATTR_ENTITY_ID) == ENTITY_MATCH_ALL:
            for account in loaded_accounts(self._call.hass):
                self.take_whole(account)
            return
        selection = TargetSelection(self._call.data)
        selected = async_extract_referenced_entity_ids(
            self._call.hass, selection, primary_entities_only=False
        )
        _check_known(selected)
        for device_id in sorted(selection.device_ids):
            self._take_device(device_id, selected)
        for entity_id in sorted(selection.entity_ids & selected.referenced):
            self._take_named(entity_id)
        self._take_all(
            (selected.referenced | selected.indirectly_referenced).difference(selection.entity_ids)
        )

    # --- what the caller named --------------------------------------------------------------------

    def _take_device(self, device_id: str, selected: SelectedEntities) -> None:
        """Take a device that was named, whether or not it has entities that are in use."""
        parts = self._device_registry.async_get_devices_for_composite_device_id(device_id)
        whole = self._device_registry.async_get(device_id, include_composite_devices=False)
        named: Sequence[dr.AnyDeviceEntry] = parts or ([whole] if whole is not None else [])
        ours = [entry for entry in named if self._account_entry(entry)]
        if device_id in selected.missing_devices:
            error = caller_error("unknown_device", device=device_id)
            self._fail(error, device_id, device_id=device_id)
        elif not ours:
            name = self._device_name(device_id) or device_id
            self._fail(caller_error("not_our_device", device=name), name, device_id=device_id)
        for entry in ours:
            try:
                account = self._account(entry.config_entry_id)
                if self._whole_accounts and is_account(entry, account.entry):
                    self.take_whole(account)
                else:
                    self._device(account, entry).direct = True
            except HomeAssistantError as error:
                name = name_of(entry) or entry.id
                self._fail(error, name, device_id=entry.id)

    def _take_named(self, entity_id: str) -> None:
        """Take an entity that was named, or tell why that cannot be."""
        if not self._allowed(entity_id):
            raise Unauthorized(context=self._call.context, entity_id=entity_id)
        entry = self._entity_registry.async_get(entity_id)
        try:
            if entry is None and self._call.hass.states.get(entity_id) is None:
                raise caller_error("unknown_entity", entity=entity_id)
            if entry is None or entry.platform != DOMAIN:
                raise caller_error("not_our_entity", entity=entity_id)
            if entry.disabled:
                raise caller_error("entity_disabled", entity=entity_id)
            target = self._take_entity(entry)
            target.named.add(entity_id)
        except HomeAssistantError as error:
            device_id = entry.device_id if entry is not None else None
            self._fail(error, entity_id, device_id=device_id, entity_id=entity_id)

    # --- what comes with it -----------------------------------------------------------------------

    def _take_all(self, entity_ids: Iterable[str]) -> None:
        """Take the entities that can be used, of those that an area and the like bring along."""
        told = {one.device_id for one in self.failures}
        for entity_id in sorted(entity_ids):
            entry = self._entity_registry.async_get(entity_id)
            if entry is None or entry.platform != DOMAIN or entry.disabled:
                continue
            if not self._allowed(entity_id) or entry.device_id in told:
                continue
            try:
                _ = self._take_entity(entry)
            except HomeAssistantError as error:
                if error.translation_key == "account_not_loaded":
                    told.add(entry.device_id)
                    name = self._device_name(entry.device_id) or entity_id
                    self._fail(error, name, device_id=entry.device_id)

    def take_whole(self, account: ConnectedAccount) -> None:
        """Take every device of an account, with those of its entities that the user may see."""
        entries = er.async_entries_for_config_entry(self._entity_registry, account.entry.entry_id)
        self._take_all(entry.entity_id for entry in entries)
        shown = {entry.device_id for entry in entries if not entry.disabled}
        for taken in account.devices.values():
            if taken.entry_id not in shown:
                self.devices[taken.entry_id] = TargetDevice(account=account, taken=taken)

    def _take_entity(self, entry: er.RegistryEntry) -> TargetDevice:
        """Take an entity, and its device with it. Raises HomeAssistantError."""
        account = self._account(cast("str", entry.config_entry_id))
        device = account.register.entry(entry.device_id) if entry.device_id else None
        if device is None:
            raise _gone(entry, account)
        target = self._device(account, device)
        for entity in target.taken.entities.values():
            unique_id = account.unique_id(target.vendor_id, entity)
            if (entity.platform, unique_id) == (entry.domain, entry.unique_id):
                target.entities[entry.entity_id] = entity
                if entry.entity_category is not None:
                    target.secondary.add(entry.entity_id)
                return target
        if entry.unique_id == task_unique_id(account, target.vendor_id):
            return target  # what tells how a device's tasks go stands for the device
        raise _gone(entry, account)

    def _device(self, account: ConnectedAccount, entry: dr.BaseDeviceEntry) -> TargetDevice:
        """Return a device of an account as a target. Raises HomeAssistantError."""
        vendor_id = account.register.vendor_id(entry)
        name = name_of(entry) or entry.id
        if vendor_id is None:
            raise caller_error("account_device", device=name)
        taken = account.devices.get(vendor_id)
        if taken is None:
            raise action_error("device_has_gone", device=name, account=account.entry.title)
        return self.devices.setdefault(entry.id, TargetDevice(account=account, taken=taken))

    # --- whose it is ------------------------------------------------------------------------------

    def _account_entry(self, entry: dr.BaseDeviceEntry) -> VendorBridgeConfigEntry | None:
        found = self._call.hass.config_entries.async_get_entry(entry.config_entry_id)
        return found if found is not None and found.domain == DOMAIN else None

    def _account(self, entry_id: str) -> ConnectedAccount:
        """Return an account that is set up. Raises HomeAssistantError."""
        entry: VendorBridgeConfigEntry = self._call.hass.config_entries.async_get_known_entry(
            entry_id
        )
        if entry.state is not ConfigEntryState.LOADED:
            raise action_error("account_not_loaded", account=entry.title)
        return entry.runtime_data

    def _device_name(self, device_id: str | None) -> str | None:
        return name_of(self._device_registry.async_get(device_id)) if device_id else None

    def _fail(
        self,
        error: HomeAssistantError,
        name: str,
        *,
        device_id: str | None = None,
        entity_id: str | None = None,
    ) -> None:
        self.failures.append(
            Failure(
                error=error,
                name=name,
                device_id=device_id,
                vendor_id=self._vendor_id(device_id),
                entity_id=entity_id,
            )
        )

    def _vendor_id(self, device_id: str | None) -> str | None:
        """Return the vendor's own id of a device of ours, whether or not its account is set up."""
        entry = self._device_registry.async_get(device_id) if device_id else None
        account_entry = self._account_entry(entry) if entry is not None else None
        if entry is None or account_entry is None:
            return None
        return vendor_id_of(entry, prefix_of(account_entry.data[CONF_ACCOUNT_ID]))


def _gone(entry: er.RegistryEntry, account: ConnectedAccount) -> HomeAssistantError:
    return action_error("entity_has_gone", entity=entry.entity_id, account=account.entry.title)


def _check_known(selected: SelectedEntities) -> None:
    """Raise ServiceValidationError for areas, floors and labels that there are not."""
    unknown = selected.missing_areas | selected.missing_floors | selected.missing_labels
    if unknown:
        raise caller_error("unknown_target", ids=", ".join(sorted(unknown)))
