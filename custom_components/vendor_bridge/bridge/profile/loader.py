"""From a profile's text to a profile that is ready to run."""

from collections.abc import Callable, Mapping
import json
from pathlib import Path
import re
from typing import Any, Final

import probatio

from ..errors import Mistake, ProfileError
from .compiler import compile_profile, compile_types
from .compiler.extension import compile_extension
from .mistakes import Mistakes, close_to, mistakes_from
from .plans import CompiledProfile
from .schema.extension import EXTENSION, Extension
from .schema.root import SCHEMA, TYPES, Profile
from .source import MAX_BYTES, Source, read_source

_EXTENDS: Final = re.compile(r"""^["']?extends["']?[ \t]*:[ \t]*["']?([^\s"'#]*)""", re.MULTILINE)


def parse_profile(text: str | bytes, name: str) -> CompiledProfile:
    """Return a profile. ``name`` is what its mistakes call the file.

    Raises ProfileError with all of its mistakes.
    """
    source = read_source(text, name)
    profile: Profile = _shaped(SCHEMA, source)
    mistakes = Mistakes(source)
    compiled = compile_profile(profile, mistakes, name)
    mistakes.raise_if_any()
    return compiled


def extended_by(text: str | bytes) -> str | None:
    """Return the id of the vendor whose profile a text adds to, None for a profile of its own.

    What is wrong with the text does not matter here.
    """
    words = text if isinstance(text, str) else text.decode(errors="replace")
    found = _EXTENDS.search(words)
    return found.group(1) if found is not None else None


def parse_extension(base: CompiledProfile, text: str | bytes, name: str) -> CompiledProfile:
    """Return a profile with the tasks that a text adds to it. ``name`` is as for a profile.

    Raises ProfileError with all of the text's mistakes.
    """
    source = read_source(text, name)
    extension: Extension = _shaped(EXTENSION, source)
    mistakes = Mistakes(source)
    if extension.extends != base.id:
        message = f"there is no profile for {extension.extends!r}"
        mistakes.add(("extends",), message, close_to(extension.extends, [base.id]))
    extended = compile_extension(base, extension, mistakes)
    mistakes.raise_if_any()
    return extended


def load_profile(path: Path) -> CompiledProfile:
    """Return the profile in a file. Blocks on the disk.

    Raises ProfileError, also for a file that cannot be read.
    """
    return parse_profile(read_file(path), path.name)


def read_file(path: Path) -> bytes:
    """Return what is in a file, no more than a profile can have. Blocks on the disk.

    Raises ProfileError for a file that cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        mistake = Mistake(
            file=path.name,
            line=1,
            column=1,
            path=(),
            message=f"the file cannot be read: {reason}",
        )
        raise ProfileError([mistake]) from error


def extend_profile(profile: CompiledProfile, types: Mapping[str, Any]) -> CompiledProfile:
    """Return a profile with more types of device, written as in a profile.

    For Python clients whose devices describe themselves. Raises ProfileError.
    """
    source = read_source(json.dumps(types, ensure_ascii=False), profile.file)
    described = _shaped(TYPES, source)
    mistakes = Mistakes(source)
    extended = compile_types(profile, described, mistakes)
    mistakes.raise_if_any()
    return extended


def _shaped(schema: Callable[[Any], Any], source: Source) -> Any:  # noqa: ANN401 - what the schema makes
    """Return what a schema makes of a source. Raises ProfileError."""
    try:
        return schema(source.data)
    except probatio.Invalid as error:
        raise ProfileError(mistakes_from(error, source)) from None


__all__ = [
    "CompiledProfile",
    "extend_profile",
    "extended_by",
    "load_profile",
    "parse_extension",
    "parse_profile",
    "read_file",
]
