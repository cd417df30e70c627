"""Certificates that nobody vouches for: shown, accepted by the user, and then no other one."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
import json
from pathlib import Path
import socket
from threading import Thread
from typing import Any, override

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigEntry,
    ConfigEntryState,
    ConfigFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from yarl import URL

from custom_components.vendor_bridge import certificates
from custom_components.vendor_bridge.const import (
    CONF_ACCEPT,
    CONF_CERTIFICATES,
    CONF_VENDOR,
    DOMAIN,
)
from custom_components.vendor_bridge.helpers import client_session

from .own_profiles import OwnProfiles, issues
from .tls import Made, make
from .translated import assert_shown

PROFILE = """
profile: 1
vendor: {id: tiny, name: Tiny}
setup:
  url: {type: url}
  token: {type: secret}
api:
  base_url: "{setup.url}"
  verify_ssl: ask
  auth: {type: bearer, token: "{setup.token}"}
account: {request: {get: /account}, id: id, name: name}
devices: {request: {get: /devices}, each: items, id: id, name: id}
types: {"*": {sensor: {x: {value: x, from: devices}}}}
"""


class Hub:
    """A server at home, whose certificate can be exchanged while its address stays.

    It runs beside the event loop, which would report each client that hangs up on it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made = make("hub.local")
        self.port = 0
        self.tokens: list[str | None] = []
        self._server: Server | None = None
        self._thread: Thread | None = None

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    @property
    def name(self) -> str:
        return f"127.0.0.1:{self.port}"

    def start(self, made: Made | None = None) -> None:
        self.stop()
        self.made = made or self.made
        self._server = Server(("127.0.0.1", self.port), partial(Handler, self))
        self._server.socket = self.made.server_context(self.folder).wrap_socket(
            self._server.socket, server_side=True, do_handshake_on_connect=False
        )
        self.port = self._server.server_address[1]
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def stop(self) -> None:
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()
        self._server = None


