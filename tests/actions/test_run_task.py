"""``run_task`` runs what it is told, tells what became of it, and names what it was told wrong."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.models import Group
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError, Unauthorized
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockUser,
    async_capture_events,
)

from custom_components.vendor_bridge.bridge.errors import (
    NotConfirmedError,
    RefusedError,
    SignInError,
    UnexpectedAnswerError,
    UnreachableError,
)
from custom_components.vendor_bridge.bridge.model import Device
from custom_components.vendor_bridge.bridge.tasks import (
    FieldType,
    Task,
    TaskField,
    TaskOption,
    TaskOutcome,
    TaskProgress,
)
from custom_components.vendor_bridge.const import DOMAIN

from ..fakes import ACCOUNT_ID, FakeClient, device_of, monitor, reauths, set_up, state_of
from .acting import OUTLET, act, house

CLEAN = Task(
    key="clean",
    name="Clean rooms",
    fields=(
        TaskField(
            key="rooms",
            type=FieldType.TEXTS,
            name="Rooms",
            required=True,
            options=(TaskOption(value=16, label="Kitchen"), TaskOption(value=17, label="Hall")),
        ),
        TaskField(key="passes", type=FieldType.INTEGER, name="Passes", min=1, max=3, default=1),
    ),
    within=timedelta(minutes=30),
    lasting=True,
)
FOLLOW = Task(
    key="follow",
    name="Follow",
    fields=(
        TaskField(key="leader", type=FieldType.DEVICE, name="Leader", types=frozenset({"thing"})),
        TaskField(key="at", type=FieldType.DATETIME, name="At"),
    ),
)
HOLIDAY = Task(
    key="holiday",
    name="Holiday",
    fields=(TaskField(key="until", type=FieldType.DATE, name="Until", required=True),),
)


@pytest.fixture
def vendor() -> FakeClient:
    client = house()
    client.offers = {"lamp": [CLEAN, FOLLOW], "plug": [CLEAN], None: [HOLIDAY]}
    return client


async def run(
    hass: HomeAssistant, *, data: dict[str, Any] | None = None, user: str | None = None, **more: Any
) -> dict[str, Any]:
    """Run a task, and return the response."""
    return await act(
        hass, "run_task", {"data": data} if data is not None else {}, user=user, **more
    )


async def test_a_task_of_a_device(
    hass: HomeAssistant, vendor: FakeClient, freezer: FrozenDateTimeFactory
) -> None:
    freezer.move_to(datetime(2026, 11, 24, 12, tzinfo=UTC))
    entry = await set_up(hass, vendor)
    lamp = device_of(hass, entry, "lamp")
    vendor.result = {"area": 12.5}
    vendor.say("lamp", "light.main.brightness", 7)
    vendor.reads.clear()
    response = await run(hass, device_id=lamp.id, task="clean", data={"rooms": ["Hall", "16"]})
    assert vendor.runs == [("lamp", "clean", {"rooms": [17, 16], "passes": 1})]
    assert [key for key, _ in vendor.reads] == ["status"], "what tells of the device is read again"
    (answer,) = response["devices"]
    assert response["failed"] == []
    assert (answer["device_id"], answer["vendor_id"]) == (lamp.id, "lamp")
    assert (answer["task"], answer["result"]) == ("clean", {"area": 12.5})
    assert {one["attribute"]: one["value"] for one in answer["observations"]} == {
        "state": True,
        "brightness": 7,
    }
    assert state_of(hass, "light.lamp").attributes["brightness"] == 7


async def test_the_sensor_of_the_tasks_stands_for_its_device(
    hass: HomeAssistant, vendor: FakeClient
) -> None:
    await set_up(hass, vendor)
    await run(hass, entity_id="sensor.lamp_task", task="clean", data={"rooms": ["Hall"]})
    assert [run[0] for run in vendor.runs] == ["lamp"]


async def test_a_task_of_the_account(hass: HomeAssistant, vendor: FakeClient) -> None:
    entry = await set_up(hass, vendor)
    vendor.result = "h1"
    vendor.reads.clear()
    response = await run(
        hass,
        config_entry_id=entry.entry_id,
        task="holiday",
        data={"until": "2026-12-24"},
    )
    assert response == {
        "devices": [],
        "failed": [],
        "config_entry_id": entry.entry_id,
        "task": "holiday",
        "result": "h1",
    }
    assert vendor.runs[0][:2] == (None, "holiday")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert {key for key, _ in vendor.reads} == {"status", "meter"}, "it may change every device"


async def test_devices_and_times_are_told_in_the_vendors_own_terms(
    hass: HomeAssistant, vendor: FakeClient
) -> None:
    await hass.config.async_set_time_zone("Europe/Berlin")
    entry = await set_up(hass, vendor)
    data = {"leader": device_of(hass, entry, "plug").id, "at": "2026-12-24 18:00:00"}
    await run(hass, entity_id="light.lamp", task="follow", data=data)
    await run(hass, entity_id="light.lamp", task="follow", data={"leader": "plug"})
    assert [run[2] for run in vendor.runs] == [
        {"leader": "plug", "at": datetime(2026, 12, 24, 17, tzinfo=UTC)},
        {"leader": "plug"},
    ]


@pytest.mark.parametrize(
    ("target", "task", "data", "key", "words"),
    [
        ("light.lamp", "clean", {}, "task_data", ["Clean rooms", "rooms", "filled in"]),
        (
            "light.lamp",
            "clean",
            {"rooms": ["Moon"]},
            "task_data",
            ["rooms", "'16', '17'", "'Moon'"],
        ),
        ("light.lamp", "clean", {"room": 1}, "task_data", ["room:", "did you mean 'rooms'?"]),
        (
            "light.lamp",
            "follow",
            {"leader": "x"},
            "task_data",
            ["leader", "it is no device"],
        ),
        ("light.lamp", "cleen", {}, "unknown_task", ["cleen", "did you mean 'clean'?"]),
        ("light.lamp", "mop", {}, "unknown_task", ["mop", "clean, follow"]),
        ("light.reading_lamp", "clean", {}, "no_tasks", ["Reading_lamp", "clean"]),
        ("light.nothing", "clean", {}, "unknown_entity", ["light.nothing"]),
    ],
)
async def test_mistakes_of_the_caller(
    hass: HomeAssistant,
    vendor: FakeClient,
    target: str,
    task: str,
    data: dict[str, Any],
    key: str,
    words: list[str],
) -> None:
    await set_up(hass, vendor)
    with pytest.raises(ServiceValidationError) as raised:
        await run(hass, entity_id=target, task=task, data=data)
    assert raised.value.translation_key == key
    for word in words:
        assert word in str(raised.value)
    assert vendor.runs == []


async def test_mistakes_about_accounts(hass: HomeAssistant, vendor: FakeClient) -> None:
    entry = await set_up(hass, vendor)

    async def refused(**data: Any) -> str | None:
        with pytest.raises(HomeAssistantError) as raised:
            await run(hass, **{"task": "holiday", **data})
        return raised.value.translation_key

    assert await refused(config_entry_id="x") == "unknown_account"
    assert await refused(config_entry_id=entry.entry_id, device_id="x") == "devices_or_account"
    assert await refused(config_entry_id=entry.entry_id) == "task_data"
    assert await refused(config_entry_id=entry.entry_id, task="mop") == "unknown_task"
    assert await refused() == "nothing_targeted"
    await hass.config_entries.async_unload(entry.entry_id)
    assert await refused(config_entry_id=entry.entry_id) == "account_not_loaded"
    assert vendor.runs == []


async def test_what_fails_with_one_device_is_told_beside_what_succeeds(
    hass: HomeAssistant, vendor: FakeClient
) -> None:
    entry = await set_up(hass, vendor)
    ids = {one: device_of(hass, entry, one).id for one in ("lamp", "plug", "reading_lamp")}
    response = await run(hass, device_id=list(ids.values()), task="clean", data={"rooms": ["Hall"]})
    assert [one["vendor_id"] for one in response["devices"]] == ["lamp", "plug"]
    (failed,) = response["failed"]
    assert (failed["device_id"], failed["error_key"]) == (ids["reading_lamp"], "no_tasks")
    assert "has no tasks" in failed["error"]


@pytest.mark.parametrize(
    ("error", "key", "word"),
    [
        (RefusedError("409 Conflict: stuck", status=409), "command_refused", "stuck"),
        (NotConfirmedError("it was not done within 60 s"), "command_not_confirmed", "60 s"),
        (UnreachableError("the connection broke"), "not_reachable", "the connection broke"),
        (UnexpectedAnswerError("it is no JSON"), "command_failed", "it is no JSON"),
    ],
)
async def test_what_the_vendor_makes_of_it(
    hass: HomeAssistant, vendor: FakeClient, error: Exception, key: str, word: str
) -> None:
    entry = await set_up(hass, vendor)
    vendor.fail("task", error)
    vendor.reads.clear()
    told = async_capture_events(hass, f"{DOMAIN}_command_failed")
    with pytest.raises(HomeAssistantError) as raised:
        await run(hass, entity_id="light.lamp", task="clean", data={"rooms": ["Hall"]})
    assert raised.value.translation_key == key
    assert "Clean rooms" in str(raised.value)
    assert word in str(raised.value)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert [key for key, _ in vendor.reads] == ["status"], "nobody knows what became of it: look"
    assert state_of(hass, "sensor.lamp_task").state == "failed"
    assert word in state_of(hass, "sensor.lamp_task").attributes["reason"]
    (failure,) = told
    assert failure.data["device_id"] == device_of(hass, entry, "lamp").id
    assert failure.data["entity_id"] is None
    assert (failure.data["command"], failure.data["error"]) == ("clean", key)
    assert word in failure.data["reason"]


async def test_a_failure_of_the_account_as_a_whole_is_told_as_one(
    hass: HomeAssistant, vendor: FakeClient
) -> None:
    entry = await set_up(hass, vendor)
    vendor.fail("task", RefusedError("409 Conflict: too late", status=409))
    told = async_capture_events(hass, f"{DOMAIN}_command_failed")
    with pytest.raises(HomeAssistantError):
        await run(
            hass, config_entry_id=entry.entry_id, task="holiday", data={"until": "2026-12-24"}
        )
    (failure,) = told
    assert (failure.data["device_id"], failure.data["name"]) == (None, "Acme Home")
    assert failure.data["command"] == "holiday"


async def test_what_does_not_fit_is_no_failure_of_a_task(
    hass: HomeAssistant, vendor: FakeClient
) -> None:
    await set_up(hass, vendor)
    told = async_capture_events(hass, f"{DOMAIN}_command_failed")
    with pytest.raises(ServiceValidationError):
        await run(hass, entity_id="light.lamp", task="clean", data={"rooms": ["Attic"]})
    assert told == []


async def test_who_is_signed_out_is_asked_to_sign_in(
    hass: HomeAssistant, vendor: FakeClient
) -> None:
    await set_up(hass, vendor)
    vendor.fail("task", SignInError("the password is wrong"))
    with reauths() as asked, pytest.raises(HomeAssistantError):
        await run(hass, entity_id="light.lamp", task="clean", data={"rooms": ["Hall"]})
    asked.assert_called_once()


async def start(hass: HomeAssistant, vendor: FakeClient) -> asyncio.Task[dict[str, Any]]:
    """Run a task that does not end by itself."""
    running = hass.async_create_task(
        run(hass, entity_id="light.lamp", task="clean", data={"rooms": ["Hall"]})
    )
    for _ in range(20):
        await asyncio.sleep(0)
    assert vendor.runs
    return running


async def test_a_long_task_shows_how_far_it_is(hass: HomeAssistant, vendor: FakeClient) -> None:
    await set_up(hass, vendor)
    assert state_of(hass, "sensor.lamp_task").state == "idle"
    assert hass.states.get("sensor.reading_lamp_task") is None
    vendor.tells = [
        TaskProgress(step="Starting"),
        TaskProgress(step="Cleaning", percentage=40, text="in the hall"),
    ]
    with vendor.hold("task"):
        running = await start(hass, vendor)
        shown = state_of(hass, "sensor.lamp_task")
        assert shown.state == "running"
        assert {
            name: shown.attributes[name] for name in ("task", "step", "progress", "message")
        } == {
            "task": "Clean rooms",
            "step": "Cleaning",
            "progress": 40,
            "message": "in the hall",
        }
    await running
    shown = state_of(hass, "sensor.lamp_task")
    assert (shown.state, shown.attributes["progress"]) == ("done", 100)
    assert shown.attributes["finished_at"] >= shown.attributes["started_at"]


async def test_who_is_cancelled_stops_the_task(hass: HomeAssistant, vendor: FakeClient) -> None:
    await set_up(hass, vendor)
    with vendor.hold("task"):
        running = await start(hass, vendor)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        await hass.async_block_till_done(wait_background_tasks=True)
        shown = state_of(hass, "sensor.lamp_task")
        assert (shown.state, shown.attributes["reason"]) == ("failed", "it was cancelled")


@pytest.mark.parametrize("per_device", [False, True])
async def test_an_account_that_is_unloaded_ends_its_tasks(
    hass: HomeAssistant, *, per_device: bool
) -> None:
    vendor = house(monitor("status", per_device=per_device), monitor("meter"))
    vendor.offers = {"lamp": [CLEAN]}
    entry = await set_up(hass, vendor)
    with vendor.hold("task"):
        running = await start(hass, vendor)
        reads = len(vendor.reads)
        await hass.config_entries.async_unload(entry.entry_id)
        with pytest.raises(HomeAssistantError) as raised:
            await running
    assert raised.value.translation_key == "account_not_loaded"
    assert entry.state is ConfigEntryState.NOT_LOADED
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(vendor.reads) == reads, "the vendor was asked after the account was unloaded"


async def test_a_short_task_does_not_hide_the_long_one_that_still_runs(
    hass: HomeAssistant, vendor: FakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck = asyncio.Event()

    async def run_task(_device: Device, key: str, *_more: object) -> TaskOutcome:
        if key == "clean":
            await stuck.wait()
            raise RefusedError("409 Conflict: it is stuck", status=409)
        return TaskOutcome()

    monkeypatch.setattr(vendor, "run_task", run_task)
    await set_up(hass, vendor)
    cleaning = hass.async_create_task(
        run(hass, entity_id="light.lamp", task="clean", data={"rooms": ["Hall"]})
    )
    await asyncio.sleep(0)
    await run(hass, entity_id="light.lamp", task="follow")
    assert state_of(hass, "sensor.lamp_task").state == "running"
    stuck.set()
    with pytest.raises(HomeAssistantError):
        await cleaning
    assert state_of(hass, "sensor.lamp_task").state == "failed"
    await run(hass, entity_id="light.lamp", task="follow")
    assert state_of(hass, "sensor.lamp_task").attributes["task"] == "Follow"


async def test_a_mistake_in_a_client_waits_for_the_tasks_of_other_devices(
    hass: HomeAssistant, vendor: FakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = []

    async def run_task(device: Device, *_more: object) -> TaskOutcome:
        if device.id == "plug":
            raise TypeError
        for _ in range(5):
            await asyncio.sleep(0)
        ended.append(device.id)
        return TaskOutcome()

    monkeypatch.setattr(vendor, "run_task", run_task)
    entry = await set_up(hass, vendor)
    devices = [device_of(hass, entry, vendor_id).id for vendor_id in ("plug", "lamp")]
    with pytest.raises(TypeError):
        await run(hass, device_id=devices, task="clean", data={"rooms": ["Hall"]})
    assert ended == ["lamp"]


async def test_tasks_end_before_one_signs_out(
    hass: HomeAssistant, vendor: FakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else what they ask next would sign in again."""

    async def run_task(*_more: object) -> TaskOutcome:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(vendor.closed)
        return TaskOutcome()

    ended: list[int] = []
    monkeypatch.setattr(vendor, "run_task", run_task)
    entry = await set_up(hass, vendor)
    running = hass.async_create_task(
        run(hass, entity_id="light.lamp", task="clean", data={"rooms": ["Hall"]})
    )
    await asyncio.sleep(0)
    await hass.config_entries.async_unload(entry.entry_id)
    with pytest.raises(HomeAssistantError):
        await running
    assert (ended, vendor.closed) == ([0], 1)


