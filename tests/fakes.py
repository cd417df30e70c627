"""A vendor that does as a test tells it, and accounts that use it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import Mock, patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers.device_registry import (
    ChildDeviceEntry,
    DeviceEntry,
    async_get as async_get_device_registry,
)
from homeassistant.helpers.entity_registry import (
    EntityRegistry,
    RegistryEntry,
    async_entries_for_config_entry,
)
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.vendor_bridge.bridge.client import forget
from custom_components.vendor_bridge.bridge.errors import NotFoundError, VendorError
from custom_components.vendor_bridge.bridge.http.auth import ConsentAuth
from custom_components.vendor_bridge.bridge.model import (
    DEVICES_MONITOR,
    Account,
    Attribute,
    Availability,
    Command,
    Device,
    Entity,
    Health,
    Json,
    Kind,
    Listing,
    Monitor,
    Observation,
    Outcome,
    Parameter,
    Picture,
    Point,
    Reading,
)
from custom_components.vendor_bridge.bridge.platforms import PLATFORMS, Given, PlatformRow
from custom_components.vendor_bridge.bridge.tasks import (
    Task,
    TaskOutcome,
    TaskProgress,
    TellProgress,
    tell_nobody,
)
from custom_components.vendor_bridge.const import (
    CONF_ACCOUNT_ID,
    CONF_SETUP,
    CONF_VENDOR,
    DOMAIN,
)

ACCOUNT_ID = "acme-1"


@dataclass(frozen=True, kw_only=True)
class FakeProfile:
    """What the Home Assistant half looks at of a compiled profile."""

    id: str = "acme"
    name: str = "Acme Home"
    manufacturer: str = "Acme"
    setup: Mapping[str, Any] = field(default_factory=dict)


def monitor(
    key: str, seconds: float = 30, *, optional: bool = False, per_device: bool = False
) -> Monitor:
    return Monitor(
        key=key, every=timedelta(seconds=seconds), optional=optional, per_device=per_device
    )


def entity(
    key: str,
    name: str | None = None,
    *,
    attributes: Iterable[str] | Mapping[str, str] = (),
    commands: Mapping[str, Iterable[str]] | None = None,
    options: Mapping[str, Any] | None = None,
    available: Mapping[str, str] | None = None,
    availability_mode: str = "all",
    expire_after: float | None = None,
    picture: bool = False,
) -> Entity:
    """Return an entity as a client describes one.

    ``attributes`` and ``available`` map the name of each attribute to its monitor, "status" where
    there are only names; ``commands`` each command to the names of its parameters.
    """
    platform = key.partition(".")[0]
    row = PLATFORMS[platform]
    age = timedelta(seconds=expire_after) if expire_after is not None else None
    monitors = (
        attributes if isinstance(attributes, Mapping) else dict.fromkeys(attributes, "status")
    )
    return Entity(
        key=key,
        platform=platform,
        name=name,
        attributes={
            one: Attribute(
                key=f"{key}.{one}",
                monitor=by,
                kind=known.kind if (known := row.attribute(one)) else Kind.ANY,
                expire_after=age,
            )
            for one, by in monitors.items()
        },
        commands={
            command: [_parameter(row, command, parameter) for parameter in parameters]
            for command, parameters in (commands or {}).items()
        },
        options=options or {},
        has_picture=picture,
        availability=Availability(
            attributes=[
                Attribute(key=f"{key}.availability.{one}", monitor=by)
                for one, by in (available or {}).items()
            ],
            mode=availability_mode,
        ),
    )


def _parameter(row: PlatformRow, command: str, name: str) -> Parameter:
    """Return a parameter as the platform's table has it."""
    described = row.command(command)
    known = (
        next((one for one in described.parameters if one.name == name), None) if described else None
    )
    return Parameter(
        name=name,
        kind=known.kind if known else Kind.ANY,
        required=known.required if known else False,
    )


