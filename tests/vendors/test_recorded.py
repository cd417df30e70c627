"""Bundled profiles against what real servers answered: devices, entities, observations, writes."""

from collections.abc import AsyncIterator, Iterator, Mapping
import json
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, DummyCookieJar
from aioresponses import CallbackResult, aioresponses
import pytest
from syrupy.assertion import SnapshotAssertion
from yarl import URL

from custom_components.vendor_bridge.bridge.client import Context, VendorClient
from custom_components.vendor_bridge.bridge.errors import NotConfirmedError, SignInError
from custom_components.vendor_bridge.bridge.factory import create_client
from custom_components.vendor_bridge.bridge.http.auth import WaitingAuth
from custom_components.vendor_bridge.bridge.model import Command, Listing
from custom_components.vendor_bridge.bridge.profile.loader import load_profile

from ..bridge.http.helpers import EagerClock

ROOT = Path(__file__).parents[2]
VENDORS = ROOT / "custom_components" / "vendor_bridge" / "vendors"
FIXTURES = ROOT / "tests" / "fixtures"
FORECASTS = "http://ha.local/api/services/weather/get_forecasts"
HUE = "https://hue.local/clip/v2/resource"

SETUP: Mapping[str, Mapping[str, Any]] = {
    "home_assistant": {"url": "http://ha.local", "token": "TOKEN"},
    "homebridge": {"url": "http://hb.local", "username": "admin", "password": "PASSWORD"},
    "hue_v2": {"host": "hue.local", "key": "APPLICATION_KEY"},
    "webthing": {"url": "http://house.local:8888"},
    "wot_thing": {"url": "http://wot.local:8080/living-room-lamp"},
}
READS: Mapping[str, Mapping[str, str]] = {
    "home_assistant": {"http://ha.local/api/states": "states.json"},
    "homebridge": {"http://hb.local/api/accessories": "accessories.json"},
    "hue_v2": {
        f"{HUE}/{name}": f"{name}.json"
        for name in (
            *("bridge", "light", "device", "motion", "temperature", "light_level"),
            "device_power",
        )
    },
    "webthing": {
        "http://house.local:8888/": "things.json",
        "http://house.local:8888/0/properties": "lamp_properties_off.json",
        "http://house.local:8888/1/properties": "weather_properties.json",
        "http://house.local:8888/2/properties": "thermostat_properties.json",
    },
    "wot_thing": {
        "http://wot.local:8080/living-room-lamp": "lamp_thing_description.json",
        "http://wot.local:8080/living-room-lamp/properties": "lamp_properties_off.json",
    },
}


def recorded(vendor: str, name: str) -> Any:
    return json.loads((FIXTURES / vendor / name).read_text())


def _forecast(_url: URL, *, data: bytes, **_kwargs: Any) -> CallbackResult:
    """Answer as the recorded Home Assistant did, with the forecast that is asked for."""
    asked = json.loads(data)
    told = recorded("home_assistant", "forecasts.json")[asked["entity_id"]]
    if asked["type"] not in told:
        return CallbackResult(status=500, payload={"message": "does not support it"})
    return CallbackResult(payload=told[asked["type"]])


@pytest.fixture
def answers() -> Iterator[aioresponses]:
    with aioresponses() as mock:
        for vendor, reads in READS.items():
            for url, name in reads.items():
                mock.get(url, payload=recorded(vendor, name), repeat=True)
        mock.post(
            "http://hb.local/api/auth/login",
            status=201,
            payload={"access_token": "JWT", "expires_in": 28800},
            repeat=True,
        )
        mock.post(
            f"{FORECASTS}?return_response=1",
            callback=_forecast,
            repeat=True,
        )
        mock.get(
            "http://hb.local/api/auth/settings",
            payload={"env": {"instanceId": "i", "homebridgeInstanceName": "House"}},
            repeat=True,
        )
        yield mock


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession(cookie_jar=DummyCookieJar()) as opened:
        yield opened


def client_of(vendor: str, session: ClientSession) -> VendorClient:
    profile = load_profile(VENDORS / vendor / "profile.yaml")
    return create_client(profile, Context(session=session, setup=SETUP[vendor]))


@pytest.mark.parametrize("vendor", sorted(SETUP))
async def test_what_a_vendor_tells(
    vendor: str, answers: aioresponses, session: ClientSession, snapshot: SnapshotAssertion
) -> None:
    client = client_of(vendor, session)
    try:
        assert await client.connect() == snapshot(name="account")
        listing = await client.list_devices()
        assert listing.complete
        told = await _told(client, listing)
        assert told == snapshot(name="devices")
    finally:
        await client.close()


async def _told(client: VendorClient, listing: Listing) -> dict[str, Any]:
    devices = list(listing.devices.values())
    found: dict[str, dict[str, Any]] = {
        device.id: {
            "name": device.name,
            "type": device.type,
            "entities": {entity.key: sorted(entity.commands) for entity in client.describe(device)},
            "observations": {},
        }
        for device in devices
    }
    for monitor in client.monitors:
        reading = await client.read(monitor, devices)
        assert not reading.rejected, reading.rejected
        for device, observations in reading.observations.items():
            found[device]["observations"] |= {
                key: observation.value for key, observation in observations.items()
            }
    return found


LAMP = "bfe73678-466f-5cd6-ba65-ea3fcc9c569a"
LAMP_URL = f"{HUE}/light/00000001-1111-4111-8111-000000000001"


