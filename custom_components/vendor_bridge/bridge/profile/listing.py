"""Devices, listed as a profile says."""

from collections.abc import Iterator, Mapping
import logging
from typing import Any, Final

from ..errors import UnexpectedAnswerError
from ..model import DEVICES_MONITOR, Device, Listing, Observation, Reading
from .filling import id_of, items_of, pages
from .means import Means
from .picking import LONGEST_TEXT, holds, is_unsound, line_of, lines_of, time_of
from .plans import ChildrenPlan, ListingPlan
from .scope import child_id
from .words import listed

_LOGGER = logging.getLogger(__name__)

MOST_ITEMS: Final = 20_000
"""Twice as many as Home Assistant takes entities of an account; more take minutes to go through."""


class Lister:
    """Lists the devices of one account."""

    def __init__(self, means: Means) -> None:
        """Take what is needed to ask and to remember."""
        self._profile = means.profile
        self._connection = means.connection
        self._memory = means.memory
        self._selection = means.selection
        self._setup = means.setup
        self._told: set[str] = set()
        self._left_out: dict[str, None] = {}
        self._unknown: set[str] = set()
        self._unknown_types: dict[str, None] = {}

    async def list_devices(self) -> Listing:
        """Return the devices of every listing. Raises whatever the connection raises.

        An item that cannot be understood is left out, and makes the listing incomplete.
        """
        devices: dict[str, Device] = {}
        self._left_out = {}
        self._unknown = set()
        self._unknown_types = {}
        observations: dict[str, Mapping[str, Observation]] = {}
        rejected: dict[tuple[str, str], str] = {}
        complete = True
        seen = 0
        for plan in self._profile.listings:
            async for answer in pages(
                self._connection, plan.request, {"setup": self._setup}, plan.items
            ):
                items = items_of(answer.data, plan.items, plan.request.label)
                seen += len(items)
                _check_number(seen, plan)
                for key, item in items:
                    try:
                        found = list(self._devices(plan, key, item))
                    except UnexpectedAnswerError as error:
                        complete = False
                        self._tell(self._connection.scrubbed(str(error)))
                        continue
                    _check_number(len(devices) + len(found), plan)
                    for device, part in found:
                        if device.id in devices:
                            continue
                        devices[device.id] = device
                        taken = self._memory.take(
                            DEVICES_MONITOR,
                            device.id,
                            self._selection.attributes(device, DEVICES_MONITOR),
                            part,
                            time_of(plan.observed_at, item),
                        )
                        observations[device.id] = taken.observations
                        for name, why in taken.rejected.items():
                            rejected[device.id, name] = self._connection.scrubbed(why)
        if types := self._unknown_types:
            one = "the type" if len(types) == 1 else "the types"
            self._tell(
                f"devices of {one} {listed(types)} are left out: the profile does not describe them"
            )
        return Listing(
            devices=devices,
            complete=complete,
            reading=Reading(observations=observations, rejected=rejected),
            left_out=tuple(self._left_out),
            unknown=frozenset(self._unknown),
        )

    def _devices(
        self,
        plan: ListingPlan,
        key: str | None,
        item: Any,  # noqa: ANN401
    ) -> Iterator[tuple[Device, Any]]:
        """Yield the device that an item describes, and its parts, each with its own item."""
        if plan.when is not None and not holds(plan.when, item):
            return
        vendor_id = sound_id(id_of(key, item, plan.items))
        device = self._device(
            vendor_id, item, plan, parent=line_of(plan.parent, item), via=line_of(plan.via, item)
        )
        if device is not None:
            yield device, item
        if plan.children is not None:
            for child, part in self._children(plan.children, vendor_id, item):
                if device is None:
                    self._unknown.add(child.id)
                    continue
                yield child, part

    def _children(
        self,
        plan: ChildrenPlan,
        parent: str,
        item: Any,  # noqa: ANN401
    ) -> Iterator[tuple[Device, Any]]:
        for place, (key, part) in enumerate(items_of(item, plan.items, parent)):
            vendor_id = sound_id(child_id(parent, id_of(key, part, plan.items, place)))
            child = self._device(vendor_id, part, plan, parent=parent)
            if child is not None:
                yield child, part

    def _device(
        self,
        vendor_id: str,
        item: Any,  # noqa: ANN401
        plan: ListingPlan | ChildrenPlan,
        *,
        parent: str | None,
        via: str | None = None,
    ) -> Device | None:
        """Return a device, or None where its type is not one that the profile describes."""
        texts = {name: line_of(picker, item) for name, picker in plan.fields.items()}
        kind = texts.pop("type", None)
        known = self._profile.types
        if kind is None or kind not in known:
            if "type" not in plan.fields and len(known) == 1:
                kind = next(iter(known))
            elif "*" in known:
                kind = kind or "*"
            else:
                self._unknown.add(vendor_id)
                if kind is None:
                    self._tell("a device of no type is left out: nothing is where `type` looks")
                else:
                    self._unknown_types[kind] = None
                return None
        return Device(
            id=vendor_id,
            type=kind,
            parent=parent,
            via=via,
            aliases=lines_of(plan.aliases, item),
            keys={
                name: text
                for name, picker in plan.keys.items()
                if (text := line_of(picker, item)) is not None
            },
            data=item if isinstance(item, Mapping) else {"value": item},
            **texts,
        )

    def _tell(self, what: str) -> None:
        """Note what is left out, and log it once."""
        self._left_out[what] = None
        if what not in self._told:
            self._told.add(what)
            _LOGGER.info("%s: %s", self._profile.name, what)


def _check_number(seen: int, plan: ListingPlan) -> None:
    if seen > MOST_ITEMS:
        raise UnexpectedAnswerError(
            f"it lists more than {MOST_ITEMS:,} devices", request=plan.request.label
        )


def sound_id(vendor_id: str) -> str:
    """Return a vendor id that can be kept. Raises UnexpectedAnswerError for one that can't."""
    if len(vendor_id) > LONGEST_TEXT or any(map(is_unsound, vendor_id)):
        raise UnexpectedAnswerError("the id of an item is too long or has control characters")
    return vendor_id
