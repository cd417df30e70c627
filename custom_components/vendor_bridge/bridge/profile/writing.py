"""Commands, sent as a profile says, and confirmed."""

import asyncio
from collections.abc import Mapping
from typing import Any

from ..errors import CommandError, NotConfirmedError, ReadOnlyError, UnexpectedAnswerError
from ..model import Command, Device, Json, Observation, Outcome, Value
from .effects import Effect, assumed, effects, fulfilled
from .filling import fill
from .following import PASSING, Follow
from .line import Line
from .means import Means
from .picking import holds, text_of
from .plans import CommandPlan, ConfirmPlan, EntityPlan
from .reading import Reader
from .scope import device_scope
from .templates import GIVEN
from .values import MISSING, PickError


class Writer:
    """Sends the commands of one account."""

    def __init__(self, means: Means, reader: Reader) -> None:
        """Take what is needed to send, to read back and to wait."""
        self._connection = means.connection
        self._selection = means.selection
        self._clock = means.clock
        self._setup = means.setup
        self._reader = reader
        self._lines: dict[str, Line] = {}

    async def write(self, device: Device, command: Command) -> Outcome:
        """Send a command in its turn and return once it took effect.

        Raises CommandError, NotConfirmedError and whatever the connection raises.
        """
        entity, plan = self._find(device, command)

        async def send(command: Command, since: float) -> Outcome:
            late = self._clock.monotonic() - since - plan.confirm.within
            if late > 0:
                raise NotConfirmedError("the device was busy with earlier commands for too long")
            try:
                return await self._send(device, entity, plan, command)
            finally:
                self._reader.doubt(device.id)

        line = self._lines.get(device.id)
        if line is None:
            line = self._lines[device.id] = Line(self._clock)
        return await line.put(command, send, settles=plan.row.settle)

    async def close(self) -> None:
        """Cancel what has not been confirmed yet."""
        tasks = [task for line in self._lines.values() for task in line.cancel()]
        await asyncio.gather(*tasks, return_exceptions=True)

    def _find(self, device: Device, command: Command) -> tuple[EntityPlan, CommandPlan]:
        for entity in self._selection.entities(device):
            if entity.entity.key == command.entity:
                plan = entity.commands.get(command.name)
                if plan is None:
                    break
                _check_data(entity, command)
                writable = entity.entity.writable
                last = self._reader.last(writable, device) if writable is not None else None
                if last is not None and last.value is False:
                    raise ReadOnlyError("it cannot be changed just now")
                return entity, plan
        raise CommandError(f"{command.entity} has no command {command.name!r}")

    async def _send(
        self, device: Device, entity: EntityPlan, plan: CommandPlan, command: Command
    ) -> Outcome:
        """Send the steps of a command, then see to its confirmation."""
        data = _vendor_data(plan, command.data)
        scope: dict[str, Any] = {
            **data,
            "setup": self._setup,
            "device": device_scope(device),
            "now": self._reader.now(device, entity),
            GIVEN: {
                parameter.name: data.get(parameter.name, MISSING)
                for parameter in plan.row.parameters
            },
        }
        answer: Json = None
        sent = False
        conditions = {parameter.name: data.get(parameter.name) for parameter in plan.row.parameters}
        for step in plan.steps:
            if step.when is not None and not holds(step.when, conditions):
                continue
            answer = (await self._connection.send(fill(step, scope))).data
            scope["answer"] = answer
            sent = True
        # What is told from here on came after the command, whatever the vendor's clock says.
        self._reader.doubt(device.id)
        if not sent:
            raise CommandError("none of its requests applies to the data it was given")
        kinds = {name: attribute.kind for name, attribute in entity.entity.attributes.items()}
        wanted = effects(plan.row.effect, command.data, kinds)
        try:
            async with asyncio.timeout(plan.confirm.within):
                return await self._confirm(device, entity, plan, wanted, answer, scope)
        except TimeoutError as error:
            message = f"it did not take effect within {plan.confirm.within:g} s"
            raise NotConfirmedError(message) from error

    async def _confirm(
        self,
        device: Device,
        entity: EntityPlan,
        plan: CommandPlan,
        wanted: list[Effect],
        answer: Json,
        scope: Mapping[str, Any],
    ) -> Outcome:
        confirm = plan.confirm
        if confirm.answer is not None:
            return self._told_by_answer(device, entity, plan, wanted, answer)
        if confirm.read:
            return await self._read_back(device, entity, plan, wanted)
        if confirm.request is not None:
            await self._follow(confirm, scope)
        values = assumed(plan, wanted)
        is_confirmed = confirm.request is not None
        return Outcome(observations=self._observed(entity, values), confirmed=is_confirmed)

    def _told_by_answer(
        self,
        device: Device,
        entity: EntityPlan,
        plan: CommandPlan,
        wanted: list[Effect],
        answer: Json,
    ) -> Outcome:
        """Take the answer for an item of a monitor, and look for the effect there."""
        confirm = plan.confirm
        assert confirm.answer is not None  # noqa: S101 - the caller's own check
        item = confirm.each.pick(answer) if confirm.each is not None else answer
        if item is MISSING or item is None:
            raise UnexpectedAnswerError("the answer does not tell the new state")
        seen = self._reader.observe(confirm.answer, device, item)
        known = _by_name(entity, seen)
        concerned = [effect for effect in wanted if effect.keys() <= known.keys()]
        if concerned and not fulfilled(concerned, known):
            raise NotConfirmedError("the answer shows that it did not take effect")
        tellable = {
            name
            for name, attribute in entity.entity.attributes.items()
            if attribute.monitor == confirm.answer
        }
        if not concerned and any(effect.keys() <= tellable for effect in wanted):
            raise UnexpectedAnswerError("the answer does not tell the new state")
        return Outcome(observations=seen)

    async def _read_back(
        self, device: Device, entity: EntityPlan, plan: CommandPlan, wanted: list[Effect]
    ) -> Outcome:
        """Read the attributes that a command changes until they have changed."""
        kinds = {name: attribute.kind for name, attribute in entity.entity.attributes.items()}
        failing = effects(plan.row.failure, {}, kinds)
        while True:
            seen: dict[str, Observation] = {}
            try:
                for monitor in plan.confirm.read:
                    reading = await self._reader.read(monitor, [device])
                    seen.update(reading.observations.get(device.id, {}))
            except PASSING:
                seen = {}
            known = _by_name(entity, seen)
            if fulfilled(wanted, known):
                return Outcome(observations=seen)
            for effect in failing:
                if fulfilled([effect], known):
                    raise NotConfirmedError("the device says: " + _words(effect))
            await self._clock.sleep(plan.confirm.every)

    async def _follow(self, confirm: ConfirmPlan, scope: Mapping[str, Any]) -> None:
        """Ask how a command goes until it is done."""
        assert confirm.request is not None  # noqa: S101 - the caller's own check
        assert confirm.until is not None  # noqa: S101 - the schema's own check

        def pending(data: Json) -> None:
            if confirm.failed is not None and holds(confirm.failed, data):
                reason = text_of(confirm.reason, data)
                raise NotConfirmedError(reason or "the vendor says that it failed")

        follow = Follow(
            connection=self._connection,
            clock=self._clock,
            request=confirm.request,
            until=confirm.until,
            every=confirm.every,
        )
        await follow.follow(scope, pending)

    @staticmethod
    def _observed(entity: EntityPlan, values: Mapping[str, Value]) -> dict[str, Observation]:
        return {
            entity.entity.attributes[name].key: Observation(value) for name, value in values.items()
        }


