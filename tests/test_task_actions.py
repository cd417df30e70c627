"""Each task is an action of its own, with a form, for as long as its vendor has an account."""

from datetime import timedelta
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.selector import validate_selector
from homeassistant.helpers.service import SERVICE_DESCRIPTION_CACHE
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.vendor_bridge.bridge.tasks import FieldType, Task, TaskField, TaskOption
from custom_components.vendor_bridge.const import (
    CONF_ACCOUNT_ID,
    CONF_SETUP,
    CONF_VENDOR,
    DOMAIN,
)

from .actions.acting import act, house
from .fakes import FakeClient, FakeProfile, device_of, set_up, using


def options(**labels: str) -> tuple[TaskOption, ...]:
    return tuple(TaskOption(value=value, label=label) for value, label in labels.items())


def clean(*rooms: TaskOption, **more: Any) -> Task:
    fields = (
        TaskField(key="rooms", type=FieldType.TEXTS, name="Rooms", required=True, options=rooms),
        TaskField(key="passes", type=FieldType.INTEGER, name="Passes", min=1, max=3, default=1),
    )
    return Task(key="clean", name="Clean rooms", fields=fields, **more)


HOLIDAY = Task(
    key="holiday",
    name="Holiday",
    description="See [the manual](http://evil.example).",
    fields=(TaskField(key="until", type=FieldType.DATE, name="Until", required=True),),
)


def description(hass: HomeAssistant, action: str) -> dict[str, Any]:
    """Return what the automation editor is told of one of our actions."""
    described = hass.data[SERVICE_DESCRIPTION_CACHE][DOMAIN, action]
    assert described is not None
    return described


@pytest.fixture
def vendor() -> FakeClient:
    client = house()
    client.offers = {"lamp": [clean(*options(k="Kitchen", h="Hall"))], None: [HOLIDAY]}
    return client


async def test_the_form_of_a_task_of_devices(hass: HomeAssistant, vendor: FakeClient) -> None:
    await set_up(hass, vendor)
    described = description(hass, "acme_clean")
    assert described["name"] == "Acme Home: Clean rooms"
    assert {filters[0]["integration"] for filters in described["target"].values()} == {DOMAIN}
    assert described["response"] == {"optional": True}
    assert described["fields"] == {
        "rooms": {
            "name": "Rooms",
            "description": "",
            "required": True,
            "selector": {
                "select": {
                    "options": [
                        {"value": "k", "label": "Kitchen"},
                        {"value": "h", "label": "Hall"},
                    ],
                    "multiple": True,
                    "custom_value": False,
                }
            },
        },
        "passes": {
            "name": "Passes",
            "description": "",
            "required": False,
            "default": 1,
            "selector": {"number": {"mode": "slider", "min": 1, "max": 3, "step": 1}},
        },
    }


async def test_what_devices_differ_in_can_be_written_by_hand(
    hass: HomeAssistant, vendor: FakeClient
) -> None:
    vendor.offers["plug"] = [clean(*options(h="Hall", a="Attic"))]
    await set_up(hass, vendor)
    select = description(hass, "acme_clean")["fields"]["rooms"]["selector"]["select"]
    assert [one["value"] for one in select["options"]] == ["k", "h", "a"]
    assert select["custom_value"] is True


async def test_the_form_is_sent(hass: HomeAssistant, vendor: FakeClient) -> None:
    entry = await set_up(hass, vendor)
    vendor.result = 7
    lamp = device_of(hass, entry, "lamp")
    response = await act(hass, "acme_clean", device_id=lamp.id, rooms=["k"], passes=2)
    assert vendor.runs == [("lamp", "clean", {"rooms": ["k"], "passes": 2})]
    assert response["devices"][0]["result"] == 7
    with pytest.raises(ServiceValidationError) as raised:
        await act(hass, "acme_clean", device_id=lamp.id, rooms=["k"], pases=2)
    assert raised.value.translation_placeholders is not None
    assert raised.value.translation_placeholders["field"] == "pases"


async def test_a_task_of_the_account(hass: HomeAssistant, vendor: FakeClient) -> None:
    entry = await set_up(hass, vendor)
    described = description(hass, "acme_holiday")
    assert "target" not in described
    assert described["description"] == r"See \[the manual\](http://evil.example)."
    assert list(described["fields"]) == ["config_entry_id", "until"]
    await act(hass, "acme_holiday", until="2026-12-24")
    await act(hass, "acme_holiday", until="2026-12-24", config_entry_id=entry.entry_id)
    assert [run[:2] for run in vendor.runs] == [(None, "holiday")] * 2


