"""Processes: the vendor, a Home Assistant that has an account there, and the proxy between them."""

import asyncio
from collections.abc import Mapping
import contextlib
import os
from pathlib import Path
import re
import shutil
from typing import Any, Final

import aiohttp

from custom_components.vendor_bridge.const import DOMAIN
from demo.acme_server import EMAIL, PASSWORD, START_SECONDS, AcmeServer
from demo.home_assistant import HomeAssistant
from demo.processes import free_port

from .faults import Fault, Network, Operation
from .home import LIMIT, profile_text
from .proxy import Exchange, Proxy, Rule
from .report import KILLED
from .tls import LOCAL, Authority, Shown

CONFIGURATION: Final = Path(__file__).parents[2] / "demo/config"
CONFIGURATION_YAML: Final = """
homeassistant: {name: Test, time_zone: Europe/Berlin, country: DE}
config:
onboarding:
recorder: {commit_interval: 1}
logger: {default: warning}
"""
"""No more than the tests need, so that starting takes seconds."""
OWNER: Final = {"name": "Test", "username": "test", "password": "test"}
LAMP, LOCK, WINDOW = "LMP-0001", "LCK-0001", "CON-0002"
EVERY: Final = {"every: 60": "every: 5", "every: 5\n": "every: 1\n", "every: 15": "every: 5"}
"""Intervals of the demo's profile, and shorter ones that its limits still allow."""
OPTIONS: Final = ("--quiet", "--page-size", "50", "--requests-per-minute", str(LIMIT))
TIMEOUT: Final = 3.0
NEVER: Final = re.compile(
    r"never retrieved|never awaited|Unclosed|Unexpected error|was destroyed but"
)
RECORD: Final = re.compile(r"^(?=\d{4}-\d\d-\d\d )", re.MULTILINE)
"""Where a record of Home Assistant's log begins; a traceback belongs to the one before it."""
KEPT: Final = ("LMP-", "LCK-", "PLG-", "MTR-", "CON-", "MOT-", "SMK-", "TMP-", "STR-")
NAME, AREA = "Cooker light", "Elsewhere"


