import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from unittest.mock import patch

from aiohttp import ClientSession
from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigEntryState,
    ConfigFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.helpers import config_validation as cv
import probatio
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.vendor_bridge import attempt
from custom_components.vendor_bridge.bridge.errors import (
    BridgeError,
    CommandError,
    OutageError,
    RateLimitedError,
    RefusedError,
    SetupValueError,
    SignInError,
    UnexpectedAnswerError,
    UnreachableError,
)
from custom_components.vendor_bridge.bridge.model import Account, Device
from custom_components.vendor_bridge.const import (
    CONF_ACCOUNT_ID,
    CONF_ADD_NEW,
    CONF_CERTIFICATES,
    CONF_CHOSEN,
    CONF_EXCLUDED,
    CONF_INTERVALS,
    CONF_SETUP,
    CONF_TOKENS,
    CONF_VENDOR,
    DOMAIN,
)

from .fakes import FakeClient
from .own_profiles import OwnProfiles, profile
from .translated import assert_shown

SETUP = {"url": "https://api.acme.example", "email": "me@example.com", "password": "s3cr3t-pass"}
SECRET = SETUP["password"]


class Vendor:
    """A vendor whose clients do as the test says, and what they were made with."""

    def __init__(self) -> None:
        self.client = FakeClient()
        self.client.account = Account(id="77", name="Home of Mum")
        self.client.add(Device(id="L1", type="lamp", name="Reading lamp", model="LX-2"))
        self.client.add(Device(id="P1", type="plug", name="plug"))
        self.setups: list[Mapping[str, Any]] = []
        self.sessions: list[ClientSession] = []
        self.tokens: Mapping[str, Any] = {}
        self.error: Exception | None = None

    async def create(
        self,
        hass: HomeAssistant,
        profile: Any,
        setup: Mapping[str, Any],
        *,
        tokens: Any = None,
        save_tokens: Any = None,
        session: ClientSession | None = None,
        certificates: Any = None,
    ) -> FakeClient:
        assert not tokens
        assert session is not None
        self.sessions.append(session)
        self.setups.append(setup)
        if self.error is not None:
            raise self.error
        if save_tokens is not None:
            save_tokens({"stale": True})
            save_tokens(self.tokens)
        return self.client

    async def run(self, hass: HomeAssistant, *args: Any, **kwargs: Any) -> FakeClient:
        """Return what a config entry talks to, which is another client than the flow's."""
        return FakeClient()


@pytest.fixture
def own(hass: HomeAssistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OwnProfiles:
    own = OwnProfiles(hass, tmp_path, monkeypatch)
    own.write("acme.yaml", profile())
    return own


@pytest.fixture
def vendor(own: OwnProfiles) -> Iterator[Vendor]:
    vendor = Vendor()
    root = "custom_components.vendor_bridge"
    with (
        patch(f"{root}.attempt.async_create_client", vendor.create),
        patch(f"{root}.async_create_client", vendor.run),
    ):
        yield vendor


def account(hass: HomeAssistant, **data: Any) -> MockConfigEntry:
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Home of Mum",
        unique_id=data.pop("unique_id", "acme:77"),
        data={
            CONF_VENDOR: "acme",
            CONF_ACCOUNT_ID: "acme:77",
            CONF_SETUP: SETUP,
            CONF_TOKENS: {"token": "old"},
        }
        | data,
    )
    entry.add_to_hass(hass)
    return entry


async def begin(hass: HomeAssistant) -> ConfigFlowResult:
    result = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    assert_shown(result)
    return result


async def go_on(
    hass: HomeAssistant, result: ConfigFlowResult, answer: Mapping[str, Any]
) -> ConfigFlowResult:
    result = await hass.config_entries.flow.async_configure(result["flow_id"], dict(answer))
    await hass.async_block_till_done()
    assert_shown(result)
    return result


async def until_account(hass: HomeAssistant) -> ConfigFlowResult:
    return await go_on(hass, await begin(hass), {CONF_VENDOR: "acme"})


