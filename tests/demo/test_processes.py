"""Ports that are taken, and signals that ask to end."""

import argparse
import asyncio
import os
from pathlib import Path
import signal
import socket

import pytest

from demo.acme_server import AcmeServer
from demo.processes import (
    Program,
    ProgramError,
    end_when_told,
    free_port,
    hold_port,
    port_number,
)


def test_a_port_is_a_number_of_a_port() -> None:
    assert [port_number(text) for text in ("1", "8123", "65535")] == [1, 8123, 65535]


@pytest.mark.parametrize("text", ["0", "-1", "65536", "99999", "http", "", "1e3", "²"])
def test_what_is_no_port_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="a number from 1 to 65535"):
        port_number(text)


def test_a_port_that_somebody_listens_on_cannot_be_held(tmp_path: Path) -> None:
    lock = tmp_path / "demo" / "lock"
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        pytest.raises(ProgramError, match=r"^port \d+ is in use .* --port$"),
        hold_port(server.getsockname()[1], lock),
    ):
        pass
    assert not lock.parent.exists()


def test_a_port_is_held_before_anybody_listens(tmp_path: Path) -> None:
    lock, port = tmp_path / "lock", free_port()
    with (
        hold_port(port, lock),
        pytest.raises(ProgramError, match="is in use"),
        hold_port(port, lock),
    ):
        pass
    with hold_port(port, lock):
        pass


@pytest.mark.usefixtures("heeds_hangups")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_a_signal_cancels_what_is_done(number: signal.Signals) -> None:
    stopped = False

    async def doing() -> int:
        nonlocal stopped
        try:
            os.kill(os.getpid(), number)
            await asyncio.Event().wait()
        finally:
            os.kill(os.getpid(), number)  # Somebody who has no patience.
            await asyncio.sleep(0.05)
            stopped = True
        return 0

    assert await end_when_told(doing()) == 128 + number
    assert stopped


async def test_what_ends_by_itself_has_its_own_code() -> None:
    async def doing() -> int:
        return 7

    assert await end_when_told(doing()) == 7


async def test_what_was_started_with_nohup_outlives_its_terminal() -> None:
    async def doing() -> int:
        os.kill(os.getpid(), signal.SIGHUP)
        await asyncio.sleep(0.05)
        return 0

    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        assert await end_when_told(doing()) == 0
    finally:
        signal.signal(signal.SIGHUP, before)


async def test_a_server_whose_start_is_cancelled_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = asyncio.get_running_loop().create_future()
    start = Program.start

    async def start_and_tell(program: Program) -> None:
        await start(program)
        started.set_result(program)

    monkeypatch.setattr(Program, "start", start_and_tell)
    entering = asyncio.create_task(AcmeServer(tmp_path, free_port()).__aenter__())
    program = await started
    entering.cancel()
    with pytest.raises(asyncio.CancelledError):
        await entering
    with pytest.raises(ProgramError, match="ended"):
        program.check()