async def test_who_may_not_control_may_not_run_tasks(
    hass: HomeAssistant, vendor: FakeClient, hass_admin_user: MockUser
) -> None:
    entry = await set_up(hass, vendor)
    policy = {"entities": {"entity_ids": {"light.lamp": {"read": True}}}}
    reader = MockUser(groups=[Group(name="Readers", policy=policy)]).add_to_hass(hass)
    target: dict[str, Any] = {"device_id": device_of(hass, entry, "lamp").id}
    for where in (target, {"config_entry_id": entry.entry_id}):
        with pytest.raises(Unauthorized):
            await run(hass, task="clean", user=reader.id, **where)
    assert vendor.runs == []
    data = {"rooms": ["Hall"]}
    await run(hass, user=hass_admin_user.id, task="clean", data=data, **target)
    assert len(vendor.runs) == 1


async def test_a_device_that_has_gone_takes_its_sensor_with_it(
    hass: HomeAssistant, vendor: FakeClient
) -> None:
    entry = await set_up(hass, vendor)
    vendor.remove("lamp")
    account = entry.runtime_data
    account.async_take_listing(await vendor.list_devices())
    account.unlisted["lamp"] -= timedelta(hours=1)
    account.async_take_listing(await vendor.list_devices())
    await hass.async_block_till_done(wait_background_tasks=True)
    assert hass.states.get("sensor.lamp_task") is None
    assert "lamp" not in account.tasks.offers