class FakeClient:
    """A client of a vendor without a network. What it is told to say, it says on the next read.

    ``reads`` and ``writes`` hold what it was asked for; the operations that ``fail`` and ``hold``
    know are "connect", "devices", "write", "task", "fetch", "close" and the keys of the monitors.
    ``tells`` is what a task tells of its progress before it is done, or before it is held.
    """

    def __init__(self, *monitors: Monitor) -> None:
        known = (monitor(DEVICES_MONITOR, 300), *(monitors or (monitor("status"),)))
        self._monitors = {one.key: one for one in known}
        self.account = Account(id=ACCOUNT_ID, name="Acme")
        self.devices: dict[str, Device] = {}
        self.entities: dict[str, Sequence[Entity]] = {}
        self.complete = True
        self.unknown: frozenset[str] = frozenset()
        self.effective = True
        self.outcome: Callable[[Device, Command], Outcome] | None = None
        self.pictures: dict[tuple[str, str], Picture] = {}
        self.offers: dict[str | None, Sequence[Task]] = {}
        self.runs: list[tuple[str | None, str, Mapping[str, Any]]] = []
        self.tells: Sequence[TaskProgress] = ()
        self.result: Json = None
        self.fetches = 0
        self.reads: list[tuple[str, tuple[str, ...]]] = []
        self.writes: list[tuple[str, Command]] = []
        self.healthy = Health()
        self.consent: ConsentAuth | None = None
        self.remembered: dict[tuple[str, str], Sequence[Point]] = {}
        self.asked: list[tuple[str, str, datetime, datetime]] = []
        self.stretched = 1.0
        self.connected = 0
        self.closed = 0
        self.tokens: Mapping[str, Any] | None = None
        self.save_tokens: Callable[[Mapping[str, Any]], None] = forget
        self._said: dict[tuple[str, str], dict[str, Observation]] = {}
        self._failures: dict[str, Exception] = {}
        self._device_failures: dict[str, VendorError] = {}
        self._rejected: dict[tuple[str, str], str] = {}
        self._held: dict[str, asyncio.Event] = {}

    # --- what a test says -------------------------------------------------------------------------

    def add(self, device: Device | str, *entities: Entity, **values: Any) -> Device:
        """Have a device. ``values`` are for the attributes of its first entity."""
        if isinstance(device, str):
            device = Device(id=device, type="thing", name=device.capitalize())
        self.devices[device.id] = device
        self.entities[device.id] = entities
        for name, value in values.items():
            self.say(device.id, f"{entities[0].key}.{name}", value)
        return device

    def remove(self, device_id: str) -> None:
        """Have a device no more."""
        del self.devices[device_id]

    def say(
        self, device_id: str, key: str, value: Any, observed_at: datetime | None = None
    ) -> None:
        """Give an attribute a value. The same again is no news, as with every client."""
        place = (device_id, self._monitor_of(device_id, key))
        said = self._said.get(place, {})
        news = Observation(value, observed_at)
        last = said.get(key)
        if last != news or type(last.value) is not type(value):
            self._said[place] = said | {key: news}

    def fall_silent(self, device_id: str, key: str) -> None:
        """Tell nothing of an attribute any more."""
        place = (device_id, self._monitor_of(device_id, key))
        self._said[place] = {one: seen for one, seen in self._said[place].items() if one != key}

    def fail(self, operation: str, error: Exception) -> None:
        """Fail from now on."""
        self._failures[operation] = error

    def recover(self, *operations: str) -> None:
        """Fail no more, at some operations or at all."""
        for operation in operations or tuple(self._failures):
            del self._failures[operation]

    def fail_device(self, device_id: str, error: VendorError | None) -> None:
        """Fail to read one device, or no more."""
        if error is None:
            del self._device_failures[device_id]
        else:
            self._device_failures[device_id] = error

    def reject(self, device_id: str, key: str, reason: str | None) -> None:
        """Find that an attribute is not what the profile promised, or no more."""
        if reason is None:
            del self._rejected[device_id, key]
        else:
            self._rejected[device_id, key] = reason

    @contextmanager
    def hold(self, operation: str) -> Iterator[None]:
        """Let an operation take until the end of the block, with what was known at its start."""
        event = self._held[operation] = asyncio.Event()
        try:
            yield
        finally:
            del self._held[operation]
            event.set()

    # --- what a client does -----------------------------------------------------------------------

    @property
    def monitors(self) -> Mapping[str, Monitor]:
        return self._monitors

    @property
    def health(self) -> Health:
        return self.healthy

    def stretch(self, intervals: Mapping[str, float]) -> float:
        return self.stretched

    async def connect(self) -> Account:
        self.connected += 1
        await self._operate("connect")
        return self.account

    async def list_devices(self) -> Listing:
        listing = Listing(
            devices=dict(self.devices),
            complete=self.complete,
            unknown=self.unknown,
            reading=self._reading(DEVICES_MONITOR, list(self.devices.values())),
        )
        self.reads.append((DEVICES_MONITOR, tuple(self.devices)))
        await self._operate(DEVICES_MONITOR)
        return listing

    def describe(self, device: Device) -> Sequence[Entity]:
        return self.entities[device.id]

    async def read(self, monitor: str, devices: Sequence[Device]) -> Reading:
        self.reads.append((monitor, tuple(device.id for device in devices)))
        reading = self._reading(monitor, devices)
        await self._operate(monitor)
        return reading

    async def write(self, device: Device, command: Command) -> Outcome:
        self.writes.append((device.id, command))
        await self._operate("write")
        if self.outcome is not None:
            return self.outcome(device, command)
        if not self.effective:
            return Outcome()
        return Outcome(observations=self._take_effect(device, command))

    def tasks(self, device: Device | None) -> Sequence[Task]:
        return self.offers.get(device.id if device is not None else None, ())

    async def run_task(
        self,
        device: Device | None,
        task: str,
        data: Mapping[str, Any],
        progress: TellProgress = tell_nobody,
    ) -> TaskOutcome:
        self.runs.append((device.id if device is not None else None, task, data))
        for told in self.tells:
            progress(told)
        await self._operate("task")
        return TaskOutcome(result=self.result)

    async def history(
        self, device: Device, attribute: str, start: datetime, end: datetime
    ) -> AsyncIterator[Sequence[Point]]:
        await self._operate("history")
        self.asked.append((device.id, attribute, start, end))
        points = self.remembered.get((device.id, attribute), ())
        yield [point for point in points if start <= point.at < end]

    async def fetch(self, device: Device, entity: str) -> Picture:
        self.fetches += 1
        await self._operate("fetch")
        picture = self.pictures.get((device.id, entity))
        if picture is None:
            raise NotFoundError("404 Not Found")
        return picture

    async def close(self) -> None:
        self.closed += 1
        await self._operate("close")

    # --- how it does that -------------------------------------------------------------------------

    async def _operate(self, operation: str) -> None:
        failure = self._failures.get(operation)
        if (event := self._held.get(operation)) is not None:
            await event.wait()
        if failure is not None:
            raise failure

    def _monitor_of(self, device_id: str, key: str) -> str:
        for one in self.entities[device_id]:
            for attribute in (*one.attributes.values(), *one.availability.attributes):
                if attribute.key == key:
                    return attribute.monitor
        raise AssertionError(f"{device_id} has no attribute {key}")

    def _reading(self, monitor: str, devices: Sequence[Device]) -> Reading:
        ids = [device.id for device in devices]
        return Reading(
            observations={
                device_id: said
                for device_id in ids
                if device_id not in self._device_failures
                and (said := self._said.get((device_id, monitor))) is not None
            },
            failures={
                device_id: error
                for device_id, error in self._device_failures.items()
                if device_id in ids
            },
            rejected={
                place: reason
                for place, reason in self._rejected.items()
                if place[0] in ids and self._monitor_of(*place) == monitor
            },
        )

    def _take_effect(self, device: Device, command: Command) -> dict[str, Observation]:
        """Let a command have the first effect of its row that the entity can show."""
        one = next(one for one in self.entities[device.id] if one.key == command.entity)
        row = PLATFORMS[one.platform].command(command.name)
        assert row is not None
        for effect in row.effect:
            held = {
                one.attributes[name].key: (
                    command.data.get(value.parameter) if isinstance(value, Given) else value
                )
                for name, value in effect.items()
                if name in one.attributes
                and not (isinstance(value, Given) and value.parameter not in command.data)
            }
            if held:
                for key, value in held.items():
                    self.say(device.id, key, value)
                return {
                    key: self._said[device.id, self._monitor_of(device.id, key)][key]
                    for key in held
                }
        return {}


