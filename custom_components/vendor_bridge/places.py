"""Where each device stands among the others: which it is a part of, or reached through."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .bridge.model import Device


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a device stands: what it is a part of, or else what it is reached through.

    Both are vendor ids of devices that are registered, and that are parts of none themselves.
    """

    parent: str | None = None
    via: str | None = None


def places(
    taken: Iterable[str], known: Mapping[str, Device], registered: Mapping[str, str]
) -> dict[str, Place]:
    """Return the place of each device that is taken, behind those that it refers to.

    ``known`` holds all devices, taken or not. ``registered`` maps the vendor id of each device
    in the registry to that of the one that it is a part of there, or to its own: for those that
    are not known at the moment.

    Home Assistant has no parts of parts, so that all become parts of the outermost. What is not
    taken is passed over. Where devices are parts of each other, or reached through each other, in
    a circle, one of them is so of none.
    """
    wanted = dict.fromkeys(taken)
    family = _Family(wanted, known, registered)
    wholes: dict[str, str | None] = {}
    parts: dict[str, Place] = {}
    for vendor_id in wanted:
        whole = family.whole_of(vendor_id)
        if whole == vendor_id:
            wholes[vendor_id] = family.via_of(vendor_id)
        else:
            parts[vendor_id] = Place(parent=whole)
    return _in_order(wholes) | parts


class _Family:
    """What is a part of what."""

    def __init__(
        self, wanted: Mapping[str, None], known: Mapping[str, Device], registered: Mapping[str, str]
    ) -> None:
        self._wanted = wanted
        self._known = known
        self._registered = registered
        self._wholes: dict[str, str | None] = {}

    def whole_of(self, vendor_id: str) -> str | None:
        """Return the outermost taken device that it is a part of, or itself if there is none.

        None is for a device that is not taken, nor what it is a part of.
        """
        chain: dict[str, None] = {}
        at = self._listed(vendor_id)
        while at is not None and at in self._known and at not in self._wholes and at not in chain:
            chain[at] = None
            at = self._listed(self._known[at].parent)
        whole = None
        if at is not None and at not in chain:
            whole = self._wholes.get(at, at)
        for one in reversed(chain):
            if whole is None and one in self._wanted:
                whole = one
            self._wholes[one] = whole
        return whole

    def _listed(self, vendor_id: str | None) -> str | None:
        """Return a device that is known, or what the registry has of one that is not."""
        if vendor_id is None or vendor_id in self._known:
            return vendor_id
        return self._registered.get(vendor_id)

    def via_of(self, vendor_id: str) -> str | None:
        """Return the taken device that a device is reached through, if there is one."""
        passed: set[str] = set()
        at = self._known[vendor_id].via
        while at is not None and at not in passed:
            whole = self.whole_of(at)
            if whole is not None:
                return whole if whole != vendor_id else None
            passed.add(at)
            at = self._known[at].via if at in self._known else None
        return None


def _in_order(wholes: Mapping[str, str | None]) -> dict[str, Place]:
    """Return the place of each device behind the one that it is reached through."""
    ordered: dict[str, Place] = {}
    for vendor_id in wholes:
        chain: dict[str, None] = {}
        at: str | None = vendor_id
        while at is not None and at in wholes and at not in ordered and at not in chain:
            chain[at] = None
            at = wholes[at]
        for one in reversed(chain):
            via = wholes[one]
            circle = via in wholes and via not in ordered
            ordered[one] = Place(via=None if circle else via)
    return ordered