def light(
    *, on: bool, brightness: float, mirek: int | None, effect: str = "no_effect"
) -> dict[str, Any]:
    """Return what the bridge tells of its lights, with the first one in another state."""
    lights: dict[str, Any] = recorded("hue_v2", "light.json")
    first = lights["data"][0]
    first["on"]["on"] = on
    first["dimming"]["brightness"] = brightness
    first["color_temperature"]["mirek"] = mirek
    first["effects"]["status"] = effect
    return lights


@pytest.mark.parametrize(
    ("data", "expected", "then"),
    [
        (
            {"brightness": 102, "transition": 1.5},
            {"on": {"on": True}, "dimming": {"brightness": 40}, "dynamics": {"duration": 1500}},
            # The bridge keeps brightness in 254 steps.
            light(on=True, brightness=39.76, mirek=None),
        ),
        (
            {"color_temp_kelvin": 2732},
            {"on": {"on": True}, "color_temperature": {"mirek": 366}},
            light(on=True, brightness=100, mirek=366),
        ),
        (
            {"effect": "candle"},
            {"on": {"on": True}, "effects": {"effect": "candle"}},
            light(on=True, brightness=100, mirek=366, effect="candle"),
        ),
        (
            # The bridge's word for none is not Home Assistant's.
            {"effect": "off"},
            {"on": {"on": True}, "effects": {"effect": "no_effect"}},
            light(on=True, brightness=100, mirek=366),
        ),
    ],
)
async def test_a_hue_lamp_is_read_back(
    data: Mapping[str, object], expected: object, then: object, session: ClientSession
) -> None:
    sent: list[object] = []

    def written(_url: URL, **request: Any) -> CallbackResult:
        sent.append(json.loads(request["data"]))
        return CallbackResult(payload={"data": []})

    client = client_of("hue_v2", session)
    with aioresponses() as mock:
        mock.get(f"{HUE}/light", payload=light(on=False, brightness=10, mirek=None))
        mock.get(f"{HUE}/device", payload=recorded("hue_v2", "device.json"))
        mock.put(LAMP_URL, callback=written)
        # At first the lamp is as before, as it is on its way there.
        mock.get(f"{HUE}/light", payload=light(on=False, brightness=10, mirek=None))
        mock.get(f"{HUE}/light", payload=then)
        lamp = (await client.list_devices()).devices[LAMP]
        outcome = await client.write(lamp, Command(entity="light.main", name="turn_on", data=data))
    await client.close()
    assert sent == [expected]
    assert outcome.observations["light.main.state"].value is True


async def test_a_hue_bridge_gives_a_key_once_its_button_was_pressed(
    answers: aioresponses, session: ClientSession
) -> None:
    (given,) = [one for one in recorded("hue_v2", "commands.json") if one["request"] == "POST /api"]
    not_yet: Any = [
        {"error": {"type": 101, "address": "/api/", "description": "link button not pressed"}}
    ]
    sent: list[Any] = []

    def pair(_url: URL, **request: Any) -> CallbackResult:
        sent.append(json.loads(request["data"]))
        return CallbackResult(payload=not_yet if len(sent) < 3 else given["body"])

    answers.post("https://hue.local/api", callback=pair, repeat=True)
    stored: list[Mapping[str, Any]] = []
    profile = load_profile(VENDORS / "hue_v2" / "profile.yaml")
    clock = EagerClock()
    context = Context(
        session=session, setup={"host": "hue.local"}, clock=clock, save_tokens=stored.append
    )
    client = create_client(profile, context)
    assert isinstance(client.consent, WaitingAuth)
    prompt = await client.consent.begin()
    assert "button" in prompt.text
    await client.consent.wait()
    assert len(sent) == 3
    assert sent[0].keys() == given["json"].keys()
    assert stored[-1]["token"] == "APPLICATION_KEY"
    assert (await client.connect()).name.startswith("Hue bridge")
    keys = {
        call.kwargs["headers"].get("hue-application-key")
        for (_, url), calls in (answers.requests or {}).items()
        for call in calls
        if url.path != "/api"
    }
    assert keys == {"APPLICATION_KEY"}
    await client.close()


async def test_a_write_that_the_bridge_drops_fails(
    answers: aioresponses, session: ClientSession
) -> None:
    client = client_of("hue_v2", session)
    answers.put(LAMP_URL, payload={"data": []})
    lamp = (await client.list_devices()).devices[LAMP]
    with pytest.raises(NotConfirmedError):
        await client.write(
            lamp, Command(entity="light.main", name="turn_on", data={"brightness": 25})
        )
    await client.close()


@pytest.mark.parametrize(
    ("vendor", "method", "url", "status", "payload"),
    [
        ("hue_v2", "get", f"{HUE}/bridge", 403, ""),
        ("home_assistant", "get", "http://ha.local/api/states", 401, {"message": "no"}),
        ("homebridge", "post", "http://hb.local/api/auth/login", 403, {"message": "Forbidden"}),
    ],
)
async def test_wrong_credentials(
    vendor: str, method: str, url: str, status: int, payload: Any, session: ClientSession
) -> None:
    with aioresponses() as mock:
        mock.add(url, method.upper(), status=status, payload=payload, repeat=True)
        client = client_of(vendor, session)
        with pytest.raises(SignInError) as caught:
            await client.connect()
        await client.close()
    assert "PASSWORD" not in str(caught.value)
    assert "APPLICATION_KEY" not in str(caught.value)
