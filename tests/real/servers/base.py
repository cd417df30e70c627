"""What all real servers have in common: install, start, wait, ask, end."""

from abc import ABC, abstractmethod
import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
import json
from pathlib import Path
import shutil
import tempfile
import threading
from types import TracebackType
from typing import Any, ClassVar, Self

import aiohttp

from .errors import ServerFailedError
from .process import ProcessGroup, free_port

READY_POLL_SECONDS = 0.1
ASK_TIMEOUT = aiohttp.ClientTimeout(total=20)


@dataclass(frozen=True, slots=True)
class Answer:
    """A server's answer: its status, and its body decoded if it is JSON, else as text."""

    status: int
    body: Any


class RealServer(ABC):
    """A vendor's own server on a free port of the loopback interface.

    `async with` installs it if need be, starts it, waits until it truly answers, and ends it. A
    port and a folder belong to the object: `down()` and `up()` in between are an outage, after
    which the same server comes back at the same address, with what it stores on disk.
    """

    name: ClassVar[str]
    ready_seconds: ClassVar[float] = 120.0

    def __init__(self) -> None:
        """Choose a port and a folder; nothing runs yet."""
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix=f"vendor-bridge-{self.name}-"))
        self._group = ProcessGroup(self.folder / "server.log")
        self._prepared = False
        self._last_refusal = ""

    @property
    def url(self) -> str:
        """The server's address, without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    @classmethod
    @abstractmethod
    async def install(cls) -> Path | None:
        """Install the server into the cache unless it is there; return its folder."""

    @abstractmethod
    async def _launch(self, group: ProcessGroup) -> None:
        """Start the server's command in `group`."""

    @abstractmethod
    async def _answers(self) -> bool:
        """Tell whether the server does its work; may raise what a refused connection raises."""

    async def _prepare(self) -> None:  # noqa: B027 - most servers need none
        """Do what is done once, before the first start; write the configuration, say."""

    async def _set_up(self) -> None:  # noqa: B027 - most servers need none
        """Do what is done once, after the first start; create a user, say."""

    async def start(self) -> None:
        """Install, start and set up the server; leave nothing behind if that fails."""
        try:
            await self.install()
            if not self._prepared:
                await self._prepare()
            await self.up()
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """End the server and remove its folder."""
        try:
            await self._group.end()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    async def up(self) -> None:
        """Start the server and wait until it answers."""
        await self._launch(self._group)
        try:
            async with asyncio.timeout(self.ready_seconds):
                await self._until_ready()
        except TimeoutError:
            raise ServerFailedError(
                f"{self.name} did not answer within {self.ready_seconds:.0f} s "
                f"({self._last_refusal}):\n{self._group.log_tail()}"
            ) from None

    async def _until_ready(self) -> None:
        if not self._prepared:
            await self._set_up()
            self._prepared = True
        while True:
            self._group.check()
            try:
                if await self._answers():
                    return
            except (aiohttp.ClientError, TimeoutError, ServerFailedError) as error:
                self._last_refusal = str(error)
            await asyncio.sleep(READY_POLL_SECONDS)

    async def reached(self, path: str) -> None:
        """Wait until something answers at `path`, whatever it says."""
        while True:
            self._group.check()
            try:
                await self.ask("GET", path)
            except aiohttp.ClientError, TimeoutError:
                await asyncio.sleep(READY_POLL_SECONDS)
            else:
                return

    async def down(self, *, politely: bool = False) -> None:
        """End the server, as a power cut does or as an orderly stop; `up()` brings it back."""
        await self._group.end(politely=politely)

    def freeze(self) -> None:
        """Let the server hang: connections are accepted, nothing is answered."""
        self._group.freeze()

    def thaw(self) -> None:
        """Let a frozen server go on where it was."""
        self._group.thaw()

    def log(self) -> str:
        """Return the end of what the server printed."""
        return self._group.log_tail()

    async def ask(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send a request to the server itself, past the integration under test.

        `body` goes as JSON unless it is None; `form` goes URL-encoded. No status is an error here.
        """
        async with (
            aiohttp.ClientSession(timeout=ASK_TIMEOUT) as session,
            session.request(
                method,
                self.url + path,
                json=body,
                data=form,
                headers={**self._headers(), **(headers or {})},
            ) as response,
        ):
            text = await response.text()
            try:
                decoded: Any = json.loads(text) if text else None
            except ValueError:
                decoded = text
            return Answer(response.status, decoded)

    async def expect(self, method: str, path: str, **request: Any) -> Any:
        """Send a request and return the body; raise ServerFailedError unless it succeeded."""
        answer = await self.ask(method, path, **request)
        if answer.status >= 400:
            raise ServerFailedError(f"{method} {path} answered {answer.status}: {answer.body}")
        return answer.body

    def _headers(self) -> dict[str, str]:
        """Return the headers that sign a request in."""
        return {}

    async def __aenter__(self) -> Self:
        """Start the server."""
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the server, whatever happened."""
        await self.close()


def run_apart[T](work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end in an event loop and a thread of its own.

    For fixtures that live longer than a test: they have no event loop, and must not disturb the
    one that the test runner keeps.
    """
    result: list[T] = []
    failure: list[BaseException] = []

    def run() -> None:
        try:
            result.append(asyncio.run(work))
        except BaseException as error:  # noqa: BLE001 - handed over to the caller's thread
            failure.append(error)

    thread = threading.Thread(target=run, name="real-server")
    thread.start()
    thread.join()
    if failure:
        raise failure[0]
    return result[0]