def sent(result: ConfigFlowResult) -> str:
    """Return all that the frontend is told of a step, as text."""
    schema = result.get("data_schema")
    fields = schema and probatio.to_field_list(schema, custom_serializer=cv.custom_serializer)
    rest = {key: value for key, value in result.items() if key != "data_schema"}
    return f"{fields} {rest}"


# --- adding an account ----------------------------------------------------------------------------


async def test_an_account_is_added_from_the_choice_of_a_vendor_to_its_devices(
    hass: HomeAssistant, vendor: Vendor
) -> None:
    vendor.tokens = {"access": "abc"}
    result = await begin(hass)
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "user")
    assert result["errors"] == {}
    assert "'value': 'acme', 'label': 'Acme Home (acme.yaml)'" in sent(result)

    result = await go_on(hass, result, {CONF_VENDOR: "acme"})
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "account")
    assert result["description_placeholders"] == {
        "vendor": "Acme Home",
        "reason": "",
        "help": "",
        "url_label": "Address of the API",
        "url_help": "",
        "email_label": "Email",
        "email_help": "As in the app",
        "password_label": "Password",
        "password_help": "",
    }

    result = await go_on(hass, result, SETUP)
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "devices")
    assert result["description_placeholders"] == {"account": "Home of Mum", "count": "2"}
    assert "'value': 'L1', 'label': 'Reading lamp, LX-2, lamp (L1)'" in sent(result)
    assert "'value': 'P1', 'label': 'plug (P1)'" in sent(result)

    result = await go_on(hass, result, {CONF_CHOSEN: ["L1"], CONF_ADD_NEW: False})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == "Home of Mum"
    entry = result["result"]
    assert entry.unique_id == "acme:77"
    assert entry.data == {
        CONF_VENDOR: "acme",
        CONF_ACCOUNT_ID: "acme:77",
        CONF_SETUP: SETUP,
        CONF_TOKENS: {"access": "abc"},
        CONF_CERTIFICATES: {},
    }
    assert entry.options == {
        CONF_CHOSEN: ["L1"],
        CONF_EXCLUDED: ["P1"],
        CONF_ADD_NEW: False,
        CONF_INTERVALS: {},
    }
    assert vendor.setups == [SETUP]
    assert vendor.client.closed == 1


async def test_all_devices_and_those_to_come_are_taken_unless_the_user_says_otherwise(
    hass: HomeAssistant, vendor: Vendor
) -> None:
    result = await go_on(hass, await until_account(hass), SETUP)
    result = await go_on(hass, result, {})
    assert result["result"].options == {
        CONF_CHOSEN: ["L1", "P1"],
        CONF_EXCLUDED: [],
        CONF_ADD_NEW: True,
        CONF_INTERVALS: {},
    }


