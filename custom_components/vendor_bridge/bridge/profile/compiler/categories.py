"""Which entities come second on a device's page where the profile does not say."""

from collections.abc import Mapping
from typing import Any, Final

DEFAULTS: Final[Mapping[tuple[str, str], str]] = {
    ("binary_sensor", "battery"): "diagnostic",
    ("binary_sensor", "connectivity"): "diagnostic",
    ("button", "identify"): "diagnostic",
    ("button", "restart"): "config",
    ("sensor", "battery"): "diagnostic",
    ("sensor", "signal_strength"): "diagnostic",
    ("sensor", "uptime"): "diagnostic",
}
"""By platform and device class: what most of Home Assistant's own integrations do.

Only what tells of the device itself and not of what it is for. What may be either, such as a
problem, a voltage or a temperature, is left as it is, and nothing is disabled.
"""


def category(platform: str, options: Mapping[str, Any], common: Mapping[str, Any]) -> str | None:
    """Return an entity's category: the profile's word, which may be none, else by its class."""
    if "entity_category" in common:
        said: str | None = common["entity_category"]
        return said
    return DEFAULTS.get((platform, str(options.get("device_class"))))
