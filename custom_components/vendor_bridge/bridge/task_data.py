"""What a task is told, checked against its fields."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
import math
import re
from typing import Any, Final

from .errors import TaskDataError
from .profile.words import close_to, listed, show
from .tasks import FieldType, Scalar, Task, TaskField

LONGEST_TEXT: Final = 10_000
MOST_TEXTS: Final = 500
LONGEST_DURATION: Final = 366 * 86400

_HIGHEST_WHOLE: Final = 2**63
"""Beyond it is what JSON does not carry from one computer to another."""

_CLOCK: Final = re.compile(r"(\d{1,4}):([0-5]?\d)(?::([0-5]?\d(?:\.\d+)?))?")
_PARTS: Final[Mapping[str, float]] = {
    "days": 86400,
    "hours": 3600,
    "minutes": 60,
    "seconds": 1,
    "milliseconds": 0.001,
}
_WORDS: Final[Mapping[str, bool]] = {"true": True, "on": True, "false": False, "off": False}
_SLACK: Final = 1e-6
"""How far a number may be from a step, in steps: 0.1 is no number that a computer knows."""


class _WrongError(Exception):
    """Why a value does not fit its field."""


def check_data(task: Task, data: Mapping[str, Any], zone: tzinfo = UTC) -> dict[str, Any]:
    """Return what a task is told, each value as its field's type says, defaults filled in.

    A field that is not filled in and has no default is absent. A time of day in no zone is one in
    ``zone``. Raises TaskDataError, which names the field.
    """
    fields = {field.key: field for field in task.fields}
    for key in data:
        if key not in fields:
            takes = f"it takes {', '.join(fields)}" if fields else "it takes none"
            hint = close_to(key, fields) or takes
            raise TaskDataError(str(key), f"there is no such field; {hint}")
    told: dict[str, Any] = {}
    for key, field in fields.items():
        value = data.get(key)
        if value is None:
            value = field.default
        if value is not None:
            try:
                told[key] = _CHECKS[field.type](field, value, zone)
            except _WrongError as wrong:
                raise TaskDataError(key, str(wrong)) from None
        elif field.required:
            raise TaskDataError(key, "it has to be filled in")
    return told


def secrets(task: Task, data: Mapping[str, Any]) -> list[str]:
    """Return what of a task's data must be shown nowhere."""
    return [
        str(data[field.key])
        for field in task.fields
        if field.type is FieldType.SECRET and data.get(field.key)
    ]


def _came(field: TaskField, value: object) -> str:
    """Return a value as a message can show it, unless it is nobody's business."""
    return "something else" if field.type is FieldType.SECRET else show(value)


def _text(field: TaskField, value: Any, _zone: tzinfo) -> str:  # noqa: ANN401 - a stranger's
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise _WrongError(f"it is a text, not {_came(field, value)}")
    text = str(value)
    if len(text) > LONGEST_TEXT:
        raise _WrongError(f"it has more than {LONGEST_TEXT} letters")
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise _WrongError("it has half a letter")
    return text


def _number(field: TaskField, value: Any, _zone: tzinfo) -> float:  # noqa: ANN401
    number = value
    if isinstance(value, str):
        try:
            number = float(value) if len(value) < 40 else math.nan  # noqa: PLR2004 - digits
        except ValueError:
            number = math.nan
    if (
        isinstance(number, bool)
        or not isinstance(number, int | float)
        or (isinstance(number, float) and math.isnan(number))
    ):
        raise _WrongError(f"it is a number, not {_came(field, value)}")
    if abs(number) > _HIGHEST_WHOLE:
        raise _WrongError("it is a number that has too many digits")
    unit = f" {field.unit_of_measurement}" if field.unit_of_measurement else ""
    if field.min is not None and number < field.min:
        raise _WrongError(f"it is at least {field.min:g}{unit}, not {number:g}")
    if field.max is not None and number > field.max:
        raise _WrongError(f"it is at most {field.max:g}{unit}, not {number:g}")
    if field.step:
        steps = (number - (field.min or 0)) / field.step
        if abs(steps - round(steps)) > max(_SLACK, abs(steps) * _SLACK):
            start = f" from {field.min:g}" if field.min is not None else ""
            raise _WrongError(f"it goes in steps of {field.step:g}{start}, not to {number:g}")
    return number


def _integer(field: TaskField, value: Any, zone: tzinfo) -> int:  # noqa: ANN401
    number = _number(field, value, zone)
    if number != round(number):
        raise _WrongError(f"it is a whole number, not {number:g}")
    return round(number)