async def test_an_account_without_devices_can_be_added(hass: HomeAssistant, vendor: Vendor) -> None:
    vendor.client.devices.clear()
    result = await go_on(hass, await until_account(hass), SETUP)
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "no_devices")
    result = await go_on(hass, result, {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["result"].options[CONF_CHOSEN] == []
    assert result["result"].options[CONF_ADD_NEW] is True


async def test_an_account_without_a_name_is_called_after_its_vendor(
    hass: HomeAssistant, vendor: Vendor
) -> None:
    vendor.client.account = Account(id="77", name="")
    result = await go_on(hass, await until_account(hass), SETUP)
    result = await go_on(hass, result, {})
    assert result["title"] == "Acme Home"


async def test_a_profile_that_asks_for_nothing_gives_an_empty_form(
    hass: HomeAssistant, vendor: Vendor, own: OwnProfiles
) -> None:
    own.write("acme.yaml", profile(setup=""))
    result = await until_account(hass)
    assert result["data_schema"] is not None
    assert result["data_schema"].schema == {}
    assert (await go_on(hass, result, {}))["step_id"] == "devices"


async def test_fields_that_no_translation_knows_go_by_their_label(
    hass: HomeAssistant, vendor: Vendor, own: OwnProfiles
) -> None:
    own.write(
        "acme.yaml",
        profile(
            setup="""
        gate: {type: secret, name: Code of the gate}
        pool: {type: port}
    """
        ),
    )
    result = await until_account(hass)
    result = await go_on(hass, result, {"Code of the gate": "1234", "Pool": 0})
    assert result["errors"] == {"Pool": "invalid_port"}
    await go_on(hass, result, {"Code of the gate": "1234", "Pool": 8})
    assert vendor.setups == [{"gate": "1234", "pool": 8}]


async def test_many_devices_are_shown_in_a_list_that_can_be_searched(
    hass: HomeAssistant, vendor: Vendor
) -> None:
    for number in range(60):
        vendor.client.add(f"d{number}")
    result = await go_on(hass, await until_account(hass), SETUP)
    assert "'mode': 'dropdown'" in sent(result)


# --- choosing a vendor ----------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["acme", " Acme Home ", "acme home (ACME.yaml)"])
async def test_a_vendor_may_be_typed(hass: HomeAssistant, vendor: Vendor, typed: str) -> None:
    result = await go_on(hass, await begin(hass), {CONF_VENDOR: typed})
    assert result["step_id"] == "account"


async def test_a_vendor_that_nobody_knows_can_be_corrected(
    hass: HomeAssistant, vendor: Vendor
) -> None:
    result = await go_on(hass, await begin(hass), {CONF_VENDOR: "nobody"})
    assert (result["step_id"], result["errors"]) == ("user", {CONF_VENDOR: "unknown_vendor"})
    assert "'suggested_value': 'nobody'" in sent(result)
    assert (await go_on(hass, result, {CONF_VENDOR: "acme"}))["step_id"] == "account"


@pytest.mark.expects_warnings("The bundled profile of beta has mistakes")
async def test_a_vendor_whose_profile_is_broken_is_said_to_be(
    hass: HomeAssistant, vendor: Vendor, own: OwnProfiles
) -> None:
    own.ship("beta", "profile: 1\nvendor: {id: beta, name: Beta}\n")
    result = await go_on(hass, await begin(hass), {CONF_VENDOR: "beta"})
    assert result["errors"] == {CONF_VENDOR: "broken_profile"}
    assert result["description_placeholders"] is not None
    assert "profile.yaml" in result["description_placeholders"]["reason"]


async def test_a_profile_that_was_just_written_can_be_chosen(
    hass: HomeAssistant, vendor: Vendor, own: OwnProfiles
) -> None:
    await begin(hass)
    own.write("new.yaml", profile("new", "New"))
    own.write("bad.yaml", "vendor: [")
    result = await begin(hass)
    assert "New (new.yaml)" in sent(result)
    assert result["errors"] == {"base": "profiles_left_out"}
    assert result["description_placeholders"] is not None
    assert result["description_placeholders"]["files"] == "bad.yaml"


# --- what goes wrong ------------------------------------------------------------------------------

FAILURES = [
    (SignInError("wrong password"), {"password": "invalid_auth"}, "wrong password"),
    (UnreachableError("no answer"), {"url": "cannot_connect"}, "no answer"),
    (OutageError("down", status=503), {"base": "cannot_connect"}, "down"),
    (RateLimitedError("slow down", retry_after=9), {"base": "rate_limited"}, "slow down"),
    (UnexpectedAnswerError("a list"), {"base": "unexpected_answer"}, "a list"),
    (RefusedError("no", request="GET /x"), {"base": "refused"}, "no"),
    (CommandError("odd"), {"base": "refused"}, "odd"),
    (SetupValueError("email", "no @ in it"), {"email": "invalid_value"}, "no @ in it"),
    (SetupValueError("elsewhere", "odd"), {"base": "invalid_value"}, "odd"),
]


@pytest.mark.parametrize("operation", ["connect", "devices"])
@pytest.mark.parametrize(("error", "errors", "reason"), FAILURES)
async def test_a_failure_is_told_and_can_be_mended(
    hass: HomeAssistant,
    vendor: Vendor,
    operation: str,
    error: BridgeError,
    errors: Mapping[str, str],
    reason: str,
) -> None:
    vendor.client.fail(operation, error)
    result = await go_on(hass, await until_account(hass), SETUP)
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "account")
    assert result["errors"] == errors
    assert result["description_placeholders"] is not None
    assert result["description_placeholders"]["reason"] == reason
    assert vendor.client.closed == 1
    vendor.client.recover()
    result = await go_on(hass, result, SETUP)
    assert result["step_id"] == "devices"
    assert vendor.client.closed == 2


async def test_what_a_client_cannot_be_made_of_is_told_at_its_field(
    hass: HomeAssistant, vendor: Vendor
) -> None:
    vendor.error = SetupValueError("url", "not this one")
    result = await go_on(hass, await until_account(hass), SETUP)
    assert result["errors"] == {"url": "invalid_value"}
    assert vendor.client.closed == 0


async def test_with_several_secrets_none_is_blamed(
    hass: HomeAssistant, vendor: Vendor, own: OwnProfiles
) -> None:
    own.write("acme.yaml", profile(setup="token: {type: secret}\nsecret: {type: secret}"))
    vendor.client.fail("connect", SignInError("wrong"))
    result = await go_on(hass, await until_account(hass), {"token": "t", "secret": "s"})
    assert result["errors"] == {"base": "invalid_auth"}


async def test_fields_are_checked_before_the_vendor_is_asked(
    hass: HomeAssistant, vendor: Vendor
) -> None:
    wrong = {"url": "api.acme.example", "email": " ", "password": SECRET}
    result = await go_on(hass, await until_account(hass), wrong)
    assert result["errors"] == {"url": "invalid_url", "email": "required"}
    assert "'default': 'api.acme.example'" in sent(result)
    assert vendor.setups == []


async def test_a_mistake_elsewhere_does_not_cost_the_secret(
    hass: HomeAssistant, vendor: Vendor
) -> None:
    result = await go_on(hass, await until_account(hass), SETUP | {"url": "oops"})
    result = await go_on(hass, result, {"url": SETUP["url"], "email": SETUP["email"]})
    assert result["step_id"] == "devices"
    assert vendor.setups == [SETUP]


async def test_a_secret_that_was_wrong_has_to_be_typed_again(
    hass: HomeAssistant, vendor: Vendor
) -> None:
    vendor.client.fail("connect", SignInError("wrong"))
    result = await go_on(hass, await until_account(hass), SETUP | {"url": "oops"})
    result = await go_on(hass, result, SETUP)
    with pytest.raises(InvalidData):
        await go_on(hass, result, {"url": SETUP["url"], "email": SETUP["email"]})


async def test_a_vendor_that_never_answers_is_given_up(
    hass: HomeAssistant, vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempt, "PATIENCE", 0.01)
    with vendor.client.hold("connect"):
        result = await go_on(hass, await until_account(hass), SETUP)
    assert result["errors"] == {"base": "cannot_connect"}
    assert vendor.client.closed == 1


async def test_a_client_that_cannot_be_closed_is_no_reason_to_refuse(
    hass: HomeAssistant, vendor: Vendor
) -> None:
    vendor.client.fail("close", RuntimeError("stuck"))
    result = await go_on(hass, await until_account(hass), SETUP)
    assert result["step_id"] == "devices"


@pytest.mark.expects_warnings("Unexpected KeyError while trying an account at Acme Home")
async def test_what_nobody_expected_is_logged_without_what_was_filled_in(
    hass: HomeAssistant, vendor: Vendor, caplog: pytest.LogCaptureFixture
) -> None:
    vendor.client.fail("connect", KeyError(SECRET))
    result = await go_on(hass, await until_account(hass), SETUP)
    assert result["errors"] == {"base": "unknown"}
    assert "in async_guard" in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.parametrize("operation", ["connect", "devices"])
async def test_the_client_is_closed_when_the_flow_is_abandoned_meanwhile(
    hass: HomeAssistant, vendor: Vendor, operation: str
) -> None:
    result = await until_account(hass)
    with vendor.client.hold(operation):
        task = hass.async_create_task(
            hass.config_entries.flow.async_configure(result["flow_id"], dict(SETUP))
        )
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert vendor.client.closed == 1
    assert all(session.closed for session in vendor.sessions)


async def test_no_secret_is_ever_sent_back(
    hass: HomeAssistant, vendor: Vendor, caplog: pytest.LogCaptureFixture
) -> None:
    steps = [await until_account(hass)]
    vendor.client.fail("devices", UnreachableError("no"))
    steps.append(await go_on(hass, steps[-1], SETUP))
    steps.append(await go_on(hass, steps[-1], SETUP | {"url": "oops"}))
    vendor.client.recover()
    steps.append(await go_on(hass, steps[-1], SETUP))
    account(hass, unique_id="acme:other", **{CONF_ACCOUNT_ID: "acme:other"})
    entry = hass.config_entries.async_entries(DOMAIN)[0]
    steps.extend(
        (await entry.start_reconfigure_flow(hass), await entry.start_reauth_flow(hass))  # type: ignore[attr-defined]
    )
    assert [step["step_id"] for step in steps] == [
        *("account", "account", "account", "devices", "reconfigure", "reauth_confirm")
    ]
    for step in steps:
        assert_shown(step)
        assert SECRET not in sent(step)
    assert SECRET not in caplog.text


# --- one account, one entry -----------------------------------------------------------------------


async def test_an_account_is_added_once(hass: HomeAssistant, vendor: Vendor) -> None:
    account(hass)
    result = await go_on(hass, await until_account(hass), SETUP)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "already_configured")
    assert vendor.client.closed == 1


