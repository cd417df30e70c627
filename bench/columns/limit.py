"""The limit: bare aiohttp and orjson, and the values that changed into the state machine."""

import asyncio
from collections.abc import Iterable
from typing import Any

import aiohttp
from homeassistant.core import HomeAssistant
import orjson

from bench.shape import CONCURRENCY, Shape, entity_id, state_attributes


class LimitColumn:
    """As little as anyone could do for the same states."""

    def __init__(self, hass: HomeAssistant, url: str, shape: Shape) -> None:
        self._hass = hass
        self._url = url
        self._shape = shape
        self._session = aiohttp.ClientSession()
        self._etags: dict[str, str] = {}
        self._last: dict[tuple[int, str], dict[str, Any]] = {}

    async def set_up(self) -> None:
        """Show all values for the first time."""
        self._known = {
            (account, device_id): {
                key: (
                    entity_id(device_id, key) + (f"_{account + 1}" if account else ""),
                    state_attributes(device_id, key),
                )
                for key in self._shape.names()
            }
            for account in range(self._shape.accounts)
            for device_id in self._shape.device_ids()
        }
        await self.refresh()

    def find(self) -> None:
        """Have nothing to look for."""

    async def refresh(self) -> None:
        """Read everything once."""
        for account in range(self._shape.accounts):
            await self._refresh(account)

    async def _refresh(self, account: int) -> None:
        if self._shape.scope == "account":
            data = await self._read(f"{self._url}/all")
            for item in () if data is None else data["devices"]:
                self._show((account, item["id"]), item)
            return
        ids = iter(self._shape.device_ids())
        await asyncio.gather(*(self._read_some(account, ids) for _ in range(CONCURRENCY)))

    async def command(self, number: int) -> None:
        """Send a command."""
        async with self._session.put(
            f"{self._url}/switch", json={"on": bool(number % 2)}
        ) as answer:
            await answer.read()

    async def close(self) -> None:
        """Close the session."""
        await self._session.close()

    async def _read_some(self, account: int, ids: Iterable[str]) -> None:
        for device_id in ids:
            data = await self._read(f"{self._url}/devices/{device_id}")
            if data is not None:
                self._show((account, device_id), data)

    async def _read(self, url: str) -> Any:
        etag = self._etags.get(url) if self._shape.etag else None
        headers = {"If-None-Match": etag} if etag else None
        async with self._session.get(url, headers=headers) as answer:
            body = await answer.read()
            if answer.status == 304:
                return None
            if self._shape.etag:
                self._etags[url] = answer.headers["ETag"]
        return orjson.loads(body)

    def _show(self, who: tuple[int, str], item: dict[str, Any]) -> None:
        last = self._last.get(who, {})
        for key, (entity, attributes) in self._known[who].items():
            value = item[key]
            if value != last.get(key):
                self.show(entity, value, attributes)
        self._last[who] = item

    def show(self, entity: str, value: float, attributes: dict[str, str]) -> None:
        """Write one state."""
        self._hass.states.async_set(entity, str(value), attributes)
