"""webthing, a WebThings server, with the Things of webthing_house.py."""

import json
from pathlib import Path
import sys
from typing import Any, ClassVar, override

from .base import RealServer
from .cache import installed, run, tool
from .process import ProcessGroup

VERSION = "0.15.0"
REQUIREMENTS = (
    f"webthing=={VERSION}",
    "attrs==26.1.0",
    "ifaddr==0.2.0",
    "jsonschema==4.26.0",
    "jsonschema-specifications==2025.9.1",
    "pyee==16.0.1",
    "referencing==0.37.0",
    "rpds-py==2026.9.1",
    "tornado==6.6.1",
    "typing-extensions==4.16.0",
    "zeroconf==0.154.0",
)
SCRIPT = Path(__file__).with_name("webthing_house.py")


class WebThingServer(RealServer):
    """Three Things without sign-in; a Thing is named by its place in the list."""

    name: ClassVar[str] = "webthing"
    lamp: ClassVar[int] = 0
    weather: ClassVar[int] = 1
    thermostat: ClassVar[int] = 2

    @classmethod
    @override
    async def install(cls) -> Path:
        """Make an environment of its own: tornado and its kin are no part of the project's."""
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        return await installed(f"webthing-{VERSION}-python{version}", _build)

    @override
    async def _launch(self, group: ProcessGroup) -> None:
        python = await self.install() / "bin" / "python"
        # -P: the library is imported by the name that this module has, too.
        group.start((python, "-P", SCRIPT, str(self.port)), {}, self.folder)

    @override
    async def _answers(self) -> bool:
        return (await self.ask("GET", "/0/properties")).status == 200

    async def properties(self, thing: int) -> dict[str, Any]:
        """Return all properties of a Thing by name."""
        found: dict[str, Any] = await self.expect("GET", f"/{thing}/properties")
        return found

    async def set(self, thing: int, name: str, value: Any) -> None:
        """Write a property, as another client of the server would."""
        await self.expect("PUT", f"/{thing}/properties/{name}", body={name: value})

    async def invoke(self, thing: int, action: str, value: dict[str, Any]) -> None:
        """Request an action; it goes on after this returns."""
        await self.expect("POST", f"/{thing}/actions/{action}", body={action: {"input": value}})

    def measure(self, thing: int, name: str, value: Any) -> None:
        """Make the Thing measure a value: what no client can write, such as `temperature`."""
        self._group.tell(json.dumps({"thing": thing, "property": name, "value": value}))


async def _build(folder: Path) -> None:
    beside = Path(sys.executable).with_name("uv")
    uv = str(beside) if beside.exists() else tool("uv", "pip install uv")
    await run(uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, folder)
    python = folder / "bin" / "python"
    await run(uv, "pip", "install", "--quiet", "--python", python, *REQUIREMENTS)
