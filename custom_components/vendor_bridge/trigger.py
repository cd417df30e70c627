"""Triggers: what automations can wait for that no state of an entity tells.

Without a target a trigger means every account and every device, also those that come later. What is
meant is looked up when something happens, so nothing has to be set up for a trigger to be armed.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final, cast, override

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_FOR
from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.trigger import (
    Trigger,
    TriggerActionRunner,
    TriggerConfig,
    TriggerNotTriggeredReporter,
)
from homeassistant.helpers.typing import ConfigType
import voluptuous as vol

from .account import VendorBridgeConfigEntry
from .bridge.model import Health
from .const import DOMAIN
from .happenings import (
    ATTR_ACCOUNT,
    ATTR_CONFIG_ENTRY_ID,
    ATTR_NAME,
    BUDGET_SEEN,
    HAPPENED,
    BudgetSeen,
    Happening,
    What,
)
from .target_choice import async_choose, target_schema

CONF_PERCENTAGE: Final = "percentage"
DEFAULT_PERCENTAGE: Final = 10.0
"""Of its budget, below which an account is said to have little left."""

PERCENTAGE: Final[Mapping[vol.Marker, Any]] = {
    vol.Required(CONF_PERCENTAGE, default=DEFAULT_PERCENTAGE): vol.All(
        vol.Coerce(float), vol.Range(min=0, max=100)
    )
}


def is_nearly_used(health: Health, percentage: float) -> bool | None:
    """Return whether less than a share of a budget is left; None where nobody knows."""
    if health.remaining is None or not health.limit:
        return None
    return health.remaining * 100 < health.limit * percentage


class _Trigger(Trigger):
    """What all of them have: a target, which may be left out, and options."""

    options: ClassVar[Mapping[vol.Marker, Any]] = {}

    @override
    @classmethod
    async def async_validate_config(cls, hass: HomeAssistant, config: ConfigType) -> ConfigType:
        """Validate the target and the options."""
        return cast("ConfigType", target_schema(cls.options)(config))

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Take what was configured."""
        super().__init__(hass, config)
        self._target = config.target
        self._options = config.options or {}


class HappeningTrigger(_Trigger):
    """Fires when something happens, each time and for each account or device by itself."""

    what: ClassVar[What]
    describe: ClassVar[str]

    @override
    async def async_attach_runner(
        self,
        run_action: TriggerActionRunner,
        did_not_trigger: TriggerNotTriggeredReporter | None = None,
    ) -> CALLBACK_TYPE:
        """Listen until what is returned is called."""

        @callback
        def listen(happening: Happening) -> None:
            if happening.what is self.what and self._means(happening):
                self._run(run_action, happening)

        return async_dispatcher_connect(self._hass, HAPPENED, listen)

    def _means(self, happening: Happening) -> bool:
        return async_choose(self._hass, self._target).means(happening)

    def _run(self, run_action: TriggerActionRunner, happening: Happening, **more: object) -> None:
        values = happening.values
        description = f"{values[ATTR_NAME]} {self.describe}"
        _ = run_action({**values, **more}, description, happening.context)


class LastingTrigger(HappeningTrigger):
    """Fires when something has happened and has not come to an end for a while.

    ``until`` is what ends it.
    """

    options: ClassVar[Mapping[vol.Marker, Any]] = {
        vol.Optional(CONF_FOR, default=timedelta()): cv.positive_time_period
    }
    until: ClassVar[frozenset[What]]

    @override
    async def async_attach_runner(
        self,
        run_action: TriggerActionRunner,
        did_not_trigger: TriggerNotTriggeredReporter | None = None,
    ) -> CALLBACK_TYPE:
        """Listen, and wait, until what is returned is called."""
        lasting: timedelta = self._options[CONF_FOR]
        waiting: dict[tuple[str, str | None], CALLBACK_TYPE] = {}

        @callback
        def listen(happening: Happening) -> None:
            subject = (happening.entry.entry_id, happening.vendor_id)
            if happening.what in self.until and (stop := waiting.pop(subject, None)) is not None:
                stop()
            if happening.what is not self.what or not self._means(happening):
                return
            if not lasting:
                self._run(run_action, happening, **{CONF_FOR: str(lasting)})
                return

            @callback
            def fire(_now: datetime) -> None:
                del waiting[subject]
                if self._hass.config_entries.async_get_entry(subject[0]) is not None:
                    self._run(run_action, happening, **{CONF_FOR: str(lasting)})

            if (stop := waiting.pop(subject, None)) is not None:
                stop()
            waiting[subject] = async_call_later(
                self._hass, lasting, HassJob(fire, f"{DOMAIN} for", cancel_on_shutdown=True)
            )

        disconnect = async_dispatcher_connect(self._hass, HAPPENED, listen)

        @callback
        def detach() -> None:
            disconnect()
            for stop in waiting.values():
                stop()
            waiting.clear()

        return detach


