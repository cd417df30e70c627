"""What a profile describes can be chosen in the Energy dashboard, and it has nothing against it."""

from typing import Any

from homeassistant.components.energy.data import async_get_manager
from homeassistant.components.energy.validate import async_validate
from homeassistant.components.recorder import Recorder
from homeassistant.components.recorder.statistics import list_statistic_ids
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest

from custom_components.vendor_bridge.bridge.history import HOUR, hour_of
from custom_components.vendor_bridge.bridge.model import Entity, Point

from .fakes import FakeClient, set_up
from .recording import mock_recorder_before_hass, recorder
from .test_history import meter
from .test_recorder import compile_statistics

__all__ = ["mock_recorder_before_hass", "recorder"]

UNITS = {
    "from_grid": ("energy", "kWh"),
    "to_grid": ("energy", "Wh"),
    "solar": ("energy", "MWh"),
    "from_battery": ("energy", "kWh"),
    "to_battery": ("energy", "kWh"),
    "gas": ("gas", "m³"),
    "water": ("water", "L"),
    "plug": ("energy", "kWh"),
}


def counter(device_class: str, unit: str) -> Entity:
    made = meter(unit=unit)
    options: dict[str, Any] = {**made.options, "device_class": device_class}
    return Entity(
        key=made.key,
        platform=made.platform,
        name=made.name,
        attributes=made.attributes,
        options=options,
    )


async def ids_of(hass: HomeAssistant, recorder: Recorder, *, imported: bool) -> dict[str, str]:
    """Have every sort of meter, and return the id of each one's statistics."""
    client = FakeClient()
    now = hour_of(dt_util.utcnow())
    for name, (device_class, unit) in UNITS.items():
        client.add(name, counter(device_class, unit), state=1000)
        client.remembered[name, "sensor.energy.state"] = [
            Point(now - back * HOUR, 990.0 - back) for back in range(24, 0, -1)
        ]
    await set_up(hass, client)
    await recorder.async_block_till_done()
    if not imported:
        now = dt_util.utcnow()
        period = now.replace(minute=now.minute // 5 * 5, second=0, microsecond=0)
        await compile_statistics(recorder, period)
        return {name: f"sensor.{name}_energy" for name in UNITS}
    known = await recorder.async_add_executor_job(list_statistic_ids, hass)
    return {
        name: next(
            one["statistic_id"]
            for one in known
            if one["source"] == "vendor_bridge" and f"_{name}_energy" in one["statistic_id"]
        )
        for name in UNITS
    }


@pytest.mark.filterwarnings("ignore:It is recommended to use web")  # our host's own
@pytest.mark.parametrize("imported", [False, True], ids=["sensors", "imported"])
async def test_the_energy_dashboard_takes_them(
    recorder: Recorder, hass: HomeAssistant, imported: bool
) -> None:
    assert await async_setup_component(hass, "energy", {})
    ids = await ids_of(hass, recorder, imported=imported)
    prices = {"stat_cost": None, "entity_energy_price": None, "number_energy_price": None}
    manager = await async_get_manager(hass)
    chosen: Any = {
        "energy_sources": [
            {
                "type": "grid",
                "stat_energy_from": ids["from_grid"],
                "stat_energy_to": ids["to_grid"],
                **prices,
                "stat_compensation": None,
                "entity_energy_price_export": None,
                "number_energy_price_export": None,
                "cost_adjustment_day": 0.0,
            },
            {
                "type": "solar",
                "stat_energy_from": ids["solar"],
                "config_entry_solar_forecast": None,
            },
            {
                "type": "battery",
                "stat_energy_from": ids["from_battery"],
                "stat_energy_to": ids["to_battery"],
            },
            {"type": "gas", "stat_energy_from": ids["gas"], **prices},
            {"type": "water", "stat_energy_from": ids["water"], **prices},
        ],
        "device_consumption": [{"stat_consumption": ids["plug"]}],
        "device_consumption_water": [{"stat_consumption": ids["water"]}],
    }
    await manager.async_update(chosen)
    found = (await async_validate(hass)).as_dict()
    assert len(found["energy_sources"]) == 5
    assert not any(issue for issues in found["energy_sources"] for issue in issues), found
    assert not any(issue for issues in found["device_consumption"] for issue in issues), found
    assert not any(found["device_consumption_water"]), found
