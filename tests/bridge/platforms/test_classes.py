"""The lists of classes and units are those of Home Assistant."""

import importlib.util
from pathlib import Path
import subprocess
import sys
from types import ModuleType

from homeassistant.components.number.const import DEVICE_CLASS_UNITS as NUMBER_UNITS
from homeassistant.const import MAJOR_VERSION, MINOR_VERSION
import pytest

from custom_components.vendor_bridge.bridge.platforms import PLATFORMS, classes
from custom_components.vendor_bridge.bridge.profile.schema.entities import COMMON_NAMES
from custom_components.vendor_bridge.bridge.profile.schema.values import PICK_NAMES

ROOT = Path(__file__).parents[3]
COLLECT = ROOT / "scripts" / "lib" / "classes" / "collect.py"

pytestmark = pytest.mark.skipif(
    (MAJOR_VERSION, MINOR_VERSION) < (2026, 10), reason="the lists are those of 2026.10"
)


@pytest.fixture(scope="module")
def collect() -> ModuleType:
    spec = importlib.util.spec_from_file_location("collect", COLLECT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_lists_are_home_assistants(collect: ModuleType) -> None:
    printed = subprocess.run(  # noqa: S603 - the repository's own script
        [sys.executable, COLLECT], capture_output=True, text=True, check=True
    ).stdout
    made: dict[str, object] = {}
    exec(printed, made)  # noqa: S102 - as above
    for name in collect.tables():
        assert made[name] == getattr(classes, name), "run ./scripts/classes"


def test_numbers_take_the_units_of_sensors(collect: ModuleType) -> None:
    for device_class, units in NUMBER_UNITS.items():
        assert tuple(collect.units(units)) == classes.UNITS[device_class.value]


def test_no_name_is_taken_already() -> None:
    """What can stand in every entity cannot be the name of an attribute or an option as well."""
    taken = {*COMMON_NAMES, *PICK_NAMES, "commands", "picture", "history", "kind"}
    for name, row in PLATFORMS.items():
        own = {one.name for one in row.attributes} | {one.name for one in row.options}
        assert own & taken == set(), name


def test_every_platform_with_device_classes_has_their_list() -> None:
    """Home Assistant's lists and the table's rows name each other."""
    for name, row in PLATFORMS.items():
        option = next((one for one in row.options if one.name == "device_class"), None)
        listed = classes.DEVICE_CLASSES.get(name)
        assert (option.choices if option is not None else None) == listed
