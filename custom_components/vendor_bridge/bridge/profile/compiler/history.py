"""A sensor's history, made ready to be asked for."""

from collections.abc import Mapping
from datetime import UTC, timedelta
import re
from typing import Any, Final
from zoneinfo import ZoneInfo

from ...local_time import Period
from ...model import History, Kind, Meaning
from ..plans import HistoryPlan, RequestPlan
from ..schema.history import HistorySpec
from .context import Context, Path
from .devices import each_plan
from .requests import DEVICE_NAMES, request_plan

PERIOD_NAMES: Final = ("start", "end")
_HOUR: Final = re.compile("%[HI]")
_DAY: Final = re.compile("%[djuV]")
_MEANINGS: Final[Mapping[str, frozenset[Meaning]]] = {
    "measurement": frozenset({Meaning.MEAN}),
    "total": frozenset({Meaning.TOTAL, Meaning.CHANGE}),
    "total_increasing": frozenset({Meaning.TOTAL, Meaning.CHANGE}),
}


def history_plan(
    context: Context,
    spec: HistorySpec,
    options: Mapping[str, Any],
    path: Path,
    *,
    resets: bool = False,
) -> HistoryPlan | None:
    """Return how a sensor's history is asked for, or note why it cannot be.

    ``resets`` says that the vendor tells when its total began anew.
    """
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
    if resets and meaning is Meaning.TOTAL and options.get("state_class") == "total":
        context.mistakes.add(
            path,
            "readings of the past do not tell when this total began anew",
            "say `meaning: change`, or `state_class: total_increasing` in place of `last_reset`",
            of="key",
        )
    period, each_period = _period(request)
    zone = spec.timezone or (UTC if period else None)
    at = context.value(_local(spec.at, spec.timezone), (*path, "at"), Kind.TIMESTAMP)
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
            zone=zone,
        ),
        request=request,
        items=each_plan(context, spec.each, None, path),
        at=at,
        value=value,
        low=context.value(spec.low, (*path, "low"), Kind.NUMBER),
        high=context.value(spec.high, (*path, "high"), Kind.NUMBER),
        period=period,
        each_period=each_period,
    )


def _local(at: Any, zone: ZoneInfo | None) -> Any:  # noqa: ANN401 - as the profile has it
    """Return how the time of a point is read, in the vendor's timezone if it names no offset."""
    if zone is None:
        return at
    parts = {"value": at} if isinstance(at, str) else dict(at)
    written = parts.get("timestamp", "iso")
    form = {"format": written} if isinstance(written, str) else written
    return {**parts, "timestamp": {"timezone": zone.key, **form}}


def _period(request: RequestPlan) -> tuple[Period | None, bool]:
    """Return whether a request can only ask for whole days or months, and one by one at that."""
    parts = [
        request.path,
        request.query,
        request.headers,
        *([request.body] if request.body else []),
    ]
    used = [
        reference
        for part in parts
        for reference in part.references
        if reference.name in PERIOD_NAMES
    ]
    patterns = [reference.format or "" for reference in used if "%" in (reference.format or "")]
    if not patterns or any(_HOUR.search(pattern) for pattern in patterns):
        return None, False
    each = len({reference.name for reference in used}) == 1
    return ("day" if any(_DAY.search(pattern) for pattern in patterns) else "month"), each
