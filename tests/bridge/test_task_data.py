"""What a task is told: what is taken, what is made of it, and what is said of the rest."""

from datetime import UTC, date, datetime, time, timedelta
import json
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.vendor_bridge.bridge.errors import TaskDataError
from custom_components.vendor_bridge.bridge.task_data import check_data
from custom_components.vendor_bridge.bridge.tasks import FieldType, Task, TaskField, TaskOption

ROOMS = (
    TaskOption(value=16, label="Kitchen"),
    TaskOption(value=17, label="Hall"),
    TaskOption(value="attic", label="Attic"),
)
BERLIN = ZoneInfo("Europe/Berlin")


def task(kind: FieldType, **more: Any) -> Task:
    return Task(key="t", name="T", fields=(TaskField(key="it", type=kind, name="It", **more),))


@pytest.mark.parametrize(
    ("kind", "more", "value", "made"),
    [
        ("text", {}, "Hall", "Hall"),
        ("text", {}, 7, "7"),
        ("secret", {}, "1234", "1234"),
        ("number", {}, "2.5", 2.5),
        ("number", {"min": 0, "max": 1, "step": 0.1}, 0.7, 0.7),
        ("number", {"min": 5, "step": 2}, 9, 9),
        ("integer", {}, 3.0, 3),
        ("integer", {"min": 1, "max": 3}, "2", 2),
        ("boolean", {}, "on", True),
        ("boolean", {}, False, False),
        ("select", {"options": ROOMS}, "16", 16),
        ("select", {"options": ROOMS}, "Hall", 17),
        ("select", {}, "whatever the vendor has", "whatever the vendor has"),
        ("texts", {"options": ROOMS}, ["16", "Hall", "attic", 16], [16, 17, "attic"]),
        ("texts", {"options": ROOMS}, "attic", ["attic"]),
        ("texts", {}, ["b", "a", "b"], ["b", "a", "b"]),
        ("date", {}, "2026-12-24", date(2026, 12, 24)),
        ("date", {}, datetime(2026, 12, 24, 5, tzinfo=UTC), date(2026, 12, 24)),
        ("time", {}, "06:30:00", time(6, 30)),
        ("datetime", {}, "2026-12-24 18:00:00", datetime(2026, 12, 24, 17, tzinfo=UTC)),
        ("datetime", {}, "2026-12-24T18:00:00Z", datetime(2026, 12, 24, 18, tzinfo=UTC)),
        ("duration", {}, 90, 90),
        ("duration", {}, "0:01:30", 90),
        ("duration", {}, "1:30", 5400),
        ("duration", {}, {"hours": 1, "minutes": 2, "seconds": 3}, 3723),
        ("duration", {}, timedelta(minutes=2), 120),
        ("device", {}, "VAC-0001", "VAC-0001"),
    ],
)
def test_what_is_taken(kind: str, more: dict[str, Any], value: object, made: object) -> None:
    told = check_data(task(FieldType(kind), **more), {"it": value}, BERLIN)
    assert told == {"it": made}
    assert type(told["it"]) is type(made)


