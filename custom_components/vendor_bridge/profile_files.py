"""The files that profiles live in: the bundled ones, and the user's own. All of it blocks."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
import hashlib
from pathlib import Path
import re
from typing import Literal

from .bridge.errors import Mistake, ProfileError
from .bridge.profile.loader import CompiledProfile, extended_by, load_profile
from .bridge.profile.source import read_source
from .const import LOGGER

type Origin = Literal["bundled", "own"]

BUNDLED = Path(__file__).parent / "vendors"
LARGEST_FILE = 1024 * 1024

_VENDOR = re.compile(r"^vendor:.*?(?=^[^\s#]|\Z)", re.MULTILINE | re.DOTALL)
_OVERRIDE = re.compile(r"^override:\s*true\b", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedProfile:
    """A profile that can be used. ``digest`` is the SHA-256 of its file, ``file`` its name."""

    profile: CompiledProfile
    origin: Origin
    file: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a profile says of itself at its top, as far as that can be understood."""

    vendor: str | None = None
    name: str | None = None
    override: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFile:
    """One of the user's files: what it says now, and which profile out of it is in use.

    ``mistakes`` is why what it says now can't be used; then ``in_use`` is the last that could, if
    there was one since Home Assistant started. ``compiled`` is what the file says, even where that
    may not be used.
    """

    name: str
    digest: str
    head: Head
    compiled: CompiledProfile | None = None
    mistakes: tuple[Mistake, ...] = ()
    in_use: LoadedProfile | None = None


def bundled_vendors() -> frozenset[str]:
    """Return the ids of the vendors whose profiles the suite ships."""
    return frozenset(path.parent.name for path in BUNDLED.glob("*/profile.yaml"))


def load_bundled(vendor: str) -> LoadedProfile:
    """Return a bundled profile. Raises ProfileError."""
    path = BUNDLED / vendor / "profile.yaml"
    digest = _digest(path)
    return LoadedProfile(
        profile=load_profile(path), origin="bundled", file=f"{vendor}/{path.name}", digest=digest
    )


def bundled_names(vendors: Collection[str]) -> dict[str, str]:
    """Return what the bundled vendors are called, without reading more than the top of a file."""
    return {
        vendor: _head(text_of(BUNDLED / vendor / "profile.yaml")).name or vendor
        for vendor in vendors
    }


def read_own(
    folder: Path, bundled: Collection[str], before: Mapping[str, OwnFile]
) -> dict[str, OwnFile]:
    """Return the user's files by name; what did not change since ``before`` is not read again.

    Of several files for one vendor the first by name counts. None of them can stop another.
    """
    files: dict[str, OwnFile] = {}
    users: dict[str, str] = {}  # vendor id -> name of the file whose profile is in use
    for path in yaml_files(folder):
        if extended_by(text_of(path)) is not None:
            continue  # it adds to a profile, and is none itself
        file = _resolved(_read(path, before.get(path.name)), path, bundled, users)
        files[file.name] = file
        if file.in_use is not None:
            users[file.in_use.profile.id] = file.name
    return files


def yaml_files(folder: Path) -> list[Path]:
    """Return the files in the user's folder, by name."""
    try:
        return sorted(path for path in folder.glob("*.yaml") if not path.name.startswith("."))
    except OSError as error:
        LOGGER.warning("The folder %s cannot be read: %s", folder.name, error.strerror)
        return []


def _read(path: Path, before: OwnFile | None) -> OwnFile:
    """Return a file as it is, whether or not that may be used."""
    digest = _digest(path)
    if before is not None and before.digest == digest:
        return replace(before, mistakes=() if before.compiled else before.mistakes)
    file = OwnFile(
        name=path.name,
        digest=digest,
        head=_head(text_of(path)),
        in_use=before.in_use if before is not None else None,
    )
    if not path.is_file():  # a pipe, say, which nobody may ever write to
        return replace(file, mistakes=(_mistake(path, "this is not a file"),))
    try:
        return replace(file, compiled=load_profile(path))
    except ProfileError as error:
        return replace(file, mistakes=tuple(error.mistakes))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is this file's alone
        LOGGER.exception("The profile %s cannot be read", path.name)
        message = f"Vendor Bridge cannot read this ({type(error).__name__}); the log says more"
        return replace(file, mistakes=(_mistake(path, message),))


def _resolved(
    file: OwnFile, path: Path, bundled: Collection[str], users: Mapping[str, str]
) -> OwnFile:
    """Return a file with the profile that is used: its present one, else the last good one."""
    compiled = file.compiled
    if compiled is not None:
        conflict: tuple[tuple[str, str], str, str | None] | None = None
        if other := users.get(compiled.id):
            conflict = (("vendor", "id"), f"{other} is for {compiled.id!r} already", None)
        elif compiled.id in bundled and not compiled.override:
            conflict = (
                ("vendor", "id"),
                f"there is a bundled profile for {compiled.id!r}",
                "add 'override: true' to take its place, or choose another id",
            )
        if conflict is None:
            loaded = LoadedProfile(
                profile=compiled, origin="own", file=file.name, digest=file.digest
            )
            return replace(file, in_use=loaded)
        file = replace(file, mistakes=(_mistake(path, conflict[1], conflict[0], conflict[2]),))
    if file.in_use is not None and file.in_use.profile.id in users:
        return replace(file, in_use=None)
    return file


def _mistake(
    path: Path, message: str, where: tuple[str, ...] = (), hint: str | None = None
) -> Mistake:
    """Return a mistake in a file, with the line where it is if that can be found."""
    try:
        return read_source(text_of(path), path.name).mistake(where, message, hint)
    except ProfileError:
        return Mistake(file=path.name, line=1, column=1, path=where, message=message, hint=hint)


def _bytes(path: Path) -> bytes:
    """Return a file's bytes, cut where it is too large to be a profile. Raises OSError."""
    if not path.is_file():
        return b""
    with path.open("rb") as file:
        return file.read(LARGEST_FILE + 1)


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(_bytes(path)).hexdigest()
    except OSError as error:
        return f"unreadable: {error.strerror}"


def text_of(path: Path) -> str:
    """Return what is in a file, cut where it is too large; "" for one that can't be read."""
    try:
        return _bytes(path).decode(errors="replace")
    except OSError:
        return ""


def _head(text: str) -> Head:
    """Return what stands at the top of a profile, which may be wrong further down."""
    found = _VENDOR.search(text)
    if found is None:
        return Head()
    try:
        data = read_source(found.group(), "profile").data
    except ProfileError:
        return Head()
    vendor = data.get("vendor") if isinstance(data, dict) else None
    if not isinstance(vendor, dict):
        return Head()
    identifier, name = vendor.get("id"), vendor.get("name")
    return Head(
        vendor=identifier if isinstance(identifier, str) else None,
        name=name if isinstance(name, str) else None,
        override=_OVERRIDE.search(text) is not None,
    )
