"""What placeholders can refer to."""

from collections.abc import Mapping, Sequence
from typing import Any

from ..model import Device

SEPARATOR = "/"
"""Stands between the id of a device and that of a part of it."""


def child_id(parent: str, key: str) -> str:
    """Return the vendor id of a part of a device."""
    return f"{parent}{SEPARATOR}{key}"


def device_scope(device: Device) -> Mapping[str, Any]:
    """Return what ``{device...}`` refers to; ``key`` is the id within the parent."""
    key = device.id
    if device.parent is not None:
        key = key.removeprefix(device.parent + SEPARATOR)
    return {
        "id": device.id,
        "key": key,
        "parent": device.parent,
        "via": device.via,
        "type": device.type,
        "keys": device.keys,
        "data": device.data,
    }


def batch_scope(devices: Sequence[Device]) -> Mapping[str, Any]:
    """Return what ``{devices...}`` refers to: the ids as a list, and joined by commas."""
    ids = [device.id for device in devices]
    return {"ids": ids, "csv": ",".join(ids)}
