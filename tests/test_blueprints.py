"""The blueprints, as a user takes them: each runs in Home Assistant with a vendor behind it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
import shutil
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.blueprint.models import Blueprint
from homeassistant.components.blueprint.schemas import BLUEPRINT_SCHEMA
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from homeassistant.util.yaml import parse_yaml
import pytest

from custom_components.vendor_bridge.bridge.errors import (
    NotConfirmedError,
    RefusedError,
    UnreachableError,
)
from custom_components.vendor_bridge.bridge.model import (
    DEVICES_MONITOR,
    Command,
    Device,
    Outcome,
)
from custom_components.vendor_bridge.bridge.tasks import FieldType, Task, TaskField

from .automations import set_up_automations
from .fakes import FakeClient, device_of, entity, pass_time, set_up, state_of
from .integration_files import ROOT

FOLDER = ROOT / "blueprints" / "automation" / "vendor_bridge"
BLUEPRINTS = sorted(FOLDER.glob("*.yaml"))
DOWN = UnreachableError("it does not answer")
pytestmark = pytest.mark.filterwarnings("ignore::aiohttp.web_exceptions.NotAppKeyWarning")


class Messages:
    """What was told, title and message, in order."""

    def __init__(self, hass: HomeAssistant) -> None:
        self.told: list[tuple[str, str]] = []
        hass.bus.async_listen(
            "message", lambda event: self.told.append((event.data["title"], event.data["message"]))
        )

    def take(self) -> list[tuple[str, str]]:
        told, self.told = self.told, []
        return told


TELL = [{"event": "message", "event_data": {"title": "{{ title }}", "message": "{{ message }}"}}]


@pytest.fixture
def messages(hass: HomeAssistant) -> Messages:
    return Messages(hass)


type Use = Callable[..., Awaitable[None]]


@pytest.fixture
async def use(hass: HomeAssistant, tmp_path: Path) -> AsyncIterator[Use]:
    """Return what makes an automation of a blueprint, and switch it off in the end."""
    hass.config.config_dir = str(tmp_path)
    shutil.copytree(FOLDER, tmp_path / "blueprints" / "automation" / "vendor_bridge")

    async def make(name: str, **inputs: Any) -> None:
        await set_up_automations(
            hass,
            {
                "id": "it",
                "alias": "It",
                "use_blueprint": {"path": f"vendor_bridge/{name}.yaml", "input": inputs},
            },
        )
        assert hass.states.get("automation.it") is not None, "it could not be set up"

    yield make
    await hass.services.async_call("automation", "turn_off", {"entity_id": "all"}, blocking=True)


@pytest.mark.parametrize("path", BLUEPRINTS, ids=lambda path: path.stem)
def test_blueprint_is_one_and_explains_its_inputs(path: Path) -> None:
    text = path.read_text()
    parsed = parse_yaml(text)
    assert isinstance(parsed, dict)
    blueprint = Blueprint(
        parsed, path=path.name, expected_domain="automation", schema=BLUEPRINT_SCHEMA
    )
    metadata = blueprint.metadata
    assert metadata["homeassistant"]["min_version"] == "2026.9.0"
    assert metadata["author"] == "Vendor Bridge"
    assert metadata["description"]
    assert all(given["name"] and given["selector"] for given in metadata["input"].values())
    # What is left to the user is never an id.
    assert not [word for word in ("switch.", "lock.front", "notify.", "mobile_app") if word in text]


# --- a device is offline --------------------------------------------------------------------------


def with_plugs() -> FakeClient:
    client = FakeClient()
    for vendor_id in ("kettle", "heater"):
        client.add(
            vendor_id,
            entity("switch.main", attributes=["state"], available={"online": "status"}),
            state=True,
        )
        client.say(vendor_id, "switch.main.availability.online", True)
    return client


async def wait(hass: HomeAssistant, freezer: FrozenDateTimeFactory, minutes: int) -> None:
    for _ in range(minutes * 2):
        await pass_time(hass, freezer, 30)


async def test_device_offline(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    use: Use,
    messages: Messages,
) -> None:
    client = with_plugs()
    await set_up(hass, client)
    await use("device_offline", tell=TELL, patience={"minutes": 5})
    client.say("kettle", "switch.main.availability.online", False)
    await wait(hass, freezer, 3)
    assert messages.take() == []
    await wait(hass, freezer, 4)
    assert messages.take() == [("Kettle is offline", "Its vendor says that Kettle is offline.")]
    client.fail_device("heater", RefusedError("no"))
    await wait(hass, freezer, 9)
    assert messages.take() == [
        (
            "Heater is not answering",
            "Nothing new is known of Heater: what Home Assistant shows of it is too old.",
        )
    ]
    client.say("kettle", "switch.main.availability.online", True)
    client.fail_device("heater", None)
    await wait(hass, freezer, 1)
    assert sorted(messages.take()) == [
        ("Heater is back", "Heater is there again."),
        ("Kettle is back", "Kettle is there again."),
    ]
    # What was too short to be told is not taken back.
    client.say("kettle", "switch.main.availability.online", False)
    await wait(hass, freezer, 3)
    client.say("kettle", "switch.main.availability.online", True)
    await wait(hass, freezer, 10)
    assert messages.take() == []


@pytest.mark.expects_warnings("Error fetching Acme Home")
async def test_device_offline_tells_of_the_account_once_and_not_of_each_device(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    use: Use,
    messages: Messages,
) -> None:
    client = with_plugs()
    await set_up(hass, client)
    await use("device_offline", tell=TELL)
    for operation in ("status", DEVICES_MONITOR):
        client.fail(operation, DOWN)
    await wait(hass, freezer, 30)
    assert messages.take() == [
        ("Acme Home is disconnected", "Acme Home is cut off: it does not answer")
    ]
    client.recover()
    await wait(hass, freezer, 30)
    assert messages.take() == [("Acme Home is connected again", "Acme Home can be reached again.")]


def titles(hass: HomeAssistant) -> list[str]:
    """Return what a user sees of the notifications."""
    return [one["title"] for one in hass.data["persistent_notification"].values()]


async def test_device_offline_for_some_devices_and_without_telling_that_they_are_back(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    use: Use,
) -> None:
    client = with_plugs()
    entry = await set_up(hass, client)
    assert await async_setup_component(hass, "persistent_notification", {})
    kettle = device_of(hass, entry, "kettle").id
    await use("device_offline", devices={"device_id": kettle}, tell_back=False)
    for vendor_id in ("kettle", "heater"):
        client.say(vendor_id, "switch.main.availability.online", False)
    await wait(hass, freezer, 12)
    assert titles(hass) == ["Kettle is offline"]
    client.say("kettle", "switch.main.availability.online", True)
    await wait(hass, freezer, 12)
    assert titles(hass) == ["Kettle is offline"]


# --- locking up -----------------------------------------------------------------------------------

LOCKS = ("front", "back", "cellar", "garage", "shed", "attic")


def with_locks(**states: str) -> FakeClient:
    client = FakeClient()
    for vendor_id in LOCKS:
        door = entity("lock.main", attributes=["state"], commands={"lock": (), "unlock": ()})
        client.add(
            Device(id=vendor_id, type="lock", name=f"{vendor_id.capitalize()} door"),
            door,
            state=states.get(vendor_id, "locked"),
        )
    return client


def locking(client: FakeClient, stuck: set[str], silent: set[str]) -> Callable[..., Outcome]:
    """Return what becomes of commands: some locks are stuck, some fall silent with it."""

    def outcome(device: Device, command: Command) -> Outcome:
        if device.id in silent:
            client.fail_device(device.id, RefusedError("no"))
            raise DOWN
        if device.id in stuck:
            client.say(device.id, "lock.main.state", "jammed")
            raise NotConfirmedError("it is stuck")
        client.say(device.id, "lock.main.state", "locked")
        return Outcome()

    return outcome


async def at_ten(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Let it become the next 22:00, by the clock on the wall."""
    night = dt_util.start_of_local_day() + timedelta(hours=22)
    if night <= dt_util.now():
        night += timedelta(days=1)
    await pass_time(hass, freezer, (night - dt_util.now()).total_seconds())


