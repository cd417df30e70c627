"""What an account is set up with: from the command line, the environment, or a prompt."""

from collections.abc import Mapping, Sequence
import getpass
import math
import os
from pathlib import Path
import sys
from typing import Final

from ..profile.mistakes import close_to
from ..profile.plans import CompiledProfile
from ..profile.schema.api import SetupField
from .exits import MisuseError

PREFIX: Final = "VENDOR_BRIDGE_"
_YES: Final = frozenset({"true", "yes", "on", "1"})
_NO: Final = frozenset({"false", "no", "off", "0"})
_MAX_PORT: Final = 65535

type Setup = Mapping[str, str | int | float | bool]


def gather(profile: CompiledProfile, given: Sequence[str]) -> Setup:
    """Return a value for each field of the profile's form that has one.

    ``given`` are "name=value", and win over the environment, which wins over the profile's
    defaults; secrets that are still missing are asked for. Raises MisuseError.
    """
    texts = _split(profile, given)
    setup: dict[str, str | int | float | bool] = {}
    missing = []
    for name, field in profile.setup.items():
        text = texts.get(name, os.environ.get(PREFIX + name.upper()))
        if not text and field.default is None and field.required:
            text = _ask(name, field)
            if not text:
                missing.append(name)
                continue
        if text:
            setup[name] = _convert(name, field, text)
        elif field.default is not None:
            setup[name] = field.default
    if missing:
        raise MisuseError("; ".join(_how(name, profile.setup[name]) for name in missing))
    return setup


def _split(profile: CompiledProfile, given: Sequence[str]) -> dict[str, str]:
    texts = {}
    for part in given:
        name, equals, value = part.partition("=")
        if not equals:
            # It may be a secret without its name, so it is not repeated.
            raise MisuseError("--set takes name=value")
        if name not in profile.setup:
            known = ", ".join(profile.setup) or "nothing"
            hint = close_to(name, profile.setup) or f"it asks for {known}"
            raise MisuseError(f"--set {name}: the profile does not ask for that; {hint}")
        texts[name] = value
    return texts


def _ask(name: str, field: SetupField) -> str | None:
    """Ask for a secret where somebody is there to answer."""
    if field.type != "secret" or not sys.stdin.isatty():
        return None
    return getpass.getpass(f"{field.name or name}: ")


def _how(name: str, field: SetupField) -> str:
    variable = f"{PREFIX}{name.upper()}"
    if field.type == "pem":
        return f"{name} is missing: give --set {name}=@ and the name of its file"
    if field.type == "secret":
        return f"{name} is missing: set {variable}, give --set {name}=..., or run in a terminal"
    return f"{name} is missing: give --set {name}=... or set {variable}"


def _convert(name: str, field: SetupField, text: str) -> str | int | float | bool:
    """Return a value of the field's type. Raises MisuseError, without the value."""
    match field.type:
        case "pem":
            return _file(name, text)
        case "number":
            return _number(name, text)
        case "port":
            if not (text.isascii() and text.isdigit() and 0 < int(text[:6]) <= _MAX_PORT):
                raise MisuseError(f"--set {name}: expected a port from 1 to {_MAX_PORT}")
            return int(text)
        case "boolean":
            if text.lower() not in _YES | _NO:
                raise MisuseError(f"--set {name}: expected true or false")
            return text.lower() in _YES
        case "select":
            options = field.options or []
            if text not in options:
                hint = close_to(text, options)
                expected = f"--set {name}: expected one of {', '.join(options)}"
                raise MisuseError(f"{expected}; {hint}" if hint else expected)
    return text


def _file(name: str, text: str) -> str:
    """Return what is in the file that a text names after an @, else the text."""
    if not text.startswith("@"):
        return text
    try:
        return Path(text[1:]).read_text(encoding="utf-8")
    except (OSError, UnicodeError) as failed:
        raise MisuseError(
            f"--set {name}: the file cannot be read ({type(failed).__name__})"
        ) from None


def _number(name: str, text: str) -> int | float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise MisuseError(f"--set {name}: expected a number")
    return int(number) if number.is_integer() and text.strip("+-").isdigit() else number
