"""A headless Chromium, driven over the Chrome DevTools Protocol."""

import asyncio
import base64
import contextlib
import itertools
import json
from pathlib import Path
import shutil
import tempfile
from types import TracebackType
from typing import Any, Self

import aiohttp

from .processes import Program, ProgramError

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
WIDTH, HEIGHT = 1280, 800
PATIENCE = 60
OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--lang=en-US",
    "--remote-debugging-port=0",
    f"--window-size={WIDTH},{HEIGHT}",
)

# Home Assistant's pages are made of shadow roots, through which no selector of CSS looks.
DEEP = """
window.deepAll = (selector, root = document) => {
  const found = [...root.querySelectorAll(selector)];
  for (const element of root.querySelectorAll("*"))
    if (element.shadowRoot) found.push(...deepAll(selector, element.shadowRoot));
  return found;
};
window.deep = (selector) => deepAll(selector)[0];
"""


class BrowserError(Exception):
    """What the browser could not do, or what a page did not show in time."""


def find_chromium() -> str:
    """Return the browser's program. Raises BrowserError, which says how to get one."""
    for name in NAMES:
        if (path := shutil.which(name)) is not None:
            return path
    message = (
        f"there is no Chromium here (looked for {', '.join(NAMES)}); "
        "on Debian and Ubuntu: apt-get update && apt-get install -y chromium"
    )
    raise BrowserError(message)


class Browser:
    """One page of a browser that has a profile of its own, which is removed afterwards."""

    def __init__(self) -> None:
        """Describe the browser; nothing is started. Raises BrowserError where there is none."""
        self._program_file = find_chromium()
        self._folder = Path(tempfile.mkdtemp(prefix="vendor-bridge-browser-"))
        self._program = Program(
            [self._program_file, *OPTIONS, f"--user-data-dir={self._folder}", "about:blank"],
            self._folder / "browser.log",
            cwd=self._folder,
        )
        self._numbers = itertools.count(1)
        self._stack = contextlib.AsyncExitStack()
        self._socket: aiohttp.ClientWebSocketResponse | None = None

    async def __aenter__(self) -> Self:
        """Start the browser and take hold of its page."""
        self._stack.callback(shutil.rmtree, self._folder, ignore_errors=True)
        self._stack.push_async_callback(self._program.stop)
        try:
            await self._program.start()
            session = await self._stack.enter_async_context(aiohttp.ClientSession())
            async with asyncio.timeout(PATIENCE):
                address = await self._page_address(session)
            self._socket = await self._stack.enter_async_context(
                session.ws_connect(address, max_msg_size=0)
            )
            await self.send("Page.enable")
            await self.resize(WIDTH, HEIGHT)
            await self.on_every_page(DEEP)
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the browser."""
        await self._stack.aclose()

    async def _page_address(self, session: aiohttp.ClientSession) -> str:
        file = self._folder / "DevToolsActivePort"
        while not (file.exists() and file.read_text().strip()):
            self._program.check()
            await asyncio.sleep(0.1)
        port = file.read_text().split()[0]
        while True:
            async with session.get(f"http://127.0.0.1:{port}/json/list") as answer:
                for page in await answer.json():
                    if page["type"] == "page":
                        return str(page["webSocketDebuggerUrl"])
            await asyncio.sleep(0.1)

    async def send(self, method: str, **parameters: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
        """Send a command of the protocol and return its result. Raises BrowserError."""
        if self._socket is None:
            raise BrowserError("not entered")
        number = next(self._numbers)
        await self._socket.send_json({"id": number, "method": method, "params": parameters})
        async with asyncio.timeout(PATIENCE):
            async for message in self._socket:
                answer = json.loads(message.data)
                if answer.get("id") != number:
                    continue
                if "error" in answer:
                    raise BrowserError(f"{method}: {answer['error'].get('message')}")
                result: dict[str, Any] = answer["result"]
                return result
        raise ProgramError("the browser has gone")

    async def resize(self, width: int, height: int) -> None:
        """Give the page another size, in pixels."""
        await self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    async def on_every_page(self, script: str) -> None:
        """Run a script at the beginning of every page from now on."""
        await self.send("Page.addScriptToEvaluateOnNewDocument", source=script)

    async def open(self, address: str) -> None:
        """Go to an address."""
        await self.send("Page.navigate", url=address)

    async def evaluate(self, script: str) -> Any:  # noqa: ANN401 - JSON
        """Return what an expression of JavaScript makes. Raises BrowserError where it fails."""
        answer = await self.send(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        if (failure := answer.get("exceptionDetails")) is not None:
            described = failure.get("exception", {}).get("description") or failure.get("text")
            raise BrowserError(f"{script}: {described}")
        return answer["result"].get("value")

    async def wait_for(self, condition: str, what: str) -> None:
        """Wait until an expression is true. Raises BrowserError, which names what is missing."""
        seen = False
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while not seen:
                    # A page that is on its way has nothing to look at yet.
                    with contextlib.suppress(BrowserError):
                        seen = await self.evaluate(f"Boolean({condition})")
                    await asyncio.sleep(0.2)
        if not seen:
            raise BrowserError(f"the page does not show {what} within {PATIENCE} s")

    async def picture(self) -> bytes:
        """Return a picture of what is to be seen, as PNG."""
        shown = await self.send("Page.captureScreenshot", format="png")
        return base64.b64decode(shown["data"])
