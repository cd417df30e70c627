"""Changing an account's options: how often it is read, and which of its devices are taken."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, cast

from homeassistant.config_entries import (
    ConfigEntryState,
    ConfigFlowResult,
    OptionsFlowWithReload,
)
from homeassistant.const import Platform
from homeassistant.data_entry_flow import section
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.selector import BooleanSelector
from homeassistant.util import dt as dt_util
import probatio

from .account import VendorBridgeConfigEntry
from .bridge.errors import BridgeError
from .bridge.model import Monitor
from .bridge.schedule import ScheduleError, parse_schedule
from .choices import decided, device_options
from .const import (
    CONF_ACCOUNT_ID,
    CONF_ADD_NEW,
    CONF_CHOSEN,
    CONF_EXCLUDED,
    CONF_FILL,
    CONF_INTERVALS,
    CONF_OUTAGE_AFTER,
    CONF_SCHEDULES,
    CONF_VENDOR,
    CONF_VOICE_UNLOCKS,
    DEFAULT_OUTAGE_AFTER,
)
from .device_register import name_of, prefix_of, registered_devices
from .forms import devices_selector, lines_selector, number_selector
from .profile_issues import escape_markdown
from .profiles import UnknownVendorError, async_get_profile

if TYPE_CHECKING:
    from .history import HistoryImport
    from .history_plan import Effect

SHORTEST_INTERVAL: Final = 1.0
"""Seconds."""
PATIENCE: Final = 15.0
"""Seconds for listing the devices anew; what is known already does as well."""
MOST_ROWS: Final = 20
"""How many sensors a form tells of one by one."""


class VendorBridgeOptionsFlow(OptionsFlowWithReload):
    """Handle an account's options."""

    def __init__(self) -> None:
        """Begin without having looked."""
        self._devices: list[tuple[str, str]] | None = None
        self._monitors: Mapping[str, Monitor] = {}
        self._chosen: dict[str, Any] = {}

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Show what is chosen now, and take over what is changed."""
        if self._devices is None:
            self._devices = await self._async_devices()
            self._monitors = await self._async_monitors()
        errors: dict[str, str] = {}
        said: dict[str, str] = {}
        if user_input is not None:
            if (mistake := _mistake(user_input.get(CONF_SCHEDULES, {}))) is None:
                self._chosen = self._options(user_input)
                if self._chosen.get(CONF_FILL) and not self.config_entry.options.get(CONF_FILL):
                    return await self.async_step_fill()
                return self.async_create_entry(data=self._chosen)
            errors["base"] = "schedule_invalid"
            said = mistake
        schema = probatio.Schema(self._fields())
        if user_input is not None:
            schema = self.add_suggested_values_to_schema(schema, user_input)
        return self.async_show_form(
            step_id="init", data_schema=schema, errors=errors, description_placeholders=said
        )

    def _fields(self) -> dict[probatio.Marker, Any]:
        options = self.config_entry.options
        fields: dict[probatio.Marker, Any] = {}
        if self._devices:
            taken = [vendor_id for vendor_id, _ in self._devices if self._takes(vendor_id)]
            fields[probatio.Required(CONF_CHOSEN, default=taken)] = devices_selector(self._devices)
        fields[probatio.Required(CONF_ADD_NEW, default=options.get(CONF_ADD_NEW, True))] = (
            BooleanSelector()
        )
        minutes = options.get(CONF_OUTAGE_AFTER, DEFAULT_OUTAGE_AFTER)
        fields[probatio.Required(CONF_OUTAGE_AFTER, default=minutes)] = number_selector(
            unit="min", at_least=0
        )
        if self._has_locks:
            unlocks = options.get(CONF_VOICE_UNLOCKS, False)
            fields[probatio.Required(CONF_VOICE_UNLOCKS, default=unlocks)] = BooleanSelector()
        if self._remembers:
            fields[probatio.Required(CONF_FILL, default=options.get(CONF_FILL, False))] = (
                BooleanSelector()
            )
        if self._monitors:
            intervals = options.get(CONF_INTERVALS, {})
            fields[probatio.Required(CONF_INTERVALS)] = section(
                probatio.Schema(
                    {
                        probatio.Required(key, default=intervals.get(key, _seconds(monitor))): (
                            number_selector(unit="s", at_least=SHORTEST_INTERVAL)
                        )
                        for key, monitor in self._monitors.items()
                    }
                ),
                {"collapsed": True},
            )
            schedules = options.get(CONF_SCHEDULES, {})
            fields[probatio.Optional(CONF_SCHEDULES)] = section(
                probatio.Schema(
                    {
                        probatio.Optional(
                            key, default=list(schedules.get(key, _lines(monitor)))
                        ): lines_selector()
                        for key, monitor in self._monitors.items()
                    }
                ),
                {"collapsed": True},
            )
        return fields

    async def async_step_fill(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Show what filling would do before it is done."""
        if user_input is not None:
            return self.async_create_entry(data={**self._chosen, **user_input})
        history = self._history
        effects = await history.async_plan_fill() if history is not None else []
        return self.async_show_form(
            step_id="fill",
            data_schema=probatio.Schema(
                {probatio.Required(CONF_FILL, default=True): BooleanSelector()}
            ),
            description_placeholders={"hours": _table(effects)},
        )

    def _options(self, user_input: Mapping[str, Any]) -> dict[str, Any]:
        before = self.config_entry.options
        scheduled = before.get(CONF_SCHEDULES, {})
        asked = user_input.get(CONF_INTERVALS, before.get(CONF_INTERVALS, {}))
        return {
            **before,
            **{
                name: user_input[name]
                for name in (CONF_FILL, CONF_VOICE_UNLOCKS)
                if name in user_input
            },
            **decided(
                user_input.get(CONF_CHOSEN, []),
                [vendor_id for vendor_id, _ in self._devices or ()],
                add_new=user_input[CONF_ADD_NEW],
                before=before,
            ),
            CONF_OUTAGE_AFTER: user_input[CONF_OUTAGE_AFTER],
            CONF_INTERVALS: {
                key: seconds
                for key, seconds in asked.items()
                if key not in self._monitors or seconds != _seconds(self._monitors[key])
            },
            CONF_SCHEDULES: {
                key: lines
                for key, lines in _written(user_input.get(CONF_SCHEDULES, scheduled)).items()
                if key not in self._monitors or lines != _lines(self._monitors[key])
            },
        }

    def _takes(self, vendor_id: str) -> bool:
        options = self.config_entry.options
        if vendor_id in options.get(CONF_CHOSEN, ()):
            return True
        return options.get(CONF_ADD_NEW, True) and vendor_id not in options.get(CONF_EXCLUDED, ())

    @property
    def _remembers(self) -> bool:
        """Return whether there is a past that hours could be filled from."""
        if self.config_entry.state is not ConfigEntryState.LOADED:
            return bool(self.config_entry.options.get(CONF_FILL))
        history = self._history
        return history is not None and bool(history.series())

    @property
    def _has_locks(self) -> bool:
        """Return whether there is something to unlock."""
        registry = er.async_get(self.hass)
        entries = er.async_entries_for_config_entry(registry, self.config_entry.entry_id)
        return any(entry.domain == Platform.LOCK for entry in entries)

    @property
    def _history(self) -> HistoryImport | None:
        entry = cast("VendorBridgeConfigEntry", self.config_entry)
        loaded = entry.state is ConfigEntryState.LOADED
        return entry.runtime_data.history if loaded else None

    async def _async_monitors(self) -> Mapping[str, Monitor]:
        """Return the monitors of the account, none where its profile cannot be used."""
        entry = cast("VendorBridgeConfigEntry", self.config_entry)
        if entry.state is ConfigEntryState.LOADED:
            return entry.runtime_data.client.monitors
        try:
            return (await async_get_profile(self.hass, entry.data[CONF_VENDOR])).monitors
        except UnknownVendorError:
            return {}

    async def _async_devices(self) -> list[tuple[str, str]]:
        """Return (vendor id, label) of what the vendor has now or, without it, of what we know."""
        entry = cast("VendorBridgeConfigEntry", self.config_entry)
        if entry.state is not ConfigEntryState.LOADED:
            return self._known_devices()
        account = entry.runtime_data
        try:
            async with asyncio.timeout(PATIENCE):
                listing = await account.client.list_devices()
        except BridgeError, TimeoutError:
            listing = account.listing
        return device_options(listing.devices.values())

    def _known_devices(self) -> list[tuple[str, str]]:
        prefix = prefix_of(self.config_entry.data[CONF_ACCOUNT_ID])
        options = self.config_entry.options
        names = {
            vendor_id: vendor_id
            for key in (CONF_CHOSEN, CONF_EXCLUDED)
            for vendor_id in options.get(key, ())
        }
        registry = dr.async_get(self.hass)
        registered = registered_devices(registry, self.config_entry.entry_id, prefix)
        for vendor_id, device in registered.items():
            names[vendor_id] = f"{name_of(device)} ({vendor_id})"
        return sorted(names.items(), key=lambda option: option[1].casefold())


