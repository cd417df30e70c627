"""The simulated vendor as a program of its own, and its back door."""

import asyncio
import contextlib
from datetime import datetime
from pathlib import Path
import sys
from types import TracebackType
from typing import Any, Self

import aiohttp
from yarl import URL

from .processes import Program

EMAIL = "demo@acme.example"
PASSWORD = "acme-demo"  # noqa: S105 - the demo's own, printed on its first page
START_SECONDS = 60
ROOT = Path(__file__).parent.parent


class AcmeServer:
    """Acme Home on a port of the loopback interface."""

    def __init__(self, folder: Path, port: int, *options: str) -> None:
        """Describe the server; nothing is started."""
        self.folder = folder
        self.url = f"http://127.0.0.1:{port}"
        self._port = port
        self._options = options
        self._program: Program | None = None
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Start it and wait until it answers."""
        self._session = aiohttp.ClientSession()
        try:
            await self.start()
        except BaseException:
            await self._close()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop it."""
        await self._close()

    async def _close(self) -> None:
        await self.stop()
        if self._session is not None:
            await self._session.close()

    async def start(self) -> None:
        """Start it, with the house as it was when it stopped."""
        state = self.folder / "house"
        state.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "demo.acme", "--port", str(self._port)]
        self._program = Program(
            [*command, "--state-dir", str(state), *self._options],
            self.folder / "acme.log",
            cwd=ROOT,
        )
        await self._program.start()
        async with asyncio.timeout(START_SECONDS):
            while True:
                self._program.check()
                with contextlib.suppress(aiohttp.ClientError):
                    await self.house()
                    return
                await asyncio.sleep(0.1)

    async def stop(self, *, kill: bool = False) -> None:
        """Stop it: politely, or as a power cut does."""
        if self._program is not None:
            await self._program.stop(kill=kill)
            self._program = None

    async def _ask(self, method: str, path: str, body: Any = None) -> Any:  # noqa: ANN401 - JSON
        assert self._session is not None  # noqa: S101 - entered by then
        async with self._session.request(method, self.url + path, json=body) as answer:
            answer.raise_for_status()
            return await answer.json()

    async def house(self) -> dict[str, Any]:
        """Return the house as it truly is."""
        house: dict[str, Any] = await self._ask("GET", "/_sim/house")
        return house

    async def status(self, serial: str) -> dict[str, Any]:
        """Return what is true of a device."""
        status: dict[str, Any] = (await self.house())["devices"][serial]["status"]
        return status

    async def pull(self, serial: str, **levers: Any) -> None:  # noqa: ANN401 - JSON
        """Do what nature or people in the house do to a device."""
        await self._ask("POST", "/_sim/house", {"set": {serial: levers}})

    async def advance(self, seconds: float) -> None:
        """Move the clock of the house forward."""
        await self._ask("POST", "/_sim/clock", {"advance": seconds})

    async def history(self, serial: str, start: datetime, end: datetime) -> list[dict[str, Any]]:
        """Return every hour that the vendor remembers of a meter, as its API tells it."""
        assert self._session is not None  # noqa: S101 - entered by then
        sign_in = await self._ask("POST", "/v1/login", {"email": EMAIL, "password": PASSWORD})
        headers = {"Authorization": f"Bearer {sign_in['access_token']}"}
        period = {"from": start.isoformat(), "to": end.isoformat(), "limit": "1000"}
        link = str(URL(f"{self.url}/v1/devices/{serial}/history").with_query(period))
        points: list[dict[str, Any]] = []
        while link:
            async with self._session.get(URL(self.url).join(URL(link)), headers=headers) as answer:
                answer.raise_for_status()
                page = await answer.json()
            points += page["points"]
            link = page["links"]["next"] or ""
        return points

    async def picture(self, serial: str) -> bytes:
        """Return the picture that a device has, as its user gets it."""
        assert self._session is not None  # noqa: S101 - entered by then
        token = (await self._ask("POST", "/v1/login", {"email": EMAIL, "password": PASSWORD}))[
            "access_token"
        ]
        path = f"{self.url}/v1/devices/{serial}/picture"
        headers = {"Authorization": f"Bearer {token}"}
        async with self._session.get(path, headers=headers) as answer:
            answer.raise_for_status()
            return await answer.read()

    async def fault(self, kind: str, **options: Any) -> None:  # noqa: ANN401 - JSON
        """Switch a fault on."""
        await self._ask("POST", "/_sim/faults", {"kind": kind, **options})

    async def mend(self) -> None:
        """Switch all faults off."""
        await self._ask("DELETE", "/_sim/faults")
