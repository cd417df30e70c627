"""What is sent a second time when the first may have arrived, and what never is."""

import pytest

from custom_components.vendor_bridge.bridge.errors import OutageError, ProfileError
from custom_components.vendor_bridge.bridge.model import Command, Device
from custom_components.vendor_bridge.bridge.platforms import PLATFORMS
from custom_components.vendor_bridge.bridge.profile.loader import parse_profile

from .conftest import HEAD, MakeClient
from .vendor import Vendor

DEVICES = """
devices: {request: {get: /d}, id: id, type: type}
monitors: {status: {request: {get: "/s/{device.id}"}}}
"""
LAMP = Device(id="l1", type="lamp")
TURN_OFF = Command(entity="light.main", name="turn_off")


def lamp(turn_off: str) -> str:
    return f"""{DEVICES}
types:
  lamp:
    light:
      main:
        state: power
        commands:
          turn_on: {{put: /on}}
          turn_off: {turn_off}
"""


LOCK = (
    DEVICES
    + """
types:
  door:
    lock:
      main:
        is_locked: locked
        commands:
          lock: {put: /lock, idempotent: true}
          unlock: {steps: [{put: /wake}, {put: /unlock, idempotent: true}]}
"""
)


@pytest.mark.parametrize(
    ("turn_off", "times"),
    [
        ("{put: /off}", 1),
        ("{get: /off}", 1),
        ("{put: /off, idempotent: false}", 1),
        ("{put: /off, idempotent: true}", 2),
        ("{post: /off, idempotent: true}", 2),
    ],
)
async def test_only_what_the_profile_calls_idempotent_is_repeated(
    vendor: Vendor, make_client: MakeClient, turn_off: str, times: int
) -> None:
    for method in ("GET", "PUT", "POST"):
        vendor.answers[f"{method} /off"] = (502, {})
    client = await make_client(lamp(turn_off))
    with pytest.raises(OutageError):
        await client.write(LAMP, TURN_OFF)
    assert len(vendor.asked) == times


async def test_reads_are_repeated(vendor: Vendor, make_client: MakeClient) -> None:
    vendor.answers["GET /d"] = (502, {})
    with pytest.raises(OutageError):
        await (await make_client(lamp("{put: /off}"))).list_devices()
    assert len(vendor.asked) == 2


@pytest.mark.parametrize(
    "platform", ["lock", "cover", "alarm_control_panel", "valve", "siren", "button"]
)
def test_what_moves_in_the_world_is_not_to_be_repeated(platform: str) -> None:
    assert not PLATFORMS[platform].retryable


def test_a_lock_whose_profile_wants_its_commands_repeated_is_a_mistake() -> None:
    with pytest.raises(ProfileError) as caught:
        parse_profile(HEAD + LOCK, "tiny.yaml")
    assert [mistake.message for mistake in caught.value.mistakes] == [
        "a command to a lock is never sent twice: the first may have arrived"
    ] * 2
    assert caught.value.mistakes[0].hint == "leave `idempotent` out"


@pytest.mark.parametrize(
    "turn_off",
    [
        '{post: "/lamps/{device.id}/toggle", idempotent: true}',
        "{put: /s, query: {power: toggle}, idempotent: true}",
        "{put: /s, json: {TOGGLE: [1]}, idempotent: true}",
        "{put: /s, form: {cmnd: Power TOGGLE}, idempotent: true}",
    ],
)
def test_what_toggles_is_not_idempotent(turn_off: str) -> None:
    with pytest.raises(ProfileError, match="what toggles is not idempotent"):
        parse_profile(HEAD + lamp(turn_off), "tiny.yaml")
    parse_profile(HEAD + lamp(turn_off.replace("true", "false")), "tiny.yaml")
