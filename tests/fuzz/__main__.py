"""``./scripts/fuzz``: fuzzes every target, or one, and tells what came of it."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
import re
import shutil
import subprocess
import sys
import time
from typing import Final

from . import ROOT

NAMES: Final = (
    *("profile", "account", "answers", "value", "path", "template"),
    *("answer", "headers", "link", "described", "tokens", "words"),
)
"""The targets; a test holds this to the table, which takes long to load."""

WORK: Final = ROOT / ".work" / "fuzz"
SECONDS_EACH: Final = 10
"""An input that takes longer is a finding, on a machine that has other things to do besides."""

MEGABYTES: Final = 1024
MEGABYTES_AT_ONCE: Final = 256
SHORT: Final = 120
"""Seconds below which all targets share one process: starting one takes some seconds."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of fuzzing a target; ``found`` are the files with the inputs that broke it."""

    name: str
    executions: int
    seconds: float
    corpus: int
    found: Sequence[Path]
    output: str


def fuzz(name: str, seconds: int) -> Outcome:
    """Fuzz a target for some seconds, or until something is found."""
    corpus, findings = WORK / "corpus" / name, WORK / "findings"
    shutil.rmtree(corpus, ignore_errors=True)
    findings.mkdir(parents=True, exist_ok=True)
    before = set(findings.iterdir())
    command = [
        *(sys.executable, "-m", f"{__package__}.driver", name, str(corpus)),
        f"-max_total_time={seconds}",
        f"-timeout={SECONDS_EACH}",
        f"-rss_limit_mb={MEGABYTES}",
        f"-malloc_limit_mb={MEGABYTES_AT_ONCE}",
        f"-artifact_prefix={findings}/{name}-",
        "-print_final_stats=1",
    ]
    began = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)  # noqa: S603 - our own
    output = (done.stdout + done.stderr).decode("utf-8", "replace")
    found = sorted(set(findings.iterdir()) - before)
    if done.returncode and not found:
        found = [findings]  # it broke without an input: the output says how
    counted = re.search(r"number_of_executed_units: *(\d+)", output)
    last = re.findall(r"^#(\d+)\t", output, re.MULTILINE)
    return Outcome(
        name=name,
        executions=int(counted[1]) if counted else int(last[-1]) if last else 0,
        seconds=time.monotonic() - began,
        corpus=sum(1 for _ in corpus.iterdir()) if corpus.is_dir() else 0,
        found=found,
        output=output,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command. Returns 0 where nothing was found."""
    parser = argparse.ArgumentParser(prog="fuzz", description=__doc__)
    parser.add_argument("seconds", nargs="?", type=int, default=600, help="in all (600)")
    parser.add_argument("target", nargs="?", choices=[*NAMES, "all"], help="each in turn")
    chosen = parser.parse_args(arguments)
    if chosen.target:
        names: Sequence[str] = [chosen.target]
    else:
        names = NAMES if chosen.seconds >= SHORT else ["all"]
    row = "{:<10} {:>11} {:>9} {:>8}  {}"
    print(row.format("target", "executions", "seconds", "corpus", "findings"))
    outcomes = []
    for name in names:
        outcome = fuzz(name, max(chosen.seconds // len(names), 1))
        outcomes.append(outcome)
        found = ", ".join(str(path.relative_to(ROOT)) for path in outcome.found) or "none"
        took, kept = f"{outcome.seconds:.0f}", outcome.corpus
        print(row.format(name, outcome.executions, took, kept, found), flush=True)
    executions = sum(outcome.executions for outcome in outcomes)
    took = f"{sum(outcome.seconds for outcome in outcomes):.0f}"
    found = str(sum(len(outcome.found) for outcome in outcomes))
    print(row.format("in all", executions, took, "", found))
    for outcome in outcomes:
        if outcome.found:
            print(f"\n--- {outcome.name}\n{_end_of(outcome.output)}")
    return int(any(outcome.found for outcome in outcomes))


def _end_of(output: str) -> str:
    """Return the part of the output that says what broke."""
    lines = [line for line in output.splitlines() if not line.startswith("INFO: ")]
    text = "\n".join(lines)
    at = text.find("Uncaught Python exception")
    return text[at : at + 6000] if at >= 0 else text[-6000:]


if __name__ == "__main__":
    sys.exit(main())
