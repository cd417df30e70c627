"""The examples of docs/automations.md: each is run as it stands there."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
import re
import shutil
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
import pytest
import yaml

from custom_components.vendor_bridge.bridge.errors import (
    NotConfirmedError,
    RefusedError,
    UnreachableError,
)
from custom_components.vendor_bridge.bridge.model import DEVICES_MONITOR, Device, Health
from custom_components.vendor_bridge.condition import CONDITIONS
from custom_components.vendor_bridge.happenings import EVENTS
from custom_components.vendor_bridge.helpers import COMMAND_FAILURES
from custom_components.vendor_bridge.trigger import TRIGGERS

from .automations import set_up_automations
from .fakes import FakeClient, entity, pass_time, set_up, state_of
from .integration_files import ROOT
from .test_blueprints import at_ten

PAGE = (ROOT / "docs" / "automations.md").read_text()
EXAMPLES: dict[str, dict[str, Any]] = {
    example["alias"]: example
    for text in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    for example in [yaml.safe_load(text)]
}
pytestmark = pytest.mark.filterwarnings("ignore::aiohttp.web_exceptions.NotAppKeyWarning")


class House:
    """A boiler and two doors, and what a user gets to see and hear."""

    def __init__(self, hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
        self.hass = hass
        self.freezer = freezer
        self.client = FakeClient()
        self.client.add(
            "boiler",
            entity("switch.main", attributes=["state"], commands={"turn_on": (), "turn_off": ()}),
            state=False,
        )
        for side in ("front", "back"):
            self.client.add(
                Device(id=side, type="lock", name=f"{side.capitalize()} door"),
                entity("lock.main", attributes=["state"], commands={"lock": (), "unlock": ()}),
                state="locked",
            )

    async def use(self, alias: str) -> None:
        """Take an example of the page, and set up the account."""
        await set_up(self.hass, self.client)
        await set_up_automations(self.hass, EXAMPLES[alias] | {"id": "example"})
        assert len(self.hass.states.async_entity_ids("automation")) == 1

    async def wait(self, minutes: float) -> None:
        for _ in range(round(minutes * 2)):
            await pass_time(self.hass, self.freezer, 30)

    @property
    def notifications(self) -> list[tuple[str | None, str]]:
        """Return titles and messages, in order."""
        shown = self.hass.data.get("persistent_notification", {}).values()
        return [(one["title"], one["message"]) for one in shown]


@pytest.fixture
async def house(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> AsyncIterator[House]:
    assert await async_setup_component(hass, "persistent_notification", {})
    yield House(hass, freezer)
    await hass.services.async_call("automation", "turn_off", {"entity_id": "all"}, blocking=True)


async def account_cut_off(house: House) -> None:
    for operation in ("status", DEVICES_MONITOR):
        house.client.fail(operation, UnreachableError("it does not answer"))
    await house.wait(8)
    assert house.notifications == []
    await house.wait(8)
    assert house.notifications == [("Acme Home is disconnected", "it does not answer")]


async def front_door_not_locked(house: House) -> None:
    async def lock(action: str, entity_id: str, error: Exception) -> None:
        house.client.fail("write", error)
        with pytest.raises(HomeAssistantError):
            await house.hass.services.async_call(
                "lock", action, {"entity_id": entity_id}, blocking=True
            )
        await house.hass.async_block_till_done()

    stuck = NotConfirmedError("it stays unlocked")
    await lock("lock", "lock.front_door", RefusedError("no"))
    await lock("unlock", "lock.front_door", stuck)
    await lock("lock", "lock.back_door", stuck)
    assert house.notifications == []
    await lock("lock", "lock.front_door", stuck)
    assert house.notifications == [(None, "Front door is not locked: it stays unlocked")]


async def new_devices(house: House) -> None:
    for vendor_id in ("fan", "lamp"):
        house.client.add(vendor_id, entity("switch.main", attributes=["state"]), state=True)
    await house.wait(6)
    assert house.notifications == [
        ("A new device", "Fan is new at Acme Home."),
        ("A new device", "Lamp is new at Acme Home."),
    ]


async def save_requests(house: House) -> None:
    switched_off: list[ServiceCall] = []

    async def turn_off(call: ServiceCall) -> None:
        switched_off.append(call)

    house.client.healthy = Health(remaining=20, limit=100)
    await house.wait(1)
    house.hass.services.async_register("automation", "turn_off", turn_off)
    house.client.healthy = Health(remaining=19, limit=100)
    await house.wait(1)
    assert [call.data[ATTR_ENTITY_ID] for call in switched_off] == [["automation.refresh_often"]]


async def noon(house: House) -> None:
    house.hass.bus.async_fire("noon")
    await house.hass.async_block_till_done(wait_background_tasks=True)


async def boiler_at_noon(house: House) -> None:
    house.client.fail_device("boiler", RefusedError("no"))
    await house.wait(6)
    await noon(house)
    assert house.client.writes == []
    house.client.fail_device("boiler", None)
    await house.wait(6)
    await noon(house)
    assert state_of(house.hass, "switch.boiler").state == "on"


async def all_is_well(house: House) -> None:
    fired: list[Any] = []
    house.hass.bus.async_listen("all_is_well", fired.append)
    house.client.healthy = Health(remaining=5, limit=100)
    await noon(house)
    house.client.healthy = Health(remaining=50, limit=100)
    house.client.fail_device("front", RefusedError("no"))
    await house.wait(6)
    await noon(house)
    assert not fired
    house.client.fail_device("front", None)
    await house.wait(6)
    await noon(house)
    assert len(fired) == 1


async def lock_up(house: House) -> None:
    told: list[tuple[str, str]] = []

    async def notify(call: ServiceCall) -> None:
        told.append((call.data["title"], call.data["message"]))

    house.hass.services.async_register("notify", "my_phone", notify)
    house.client.fail_device("back", RefusedError("no"))
    await at_ten(house.hass, house.freezer)
    [(title, message)] = told
    assert f"> **{title}** {message}" in PAGE


RUN: dict[str, Callable[[House], Awaitable[None]]] = {
    "Account cut off": account_cut_off,
    "Front door not locked": front_door_not_locked,
    "New devices": new_devices,
    "Save requests": save_requests,
    "Boiler at noon": boiler_at_noon,
    "All is well": all_is_well,
    "Lock up": lock_up,
}


def test_every_example_is_run() -> None:
    assert RUN.keys() == EXAMPLES.keys()


@pytest.mark.parametrize("alias", RUN)
async def test_example(
    hass: HomeAssistant, house: House, tmp_path: Path, alias: str, request: pytest.FixtureRequest
) -> None:
    if alias == "Account cut off":
        request.node.add_marker(pytest.mark.expects_warnings("Error fetching Acme Home"))
    hass.config.config_dir = str(tmp_path)
    shutil.copytree(ROOT / "blueprints", tmp_path / "blueprints")
    await house.use(alias)
    await RUN[alias](house)


def rows(heading: str) -> list[str]:
    """Return what is in the first column of the first table below a heading."""
    table = PAGE[PAGE.index(f"\n{heading}\n") :].split("| ---", 1)[1].split("\n\n", 1)[0]
    return re.findall(r"^\| `([\w.]+)`", table, re.MULTILINE)


def test_the_tables_are_complete() -> None:
    assert set(rows("## Triggers")) == {f"vendor_bridge.{name}" for name in TRIGGERS}
    assert set(rows("## Conditions")) == {f"vendor_bridge.{name}" for name in CONDITIONS}
    assert set(rows("## The logbook")) == set(EVENTS.values())
    kinds = {key for _, key in COMMAND_FAILURES} - {"command_invalid"}
    assert kinds == set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)) & kinds
    linked = set(re.findall(r"vendor_bridge/(\w+\.yaml)\)", PAGE))
    assert linked == {
        path.name for path in (ROOT / "blueprints/automation/vendor_bridge").glob("*.yaml")
    }