class Server(ThreadingHTTPServer):
    daemon_threads = False

    @override
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that do not trust the certificate."""


class Handler(BaseHTTPRequestHandler):
    def __init__(self, hub: Hub, *args: Any) -> None:
        self.hub = hub
        super().__init__(*args)

    def do_HEAD(self) -> None:
        self.send_response(405)
        self.end_headers()

    def do_GET(self) -> None:
        self.hub.tokens.append(self.headers.get("Authorization"))
        items = {"items": [{"id": "d1", "x": 1}]}
        body = json.dumps(
            {"id": "a1", "name": "Hub"} if self.path.startswith("/account") else items
        )
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body.encode())

    @override
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def own(hass: HomeAssistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OwnProfiles:
    own = OwnProfiles(hass, tmp_path, monkeypatch)
    own.write("tiny.yaml", PROFILE)
    return own


@pytest.fixture
async def hub(
    hass: HomeAssistant, own: OwnProfiles, tmp_path: Path, socket_enabled: None
) -> AsyncIterator[Hub]:
    hub = Hub(tmp_path)
    hub.start()
    yield hub
    for entry in hass.config_entries.async_entries(DOMAIN):
        await hass.config_entries.async_unload(entry.entry_id)
    hub.stop()


async def go_on(
    hass: HomeAssistant, result: ConfigFlowResult, answer: Mapping[str, Any]
) -> ConfigFlowResult:
    result = await hass.config_entries.flow.async_configure(result["flow_id"], dict(answer))
    assert_shown(result)
    return result


async def begin(hass: HomeAssistant, hub: Hub) -> ConfigFlowResult:
    result = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    result = await go_on(hass, result, {CONF_VENDOR: "tiny"})
    return await go_on(hass, result, {"url": hub.url, "token": "t0ken"})


async def add(hass: HomeAssistant, hub: Hub) -> ConfigEntry:
    result = await go_on(hass, await begin(hass, hub), {CONF_ACCEPT: True})
    assert result["step_id"] == "devices"
    result = await go_on(hass, result, {})
    await hass.async_block_till_done()
    entry: ConfigEntry = result["result"]
    assert state_of(hass, entry) is ConfigEntryState.LOADED
    return entry


def state_of(hass: HomeAssistant, entry: ConfigEntry) -> ConfigEntryState:
    return hass.config_entries.async_get_known_entry(entry.entry_id).state


def fingerprint(made: Made) -> str:
    return ":".join(made.fingerprint[place : place + 2] for place in range(0, 64, 2)).upper()


async def test_the_certificate_is_shown_and_accepted(hass: HomeAssistant, hub: Hub) -> None:
    result = await begin(hass, hub)
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "certificate")
    placeholders = result["description_placeholders"] or {}
    assert placeholders["fingerprint"] == fingerprint(hub.made)
    assert placeholders["server"] == hub.name
    assert placeholders["subject"] == placeholders["issuer"] == "`CN=hub.local`"
    assert placeholders["valid_from"] < placeholders["valid_to"]
    assert hub.tokens == []

    result = await go_on(hass, result, {CONF_ACCEPT: False})
    assert (result["step_id"], result["errors"]) == ("certificate", {CONF_ACCEPT: "not_accepted"})
    assert hub.tokens == []

    result = await go_on(hass, result, {CONF_ACCEPT: True})
    assert result["step_id"] == "devices"
    assert set(hub.tokens) == {"Bearer t0ken"}
    result = await go_on(hass, result, {})
    await hass.async_block_till_done()
    entry = result["result"]
    assert entry.state is ConfigEntryState.LOADED
    assert entry.data[CONF_CERTIFICATES] == {hub.name: hub.made.fingerprint}
    await hass.config_entries.async_reload(entry.entry_id)
    assert entry.state is ConfigEntryState.LOADED


async def test_a_certificate_that_is_exchanged_while_the_user_looks_is_not_accepted(
    hass: HomeAssistant, hub: Hub
) -> None:
    result = await begin(hass, hub)
    hub.start(make("evil.local"))
    result = await go_on(hass, result, {CONF_ACCEPT: True})
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "certificate_changed")
    assert "`CN=evil.local`" in str(result["description_placeholders"])
    assert hub.tokens == []


async def test_nobody_is_sent_to_a_button_before_the_certificate_was_accepted(
    hass: HomeAssistant, own: OwnProfiles, hub: Hub
) -> None:
    pairing = """auth:
    type: pairing
    request: {get: /account}
    instructions: Press the button.
    pending: [403]
    token: id
    every: 0.5"""
    token = 'auth: {type: bearer, token: "{setup.token}"}'
    own.write(
        "tiny.yaml",
        PROFILE.replace(token, pairing).replace(
            "base_url:", 'query: {t: "{setup.token}"}\n  base_url:'
        ),
    )
    result = await begin(hass, hub)
    assert result["step_id"] == "certificate"
    assert hub.tokens == []
    result = await go_on(hass, result, {CONF_ACCEPT: True})
    assert result["type"] is FlowResultType.SHOW_PROGRESS
    for _ in range(100):
        await asyncio.sleep(0.05)
        if hass.config_entries.flow.async_get(result["flow_id"])["step_id"] != "consent":
            break
    result = await hass.config_entries.flow.async_configure(result["flow_id"])
    assert result["step_id"] == "devices", result["errors"]
    result = await go_on(hass, result, {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()


@pytest.mark.parametrize("said", ["true", "false"])
async def test_only_a_profile_that_says_so_asks(
    hass: HomeAssistant, own: OwnProfiles, hub: Hub, said: str
) -> None:
    own.write("tiny.yaml", PROFILE.replace("ask", said))
    result = await begin(hass, hub)
    if said == "false":
        assert result["step_id"] == "devices"
        return
    assert (result["step_id"], result["errors"]) == ("account", {"url": "cannot_connect"})
    assert "certificate is not trusted" in str(result["description_placeholders"])
    assert hub.tokens == []


async def test_another_certificate_is_never_accepted_by_itself(
    hass: HomeAssistant, hub: Hub
) -> None:
    entry = await add(hass, hub)
    before = list(hub.tokens)
    hub.start(make("evil.local"))
    await hass.config_entries.async_reload(entry.entry_id)
    assert state_of(hass, entry) is ConfigEntryState.SETUP_RETRY
    assert "another one than was accepted" in str(entry.reason)
    assert hub.tokens == before
    assert hass.config_entries.flow.async_progress() == []
    (issue,) = issues(hass).values()
    assert issue.translation_key == "certificate_changed"
    placeholders = issue.translation_placeholders or {}
    assert placeholders["account"] == "Hub"
    assert "another one than was accepted" in placeholders["reason"]

    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_RECONFIGURE, "entry_id": entry.entry_id}
    )
    result = await go_on(hass, result, {"url": hub.url})
    assert result["step_id"] == "certificate_changed"
    assert (result["description_placeholders"] or {})["fingerprint"] == fingerprint(hub.made)
    assert entry.data[CONF_CERTIFICATES] != {hub.name: hub.made.fingerprint}
    assert hub.tokens == before
    result = await go_on(hass, result, {CONF_ACCEPT: True})
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    await hass.async_block_till_done()
    assert state_of(hass, entry) is ConfigEntryState.LOADED
    assert entry.data[CONF_CERTIFICATES] == {hub.name: hub.made.fingerprint}
    assert issues(hass) == {}


async def test_certificates_of_servers_that_are_left_are_forgotten(
    hass: HomeAssistant, hub: Hub
) -> None:
    entry = await add(hass, hub)
    first = hub.name
    hub.stop()
    hub.port = 0
    hub.start()
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_RECONFIGURE, "entry_id": entry.entry_id}
    )
    result = await go_on(hass, result, {"url": hub.url})
    assert result["step_id"] == "certificate"
    await go_on(hass, result, {CONF_ACCEPT: True})
    await hass.async_block_till_done()
    assert hub.name != first
    assert list(entry.data[CONF_CERTIFICATES]) == [hub.name]


async def test_names_in_a_certificate_are_shown_as_they_are(hass: HomeAssistant, hub: Hub) -> None:
    hub.start(make("a`](http://evil) \u202e" + "x" * 40))
    result = await begin(hass, hub)
    subject = (result["description_placeholders"] or {})["subject"]
    assert subject.startswith("`CN=a](http://evil) ")
    assert subject.count("`") == 2
    assert "\u202e" not in subject


async def found(hass: HomeAssistant, url: str) -> object:
    session = client_session(hass, auto_cleanup=False)
    try:
        return await certificates.async_find_untrusted(session, [URL(url)], {})
    finally:
        session.detach()


async def test_who_has_no_certificate_is_not_asked_for_it(hass: HomeAssistant, hub: Hub) -> None:
    assert await found(hass, hub.url.replace("https", "http")) is None
    hub.stop()
    assert await found(hass, hub.url) is None


async def test_a_server_that_goes_before_it_was_looked_at(
    hass: HomeAssistant, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def untrusted(*_: object) -> bool:
        hub.stop()
        return True

    monkeypatch.setattr(certificates, "_is_untrusted", untrusted)
    assert await found(hass, hub.url) is None


async def test_a_certificate_that_cannot_be_read(
    hass: HomeAssistant, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fetch(_address: URL) -> bytes:
        return b"nothing of the kind"

    monkeypatch.setattr(certificates, "_async_fetch", fetch)
    assert await found(hass, hub.url) is None


async def test_a_server_that_never_answers(
    hass: HomeAssistant, socket_enabled: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(certificates, "PATIENCE", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert await found(hass, f"https://127.0.0.1:{silent.getsockname()[1]}") is None


CLIENT = PROFILE.replace(
    "verify_ssl: ask",
    """verify_ssl: false
  client_certificate: {certificate: "{setup.certificate}", key: "{setup.private_key}"}""",
).replace(
    "  token: {type: secret}",
    "  token: {type: secret}\n  certificate: {type: pem}\n  private_key: {type: pem}",
)


async def test_a_certificate_of_the_users_is_pasted_in_and_never_shown_again(
    hass: HomeAssistant, own: OwnProfiles, hub: Hub
) -> None:
    own.write("tiny.yaml", CLIENT)
    me = make("me")
    answer = {"url": hub.url, "token": "t0ken", "certificate": me.certificate}
    result = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    result = await go_on(hass, result, {CONF_VENDOR: "tiny"})
    assert result["data_schema"] is not None
    fields = {str(key): field for key, field in result["data_schema"].schema.items()}
    assert fields["certificate"].config["multiline"] is True

    result = await go_on(hass, result, answer | {"private_key": make("other").key})
    assert result["errors"] == {"private_key": "invalid_value"}
    assert "PRIVATE KEY" not in str(result)
    result = await go_on(hass, result, answer | {"private_key": me.key})
    assert result["step_id"] == "devices"
    result = await go_on(hass, result, {})
    await hass.async_block_till_done()
    entry = result["result"]
    assert entry.state is ConfigEntryState.LOADED
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_RECONFIGURE, "entry_id": entry.entry_id}
    )
    assert result["data_schema"] is not None
    assert "BEGIN" not in str([vars(key) for key in result["data_schema"].schema])
