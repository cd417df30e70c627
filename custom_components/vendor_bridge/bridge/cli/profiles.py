"""Which files the profiles are that somebody named: files, folders, or ids of bundled ones."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from ..errors import ProfileError
from ..profile.loader import (
    extended_by,
    load_profile,
    parse_extension,
    parse_profile,
    read_file,
)
from ..profile.mistakes import close_to
from ..profile.plans import CompiledProfile
from .exits import MisuseError

VENDORS: Final = Path(__file__).parents[2] / "vendors"


def load(path: Path) -> CompiledProfile:
    """Return the profile in a file, or the one that the file adds to, with what it adds.

    Raises ProfileError, whose mistakes name the file's path, and MisuseError.
    """
    try:
        text = read_file(path)
        vendor = extended_by(text)
        if vendor is None:
            return parse_profile(text, path.name)
        return parse_extension(_base(vendor, path), text, path.name)
    except ProfileError as error:
        raise ProfileError(
            [replace(mistake, file=str(path)) for mistake in error.mistakes]
        ) from None


def extends(path: Path) -> bool:
    """Return whether a file only adds to a profile. Raises ProfileError."""
    return extended_by(read_file(path)) is not None


def _base(vendor: str, path: Path) -> CompiledProfile:
    """Return the profile that a file adds to: one beside it, else a bundled one.

    Raises ProfileError, MisuseError.
    """
    beside = [
        other
        for other in sorted({*path.parent.glob("*.yaml"), *path.parent.glob("*.yml")})
        if other != path and not extends(other)
    ]
    for other in beside:
        try:
            profile = load_profile(other)
        except ProfileError:
            continue  # it is told of when it is checked itself
        if profile.id == vendor:
            return profile
    bundled = VENDORS / vendor / "profile.yaml"
    if _is_id(vendor) and bundled.is_file():
        return load_profile(bundled)
    raise MisuseError(
        f"{path}: there is no profile for {vendor!r} to add to, neither beside it nor bundled"
    )


def load_one(name: str) -> CompiledProfile:
    """Return the one profile of that name. Raises ProfileError, MisuseError."""
    paths = find(name)
    if len(paths) > 1:
        raise MisuseError(f"{name} holds {len(paths)} profiles: name one of them")
    return load(paths[0])


def find(name: str) -> Sequence[Path]:
    """Return the files that a name stands for. Raises MisuseError where there is none."""
    path = Path(name)
    if path.is_dir():
        found = sorted({*path.glob("*.yaml"), *path.glob("*.yml"), *path.glob("*/profile.yaml")})
        if found:
            return found
        if not _is_id(name):
            raise MisuseError(f"there is no profile in the folder {name}")
    if path.exists():
        return [path]
    bundled = VENDORS / name / "profile.yaml"
    if _is_id(name) and bundled.is_file():
        return [_short(bundled)]
    ids = [file.parent.name for file in VENDORS.glob("*/profile.yaml")]
    hint = close_to(name, ids)
    reason = f"{name} is neither a file, a folder, nor the id of a bundled profile"
    raise MisuseError(f"{reason}: {hint}" if hint else reason)


def _is_id(name: str) -> bool:
    return name.isidentifier()


def _short(path: Path) -> Path:
    """Return a path as one would type it from here."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
