"""Secrets planted at every bundled vendor, looked for in all that Home Assistant shows."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
import time
from types import SimpleNamespace
from typing import Any

from aioresponses import aioresponses
from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigEntry,
    ConfigEntryState,
)
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.json import json_dumps
from homeassistant.util import dt as dt_util
import probatio
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.vendor_bridge.bridge.clock import SystemClock
from custom_components.vendor_bridge.bridge.http.retry import Retry
from custom_components.vendor_bridge.bridge.profile import writing
from custom_components.vendor_bridge.bridge.profile.loader import load_profile
from custom_components.vendor_bridge.const import CONF_CHOSEN, CONF_VENDOR, DOMAIN
from custom_components.vendor_bridge.forms import Form

from ..own_profiles import OwnProfiles
from .planting import Witness
from .vendors import CASES, MOODS, ROOT, VENDORS, World

COMMANDS: dict[str, tuple[str, dict[str, Any]]] = {
    "light": ("turn_on", {}),
    "switch": ("turn_on", {}),
    "lock": ("lock", {}),
    "cover": ("open_cover", {}),
    "climate": ("set_temperature", {"temperature": 20}),
    "fan": ("turn_on", {}),
    "button": ("press", {}),
    "siren": ("turn_on", {}),
}
MOST_DEVICES = 12
RELOADED = ("401", "500", "429", "a web page", "no JSON", "to another host", "refused", "no HTTP")
"""The moods in which an account is also set up: that takes its time."""
ACTED = ("401", "500", "refused")
"""The moods in which the integration's own actions are tried, too: so does that."""

FAILS = pytest.mark.expects_warnings("vendor_bridge")


def test_every_bundled_vendor_has_a_case() -> None:
    bundled = {path.parent.name for path in VENDORS.glob("*/profile.yaml")}
    own = {path.stem for path in ROOT.glob("demo/config/vendor_bridge/*.yaml")}
    assert bundled | own <= set(CASES)


@pytest.mark.parametrize("vendor", CASES)
def test_a_secret_is_planted_in_each_field_that_takes_one(vendor: str) -> None:
    case = CASES[vendor]
    fields = load_profile(case.profile).setup
    planted = {name for name, value in case.setup.items() if value in case.secrets}
    assert planted == {name for name, spec in fields.items() if spec.is_secret}


@pytest.fixture(autouse=True)
def without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody wait: not for a vendor's limits, nor long for what no command will change."""
    waited = [0.0]

    async def sleep(_clock: SystemClock, seconds: float) -> None:
        waited[0] += seconds
        await asyncio.sleep(0)

    impatient = SimpleNamespace(
        gather=asyncio.gather,
        timeout=lambda seconds: asyncio.timeout(min(seconds, 0.2)),
    )
    monkeypatch.setattr(Retry, "pauses", lambda self: iter([0.0]))
    monkeypatch.setattr(SystemClock, "sleep", sleep)
    monkeypatch.setattr(SystemClock, "monotonic", lambda _clock: time.monotonic() + waited[0])
    monkeypatch.setattr(writing, "asyncio", impatient)


@pytest.fixture
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    world = World(CASES[request.param])
    with aioresponses() as mock:
        world.play(mock)
        yield world


@pytest.fixture
async def witness(
    hass: HomeAssistant,
    world: World,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> AsyncIterator[Witness]:
    own = OwnProfiles(hass, tmp_path, monkeypatch)
    own.write(f"{world.case.vendor}.yaml", world.case.profile.read_bytes())
    yield Witness(hass, caplog)
    world.mood = None
    for entry in hass.config_entries.async_entries(DOMAIN):
        await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


async def _fill_in(hass: HomeAssistant, world: World, witness: Witness) -> Any:
    fields = load_profile(world.case.profile).setup
    form = Form(fields=fields)
    answer = {form.key(name): value for name, value in world.case.setup.items()}
    flow = hass.config_entries.flow
    result = witness.flow(await flow.async_init(DOMAIN, context={"source": SOURCE_USER}))
    result = witness.flow(
        await flow.async_configure(result["flow_id"], {CONF_VENDOR: world.case.vendor})
    )
    assert result["step_id"] == "account"
    return witness.flow(await flow.async_configure(result["flow_id"], answer))


async def _add(hass: HomeAssistant, world: World, witness: Witness) -> ConfigEntry:
    result = await _fill_in(hass, world, witness)
    assert result["step_id"] == "devices", result
    schema = result["data_schema"]
    assert schema is not None
    every = next(key.default() for key in schema.schema if str(key) == CONF_CHOSEN)
    kinds = {vendor_id.partition(".")[0]: vendor_id for vendor_id in every}
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {CONF_CHOSEN: list(kinds.values())[:MOST_DEVICES]}
    )
    assert witness.flow(result)["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)
    entry: ConfigEntry = result["result"]
    assert entry.state is ConfigEntryState.LOADED
    return entry


async def _poll(hass: HomeAssistant, hours: int) -> None:
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(hours=hours))
    await hass.async_block_till_done(wait_background_tasks=True)


