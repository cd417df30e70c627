"""A second Home Assistant, of the version that the tests run with, with the house of `demo:`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import importlib.util
import secrets
import sys
from typing import Any, ClassVar, override

import aiohttp

from .base import ASK_TIMEOUT, RealServer
from .errors import MissingToolError, ServerFailedError
from .process import ProcessGroup

# What `demo:` and `kitchen_sink:` import beyond Home Assistant's own dependencies, by module;
# requirements_test.txt pins them as the manifests do.
NEEDED_BY_DEMO = {
    "gazetteer_matcher": "gazetteer-matcher",
    "haffmpeg": "ha-ffmpeg",
    "hassil": "hassil",
    "infrared_protocols": "infrared-protocols",
    "mutagen": "mutagen",
    "rf_protocols": "rf-protocols",
    "turbojpeg": "PyTurboJPEG",
}
# Of the platforms that come up last, one entity each: `demo:` is there when they are.
LAST_TO_COME = ("light.bed_light", "lock.front_door", "weather.demo_weather_south", "sun.sun")
TOKEN_NAME = "vendor bridge"
LIFESPAN_DAYS = 3650

CONFIGURATION = """\
homeassistant:
  name: House
  unit_system: metric
  time_zone: Europe/Berlin
http:
  server_host: 127.0.0.1
  server_port: {port}
api:
config:
websocket_api:
onboarding:
demo:
# What `demo:` lacks.
input_boolean: {{guests: {{name: Guests}}}}
input_button: {{call: {{name: Call}}}}
input_number: {{wish: {{name: Wish, min: 0, max: 40, step: 0.5, initial: 20}}}}
input_select: {{who: {{name: Who, options: [Ada, Ben, Cleo]}}}}
input_text: {{note: {{name: Note, initial: nothing}}}}
scene:
  - name: Evening
    entities: {{input_boolean.guests: "off"}}
kitchen_sink:
"""


class HomeAssistantServer(RealServer):
    """Some 160 states of every platform behind a bearer token, `token`.

    The owner is `username` with `password`; `new_token` and `revoke` make and take tokens.
    """

    name: ClassVar[str] = "home-assistant"
    ready_seconds: ClassVar[float] = 240.0

    def __init__(self) -> None:
        """Choose the owner's credentials; the token is empty until the server has started."""
        super().__init__()
        self.username = "owner"
        self.password = secrets.token_urlsafe(12)
        self.token = ""

    @classmethod
    @override
    async def install(cls) -> None:
        """Check that the project's environment has all that the server needs: it is in there."""
        missing = [
            package
            for module, package in NEEDED_BY_DEMO.items()
            if importlib.util.find_spec(module) is None
        ]
        if missing:
            raise MissingToolError(
                f"`demo:` needs {', '.join(missing)}: pip install -r requirements_test.txt"
            )

    @override
    async def _prepare(self) -> None:
        text = CONFIGURATION.format(port=self.port)
        (self.folder / "configuration.yaml").write_text(text)

    @override
    async def _launch(self, group: ProcessGroup) -> None:
        argv = (sys.executable, "-m", "homeassistant", "--config", self.folder, "--skip-pip")
        group.start(argv, {}, self.folder)

    @override
    async def _set_up(self) -> None:
        """Create the owner as a browser does, and confirm the port.

        A port from YAML is on trial: unless it is confirmed within five minutes Home Assistant
        starts anew on the default one.
        """
        await self.reached("/api/onboarding")
        client = f"{self.url}/"
        user = {
            "client_id": client,
            "name": "Owner",
            "username": self.username,
            "password": self.password,
            "language": "en",
        }
        code = (await self.expect("POST", "/api/onboarding/users", body=user))["auth_code"]
        form = {"grant_type": "authorization_code", "code": code, "client_id": client}
        self.token = (await self.expect("POST", "/auth/token", form=form))["access_token"]
        # That one ends after half an hour, and with it what a test of an outage could see.
        self.token = await self.new_token(TOKEN_NAME)
        await self.command("http/config/promote")
        await self._add("shopping_list")
        await self._until_stored(TOKEN_NAME)

    async def _add(self, integration: str) -> None:
        """Add an integration that has one form without fields."""
        path = "/api/config/config_entries/flow"
        form = await self.expect("POST", path, body={"handler": integration})
        await self.expect("POST", f"{path}/{form['flow_id']}", body={})

    async def _until_stored(self, token_name: str) -> None:
        """Wait until the token is on disk, a second or so later: before, `down()` would lose it."""
        store = self.folder / ".storage" / "auth"
        while not (store.exists() and token_name in store.read_text()):  # noqa: ASYNC110
            await asyncio.sleep(0.1)

    @override
    async def _answers(self) -> bool:
        """Wait for the entities too: writes to those not yet there answer 200 and do nothing."""
        config = await self.ask("GET", "/api/config")
        if config.status != 200 or config.body["state"] != "RUNNING":
            return False
        states = await self.states()
        return all(name in states for name in LAST_TO_COME)

    @override
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    async def states(self) -> dict[str, dict[str, Any]]:
        """Return all states by entity id."""
        listed = await self.expect("GET", "/api/states")
        return {state["entity_id"]: state for state in listed}

    async def state(self, entity_id: str) -> dict[str, Any]:
        """Return a state as the API has it: `state`, `attributes`, `last_changed` and so on."""
        found: dict[str, Any] = await self.expect("GET", f"/api/states/{entity_id}")
        return found

    async def call(self, action: str, entity_id: str, **data: Any) -> None:
        """Perform an action (`light.turn_on`) on an entity, as a person at that house would."""
        body = {"entity_id": entity_id, **data}
        await self.expect("POST", f"/api/services/{action.replace('.', '/')}", body=body)

    async def measure(self, entity_id: str, state: str) -> None:
        """Give an entity a state and leave its attributes: what no action can do to a sensor."""
        attributes = (await self.state(entity_id))["attributes"]
        body = {"state": state, "attributes": attributes}
        await self.expect("POST", f"/api/states/{entity_id}", body=body)

    async def new_token(self, name: str) -> str:
        """Return a new long-lived token; `name` must not be taken."""
        token: str = await self.command(
            "auth/long_lived_access_token", client_name=name, lifespan=LIFESPAN_DAYS
        )
        return token

    async def revoke(self, name: str) -> None:
        """Make the long-lived token `name` worthless."""
        tokens = await self.command("auth/refresh_tokens")
        ids = [token["id"] for token in tokens if token["client_name"] == name]
        if not ids:
            raise ServerFailedError(f"there is no token {name!r}")
        await self.command("auth/delete_refresh_token", refresh_token_id=ids[0])

    async def command(self, kind: str, **data: Any) -> Any:
        """Send one command over the WebSocket and return its result."""
        async with self._socket() as socket:
            await socket.send_json({"id": 1, "type": kind, **data})
            answer = await socket.receive_json()
        if not answer["success"]:
            raise ServerFailedError(f"{kind}: {answer['error']['message']}")
        return answer["result"]

    @asynccontextmanager
    async def _socket(self) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
        async with (
            aiohttp.ClientSession(timeout=ASK_TIMEOUT) as session,
            session.ws_connect(f"{self.url}/api/websocket") as socket,
        ):
            await socket.receive_json()
            await socket.send_json({"type": "auth", "access_token": self.token})
            answer = await socket.receive_json()
            if answer["type"] != "auth_ok":
                raise ServerFailedError(f"the WebSocket refused the token: {answer}")
            yield socket
