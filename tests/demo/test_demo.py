"""The demo as a program of its own: what it refuses, and how it is ended while it starts."""

import asyncio
from asyncio.subprocess import PIPE, Process
from collections.abc import Iterator
from pathlib import Path
import shutil
import signal
import socket
import sys

import pytest

from demo.processes import free_port

ROOT = Path(__file__).parents[2]
FOLDERS = ROOT / ".work" / "demo"


async def demo(*options: str) -> Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "demo", *options), cwd=ROOT, stdout=PIPE, stderr=PIPE
    )


@pytest.fixture
def port() -> Iterator[int]:
    """Return a free port; what a demo on it leaves behind is removed."""
    port = free_port()
    yield port
    shutil.rmtree(FOLDERS / str(port), ignore_errors=True)
    (FOLDERS / f"{port}.lock").unlink(missing_ok=True)


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--port", "0"), "--port: a number from 1 to 65535"),
        (("--port", "-1"), "--port: a number from 1 to 65535"),
        (("--port", "99999"), "--port: a number from 1 to 65535"),
        (("--check", "--port", "8124"), "--check takes neither --port nor --keep"),
        (("--check", "--keep"), "--check takes neither --port nor --keep"),
    ],
)
async def test_refuses_wrong_options(options: tuple[str, ...], complaint: str) -> None:
    process = await demo(*options)
    output, errors = await process.communicate()
    assert (process.returncode, output) == (2, b"")
    assert errors.decode().rstrip().endswith(complaint)


async def test_touches_nothing_when_its_port_is_in_use(port: int) -> None:
    folder = FOLDERS / str(port)
    folder.mkdir(parents=True)
    with socket.create_server(("127.0.0.1", port)):
        process = await demo("--port", str(port))
        output, errors = await process.communicate()
    assert (process.returncode, output) == (1, b"")
    assert errors.decode().startswith(f"error: port {port} is in use (by another demo, ")
    assert folder.exists()


@pytest.mark.usefixtures("heeds_hangups")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("seconds", [0.0, 2.0])
async def test_ends_at_any_moment_of_its_start(
    port: int, number: signal.Signals, seconds: float
) -> None:
    process = await demo("--port", str(port))
    assert process.stdout is not None
    assert (await process.stdout.readline()).startswith(b"starting ")
    await asyncio.sleep(seconds)
    process.send_signal(number)
    _, errors = await asyncio.wait_for(process.communicate(), 20)
    assert (process.returncode, errors) == (128 + number, b"")
    listing = await asyncio.create_subprocess_exec("ps", "-eo", "args=", stdout=PIPE)
    running, _ = await listing.communicate()
    assert str(FOLDERS / str(port)) not in running.decode()
