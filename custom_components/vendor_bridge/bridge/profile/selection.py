"""Which entities and attributes a device has, of all that its type could have."""

from collections.abc import Sequence
from dataclasses import replace

from ..model import Device
from .compiler.requests import holds
from .plans import AttributePlan, CompiledProfile, EntityPlan


class Selection:
    """Answers for each device, and remembers the answer as long as the device stays the same."""

    def __init__(self, profile: CompiledProfile) -> None:
        """Take the profile that describes the types."""
        self._profile = profile
        self._entities: dict[str, tuple[Device, Sequence[EntityPlan]]] = {}
        self._variants: dict[tuple[int, frozenset[str]], EntityPlan] = {}
        self._attributes: dict[tuple[str, str], tuple[Device, Sequence[AttributePlan]]] = {}

    def entities(self, device: Device) -> Sequence[EntityPlan]:
        """Return the entities of a device, each with the commands that this device can do."""
        known = self._entities.get(device.id)
        if known is not None and known[0] is device:
            return known[1]
        plans: Sequence[EntityPlan] = tuple(
            self._variant(plan, device)
            for plan in self._profile.entities_of(device)
            if plan.when is None or holds(plan.when, device.data)
        )
        if known is not None and known[1] == plans:
            plans = known[1]
        self._entities[device.id] = (device, plans)
        return plans

    def _variant(self, plan: EntityPlan, device: Device) -> EntityPlan:
        """Return an entity without the commands that a device cannot do."""
        lacking = frozenset(
            name
            for name, command in plan.commands.items()
            if command.when_device is not None and not holds(command.when_device, device.data)
        )
        if not lacking:
            return plan
        key = (id(plan), lacking)
        if key not in self._variants:
            parameters = plan.entity.commands
            self._variants[key] = replace(
                plan,
                entity=replace(
                    plan.entity,
                    commands={name: parameters[name] for name in parameters if name not in lacking},
                ),
                commands={
                    name: command for name, command in plan.commands.items() if name not in lacking
                },
            )
        return self._variants[key]

    def attributes(self, device: Device, monitor: str) -> Sequence[AttributePlan]:
        """Return the attributes of a device that a monitor reads.

        The same object comes again as long as they are the same.
        """
        known = self._attributes.get((device.id, monitor))
        if known is not None and known[0] is device:
            return known[1]
        plans: Sequence[AttributePlan] = tuple(
            attribute
            for entity in self.entities(device)
            for attribute in entity.attributes
            if attribute.attribute.monitor == monitor
        )
        if known is not None and known[1] == plans:
            plans = known[1]
        self._attributes[device.id, monitor] = (device, plans)
        return plans