async def test_lock_up_check(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    use: Use,
    messages: Messages,
) -> None:
    client = with_locks(back="unlocked", garage="unlocked", shed="unlocked")
    client.outcome = locking(client, stuck={"garage"}, silent={"shed"})
    await set_up(hass, client, intervals={"status": 100000})
    await use("lock_up_check", locks=[f"lock.{one}_door" for one in LOCKS], tell=TELL)
    # Since it was read, somebody has opened the attic, and the battery of the cellar is empty.
    client.say("attic", "lock.main.state", "unlocked")
    client.fail_device("cellar", RefusedError("no"))
    await at_ten(hass, freezer)
    assert messages.take() == [
        (
            "Not everything is locked",
            (
                "Did not answer: Cellar door, Shed door (was unlocked, told to lock). "
                "Not locked: Garage door is jammed. "
                "Was open and is locked now: Back door, Attic door. "
                "Locked: Front door."
            ),
        )
    ]
    # Each was told once; what is locked or does not answer was told nothing.
    assert [device_id for device_id, _ in client.writes] == ["back", "garage", "shed", "attic"]


async def test_lock_up_check_without_locking_says_what_is_open(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    use: Use,
    messages: Messages,
) -> None:
    client = with_locks(back="unlocked")
    await set_up(hass, client)
    await use(
        "lock_up_check", locks=["lock.front_door", "lock.back_door"], tell=TELL, lock_them=False
    )
    await at_ten(hass, freezer)
    assert messages.take() == [
        ("Not everything is locked", "Not locked: Back door is unlocked. Locked: Front door.")
    ]
    assert client.writes == []


