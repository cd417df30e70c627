"""Database servers from Debian's packages, unpacked into the cache folder; nothing is installed."""

import os
from pathlib import Path
import shutil
import subprocess

PACKAGES = ("mariadb-server-core", "postgresql")


class MissingToolError(Exception):
    """A database server that is neither installed nor to be had here."""


def cache_folder() -> Path:
    """Return the folder that the scripts keep their downloads in."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("VENDOR_BRIDGE_CACHE") or Path(base) / "vendor-bridge")


def unpacked() -> Path:
    """Return the folder with both servers, as Debian lays them out below /usr.

    Raises MissingToolError where there is no Debian, or no mirror in reach.
    """
    target = cache_folder() / "debian-databases"
    if target.is_dir():
        return target
    if shutil.which("apt-get") is None or shutil.which("dpkg") is None:
        raise MissingToolError("the databases come from Debian's packages, and this is no Debian")
    folder = cache_folder() / "apt-databases"
    for part in ("lists/partial", "archives/partial"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    options = {
        "Dir::State::Lists": folder / "lists",
        "Dir::Cache": folder,
        "Dir::Cache::Archives": folder / "archives",
        "Debug::NoLocking": "1",
        "APT::Sandbox::User": "root",
        "APT::Install-Recommends": "false",
        "APT::Get::Assume-Yes": "true",
        "Acquire::Languages": "none",
        "Acquire::Retries": "3",
    }
    words = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
    _run("apt-get", "-q", *words, "update")
    _run("apt-get", "-q", *words, "install", "--download-only", "--reinstall", *PACKAGES)
    staging = target.with_suffix(".partial")
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir()
    for package in sorted((folder / "archives").glob("*.deb")):
        _run("dpkg", "-x", str(package), str(staging))
    staging.rename(target)
    shutil.rmtree(folder)
    return target


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise MissingToolError(f"{command[0]} failed:\n{done.stderr[-2000:]}")


def find_program(name: str) -> Path:
    """Return a server's program: the machine's own, else the unpacked one.

    Raises MissingToolError where there is none.
    """
    own = shutil.which(name)
    if own is not None:
        return Path(own).resolve()
    for root in (Path("/"), None):
        top = unpacked() if root is None else root
        found = [
            *top.glob(f"usr/sbin/{name}"),
            *top.glob(f"usr/bin/{name}"),
            *top.glob(f"usr/lib/postgresql/*/bin/{name}"),
        ]
        if found:
            return max(found)
    raise MissingToolError(f"there is no {name}")


def library_folders() -> list[Path]:
    """Return where the unpacked servers find their libraries."""
    return sorted((cache_folder() / "debian-databases").glob("usr/lib/*-linux-*"))