class HouseOfProcesses:
    """Everything for tests that start, stop and kill."""

    def __init__(self, folder: Path, authority: Authority, *options: str) -> None:
        """Describe it; nothing runs yet. ``options`` are those of the vendor's server."""
        self.folder = folder
        self.acme = AcmeServer(folder / "acme", free_port(), *OPTIONS, *options)
        self.home = HomeAssistant(folder / "config", free_port(), owner=OWNER)
        self.url = ""
        self.entry_id = ""
        self.entities: dict[str, str] = {}
        self.proxy: Proxy
        self._authority = authority
        self._read_log = 0

    # --- life -------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Start it all, add the account through the config flow, and name things as users do."""
        configuration = self.folder / "configuration"
        shutil.copytree(CONFIGURATION, configuration)
        (configuration / "configuration.yaml").write_text(CONFIGURATION_YAML)
        (configuration / DOMAIN / "acme.yaml").write_text(_profile())
        self.home.prepare(configuration)
        await self.acme.__aenter__()
        await self._move_out()
        await self.home.__aenter__()
        self.proxy = Proxy(int(self.acme.url.rpartition(":")[2]), None, "http://192.0.2.1")
        self.proxy.tls = self._authority.context(Shown.GOOD)
        await self.proxy.listen()
        self.url = f"https://{LOCAL}:{self.proxy.port}"
        await self.start_home()
        shown = await self.flow()
        assert shown.get("step_id") == "devices", shown
        devices = next(part["default"] for part in shown["data_schema"] if part["name"] == "chosen")
        done = await self.home.post(
            f"/api/config/config_entries/flow/{shown['flow_id']}",
            {"chosen": devices, "add_new": True},
        )
        self.entry_id = done["result"]["entry_id"]
        await self._find_entities()
        await self._name_things()

    async def _move_out(self) -> None:
        """Leave some of the devices: what all of them need takes Home Assistant long to load."""
        for serial in (await self.acme.house())["devices"]:
            if serial.startswith(KEPT):
                continue
            with contextlib.suppress(aiohttp.ClientResponseError):  # gone with what it is part of
                await self._ask_vendor("/_sim/house", {"remove": [serial]})

    async def _ask_vendor(self, path: str, body: Mapping[str, Any]) -> None:
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{self.acme.url}{path}", json=body) as answer,
        ):
            answer.raise_for_status()

    async def start_home(self) -> None:
        """Start Home Assistant, and wait until everything is set up."""
        environment = {
            "REQUESTS_CA_BUNDLE": str(self._authority.file),
            "PYTHONDONTWRITEBYTECODE": "",  # where it is set, every start compiles it all again
        }
        with _environment(environment):
            await self.home.start()
        await self.home.onboard()
        await self.home.running()

    async def close(self) -> None:
        """End all processes."""
        await self.home.__aexit__(None, None, None)
        if hasattr(self, "proxy"):
            await self.proxy.close()
        await self.acme.__aexit__(None, None, None)

    async def _find_entities(self) -> None:
        registry = await self.home.websocket(type="config/entity_registry/list")
        self.entities = {
            entity["unique_id"].partition(":")[2].partition(":")[2]: entity["entity_id"]
            for entity in registry
            if entity["platform"] == DOMAIN
        }

    async def _name_things(self) -> None:
        area = await self.home.websocket(type="config/area_registry/create", name=AREA)
        await self.home.websocket(
            type="config/entity_registry/update",
            entity_id=self.entity(LAMP),
            name=NAME,
            area_id=area["area_id"],
        )
        devices = await self.home.websocket(type="config/device_registry/list")
        lock = next(
            device
            for device in devices
            if any(identifier[1].endswith(f":{LOCK}") for identifier in device["identifiers"])
        )
        await self.home.websocket(
            type="config/device_registry/update",
            device_id=lock["id"],
            name_by_user="The door",
            area_id=area["area_id"],
        )

    # --- what Home Assistant knows ----------------------------------------------------------------

    def entity(self, serial: str, key: str = "main") -> str:
        """Return the entity id of a device's entity."""
        return self.entities[f"{serial}:{key}"]

    async def registered(self) -> Mapping[str, Any]:
        """Return what must never change: devices, entities, their names and areas, the account."""
        devices = await self.home.websocket(type="config/device_registry/list")
        entities = await self.home.websocket(type="config/entity_registry/list")
        entries = await self.home.get("/api/config/config_entries/entry")
        known = {device["id"] for device in devices}
        ours = [entity for entity in entities if entity["platform"] == DOMAIN]
        assert len({entity["unique_id"] for entity in ours}) == len(ours), "an entity twice"
        assert all(entity["device_id"] in known for entity in ours), "an entity without its device"
        return {
            "devices": {
                device["id"]: (
                    device["identifiers"],
                    device["name"],
                    device["name_by_user"],
                    device["area_id"],
                )
                for device in devices
                if any(identifier[0] == DOMAIN for identifier in device["identifiers"])
            },
            "entities": {
                entity["unique_id"]: (entity["entity_id"], entity["name"], entity["area_id"])
                for entity in ours
            },
            "entries": {
                entry["entry_id"]: entry["title"] for entry in entries if entry["domain"] == DOMAIN
            },
        }

    async def account_state(self) -> str:
        """Return how the account is."""
        entries = await self.home.get("/api/config/config_entries/entry")
        (state,) = [entry["state"] for entry in entries if entry["domain"] == DOMAIN]
        return str(state)

    async def reauths(self) -> int:
        """Return how often the user is being asked to sign in again."""
        flows = await self.home.websocket(type="config_entries/flow/progress")
        return sum(flow["context"]["source"] == "reauth" for flow in flows)

    async def flow(self) -> dict[str, Any]:
        """Fill the form in as a user does, and return what is shown then."""
        return await self.home.flow(
            DOMAIN,
            {"vendor": "acme"},
            {"url": self.url, "email": EMAIL, "password": PASSWORD},
        )

    async def state(self, serial: str, key: str = "main") -> str:
        """Return the state of a device's entity."""
        state: str = (await self.home.state(self.entity(serial, key)))["state"]
        return state

    async def shows(self, serial: str, key: str, wanted: str, seconds: float) -> float:
        """Wait until an entity has a state; return how long that took, in seconds."""
        clock = asyncio.get_running_loop().time
        began = clock()
        await self.home.wait_for(self.entity(serial, key), wanted, seconds)
        return clock() - began

    def complaints(self) -> list[str]:
        """Return what has been logged since the last call that never should be."""
        text = self.home.log.read_text(errors="replace")
        new, self._read_log = text[self._read_log :], len(text)
        return [
            record
            for record in RECORD.split(new)
            if NEVER.search(record) or ("Traceback" in record and DOMAIN in record)
        ]

    # --- faults -----------------------------------------------------------------------------------

    async def break_(self, fault: Fault, operation: Operation) -> None:
        """Let a fault begin."""
        match fault.trouble:
            case Network.REFUSES:
                self.proxy.refuse()
            case Network.RESETS:
                self.proxy.greets = False
                self.proxy.hang_up()
            case Shown() as shown:
                await self.proxy.use(self._authority.context(shown))
            case behaviour if not isinstance(behaviour, Network):
                self.proxy.rule = Rule(behaviour, operation.concerns, fault.times)

    async def mend(self) -> None:
        """Let it end."""
        self.proxy.rule = None
        self.proxy.greets = True
        await self.proxy.use(self._authority.context(Shown.GOOD))

    def kill_vendor(self, *, done: bool) -> Fault:
        """Return a fault that kills the vendor's process in the middle, and starts it again."""

        async def behave(exchange: Exchange) -> None:
            if done:
                await exchange.forward()
            await self.acme.stop(kill=True)
            exchange.reset()
            await self.acme.start()

        key = f"killed-{'after' if done else 'before'}"
        return Fault(key, KILLED[key], behave, times=1)

    async def vendor_is_up(self) -> None:
        """Wait until the vendor answers, if it has been killed."""
        async with asyncio.timeout(START_SECONDS):
            while True:
                with contextlib.suppress(aiohttp.ClientError):
                    await self.acme.house()
                    return
                await asyncio.sleep(0.05)

    async def expire_tokens(self) -> None:
        """Have every access token expire."""
        await self._ask_vendor("/_sim/tokens/expire", {})


def _profile() -> str:
    """Return the profile of the demo, as one that asks more often and has less patience."""
    text = profile_text(TIMEOUT)
    for usual, hasty in EVERY.items():
        assert usual in text
        text = text.replace(usual, hasty)
    return text


def changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what of two answers of ``registered`` differs: before and now.

    What an account tells of itself may come later: once there is something to tell.
    """
    return {
        f"{sort} {key}": (before[sort].get(key), now[sort].get(key))
        for sort in before
        for key in before[sort].keys() | now[sort].keys()
        if before[sort].get(key) != now[sort].get(key)
        and not (key not in before[sort] and "::" in key)
    }


@contextlib.contextmanager
def _environment(values: Mapping[str, str]) -> Any:
    """Have programs that are started meanwhile see some variables."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