@pytest.mark.parametrize(
    ("kind", "more", "value", "reason"),
    [
        ("text", {}, ["a"], "it is a text, not"),
        ("text", {}, "x" * 10_001, "more than 10000 letters"),
        ("text", {}, "\ud800", "half a letter"),
        ("secret", {}, {"pin": "1234"}, "it is a text, not something else"),
        ("number", {}, "many", "it is a number, not 'many'"),
        ("number", {}, float("nan"), "it is a number"),
        ("number", {}, True, "it is a number, not true"),
        ("number", {}, 10**400, "too many digits"),
        ("number", {"step": 0.1}, 1e308, "too many digits"),
        ("integer", {}, 1e300, "too many digits"),
        ("integer", {}, -(10**400), "too many digits"),
        ("duration", {}, {"hours": 10**400}, "too many digits"),
        ("number", {"min": 5, "unit_of_measurement": "kW"}, 4.5, r"at least 5 kW, not 4\.5"),
        ("number", {"max": 5}, 6, "at most 5, not 6"),
        ("number", {"min": 5, "step": 2}, 8, "in steps of 2 from 5, not to 8"),
        ("integer", {}, 2.5, r"it is a whole number, not 2\.5"),
        ("boolean", {}, "perhaps", "it is true or false, not 'perhaps'"),
        ("boolean", {}, 1, "it is true or false"),
        ("select", {"options": ROOMS}, "attik", "it is one of '16', '17', 'attic', not 'attik'"),
        ("select", {"options": ROOMS}, "attik", "did you mean 'attic'"),
        ("texts", {"options": ROOMS}, ["Hall", "Moon"], "not 'Moon'"),
        ("texts", {"required": True}, [], "at least one item"),
        ("texts", {}, {"a": 1}, "it is a list, not"),
        ("texts", {}, ["a"] * 501, "more than 500"),
        ("date", {}, "24.12.2026", "it is a day such as"),
        ("time", {}, "half past six", "it is a time as 06:30"),
        ("datetime", {}, "tomorrow", "it is a time such as"),
        ("datetime", {}, "0001-01-01T00:00:00+14:00", "no calendar has"),
        ("duration", {}, "a while", "it is a number, not 'a while'"),
        ("duration", {}, {"weeks": 1}, "it is a duration such as"),
        ("duration", {}, -1, "it is a duration of 0 to"),
    ],
)
def test_what_is_not(kind: str, more: dict[str, Any], value: object, reason: str) -> None:
    with pytest.raises(TaskDataError, match=reason) as raised:
        check_data(task(FieldType(kind), **more), {"it": value}, BERLIN)
    assert raised.value.field == "it"


def test_what_is_missing_or_too_much() -> None:
    fields = (
        TaskField(key="rooms", type=FieldType.TEXTS, name="Rooms", required=True),
        TaskField(key="passes", type=FieldType.INTEGER, name="Passes", default=1),
        TaskField(key="note", type=FieldType.TEXT, name="Note"),
    )
    clean = Task(key="clean", name="Clean", fields=fields)
    assert check_data(clean, {"rooms": ["Hall"], "note": None}) == {"rooms": ["Hall"], "passes": 1}
    with pytest.raises(TaskDataError, match="rooms: it has to be filled in"):
        check_data(clean, {})
    with pytest.raises(TaskDataError, match="room: there is no such field; did you mean 'rooms'"):
        check_data(clean, {"room": "Hall"})
    with pytest.raises(TaskDataError, match="xyz: there is no such field; it takes none"):
        check_data(Task(key="stop", name="Stop"), {"xyz": 1})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


def attempt(what: Task, value: object) -> tuple[dict[str, Any], TaskDataError | None]:
    """Return what is made of a value, or why it is refused."""
    try:
        return check_data(what, {"it": value}), None
    except TaskDataError as error:
        return {}, error


@given(kind=st.sampled_from(FieldType), value=JSON, with_options=st.booleans())
def test_anything_is_taken_or_refused(kind: FieldType, value: object, with_options: bool) -> None:
    options = ROOMS if with_options and kind in {FieldType.SELECT, FieldType.TEXTS} else ()
    what = task(kind, options=options, min=-5, max=5)
    told, refused = attempt(what, value)
    if refused is not None:
        assert refused.field == "it"
        assert len(refused.reason) < 300
        return
    assert (value is None) == (told == {})
    assert check_data(what, told) == told, "what was taken is taken again as it is"
    if options:
        chosen = told.get("it", [])
        known = {option.value for option in ROOMS}
        assert (set(chosen) if isinstance(chosen, list) else {chosen}) <= known


@given(secret=st.text(min_size=5) | st.dictionaries(st.text(min_size=5), JSON, min_size=1))
def test_a_secret_is_never_shown(secret: object) -> None:
    _, refused = attempt(task(FieldType.SECRET), secret)
    shown = json.dumps(secret)[1:-1]
    assert refused is None or len(shown) < 6 or shown not in str(refused)
