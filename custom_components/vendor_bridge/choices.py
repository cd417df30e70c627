"""What the flows let the user choose of an account: its devices."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .bridge.model import Device
from .const import CONF_ADD_NEW, CONF_CHOSEN, CONF_EXCLUDED


def device_options(devices: Iterable[Device]) -> list[tuple[str, str]]:
    """Return (vendor id, label) of devices, sorted by what a person reads."""
    options = [(device.id, _label(device)) for device in devices]
    return sorted(options, key=lambda option: option[1].casefold())


def _label(device: Device) -> str:
    """Return "Kitchen lamp, LX-2, lamp (SN123)"."""
    name = device.name or device.model or device.id
    more = dict.fromkeys(part for part in (device.model, device.type) if part and part != name)
    label = ", ".join([name, *more])
    return label if name == device.id else f"{label} ({device.id})"


def decided(
    selected: Sequence[str],
    seen: Iterable[str],
    *,
    add_new: bool,
    before: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the options about devices, given which of those that were shown were selected.

    What was decided ``before`` of devices that were not shown stands.
    """
    shown = set(seen)
    before = before or {}
    chosen = set(selected) | set(before.get(CONF_CHOSEN, ())) - shown
    excluded = (shown | set(before.get(CONF_EXCLUDED, ()))) - chosen
    return {
        CONF_CHOSEN: sorted(chosen),
        CONF_EXCLUDED: sorted(excluded),
        CONF_ADD_NEW: add_new,
    }
