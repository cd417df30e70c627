"""Whatever profile can be written over the platform table, Home Assistant shows what it says."""

from collections.abc import Mapping, Sequence
import importlib
from itertools import count
import json
import random
from typing import Any

import aiohttp
from aioresponses import aioresponses
from homeassistant.components.lawn_mower import LawnMowerActivity
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant, State
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from hypothesis import HealthCheck, Phase, given, settings, strategies as st
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol
from yarl import URL

from custom_components.vendor_bridge.bridge.client import Context
from custom_components.vendor_bridge.bridge.model import Entity
from custom_components.vendor_bridge.bridge.platforms import PLATFORMS
from custom_components.vendor_bridge.bridge.profile.client import ProfileClient
from custom_components.vendor_bridge.bridge.profile.loader import parse_profile
from custom_components.vendor_bridge.const import (
    CONF_ACCOUNT_ID,
    CONF_SETUP,
    CONF_VENDOR,
    DOMAIN,
)

from .fakes import using
from .random_actions import NOT_BY_ACTION, acts_of
from .random_profiles import Made, entities, whole

ACCOUNTS = count(1)
"""Each example has an account of its own: Home Assistant remembers those that have gone."""

MORE: Mapping[str, set[str]] = {
    "climate": {"TURN_ON", "TURN_OFF"},  # by its modes
    "valve": {"OPEN", "CLOSE"},  # by its position
}
"""Features that Home Assistant has an entity have besides, depending on what is observed."""

LESS: Mapping[str, set[str]] = {"siren": {"TONES"}}
"""Features that an entity has only with something else."""

ON_OFF = ("binary_sensor", "switch", "siren", "humidifier", "remote", "light")
AS_TOLD = (
    *("lock", "lawn_mower", "vacuum", "alarm_control_panel", "media_player", "select", "text"),
    *("climate", "weather", "date", "time", "sensor", "number"),
)
SCALED = {
    "brightness": "brightness",
    "percentage": "percentage",
    "position": "current_position",
    "tilt_position": "current_tilt_position",
}
"""What the state calls what is shown on Home Assistant's scale."""

STATES = {"climate": "hvac_mode", "weather": "condition"}
"""What the state is made of, where it is not called so."""


def expected_state(made: Made) -> str | None:
    """Return the state that an entity must have, where that follows from its values plainly."""
    values = made.values
    name = STATES.get(made.platform, "state")
    told = values.get(name)
    if "off_delay" in made.spec:
        return "off"  # nobody knows since when it has been on
    if made.platform in ON_OFF:
        return "on" if told else "off"
    if made.platform == "todo":
        done = sum(item.get("f_status") == "completed" for item in values["items"])
        return str(len(values["items"]) - done)
    if made.platform in {"number", "sensor"} and "device_class" in made.spec:
        return None  # perhaps shown in another unit, or written in another way
    if made.platform == "lock" and any(other.startswith("is_") for other in values):
        return None  # a flag says more
    is_known = made.platform != "lawn_mower" or told in {*LawnMowerActivity}  # "idle" is 2026.10's
    return str(told) if made.platform in AS_TOLD and told is not None and is_known else None


def flags_of(platform: str) -> Any:
    """Return Home Assistant's own features of a platform, if it has some."""
    module = importlib.import_module(f"homeassistant.components.{platform}")
    words = (*platform.split("_"), *(["list"] if platform == "todo" else []))
    return getattr(module, "".join(map(str.capitalize, words)) + "EntityFeature", None)


def check_features(entity: Entity, state: State) -> None:
    """Compare an entity's features with those that the table says follow from what is there."""
    flags = flags_of(entity.platform)
    if flags is None:
        return
    expected = set(PLATFORMS[entity.platform].features(entity)) & {one.name for one in flags}
    shown = {one.name for one in flags(state.attributes.get("supported_features", 0))}
    assert shown - MORE.get(entity.platform, set()) <= expected
    assert expected - LESS.get(entity.platform, set()) <= shown


def check_attributes(made: Made, state: State) -> None:
    """Compare what else is shown with what the profile says, and with the vendor's own scales."""
    assert state.attributes.get("icon") == made.spec.get("icon")
    for name in made.scales:
        full = 255 if name == "brightness" else 100
        shown = state.attributes.get(SCALED[name])
        if shown is not None:
            low, high = made.scales[name]
            step = abs(high - low) / full
            assert made.vendors(name, shown, full) == pytest.approx(made.values[name], abs=step)
        elif name == "percentage":  # which is shown where it can be set
            assert "set_percentage" not in made.spec.get("commands", ())
        else:
            assert name == "brightness"  # a lamp that is off has none


def check_entity(hass: HomeAssistant, made: Made, entity: Entity, device: str) -> State:
    """Compare an entity's state with what the vendor has told, and return it."""
    registry = er.async_get(hass)
    entity_id = registry.async_get_entity_id(made.platform, DOMAIN, f"{device}:one")
    assert entity_id is not None, f"no {made.platform} for {made.spec}"
    state = hass.states.get(entity_id)
    assert state is not None
    assert state.state != STATE_UNAVAILABLE
    expected = expected_state(made)
    if expected is not None:
        assert state.state == expected != STATE_UNKNOWN
    check_features(entity, state)
    check_attributes(made, state)
    return state


