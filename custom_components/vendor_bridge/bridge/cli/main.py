"""Where the command line begins and ends."""

import argparse
import asyncio
from collections.abc import Callable, Sequence
import os
import sys
from typing import Final

from ..errors import BridgeError, ProfileError
from .arguments import make_parser
from .checking import check
from .commanding import send_command
from .exits import DONE, FAILED, INTERRUPTED, MISUSED, MisuseError
from .output import error, to_json
from .session import UnknownDeviceError
from .starting import new
from .tasking import tasks
from .trying import try_profile


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the command line says and return the exit code."""
    try:
        options = make_parser().parse_args(argv)
        code = _COMMANDS[options.command](options)
        sys.stdout.flush()
    except SystemExit as stop:  # argparse has printed its own usage or help
        return stop.code if isinstance(stop.code, int) else MISUSED
    except BrokenPipeError:
        # Whoever read the output has seen enough; Python must not fail on it again at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except (KeyboardInterrupt, BridgeError, MisuseError, UnknownDeviceError) as ended:
        return _end(ended)
    return code


def _end(ended: BaseException) -> int:
    """Say why it ended, one line for each reason, and return the exit code."""
    match ended:
        case KeyboardInterrupt():
            return INTERRUPTED
        case ProfileError():
            for mistake in ended.mistakes:
                error(mistake)
            return MISUSED
    error(f"error: {ended}")
    return MISUSED if isinstance(ended, MisuseError) else FAILED


def _try(options: argparse.Namespace) -> int:
    return asyncio.run(try_profile(options))


def _command(options: argparse.Namespace) -> int:
    return asyncio.run(send_command(options))


def _task(options: argparse.Namespace) -> int:
    return asyncio.run(tasks(options))


def _schema(options: argparse.Namespace) -> int:
    from ..profile.schema.export import json_schema  # noqa: PLC0415 - most runs do not need it

    print(to_json(json_schema(extension=options.tasks), indent=2))
    return DONE


def _reference(_options: argparse.Namespace) -> int:
    from ..profile.reference import reference_page  # noqa: PLC0415 - as above

    print(reference_page().rstrip("\n"))
    return DONE


def _platforms(_options: argparse.Namespace) -> int:
    from ..platforms.page import platforms_page  # noqa: PLC0415 - as above

    print(platforms_page().rstrip("\n"))
    return DONE


_COMMANDS: Final[dict[str, Callable[[argparse.Namespace], int]]] = {
    "check": check,
    "try": _try,
    "command": _command,
    "task": _task,
    "schema": _schema,
    "reference": _reference,
    "platforms": _platforms,
    "new": new,
}
