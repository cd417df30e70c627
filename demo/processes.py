"""Programs that the demo starts, and ends together with itself."""

import argparse
import asyncio
from collections.abc import Coroutine, Iterator, Mapping, Sequence
import contextlib
import errno
import fcntl
import os
from pathlib import Path
import signal
import socket
from typing import Any

STOP_SECONDS = 20
HIGHEST_PORT = 65535
ASKS_TO_END = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class ProgramError(Exception):
    """A program that did not start, or ended before its time."""


def free_port() -> int:
    """Return a port of the loopback interface that nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def port_number(text: str) -> int:
    """Return a port of the command line. Raises ArgumentTypeError for what is none."""
    if text.isascii() and text.isdecimal() and 1 <= int(text) <= HIGHEST_PORT:
        return int(text)
    raise argparse.ArgumentTypeError(f"a number from 1 to {HIGHEST_PORT}")


@contextlib.contextmanager
def hold_port(port: int, lock: Path) -> Iterator[None]:
    """Keep a port of the loopback interface for a program that is about to listen on it.

    Until it listens the lock tells others that it will. The kernel drops that with this process.
    Raises ProgramError where somebody has the port already.
    """
    taken = ProgramError(
        f"port {port} is in use (by another demo, or another Home Assistant?): "
        "end that, or choose another with --port"
    )
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise taken from error
        raise ProgramError(f"port {port} cannot be used: {error.strerror}") from error
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise taken from error
        yield


async def end_when_told(doing: Coroutine[Any, Any, int]) -> int:
    """Return the exit code of what is done, which the first signal that asks to end cancels.

    Later signals change nothing, so that what runs is always stopped. What ends by being cancelled
    has the exit code that shells give the signal.
    """
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(doing)
    came: list[int] = []

    def end(number: int) -> None:
        if not came:
            task.cancel()
        came.append(number)

    for number in ASKS_TO_END:
        # What was started with nohup is to outlive its terminal.
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            loop.add_signal_handler(number, end, number)
    try:
        return await task
    except asyncio.CancelledError:
        if not came:
            raise
        return 128 + came[0]


class Program:
    """A child process in a group of its own, with its output in a file."""

    def __init__(
        self, command: Sequence[str], log: Path, *, cwd: Path, env: Mapping[str, str] | None = None
    ) -> None:
        """Describe the program; nothing is started."""
        self._command = command
        self._log = log
        self._cwd = cwd
        self._env = {**os.environ, **(env or {})}
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it."""
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                cwd=self._cwd,
                env=self._env,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def check(self) -> None:
        """Raise ProgramError if it has ended."""
        if self._process is None or self._process.returncode is not None:
            tail = self._log.read_text(errors="replace")[-2000:] if self._log.exists() else ""
            code = self._process.returncode if self._process else None
            raise ProgramError(f"{self._command[0]} ended with {code}:\n{tail}")

    async def stop(self, *, kill: bool = False) -> None:
        """End it: politely, or at once."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL if kill else signal.SIGTERM)
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await process.wait()
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