class AccountDisconnectedTrigger(LastingTrigger):
    """Fires when a vendor cannot be reached any more, or does not let the account in."""

    what = What.ACCOUNT_DISCONNECTED
    describe = "was disconnected"
    until = frozenset({What.ACCOUNT_CONNECTED})


class AccountConnectedTrigger(LastingTrigger):
    """Fires when an account that was disconnected is connected again."""

    what = What.ACCOUNT_CONNECTED
    describe = "was connected again"
    until = frozenset({What.ACCOUNT_DISCONNECTED})


class DeviceWentStaleTrigger(LastingTrigger):
    """Fires when what is known of a device has become too old to be trusted."""

    what = What.DEVICE_WENT_STALE
    describe = "went stale"
    until = frozenset({What.DEVICE_CAME_BACK, What.DEVICE_WENT_OFFLINE, What.DEVICE_DISAPPEARED})


class DeviceWentOfflineTrigger(LastingTrigger):
    """Fires when the vendor says that a device is not there any more."""

    what = What.DEVICE_WENT_OFFLINE
    describe = "went offline"
    until = frozenset({What.DEVICE_CAME_BACK, What.DEVICE_WENT_STALE, What.DEVICE_DISAPPEARED})


class DeviceCameBackTrigger(LastingTrigger):
    """Fires when a device is neither stale nor offline any more."""

    what = What.DEVICE_CAME_BACK
    describe = "came back"
    until = frozenset({What.DEVICE_WENT_STALE, What.DEVICE_WENT_OFFLINE, What.DEVICE_DISAPPEARED})


class CommandFailedTrigger(HappeningTrigger):
    """Fires when a command did not take effect, whoever gave it."""

    what = What.COMMAND_FAILED
    describe = "did not do what it was told"


class DeviceAppearedTrigger(HappeningTrigger):
    """Fires when an account has a device that it did not have before."""

    what = What.DEVICE_APPEARED
    describe = "appeared"


class DeviceDisappearedTrigger(HappeningTrigger):
    """Fires when the vendor has a device no more."""

    what = What.DEVICE_DISAPPEARED
    describe = "disappeared"


class BudgetNearlyUsedTrigger(_Trigger):
    """Fires when less than a share of an account's budget is left, once until there is more."""

    options: ClassVar[Mapping[vol.Marker, Any]] = PERCENTAGE

    @override
    async def async_attach_runner(
        self,
        run_action: TriggerActionRunner,
        did_not_trigger: TriggerNotTriggeredReporter | None = None,
    ) -> CALLBACK_TYPE:
        """Compare with what is left now, until what is returned is called."""
        percentage: float = self._options[CONF_PERCENTAGE]
        before: dict[str, bool] = {}
        entries: list[VendorBridgeConfigEntry] = self._hass.config_entries.async_entries(DOMAIN)
        for entry in entries:
            if entry.state is ConfigEntryState.LOADED:
                health = entry.runtime_data.status.health
                if (little := is_nearly_used(health, percentage)) is not None:
                    before[entry.entry_id] = little

        @callback
        def look(seen: BudgetSeen) -> None:
            entry_id, health = seen.entry.entry_id, seen.health
            little = is_nearly_used(health, percentage)
            if little is None:
                return
            had, before[entry_id] = before.get(entry_id), little
            if had is not False or not little:
                return
            if entry_id not in async_choose(self._hass, self._target).accounts:
                return
            values = {
                ATTR_CONFIG_ENTRY_ID: entry_id,
                ATTR_ACCOUNT: seen.entry.title,
                ATTR_NAME: seen.entry.title,
                "remaining": health.remaining,
                "limit": health.limit,
                "resets_at": health.resets_at.isoformat() if health.resets_at else None,
            }
            description = (
                f"{seen.entry.title} has {health.remaining} of {health.limit} requests left"
            )
            _ = run_action(values, description)

        return async_dispatcher_connect(self._hass, BUDGET_SEEN, look)


_HAPPENING_TRIGGERS: Final[tuple[type[HappeningTrigger], ...]] = (
    AccountConnectedTrigger,
    AccountDisconnectedTrigger,
    CommandFailedTrigger,
    DeviceAppearedTrigger,
    DeviceCameBackTrigger,
    DeviceDisappearedTrigger,
    DeviceWentOfflineTrigger,
    DeviceWentStaleTrigger,
)

TRIGGERS: Final[Mapping[str, type[Trigger]]] = {
    "budget_nearly_used": BudgetNearlyUsedTrigger,
    **{trigger.what.value: trigger for trigger in _HAPPENING_TRIGGERS},
}


async def async_get_triggers(_hass: HomeAssistant) -> dict[str, type[Trigger]]:
    """Return the triggers, by name."""
    return dict(TRIGGERS)