def _boolean(field: TaskField, value: Any, _zone: tzinfo) -> bool:  # noqa: ANN401
    known = _WORDS.get(value.lower()) if isinstance(value, str) else value
    if not isinstance(known, bool):
        raise _WrongError(f"it is true or false, not {_came(field, value)}")
    return known


def _select(field: TaskField, value: Any, zone: tzinfo) -> Scalar:  # noqa: ANN401
    text = _text(field, value, zone)
    if not field.options:
        return text
    for option in field.options:
        if text == str(option.value):
            return option.value
    by_label = [option.value for option in field.options if option.label == text]
    if len(by_label) == 1:
        return by_label[0]
    known = [str(option.value) for option in field.options]
    hint = close_to(text, known)
    meant = f"; {hint}" if hint else ""
    raise _WrongError(f"it is one of {listed(known)}, not {show(text)}{meant}")


def _texts(field: TaskField, value: Any, zone: tzinfo) -> list[Scalar]:  # noqa: ANN401
    parts: Sequence[Any] = [value] if isinstance(value, str | int | float) else value
    if isinstance(value, bool) or not isinstance(parts, list | tuple):
        raise _WrongError(f"it is a list, not {_came(field, value)}")
    if len(parts) > MOST_TEXTS:
        raise _WrongError(f"it has more than {MOST_TEXTS} items")
    if field.required and not parts:
        raise _WrongError("it has to have at least one item")
    chosen = [_select(field, part, zone) for part in parts]
    return list(dict.fromkeys(chosen)) if field.options else chosen


def _iso[T](parse: Callable[[str], T], value: Any, what: str) -> T:  # noqa: ANN401
    if isinstance(value, str) and len(value) <= 40:  # noqa: PLR2004 - letters
        try:
            return parse(value.strip())
        except ValueError:
            pass
    raise _WrongError(f"it is {what}, not {show(value)}")


def _date(_field: TaskField, value: Any, _zone: tzinfo) -> date:  # noqa: ANN401
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return _iso(date.fromisoformat, value, "a day such as 2026-12-24")


def _time(_field: TaskField, value: Any, _zone: tzinfo) -> time:  # noqa: ANN401
    return value if isinstance(value, time) else _iso(time.fromisoformat, value, "a time as 06:30")


def _datetime(_field: TaskField, value: Any, zone: tzinfo) -> datetime:  # noqa: ANN401
    moment = (
        value
        if isinstance(value, datetime)
        else _iso(datetime.fromisoformat, value, "a time such as 2026-12-24 18:00")
    )
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)
    try:
        return aware.astimezone(UTC)
    except OverflowError, ValueError:
        raise _WrongError("it is a time that no calendar has") from None


def _duration(field: TaskField, value: Any, zone: tzinfo) -> float:  # noqa: ANN401
    """Return seconds, out of a number of them, "h:mm:ss", or a mapping of hours, minutes ..."""
    seconds: Any = value
    if isinstance(value, timedelta):
        seconds = value.total_seconds()
    elif isinstance(value, Mapping) and value and set(value) <= _PARTS.keys():
        bare = TaskField(key=field.key, type=FieldType.NUMBER, name=field.name)
        seconds = sum(_number(bare, part, zone) * _PARTS[name] for name, part in value.items())
    elif isinstance(value, str) and (found := _CLOCK.fullmatch(value.strip())):
        hours, minutes, rest = found.groups()
        seconds = int(hours) * 3600 + int(minutes) * 60 + float(rest or 0)
    if isinstance(seconds, Mapping | list):
        raise _WrongError(f"it is a duration such as 0:30:00, not {show(value)}")
    number = _number(field, seconds, zone)
    if not 0 <= number <= LONGEST_DURATION:
        raise _WrongError(f"it is a duration of 0 to {LONGEST_DURATION} s, not {number:g}")
    return round(number) if number == round(number) else number


_CHECKS: Final[Mapping[FieldType, Callable[[TaskField, Any, tzinfo], Any]]] = {
    FieldType.TEXT: _text,
    FieldType.SECRET: _text,
    FieldType.NUMBER: _number,
    FieldType.INTEGER: _integer,
    FieldType.BOOLEAN: _boolean,
    FieldType.SELECT: _select,
    FieldType.TEXTS: _texts,
    FieldType.DATE: _date,
    FieldType.TIME: _time,
    FieldType.DATETIME: _datetime,
    FieldType.DURATION: _duration,
    FieldType.DEVICE: _text,
}
