"""One folder for whatever was installed, so that a second run downloads nothing."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
import fcntl
import os
from pathlib import Path
import shutil
from typing import TextIO

from .errors import MissingToolError, ServerError

DEFAULT_CACHE = "~/.cache/vendor-bridge"
INSTALL_SECONDS = 600
LOCK_POLL_SECONDS = 0.2


def cache_folder() -> Path:
    """Return the folder below which real servers are installed, and make it."""
    cache = os.environ.get("VENDOR_BRIDGE_CACHE") or DEFAULT_CACHE
    folder = Path(cache).expanduser().absolute() / "real"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def tool(name: str, hint: str) -> str:
    """Return the path of a program; raise MissingToolError with `hint` when there is none."""
    if (path := shutil.which(name)) is None:
        raise MissingToolError(f"{name} is not on this machine: {hint}")
    return path


async def run(*argv: str | Path) -> str:
    """Run an installer to its end and return what it printed; raise ServerError if it fails."""
    process = await asyncio.create_subprocess_exec(
        *argv,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(INSTALL_SECONDS):
            output, _ = await process.communicate()
    except BaseException:
        process.kill()
        await process.wait()
        raise
    text = output.decode(errors="replace")
    if process.returncode != 0:
        raise ServerError(f"{' '.join(map(str, argv))} failed:\n{text[-3000:]}")
    return text


async def installed(name: str, build: Callable[[Path], Awaitable[None]]) -> Path:
    """Return the folder `name` of the cache, made by `build` unless it is there.

    `build` gets an empty folder beside the final one, which is renamed when it succeeded: an
    interrupted install leaves nothing that looks finished. Two test runs wait for each other.
    """
    target = cache_folder() / name
    if target.exists():
        return target
    async with _locked(target.with_name(f"{name}.lock")):
        if target.exists():
            return target
        partial = target.with_name(f"{name}.partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir()
        await build(partial)
        partial.rename(target)
    return target


@asynccontextmanager
async def _locked(path: Path) -> AsyncIterator[None]:
    handle = _open_lock(path)
    try:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                await asyncio.sleep(LOCK_POLL_SECONDS)
        yield
    finally:
        handle.close()


def _open_lock(path: Path) -> TextIO:
    return path.open("w")