def _table(effects: Sequence[Effect]) -> str:
    """Return the rows of a table in Markdown: what would be added to which sensor's hours."""
    filled = [effect for effect in effects if effect.added]
    rows = [
        f"| {escape_markdown(effect.name)} | {effect.added} "
        f"| {_local(effect.first)} | {_local(effect.last)} |"
        for effect in filled[:MOST_ROWS]
    ]
    rest = sum(effect.added for effect in filled[MOST_ROWS:])
    more = [f"| … | {rest} | | |"] if rest else []
    return "\n".join([*rows, *more]) or "| - | 0 | | |"


def _local(moment: datetime | None) -> str:
    return f"{dt_util.as_local(moment):%Y-%m-%d %H:%M}" if moment is not None else ""


def _written(schedules: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return the lines that say something, by monitor."""
    return {
        key: [line.strip() for line in lines if line.strip()] for key, lines in schedules.items()
    }


def _mistake(schedules: Mapping[str, Sequence[str]]) -> dict[str, str] | None:
    """Return which monitor's schedule cannot be understood, and why; None where all can be."""
    for key, lines in _written(schedules).items():
        try:
            if lines:
                parse_schedule(lines)
        except ScheduleError as error:
            return {"monitor": key, "reason": escape_markdown(str(error))}
    return None


def _lines(monitor: Monitor) -> list[str]:
    return monitor.schedule.texts if monitor.schedule is not None else []


def _seconds(monitor: Monitor) -> float:
    return monitor.every.total_seconds()
