from datetime import UTC, date, datetime
import os

from hypothesis import given, strategies as st
import pytest

from custom_components.vendor_bridge.bridge.cli.output import plain, table, to_json, value_text


@given(st.text())
def test_plain_text_is_one_visible_line(text: str) -> None:
    shown = plain(text)

    assert shown.isprintable()
    if text.isprintable():
        assert shown == text


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (None, "W", "unknown"),
        (True, None, "true"),
        (7.5, "W", "7.5 W"),
        ("on", None, "on"),
        (["ä", 1], None, '["ä", 1]'),
        ({"a": None}, None, '{"a": null}'),
        (date(2026, 1, 2), None, '"2026-01-02"'),
    ],
)
def test_values_as_a_table_shows_them(value: object, unit: str | None, shown: str) -> None:
    assert value_text(value, unit) == shown


def test_json_is_ascii_with_times_as_iso_8601() -> None:
    assert to_json({"a": datetime(2026, 1, 2, tzinfo=UTC), "b": ("\x9b",), "c": object}) == (
        '{"a": "2026-01-02T00:00:00+00:00", "b": ["\\u009b"], "c": "<class \'object\'>"}'
    )


def test_columns_are_aligned_by_what_they_take_on_a_screen(
    capsys: pytest.CaptureFixture[str],
) -> None:
    table(("NAME", "VALUE"), [("灯", 1), ("e\u0301te\u0301", 2), ("lamp", 3)])

    assert capsys.readouterr().out == ("NAME  VALUE\n灯    1\ne\u0301te\u0301   2\nlamp  3\n")


@pytest.mark.parametrize(
    ("columns", "last"),
    [
        (200, "a1  " + "x" * 60 + "  " + "y" * 40),
        (60, "a1  " + "x" * 26 + "…  " + "y" * 26 + "…"),
        (5, "a1  " + "x" * 7 + "…  " + "y" * 7 + "…"),
    ],
)
def test_a_table_is_cut_to_the_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: int, last: str
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setattr("shutil.get_terminal_size", lambda: os.terminal_size((columns, 24)))
    table(("ID", "NAME", "VALUE"), [("a1", "x" * 60, "y" * 40)])

    assert capsys.readouterr().out.splitlines()[-1] == last


def test_wide_characters_are_cut_whole(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setattr("shutil.get_terminal_size", lambda: os.terminal_size((8, 24)))
    table(("N",), [("灯" * 20,)])

    assert capsys.readouterr().out.splitlines()[-1] == "灯灯灯…"


def test_what_is_piped_is_never_cut(capsys: pytest.CaptureFixture[str]) -> None:
    table(("N",), [("x" * 500,)])

    assert capsys.readouterr().out.splitlines()[-1] == "x" * 500
