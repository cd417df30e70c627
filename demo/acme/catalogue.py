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
    "Power Chest": Product("home_battery", "2.1.3", "B"),
    "Gas Meter": Product("gas_meter", "1.2.0"),
    "Water Meter": Product("water_meter", "1.2.0"),
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
    "Guard": Product("alarm_panel", "2.2.0", "A", {"code": "2580"}),
    "Howl": Product("siren", "1.0.3"),
    "Bolt Code": Product("lock", "5.1.0", "C", {"code": "2580"}),
    "Polar": Product("air_conditioner", "1.9.0", "B"),
    "Tank 120": Product("boiler", "2.3.1"),
    "Cyclone": Product("fan", "1.2.0"),
    "Mist": Product("humidifier", "1.0.8"),
    "Hedgehog": Product("mower", "4.4.0", "B"),
    "Tap": Product("water_valve", "1.1.0", "A", {"litres": 18250}),
    "Find": Product("tag", "1.0.0"),
    "Screen 55": Product("television", "7.0.2"),
    "Boom": Product("speaker", "7.0.2"),
    "Look": Product("camera", "3.1.0", "B"),
    "Sky": Product("weather_station", "1.6.0"),
    "Fridge Board": Product("board", "2.0.1"),
    "Click": Product("clicker", "1.0.2"),
    "Hub": Product("hub", "3.2.0", "D"),
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
        card("HUB-0001", "Hub", "Hub", "Hall"),
        card("ALM-0001", "Guard", "Alarm panel", "Hall"),
        card("SIR-0001", "Howl", "Siren", "Hall"),
        card("LCK-0002", "Bolt Code", "Garden gate", "Garden"),
        card("AIR-0001", "Polar", "Air conditioner", "Bedroom"),
        card("BOI-0001", "Tank 120", "Boiler", "Basement"),
        card("FAN-0001", "Cyclone", "Ceiling fan", "Living room"),
        card("HUM-0001", "Mist", "Humidifier", "Bedroom"),
        card("MOW-0001", "Hedgehog", "Mower", "Garden"),
        card("VLV-0001", "Tap", "Garden water", "Garden"),
        card("TAG-0001", "Find", "Keys", None),
        card("TEL-0001", "Screen 55", "Screen", "Living room"),
        card("SPK-0001", "Boom", "Speaker", "Kitchen"),
        card("CAM-0001", "Look", "Yard camera", "Garden"),
        card("WEA-0001", "Sky", "Weather station", "Roof"),
        card("BRD-0001", "Fridge Board", "Shopping list", "Kitchen"),
        card("CLK-0001", "Click", "Bedside button", "Bedroom"),
        card("BAT-0001", "Power Chest", "Battery", "Basement", kwh=2931),
        card("GAS-0001", "Gas Meter", "Gas meter", "Basement", m3=8204),
        card("WAT-0001", "Water Meter", "Water meter", "Basement", m3=713),
    ]