def _by_name(entity: EntityPlan, seen: Mapping[str, Observation]) -> dict[str, Observation]:
    return {
        name: seen[attribute.key]
        for name, attribute in entity.entity.attributes.items()
        if attribute.key in seen
    }


def _check_data(entity: EntityPlan, command: Command) -> None:
    parameters = {part.name: part for part in entity.entity.commands[command.name]}
    for name in command.data:
        if name not in parameters:
            raise CommandError(f"{command.name} takes no {name!r} here")
    for name, part in parameters.items():
        if part.required and command.data.get(name) is None:
            raise CommandError(f"{command.name} needs {name!r}")


def _vendor_data(plan: CommandPlan, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return a command's data in the vendor's own scale. Raises CommandError."""
    made = {}
    for name, value in data.items():
        if value is None:
            continue
        try:
            if name in plan.convert:
                made[name] = plan.convert[name].pick(value)
            elif name in plan.invert and plan.invert[name].invertible:
                made[name] = plan.invert[name].invert(value)
            else:
                made[name] = value
        except PickError as error:
            raise CommandError(f"{name}: {error}") from error
    return made


def _words(effect: Effect) -> str:
    return ", ".join(
        name.removeprefix("is_") if value is True else str(value)
        for name, (_, value) in effect.items()
    )
