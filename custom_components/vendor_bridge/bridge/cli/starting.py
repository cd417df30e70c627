"""``new``: writes a profile to start from."""

import argparse
from pathlib import Path
from typing import Final

from .exits import DONE, MisuseError
from .output import say

STARTER: Final = Path(__file__).with_name("starter.yaml")


def new(options: argparse.Namespace) -> int:
    """Write the starter to a file, or print it. Returns the exit code."""
    text = STARTER.read_text(encoding="utf-8")
    if options.file in (None, "-"):
        print(text, end="")
        return DONE
    path = Path(options.file)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise MisuseError(f"{path} is there already") from None
    except OSError as failed:
        raise MisuseError(f"{path} cannot be written: {failed.strerror}") from None
    say(f"{path} is written; check it with: ./scripts/bridge check {path}")
    return DONE
