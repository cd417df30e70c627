"""The matrix as a table: printed at the end of a run, and kept in docs/reliability.md."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest

from .faults import Fault, Operation
from .table import FAULTS

DOCUMENT: Final = Path(__file__).parents[2] / "docs/reliability.md"
TEMPLATE: Final = Path(__file__).with_name("reliability.md")
COMMAND: Final = "python -m tests.faults"

type Row = Sequence[str]


@dataclass(slots=True)
class Results:
    """What a run has found: outcomes by fault and operation, and whatever tests told besides."""

    cells: dict[tuple[str, str], str] = field(default_factory=dict)
    real: dict[tuple[str, str], str] = field(default_factory=dict)
    kills: dict[str, Any] = field(default_factory=dict)

    def take(self, report: pytest.TestReport) -> None:
        """Take what a test has told, and whether it failed."""
        told: Mapping[str, Any] = dict(report.user_properties)
        for name, table in (("cell", self.cells), ("real", self.real)):
            if name not in told:
                continue
            fault, operation = told[name]
            if report.failed:
                table[fault, operation] = "FAILED"
            elif hasattr(report, "wasxfail"):
                table[fault, operation] = f"known: {report.wasxfail.removeprefix('reason: ')}"
            elif report.when == "call":
                table[fault, operation] = told["outcome"]
        if "kills" in told and report.when == "call" and report.passed:
            self.kills = told["kills"]

    @property
    def complete(self) -> bool:
        """Return whether every cell of the matrix has been tried, and the kills."""
        wanted = {
            (fault.key, str(operation))
            for fault in FAULTS
            for operation in Operation
            if operation not in fault.not_for
        }
        return wanted <= self.cells.keys() and bool(self.real) and bool(self.kills)


def outcome(results: Results, fault: Fault, operation: Operation) -> str:
    """Return what to say in a cell."""
    if operation in fault.not_for:
        return f"n/a: {fault.not_for[operation]}"
    return results.cells.get((fault.key, str(operation)), "not tried")


def rows(results: Results) -> list[Row]:
    """Return the matrix without its head."""
    return [
        [fault.title, *(outcome(results, fault, operation) for operation in Operation)]
        for fault in FAULTS
    ]


def plain(results: Results) -> str:
    """Return the matrix for a terminal: one block a fault would be long, so one line each."""
    head = ["fault", *map(str, Operation)]
    body = [row for row in rows(results) if any(told != "not tried" for told in row[1:])]
    table = [head, *([_short(told) for told in row] for row in body)]
    widths = [max(len(row[place]) for row in table) for place in range(len(head))]
    return "\n".join(
        "  ".join(told.ljust(width) for told, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    )


def _short(told: str) -> str:
    return "n/a" if told.startswith("n/a") else told


def markdown(head: Row, body: Sequence[Row]) -> str:
    """Return a table as Markdown."""
    lines = [head, ["---"] * len(head), *body]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def document(results: Results) -> str:
    """Return docs/reliability.md."""
    reasons: list[str] = []

    def noted(told: str) -> str:
        if not told.startswith("n/a: "):
            return told
        reason = told.removeprefix("n/a: ")
        if reason not in reasons:
            reasons.append(reason)
        return f"n/a <sup>{reasons.index(reason) + 1}</sup>"

    body = [[title, *map(noted, told)] for title, *told in rows(results)]
    titles = {fault.key: fault.title for fault in FAULTS}
    filled = {
        "faults": str(len(FAULTS)),
        "cells": str(len(results.cells)),
        "failed": str(sum(told == "FAILED" for told in results.cells.values())),
        "known": str(sum(told.startswith("known: ") for told in results.cells.values())),
        "matrix": markdown(["Fault", *(str(one).capitalize() for one in Operation)], body),
        "notes": "\n".join(f"{place}. {reason}" for place, reason in enumerate(reasons, 1)),
        "real": markdown(
            ["Fault", "During", "What happened"],
            [[titles.get(key, key), during, told] for (key, during), told in results.real.items()],
        ),
        "kills": markdown(["", ""], [[name, str(value)] for name, value in results.kills.items()]),
    }
    text = TEMPLATE.read_text()
    for name, value in filled.items():
        text = text.replace(f"<!-- {name} -->", value)
    return text
