"""A vendor whose sign-in a test can look into: short-lived tokens, refresh, and bad days."""

import asyncio
from datetime import timedelta
from typing import Any

from aioresponses import CallbackResult, aioresponses
from yarl import URL

from custom_components.vendor_bridge.bridge.errors import UnexpectedAnswerError
from custom_components.vendor_bridge.bridge.http import Answer, Body, BodyKind, Request
from custom_components.vendor_bridge.bridge.http.auth import LoginAuth, Renewal, Tokens

from ..helpers import ManualClock

BASE = "https://api.example.com/v1"


class TokenVendor:
    """Gives tokens that hold for ``life`` seconds, and data to those who bring a good one."""

    def __init__(self, mock: aioresponses, clock: ManualClock, life: float | None = 100) -> None:
        self.clock = clock
        self.life = life
        self.logins = 0
        self.refreshes = 0
        self.reads = 0
        self.number = 0
        self.good: dict[str, Any] = {}
        self.refresh_token = ""
        self.password = "right"
        self.login_status: int | None = None
        self.refresh_status: int | None = None
        self.read_status: int | None = None
        self.slow = asyncio.Event()
        self.gate = asyncio.Event()
        self.gate.set()
        mock.post(f"{BASE}/login", callback=self.login, repeat=True)
        mock.post(f"{BASE}/refresh", callback=self.refresh, repeat=True)
        mock.get(f"{BASE}/x", callback=self.read, repeat=True)
        mock.get(f"{BASE}/slow", callback=self.read, repeat=True)
        mock.post(f"{BASE}/x", callback=self.read, repeat=True)

    async def login(self, url: URL, **sent: Any) -> CallbackResult:
        self.logins += 1
        await self.gate.wait()
        if self.login_status:
            return CallbackResult(status=self.login_status, payload={"error": "no"})
        if self.password.encode() not in sent["data"]:
            return CallbackResult(status=401, payload={"error": "wrong password"})
        return self._tokens()

    async def refresh(self, url: URL, **sent: Any) -> CallbackResult:
        self.refreshes += 1
        await self.gate.wait()
        if self.refresh_status:
            return CallbackResult(status=self.refresh_status, payload={"error": "no"})
        if self.refresh_token.encode() not in sent["data"]:
            return CallbackResult(status=400, payload={"error": "invalid_grant"})
        return self._tokens()

    async def read(self, url: URL, **sent: Any) -> CallbackResult:
        self.reads += 1
        token = sent["headers"].get("Authorization", "").removeprefix("Bearer ")
        if self.read_status:
            return CallbackResult(status=self.read_status)
        if url.path.endswith("/slow"):
            await self.slow.wait()
        if token not in self.good or self.clock.now() >= self.good[token]:
            return CallbackResult(status=401, payload={"error": "expired"})
        return CallbackResult(payload={"token": token})

    def _tokens(self) -> CallbackResult:
        self.number += 1
        token, self.refresh_token = f"token-{self.number}", f"refresh-{self.number}"
        self.good = {token: self.clock.now() + timedelta(seconds=self.life or 10**6)}
        payload = {"access_token": token, "refresh_token": self.refresh_token}
        return CallbackResult(payload=payload | ({"expires_in": self.life} if self.life else {}))


def make_auth(password: str = "right", *, refreshes: bool = True, **renewal: Any) -> LoginAuth:
    """Return the sign-in that fits the vendor."""

    def login() -> Request:
        body = Body(BodyKind.JSON, {"password": password})
        return Request(method="POST", path="/login", label="POST /login", body=body)

    def refresh(tokens: Tokens) -> Request | None:
        if not refreshes or not tokens.refresh_token:
            return None
        body = Body(BodyKind.JSON, {"refresh_token": tokens.refresh_token})
        return Request(method="POST", path="/refresh", label="POST /refresh", body=body)

    return LoginAuth(login, parse, refresh, renewal=Renewal(**renewal))


def parse(answer: Answer) -> Tokens:
    """Read the vendor's answer."""
    if not isinstance(answer.data, dict) or "access_token" not in answer.data:
        raise UnexpectedAnswerError("the answer holds no token")
    return Tokens(
        token=answer.data["access_token"],
        refresh_token=answer.data.get("refresh_token"),
        expires_in=answer.data.get("expires_in"),
    )
