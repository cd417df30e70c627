"""The faults that matter most, against a Home Assistant that is a process of its own."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
import contextlib
import time

import pytest
import pytest_socket

from demo.acme_server import START_SECONDS
from demo.home_assistant import HomeAssistantError

from .faults import Fault, Operation
from .real import LAMP, LOCK, TIMEOUT, WINDOW, HouseOfProcesses, changes
from .table import FAULTS
from .tls import Authority
from .world import Elsewhere

pytestmark = [
    pytest.mark.faults,
    pytest.mark.timeout(180),
    pytest.mark.xdist_group("processes"),
]

INTERVAL = 1.0
BACK_WITHIN = 2 * INTERVAL + TIMEOUT + 5
"""Seconds. After two failed reads the next comes within one interval; Home Assistant rounds."""

BY_KEY = {fault.key: fault for fault in FAULTS}

READS = (
    "refused",
    "reset-body",
    "hang",
    "tls-expired",
    "tls-wrong-host",
    "tls-self-signed",
    "503",
    "html",
    "killed-before",
    "killed-after",
)
WRITES = ("refused", "lost", "hang", "503", "tls-expired", "killed-before", "killed-after")
RENEWALS = ("hang", "503", "killed-before", "killed-after")
FORMS = ("refused", "tls-self-signed", "html")

CELLS = [
    pytest.param(key, operation, id=f"{key}-{operation}")
    for operation, keys in (
        (Operation.POLL, READS),
        (Operation.COMMAND, WRITES),
        (Operation.RENEWAL, RENEWALS),
        (Operation.FORM, FORMS),
        (Operation.SET_UP, ("refused",)),
    )
    for key in keys
]


@pytest.fixture(scope="module")
def house(
    thread: Elsewhere, authority: Authority, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[HouseOfProcesses]:
    """Return a vendor and a Home Assistant that run for all tests of this file."""
    pytest_socket.enable_socket()
    made = HouseOfProcesses(tmp_path_factory.mktemp("processes"), authority)
    try:
        thread.wait(made.start())
        yield made
    finally:
        thread.wait(made.close())


@pytest.mark.parametrize(("key", "operation"), CELLS)
async def test_cell(
    thread: Elsewhere,
    house: HouseOfProcesses,
    key: str,
    operation: Operation,
    record_property: Callable[[str, object], None],
) -> None:
    record_property("real", (key, str(operation)))
    fault = BY_KEY[key] if key in BY_KEY else house.kill_vendor(done=key == "killed-after")
    outcome = await thread.run(_try(house, fault, operation))
    record_property("outcome", outcome)


async def _try(house: HouseOfProcesses, fault: Fault, operation: Operation) -> str:
    """Do it, and check what has to hold whatever the fault and the operation are."""
    house.proxy.done.clear()
    await house.acme.pull(LAMP, on=False)
    await house.acme.pull(LOCK, jam="never", state="locked")
    await house.acme.pull(WINDOW, open=False)
    await house.shows(LAMP, "main", "off", BACK_WITHIN)
    await house.shows(WINDOW, "contact", "off", BACK_WITHIN)
    before = await house.registered()
    outcome = await OPERATIONS[operation](house, fault)
    assert not changes(before, await house.registered())
    assert not await house.reauths()
    assert not house.complaints()
    async with asyncio.timeout(TIMEOUT + 3):
        while house.proxy.waiting:  # noqa: ASYNC110 - elsewhere
            await asyncio.sleep(0.01)
    assert not house.proxy.crashes
    return outcome


@contextlib.asynccontextmanager
async def _on(house: HouseOfProcesses, fault: Fault, operation: Operation) -> AsyncIterator[None]:
    await house.break_(fault, operation)
    try:
        yield
    finally:
        await house.mend()


async def poll(house: HouseOfProcesses, fault: Fault) -> str:
    """Read while the fault is on."""
    async with _on(house, fault, Operation.POLL):
        if fault.times:
            await _struck(house)
        else:
            await house.shows(WINDOW, "contact", "unavailable", BACK_WITHIN)
            await asyncio.sleep(INTERVAL)
    await house.acme.pull(WINDOW, open=True)
    took = await house.shows(WINDOW, "contact", "on", BACK_WITHIN)
    return f"{'' if fault.times else 'unavailable, '}back in {took:.1f} s"


async def command(house: HouseOfProcesses, fault: Fault) -> str:
    """Turn a lamp on and unlock a door while the fault is on."""
    async with _on(house, fault, Operation.COMMAND):
        told = await asyncio.gather(
            _told(house, "light.turn_on", LAMP), _told(house, "lock.unlock", LOCK)
        )
        await house.vendor_is_up()
    on = (await house.acme.status(LAMP))["on"]
    unlocked = (await house.acme.status(LOCK))["state"] != "locked"
    assert told[0] or on, "said to be on, but is not"
    assert told[1] or unlocked, "said to be unlocked, but is not"
    for serial in (LAMP, LOCK):
        path = f"/v1/devices/{serial}/state"
        done = [asked for asked, status in house.proxy.done if asked.path == path and status < 300]
        assert len(done) <= 1
    await house.shows(LAMP, "main", "on" if on else "off", BACK_WITHIN)
    assert not await _told(house, "light.turn_off", LAMP)
    failed = sum(bool(one) for one in told)
    if failed < len(told):
        return f"{failed} of {len(told)} failed loudly"
    return "failed loudly (was done)" if on else "failed loudly"


async def renewal(house: HouseOfProcesses, fault: Fault) -> str:
    """Let the token expire while a new one cannot be had."""
    async with _on(house, fault, Operation.RENEWAL):
        await house.expire_tokens()
        if fault.times:
            await _struck(house)
        else:
            await house.shows(WINDOW, "contact", "unavailable", BACK_WITHIN)
    await house.acme.pull(WINDOW, open=True)
    took = await house.shows(WINDOW, "contact", "on", BACK_WITHIN)
    return f"{'' if fault.times else 'unavailable, '}back in {took:.1f} s"


async def form(house: HouseOfProcesses, fault: Fault) -> str:
    """Fill the form in while the fault is on, and again afterwards."""
    async with _on(house, fault, Operation.FORM):
        shown = await house.flow()
    (error,) = shown["errors"].values()
    assert error == fault.form
    values = {"url": house.url, "email": "demo@acme.example", "password": "acme-demo"}
    path = f"/api/config/config_entries/flow/{shown['flow_id']}"
    again = await house.home.post(path, values)
    assert again["reason"] == "already_configured", again
    return f"error shown: {error.replace('_', ' ')}"


async def set_up(house: HouseOfProcesses, fault: Fault) -> str:
    """Restart Home Assistant while the fault is on."""
    async with _on(house, fault, Operation.SET_UP):
        await house.home.stop()
        await house.start_home()
        async with asyncio.timeout(BACK_WITHIN):
            while await house.account_state() != "setup_retry":  # noqa: ASYNC110 - elsewhere
                await asyncio.sleep(0.1)
        began = time.monotonic()
    await house.shows(LAMP, "main", "off", 60)
    return f"waited, set up {time.monotonic() - began:.1f} s after the fault was over"


OPERATIONS: dict[Operation, Callable[[HouseOfProcesses, Fault], Awaitable[str]]] = {
    Operation.POLL: poll,
    Operation.COMMAND: command,
    Operation.RENEWAL: renewal,
    Operation.FORM: form,
    Operation.SET_UP: set_up,
}


async def _struck(house: HouseOfProcesses) -> None:
    """Wait until a fault that strikes once has done so, and is over."""
    rule = house.proxy.rule
    assert rule is not None
    async with asyncio.timeout(START_SECONDS):
        while not rule.asked or house.proxy.waiting:  # noqa: ASYNC110 - elsewhere
            await asyncio.sleep(0.05)


async def _told(house: HouseOfProcesses, action: str, serial: str) -> str | None:
    """Perform an action as a user does. Return what the user is told if it fails."""
    domain, service = action.split(".")
    try:
        await house.home.websocket(
            type="call_service",
            domain=domain,
            service=service,
            service_data={"entity_id": house.entity(serial)},
        )
    except HomeAssistantError as error:
        return str(error)
    return None
