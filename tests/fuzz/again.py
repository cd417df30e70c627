"""Runs inputs that broke something again, without atheris.

``.venv/bin/python -m tests.fuzz.again FILE``
"""

from importlib import import_module
from pathlib import Path
import sys
import time

from . import stand_in


def main() -> None:
    """Run each input with the target that its file's name begins with."""
    stand_in()
    module = import_module(f"{__package__}.targets")
    for file in map(Path, sys.argv[1:]):
        name = file.name.partition("-")[0]
        run = module.run_any if name == "all" else module.TARGETS[name].run
        began = time.perf_counter()
        run(file.read_bytes())
        print(f"{file.name}: nothing broke, in {time.perf_counter() - began:.2f} s")


if __name__ == "__main__":
    main()