async def test_lock_up_check_tells_what_was_open_even_if_all_is_well_now(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, use: Use, messages: Messages
) -> None:
    client = with_locks(back="unlocked")
    await set_up(hass, client)
    await use("lock_up_check", locks=["lock.front_door", "lock.back_door"], tell=TELL)
    await at_ten(hass, freezer)
    assert messages.take() == [
        ("Everything is locked", "Was open and is locked now: Back door. Locked: Front door.")
    ]


@pytest.mark.expects_warnings("Error fetching Acme Home", "cannot be reached")
async def test_lock_up_check_when_nothing_answers(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    use: Use,
    messages: Messages,
) -> None:
    client = with_locks()
    await set_up(hass, client)
    await use("lock_up_check", locks=["lock.front_door", "lock.back_door"], tell=TELL)
    for operation in ("status", DEVICES_MONITOR):
        client.fail(operation, DOWN)
    await at_ten(hass, freezer)
    assert messages.take() == [
        ("Not everything is locked", "Did not answer: Front door, Back door.")
    ]


@pytest.mark.parametrize("tells", [True, False])
async def test_lock_up_check_when_all_is_well(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    use: Use,
    messages: Messages,
    tells: bool,
) -> None:
    await set_up(hass, with_locks())
    await use("lock_up_check", locks="lock.front_door", tell=TELL, tell_all_is_well=tells)
    await at_ten(hass, freezer)
    assert messages.take() == [("Everything is locked", "Locked: Front door.")] * tells


# --- the cheapest hours ---------------------------------------------------------------------------


def hours(day: datetime, prices: Mapping[int, float]) -> list[dict[str, Any]]:
    """Return a forecast: prices by the hour after the midnight of a day."""
    midnight = dt_util.start_of_local_day(day)
    return [
        {"start": (midnight + timedelta(hours=hour)).isoformat(), "value": price}
        for hour, price in prices.items()
    ]


