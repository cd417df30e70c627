"""What the meters of the house count, and what the recorder calls it once it is imported."""

from collections.abc import Mapping

from .stage import Stage

FIELDS: Mapping[str, str] = {
    "energy": "kwh_total",
    "energy_import": "kwh_total",
    "energy_export": "kwh_export_total",
    "energy_discharged": "kwh_total",
    "energy_charged": "kwh_charged_total",
    "gas": "m3_total",
    "water_used": "m3_total",
}
"""Where the vendor's history has what a sensor counts, by the sensor's key in the profile."""


async def statistic_ids(stage: Stage) -> dict[tuple[str, str], str]:
    """Return the id of each series that was imported, by serial and the sensor's key."""
    known = await stage.home.websocket(type="recorder/list_statistic_ids")
    found = {}
    for unique_id in stage.entities:
        account, serial, key = unique_id.rsplit(":", 2)
        slug = f"{account}_{serial}_{key}".replace(":", "_").replace("-", "_").lower()
        for one in known:
            if key in FIELDS and _slug(one["statistic_id"]).startswith(slug + "_"):
                found[serial, key] = one["statistic_id"]
    return found


def _slug(statistic_id: str) -> str:
    return statistic_id.partition(":")[2]
