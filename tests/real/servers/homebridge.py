"""Homebridge with its web UI, whose API is what people automate, and dummy accessories."""

import json
from pathlib import Path
import secrets
from typing import Any, ClassVar, override
from urllib.parse import urlencode

import aiohttp

from .base import ASK_TIMEOUT, RealServer
from .errors import ServerFailedError
from .npm import npm_installed
from .process import ProcessGroup, free_port

VERSION = "1.11.4"
UI_VERSION = "5.10.0"
# Asks for Node.js 22 and works on 20, with a warning.
DUMMY_VERSION = "2.1.1"
PACKAGES = (
    f"homebridge@{VERSION}",
    f"homebridge-config-ui-x@{UI_VERSION}",
    f"homebridge-dummy@{DUMMY_VERSION}",
)

ACCESSORIES: tuple[dict[str, Any], ...] = (
    {"name": "Coffee Maker", "type": "Switch"},
    {"name": "Heater Outlet", "type": "Outlet"},
    {"name": "Reading Lamp", "type": "Lightbulb", "isDimmer": True},
    {"name": "Porch Light", "type": "Lightbulb"},
    {"name": "Front Door", "type": "LockMechanism"},
    {
        "name": "Living Room Heating",
        "type": "Thermostat",
        "defaultTemperature": 20,
        "temperatureUnits": "C",
    },
    {"name": "Bedroom Blind", "type": "WindowCovering"},
    {"name": "Garage", "type": "GarageDoorOpener"},
    {"name": "Garden Valve", "type": "Valve", "valveType": "irrigation"},
    {
        "name": "Cellar Dehumidifier",
        "type": "HumidifierDehumidifier",
        "humidifierType": "dehumidifier",
    },
    {"name": "Balcony Temperature", "type": "TemperatureSensor"},
    {"name": "Balcony Humidity", "type": "HumiditySensor"},
    {"name": "Hall Motion", "type": "MotionSensor"},
    {"name": "Window Contact", "type": "ContactSensor"},
    {"name": "Washer Leak", "type": "LeakSensor"},
    {"name": "Kitchen Smoke", "type": "SmokeSensor"},
)


class HomebridgeServer(RealServer):
    """Sixteen accessories behind a login.

    Accessories are named by `serviceName` here (`Reading Lamp`); the API knows them by `uniqueId`.
    The bridge itself, on a port of its own, cannot be bound to loopback: the UI finds it by mDNS.
    """

    name: ClassVar[str] = "homebridge"

    def __init__(self) -> None:
        """Choose the credentials, and a bridge's identity that no other test run has."""
        super().__init__()
        self.username = "admin"
        self.password = secrets.token_urlsafe(12)
        self._bridge_port = free_port()
        self._webhook_port = free_port()
        self._token = ""

    @classmethod
    @override
    async def install(cls) -> Path:
        name = f"homebridge-{VERSION}-ui-{UI_VERSION}-dummy-{DUMMY_VERSION}"
        return await npm_installed(name, PACKAGES)

    @override
    async def _prepare(self) -> None:
        # The UI shows the accessories of every bridge that it finds and whose PIN fits.
        digits = f"{secrets.randbelow(10**8):08}"
        bridge = {
            "name": "Homebridge House",
            "username": "0E:" + ":".join(f"{byte:02X}" for byte in secrets.token_bytes(5)),
            "port": self._bridge_port,
            "pin": f"{digits[:3]}-{digits[3:5]}-{digits[5:]}",
            "advertiser": "bonjour-hap",
        }
        ui = {
            "platform": "config",
            "name": "Config",
            "port": self.port,
            "host": "127.0.0.1",
            "auth": "form",
        }
        dummies = [
            {"id": accessory["name"].lower().replace(" ", "-"), "enableWebhook": True, **accessory}
            for accessory in ACCESSORIES
        ]
        dummy = {
            "platform": "HomebridgeDummy",
            "name": "Dummy",
            "webhookConfig": {"port": self._webhook_port},
            "accessories": dummies,
        }
        config = {"bridge": bridge, "accessories": [], "platforms": [ui, dummy]}
        self._store.mkdir()
        (self._store / "config.json").write_text(json.dumps(config, indent=2))

    @property
    def _store(self) -> Path:
        return self.folder / "store"

    @override
    async def _launch(self, group: ProcessGroup) -> None:
        modules = await self.install()
        argv = (
            modules / ".bin" / "hb-service",
            "run",
            "-I",
            "--allow-root",
            "--stdout",
            "--strict-plugin-resolution",
            "--user-storage-path",
            self._store,
            "--plugin-path",
            modules,
        )
        group.start(argv, {}, self.folder)

    @override
    async def _set_up(self) -> None:
        """Create the first user as the setup wizard of the UI does."""
        await self.reached("/api/auth/settings")
        wizard = await self.expect("GET", "/api/setup-wizard/get-setup-wizard-token")
        user = {
            "name": "Admin",
            "username": self.username,
            "password": self.password,
            "admin": True,
        }
        await self.expect(
            "POST",
            "/api/setup-wizard/create-first-user",
            body=user,
            headers={"Authorization": f"Bearer {wizard['access_token']}"},
        )

    @override
    async def _answers(self) -> bool:
        """Wait for all accessories: the UI finds the bridge some seconds after its start."""
        await self.sign_in()
        listed = await self.accessories()
        return all(accessory["name"] in listed for accessory in ACCESSORIES)

    @override
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"} if self._token else {}

    async def sign_in(self) -> None:
        """Get a token for the helpers below."""
        body = {"username": self.username, "password": self.password}
        self._token = (await self.expect("POST", "/api/auth/login", body=body))["access_token"]

    async def accessories(self) -> dict[str, dict[str, Any]]:
        """Return all services by `serviceName`, as the API has them."""
        listed = await self.expect("GET", "/api/accessories")
        return {service["serviceName"]: service for service in listed}

    async def values(self, name: str) -> dict[str, Any]:
        """Return the values of an accessory by characteristic; booleans come as 0 and 1."""
        values: dict[str, Any] = (await self.accessories())[name]["values"]
        return values

    async def set(self, name: str, characteristic: str, value: Any) -> None:
        """Write a characteristic, as a person at the UI would."""
        service = (await self.accessories())[name]
        await self.expect(
            "PUT",
            f"/api/accessories/{service['uniqueId']}",
            body={"characteristicType": characteristic, "value": value},
        )

    async def measure(self, name: str, characteristic: str, value: Any) -> None:
        """Make an accessory measure a value: what the UI's API cannot write, such as a sensor's."""
        query = urlencode(
            {
                "id": name.lower().replace(" ", "-"),
                "set": characteristic,
                "value": json.dumps(value),
            }
        )
        async with (
            aiohttp.ClientSession(timeout=ASK_TIMEOUT) as session,
            session.get(f"http://127.0.0.1:{self._webhook_port}/?{query}") as response,
        ):
            if response.status != 200:
                raise ServerFailedError(f"{name} {characteristic}: {await response.text()}")
