"""Try everything and write docs/reliability.md: ``.venv/bin/python -m tests.faults``."""

import argparse
import os
from pathlib import Path
import shutil
import subprocess
import sys

from .report import DOCUMENT, IncompleteError, Results, document

ROOT = Path(__file__).parents[2]
OUTCOMES = ROOT / ".work/faults"


def main() -> int:
    """Return 0 once the page is written."""
    parser = argparse.ArgumentParser(prog=".venv/bin/python -m tests.faults", description=__doc__)
    parser.add_argument("--kills", type=int, default=50, help="of Home Assistant (50)")
    parser.add_argument("--workers", type=int, default=4, help="processes that try (4)")
    parser.add_argument(
        "--only-write", action="store_true", help="try nothing: use what runs have found before"
    )
    options = parser.parse_args()
    if not options.only_write:
        shutil.rmtree(OUTCOMES, ignore_errors=True)
        command = [sys.executable, "-m", "pytest", "-m", "faults", "tests/faults"]
        command += ["-n", str(options.workers), "--dist", "loadgroup"]
        command += ["-o", "faulthandler_timeout=0", "--keep-outcomes", str(OUTCOMES)]
        environment = {**os.environ, "VENDOR_BRIDGE_KILLS": str(options.kills)}
        done = subprocess.run(command, cwd=ROOT, env=environment, check=False)
        if done.returncode:
            return done.returncode
    try:
        DOCUMENT.write_text(document(Results.kept(OUTCOMES)))
    except IncompleteError as error:
        print(f"not written: {error}", file=sys.stderr)
        return 1
    print(f"written: {DOCUMENT.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
