"""Tasks, run as a profile says: request after request, and then until the vendor is done."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
import math
from typing import Any, Final

from ..errors import CommandError, NotConfirmedError, TaskDataError
from ..model import Device, Json
from ..task_data import check_data
from ..tasks import (
    FieldType,
    Task,
    TaskField,
    TaskOption,
    TaskOutcome,
    TaskProgress,
    TellProgress,
    tell_nobody,
)
from .filling import fill
from .following import Follow
from .means import Means
from .picking import demanded, holds, kept, line_of, pick_or_none
from .plans import TaskPlan, TaskStepPlan
from .reading import Reader
from .scope import device_scope
from .templates.places import to_json
from .values import PickError

MOST_OPTIONS: Final = 500
_LONGEST_LABEL: Final = 200


class TaskRunner:
    """Runs the tasks of one account."""

    def __init__(self, means: Means, reader: Reader) -> None:
        """Take what is needed to send and to wait."""
        self._means = means
        self._reader = reader

    def tasks(self, device: Device | None) -> Sequence[Task]:
        """Return the tasks of a device with the options that it has, or those of the account."""
        return [_described(plan, device) for plan in self._plans(device).values()]

    async def run(
        self,
        device: Device | None,
        key: str,
        data: Mapping[str, Any],
        progress: TellProgress = tell_nobody,
    ) -> TaskOutcome:
        """Run a task and return once it is done.

        Raises CommandError, NotConfirmedError and whatever the connection raises.
        """
        plan = self._plans(device).get(key)
        if plan is None:
            owner = "the account" if device is None else "the device"
            raise CommandError(f"{owner} has no task {key!r}")
        told = check_data(_described(plan, device), data)
        scope: dict[str, Any] = {"setup": self._means.setup, "kept": {}, **_converted(plan, told)}
        if device is not None:
            scope["device"] = device_scope(device)
        run = _Run(means=self._means, plan=plan, scope=scope, progress=progress)
        timer = asyncio.timeout(plan.task.within.total_seconds())
        try:
            async with timer:
                return await run.run()
        except TimeoutError as error:
            if not timer.expired():
                raise
            trouble = f"; when it was last asked how it goes: {run.trouble}" if run.trouble else ""
            message = f"it was not done within {plan.task.within.total_seconds():g} s{trouble}"
            raise NotConfirmedError(message) from error
        finally:
            # What is told from here on came after the task, whatever the vendor's clock says.
            if device is not None:
                self._reader.doubt(device.id)

    def _plans(self, device: Device | None) -> Mapping[str, TaskPlan]:
        return {
            key: plan
            for key, plan in self._means.profile.tasks_of(device).items()
            if plan.when is None or (device is not None and holds(plan.when, device.data))
        }


@dataclass(slots=True, kw_only=True)
class _Run:
    """A task under way. ``trouble`` is what kept it from being asked after, last."""

    means: Means
    plan: TaskPlan
    scope: dict[str, Any]
    progress: TellProgress
    _follow: Follow | None = field(default=None, init=False)

    @property
    def trouble(self) -> str | None:
        return self._follow.trouble if self._follow is not None else None

    async def run(self) -> TaskOutcome:
        sent = False
        for step in self.plan.steps:
            if step.request.when is not None and not holds(step.request.when, self._known()):
                continue
            if step.name is not None:
                self.progress(TaskProgress(step=step.name))
            answer = await self._send(step)
            self.scope["answer"] = answer
            wrong = f"{step.request.label}: the answer"
            self.scope["kept"] = {**self.scope["kept"], **kept(step.keep, answer, wrong)}
            sent = True
        if not sent:
            raise CommandError("none of its requests applies to the data it was given")
        result = demanded(self.plan.result, self._known(), "its result")
        return TaskOutcome(result=to_json(result))

    async def _send(self, step: TaskStepPlan) -> Json:
        """Send one request, or follow it until it is done, and return its answer."""
        if step.until is None:
            answer: Json = (await self.means.connection.send(fill(step.request, self.scope))).data
            return answer

        def pending(answer: Json) -> None:
            told = _progress(step, answer)
            if told is not None:
                self.progress(told)

        self._follow = Follow(
            connection=self.means.connection,
            clock=self.means.clock,
            request=step.request,
            until=step.until,
            every=step.every,
        )
        answer = await self._follow.follow(self.scope, pending)
        self._follow = None
        return answer

    def _known(self) -> Mapping[str, Any]:
        """Return what conditions and the result pick out of: nothing that signs in is among it."""
        return {
            name: to_json(value) if isinstance(value, date | time) else value
            for name, value in self.scope.items()
            if name != "setup"
        }


def _progress(step: TaskStepPlan, answer: Json) -> TaskProgress | None:
    """Return how far a task is by an answer, if that tells."""
    value = pick_or_none(step.progress, answer)
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return TaskProgress(step=step.name, percentage=min(max(float(value), 0.0), 100.0))
    text = line_of(step.progress, answer)
    return TaskProgress(step=step.name, text=text) if text is not None else None


def _converted(plan: TaskPlan, told: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a task is told in the vendor's own scale. Raises CommandError."""
    made = dict(told)
    secrets = {one.key for one in plan.task.fields if one.type is FieldType.SECRET}
    for name, picker in plan.convert.items():
        if name in made:
            try:
                made[name] = picker.pick(made[name])
            except PickError as error:
                reason = "it cannot be used" if name in secrets else str(error)
                raise TaskDataError(name, reason) from None
    return made


def _described(plan: TaskPlan, device: Device | None) -> Task:
    """Return a task with the options that a device has."""
    if not plan.options or device is None:
        return plan.task

    def with_options(one: TaskField) -> TaskField:
        picker = plan.options.get(one.key)
        return one if picker is None else replace(one, options=_options(picker_value(picker)))

    def picker_value(picker: Any) -> Any:  # noqa: ANN401 - any part of an item
        return pick_or_none(picker, device.data)

    return replace(plan.task, fields=tuple(with_options(one) for one in plan.task.fields))


def _options(told: Any) -> tuple[TaskOption, ...]:  # noqa: ANN401 - as above
    """Return the options that a device's item tells of, without those that are none."""
    made: dict[str, TaskOption] = {}
    for item in told[:MOST_OPTIONS] if isinstance(told, list) else ():
        value, label = item, item
        if isinstance(item, Mapping):
            value, label = item.get("value"), item.get("label")
        if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
            continue
        shown = label if isinstance(label, str) and label.strip() else str(value)
        made.setdefault(str(value), TaskOption(value=value, label=shown[:_LONGEST_LABEL]))
    return tuple(made.values())
