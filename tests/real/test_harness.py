"""The harness around real servers, with servers too small to install."""

import asyncio
import os
from pathlib import Path
import sys
from typing import override

import pytest

from .servers import MissingToolError, RealServer, ServerError, ServerFailedError, run_apart
from .servers.cache import cache_folder, installed, run, tool
from .servers.process import ProcessGroup

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("servers")]

# A server that starts a child of its own before it serves its folder.
SERVES = """
import http.server, subprocess, sys
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
handler = http.server.SimpleHTTPRequestHandler
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), handler).serve_forever()
"""


class SmallServer(RealServer):
    name = "small"
    ready_seconds = 15.0
    program = SERVES
    path = "/"

    @classmethod
    @override
    async def install(cls) -> None:
        """Need nothing."""

    @override
    async def _launch(self, group: ProcessGroup) -> None:
        group.start((sys.executable, "-c", self.program, str(self.port)), {}, self.folder)

    @override
    async def _answers(self) -> bool:
        return (await self.ask("GET", self.path)).status == 200


class DyingServer(SmallServer):
    program = "import sys; print('no more ink'); sys.exit(3)"


class SilentServer(SmallServer):
    path = "/nothing-here"
    ready_seconds = 2.0


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VENDOR_BRIDGE_CACHE", str(tmp_path))
    return tmp_path / "real"


def group_of(folder: Path) -> set[int]:
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").readlink() == folder:
                found.add(int(process.name))
        except OSError:
            continue
    return found


async def test_the_whole_group_ends_with_the_server() -> None:
    async with SmallServer() as server:
        folder = server.folder
        assert len(group_of(folder)) == 2
    assert not group_of(folder)
    assert not folder.exists()


async def test_the_whole_group_ends_with_a_failed_test() -> None:
    with pytest.raises(ZeroDivisionError):  # noqa: PT012 - that the block fails is the point
        async with SmallServer() as server:
            folder = server.folder
            _ = 1 / 0
    assert not group_of(folder)
    assert not folder.exists()


async def test_a_server_that_ends_is_reported_with_its_log_and_leaves_nothing() -> None:
    server = DyingServer()
    with pytest.raises(ServerFailedError, match=r"(?s)code 3.*no more ink"):
        await server.start()
    assert not server.folder.exists()


async def test_a_server_that_never_answers_is_reported_and_leaves_nothing() -> None:
    server = SilentServer()
    with pytest.raises(ServerFailedError, match="did not answer within 2 s"):
        await server.start()
    assert not server.folder.exists()
    assert not group_of(server.folder)


async def test_a_server_comes_back_at_its_address() -> None:
    async with SmallServer() as server:
        (server.folder / "note").write_text("kept")
        await server.down()
        assert not group_of(server.folder)
        await server.up()
        assert (await server.ask("GET", "/note")).body == "kept"


async def test_what_a_server_refuses_is_an_error_for_who_expects_success() -> None:
    async with SmallServer() as server:
        assert (await server.ask("GET", "/nope")).status == 404
        with pytest.raises(ServerFailedError, match="GET /nope answered 404"):
            await server.expect("GET", "/nope")


def test_a_server_outlives_the_loop_that_started_it() -> None:
    server = SmallServer()
    run_apart(server.start())
    try:
        assert run_apart(server.ask("GET", "/")).status == 200
    finally:
        run_apart(server.close())
    with pytest.raises(ServerError):
        run_apart(DyingServer().start())


async def test_what_is_installed_is_not_installed_again(cache: Path) -> None:
    builds = []

    async def build(folder: Path) -> None:
        builds.append(folder)
        await asyncio.sleep(0.3)
        (folder / "program").touch()

    first, second = await asyncio.gather(installed("thing-1", build), installed("thing-1", build))
    assert first == second == await installed("thing-1", build) == cache / "thing-1"
    assert len(builds) == 1
    assert (first / "program").exists()


async def test_an_install_that_fails_is_done_again(cache: Path) -> None:
    async def fail(folder: Path) -> None:
        (folder / "half").touch()
        await run(sys.executable, "-c", "print('registry on fire'); raise SystemExit(1)")

    left: list[str] = []

    async def build(folder: Path) -> None:
        left.extend(str(path) for path in folder.glob("*"))  # noqa: ASYNC240

    with pytest.raises(ServerError, match="registry on fire"):
        await installed("thing-1", fail)
    assert not (cache / "thing-1").exists()
    assert (await installed("thing-1", build)).is_dir()
    assert not left


def test_a_missing_tool_is_named_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingToolError, match="npm is not on this machine: install it"):
        tool("npm", "install it")


def test_the_cache_is_in_the_home_folder_by_default(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("VENDOR_BRIDGE_CACHE")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder() == tmp_path / ".cache" / "vendor-bridge" / "real"
    assert os.access(cache_folder(), os.W_OK)
