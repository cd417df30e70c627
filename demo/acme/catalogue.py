"""What Acme Home sells, and the house that it sold some of it to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .card import Card

TIME_ZONE = "Europe/Berlin"
ACCOUNT_ID = "acc-20417"
HOME = "Lindenweg 7"


@dataclass(frozen=True, slots=True)
class Product:
    """A model: its kind, and what tells it from others of the kind."""

    kind: str
    firmware: str
    hardware: str = "A"
    options: Mapping[str, Any] = field(default_factory=dict)


PRODUCTS: Mapping[str, Product] = {
    "Glow One": Product("lamp", "2.1.0", "B", {"watts": 6}),
    "Glow Dim": Product("lamp", "2.1.0", "B", {"dimmable": True, "watts": 9}),
    "Glow Color": Product(
        "lamp",
        "3.0.2",
        "A",
        {
            "dimmable": True,
            "kelvin": (2200, 6500),
            "color": True,
            "effects": ("candle", "fireplace", "rainbow", "sunset"),
            "watts": 11,
        },
    ),
    "Plug Pro": Product("appliance_plug", "1.8.4", "C"),
    "Plug Mini": Product("plug", "1.8.4", "A", {"watts": 40}),
    "Strip Four": Product("strip", "1.4.0"),
    "Strip Socket": Product("socket", "1.4.0", "A", {"watts": 20}),
    "Grid Meter": Product("main_meter", "4.2.1", "B"),
    "Sun Inverter": Product("solar", "4.0.9", "B", {"peak_watts": 5200}),
    "Warm Valve": Product("thermostat", "2.7.3", "B"),
    "Bolt": Product("lock", "5.1.0", "C"),
    "Gate Motor": Product("garage_door", "1.1.2"),
    "Shade": Product("blind", "1.3.0"),
    "Touch": Product("contact", "1.0.6"),
    "Touch Entry": Product("contact", "1.0.6", "A", {"busy": True}),
    "Eye": Product("motion_sensor", "1.2.2"),
    "Nose": Product("smoke_alarm", "1.0.1"),
    "Air Sense": Product("climate_sensor", "1.5.0"),
    "Breeze": Product("ventilation", "2.0.0", "B"),
    "Ring": Product("doorbell", "3.3.1"),
    "Dustin": Product("vacuum", "6.0.4", "B"),
}


def card(
    serial: str,
    model: str,
    label: str,
    room: str | None,
    *,
    parent: str | None = None,
    **options: Any,  # noqa: ANN401 - each kind has its own
) -> Card:
    """Return the card of a device of a model; ``KeyError`` if there is no such model."""
    product = PRODUCTS[model]
    return Card(
        serial=serial,
        kind=product.kind,
        label=label,
        model=model,
        room=room,
        firmware=product.firmware,
        hardware=product.hardware,
        parent=parent,
        options={**product.options, **options},
    )


def house_cards() -> list[Card]:
    """Return the cards of the devices in the house of the demo."""
    return [
        card("LMP-0001", "Glow Dim", "Kitchen lamp", "Kitchen"),
        card("LMP-0002", "Glow Color", "Living room lamp", "Living room"),
        card("LMP-0003", "Glow One", "Hall lamp", "Hall"),
        card("PLG-0001", "Plug Pro", "Dishwasher", "Kitchen", kwh=412),
        card("MTR-0001", "Grid Meter", "Electricity meter", "Basement", kwh=18423, kwh_export=9310),
        card("SOL-0001", "Sun Inverter", "Solar panels", "Roof", kwh=14207),
        card("THM-0001", "Warm Valve", "Living room thermostat", "Living room"),
        card("LCK-0001", "Bolt", "Front door", "Hall"),
        card("GAR-0001", "Gate Motor", "Garage door", "Garage"),
        card("BLD-0001", "Shade", "Bedroom blind", "Bedroom"),
        card("CON-0001", "Touch Entry", "Front door contact", "Hall"),
        card("CON-0002", "Touch", "Kitchen window", "Kitchen"),
        card("MOT-0001", "Eye", "Hall motion", "Hall"),
        card("SMK-0001", "Nose", "Hall smoke alarm", "Hall"),
        card("TMP-0001", "Air Sense", "Bathroom climate", "Bathroom"),
        card("STR-0001", "Strip Four", "Media strip", "Living room"),
        card(
            "STR-0001-1", "Strip Socket", "Television", "Living room", parent="STR-0001", watts=92
        ),
        card("STR-0001-2", "Strip Socket", "Console", "Living room", parent="STR-0001", watts=11),
        card("STR-0001-3", "Strip Socket", "Amplifier", "Living room", parent="STR-0001", watts=34),
        card("STR-0001-4", "Strip Socket", "Router", "Living room", parent="STR-0001", watts=8),
        card("VNT-0001", "Breeze", "Ventilation", "Basement"),
        card("DBL-0001", "Ring", "Doorbell", "Hall"),
        card("VAC-0001", "Dustin", "Vacuum", "Living room"),
    ]