async def test_two_vendors_may_have_accounts_of_the_same_id(
    hass: HomeAssistant, vendor: Vendor, own: OwnProfiles
) -> None:
    account(hass)
    own.write("beta.yaml", profile("beta", "Beta"))
    result = await go_on(hass, await begin(hass), {CONF_VENDOR: "beta"})
    result = await go_on(hass, result, SETUP)
    result = await go_on(hass, result, {})
    assert result["result"].unique_id == "beta:77"
    assert result["result"].data[CONF_ACCOUNT_ID] == "beta:77"


async def test_an_account_where_another_was_before_it_moved_is_known_apart(
    hass: HomeAssistant, vendor: Vendor
) -> None:
    account(hass, unique_id="acme:elsewhere")
    account(hass, unique_id="acme:far", **{CONF_ACCOUNT_ID: "acme:77#2"})
    result = await go_on(hass, await until_account(hass), SETUP)
    result = await go_on(hass, result, {})
    assert result["result"].unique_id == "acme:77"
    assert result["result"].data[CONF_ACCOUNT_ID] == "acme:77#3"


# --- signing in again -----------------------------------------------------------------------------


async def test_signing_in_again_asks_for_the_credentials_alone(
    hass: HomeAssistant, vendor: Vendor
) -> None:
    entry = account(hass)
    vendor.tokens = {"token": "new"}
    result = await entry.start_reauth_flow(hass)
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "reauth_confirm")
    assert result["description_placeholders"] is not None
    assert result["description_placeholders"]["name"] == "Home of Mum"
    assert result["data_schema"] is not None
    assert [str(key) for key in result["data_schema"].schema] == ["email", "password"]

    vendor.client.fail("connect", SignInError("wrong"))
    answer = {"email": "me@example.com", "password": "new"}
    result = await go_on(hass, result, answer)
    assert result["errors"] == {"password": "invalid_auth"}
    vendor.client.recover()
    result = await go_on(hass, result, answer)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reauth_successful")
    assert entry.data[CONF_SETUP] == SETUP | answer
    assert entry.data[CONF_TOKENS] == {"token": "new"}
    assert entry.data[CONF_ACCOUNT_ID] == "acme:77"
    assert entry.state is ConfigEntryState.LOADED