def alike(sent: Any, expected: Any) -> bool:
    """Return whether a request holds what it has to, as far as rounding lets it."""
    if isinstance(expected, Mapping):
        return sent.keys() == expected.keys() and all(
            alike(sent[name], value) for name, value in expected.items()
        )
    if isinstance(expected, list):
        return len(sent) == len(expected) and all(map(alike, sent, expected, strict=True))
    if isinstance(expected, float) and not isinstance(sent, bool):
        return bool(sent == pytest.approx(expected, abs=1))
    return bool(sent == expected)


def calls_of(vendor: aioresponses, url: URL) -> Sequence[Any]:
    """Return what has been posted to an address."""
    return (vendor.requests or {}).get(("POST", url), ())


async def check_commands(
    hass: HomeAssistant, made: Made, state: State, vendor_id: str, vendor: aioresponses
) -> tuple[set[str], list[str]]:
    """Do all that can be done with an entity, and look at what the vendor is asked.

    Returns which commands the vendor was sent, and what was wrong with them.
    """
    commanded = set()
    wrong = []
    for act in acts_of(made, state):
        url = URL(f"http://acme.example/do/{vendor_id}/{act.command}")
        vendor.post(url, payload={})
        before = len(calls_of(vendor, url))
        domain, _, service = act.action.partition(".")
        data = {"entity_id": state.entity_id, **act.data}
        try:
            await hass.services.async_call(domain, service, data, blocking=True)
        except (HomeAssistantError, vol.Invalid) as error:
            wrong.append(f"{act} failed: {error!r}")
            continue
        sent = [json.loads(call.kwargs["data"]) for call in calls_of(vendor, url)[before:]]
        if len(sent) != 1 or not alike(sent[0], {"now": True, **act.body}):
            wrong.append(f"{act} was sent as {sent}")
        commanded.add(f"{made.platform}.{act.command}")
    return commanded, wrong


async def check_profile(
    hass: HomeAssistant, caplog: pytest.LogCaptureFixture, made: Sequence[Made]
) -> set[str]:
    """Load a profile, look at its entities, and do all that they can do. Return what that was."""
    caplog.clear()
    profile, items = whole(made)
    compiled = parse_profile(json.dumps(profile), "any.yaml")
    number = next(ACCOUNTS)
    random.seed(number)  # else the registry's ids of each example are those of the last
    account = f"acme-{number}"
    data = {CONF_VENDOR: "acme", CONF_ACCOUNT_ID: account, CONF_SETUP: {}}
    entry = MockConfigEntry(domain=DOMAIN, title=account, unique_id=account, data=data)
    entry.add_to_hass(hass)
    commanded: set[str] = set()
    wrong: list[str] = []
    async with aiohttp.ClientSession() as session:
        with aioresponses() as vendor:
            vendor.get("http://acme.example/devices", payload={"data": items}, repeat=True)
            client: Any = ProfileClient(compiled, Context(session=session, setup={}))
            try:
                with using(client):
                    assert await hass.config_entries.async_setup(entry.entry_id)
                    await hass.async_block_till_done(wait_background_tasks=True)
                listing = await client.list_devices()
                for one, device in zip(made, listing.devices.values(), strict=True):
                    (entity,) = client.describe(device)
                    state = check_entity(hass, one, entity, f"{account}:{device.id}")
                    done, amiss = await check_commands(hass, one, state, device.id, vendor)
                    commanded |= done
                    wrong += amiss
            finally:
                await hass.config_entries.async_remove(entry.entry_id)
                await hass.async_block_till_done(wait_background_tasks=True)
    assert not wrong, "\n".join(wrong)
    texts = [caplog.handler.format(one) for one in caplog.records if one.levelname == "ERROR"]
    assert [text for text in texts if DOMAIN in text] == []
    return commanded


@pytest.mark.timeout(600)
@pytest.mark.filterwarnings("ignore:It is recommended to use web")  # our host's own
@settings(
    max_examples=25,
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(made=st.lists(st.sampled_from(sorted(PLATFORMS)).flatmap(entities), min_size=1, max_size=12))
async def test_home_assistant_shows_and_does_what_any_profile_says(
    hass: HomeAssistant, caplog: pytest.LogCaptureFixture, made: list[Made]
) -> None:
    _ = await check_profile(hass, caplog, made)


@pytest.mark.timeout(600)
@pytest.mark.filterwarnings("ignore:It is recommended to use web")  # as above
@settings(
    max_examples=3,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(made=st.tuples(*(entities(platform, everything=True) for platform in sorted(PLATFORMS))))
async def test_every_command_reaches_the_vendor(
    hass: HomeAssistant, caplog: pytest.LogCaptureFixture, made: tuple[Made, ...]
) -> None:
    commanded = await check_profile(hass, caplog, made)
    every = {f"{row.name}.{one.name}" for row in PLATFORMS.values() for one in row.commands}
    assert every - commanded - NOT_BY_ACTION == set()
