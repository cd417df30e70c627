"""Conditions: how accounts and devices stand, for automations that act on it.

Without a target a condition asks about every account or every device. A target of which nothing is
an account or a device of ours is an error, and not just false: it was a mistake or has gone.
"""

import abc
from collections.abc import Mapping
from typing import Any, ClassVar, Final, Unpack, cast, override

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConditionErrorMessage
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.condition import Condition, ConditionCheckParams, ConditionConfig
from homeassistant.helpers.typing import ConfigType
import voluptuous as vol

from .account import ConnectedAccount, VendorBridgeConfigEntry
from .const import DOMAIN
from .standing import Standing
from .target_choice import Choice, async_choose, async_devices, target_schema
from .trigger import CONF_PERCENTAGE, PERCENTAGE, is_nearly_used

CONF_BEHAVIOR: Final = "behavior"
ANY: Final = "any"
ALL: Final = "all"


class _Condition(Condition):
    """Is true when any of what is meant is so, or all of it."""

    key: ClassVar[str]
    options: ClassVar[Mapping[vol.Marker, Any]] = {}

    @override
    @classmethod
    async def async_validate_config(cls, hass: HomeAssistant, config: ConfigType) -> ConfigType:
        """Validate the target and the options."""
        behavior: dict[vol.Marker, Any] = {
            vol.Required(CONF_BEHAVIOR, default=ANY): vol.In([ANY, ALL])
        }
        return cast("ConfigType", target_schema({**behavior, **cls.options})(config))

    def __init__(self, hass: HomeAssistant, config: ConditionConfig) -> None:
        """Take what was configured."""
        super().__init__(hass, config)
        self._target = config.target
        self._options = config.options or {}

    @abc.abstractmethod
    def _answers(self, choice: Choice) -> list[bool | None]:
        """Return whether it is so of each account or device that is meant; None: nobody knows."""

    @override
    def _async_check(self, **kwargs: Unpack[ConditionCheckParams]) -> bool:
        """Look at what is meant now."""
        answers = self._answers(async_choose(self._hass, self._target))
        if not answers:
            message = f"there is no account or device of Vendor Bridge in the target {self._target}"
            if not self._target:
                message = "there is no account or device of Vendor Bridge"
            raise ConditionErrorMessage(f"{DOMAIN}.{self.key}", message)
        known = [answer for answer in answers if answer is not None]
        combine = all if self._options[CONF_BEHAVIOR] == ALL else any
        return bool(known) and combine(known)

    def _account(self, entry_id: str) -> ConnectedAccount | None:
        """Return an account; None while it is not loaded."""
        entry: VendorBridgeConfigEntry | None = self._hass.config_entries.async_get_entry(entry_id)
        if entry is None or entry.state is not ConfigEntryState.LOADED:
            return None
        return entry.runtime_data


class _AccountCondition(_Condition):
    """Asks about accounts."""

    @abc.abstractmethod
    def _is_so(self, account: ConnectedAccount | None) -> bool | None:
        """Return whether it is so of an account, which is None while it is not loaded."""

    @override
    def _answers(self, choice: Choice) -> list[bool | None]:
        return [self._is_so(self._account(entry_id)) for entry_id in sorted(choice.accounts)]


def _is_connected(account: ConnectedAccount | None) -> bool:
    return account is not None and account.status.disconnected_by is None


class AccountIsConnectedCondition(_AccountCondition):
    """The vendor can be reached and lets the account in, by what was asked last."""

    key = "account_is_connected"

    @override
    def _is_so(self, account: ConnectedAccount | None) -> bool:
        return _is_connected(account)


class AccountIsDisconnectedCondition(_AccountCondition):
    """The vendor cannot be reached, does not let the account in, or the account is not loaded."""

    key = "account_is_disconnected"

    @override
    def _is_so(self, account: ConnectedAccount | None) -> bool:
        return not _is_connected(account)


class BudgetIsNearlyUsedCondition(_AccountCondition):
    """Less than a share of the budget is left."""

    key = "budget_is_nearly_used"
    options: ClassVar[Mapping[vol.Marker, Any]] = PERCENTAGE

    @override
    def _is_so(self, account: ConnectedAccount | None) -> bool | None:
        if account is None:
            return None
        return is_nearly_used(account.status.health, self._options[CONF_PERCENTAGE])


class _DeviceCondition(_Condition):
    """Asks about devices."""

    standing: ClassVar[Standing]

    @override
    def _answers(self, choice: Choice) -> list[bool | None]:
        standings = [
            self._standing(device_id, entry_id)
            for device_id, entry_id in sorted(async_devices(self._hass, choice).items())
        ]
        return [None if one is None else one is self.standing for one in standings]

    def _standing(self, device_id: str, entry_id: str) -> Standing | None:
        """Return how a device stands. While its account is not loaded, all of it is too old."""
        account = self._account(entry_id)
        if account is None:
            return Standing.STALE
        device = dr.async_get(self._hass).async_get(device_id)
        vendor_id = account.register.vendor_id(device) if device is not None else None
        return account.status.standings.of(vendor_id) if vendor_id is not None else None


class DeviceIsStaleCondition(_DeviceCondition):
    """What is known of the device is too old to be trusted."""

    key = "device_is_stale"
    standing = Standing.STALE


class DeviceIsOfflineCondition(_DeviceCondition):
    """The vendor says that the device is not there."""

    key = "device_is_offline"
    standing = Standing.OFFLINE


class DeviceIsUpCondition(_DeviceCondition):
    """The device is neither stale nor offline."""

    key = "device_is_up"
    standing = Standing.UP


_CONDITIONS: Final[tuple[type[_Condition], ...]] = (
    AccountIsConnectedCondition,
    AccountIsDisconnectedCondition,
    BudgetIsNearlyUsedCondition,
    DeviceIsOfflineCondition,
    DeviceIsStaleCondition,
    DeviceIsUpCondition,
)

CONDITIONS: Final[Mapping[str, type[Condition]]] = {
    condition.key: condition for condition in _CONDITIONS
}


async def async_get_conditions(_hass: HomeAssistant) -> dict[str, type[Condition]]:
    """Return the conditions, by name."""
    return dict(CONDITIONS)