async def test_another_account_cannot_sign_in_for_one(hass: HomeAssistant, vendor: Vendor) -> None:
    entry = account(hass)
    vendor.client.account = Account(id="88", name="Home of Dad")
    result = await go_on(
        hass, await entry.start_reauth_flow(hass), {"email": "dad@example.com", "password": "x"}
    )
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "unique_id_mismatch")
    assert result["description_placeholders"] == {"account": "Home of Mum"}
    assert entry.data[CONF_SETUP] == SETUP


@pytest.mark.parametrize("begin_flow", ["start_reauth_flow", "start_reconfigure_flow"])
async def test_an_account_without_its_profile_cannot_be_changed(
    hass: HomeAssistant, vendor: Vendor, own: OwnProfiles, begin_flow: str
) -> None:
    entry = account(hass, **{CONF_VENDOR: "gone"})
    result = await getattr(entry, begin_flow)(hass)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "profile_unusable")
    assert result["description_placeholders"] == {"reason": "there is no profile for 'gone'"}


# --- changing what was filled in ------------------------------------------------------------------


async def test_everything_can_be_changed_and_an_empty_secret_stays(
    hass: HomeAssistant, vendor: Vendor
) -> None:
    entry = account(hass)
    result = await entry.start_reconfigure_flow(hass)
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "reconfigure")
    assert "'default': 'me@example.com'" in sent(result)
    result = await go_on(hass, result, {"url": "http://10.0.0.9", "email": "me@example.com"})
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    assert entry.data[CONF_SETUP] == SETUP | {"url": "http://10.0.0.9"}
    assert entry.data[CONF_TOKENS] == {}
    assert entry.unique_id == entry.data[CONF_ACCOUNT_ID] == "acme:77"
    assert entry.state is ConfigEntryState.LOADED


