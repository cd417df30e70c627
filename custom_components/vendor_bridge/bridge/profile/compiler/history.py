"""A sensor's history, made ready to be asked for."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from ...model import History, Kind, Meaning
from ..plans import HistoryPlan
from ..schema.history import HistorySpec
from .context import Context, Path
from .devices import each_plan
from .requests import DEVICE_NAMES, request_plan

PERIOD_NAMES: Final = ("start", "end")
_MEANINGS: Final[Mapping[str, frozenset[Meaning]]] = {
    "measurement": frozenset({Meaning.MEAN}),
    "total": frozenset({Meaning.TOTAL, Meaning.CHANGE}),
    "total_increasing": frozenset({Meaning.TOTAL, Meaning.CHANGE}),
}


def history_plan(
    context: Context, spec: HistorySpec, options: Mapping[str, Any], path: Path
) -> HistoryPlan | None:
    """Return how a sensor's history is asked for, or note why it cannot be."""
    allowed = _MEANINGS.get(str(options.get("state_class")))
    if allowed is None:
        context.mistakes.add(
            path,
            "statistics are made of a measurement or a total, and this sensor is neither",
            "add `state_class: measurement`, `total` or `total_increasing` to the sensor",
            of="key",
        )
        return None
    meaning = Meaning(spec.meaning) if spec.meaning else max(allowed)
    if meaning not in allowed:
        context.mistakes.add(
            (*path, "meaning"),
            f"a sensor with `state_class: {options['state_class']}` has no history of this kind",
            "it can be " + " or ".join(f"`{one}`" for one in sorted(allowed)),
        )
    known = (*DEVICE_NAMES, *PERIOD_NAMES)
    request = request_plan(context, spec.request, (*path, "request"), known)
    if not request.names.intersection(PERIOD_NAMES):
        context.mistakes.add(
            (*path, "request"), "says not for which time it asks", "use {start:iso} and {end:iso}"
        )
    at = context.value(spec.at, (*path, "at"), Kind.TIMESTAMP)
    value = context.value(spec.value, (*path, "value"), Kind.NUMBER)
    if at is None or value is None:
        return None
    return HistoryPlan(
        history=History(
            meaning=meaning,
            interval=timedelta(seconds=spec.interval),
            span=timedelta(seconds=spec.span),
            reach=timedelta(seconds=spec.reach),
            corrections=timedelta(seconds=spec.corrections),
        ),
        request=request,
        items=each_plan(context, spec.each, None, path),
        at=at,
        value=value,
        low=context.value(spec.low, (*path, "low"), Kind.NUMBER),
        high=context.value(spec.high, (*path, "high"), Kind.NUMBER),
    )
