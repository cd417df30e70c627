"""Measure this integration beside Home Assistant's own ways to the same data, and the limit.

All columns of a table run at once, each in a Home Assistant of its own, and are refreshed in turn,
so that what else the machine does slows all of them alike. CPU is that of the whole process, and
of those that it starts. In brackets stand the quartiles: half of all rounds were between them.
"""

import argparse
import asyncio
from collections.abc import Sequence
import json
from pathlib import Path
import sys
import tempfile
import time

from . import printing
from .columns import NAMES, ColumnError, Contestant, given
from .measures import Report
from .processes import BenchError, stub_vendor
from .scenarios import LONG, SCENARIOS, Bench

ROUNDS = 9


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="./scripts/bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "integration",
        nargs="*",
        type=Path,
        help="folder of another custom integration, or of another version of this one, to measure"
        " beside; what is no Vendor Bridge is configured in YAML as `rest` is",
    )
    parser.add_argument(
        "--configuration",
        type=Path,
        metavar="FILE",
        help="YAML to configure that integration with instead: a template, in which {{ url }},"
        " {{ devices }} and {{ attributes }} stand for the stub vendor's",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there, too")
    parser.add_argument(
        "--rounds", type=int, default=ROUNDS, help=f"rounds of each refresh ({ROUNDS})"
    )
    parser.add_argument(
        "--only", action="append", choices=SCENARIOS, metavar="SCENARIO", help=", ".join(SCENARIOS)
    )
    parser.add_argument(
        "--long", action="store_true", help="also an hour of simulated time, in two minutes"
    )
    options = parser.parse_args(argv)
    if options.configuration and not options.integration:
        parser.error("--configuration says how to configure an integration: which one?")
    try:
        extra = [given(path, options.configuration) for path in options.integration]
    except ColumnError as error:
        parser.error(str(error))
    names = [one.name for one in extra]
    if len({*names, *NAMES}) < len(names) + len(NAMES):
        parser.error("two columns would have the same name")
    try:
        report = asyncio.run(_run(options, extra))
    except BenchError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    if options.json:
        options.json.write_text(json.dumps(printing.as_json(report), indent=2) + "\n")
    return 0


async def _run(options: argparse.Namespace, extra: Sequence[Contestant]) -> Report:
    report = Report()
    with tempfile.TemporaryDirectory(prefix="vendor-bridge-bench-") as name:
        folder = Path(name)
        async with stub_vendor(folder) as stub:
            short = [name for name in SCENARIOS if options.long or name not in LONG]
            for scenario in options.only or short:
                shown = len(report.tables)
                print(f"... {scenario}", file=sys.stderr)
                bench = Bench(
                    stub=stub,
                    report=report,
                    folder=folder / scenario,
                    rounds=options.rounds,
                    extra=extra,
                )
                began = time.monotonic()
                await SCENARIOS[scenario](bench)
                print(f"    took {time.monotonic() - began:.0f} s", file=sys.stderr)
                for table in report.tables[shown:]:
                    print(printing.table(table), end="\n\n")
    print(printing.targets(report.targets))
    print("\n" + ", ".join(f"{name} {value}" for name, value in printing.machine().items()))
    return report


if __name__ == "__main__":
    sys.exit(main())
