import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
import json
import signal

import pytest

from custom_components.vendor_bridge.bridge.cli import watching
from custom_components.vendor_bridge.bridge.cli.main import main
from custom_components.vendor_bridge.bridge.errors import (
    OutageError,
    RateLimitedError,
    SignInError,
    VendorError,
)
from custom_components.vendor_bridge.bridge.model import Listing

from .conftest import AT, LAMP, PLUG, Answer, FakeClient, Lines, reading


@dataclass
class FakeClock:
    """Time that passes at once, and a Ctrl-C when it is up."""

    until: float = 100
    seconds: float = 0
    due: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return AT + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        mine = self.seconds + seconds
        self.due.append(mine)
        while self.seconds < mine:
            for _ in range(5):  # whoever is awake goes first
                await asyncio.sleep(0)
            if min(self.due) > self.until:
                signal.raise_signal(signal.SIGINT)
                await asyncio.sleep(60)
            if min(self.due) >= mine:
                self.seconds = mine
        self.due.remove(mine)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    fake = FakeClock()
    monkeypatch.setattr(watching, "SystemClock", lambda: fake)
    return fake


def values(*states: bool | None) -> list[Answer]:
    told = [{"light.main.state": state, "light.main.brightness": 1} for state in states]
    return [reading({"a1": values}) for values in told]


def after(seconds: int) -> str:
    return f"{(AT + timedelta(seconds=seconds)).astimezone():%H:%M:%S}"


def test_only_changes_are_printed_with_their_time(
    profile: str, client: FakeClient, lines: Lines
) -> None:
    client.answers["status"] = values(True, True, False, None)

    assert main(["try", profile, "--watch"]) == 130
    out, err = lines()
    assert out[:5] == [
        "me@acme.example: 2 devices",
        "",
        "ID NAME TYPE MODEL",
        "a1 Desk lamp lamp L-1",
        "b2 Plug plug",
    ]
    assert sorted(out[5:9]) == [
        f"{after(0)} a1 light.main.brightness 1",
        f"{after(0)} a1 light.main.state true",
        f"{after(0)} b2 sensor.power.state 7.5 W",
        f"{after(0)} b2 switch.fan.state true",
    ]
    assert out[9:] == [
        f"{after(60)} a1 light.main.state true → false",
        f"{after(90)} a1 light.main.state false → unknown",
    ]
    assert err == []
    assert client.closed


def test_each_monitor_is_read_on_its_own_interval(
    profile: str, client: FakeClient, clock: FakeClock
) -> None:
    clock.until = 599

    assert main(["try", profile, "--watch"]) == 130
    assert [monitor for monitor, _ in client.reads].count("status") == 20
    assert [monitor for monitor, _ in client.reads].count("meter") == 2


def test_one_monitor_alone(profile: str, client: FakeClient) -> None:
    assert main(["try", profile, "--watch", "--monitor", "meter"]) == 130
    assert client.reads == [("meter", ["b2"])]


def test_json_is_one_object_a_line(profile: str, client: FakeClient, lines: Lines) -> None:
    client.answers["status"] = values(True, False)
    client.listings.append(Listing(devices={"a1": LAMP}))

    assert main(["try", profile, "--watch", "--json", "--device", "a1"]) == 130
    events = [json.loads(line) for line in lines()[0]]
    assert [(event["attribute"], event["value"]) for event in events] == [
        ("light.main.state", True),
        ("light.main.brightness", 1),
        ("light.main.state", False),
    ]
    assert events[-1]["at"] == (AT + timedelta(seconds=30)).isoformat()


def test_a_failure_is_told_once_and_so_is_its_end(
    profile: str, client: FakeClient, lines: Lines
) -> None:
    down = OutageError("answers 503", request="GET /status")
    client.answers["status"] = [*values(True), down, down, *values(True)]

    assert main(["try", profile, "--watch"]) == 130
    out, err = lines()
    assert err == [
        f"{after(30)} monitor status: GET /status: answers 503",
        f"{after(90)} over: monitor status: GET /status: answers 503",
    ]
    assert not any("→" in line for line in out)


def test_a_vendor_that_wants_patience_gets_it(profile: str, client: FakeClient) -> None:
    client.answers["status"] = [RateLimitedError("too many", retry_after=95), *values(True)]

    assert main(["try", profile, "--watch"]) == 130
    assert [monitor for monitor, _ in client.reads].count("status") == 2


@pytest.mark.parametrize("where", ["status", "listing"])
def test_rejected_credentials_end_it(
    profile: str, client: FakeClient, clock: FakeClock, lines: Lines, where: str
) -> None:
    clock.until = 1000
    rejected: list[VendorError] = [SignInError("signed out", request="GET /x")]
    if where == "status":
        client.answers["status"] = [*values(True), *rejected]
    else:
        client.listings += rejected

    assert main(["try", profile, "--watch"]) == 1
    assert lines()[1] == ["error: GET /x: signed out"]
    assert client.closed


def listings(*devices: Sequence[str], complete: bool = True) -> list[Listing | VendorError]:
    known = {"a1": LAMP, "b2": PLUG}
    return [
        Listing(devices={key: known[key] for key in keys}, complete=complete) for keys in devices
    ]


def test_devices_come_and_go(
    profile: str, client: FakeClient, clock: FakeClock, lines: Lines
) -> None:
    clock.until = 2500
    down = OutageError("answers 503", request="GET /devices")
    client.listings = [*listings(["a1"], ["a1", "b2"]), down, *listings(["b2"])]

    assert main(["try", profile, "--watch"]) == 130
    out, err = lines()
    assert f"{after(600)} b2 Plug is new" in out
    assert f"{after(1800)} a1 Desk lamp has gone" in out
    assert f"{after(1200)} monitor devices: GET /devices: answers 503" in err
    # Its own monitor is read once it is there.
    assert any("b2 sensor.power.state 7.5 W" in line for line in out)
    assert ("meter", ["b2"]) in client.reads


def test_an_incomplete_listing_removes_nothing(
    profile: str, client: FakeClient, clock: FakeClock, lines: Lines
) -> None:
    clock.until = 1300
    client.listings = [*listings(["a1", "b2"]), *listings(["a1"], complete=False)]

    assert main(["try", profile, "--watch"]) == 130
    assert not any("has gone" in line for line in lines()[0])


def test_nothing_to_watch(profile: str, client: FakeClient, lines: Lines) -> None:
    client.monitors = {}

    assert main(["try", profile, "--watch"]) == 2
    assert lines()[1] == ["error: the profile has no monitor to watch"]
