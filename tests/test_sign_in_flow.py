"""Sign-ins that only the user can make: in the browser, with a code, at a button."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any

from aiohttp import ClientSession
from aiohttp.test_utils import TestClient
from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigEntry,
    ConfigEntryState,
    ConfigFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.setup import async_setup_component
import pytest
from yarl import URL

from custom_components.vendor_bridge import attempt
from custom_components.vendor_bridge.const import CONF_SETUP, CONF_TOKENS, CONF_VENDOR, DOMAIN
from custom_components.vendor_bridge.helpers import client_session

from .own_profiles import OwnProfiles
from .signing_in import BROWSER, DEVICE_CODE, PAIRING, Tiny, challenge, listening
from .translated import PLACEHOLDER, assert_shown, translations

type Connect = Callable[[], Coroutine[Any, Any, TestClient[Any, Any]]]

# Home Assistant's own web server does that.
pytestmark = pytest.mark.filterwarnings("ignore:It is recommended to use web")

PROGRESS = FlowResultType.SHOW_PROGRESS
PENDING = {"error": "authorization_pending"}
CREDENTIALS = {"client_id": "me", "client_secret": "s3cr3t-id"}


@pytest.fixture
def own(hass: HomeAssistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OwnProfiles:
    return OwnProfiles(hass, tmp_path, monkeypatch)


@pytest.fixture
async def tiny(hass: HomeAssistant, socket_enabled: None) -> AsyncIterator[Tiny]:
    tiny = Tiny(answers=["tokens"])
    async with listening(tiny):
        yield tiny
        for entry in hass.config_entries.async_entries(DOMAIN):
            await hass.config_entries.async_unload(entry.entry_id)
        await hass.async_block_till_done()


@pytest.fixture
async def browser(
    hass: HomeAssistant, hass_client_no_auth: Connect, current_request_with_host: None
) -> TestClient[Any, Any]:
    assert await async_setup_component(hass, "auth", {})
    return await hass_client_no_auth()


async def go_on(
    hass: HomeAssistant, result: ConfigFlowResult, answer: Mapping[str, Any] | None = None
) -> ConfigFlowResult:
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], None if answer is None else dict(answer)
    )
    assert_shown(result)
    return result


async def begin(hass: HomeAssistant, answer: Mapping[str, Any]) -> ConfigFlowResult:
    """Fill in the form of the vendor."""
    result = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    result = await go_on(hass, result, {CONF_VENDOR: "tiny"})
    assert result["step_id"] == "account"
    return await go_on(hass, result, answer)


async def finish(hass: HomeAssistant, result: ConfigFlowResult) -> ConfigEntry:
    assert result["step_id"] == "devices"
    result = await go_on(hass, result, {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    entry: ConfigEntry = result["result"]
    assert entry.state is ConfigEntryState.LOADED
    return entry


def state_of(hass: HomeAssistant, entry: ConfigEntry) -> ConfigEntryState:
    return hass.config_entries.async_get_known_entry(entry.entry_id).state


async def change(hass: HomeAssistant, entry: ConfigEntry, source: str) -> ConfigFlowResult:
    return await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": source, "entry_id": entry.entry_id}, data=dict(entry.data)
    )


async def waited(hass: HomeAssistant, result: ConfigFlowResult) -> ConfigFlowResult:
    """Return the step that follows a wait."""
    for _ in range(200):
        await asyncio.sleep(0.05)
        flow = hass.config_entries.flow.async_get(result["flow_id"])
        if flow["step_id"] != "consent":
            break
    return await go_on(hass, result)


def shown(result: ConfigFlowResult) -> str:
    """Return what is shown while the flow waits."""
    assert result["type"] is PROGRESS
    text: str = translations()["config"]["progress"][result["progress_action"]]
    given = result["description_placeholders"] or {}
    return PLACEHOLDER.sub(lambda found: given[found[1]], text)


# --- in the browser -------------------------------------------------------------------------------


def setup_of(tiny: Tiny) -> dict[str, str]:
    return {"url": tiny.url, "Sign-in server": tiny.login, **CREDENTIALS}


async def come_back(browser: TestClient[Any, Any], result: ConfigFlowResult, **query: str) -> URL:
    """Come back from where the browser was sent, and return that."""
    assert result["type"] is FlowResultType.EXTERNAL_STEP
    url = URL(result["url"])
    back = URL(url.query["redirect_uri"]).path
    answer = await browser.get(back, params={"state": url.query["state"], **query})
    assert answer.status == 200
    return url


async def test_an_account_is_added_in_the_browser(
    hass: HomeAssistant, own: OwnProfiles, tiny: Tiny, browser: TestClient[Any, Any]
) -> None:
    own.write("tiny.yaml", BROWSER)
    result = await begin(hass, setup_of(tiny))
    url = await come_back(browser, result, code="c0de")
    assert str(url.with_query(None)) == f"{tiny.login}/authorize"
    told = dict(url.query)
    state, sent_challenge = told.pop("state"), told.pop("code_challenge")
    assert state
    assert told == {
        "response_type": "code",
        "client_id": "me",
        "redirect_uri": "https://example.com/auth/external/callback",
        "scope": "read write",
        "audience": "tiny",
        "tenant": "7",
        "code_challenge_method": "S256",
    }
    entry = await finish(hass, await go_on(hass, result))
    form = tiny.forms[0]
    assert challenge(form.pop("code_verifier")) == sent_challenge
    assert form == {
        "grant_type": "authorization_code",
        "code": "c0de",
        "redirect_uri": "https://example.com/auth/external/callback",
        "client_id": "me",
        "client_secret": "s3cr3t-id",
    }
    assert entry.title == "Home of Mum"
    assert entry.unique_id == "tiny:a1"
    assert entry.data[CONF_TOKENS]["token"] == "access-1"
    assert entry.data[CONF_TOKENS]["refresh_token"] == "refresh-1"
    assert tiny.grants == ["authorization_code"]


async def test_the_tokens_are_renewed_and_survive_a_restart(
    hass: HomeAssistant, own: OwnProfiles, tiny: Tiny, browser: TestClient[Any, Any]
) -> None:
    own.write("tiny.yaml", BROWSER)
    result = await begin(hass, setup_of(tiny))
    await come_back(browser, result, code="c0de")
    entry = await finish(hass, await go_on(hass, result))
    tiny.good = set()
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert tiny.grants == ["authorization_code", "refresh_token"]
    assert tiny.forms[-1]["refresh_token"] == "refresh-1"
    assert entry.data[CONF_TOKENS]["refresh_token"] == "refresh-2"
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert len(tiny.forms) == 2


async def test_without_pkce_there_is_no_challenge(
    hass: HomeAssistant, own: OwnProfiles, tiny: Tiny, browser: TestClient[Any, Any]
) -> None:
    own.write("tiny.yaml", BROWSER.replace("    scopes:", "    pkce: false\n    scopes:"))
    result = await begin(hass, setup_of(tiny))
    url = await come_back(browser, result, code="c0de")
    assert "code_challenge" not in url.query
    await finish(hass, await go_on(hass, result))
    assert "code_verifier" not in tiny.forms[0]


async def test_a_user_who_refuses_in_the_browser(
    hass: HomeAssistant, own: OwnProfiles, tiny: Tiny, browser: TestClient[Any, Any]
) -> None:
    own.write("tiny.yaml", BROWSER)
    result = await begin(hass, setup_of(tiny))
    await come_back(browser, result, error="access_denied")
    result = await hass.config_entries.flow.async_configure(result["flow_id"])
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "user_rejected_authorize")
    assert tiny.forms == []


async def test_a_code_that_is_not_taken_can_be_tried_again(
    hass: HomeAssistant, own: OwnProfiles, tiny: Tiny, browser: TestClient[Any, Any]
) -> None:
    own.write("tiny.yaml", BROWSER)
    tiny.answers = [{"error": "invalid_grant", "error_description": "not s3cr3t-id"}, "tokens"]
    result = await begin(hass, setup_of(tiny))
    await come_back(browser, result, code="c0de")
    result = await go_on(hass, result)
    assert (result["step_id"], result["errors"]) == ("account", {"client_secret": "invalid_auth"})
    assert "s3cr3t" not in str(result)
    result = await go_on(hass, result, setup_of(tiny))
    await come_back(browser, result, code="c0de")
    await finish(hass, await go_on(hass, result))


@pytest.mark.expects_warnings("does not accept the credentials")
async def test_signing_in_again_in_the_browser(
    hass: HomeAssistant, own: OwnProfiles, tiny: Tiny, browser: TestClient[Any, Any]
) -> None:
    own.write("tiny.yaml", BROWSER)
    result = await begin(hass, setup_of(tiny))
    await come_back(browser, result, code="c0de")
    entry = await finish(hass, await go_on(hass, result))
    tiny.good = set()
    tiny.answers = [{"error": "invalid_grant"}]
    await hass.config_entries.async_reload(entry.entry_id)
    assert state_of(hass, entry) is ConfigEntryState.SETUP_ERROR
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["step_id"] == "reauth_confirm"
    tiny.answers = ["tokens"]
    result = await go_on(hass, flow, {"client_id": "me", "client_secret": "other"})
    await come_back(browser, result, code="c0de")
    result = await go_on(hass, result)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reauth_successful")
    await hass.async_block_till_done()
    assert state_of(hass, entry) is ConfigEntryState.LOADED
    assert entry.data[CONF_SETUP]["client_secret"] == "other"
    assert entry.data[CONF_TOKENS]["token"] == "access-2"


async def test_a_token_server_that_is_down_asks_nobody_to_sign_in(
    hass: HomeAssistant, own: OwnProfiles, tiny: Tiny, browser: TestClient[Any, Any]
) -> None:
    own.write("tiny.yaml", BROWSER)
    result = await begin(hass, setup_of(tiny))
    await come_back(browser, result, code="c0de")
    entry = await finish(hass, await go_on(hass, result))
    tiny.good = set()
    tiny.answers = [{"error": "temporarily_unavailable"}]
    await hass.config_entries.async_reload(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert hass.config_entries.flow.async_progress() == []
    assert entry.data[CONF_TOKENS]["refresh_token"] == "refresh-1"


async def test_changing_an_account_goes_through_the_browser(
    hass: HomeAssistant, own: OwnProfiles, tiny: Tiny, browser: TestClient[Any, Any]
) -> None:
    own.write("tiny.yaml", BROWSER)
    result = await begin(hass, setup_of(tiny))
    await come_back(browser, result, code="c0de")
    entry = await finish(hass, await go_on(hass, result))
    result = await change(hass, entry, SOURCE_RECONFIGURE)
    answer = {**setup_of(tiny), "client_id": "them"}
    del answer["client_secret"]
    result = await go_on(hass, result, answer)
    await come_back(browser, result, code="c0de")
    result = await go_on(hass, result)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    await hass.async_block_till_done()
    assert tiny.forms[-1]["client_id"] == "them"
    assert tiny.forms[-1]["client_secret"] == "s3cr3t-id"


async def test_another_user_cannot_sign_in_for_one(
    hass: HomeAssistant, own: OwnProfiles, tiny: Tiny, browser: TestClient[Any, Any]
) -> None:
    own.write("tiny.yaml", BROWSER)
    result = await begin(hass, setup_of(tiny))
    await come_back(browser, result, code="c0de")
    entry = await finish(hass, await go_on(hass, result))
    tiny.account = "a2"
    result = await change(hass, entry, SOURCE_REAUTH)
    result = await go_on(hass, result, CREDENTIALS)
    await come_back(browser, result, code="c0de")
    result = await go_on(hass, result)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "unique_id_mismatch")


# --- with a code ----------------------------------------------------------------------------------


async def test_an_account_is_added_with_a_code(
    hass: HomeAssistant, own: OwnProfiles, tiny: Tiny
) -> None:
    own.write("tiny.yaml", DEVICE_CODE)
    tiny.answers = [PENDING, PENDING, "tokens"]
    result = await begin(hass, {"url": tiny.url, "Sign-in server": tiny.login})
    text = shown(result)
    assert "[https://example.com/device](https://example.com/device)" in text
    assert "WDJB\\_MJHT" in text
    entry = await finish(hass, await waited(hass, result))
    assert tiny.grants == ["device_code"] * 3
    assert entry.data[CONF_TOKENS]["token"] == "access-1"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"error": "access_denied"}, "the user refused"),
        ({"error": "expired_token"}, "the code was not entered in time"),
        (PENDING, "nobody agreed within 4 seconds"),
    ],
)
async def test_a_code_that_leads_to_nothing_can_be_tried_again(
    hass: HomeAssistant, own: OwnProfiles, tiny: Tiny, answer: Any, reason: str
) -> None:
    own.write("tiny.yaml", DEVICE_CODE)
    tiny.answers = [answer]
    given = {"url": tiny.url, "Sign-in server": tiny.login}
    result = await waited(hass, await begin(hass, given))
    assert (result["step_id"], result["errors"]) == ("account", {"base": "not_agreed"})
    assert (result["description_placeholders"] or {})["reason"] == reason
    tiny.answers = ["tokens"]
    result = await go_on(hass, result, given)
    await finish(hass, await waited(hass, result))


async def test_a_server_that_gives_no_code_is_told(
    hass: HomeAssistant, own: OwnProfiles, tiny: Tiny
) -> None:
    own.write("tiny.yaml", DEVICE_CODE)
    result = await begin(hass, {"url": tiny.url, "Sign-in server": tiny.login + "/nowhere"})
    assert (result["step_id"], result["errors"]) == ("account", {"base": "refused"})


# --- at a button ----------------------------------------------------------------------------------


async def test_an_account_is_added_at_a_button(
    hass: HomeAssistant, own: OwnProfiles, tiny: Tiny
) -> None:
    own.write("tiny.yaml", PAIRING)
    result = await begin(hass, {"url": tiny.url})
    assert "Press the button on the hub." in shown(result)
    await asyncio.sleep(0.7)
    assert (await go_on(hass, result))["type"] is PROGRESS
    tiny.pressed = True
    entry = await finish(hass, await waited(hass, result))
    assert entry.data[CONF_TOKENS]["token"] == "access-1"


async def test_a_button_that_nobody_presses(
    hass: HomeAssistant, own: OwnProfiles, tiny: Tiny
) -> None:
    own.write("tiny.yaml", PAIRING)
    result = await waited(hass, await begin(hass, {"url": tiny.url}))
    assert (result["step_id"], result["errors"]) == ("account", {"base": "not_agreed"})
    tiny.pressed = True
    result = await go_on(hass, result, {"url": tiny.url})
    await finish(hass, await waited(hass, result))


async def test_a_key_that_is_typed_needs_no_button(
    hass: HomeAssistant, own: OwnProfiles, tiny: Tiny
) -> None:
    own.write("tiny.yaml", PAIRING)
    tiny.good = {"typed"}
    result = await begin(hass, {"url": tiny.url, "key": "wrong"})
    assert (result["step_id"], result["errors"]) == ("account", {"key": "invalid_auth"})
    result = await go_on(hass, result, {"url": tiny.url, "key": "typed"})
    entry = await finish(hass, result)
    assert entry.data[CONF_TOKENS] == {}


@pytest.mark.expects_warnings("does not accept the credentials")
async def test_a_key_that_is_taken_back_is_paired_again(
    hass: HomeAssistant, own: OwnProfiles, tiny: Tiny
) -> None:
    own.write("tiny.yaml", PAIRING)
    tiny.pressed = True
    entry = await finish(hass, await waited(hass, await begin(hass, {"url": tiny.url})))
    tiny.good = set()
    await hass.config_entries.async_reload(entry.entry_id)
    (flow,) = hass.config_entries.flow.async_progress()
    result = await waited(hass, await go_on(hass, flow, {}))
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reauth_successful")
    await hass.async_block_till_done()
    assert state_of(hass, entry) is ConfigEntryState.LOADED
    assert entry.data[CONF_TOKENS]["token"] == "access-2"


@pytest.mark.parametrize("profile", [PAIRING, DEVICE_CODE])
async def test_who_closes_the_dialog_ends_the_wait(
    hass: HomeAssistant, own: OwnProfiles, tiny: Tiny, profile: str
) -> None:
    own.write("tiny.yaml", profile)
    tiny.answers = [PENDING]
    answer = {"url": tiny.url} | ({} if profile is PAIRING else {"Sign-in server": tiny.login})
    result = await begin(hass, answer)
    assert result["type"] is PROGRESS
    hass.config_entries.flow.async_abort(result["flow_id"])
    await hass.async_block_till_done(wait_background_tasks=True)
    asked = len(tiny.forms)
    await asyncio.sleep(0.2)
    assert len(tiny.forms) == asked
    assert [task for task in asyncio.all_tasks() if "waits for consent" in task.get_name()] == []


async def test_who_closes_the_browser_leaves_nothing_behind(
    hass: HomeAssistant,
    own: OwnProfiles,
    tiny: Tiny,
    browser: TestClient[Any, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own.write("tiny.yaml", BROWSER)
    sessions: list[ClientSession] = []

    def note(hass: HomeAssistant, *, auto_cleanup: bool) -> ClientSession:
        sessions.append(client_session(hass, auto_cleanup=auto_cleanup))
        return sessions[-1]

    monkeypatch.setattr(attempt, "client_session", note)
    result = await begin(hass, setup_of(tiny))
    assert [session.closed for session in sessions] == [False]
    hass.config_entries.flow.async_abort(result["flow_id"])
    await hass.async_block_till_done()
    assert [session.closed for session in sessions] == [True]
