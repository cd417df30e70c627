"""What comes second on a device's page."""

import json
from typing import Any

from homeassistant.components.binary_sensor import BinarySensorDeviceClass
from homeassistant.components.button import ButtonDeviceClass
from homeassistant.components.sensor import SensorDeviceClass
from homeassistant.const import EntityCategory
import pytest

from custom_components.vendor_bridge.bridge.profile.compiler.categories import DEFAULTS
from custom_components.vendor_bridge.bridge.profile.loader import parse_profile

CLASSES = {
    "binary_sensor": BinarySensorDeviceClass,
    "button": ButtonDeviceClass,
    "sensor": SensorDeviceClass,
}


def category(platform: str, **described: Any) -> str | None:
    """Return the category of an entity that a profile describes like that."""
    if platform == "button":
        described["commands"] = {"press": {"post": "/press"}}
    else:
        described["value"] = "v"
    profile = {
        "profile": 1,
        "vendor": {"id": "acme", "name": "Acme"},
        "setup": {"url": {"type": "url"}},
        "api": {"base_url": "{setup.url}"},
        "devices": {"request": {"get": "/devices"}, "each": "data", "id": "id"},
        "monitors": {"status": {"request": {"get": "/s"}, "each": "d", "device": "id"}},
        "types": {
            "any": {
                platform: {"it": described},
                "switch": {
                    "on": {
                        "value": "o",
                        "commands": {"turn_on": {"post": "/on"}, "turn_off": {"post": "/off"}},
                    }
                },
            }
        },
    }
    compiled = parse_profile(json.dumps(profile), "acme.yaml")
    [entity] = [one.entity for one in compiled.types["any"] if one.entity.key.endswith(".it")]
    said = entity.options.get("entity_category")
    assert said is None or isinstance(said, str)
    return said


@pytest.mark.parametrize(("platform", "device_class"), DEFAULTS)
def test_what_tells_of_the_device_itself_comes_second(platform: str, device_class: str) -> None:
    more = {"unit_of_measurement": "dBm"} if device_class == "signal_strength" else {}
    more |= (
        {"unit_of_measurement": "%"} if (platform, device_class) == ("sensor", "battery") else {}
    )
    assert category(platform, device_class=device_class, **more) in set(EntityCategory)
    assert category(platform, device_class=device_class, **more, entity_category=None) is None
    assert device_class in set(CLASSES[platform])


def test_the_rest_is_as_the_profile_says() -> None:
    assert category("sensor") is None
    assert category("binary_sensor", device_class="problem") is None
    assert category("sensor", entity_category="diagnostic") == "diagnostic"
    assert category("button", device_class="restart", entity_category="diagnostic") == "diagnostic"