@contextmanager
def using(client: FakeClient, profile: FakeProfile | None = None) -> Iterator[None]:
    """Let accounts that are set up in the block talk to a fake client."""

    async def get_profile(hass: HomeAssistant, vendor_id: str, **_: Any) -> FakeProfile:
        return profile or FakeProfile()

    async def create_client(hass: HomeAssistant, *args: Any, **kwargs: Any) -> FakeClient:
        client.save_tokens = kwargs["save_tokens"]
        client.tokens = kwargs["tokens"]
        return client

    root = "custom_components.vendor_bridge"
    with (
        patch(f"{root}.async_get_profile", get_profile),
        patch(f"{root}.async_create_client", create_client),
    ):
        yield


def account_entry(**options: Any) -> MockConfigEntry:
    """Return the config entry of an account that takes every device, unless ``options`` differ."""
    return MockConfigEntry(
        domain=DOMAIN,
        title="Acme Home",
        unique_id=ACCOUNT_ID,
        data={CONF_VENDOR: "acme", CONF_ACCOUNT_ID: ACCOUNT_ID, CONF_SETUP: {}},
        options=options,
    )


async def set_up(
    hass: HomeAssistant, client: FakeClient, entry: MockConfigEntry | None = None, **options: Any
) -> MockConfigEntry:
    """Set up an account that talks to a fake client, and return its config entry."""
    if entry is None:
        entry = account_entry(**options)
        entry.add_to_hass(hass)
    with using(client):
        await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
    return entry


