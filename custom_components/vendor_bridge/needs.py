"""What entities need to be told: the same for all that are described alike, and held once."""

from collections.abc import Mapping, Set as AbstractSet
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from .bridge.model import DEVICES_MONITOR, Entity

if TYPE_CHECKING:
    from .coordinator import MonitorCoordinator


@dataclass(frozen=True, slots=True, weakref_slot=True, kw_only=True, eq=False)
class Needs:
    """What an entity needs to be told.

    ``needed`` are the names of the attributes without which it is unavailable, ``main`` of those
    that have to make sense; ``monitors`` tell it something, ``keys`` are those of the attributes
    that it shows or depends on (None: there are none), and ``ages`` is whether it counts when they
    were told.
    """

    entity: Entity
    needed: frozenset[str]
    main: frozenset[str]
    monitors: AbstractSet[str]
    keys: AbstractSet[str] | None
    ages: bool


class AllNeeds:
    """The needs of an account's entities, kept as long as there is an entity that has them."""

    def __init__(self, coordinators: Mapping[str, MonitorCoordinator]) -> None:
        """Take the account's coordinators, by monitor."""
        self._coordinators = coordinators
        self._known: WeakValueDictionary[int, Needs] = WeakValueDictionary()

    def of(self, entity: Entity) -> Needs:
        """Return what an entity needs."""
        needs = self._known.get(id(entity))  # what needs hold is not replaced by another object
        if needs is None:
            needs = self._known[id(entity)] = self._work_out(entity)
        return needs

    def _work_out(self, entity: Entity) -> Needs:
        # What an optional monitor tells is left out while it fails, unless there is nothing else.
        needed = frozenset(
            name
            for name, attribute in entity.attributes.items()
            if not self._coordinators[attribute.monitor].monitor.optional
        ) or frozenset(entity.attributes)
        observed = entity.observed
        return Needs(
            entity=entity,
            needed=needed,
            # Without its state there is nothing to show; anything else may be unknown for itself.
            main=frozenset({"state"}) & needed or needed,
            monitors=frozenset(one.monitor for one in observed) or frozenset({DEVICES_MONITOR}),
            keys=frozenset(one.key for one in observed) or None,
            ages=entity.availability.mode == "latest"
            or any(one.expire_after is not None for one in observed),
        )