async def test_a_new_secret_that_is_typed_outlives_a_mistake_elsewhere(
    hass: HomeAssistant, vendor: Vendor
) -> None:
    entry = account(hass)
    result = await entry.start_reconfigure_flow(hass)
    result = await go_on(hass, result, SETUP | {"url": "oops", "password": "new"})
    result = await go_on(hass, result, {"url": SETUP["url"], "email": SETUP["email"]})
    assert result["reason"] == "reconfigure_successful"
    assert entry.data[CONF_SETUP]["password"] == "new"


async def test_what_is_left_empty_and_not_needed_is_forgotten(
    hass: HomeAssistant, vendor: Vendor, own: OwnProfiles
) -> None:
    own.write("acme.yaml", profile(setup="url: {type: url}\nsite: {type: text, required: false}"))
    entry = account(hass, **{CONF_SETUP: {"url": "http://a.example", "site": "3", "old": "x"}})
    result = await entry.start_reconfigure_flow(hass)
    assert "'suggested_value': '3'" in sent(result)
    await go_on(hass, result, {"url": "http://a.example"})
    assert entry.data[CONF_SETUP] == {"url": "http://a.example"}


async def test_an_account_stays_the_same_account(hass: HomeAssistant, vendor: Vendor) -> None:
    entry = account(hass)
    vendor.client.account = Account(id="88", name="Home of Dad")
    result = await go_on(hass, await entry.start_reconfigure_flow(hass), SETUP)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "unique_id_mismatch")


async def test_identity_survives_a_changed_address_where_that_is_what_an_account_is_known_by(
    hass: HomeAssistant, vendor: Vendor, own: OwnProfiles
) -> None:
    own.write("acme.yaml", profile(account=None))
    entry = account(hass)
    vendor.client.account = Account(id="moved", name="Acme Home (10.0.0.9)")
    result = await go_on(hass, await entry.start_reconfigure_flow(hass), SETUP)
    assert result["reason"] == "reconfigure_successful"
    assert entry.unique_id == "acme:moved"
    assert entry.data[CONF_ACCOUNT_ID] == "acme:77"
    assert entry.title == "Home of Mum"


async def test_an_account_cannot_move_to_where_another_is(
    hass: HomeAssistant, vendor: Vendor, own: OwnProfiles
) -> None:
    own.write("acme.yaml", profile(account=None))
    entry = account(hass)
    account(hass, unique_id="acme:moved", **{CONF_ACCOUNT_ID: "acme:moved"})
    vendor.client.account = Account(id="moved", name="Acme Home")
    result = await go_on(hass, await entry.start_reconfigure_flow(hass), SETUP)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "already_configured")
    assert entry.unique_id == "acme:77"
