"""What the stub vendor has: so many devices with so many numbers, and how those change."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

UNIT = "°C"
DEVICE_CLASS = "temperature"
STATE_CLASS = "measurement"
EVERY = 24 * 60 * 60
"""Seconds between two polls by themselves: a column is refreshed when it is its turn."""
FEW_CHANGE = 5
"""One value in so many changes between two reads."""
CONCURRENCY = 8
"""Requests at a time, for whoever can be told."""

type Scope = Literal["device", "account"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How large the vendor is; ``scope`` is what one request tells of.

    With ``dated``, each device says when its numbers were measured, which is later with every step.
    With ``switches``, each device can be switched, too. So many ``accounts`` see all of that, each
    for itself, and are read by themselves after ``every`` so many seconds. With ``restless``, one
    value in five is another by itself after so many reads.
    """

    devices: int
    attributes: int
    scope: Scope = "device"
    etag: bool = False
    dated: bool = False
    switches: bool = False
    accounts: int = 1
    every: int = EVERY
    restless: int = 0

    @property
    def size(self) -> int:
        """Return the number of attributes in all."""
        return self.devices * self.attributes

    def device_ids(self) -> Iterator[str]:
        """Yield the vendor ids."""
        return (f"d{number:05}" for number in range(self.devices))

    def names(self) -> Iterator[str]:
        """Yield the names of a device's attributes."""
        return (f"a{number:02}" for number in range(self.attributes))


def device_name(device_id: str) -> str:
    """Return what people call a device."""
    return f"Device {device_id}"


def entity_id(device_id: str, key: str) -> str:
    """Return the entity id of a device's attribute, whatever it came through."""
    return f"sensor.device_{device_id}_{key}"


def switch_id(device_id: str) -> str:
    """Return the entity id of a device's switch."""
    return f"switch.device_{device_id}_main"


def state_attributes(device_id: str, key: str) -> dict[str, str]:
    """Return the attributes that Home Assistant's sensors have, which all columns have to write."""
    return {
        "state_class": STATE_CLASS,
        "unit_of_measurement": UNIT,
        "device_class": DEVICE_CLASS,
        "friendly_name": f"{device_name(device_id)} {key}",
    }


class Values:
    """All values at the vendor, each with one decimal place, and which of them change next."""

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self._changes = [0] * shape.size
        self.steps = 0

    def step(self, one_in: int) -> None:
        """Change one value in so many, others than the last time; 0 changes none."""
        self.steps += 1
        if one_in:
            for place in range(self.steps % one_in, self._shape.size, one_in):
                self._changes[place] += 1

    def of(self, number: int) -> dict[str, float]:
        """Return the values of a device, by its number."""
        width = self._shape.attributes
        first = number * width
        return {
            key: (200 + (place * 7 + self._changes[place] * 13) % 601) / 10
            for place, key in enumerate(self._shape.names(), first)
        }
