"""The dashboard of the demo: every device of the house, in sections."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from .stage import Stage

PATH = "acme-home"
TITLE = "Acme Home"


@dataclass(frozen=True, slots=True)
class Card:
    """An entity, by its device and key, and how it is shown: a tile unless ``type`` says."""

    serial: str
    key: str = "main"
    features: Sequence[Mapping[str, Any]] = ()
    type: str = "tile"
    name: str | None = None
    options: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def config(self, stage: Stage) -> dict[str, Any]:
        """Return it as the frontend has it."""
        shown: dict[str, Any] = {
            "type": self.type,
            "entity": stage.entity(self.serial, self.key),
            **self.options,
        }
        if self.type == "tile":
            shown["name"] = self.name or stage.devices[self.serial]["name"]
            if self.features:
                shown["features"] = [dict(feature) for feature in self.features]
                shown["features_position"] = "bottom"
        return shown


def _with(*types: str, **options: Any) -> tuple[Mapping[str, Any], ...]:  # noqa: ANN401 - JSON
    return tuple({"type": name, **options} for name in types)


_HALF = MappingProxyType({"grid_options": {"columns": 6}})
_FULL = MappingProxyType({"grid_options": {"columns": 12}})

SECTIONS: Mapping[str, Sequence[Card]] = {
    "Door and alarm": (
        Card(
            "ALM-0001",
            features=_with("alarm-modes", modes=["armed_home", "armed_away", "armed_night"]),
            options=_FULL,
        ),
        Card("LCK-0001", features=_with("lock-commands"), options=_FULL),
        Card("LCK-0002"),
        Card("DBL-0001", "ring"),
        Card("SIR-0001"),
        Card("CON-0001", "contact"),
        Card("CON-0002", "contact"),
        Card("SMK-0001", "smoke"),
        Card("MOT-0001", "motion"),
        Card("CLK-0001"),
    ),
    "Climate": (
        Card("THM-0001", features=_with("target-temperature"), options=_FULL),
        Card("AIR-0001", features=_with("climate-hvac-modes"), options=_FULL),
        Card("BOI-0001", features=_with("water-heater-operation-modes"), options=_FULL),
        Card("HUM-0001", features=_with("target-humidity"), options=_FULL),
        Card("FAN-0001", features=_with("fan-speed"), options=_HALF),
        Card("VNT-0001", "level", features=_with("numeric-input", style="slider"), options=_HALF),
        Card("TMP-0001", "temperature"),
        Card("TMP-0001", "humidity"),
    ),
    "Living room": (
        Card("TEL-0001", type="media-control"),
        Card("TEL-0001", "keys", name="Remote control"),
        Card("STR-0001-1", "outlet"),
        Card("STR-0001-2", "outlet"),
        Card("STR-0001-3", "outlet"),
        Card("STR-0001-4", "outlet"),
        Card(
            "VAC-0001", features=_with("vacuum-commands", commands=["start_pause", "return_home"])
        ),
    ),
    "Garden": (
        Card("WEA-0001", type="weather-forecast", options={"forecast_type": "daily"}),
        Card("CAM-0001", type="picture-entity", options={"camera_view": "auto"}),
        Card("MOW-0001", features=_with("lawn-mower-commands", commands=["start_pause", "dock"])),
        Card("VLV-0001", features=_with("valve-open-close")),
        Card("TAG-0001"),
        Card("VLV-0001", "flow", name="Water flow"),
    ),
    "Light and energy": (
        Card("LMP-0001", features=_with("light-brightness")),
        Card("LMP-0002", features=_with("light-brightness")),
        Card("LMP-0003"),
        Card("HUB-0001", "movie", name="Movie"),
        Card("HUB-0001", "good_night", name="Good night"),
        Card("HUB-0001", "all_bright", name="All bright"),
        Card("MTR-0001", "power"),
        Card("SOL-0001", "power"),
        Card("BAT-0001", "charge"),
        Card("GAS-0001", "gas"),
        Card("WAT-0001", "water_used"),
        Card("PLG-0001", "power"),
        Card("STR-0001", "power"),
    ),
    "Openings": (
        Card("BLD-0001", features=_with("cover-position"), options=_HALF),
        Card("GAR-0001", features=_with("cover-open-close"), options=_HALF),
        Card("DBL-0001", "visitor", type="picture-entity", options={"show_state": False}),
    ),
    "Kitchen": (
        Card("SPK-0001", type="media-control"),
        Card("BRD-0001", type="todo-list"),
    ),
    "Hub": (
        Card("HUB-0001", "firmware", features=_with("update-actions"), options=_FULL),
        Card("HUB-0001", "greeting", name="Greeting"),
        Card("HUB-0001", "wake_at", name="Wakes up at"),
        Card("HUB-0001", "holiday_from", name="Holiday from"),
        Card("HUB-0001", "service_at", name="Service due"),
        Card("HUB-0001", "display", name="Display"),
        Card("DBL-0001", "chime", name="Chime"),
        Card("TAG-0001", "ring", name="Ring the keys"),
    ),
}
"""What is shown together."""


def view(stage: Stage) -> dict[str, Any]:
    """Return the view with all sections."""
    sections = [
        {
            "type": "grid",
            "cards": [
                {"type": "heading", "heading": title},
                *(card.config(stage) for card in cards),
            ],
        }
        for title, cards in SECTIONS.items()
    ]
    return {
        "title": TITLE,
        "type": "sections",
        "max_columns": 4,
        "dense_section_placement": True,
        "sections": sections,
    }


async def add_dashboard(stage: Stage) -> None:
    """Add the dashboard to Home Assistant's sidebar, or show there what is shown now."""
    home = stage.home
    known = await home.websocket(type="lovelace/dashboards/list")
    if all(dashboard["url_path"] != PATH for dashboard in known):
        await home.websocket(
            type="lovelace/dashboards/create", url_path=PATH, title=TITLE, mode="storage"
        )
    await home.websocket(
        type="lovelace/config/save", url_path=PATH, config={"views": [view(stage)]}
    )
