"""The matrix as a table: printed at the end of a run, and kept in docs/reliability.md."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
import json
import os
from pathlib import Path
import platform
from typing import Any, Final, Self

from homeassistant import const
import pytest

from .faults import Fault, Operation
from .table import FAULTS

DOCUMENT: Final = Path(__file__).parents[2] / "docs/reliability.md"
TEMPLATE: Final = Path(__file__).with_name("reliability.template.md")

KILLED: Final = {
    "killed-before": "vendor killed before it has done it",
    "killed-after": "vendor killed after it has done it",
}
"""Faults that need a vendor with a process of its own."""

type Row = Sequence[str]


class IncompleteError(Exception):
    """Something has not been tried yet."""


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

    def keep(self, folder: Path) -> None:
        """Write what was found into a folder, over what an earlier run has found there."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in (("cells", self.cells), ("real", self.real)):
            if table:
                file = folder / f"{name}.json"
                before = json.loads(file.read_text()) if file.exists() else []
                merged = {(fault, operation): told for fault, operation, told in before} | table
                _write(file, [[*place, told] for place, told in merged.items()])
        if self.kills:
            _write(folder / "kills.json", self.kills)

    @classmethod
    def kept(cls, folder: Path) -> Self:
        """Return what runs have found. Raises IncompleteError unless every cell was tried."""
        try:
            cells, real, kills = (
                json.loads((folder / f"{name}.json").read_text())
                for name in ("cells", "real", "kills")
            )
        except FileNotFoundError as error:
            raise IncompleteError(f"{error.filename} is missing") from error
        made = cls(
            {(fault, operation): told for fault, operation, told in cells},
            {(fault, operation): told for fault, operation, told in real},
            kills,
        )
        wanted = {
            (fault.key, str(operation))
            for fault in FAULTS
            for operation in Operation
            if operation not in fault.not_for
        }
        if missing := wanted - made.cells.keys():
            raise IncompleteError(f"not tried: {', '.join(map('-'.join, sorted(missing)))}")
        return made


def _write(file: Path, content: Any) -> None:
    file.write_text(json.dumps(content, indent=1) + "\n")


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
    """Return the matrix for a terminal, of those faults that were tried."""
    head = ["fault", *map(str, Operation)]
    body = [
        row
        for row in rows(results)
        if any(told != "not tried" and not told.startswith("n/a") for told in row[1:])
    ]
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
        return f"n/a ({reasons.index(reason) + 1})"

    body = [[title, *map(noted, told)] for title, *told in rows(results)]
    titles = {fault.key: fault.title for fault in FAULTS} | KILLED
    filled = {
        "faults": str(len(FAULTS)),
        "cells": str(len(results.cells)),
        "verdict": verdict(results),
        "matrix": markdown(["Fault", *(str(one).capitalize() for one in Operation)], body),
        "notes": "Not applicable (n/a), because:\n\n"
        + "\n".join(f"{place}. {reason}" for place, reason in enumerate(reasons, 1)),
        "real": markdown(
            ["Fault", "Operation", "What happened"],
            [[titles.get(key, key), during, told] for (key, during), told in results.real.items()],
        ),
        "kills": markdown(
            ["", ""], [[name.capitalize(), str(value)] for name, value in results.kills.items()]
        ),
        "version": const.__version__,
        "python": platform.python_version(),
        "cores": str(os.process_cpu_count()),
    }
    text = TEMPLATE.read_text().replace("<kills> kills", f"{results.kills['kills']} kills")
    for name, value in filled.items():
        text = text.replace(f"<{name}>", value)
    return text


def verdict(results: Results) -> str:
    """Return how many cells were as they should be."""
    told = list(results.cells.values())
    failed = sum(one == "FAILED" for one in told)
    known = sum(one.startswith("known: ") for one in told)
    if not failed and not known:
        return "All were as they should be."
    said = [f"{len(told) - failed - known} were as they should be"]
    said += [f"{failed} were not"] if failed else []
    said += [f"{known} are known not to be, and say why"] if known else []
    return ", ".join(said) + "."
