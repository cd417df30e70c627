"""A house of three Things, served by webthing: what `webthing.py` starts.

    python webthing_house.py PORT

Runs on the interpreter of webthing's own environment, so it imports nothing of this project.
`WebThingServer` itself would announce itself by mDNS and listen on every interface, so only its
routes are taken and served on loopback.
"""

import asyncio
import json
import sys
from typing import Any, override
import uuid

from webthing import (  # type: ignore[import-not-found]  # installed in an environment of its own
    Action,
    Event,
    MultipleThings,
    Property,
    Thing,
    Value,
    WebThingServer,
)

STEP_SECONDS = 0.1
STANDBY_WATT = 0.4
FULL_WATT = 9.0


class Fade(Action):  # type: ignore[misc]  # as above
    """Bring the lamp to a brightness over a duration in milliseconds."""

    def __init__(self, thing: Thing, input_: dict[str, int]) -> None:
        super().__init__(uuid.uuid4().hex, thing, "fade", input_)
        self._running: asyncio.Task[None] | None = None

    @override
    def start(self) -> None:
        # The library's own start() ends the action when perform_action() returns; a fade lasts.
        self.status = "pending"
        self.thing.action_notify(self)
        self._running = asyncio.get_running_loop().create_task(self._fade())

    @override
    def cancel(self) -> None:
        if self._running is not None:
            self._running.cancel()

    async def _fade(self) -> None:
        brightness = self.thing.properties["brightness"].value
        begin, goal = brightness.get(), self.input["brightness"]
        steps = max(1, round(self.input["duration"] / 1000 / STEP_SECONDS))
        for step in range(1, steps + 1):
            await asyncio.sleep(STEP_SECONDS)
            brightness.set(round(begin + (goal - begin) * step / steps))
        self.thing.add_event(Event(self.thing, "fadeEnded", data=goal))
        self.finish()


def add(thing: Thing, name: str, start: object, metadata: dict[str, Any]) -> Value:
    """Give `thing` a property."""
    value = Value(start)
    thing.add_property(Property(thing, name, value, metadata=metadata))
    return value


def lamp() -> Thing:
    """Make a dimmable lamp with white tones, which knows what it consumes."""
    thing = Thing(
        "urn:dev:ops:kitchen-lamp", "Kitchen Lamp", ["OnOffSwitch", "Light"], "A connected lamp"
    )
    on = add(thing, "on", False, {"@type": "OnOffProperty", "title": "On/Off", "type": "boolean"})
    brightness = add(
        thing,
        "brightness",
        50,
        {
            "@type": "BrightnessProperty",
            "title": "Brightness",
            "type": "integer",
            "minimum": 0,
            "maximum": 100,
            "unit": "percent",
        },
    )
    add(
        thing,
        "colorTemperature",
        2700,
        {
            "@type": "ColorTemperatureProperty",
            "title": "Colour temperature",
            "type": "integer",
            "minimum": 2200,
            "maximum": 6500,
            "unit": "kelvin",
        },
    )
    power = add(
        thing,
        "power",
        STANDBY_WATT,
        {
            "@type": "InstantaneousPowerProperty",
            "title": "Power",
            "type": "number",
            "unit": "watt",
            "readOnly": True,
        },
    )

    def consume(_: object) -> None:
        watt = FULL_WATT * brightness.get() / 100 if on.get() else STANDBY_WATT
        power.notify_of_external_update(round(watt, 2))

    on.on("update", consume)
    brightness.on("update", consume)
    percent = {"type": "integer", "minimum": 0, "maximum": 100, "unit": "percent"}
    duration = {"type": "integer", "minimum": 1, "unit": "milliseconds"}
    thing.add_available_action(
        "fade",
        {
            "title": "Fade",
            "input": {
                "type": "object",
                "required": ["brightness", "duration"],
                "properties": {"brightness": percent, "duration": duration},
            },
        },
        Fade,
    )
    thing.add_available_event("fadeEnded", {"type": "integer", "unit": "percent"})
    return thing


def weather() -> Thing:
    """Make a sensor of three read-only quantities."""
    thing = Thing(
        "urn:dev:ops:balcony-weather",
        "Balcony Weather",
        ["TemperatureSensor", "MultiLevelSensor"],
        "A sensor outside",
    )
    quantities: dict[str, tuple[object, dict[str, Any]]] = {
        "temperature": (12.5, {"@type": "TemperatureProperty", "unit": "degree celsius"}),
        "humidity": (71.0, {"@type": "HumidityProperty", "unit": "percent"}),
        "battery": (88, {"@type": "LevelProperty", "unit": "percent"}),
    }
    for name, (start, metadata) in quantities.items():
        kind = {"title": name.capitalize(), "type": "number", "readOnly": True}
        add(thing, name, start, {**metadata, **kind})
    return thing


def thermostat() -> Thing:
    """Make a thermostat with a temperature, a target and a mode."""
    thing = Thing("urn:dev:ops:hall-thermostat", "Hall Thermostat", ["Thermostat"], "A thermostat")
    celsius = {"type": "number", "unit": "degree celsius"}
    add(
        thing,
        "temperature",
        18.5,
        {"@type": "TemperatureProperty", "title": "Temperature", "readOnly": True, **celsius},
    )
    add(
        thing,
        "targetTemperature",
        20.0,
        {
            "@type": "TargetTemperatureProperty",
            "title": "Target",
            "minimum": 5,
            "maximum": 30,
            "multipleOf": 0.5,
            **celsius,
        },
    )
    add(
        thing,
        "mode",
        "off",
        {
            "@type": "ThermostatModeProperty",
            "title": "Mode",
            "type": "string",
            "enum": ["off", "heat", "cool", "auto"],
        },
    )
    return thing


class Measurements(asyncio.Protocol):
    """What the house measures, told on standard input.

    A line is `{"thing": 1, "property": "temperature", "value": 3.5}`. It changes what no client
    can write, past the API. `ended` is set when there will be no more, for who tells has gone.
    """

    def __init__(self, things: list[Thing]) -> None:
        self._things = things
        self._rest = b""
        self.ended = asyncio.Event()

    @override
    def eof_received(self) -> None:
        self.ended.set()

    @override
    def data_received(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            told = json.loads(line)
            measured = self._things[told["thing"]].properties[told["property"]]
            measured.value.notify_of_external_update(told["value"])


async def main(port: int) -> None:
    """Serve the house until standard input ends."""
    things = [lamp(), weather(), thermostat()]
    server = WebThingServer(MultipleThings(things, "House"), port=port)
    server.app.listen(port, address="127.0.0.1")
    measurements = Measurements(things)
    await asyncio.get_running_loop().connect_read_pipe(lambda: measurements, sys.stdin)
    await measurements.ended.wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
