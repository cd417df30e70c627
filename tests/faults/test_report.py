"""The table, and the page that is made of it."""

from pathlib import Path
from typing import Any

import pytest

from .faults import Operation
from .report import DOCUMENT, IncompleteError, Results, document, plain
from .table import FAULTS

CELLS = {
    (fault.key, str(operation)): "kept, back in 1.2 s"
    for fault in FAULTS
    for operation in Operation
    if operation not in fault.not_for
}
KILLS = {"kills": 50, "seed": 7}


def made_report(outcome: str, told: dict[str, Any], when: str = "call") -> pytest.TestReport:
    """Return what pytest reports of a test that has told something."""
    return pytest.TestReport(
        nodeid="test",
        location=("test.py", 1, "test"),
        keywords={},
        outcome=outcome,  # type: ignore[arg-type]
        longrepr=None,
        when=when,  # type: ignore[arg-type]
        user_properties=list(told.items()),
    )


def results(**cells: str) -> Results:
    """Return what a run has found that has tried everything."""
    return Results(CELLS | {("refused", name): told for name, told in cells.items()}, {}, KILLS)


def test_there_are_faults_enough_and_no_two_are_called_the_same() -> None:
    assert len(FAULTS) >= 40
    assert len({fault.key for fault in FAULTS}) == len({fault.title for fault in FAULTS})
    assert len({fault.key for fault in FAULTS}) == len(FAULTS)


def test_outcomes_are_taken_from_tests_that_pass() -> None:
    found = Results()
    found.take(made_report("passed", {"cell": ("refused", "poll")}, "setup"))
    assert not found.cells
    told = {"cell": ["refused", "poll"], "outcome": "kept"}
    found.take(made_report("passed", told))
    found.take(made_report("passed", {"real": ["refused", "poll"], "outcome": "back"}))
    found.take(made_report("passed", {"kills": KILLS}))
    assert found.cells == {("refused", "poll"): "kept"}
    assert found.real == {("refused", "poll"): "back"}
    assert found.kills == KILLS


@pytest.mark.parametrize("when", ["call", "teardown"])
def test_a_test_that_fails_is_told_even_when_only_its_end_does(when: str) -> None:
    found = Results()
    told = {"cell": ("refused", "poll"), "outcome": "kept"}
    found.take(made_report("passed", told))
    found.take(made_report("failed", told, when))
    assert found.cells == {("refused", "poll"): "FAILED"}


def test_what_is_known_to_be_wrong_says_why() -> None:
    found = Results()
    report = made_report("skipped", {"cell": ("refused", "poll")})
    report.wasxfail = "reason: it is too old"
    found.take(report)
    assert found.cells == {("refused", "poll"): "known: it is too old"}


def test_outcomes_survive_from_one_run_to_the_next(tmp_path: Path) -> None:
    with pytest.raises(IncompleteError, match=r"cells\.json"):
        Results.kept(tmp_path)
    Results(CELLS, {("hang", "poll"): "back"}, {}).keep(tmp_path)
    Results({}, {}, KILLS).keep(tmp_path)
    kept = Results.kept(tmp_path)
    assert (kept.cells, kept.real, kept.kills) == (CELLS, {("hang", "poll"): "back"}, KILLS)


def test_a_cell_that_was_not_tried_is_missed(tmp_path: Path) -> None:
    cells = {place: told for place, told in CELLS.items() if place != ("hang", "poll")}
    Results(cells, {("hang", "poll"): "back"}, KILLS).keep(tmp_path)
    with pytest.raises(IncompleteError, match="hang-poll"):
        Results.kept(tmp_path)


def test_page_tells_how_many_cells_are_not_as_they_should_be() -> None:
    assert "All were as they should be." in document(results())
    text = document(results(poll="FAILED", form="known: reasons"))
    assert "1 were not" in text
    assert "1 are known not to be" in text


def test_page_has_no_gaps() -> None:
    text = document(results())
    assert "50 kills included" in text
    assert "<" not in text.replace("<br>", "")


def test_terminal_shows_only_what_was_tried() -> None:
    table = plain(Results({("refused", "poll"): "kept"}))
    head, row = table.splitlines()
    assert head.split() == ["fault", *Operation]
    assert row.startswith("connection refused")


def test_page_that_is_kept_is_of_this_matrix() -> None:
    text = DOCUMENT.read_text()
    for fault in FAULTS:
        assert f"| {fault.title} |" in text
    assert "FAILED" not in text
    assert "not tried |" not in text
