"""The Energy dashboard, filled with what the vendor's meters have counted."""

from collections.abc import Mapping
from typing import Any

from .meters import statistic_ids
from .stage import Stage, expect, until

METERS = {
    ("MTR-0001", "energy_import"),
    ("MTR-0001", "energy_export"),
    ("SOL-0001", "energy"),
    ("BAT-0001", "energy_discharged"),
    ("BAT-0001", "energy_charged"),
    ("GAS-0001", "gas"),
    ("WAT-0001", "water_used"),
    ("PLG-0001", "energy"),
    ("BOI-0001", "energy"),
    ("STR-0001", "energy"),
}
PATIENCE = 120


async def choose_energy(stage: Stage) -> str:
    """Choose what was imported in the Energy dashboard, which must have nothing against it.

    Raises StepFailedError.
    """

    async def imported() -> bool:
        return (await statistic_ids(stage)).keys() >= METERS

    await until(imported, "what the meters counted is imported", PATIENCE)
    await stage.home.websocket(type="energy/save_prefs", **_preferences(await statistic_ids(stage)))
    complaints = await stage.home.websocket(type="energy/validate")
    wrong = [issues for part in complaints.values() for issues in part if issues]
    expect(not wrong, f"the Energy dashboard complains: {wrong}")
    return "grid, solar, battery, gas and water; the dashboard has no complaint"


def _preferences(ids: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    prices = {"stat_cost": None, "entity_energy_price": None, "number_energy_price": None}
    return {
        "energy_sources": [
            {
                "type": "grid",
                "stat_energy_from": ids["MTR-0001", "energy_import"],
                "stat_energy_to": ids["MTR-0001", "energy_export"],
                **prices,
                "stat_compensation": None,
                "entity_energy_price_export": None,
                "number_energy_price_export": None,
                "cost_adjustment_day": 0.0,
            },
            {
                "type": "solar",
                "stat_energy_from": ids["SOL-0001", "energy"],
                "config_entry_solar_forecast": None,
            },
            {
                "type": "battery",
                "stat_energy_from": ids["BAT-0001", "energy_discharged"],
                "stat_energy_to": ids["BAT-0001", "energy_charged"],
            },
            {"type": "gas", "stat_energy_from": ids["GAS-0001", "gas"], **prices},
            {"type": "water", "stat_energy_from": ids["WAT-0001", "water_used"], **prices},
        ],
        "device_consumption": [
            {"stat_consumption": ids[serial, "energy"]}
            for serial in ("PLG-0001", "BOI-0001", "STR-0001")
        ],
    }
