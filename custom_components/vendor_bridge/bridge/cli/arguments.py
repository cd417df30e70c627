"""What the command line takes."""

import argparse

from .setup import PREFIX

_SETUP = f"""\
What a profile asks for (its `setup`) comes from --set, else from the environment, as
{PREFIX}PASSWORD for `password`. Others on this machine can see a command line, so that
secrets belong in the environment; those that are missing are asked for in a terminal.
"""
_EXITS = """\
Exit codes: 0 done; 1 the vendor or the command failed; 2 the command line or a profile is
wrong; 130 interrupted.
"""


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="./scripts/bridge",
        description="Check profiles of Vendor Bridge and try them, without Home Assistant.",
        epilog=_EXITS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    check = _add(commands, "check", "check profiles and tell all of their mistakes")
    check.add_argument(
        "profiles",
        nargs="+",
        metavar="PROFILE",
        help="a file, a folder of files, or the id of a bundled profile",
    )

    trying = _add(commands, "try", "connect, list the devices and print what is observed", _SETUP)
    _add_account(trying)
    trying.add_argument(
        "--device", action="append", default=[], metavar="ID", help="this device only; repeatable"
    )
    trying.add_argument(
        "--monitor",
        action="append",
        default=[],
        metavar="KEY",
        help="this monitor only; repeatable",
    )
    trying.add_argument(
        "--watch", action="store_true", help="go on, and print what changes, until Ctrl-C"
    )

    command = _add(commands, "command", "send a command and wait until it took effect", _SETUP)
    _add_account(command)
    command.add_argument("--device", required=True, metavar="ID", help="the device's vendor id")
    command.add_argument(
        "--command",
        required=True,
        dest="command_name",
        metavar="NAME",
        help="as in light.main.turn_on; turn_on alone where only one entity has it",
    )
    command.add_argument(
        "--data",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="what the command takes, also as a JSON object; repeatable",
    )

    task = _add(commands, "task", "list the tasks of an account, or run one", _SETUP)
    _add_account(task)
    task.add_argument(
        "--device", metavar="ID", help="the device's vendor id; without it, the account's own tasks"
    )
    task.add_argument("--task", metavar="KEY", help="run it; without it, tasks are listed")
    task.add_argument(
        "--data",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="what the task is told, also as a JSON object; repeatable",
    )

    schema = _add(commands, "schema", "print the JSON Schema of profiles, for editors")
    schema.add_argument(
        "--tasks", action="store_true", help="that of files which only add tasks to a profile"
    )
    _add(commands, "reference", "print the reference of the profile's language, in Markdown")
    _add(commands, "platforms", "print what entities of each platform can have, in Markdown")
    new = _add(commands, "new", "write a profile to start from")
    new.add_argument("file", nargs="?", metavar="FILE", help="printed without it")
    return parser


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    text: str,
    epilog: str = "",
) -> argparse.ArgumentParser:
    return commands.add_parser(
        name,
        help=text,
        description=f"{text[0].upper()}{text[1:]}.",
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def _add_account(parser: argparse.ArgumentParser) -> None:
    """Add what both commands that speak to a vendor take."""
    parser.add_argument("profile", metavar="PROFILE", help="a file, or the id of a bundled profile")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="what the profile asks for; repeatable",
    )
    parser.add_argument(
        "--certificate",
        metavar="SHA256",
        help="the fingerprint of the only certificate to accept, whoever vouches for it",
    )
    parser.add_argument(
        "--answers",
        action="store_true",
        help="in the end, also what the vendor answered to each request, without credentials",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
