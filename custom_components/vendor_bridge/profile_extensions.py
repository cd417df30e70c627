"""The user's own tasks: files beside the profiles, each of which adds to one. All of it blocks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
import hashlib
from pathlib import Path

from .bridge.errors import Mistake, ProfileError
from .bridge.profile.loader import extended_by, parse_extension
from .bridge.profile.source import read_source
from .bridge.profile.words import close_to
from .const import LOGGER
from .profile_files import LoadedProfile, text_of, yaml_files

type FindBase = Callable[[str], LoadedProfile | None]
"""Returns the profile of a vendor that is in use, None where that has mistakes. Raises KeyError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnExtension:
    """One of the user's files that add tasks: what is wrong with it, and what of it is in use.

    ``mistakes`` is why what it says now can't be used; then ``in_use`` is the last text that could,
    if there was one since Home Assistant started.
    """

    name: str
    vendor: str
    mistakes: tuple[Mistake, ...] = ()
    in_use: str | None = None


def read_extensions(
    folder: Path, find_base: FindBase, before: Mapping[str, OwnExtension], vendors: frozenset[str]
) -> tuple[dict[str, OwnExtension], dict[str, LoadedProfile]]:
    """Return the user's files that add tasks, by name, and the profiles with them, by vendor id.

    Each adds to what the files before it by name have made. None of them can stop another, nor the
    profile that it adds to. ``vendors`` are the ids that there are.
    """
    files: dict[str, OwnExtension] = {}
    extended: dict[str, LoadedProfile] = {}
    for path in yaml_files(folder):
        text = text_of(path)
        vendor = extended_by(text)
        if vendor is None:
            continue
        file = OwnExtension(name=path.name, vendor=vendor)
        if (last := before.get(path.name)) is not None and last.vendor == vendor:
            file = replace(file, in_use=last.in_use)
        try:
            base = extended.get(vendor) or find_base(vendor)
        except KeyError:
            files[path.name] = replace(
                file, in_use=None, mistakes=(_unknown(path.name, text, vendor, vendors),)
            )
            continue
        if base is None:  # it has mistakes of its own, and those are told of already
            files[path.name] = file
            continue
        files[path.name], made = _added(file, base, text)
        if made is not None:
            extended[vendor] = made
    return files, extended


def _added(
    file: OwnExtension, base: LoadedProfile, text: str
) -> tuple[OwnExtension, LoadedProfile | None]:
    """Return a file as it is, and the profile with what it adds: now, or when it last could."""
    try:
        made = _extend(base, text, file.name)
    except ProfileError as error:
        file = replace(file, mistakes=tuple(error.mistakes))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is this file's alone
        LOGGER.exception("The tasks in %s cannot be read", file.name)
        message = f"Vendor Bridge cannot read this ({type(error).__name__}); the log says more"
        mistake = Mistake(file=file.name, line=1, column=1, path=(), message=message)
        file = replace(file, mistakes=(mistake,))
    else:
        return replace(file, in_use=text), made
    if file.in_use is not None:
        try:
            return file, _extend(base, file.in_use, file.name)
        except ProfileError:  # the profile that it was written for is another one now
            file = replace(file, in_use=None)
    return file, None


def _extend(base: LoadedProfile, text: str, name: str) -> LoadedProfile:
    profile = parse_extension(base.profile, text, name)
    digest = hashlib.sha256(f"{base.digest}\n{text}".encode(errors="replace")).hexdigest()
    return replace(base, profile=profile, digest=digest)


def _unknown(name: str, text: str, vendor: str, vendors: frozenset[str]) -> Mistake:
    """Return what is wrong with a file that adds to a profile that there is not."""
    message = f"there is no profile for {vendor!r} to add to"
    hint = close_to(vendor, vendors)
    try:
        return read_source(text, name).mistake(("extends",), message, hint)
    except ProfileError as error:
        return error.mistakes[0]