async def _command(hass: HomeAssistant, entry: ConfigEntry, witness: Witness) -> int:
    """Command an entity of each kind; return how many there were."""
    entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    by_domain = {entity.domain: entity.entity_id for entity in entities if not entity.disabled}
    done = 0
    for domain, (service, data) in COMMANDS.items():
        if domain not in by_domain:
            continue
        done += 1
        try:
            await hass.services.async_call(
                domain, service, {ATTR_ENTITY_ID: by_domain[domain], **data}, blocking=True
            )
        except Exception as error:  # noqa: BLE001 - whatever it is, it is looked at
            witness.error(error)
    return done


async def _act(hass: HomeAssistant, entry: ConfigEntry, witness: Witness) -> None:
    """Perform the integration's own actions: commands on one entity, the others on all."""
    entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    by_domain = {entity.domain: entity.entity_id for entity in entities if not entity.disabled}
    target = next(by_domain[domain] for domain in COMMANDS if domain in by_domain)
    own_actions: dict[str, dict[str, Any]] = {
        "list_devices": {},
        "refresh": {ATTR_ENTITY_ID: "all", "timeout": 1},
        "send_command": {ATTR_ENTITY_ID: target, "command": "turn_on"},
        "reload_profiles": {},
    }
    for action, data in own_actions.items():
        try:
            response = await hass.services.async_call(
                DOMAIN, action, dict(data), blocking=True, return_response=True
            )
            witness.seen.append((f"response of {action}", json_dumps(response)))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is looked at
            witness.error(error)


def _check(witness: Witness, world: World) -> None:
    assert witness.find(world.case.secrets) == []
    shared = ("diagnostics", "device diagnostics")
    assert witness.find(world.case.personal, shared, as_it_is=True) == []
    assert world.strays == []


@FAILS
@pytest.mark.parametrize("world", CASES, indirect=True)
async def test_an_account_in_use_shows_no_secret(
    hass: HomeAssistant, world: World, witness: Witness
) -> None:
    entry = await _add(hass, world, witness)
    await witness.look(entry, "at first")
    assert await _command(hass, entry, witness)
    await _act(hass, entry, witness)
    for hours, (name, mood) in enumerate(MOODS.items(), start=1):
        world.mood = mood
        await _poll(hass, 3 * hours)
        await _command(hass, entry, witness)
        if name in ACTED:
            await _act(hass, entry, witness)
        await witness.look(entry, name)
        for flow in hass.config_entries.flow.async_progress():
            hass.config_entries.flow.async_abort(flow["flow_id"])
        world.mood = None
        await _poll(hass, 3 * hours + 1)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await witness.look(entry, "in the end")
    _check(witness, world)


@pytest.mark.parametrize("world", CASES, indirect=True)
async def test_a_form_shows_no_secret(hass: HomeAssistant, world: World, witness: Witness) -> None:
    for mood in MOODS.values():
        world.mood = mood
        result = await _fill_in(hass, world, witness)
        hass.config_entries.flow.async_abort(result["flow_id"])
    _check(witness, world)


@FAILS
@pytest.mark.parametrize("world", CASES, indirect=True)
async def test_set_up_reauth_and_reconfigure_show_no_secret(
    hass: HomeAssistant, world: World, witness: Witness
) -> None:
    entry = await _add(hass, world, witness)
    for name in RELOADED:
        world.mood = MOODS[name]
        await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        await witness.look(entry, name)
    world.mood = MOODS["401"]
    for source in (SOURCE_REAUTH, SOURCE_RECONFIGURE):
        for flow in hass.config_entries.flow.async_progress():
            hass.config_entries.flow.async_abort(flow["flow_id"])
        result = await hass.config_entries.flow.async_init(
            DOMAIN,
            context={"source": source, "entry_id": entry.entry_id},
            data=dict(entry.data),
        )
        witness.flow(result)
        if result["type"] is FlowResultType.FORM:
            schema = result["data_schema"]
            assert schema is not None
            answer = {
                str(key): key.default()
                for key in schema.schema
                if key.default is not probatio.UNDEFINED
            }
            try:
                shown = await hass.config_entries.flow.async_configure(result["flow_id"], answer)
                witness.flow(shown)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is looked at
                witness.error(error)
    _check(witness, world)
