"""A profile in a file, and a client that answers what a test tells it to."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from custom_components.vendor_bridge.bridge.cli import session
from custom_components.vendor_bridge.bridge.client import Context
from custom_components.vendor_bridge.bridge.errors import VendorError
from custom_components.vendor_bridge.bridge.model import (
    Account,
    Attribute,
    Command,
    Device,
    Entity,
    Kind,
    Listing,
    Monitor,
    Observation,
    Outcome,
    Parameter,
    Reading,
)
from custom_components.vendor_bridge.bridge.profile.plans import CompiledProfile
from custom_components.vendor_bridge.bridge.tasks import (
    Task,
    TaskOutcome,
    TaskProgress,
    TellProgress,
)

AT = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)

PROFILE = """\
profile: 1
vendor: {id: acme, name: Acme Home}
setup:
  url: {type: url, default: "https://api.acme.example"}
  email: {type: text}
  password: {type: secret, name: Password}
  port: {type: port, required: false}
  ratio: {type: number, required: false}
  fast: {type: boolean, required: false}
  region: {type: select, options: [europe, america], required: false}
api:
  base_url: "{setup.url}"
  auth: {type: basic, username: "{setup.email}", password: "{setup.password}"}
  query: {p: "{setup.port}", q: "{setup.ratio}", f: "{setup.fast}", r: "{setup.region}"}
devices: {request: {get: /devices}, each: data, id: serial}
monitors:
  status: {request: {get: /status}, each: data, device: serial}
types:
  "*":
    sensor: {main: {state: {from: status, value: on}}}
"""

LIGHT = Entity(
    key="light.main",
    platform="light",
    name=None,
    attributes={
        "state": Attribute(key="light.main.state", monitor="status", kind=Kind.BOOLEAN),
        "brightness": Attribute(key="light.main.brightness", monitor="status"),
    },
    commands={
        "turn_on": (
            Parameter(name="brightness", kind=Kind.BRIGHTNESS),
            Parameter(name="effect", kind=Kind.TEXT),
        ),
        "turn_off": (),
    },
)
POWER = Entity(
    key="sensor.power",
    platform="sensor",
    name="Power",
    attributes={"state": Attribute(key="sensor.power.state", monitor="meter")},
    options={"unit_of_measurement": "W"},
)
FAN = replace(
    LIGHT,
    key="switch.fan",
    platform="switch",
    attributes={"state": Attribute(key="switch.fan.state", monitor="devices")},
    commands={"turn_on": (), "set": (Parameter(name="speed", required=True),)},
)
LAMP = Device(id="a1", type="lamp", name="Desk lamp", model="L-1")
PLUG = Device(id="b2", type="plug", name="Plug")

type Answer = Reading | VendorError


def reading(told: Mapping[str, Mapping[str, Any]], **more: Any) -> Reading:
    """Return a reading of values by device and attribute."""
    observations = {
        device: {key: Observation(value) for key, value in values.items()}
        for device, values in told.items()
    }
    return Reading(observations=observations, **more)


@dataclass
class FakeClient:
    """Answers each read with the next of its answers, and with the last one ever after."""

    listings: list[Listing | VendorError] = field(default_factory=list)
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    outcome: Outcome | Exception = field(default_factory=Outcome)
    offers: dict[str | None, Sequence[Task]] = field(default_factory=dict)
    runs: list[tuple[str | None, str, Mapping[str, Any]]] = field(default_factory=list)
    tells: Sequence[TaskProgress] = ()
    ends: TaskOutcome | Exception = field(default_factory=TaskOutcome)
    refused: VendorError | None = None
    monitors: dict[str, Monitor] = field(default_factory=dict)
    context: Context | None = None
    written: list[tuple[str, Command]] = field(default_factory=list)
    reads: list[tuple[str, Sequence[str]]] = field(default_factory=list)
    closed: bool = False
    consent: None = None

    async def connect(self) -> Account:
        if self.refused:
            raise self.refused
        return Account(id="1", name="me@acme.example")

    async def list_devices(self) -> Listing:
        answer = self.listings.pop(0) if len(self.listings) > 1 else self.listings[0]
        if isinstance(answer, VendorError):
            raise answer
        return answer

    def describe(self, device: Device) -> Sequence[Entity]:
        return {"lamp": (LIGHT,), "plug": (POWER, FAN)}[device.type]

    async def read(self, monitor: str, devices: Sequence[Device]) -> Reading:
        self.reads.append((monitor, [device.id for device in devices]))
        answers = self.answers[monitor]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, VendorError):
            raise answer
        return answer

    async def write(self, device: Device, command: Command) -> Outcome:
        self.written.append((device.id, command))
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome

    def tasks(self, device: Device | None) -> Sequence[Task]:
        return self.offers.get(device.id if device is not None else None, ())

    async def run_task(
        self, device: Device | None, task: str, data: Mapping[str, Any], progress: TellProgress
    ) -> TaskOutcome:
        self.runs.append((device.id if device is not None else None, task, data))
        for told in self.tells:
            progress(told)
        if isinstance(self.ends, Exception):
            raise self.ends
        return self.ends

    async def close(self) -> None:
        self.closed = True


def monitor(key: str, seconds: float, *, optional: bool = False) -> Monitor:
    return Monitor(key=key, every=timedelta(seconds=seconds), optional=optional)


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> FakeClient:
    """Be the client that the command line gets, whatever the profile."""
    fake = FakeClient(
        listings=[
            Listing(
                devices={"a1": LAMP, "b2": PLUG},
                reading=reading({"b2": {"switch.fan.state": True}}),
            )
        ],
        answers={
            "status": [reading({"a1": {"light.main.state": True, "light.main.brightness": 128}})],
            "meter": [Reading(observations={"b2": {"sensor.power.state": Observation(7.5, AT)}})],
        },
        monitors={
            key: monitor(key, seconds)
            for key, seconds in {"devices": 600, "status": 30, "meter": 300}.items()
        },
    )

    def create(_profile: CompiledProfile, context: Context) -> FakeClient:
        fake.context = context
        return fake

    monkeypatch.setattr(session, "create_client", create)
    return fake


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fill in what has no default, and have nobody at the terminal."""
    monkeypatch.setenv("VENDOR_BRIDGE_EMAIL", "me@acme.example")
    monkeypatch.setenv("VENDOR_BRIDGE_PASSWORD", "hunter2")
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    monkeypatch.setenv("TZ", "UTC")


@pytest.fixture
def profile(tmp_path: Path) -> str:
    """Write a profile and return its path."""
    path = tmp_path / "acme.yaml"
    path.write_text(PROFILE)
    return str(path)


type Lines = Callable[[], tuple[list[str], list[str]]]


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Lines:
    """Return what was printed since, to stdout and stderr, without the spaces of tables."""

    def read() -> tuple[list[str], list[str]]:
        printed = capsys.readouterr()
        assert "hunter2" not in printed.out + printed.err
        assert "Traceback" not in printed.err
        out, err = (
            [" ".join(line.split()) for line in text.splitlines()]
            for text in (printed.out, printed.err)
        )
        return out, err

    return read
