"""The server as a program of its own: started, stopped, killed and started again."""

import asyncio
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
import signal
import sys
from typing import Any

import aiohttp
import pytest

from demo.acme.__main__ import main

ROOT = Path(__file__).parents[2]
LOGIN = {"email": "demo@acme.example", "password": "acme-demo"}


@asynccontextmanager
async def running(folder: Path, *options: str) -> AsyncIterator[tuple[Process, str]]:
    """Start the server; yield it and its address."""
    port_file = folder / "port"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "demo.acme", "--port-file", str(port_file)),
        *("--past-days", "1", "--state-dir", str(folder / "state"), *options),
        cwd=ROOT,
        stdout=PIPE,
        stderr=PIPE,
    )
    assert process.stdout is not None
    try:
        line = (await asyncio.wait_for(process.stdout.readline(), 60)).decode()
        url = f"http://127.0.0.1:{port_file.read_text().strip()}"
        assert line == f"Acme Home listens on {url}\n"
        yield process, url
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def ask(url: str, path: str, body: Any = None, token: str = "") -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    method = "GET" if body is None else "POST"
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, url + path, json=body, headers=headers) as answer,
    ):
        assert answer.status == 200, await answer.text()
        return await answer.json()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_ends_cleanly_when_told(tmp_path: Path, number: signal.Signals) -> None:
    async with running(tmp_path) as (process, url):
        await ask(url, "/_sim/house")
        process.send_signal(number)
        _, errors = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 0
    assert errors == b""
    assert not (tmp_path / "port").exists()


async def test_ends_while_an_answer_is_awaited(tmp_path: Path) -> None:
    async with running(tmp_path) as (process, url), aiohttp.ClientSession() as session:
        fault = {"kind": "slow", "delay": 600}
        async with session.post(f"{url}/_sim/faults", json=fault) as answer:
            assert answer.status == 201
        waiting = asyncio.create_task(session.post(f"{url}/v1/login", json=LOGIN))
        await asyncio.sleep(0.2)
        process.terminate()
        _, errors = await asyncio.wait_for(process.communicate(), 20)
        with pytest.raises(aiohttp.ClientError):
            await waiting
    assert (process.returncode, errors) == (0, b"")


async def test_remembers_all_when_it_is_killed(tmp_path: Path) -> None:
    async with running(tmp_path) as (process, url):
        token = (await ask(url, "/v1/login", LOGIN))["access_token"]
        await ask(url, "/_sim/clock", {"advance": 7 * 86400, "speed": 0})
        changes = {"LMP-0001": {"on": True, "label": "Cooker lamp"}, "DBL-0001": {"press": True}}
        await ask(url, "/_sim/house", {"set": changes, "remove": ["LMP-0003"]})
        before = await ask(url, "/_sim/house")
        events = await ask(url, "/v1/events", token=token)
        process.kill()
        await process.wait()
    async with running(tmp_path) as (process, url):
        assert await ask(url, "/_sim/house") == before
        assert await ask(url, "/v1/events", token=token) == events


async def test_takes_its_settings_from_the_command_line(tmp_path: Path) -> None:
    options = ("--token-seconds", "7", "--requests-per-minute", "9", "--page-size", "3")
    async with running(tmp_path, "--quiet", *options) as (_, url):
        tokens = await ask(url, "/v1/login", LOGIN)
        assert tokens["expires_in"] == 7
        page = await ask(url, "/v1/devices", token=tokens["access_token"])
        assert len(page["data"]) == 3
        assert (await ask(url, "/v1/events", token=tokens["access_token"]))["data"] == []
        settings = await ask(url, "/_sim/settings")
        assert settings["requests_per_minute"] == 9


async def test_knows_nothing_of_home_assistant() -> None:
    """A vendor's server stands alone: neither Home Assistant nor the integration is imported."""
    code = (
        "import demo.acme.__main__, sys;"
        "print([n for n in sys.modules if n.partition('.')[0] in"
        " {'homeassistant', 'custom_components'}])"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, cwd=ROOT, stdout=PIPE
    )
    output, _ = await process.communicate()
    assert (process.returncode, output) == (0, b"[]\n")


def test_says_why_it_does_not_start(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "journal.jsonl").write_text('{"version": 0}\n')
    assert main(["--past-days", "0", "--state-dir", str(tmp_path)]) == 1
    assert "another version" in capsys.readouterr().err