def state_of(hass: HomeAssistant, entity_id: str) -> State:
    """Return the state of an entity that has one."""
    state = hass.states.get(entity_id)
    assert state is not None, f"{entity_id} has no state"
    return state


def find_device(hass: HomeAssistant, entry: ConfigEntry, vendor_id: str) -> DeviceEntry | None:
    """Return a device of an account as the registry has it."""
    return async_get_device_registry(hass).async_get_device_by_identifier(
        (DOMAIN, f"{ACCOUNT_ID}:{vendor_id}"), entry.entry_id
    )


def device_of(hass: HomeAssistant, entry: ConfigEntry, vendor_id: str) -> DeviceEntry:
    """Return a device of an account that the registry has."""
    device = find_device(hass, entry, vendor_id)
    assert device is not None, f"{vendor_id} is not registered"
    return device


def find_part(hass: HomeAssistant, entry: ConfigEntry, vendor_id: str) -> ChildDeviceEntry | None:
    """Return a part of a device of an account as the registry has it."""
    return async_get_device_registry(hass).async_get_child_device_by_identifier(
        (DOMAIN, f"{ACCOUNT_ID}:{vendor_id}"), entry.entry_id
    )


def part_of(hass: HomeAssistant, entry: ConfigEntry, vendor_id: str) -> ChildDeviceEntry:
    """Return a part of a device of an account that the registry has."""
    part = find_part(hass, entry, vendor_id)
    assert part is not None, f"{vendor_id} is not registered as a part"
    return part


def account_entities(registry: EntityRegistry, entry_id: str) -> dict[str, RegistryEntry]:
    """Return the entities that an account has of its own, by what they tell."""
    return {
        entity.unique_id.rpartition("::")[2]: entity
        for entity in async_entries_for_config_entry(registry, entry_id)
        if "::" in entity.unique_id
    }


def remove_account_entities(registry: EntityRegistry, entry_id: str) -> None:
    """Leave only the entities of the account's devices."""
    for entity in account_entities(registry, entry_id).values():
        registry.async_remove(entity.entity_id)


@contextmanager
def reauths() -> Iterator[Mock]:
    """Count in the block how often the user would be asked to sign in again."""
    with patch("homeassistant.config_entries.ConfigEntry.async_start_reauth") as asked:
        yield asked


async def pass_time(hass: HomeAssistant, freezer: FrozenDateTimeFactory, seconds: float) -> None:
    """Let time pass at once, and everything happen that was due by then."""
    freezer.tick(seconds)
    async_fire_time_changed(hass)
    await hass.async_block_till_done(wait_background_tasks=True)
