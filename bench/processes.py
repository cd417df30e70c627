"""The processes that the benchmark starts: the stub vendor, and one for each column."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import asdict
import json
import os
from pathlib import Path
import sys
from typing import Any, Self

import aiohttp

from demo.processes import free_port

from .columns import Contestant
from .shape import Shape

ROOT = Path(__file__).parent.parent
START_SECONDS = 60.0
STOP_SECONDS = 20.0
LONGEST_ANSWER = 2**24
KEEP_COMPILED = {"PYTHONDONTWRITEBYTECODE": ""}
"""As in every Home Assistant: a module is compiled when it is imported for the first time ever."""


class BenchError(Exception):
    """What kept a measurement from being made."""


class Process:
    """A program of ours that ends with its input, or else is ended."""

    def __init__(self, name: str, process: asyncio.subprocess.Process, log: Path) -> None:
        self._name = name
        self._process = process
        self._log = log

    @classmethod
    async def start(cls, name: str, log: Path, *arguments: str) -> Self:
        """Start a module of this package; ``name`` is what people call it."""
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as errors:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", *arguments),
                cwd=ROOT,
                env={**os.environ, "PYTHONHASHSEED": "0", **KEEP_COMPILED},
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
                limit=LONGEST_ANSWER,
            )
        return cls(name, process, log)

    async def hear(self) -> dict[str, Any]:
        """Return its next answer. Raises BenchError when it has ended instead."""
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        if not line:
            tail = "\n".join(self._log.read_text(errors="replace").splitlines()[-15:])
            raise BenchError(f"{self._name} has ended:\n{tail}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    async def ask(self, do: str, **more: object) -> dict[str, Any]:
        """Give an order and return the answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": do, **more}).encode() + b"\n")
        return await self.hear()

    async def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Let it end by itself; end it if it does not."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            async with asyncio.timeout(seconds):
                await self._process.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()


class Stub:
    """The stub vendor, as the benchmark speaks to it."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url = url
        self._session = session

    async def tell(self, **wanted: object) -> dict[str, Any]:
        """Have it change, and return what it has been asked since the last time."""
        async with self._session.post(f"{self.url}/bench", json=wanted) as answer:
            told: dict[str, Any] = await answer.json()
            return told

    async def become(self, shape: Shape) -> None:
        """Let it be of another size."""
        await self.tell(shape=asdict(shape))

    async def step(self, one_in: int) -> None:
        """Let one value in so many change; 0 for none."""
        await self.tell(step=one_in)


@asynccontextmanager
async def stub_vendor(folder: Path) -> AsyncIterator[Stub]:
    """Run the stub vendor."""
    port = free_port()
    process = await Process.start("the stub vendor", folder / "stub.log", "bench.stub", str(port))
    stub = Stub(f"http://127.0.0.1:{port}", aiohttp.ClientSession())
    try:
        async with asyncio.timeout(START_SECONDS):
            while True:
                with suppress(aiohttp.ClientConnectionError):
                    await stub.tell()
                    break
                await asyncio.sleep(0.1)
        yield stub
    finally:
        await stub._session.close()  # noqa: SLF001 - made above
        await process.stop(0.0)


@asynccontextmanager
async def workers(
    contestants: Sequence[Contestant], stub: Stub, shape: Shape, folder: Path
) -> AsyncIterator[dict[str, tuple[Process, dict[str, Any]]]]:
    """Run the Home Assistants of several columns, by their names, with what each set-up told.

    They are set up all at once, which saves time; what it takes is measured where it matters.
    """
    async with AsyncExitStack() as stack:
        places = [folder / one.name.replace("/", "_") for one in contestants]
        started = await asyncio.gather(
            *(
                stack.enter_async_context(worker(one, stub, shape, place))
                for one, place in zip(contestants, places, strict=True)
            )
        )
        told = await asyncio.gather(*(process.ask("set_up") for process in started))
        yield {
            one.name: side
            for one, side in zip(contestants, zip(started, told, strict=True), strict=True)
        }


@asynccontextmanager
async def worker(who: Contestant, stub: Stub, shape: Shape, folder: Path) -> AsyncIterator[Process]:
    """Run the Home Assistant of a column, not yet set up."""
    who.prepare(folder, shape)
    process = await Process.start(
        who.name,
        folder / "worker.log",
        "bench.worker",
        json.dumps(asdict(who), default=str),
        stub.url,
        json.dumps(asdict(shape)),
        str(folder),
    )
    try:
        await process.hear()
        yield process
    finally:
        await process.stop()
