"""How the command line ends."""

from typing import Final

DONE: Final = 0
FAILED: Final = 1  # the vendor, or a command, failed
MISUSED: Final = 2  # the command line or a profile is wrong
INTERRUPTED: Final = 130  # as shells say of a program that Ctrl-C ended


class MisuseError(Exception):
    """What was asked cannot be done as it was asked; says why, and what to do."""
