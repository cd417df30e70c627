"""What is said of an account that cannot be read: in the log once, and in Repairs when it lasts."""

import logging

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er, issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.vendor_bridge.bridge.errors import (
    OutageError,
    RateLimitedError,
    RefusedError,
    SignInError,
    UnreachableError,
)
from custom_components.vendor_bridge.bridge.model import DEVICES_MONITOR

from .fakes import FakeClient, account_entry, entity, monitor, pass_time, set_up, using
from .own_profiles import issues
from .translated import translations

MONITORS = ("one", "two", "three", "four")
DOWN = UnreachableError("it *does not* answer", request="GET /v1/status")
HOUR = 3600
pytestmark = pytest.mark.filterwarnings("ignore::aiohttp.web_exceptions.NotAppKeyWarning")


@pytest.fixture
def client() -> FakeClient:
    client = FakeClient(*(monitor(key) for key in MONITORS))
    client.add(
        "lamp", *(entity(f"sensor.{key}", key, attributes={"state": key}) for key in MONITORS)
    )
    return client


def break_down(client: FakeClient, error: Exception = DOWN) -> None:
    for operation in (DEVICES_MONITOR, *MONITORS):
        client.fail(operation, error)


def said(caplog: pytest.LogCaptureFixture, level: int = logging.INFO) -> list[str]:
    """Return what has been logged since, without what Home Assistant says."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("custom_components.vendor_bridge") and record.levelno >= level
    ]


async def go_on(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seconds: float, step: float = 60
) -> None:
    while seconds > 0:
        await pass_time(hass, freezer, min(step, seconds))
        seconds -= step


def issue(hass: HomeAssistant, entry: MockConfigEntry) -> ir.IssueEntry | None:
    return issues(hass).get(f"outage_{entry.entry_id}")


# --- the log --------------------------------------------------------------------------------------


@pytest.mark.expects_warnings("Error fetching Acme Home")
async def test_all_monitors_together_are_said_to_be_down_once(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
    client: FakeClient,
) -> None:
    await set_up(hass, client)
    caplog.clear()
    break_down(client)
    await go_on(hass, freezer, HOUR)
    [down] = said(caplog)
    assert down.startswith("Error fetching Acme Home ")
    assert "GET /v1/status: it *does not* answer" in down
    caplog.clear()
    client.recover()
    await go_on(hass, freezer, HOUR)
    assert said(caplog) == ["Fetching Acme Home data recovered"]
    caplog.clear()
    break_down(client, OutageError("503"))
    await go_on(hass, freezer, HOUR)
    assert len(said(caplog)) == 1


@pytest.mark.expects_warnings("Error fetching Acme Home one", "Error fetching Acme Home two")
async def test_what_concerns_one_monitor_is_said_of_that_one(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
    client: FakeClient,
) -> None:
    await set_up(hass, client)
    caplog.clear()
    client.fail("one", RefusedError("no"))
    client.fail("two", RefusedError("never"))
    await go_on(hass, freezer, 300)
    assert len(said(caplog, logging.ERROR)) == 2
    client.recover()
    await go_on(hass, freezer, 300)
    assert sorted(said(caplog))[-2:] == [
        "Fetching Acme Home one data recovered",
        "Fetching Acme Home two data recovered",
    ]


@pytest.mark.expects_warnings("Error fetching Acme Home one data", "never")
async def test_vendor_that_comes_back_with_another_problem_is_said_to(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
    client: FakeClient,
) -> None:
    await set_up(hass, client)
    client.fail("one", DOWN)
    await go_on(hass, freezer, 120)
    client.fail("one", RefusedError("never"))
    await go_on(hass, freezer, HOUR)
    assert len(said(caplog, logging.ERROR)) == 2


# --- the repair issue -----------------------------------------------------------------------------


@pytest.mark.expects_warnings("Error fetching Acme Home")
async def test_an_outage_that_lasts_is_told_with_the_reason_and_closes_by_itself(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, client: FakeClient
) -> None:
    freezer.move_to("2026-11-24 08:00:00+00:00")
    await hass.config.async_set_time_zone("Europe/Berlin")
    entry = await set_up(hass, client)
    break_down(client)
    await go_on(hass, freezer, HOUR - 60)
    assert issue(hass, entry) is None
    await go_on(hass, freezer, 120)
    shown = issue(hass, entry)
    assert shown is not None
    assert shown.translation_key == "outage"
    assert shown.translation_placeholders == {
        "account": "Acme Home",
        "since": "2026-11-24 09:01",
        "reason": r"GET /v1/status\: it \*does not\* answer",
    }
    assert not shown.is_persistent
    for language in ("en", "de"):
        text = translations(language)["issues"]["outage"]["description"]
        assert text.format(**shown.translation_placeholders)

    break_down(client, OutageError("503 Service Unavailable"))
    await go_on(hass, freezer, 1000)
    shown = issue(hass, entry)
    assert shown is not None
    assert shown.translation_placeholders is not None
    assert shown.translation_placeholders["reason"] == "503 Service Unavailable"
    assert shown.translation_placeholders["since"] == "2026-11-24 09:01"

    client.recover()
    await go_on(hass, freezer, 1000)
    assert issue(hass, entry) is None


@pytest.mark.expects_warnings("Error fetching Acme Home")
@pytest.mark.parametrize(
    ("minutes", "passed", "told"), [(5, 400, True), (5, 200, False), (0, 3 * HOUR, False)]
)
async def test_the_user_says_when_an_outage_is_told(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    client: FakeClient,
    minutes: float,
    passed: float,
    *,
    told: bool,
) -> None:
    entry = await set_up(hass, client, report_outage_after=minutes)
    break_down(client)
    await go_on(hass, freezer, passed)
    assert (issue(hass, entry) is not None) == told


@pytest.mark.expects_warnings("Error fetching Acme Home one data")
async def test_one_part_that_cannot_be_read_is_told_too(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, client: FakeClient
) -> None:
    entry = await set_up(hass, client)
    client.fail("one", RefusedError("unknown path"))
    await go_on(hass, freezer, HOUR + 120)
    assert issue(hass, entry) is not None
    er.async_get(hass).async_update_entity(
        "sensor.lamp_one", disabled_by=er.RegistryEntryDisabler.USER
    )
    await hass.async_block_till_done()
    assert issue(hass, entry) is None


@pytest.mark.expects_warnings("fetching Acme Home")
@pytest.mark.parametrize("error", [RateLimitedError("429"), SignInError("revoked")])
async def test_what_is_no_outage_is_not_told_as_one(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, client: FakeClient, error: Exception
) -> None:
    entry = await set_up(hass, client)
    break_down(client, error)
    await go_on(hass, freezer, 2 * HOUR)
    assert issue(hass, entry) is None


async def test_optional_monitor_is_no_reason_to_worry_anybody(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, caplog: pytest.LogCaptureFixture
) -> None:
    client = FakeClient(monitor("status"), monitor("extra", optional=True))
    client.add("lamp", entity("sensor.main", attributes={"state": "status"}), state=1)
    client.add("plug", entity("sensor.main", attributes={"state": "extra"}), state=1)
    entry = await set_up(hass, client)
    client.fail("extra", DOWN)
    await go_on(hass, freezer, 2 * HOUR)
    assert issue(hass, entry) is None
    assert sum("Error fetching Acme Home extra data" in text for text in said(caplog)) == 1


async def test_account_that_cannot_be_set_up_for_long_is_told_too(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, client: FakeClient
) -> None:
    client.fail("connect", DOWN)
    entry = await set_up(hass, client)
    with using(client):
        await go_on(hass, freezer, HOUR - 60)
        assert client.connected > 5
        assert issue(hass, entry) is None
        await go_on(hass, freezer, 120)
        assert issue(hass, entry) is not None
        assert entry.state is ConfigEntryState.SETUP_RETRY
        client.recover()
        await go_on(hass, freezer, 700)
    assert hass.config_entries.async_get_known_entry(entry.entry_id).state.value == "loaded"
    assert issue(hass, entry) is None


@pytest.mark.parametrize("what", ["unload", "disable", "remove"])
@pytest.mark.parametrize(
    "loaded",
    [pytest.param(True, marks=pytest.mark.expects_warnings("Error fetching Acme Home")), False],
)
async def test_nothing_is_told_of_an_account_that_is_not_used(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    client: FakeClient,
    what: str,
    *,
    loaded: bool,
) -> None:
    client.devices.clear()
    if not loaded:
        client.fail("connect", DOWN)
    entry = account_entry()
    entry.add_to_hass(hass)
    await set_up(hass, client, entry)
    client.fail("connect", DOWN)
    client.fail("devices", DOWN)
    with using(client):
        await go_on(hass, freezer, 2 * HOUR, 300)
        assert issue(hass, entry) is not None
        match what:
            case "unload":
                await hass.config_entries.async_unload(entry.entry_id)
            case "disable":
                await hass.config_entries.async_set_disabled_by(
                    entry.entry_id, ConfigEntryDisabler.USER
                )
            case "remove":
                await hass.config_entries.async_remove(entry.entry_id)
    assert issue(hass, entry) is None
    await go_on(hass, freezer, 2 * HOUR, 600)
    assert issue(hass, entry) is None
