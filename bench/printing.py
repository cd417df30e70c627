"""Reports, written for people and for programs."""

from collections.abc import Sequence
from dataclasses import asdict
import os
from pathlib import Path
import platform

from homeassistant.const import __version__

from .measures import Report, Spread, Table, Target


def machine() -> dict[str, str | int]:
    """Return on what it was measured."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = info.read_text().splitlines()
        model = next((line.partition(": ")[2] for line in lines if "model name" in line), model)
    return {
        "cpu": model,
        "cores": os.cpu_count() or 1,
        "system": platform.system(),
        "python": platform.python_version(),
        "home_assistant": __version__,
    }


def _number(value: float) -> str:
    if value == int(value):
        return f"{value:.0f}"
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"


def _cell(value: float | Spread | None) -> str:
    match value:
        case None:
            return "-"
        case Spread():
            return f"{_number(value.median)} ({_number(value.low)} to {_number(value.high)})"
    return _number(value)


def table(shown: Table) -> str:
    """Return a table as Markdown, which is also readable as it is."""
    headings = list(dict.fromkeys(heading for row in shown.rows.values() for heading in row))
    lines = [["", *headings]]
    lines += [
        [name, *(_cell(row.get(heading)) for heading in headings)]
        for name, row in shown.rows.items()
    ]
    return f"{shown.title}\n\n{_aligned(lines)}"


def _aligned(lines: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join(
        "| " + " | ".join(_padded(cell, width, place) for place, (cell, width) in cells) + " |"
        for line in (lines[0], rule, *lines[1:])
        for cells in [enumerate(zip(line, widths, strict=True))]
    )


def _padded(cell: str, width: int, place: int) -> str:
    return cell.rjust(width) if place else cell.ljust(width)


def targets(shown: Sequence[Target]) -> str:
    """Return what had to be shown, and whether it was."""
    lines = [["", "measured", "at most", "holds"]]
    lines += [
        [
            target.what,
            f"{_cell(target.figure)}{target.unit}",
            f"{_number(target.most)}{target.unit}",
            "yes" if target.holds else "NO",
        ]
        for target in shown
    ]
    return _aligned(lines)


def as_json(report: Report) -> dict[str, object]:
    """Return a report for a program."""
    return {
        "machine": machine(),
        "tables": [asdict(one) for one in report.tables],
        "targets": [asdict(one) | {"holds": one.holds} for one in report.targets],
    }