class Boiler:
    """A load at a vendor, and when it was switched, by the clock on the wall."""

    def __init__(self, hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
        self.hass = hass
        self.freezer = freezer
        self.client = FakeClient()
        self.client.add(
            "boiler",
            entity("switch.main", attributes=["state"], commands={"turn_on": (), "turn_off": ()}),
            state=False,
        )

    async def begin(self) -> datetime:
        """Start in the evening of a day, and return that day's midnight."""
        self.freezer.move_to(dt_util.start_of_local_day() + timedelta(days=1, hours=21, minutes=58))
        await set_up(self.hass, self.client, intervals={"status": 100000})
        return dt_util.start_of_local_day()

    async def live(self, hours: float) -> None:
        for _ in range(round(hours * 12)):
            await pass_time(self.hass, self.freezer, 300)
            now = dt_util.now()
            for _, command in self.client.writes[len(self.switched) :]:
                self.switched.append((command.name.removeprefix("turn_"), f"{now:%H:%M}"))

    switched: list[tuple[str, str]]


@pytest.fixture
async def boiler(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Boiler:
    assert await async_setup_component(hass, "homeassistant", {})
    await hass.config.async_set_time_zone("Europe/Berlin")
    boiler = Boiler(hass, freezer)
    boiler.switched = []
    return boiler


def night(cheap: int) -> dict[int, float]:
    """Return prices from 20:00 to 12:00 on, of which two hours in a row are cheap."""
    return {hour: 5.0 if hour in {cheap, cheap + 1} else 30.0 - hour / 10 for hour in range(20, 36)}


async def test_cheapest_hours(hass: HomeAssistant, boiler: Boiler, use: Use) -> None:
    day = await boiler.begin()
    hass.states.async_set("sensor.price", "1", {"forecast": hours(day, night(cheap=26))})
    await use("cheapest_hours", load="switch.boiler", sensor="sensor.price")
    await boiler.live(14)
    assert boiler.switched == [("on", "02:03"), ("off", "04:03")]


async def test_cheapest_hours_before_midnight_are_not_run_again_when_the_forecast_moves_on(
    hass: HomeAssistant, boiler: Boiler, use: Use
) -> None:
    day = await boiler.begin()
    prices = hours(day, night(cheap=22))
    both = {"raw_today": prices[:4], "raw_tomorrow": prices[4:]}
    hass.states.async_set("sensor.price", "1", both)
    await use(
        "cheapest_hours",
        load="switch.boiler",
        sensor="sensor.price",
        attributes=["raw_today", "raw_tomorrow"],
    )
    await boiler.live(2.1)
    hass.states.async_set("sensor.price", "1", {"raw_today": prices[4:], "raw_tomorrow": None})
    await boiler.live(12)
    assert boiler.switched == [("on", "22:03"), ("off", "00:03")]


async def test_cheapest_hours_start_in_time_without_a_forecast(
    hass: HomeAssistant, boiler: Boiler, use: Use
) -> None:
    await boiler.begin()
    hass.states.async_set("sensor.price", "unavailable")
    await use("cheapest_hours", load="switch.boiler", sensor="sensor.price")
    await boiler.live(14)
    assert boiler.switched == [("on", "04:03"), ("off", "06:03")]


async def test_cheapest_hours_after_a_restart_take_the_best_of_what_is_left(
    hass: HomeAssistant, boiler: Boiler, use: Use
) -> None:
    day = await boiler.begin()
    hass.states.async_set("sensor.price", "1", {"forecast": hours(day, night(cheap=22))})
    await boiler.live(3)  # nobody is there to switch it
    await use("cheapest_hours", load="switch.boiler", sensor="sensor.price")
    await boiler.live(12)
    assert boiler.switched == [("on", "04:03"), ("off", "06:03")]


async def test_cheapest_hours_of_every_night(hass: HomeAssistant, boiler: Boiler, use: Use) -> None:
    day = await boiler.begin()
    prices = night(cheap=23) | {hour + 24: price for hour, price in night(cheap=27).items()}
    hass.states.async_set("sensor.carbon", "1", {"forecast": hours(day, prices)})
    await use("cheapest_hours", load="switch.boiler", sensor="sensor.carbon")
    await boiler.live(36)
    assert boiler.switched == [
        ("on", "23:03"),
        ("off", "01:03"),
        ("on", "03:03"),
        ("off", "05:03"),
    ]


async def test_load_that_does_not_answer_is_tried_again(
    hass: HomeAssistant, boiler: Boiler, use: Use
) -> None:
    day = await boiler.begin()
    hass.states.async_set("sensor.price", "1", {"forecast": hours(day, night(cheap=26))})
    await use("cheapest_hours", load="switch.boiler", sensor="sensor.price")
    boiler.client.fail("write", DOWN)
    await boiler.live(4.25)
    assert boiler.switched == [("on", "02:03"), ("on", "02:08"), ("on", "02:13")]
    boiler.client.recover()
    await boiler.live(1)
    boiler.client.fail("write", DOWN)
    await boiler.live(1.1)
    boiler.client.recover()
    await boiler.live(6)
    assert boiler.switched[3:] == [("on", "02:18"), ("off", "04:18"), ("off", "04:23")]


async def test_load_that_somebody_switches_off_stays_off(
    hass: HomeAssistant, boiler: Boiler, use: Use
) -> None:
    day = await boiler.begin()
    hass.states.async_set("sensor.price", "1", {"forecast": hours(day, night(cheap=26))})
    await use("cheapest_hours", load="switch.boiler", sensor="sensor.price")
    await boiler.live(4.25)
    assert boiler.switched == [("on", "02:03")]
    await hass.services.async_call(
        "switch", "turn_off", {"entity_id": "switch.boiler"}, blocking=True
    )
    await boiler.live(9)
    assert [name for name, _ in boiler.switched] == ["on", "off"]


async def test_forecast_by_the_quarter_of_an_hour_with_a_gap_and_with_nonsense(
    hass: HomeAssistant, boiler: Boiler, use: Use
) -> None:
    day = await boiler.begin()
    midnight = dt_util.start_of_local_day(day)
    cheap = {12: 10, 13: 10, 15: 10, 16: 10, 22: 100, 23: 100, 24: 100, 25: 100}
    points: list[Any] = [
        {
            "from": (midnight + timedelta(hours=22, minutes=15 * place)).isoformat(),
            "co2": cheap.get(place, 300),
        }
        for place in range(32)
        if place not in {1, 14}  # 22:15 and, between the cheapest four, 01:30
    ]
    points += [None, "soon", {"from": "never", "co2": 1}, {"from": points[0]["from"], "co2": "?"}]
    hass.states.async_set("sensor.carbon", "1", {"steps": points, "days": 7, "note": "abc"})
    await use(
        "cheapest_hours",
        load="switch.boiler",
        sensor="sensor.carbon",
        attributes=["steps", "days", "note", "nothing"],
        start_key="from",
        value_key="co2",
        duration="01:00:00",
    )
    await boiler.live(14)
    assert boiler.switched == [("on", "03:33"), ("off", "04:33")]


async def test_low_enough(hass: HomeAssistant, boiler: Boiler, use: Use) -> None:
    await boiler.begin()
    hass.states.async_set("sensor.carbon", "90")
    await use(
        "cheapest_hours",
        load="switch.boiler",
        sensor="sensor.carbon",
        attributes=[],
        limit=100,
    )
    await boiler.live(1)
    hass.states.async_set("sensor.carbon", "101")
    await boiler.live(1)
    hass.states.async_set("sensor.carbon", "unavailable")
    await boiler.live(1)
    hass.states.async_set("sensor.carbon", "100")
    await boiler.live(8)
    assert boiler.switched == [("on", "22:03"), ("off", "23:03"), ("on", "01:03"), ("off", "06:03")]
    # Outside the window nobody's switching is undone.
    await hass.services.async_call(
        "switch", "turn_on", {"entity_id": "switch.boiler"}, blocking=True
    )
    await boiler.live(2)
    assert state_of(hass, "switch.boiler").state == "on"


# --- tasks ----------------------------------------------------------------------------------------


def with_tasks() -> FakeClient:
    client = FakeClient()
    rooms = TaskField(key="rooms", type=FieldType.TEXTS, name="Rooms", required=True)
    clean = Task(key="clean_rooms", name="Clean rooms", fields=(rooms,))
    for vendor_id in ("robot", "helper"):
        client.add(vendor_id, entity("switch.main", attributes=["state"]), state=True)
    holiday = Task(key="holiday", name="Holiday", fields=())
    client.offers = {"robot": [clean], "helper": [clean], None: [holiday]}
    return client


async def test_run_task(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, use: Use, messages: Messages
) -> None:
    client = with_tasks()
    freezer.move_to(datetime(2026, 11, 22, 12, tzinfo=dt_util.get_default_time_zone()))  # a Sunday
    entry = await set_up(hass, client)
    hass.states.async_set("input_boolean.at_home", "on")
    await use(
        "run_task",
        devices={"device_id": [device_of(hass, entry, one).id for one in ("robot", "helper")]},
        task="clean_rooms",
        data={"rooms": ["Kitchen", "Hall"]},
        at="22:00:00",
        days=["tue", "wed", "thu"],
        only_if=[{"condition": "state", "entity_id": "input_boolean.at_home", "state": "off"}],
        tell=TELL,
    )
    for _ in range(3):  # Sunday, Monday, and Tuesday, on which somebody is at home
        await at_ten(hass, freezer)
    assert client.runs == []
    hass.states.async_set("input_boolean.at_home", "off")
    await at_ten(hass, freezer)
    data = {"rooms": ["Kitchen", "Hall"]}
    assert sorted(client.runs) == [
        ("helper", "clean_rooms", data),
        ("robot", "clean_rooms", data),
    ]
    assert messages.take() == []
    # One of the two does not have it any more.
    client.remove("helper")
    for _ in range(3):
        await pass_time(hass, freezer, 300)
    await at_ten(hass, freezer)
    [(title, message)] = messages.take()
    assert title == "The task “clean_rooms” did not work"
    assert "no device" in message
    assert len(client.runs) == 3
    client.fail("task", RefusedError("the bag is full"))
    await at_ten(hass, freezer)
    assert messages.take() == []  # it is Friday
    for _ in range(4):
        await at_ten(hass, freezer)
    [(_, message)] = messages.take()
    assert message == "Nothing came of it; the trace of It says why."


async def test_run_task_of_an_account(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, use: Use, messages: Messages
) -> None:
    client = with_tasks()
    entry = await set_up(hass, client)
    await use("run_task", account=entry.entry_id, task="holiday", at="22:00:00", tell=TELL)
    await at_ten(hass, freezer)
    assert client.runs == [(None, "holiday", {})]
    assert messages.take() == []
