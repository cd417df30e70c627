"""A server's process group: started, watched, and ended as a whole."""

import asyncio
import atexit
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
import os
from pathlib import Path
import signal
import socket
import subprocess

from .errors import ServerFailedError

LOG_TAIL = 4000
TERMINATE_SECONDS = 5.0
POLL_SECONDS = 0.05

# What test runs set for themselves and a vendor's server has no use for.
_NOT_INHERITED = ("COVERAGE_PROCESS_START", "COV_CORE_SOURCE", "PYTEST_CURRENT_TEST", "PORT")

_running: set[int] = set()


def free_port() -> int:
    """Return a TCP port of the loopback interface that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


class ProcessGroup:
    """A command and all that it starts."""

    def __init__(self, log: Path) -> None:
        """Remember where the output goes; nothing runs yet."""
        self._log = log
        self._process: subprocess.Popen[str] | None = None

    def start(self, argv: Sequence[str | Path], env: Mapping[str, str], cwd: Path) -> None:
        """Start the command in a session of its own."""
        environment = {k: v for k, v in os.environ.items() if k not in _NOT_INHERITED} | dict(env)
        with self._log.open("a") as output:
            self._process = subprocess.Popen(
                argv,
                cwd=cwd,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                text=True,
            )
        _running.add(self._process.pid)

    @property
    def is_running(self) -> bool:
        """Tell whether the command was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def check(self) -> None:
        """Raise ServerFailedError with the end of the output if the command has ended."""
        if self._process is not None and (code := self._process.poll()) is not None:
            raise ServerFailedError(f"the server ended with code {code}:\n{self.log_tail()}")

    def log_tail(self) -> str:
        """Return the end of what the command printed."""
        return self._log.read_text(errors="replace")[-LOG_TAIL:] if self._log.exists() else ""

    def tell(self, line: str) -> None:
        """Write a line to the command's standard input."""
        if self._process is None or self._process.stdin is None:
            raise ServerFailedError("the server is not running")
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def freeze(self) -> None:
        """Stop the whole group where it is: a device that accepts connections and never answers."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let a frozen group go on."""
        self._signal(signal.SIGCONT)

    async def end(self, *, politely: bool = True) -> None:
        """End the whole group and return when nothing of it is left."""
        process, self._process = self._process, None
        if process is None:
            return
        group = process.pid
        if politely:
            _signal_group(group, signal.SIGCONT)
            _signal_group(group, signal.SIGTERM)
            with suppress(TimeoutError):
                async with asyncio.timeout(TERMINATE_SECONDS):
                    await _until(lambda: process.poll() is not None and not _exists(group))
        _signal_group(group, signal.SIGKILL)
        await _until(lambda: process.poll() is not None)
        if process.stdin is not None:
            with suppress(BrokenPipeError):
                process.stdin.close()
        _running.discard(group)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            _signal_group(self._process.pid, number)


async def _until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110 - nothing tells of the end of a process group
        await asyncio.sleep(POLL_SECONDS)


def _signal_group(group: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, number)


def _exists(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@atexit.register
def _end_all() -> None:
    """Leave no server behind a test run that was broken off."""
    for group in _running:
        _signal_group(group, signal.SIGKILL)
