"""Which entities and attributes a device has, of all that its type could have."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from weakref import WeakValueDictionary

from ..model import Device, Entity
from ..platforms import PLATFORMS
from .picking import holds
from .plans import AttributePlan, Attributes, EntityPlan


class Selection:
    """Answers for each device, and remembers the answer as long as the device stays the same."""

    def __init__(self, plans_of: Callable[[Device], Sequence[EntityPlan]]) -> None:
        """Take what tells the entities of a device's type."""
        self._plans_of = plans_of
        self._entities: dict[str, tuple[Device, Sequence[EntityPlan]]] = {}
        self._variants: dict[tuple[int, frozenset[str]], tuple[EntityPlan, EntityPlan]] = {}
        self._attributes: dict[tuple[str, str], tuple[Device, Attributes]] = {}
        self._alike: WeakValueDictionary[tuple[int, ...], Attributes] = WeakValueDictionary()

    def entities(self, device: Device) -> Sequence[EntityPlan]:
        """Return the entities of a device, each with what this very device has of it."""
        known = self._entities.get(device.id)
        if known is not None and known[0] is device:
            return known[1]
        plans: Sequence[EntityPlan] = tuple(
            variant
            for plan in self._plans_of(device)
            if plan.when is None or holds(plan.when, device.data)
            if (variant := self._variant(plan, device)) is not None
        )
        if known is not None and known[1] == plans:
            plans = known[1]
        self._entities[device.id] = (device, plans)
        return plans

    def _variant(self, plan: EntityPlan, device: Device) -> EntityPlan | None:
        """Return an entity without the attributes and commands that a device has not.

        None is for an entity of which nothing is left that its platform can show.
        """
        lacking = frozenset(
            name
            for name, condition in (
                *((part.name, part.when) for part in plan.attributes),
                *((name, command.when_device) for name, command in plan.commands.items()),
            )
            if condition is not None and not holds(condition, device.data)
        )
        if not lacking:
            return plan
        key = (id(plan), lacking)
        if key not in self._variants:
            self._variants[key] = (plan, _without(plan, lacking))
        _, variant = self._variants[key]
        return variant if _is_something(plan.entity, variant.entity) else None

    def attributes(self, device: Device, monitor: str) -> Attributes:
        """Return the attributes of a device that a monitor reads.

        The same object comes again as long as they are the same, and for all devices alike.
        """
        known = self._attributes.get((device.id, monitor))
        if known is not None and known[0] is device:
            return known[1]
        plans = tuple(
            attribute
            for entity in self.entities(device)
            for attribute in entity.attributes
            if attribute.attribute.monitor == monitor
        )
        if known is not None and known[1].plans == plans:
            found = known[1]
        else:
            found = self._attributes_of(plans)
        self._attributes[device.id, monitor] = (device, found)
        return found

    def _attributes_of(self, plans: tuple[AttributePlan, ...]) -> Attributes:
        """Return the one object for the very same plans, which live as long as it does."""
        mark = tuple(map(id, plans))
        found = self._alike.get(mark)
        if found is None:
            found = self._alike[mark] = Attributes(plans)
        return found


def _is_something(planned: Entity, left: Entity) -> bool:
    """Return whether an entity still has one of each attribute that it cannot do without."""
    there = {*left.attributes, *left.options, *left.commands}
    for needed in PLATFORMS[planned.platform].required:
        names = {needed} if isinstance(needed, str) else {*needed}
        if names & planned.attributes.keys() and not names & there:
            return False
    return True


def _without(plan: EntityPlan, lacking: frozenset[str]) -> EntityPlan:
    """Return an entity without some of its attributes and commands.

    A command cannot set what the device has not either: a white lamp takes no colour.
    """
    entity = plan.entity
    return replace(
        plan,
        entity=replace(
            entity,
            attributes={
                name: attribute
                for name, attribute in entity.attributes.items()
                if name not in lacking
            },
            commands={
                name: tuple(
                    part
                    for part in parameters
                    if part.required or part.name not in lacking & entity.attributes.keys()
                )
                for name, parameters in entity.commands.items()
                if name not in lacking
            },
        ),
        attributes=tuple(part for part in plan.attributes if part.name not in lacking),
        commands={name: part for name, part in plan.commands.items() if name not in lacking},
    )