async def test_actions_go_with_the_last_account_of_the_vendor(
    hass: HomeAssistant, vendor: FakeClient
) -> None:
    first = await set_up(hass, vendor)
    second = MockConfigEntry(
        domain=DOMAIN,
        title="Acme at work",
        unique_id="acme-2",
        data={CONF_VENDOR: "acme", CONF_ACCOUNT_ID: "acme-2", CONF_SETUP: {}},
    )
    second.add_to_hass(hass)
    other = house()
    other.offers = {None: [HOLIDAY]}
    await set_up(hass, other, second)
    with pytest.raises(ServiceValidationError, match="is meant: Acme Home, Acme at work"):
        await act(hass, "acme_holiday", until="2026-12-24")
    await act(hass, "acme_holiday", until="2026-12-24", config_entry_id=second.entry_id)
    assert (vendor.runs, len(other.runs)) == ([], 1)

    await hass.config_entries.async_unload(first.entry_id)
    assert not hass.services.has_service(DOMAIN, "acme_clean")
    assert hass.services.has_service(DOMAIN, "acme_holiday")
    await hass.config_entries.async_unload(second.entry_id)
    assert not hass.services.has_service(DOMAIN, "acme_holiday")
    assert hass.services.has_service(DOMAIN, "run_task")


async def test_a_device_of_another_vendor_is_told_so(
    hass: HomeAssistant, vendor: FakeClient
) -> None:
    await set_up(hass, vendor)
    other = house()
    other.offers = {"lamp": [clean()]}
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Other",
        unique_id="other-1",
        data={CONF_VENDOR: "other", CONF_ACCOUNT_ID: "other-1", CONF_SETUP: {}},
    )
    entry.add_to_hass(hass)
    with using(other, FakeProfile(id="other", name="Other")):
        await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
    with pytest.raises(HomeAssistantError) as raised:
        await act(hass, "acme_clean", entity_id="light.lamp_2", rooms=["k"])
    assert raised.value.translation_key == "other_vendor"
    with pytest.raises(HomeAssistantError) as raised:
        await act(hass, "acme_holiday", until="2026-12-24", config_entry_id=entry.entry_id)
    assert raised.value.translation_key == "other_vendor"


async def test_new_rooms_are_in_the_form(hass: HomeAssistant, vendor: FakeClient) -> None:
    entry = await set_up(hass, vendor)
    account = entry.runtime_data
    vendor.offers["lamp"] = [clean(*options(k="Kitchen", h="Hall", b="Bath"))]
    account.tasks.async_offer(account.devices["lamp"])
    select = description(hass, "acme_clean")["fields"]["rooms"]["selector"]["select"]
    assert [one["value"] for one in select["options"]] == ["k", "h", "b"]
    vendor.offers["lamp"] = []
    account.tasks.async_offer(account.devices["lamp"])
    assert not hass.services.has_service(DOMAIN, "acme_clean")


@pytest.mark.expects_warnings(r"Run: Task can only be run with the action run_task")
async def test_no_task_takes_the_place_of_another_action(hass: HomeAssistant) -> None:
    client = house()
    client.offers = {None: [Task(key="task", name="Task", within=timedelta(seconds=5))]}
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Run",
        unique_id="run-1",
        data={CONF_VENDOR: "run", CONF_ACCOUNT_ID: "run-1", CONF_SETUP: {}},
    )
    entry.add_to_hass(hass)
    with using(client, FakeProfile(id="run", name="Run")):
        await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
    await act(hass, "run_task", config_entry_id=entry.entry_id, task="task")
    assert len(client.runs) == 1
    await hass.config_entries.async_unload(entry.entry_id)
    assert hass.services.has_service(DOMAIN, "run_task")


async def test_every_type_of_field_has_a_selector(hass: HomeAssistant, vendor: FakeClient) -> None:
    defaults: dict[FieldType, Any] = {
        FieldType.TEXT: "x",
        FieldType.NUMBER: 1.5,
        FieldType.BOOLEAN: True,
        FieldType.SELECT: 16,
        FieldType.TEXTS: [16],
        FieldType.DATE: "2026-12-24",
        FieldType.TIME: "06:30",
        FieldType.DURATION: 3723,
    }
    rooms = (TaskOption(value=16, label="Kitchen"), TaskOption(value=17, label="Hall"))
    choices = {FieldType.SELECT, FieldType.TEXTS}
    fields = [
        TaskField(
            key=str(kind),
            type=kind,
            name=str(kind),
            default=defaults.get(kind),
            options=rooms if kind in choices else (),
        )
        for kind in FieldType
    ]
    fields += [
        TaskField(key="any_text", type=FieldType.SELECT, name="Any"),
        TaskField(key="any_texts", type=FieldType.TEXTS, name="Any"),
    ]
    vendor.offers = {"lamp": [Task(key="all", name="All", fields=fields)]}
    await set_up(hass, vendor)
    described = description(hass, "acme_all")["fields"]
    assert described.keys() == {field.key for field in fields}
    for key, field in described.items():
        assert validate_selector(field["selector"]), key
    assert described["secret"]["selector"] == {"text": {"type": "password"}}
    assert described["select"]["default"] == "16"
    assert described["texts"]["default"] == ["16"]
    assert described["duration"]["default"] == {"hours": 1, "minutes": 2, "seconds": 3}
    assert described["any_texts"]["selector"] == {"text": {"multiple": True}}
    filled = {key: field["default"] for key, field in described.items() if "default" in field}
    await act(hass, "acme_all", entity_id="light.lamp", **filled)
    assert vendor.runs[0][2]["duration"] == 3723
    assert vendor.runs[0][2]["texts"] == [16]