async def test_what_is_secret_is_told_to_the_vendor_alone(
    hass: HomeAssistant, vendor: FakeClient
) -> None:
    pin = TaskField(key="pin", type=FieldType.SECRET, name="PIN", required=True)
    vendor.offers["lamp"] = [Task(key="arm", name="Arm", fields=(pin,), lasting=True)]
    await set_up(hass, vendor)
    vendor.tells = [TaskProgress(text="asked for 258013")]
    vendor.fail("task", RefusedError("403 Forbidden: 258013 is wrong", status=403))
    with pytest.raises(HomeAssistantError) as raised:
        await run(hass, entity_id="light.lamp", task="arm", data={"pin": "258013"})
    assert vendor.runs == [("lamp", "arm", {"pin": "258013"})]
    assert "403 Forbidden: *** is wrong" in str(raised.value)
    shown = state_of(hass, "sensor.lamp_task")
    assert shown.attributes["message"] == "asked for ***"
    assert "258013" not in f"{raised.value!r} {raised.value.__cause__!r} {shown.attributes}"


async def test_tasks_are_listed_with_their_devices(hass: HomeAssistant, vendor: FakeClient) -> None:
    await set_up(hass, vendor)
    listed = (await act(hass, "list_devices"))["devices"]
    tasks = {one["vendor_id"]: one["tasks"] for one in listed}
    assert tasks["reading_lamp"] == []
    assert [task["name"] for task in tasks["lamp"]] == ["clean", "follow"]
    assert tasks["plug"] == [
        {
            "name": "clean",
            "title": "Clean rooms",
            "fields": [
                {
                    "name": "rooms",
                    "type": "texts",
                    "required": True,
                    "default": None,
                    "options": [16, 17],
                    "min": None,
                    "max": None,
                },
                {
                    "name": "passes",
                    "type": "integer",
                    "required": False,
                    "default": 1,
                    "options": [],
                    "min": 1,
                    "max": 3,
                },
            ],
        }
    ]


