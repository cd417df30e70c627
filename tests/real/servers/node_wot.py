"""node-wot, a W3C Web of Things server, with BASIC sign-in and the Things of node_wot.js."""

import json
from pathlib import Path
import secrets
from typing import Any, ClassVar, override

from aiohttp import encode_basic_auth

from .base import RealServer
from .npm import node, npm_installed
from .process import ProcessGroup

VERSION = "0.9.2"
PACKAGES = (f"@node-wot/core@{VERSION}", f"@node-wot/binding-http@{VERSION}")
SCRIPT = Path(__file__).with_name("node_wot.js")


class NodeWotServer(RealServer):
    """Two Things behind one user name and password.

    A Thing is named by the slug of its title: `living-room-lamp`, `hallway-heating`.
    """

    name: ClassVar[str] = "node-wot"
    lamp: ClassVar[str] = "living-room-lamp"
    heating: ClassVar[str] = "hallway-heating"

    def __init__(self) -> None:
        """Choose the credentials."""
        super().__init__()
        self.username = "wot"
        self.password = secrets.token_urlsafe(12)

    @classmethod
    @override
    async def install(cls) -> Path:
        return await npm_installed(f"node-wot-{VERSION}", PACKAGES)

    @override
    async def _launch(self, group: ProcessGroup) -> None:
        modules = await self.install()
        argv = (await node(), SCRIPT, str(self.port), self.username, self.password)
        group.start(argv, {"NODE_PATH": str(modules)}, self.folder)

    @override
    async def _answers(self) -> bool:
        answers = [
            await self.ask("GET", f"/{name}/properties") for name in (self.lamp, self.heating)
        ]
        return all(answer.status == 200 for answer in answers)

    @override
    def _headers(self) -> dict[str, str]:
        return {"Authorization": encode_basic_auth(self.username, self.password)}

    async def properties(self, thing: str) -> dict[str, Any]:
        """Return all properties of a Thing by name."""
        found: dict[str, Any] = await self.expect("GET", f"/{thing}/properties")
        return found

    async def set(self, thing: str, name: str, value: Any) -> None:
        """Write a property, as another client of the server would."""
        await self.expect("PUT", f"/{thing}/properties/{name}", body=value)

    async def invoke(self, thing: str, action: str, value: Any = None) -> Any:
        """Start an action and return its output."""
        return await self.expect("POST", f"/{thing}/actions/{action}", body=value)

    def measure(self, thing: str, name: str, value: Any) -> None:
        """Make the Thing measure a value: what no client can write, such as `temperature`."""
        self._group.tell(json.dumps({"thing": thing, "property": name, "value": value}))
