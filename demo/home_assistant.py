"""A real Home Assistant, started, set up and spoken to over its own interfaces."""

import asyncio
from collections.abc import Mapping
import contextlib
from http import HTTPStatus
import importlib.util
import itertools
import json
from pathlib import Path
import shutil
import sys
from types import TracebackType
from typing import Any, Self

import aiohttp

from .processes import Program

CLIENT_ID = "http://127.0.0.1/"
START_SECONDS = 120
ROOT = Path(__file__).parent.parent


class HomeAssistantError(Exception):
    """What Home Assistant refused or did not do in time."""


class HomeAssistant:
    """One instance with a configuration folder of its own.

    The integration is linked into the folder, never copied, so that what runs is what is here.
    """

    def __init__(self, folder: Path, port: int, *, owner: Mapping[str, str]) -> None:
        """Describe the instance; nothing is started. ``owner``: name, username, password."""
        self.folder = folder
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.owner = owner
        self.log = folder / "home-assistant.log"
        self._program: Program | None = None
        self._session: aiohttp.ClientSession | None = None
        self._token: str | None = None

    async def __aenter__(self) -> Self:
        """Open a session; ``start`` starts the program."""
        self._session = aiohttp.ClientSession()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop whatever runs."""
        await self.stop()
        if self._session is not None:
            await self._session.close()

    @property
    def session(self) -> aiohttp.ClientSession:
        """Return the session that everything is asked through."""
        if self._session is None:
            message = "not entered"
            raise HomeAssistantError(message)
        return self._session

    def prepare(self, configuration: Path) -> None:
        """Lay out the folder: the given configuration, the integration, blueprints and the port."""
        self.folder.mkdir(parents=True, exist_ok=True)
        shutil.copytree(configuration, self.folder, dirs_exist_ok=True)
        shutil.copytree(ROOT / "blueprints", self.folder / "blueprints", dirs_exist_ok=True)
        link = self.folder / "custom_components"
        if not link.exists():
            link.symlink_to(ROOT / "custom_components", target_is_directory=True)
        stable = {
            "server_host": ["127.0.0.1"],
            "server_port": self.port,
            "cors_allowed_origins": [],
            "login_attempts_threshold": -1,
            "ip_ban_enabled": False,
            "ssl_profile": "modern",
            "use_x_frame_options": True,
        }
        # A port in YAML is on trial for five minutes; one in the store is not.
        http = {"stable": stable, "pending": None, "yaml_migration_done": True}
        self._store("http", 2, http, minor_version=2)
        # Onboarding would offer integrations that need the internet: only the owner is left to do.
        self._store("onboarding", 4, {"done": ["core_config", "analytics", "integration"]})

    def record_in(self, database: str) -> None:
        """Let the recorder use another database than a file of its own."""
        file = self.folder / "configuration.yaml"
        recorder = "recorder:\n"
        file.write_text(file.read_text().replace(recorder, f"{recorder}  db_url: {database}\n"))

    def _store(self, key: str, version: int, data: object, minor_version: int = 1) -> None:
        """Write what Home Assistant keeps in ``.storage``, unless it has something already."""
        file = self.folder / ".storage" / key
        file.parent.mkdir(exist_ok=True)
        if not file.exists():
            content = {"version": version, "minor_version": minor_version, "key": key, "data": data}
            file.write_text(json.dumps(content))

    async def start(self) -> None:
        """Start Home Assistant and wait until it answers. Raises HomeAssistantError."""
        self._program = Program(
            [sys.executable, "-m", "homeassistant", "--config", str(self.folder), "--skip-pip"],
            self.folder / "console.log",
            cwd=ROOT,
            env=_stand_ins(),
        )
        await self._program.start()
        try:
            async with asyncio.timeout(START_SECONDS):
                await self._until_it_answers()
        except TimeoutError as error:
            message = f"Home Assistant did not answer within {START_SECONDS} s"
            raise HomeAssistantError(message) from error

    async def _until_it_answers(self) -> None:
        while True:
            if self._program is not None:
                self._program.check()
            with contextlib.suppress(aiohttp.ClientError):
                async with self.session.get(f"{self.url}/auth/providers") as answer:
                    if answer.status in {HTTPStatus.OK, HTTPStatus.BAD_REQUEST}:  # no owner yet
                        return
            await asyncio.sleep(0.2)

    async def running(self) -> None:
        """Wait until everything has been set up."""
        async with asyncio.timeout(START_SECONDS):
            while (await self.get("/api/config"))["state"] != "RUNNING":  # noqa: ASYNC110 - remote
                await asyncio.sleep(0.2)

    async def stop(self, *, kill: bool = False) -> None:
        """Stop Home Assistant: politely, or as a power cut does."""
        if self._program is not None:
            await self._program.stop(kill=kill)
            self._program = None

    async def onboard(self) -> None:
        """Create the owner over the onboarding API, or sign in where there is one already."""
        async with self.session.get(f"{self.url}/api/onboarding") as answer:
            steps = await answer.json() if answer.status == HTTPStatus.OK else []
        if any(step["step"] == "user" and not step["done"] for step in steps):
            body = {**self.owner, "client_id": CLIENT_ID, "language": "en"}
            async with self.session.post(f"{self.url}/api/onboarding/users", json=body) as answer:
                code = (await _checked(answer))["auth_code"]
        else:
            code = await self._sign_in()
        form = {"client_id": CLIENT_ID, "grant_type": "authorization_code", "code": code}
        async with self.session.post(f"{self.url}/auth/token", data=form) as answer:
            self._token = (await _checked(answer))["access_token"]

    async def _sign_in(self) -> str:
        start = {
            "client_id": CLIENT_ID,
            "handler": ["homeassistant", None],
            "redirect_uri": CLIENT_ID,
        }
        async with self.session.post(f"{self.url}/auth/login_flow", json=start) as answer:
            flow = (await _checked(answer))["flow_id"]
        body = {
            "client_id": CLIENT_ID,
            "username": self.owner["username"],
            "password": self.owner["password"],
        }
        async with self.session.post(f"{self.url}/auth/login_flow/{flow}", json=body) as answer:
            code: str = (await _checked(answer))["result"]
            return code

    # --- REST ------------------------------------------------------------------------------------

    @property
    def token(self) -> str:
        """Return the access token."""
        if self._token is None:
            message = "not signed in"
            raise HomeAssistantError(message)
        return self._token

    async def request(self, method: str, path: str, body: Any = None) -> Any:  # noqa: ANN401 - JSON
        """Send a request and return its decoded answer. Raises HomeAssistantError."""
        headers = {"Authorization": f"Bearer {self.token}"}
        async with self.session.request(
            method, self.url + path, json=body, headers=headers
        ) as answer:
            return await _checked(answer)

    async def get(self, path: str) -> Any:  # noqa: ANN401 - JSON
        """Get something."""
        return await self.request("GET", path)

    async def post(self, path: str, body: Any) -> Any:  # noqa: ANN401 - JSON
        """Post something."""
        return await self.request("POST", path, body)

    async def picture(self, entity_id: str) -> bytes:
        """Return what a camera or an image shows. Raises HomeAssistantError."""
        path = f"/api/{entity_id.partition('.')[0]}_proxy/{entity_id}"
        headers = {"Authorization": f"Bearer {self.token}"}
        async with self.session.get(self.url + path, headers=headers) as answer:
            if answer.status != HTTPStatus.OK:
                message = f"GET {path}: {answer.status}"
                raise HomeAssistantError(message)
            return await answer.read()

    async def state(self, entity_id: str) -> dict[str, Any]:
        """Return an entity's state, with its attributes."""
        state: dict[str, Any] = await self.get(f"/api/states/{entity_id}")
        return state

    async def states(self) -> dict[str, dict[str, Any]]:
        """Return all states, by entity id."""
        return {state["entity_id"]: state for state in await self.get("/api/states")}

    async def call(self, action: str, **data: Any) -> Any:  # noqa: ANN401 - JSON
        """Perform an action such as ``light.turn_on``. Raises HomeAssistantError if it fails."""
        domain, service = action.split(".")
        return await self.post(f"/api/services/{domain}/{service}", data)

    async def wait_for(self, entity_id: str, wanted: str, seconds: float = 30) -> dict[str, Any]:
        """Wait until an entity has a state. Raises HomeAssistantError when it does not come."""
        state: dict[str, Any] = {"state": "nothing"}
        try:
            async with asyncio.timeout(seconds):
                while True:
                    with contextlib.suppress(HomeAssistantError):
                        state = await self.state(entity_id)
                        if state["state"] == wanted:
                            return state
                    await asyncio.sleep(0.25)
        except TimeoutError as error:
            message = f"{entity_id} is {state['state']!r}, not {wanted!r}, after {seconds:g} s"
            raise HomeAssistantError(message) from error

    # --- config flows and the WebSocket ---------------------------------------------------------

    async def flow(self, handler: str, *inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Walk through a config flow as the frontend does, one form an input."""
        step: dict[str, Any] = await self.post(
            "/api/config/config_entries/flow", {"handler": handler, "show_advanced_options": False}
        )
        for values in inputs:
            if step.get("type") != "form":
                break
            step = await self.post(f"/api/config/config_entries/flow/{step['flow_id']}", values)
        return step

    async def websocket(self, **message: Any) -> Any:  # noqa: ANN401 - JSON
        """Send one command over the WebSocket and return its result."""
        async with self.session.ws_connect(f"{self.url}/api/websocket") as socket:
            await socket.receive_json()
            await socket.send_json({"type": "auth", "access_token": self.token})
            await socket.receive_json()
            await socket.send_json({"id": 1, **message})
            while True:
                answer = await socket.receive_json()
                if answer.get("type") == "result":
                    if not answer["success"]:
                        raise HomeAssistantError(str(answer["error"]))
                    return answer["result"]

    async def events(self, *kinds: str) -> Any:  # noqa: ANN401 - an asynchronous generator
        """Yield events of some kinds as they happen."""
        async with self.session.ws_connect(f"{self.url}/api/websocket") as socket:
            await socket.receive_json()
            await socket.send_json({"type": "auth", "access_token": self.token})
            await socket.receive_json()
            for number, kind in zip(itertools.count(1), kinds, strict=False):
                await socket.send_json(
                    {"id": number, "type": "subscribe_events", "event_type": kind}
                )
            async for message in socket:
                if message.type is aiohttp.WSMsgType.TEXT:
                    content = message.json()
                    if content.get("type") == "event":
                        yield content["event"]


def _stand_ins() -> dict[str, str]:
    """Return what lets Home Assistant find what it imports and cannot be had everywhere.

    Without a description of all actions the frontend does not start, and that description imports
    the parts for voice assistants, whose packages have no wheels for this Python.
    """
    if all(importlib.util.find_spec(name) for name in ("pymicro_vad", "pyspeex_noise")):
        return {}
    return {"PYTHONPATH": str(Path(__file__).parent / "stand_ins")}


async def _checked(answer: aiohttp.ClientResponse) -> Any:  # noqa: ANN401 - JSON
    text = await answer.text()
    if answer.status >= HTTPStatus.BAD_REQUEST:
        message = f"{answer.method} {answer.url.path}: {answer.status} {text[:500]}"
        raise HomeAssistantError(message)
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text