async def test_a_device_of_another_type_is_not_taken(
    hass: HomeAssistant, vendor: FakeClient
) -> None:
    vendor.add(Device(id="robot", type="robot", name="Robot"), OUTLET, state=True)
    await set_up(hass, vendor)
    with pytest.raises(ServiceValidationError, match="Robot is a device of another type"):
        await run(hass, entity_id="light.lamp", task="follow", data={"leader": "robot"})


async def test_a_new_device_and_the_account_have_their_sensors(
    hass: HomeAssistant, vendor: FakeClient
) -> None:
    vendor.offers[None] = [Task(key="scan", name="Scan", lasting=True)]
    entry = await set_up(hass, vendor)
    await act(hass, "acme_scan")
    shown = state_of(hass, "sensor.acme_home_task")
    assert (shown.state, shown.attributes["task"]) == ("done", "Scan")

    vendor.add("robot", OUTLET, state=True)
    vendor.offers["robot"] = [CLEAN]
    await entry.runtime_data.coordinators["devices"].async_refresh()
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state_of(hass, "sensor.robot_task").state == "idle"
    entities = er.async_get(hass)
    for entity_id, device in (
        ("sensor.robot_task", device_of(hass, entry, "robot").id),
        ("sensor.acme_home_task", device_of_account(hass, entry)),
    ):
        registered = entities.async_get(entity_id)
        assert registered is not None
        assert registered.device_id == device


def device_of_account(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    """Return the device that stands for the account."""
    found = dr.async_get(hass).async_get_device_by_identifier((DOMAIN, ACCOUNT_ID), entry.entry_id)
    assert found is not None
    return found.id
