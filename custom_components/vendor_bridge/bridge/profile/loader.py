"""From a profile's text to a profile that is ready to run."""

from collections.abc import Callable, Mapping
import json
from pathlib import Path
from typing import Any

import probatio

from ..errors import Mistake, ProfileError
from .compiler import compile_profile, compile_types
from .mistakes import Mistakes, mistakes_from
from .plans import CompiledProfile
from .schema.root import SCHEMA, TYPES, Profile
from .source import MAX_BYTES, Source, read_source


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


def load_profile(path: Path) -> CompiledProfile:
    """Return the profile in a file. Blocks on the disk.

    Raises ProfileError, also for a file that cannot be read.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
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
    return parse_profile(raw, path.name)


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


__all__ = ["CompiledProfile", "extend_profile", "load_profile", "parse_profile"]
