"""What Home Assistant is at when a fault strikes, and what has to come of it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from homeassistant.config_entries import SOURCE_USER, ConfigEntryState, ConfigFlowResult
from homeassistant.const import STATE_ON, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.vendor_bridge.const import CONF_TOKENS, DOMAIN

from ..translated import assert_shown, translations
from .faults import Fault, Nature, Operation
from .home import (
    CONTACT,
    INTERVAL,
    LAMP,
    LOCK,
    NEW_LAMP,
    SLACK,
    TIMEOUT,
    Home,
    States,
    filled_in,
    until,
)
from .world import World

PATIENCE = INTERVAL + TIMEOUT + SLACK
"""Seconds: one interval, a request that was under way when the fault ended, and slack."""
FIRST_RETRY = timedelta(seconds=6)
"""After which Home Assistant tries again to set an account up."""


@dataclass(slots=True)
class Cell:
    """A fault, an operation, and the two sides between which it strikes."""

    hass: HomeAssistant
    home: Home
    world: World
    fault: Fault
    operation: Operation

    @property
    def nature(self) -> Nature:
        """Return what the fault leaves of the operation."""
        return self.fault.nature_for(self.operation)

    async def begin(self) -> None:
        """Let the fault begin."""
        await self.world.break_(self.fault, self.operation)
        self.home.forget_dns()

    async def end(self) -> None:
        """Let the fault end."""
        await self.world.mend(self.fault)
        self.home.forget_dns()


async def poll(cell: Cell) -> str:
    """Read the status while the fault is on, and see what entities make of it."""
    home, world = cell.home, cell.world
    await home.set_up()
    before = home.states()
    assert STATE_UNAVAILABLE not in before.values(), before
    registered = home.registered()
    await world.pull("CON-0001", open=True)
    await world.pull("LMP-0001", on=True)
    await cell.begin()
    outcome = await _through(cell, before)
    await cell.end()
    took = await until(lambda: _is_new(home, before), "back", _patience(cell), _news(home, before))
    assert home.registered() == registered
    assert not home.reauths
    return f"{outcome}, back in {took:.1f} s" if outcome else f"seen in {took:.1f} s"


async def _through(cell: Cell, before: States) -> str:
    """Wait until the fault has been felt; check that no state is wrong meanwhile."""
    home = cell.home
    if cell.nature is Nature.HARMLESS:
        await until(lambda: _is_new(home, before), "news", PATIENCE + 1, _news(home, before))
        return ""
    if cell.nature is Nature.BROKEN:
        await until(home.unavailable, "unavailable", PATIENCE + TIMEOUT, _news(home, before))
    ends = asyncio.get_running_loop().time() + 1.2 * INTERVAL
    seen: set[str] = set()
    while asyncio.get_running_loop().time() < ends:
        for entity_id, state in home.states().items():
            may = {before[entity_id], STATE_UNAVAILABLE}
            if entity_id in {LAMP, CONTACT}:
                may.add(STATE_ON)
            assert state in may, f"{entity_id} is {state!r}"
            seen.add("unavailable" if state == STATE_UNAVAILABLE else "kept")
        await asyncio.sleep(0.05)
    return "unavailable" if "unavailable" in seen else "kept"


def _is_new(home: Home, before: States) -> bool:
    """Return whether all entities show what is true after the change."""
    return home.states() == {**before, LAMP: STATE_ON, CONTACT: STATE_ON}


def _news(home: Home, before: States) -> Callable[[], Any]:
    """Return what tells in which states an entity differs from before."""
    return lambda: dict(home.states().items() - before.items())


def _patience(cell: Cell) -> float:
    return max(PATIENCE, cell.fault.patience + SLACK + TIMEOUT)


async def listing(cell: Cell) -> str:
    """List the devices while the fault is on: none may go, and a new one comes afterwards."""
    home, world = cell.home, cell.world
    await home.set_up()
    devices, entities = home.registered()
    states = home.states()
    await world.add_device()
    await cell.begin()
    if cell.nature is Nature.HARMLESS:
        took = await until(lambda: home.state(NEW_LAMP), "the new lamp", PATIENCE + 1)
        await cell.end()
        outcome = f"new device in {took:.1f} s"
    else:
        await until(lambda: world.struck or cell.fault.times or _felt(cell), "struck", PATIENCE)
        await asyncio.sleep(1.2 * INTERVAL)
        now_devices, now_entities = home.registered()
        assert devices.items() <= now_devices.items()
        assert entities.items() <= now_entities.items()
        await cell.end()
        took = await until(lambda: home.state(NEW_LAMP), "the new lamp", _patience(cell))
        outcome = f"nothing removed, new device in {took:.1f} s"
    await until(lambda: states.items() <= home.states().items(), "as before", _patience(cell))
    now_devices, now_entities = home.registered()
    assert devices.items() <= now_devices.items()
    assert entities.items() <= now_entities.items()
    assert len(now_devices) == len(devices) + 1
    assert not home.reauths
    return outcome


def _felt(cell: Cell) -> bool:
    """Return whether a fault of the network has been noticed, which strikes no single request."""
    return cell.home.unavailable()


async def renewal(cell: Cell) -> str:
    """Let the token expire while a new one cannot be had."""
    home, world = cell.home, cell.world
    await home.set_up()
    before = home.states()
    registered = home.registered()
    if cell.fault.clock_hours:
        await _misdate_tokens(cell)
    await cell.begin()
    await world.expire_tokens()
    await world.pull("CON-0001", open=True)
    await world.pull("LMP-0001", on=True)
    if cell.nature is Nature.HARMLESS:
        took = await until(lambda: _is_new(home, before), "news", PATIENCE + 1, _news(home, before))
        await cell.end()
        outcome = f"renewed, seen in {took:.1f} s"
    else:
        if cell.nature is not Nature.BRIEF:
            await until(home.unavailable, "unavailable", PATIENCE + TIMEOUT)
            await asyncio.sleep(1.2 * INTERVAL)
        else:
            await until(lambda: world.struck, "struck", PATIENCE)
        signed_out = cell.nature is Nature.SIGNED_OUT
        assert home.reauths == signed_out, "asked to sign in again" * (not signed_out)
        await cell.end()
        if signed_out:
            await _sign_in_again(cell)
        took = await until(
            lambda: _is_new(home, before), "back", _patience(cell), _news(home, before)
        )
        meanwhile = "asked to sign in, " if signed_out else "unavailable, "
        outcome = f"{'' if cell.nature is Nature.BRIEF else meanwhile}back in {took:.1f} s"
    assert home.registered() == registered
    assert not home.reauths
    return outcome


async def _misdate_tokens(cell: Cell) -> None:
    """Have the tokens been stored by a clock that was wrong."""
    hass, entry = cell.hass, cell.home.entry
    await hass.config_entries.async_unload(entry.entry_id)
    shift = timedelta(hours=cell.fault.clock_hours)
    tokens = dict(entry.data[CONF_TOKENS])
    for name in ("expires_at", "obtained_at"):
        tokens[name] = (datetime.fromisoformat(tokens[name]) + shift).astimezone(UTC).isoformat()
    hass.config_entries.async_update_entry(entry, data={**entry.data, CONF_TOKENS: tokens})
    await cell.world.expire_tokens()
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()


async def _sign_in_again(cell: Cell) -> None:
    """Do as the user is asked."""
    manager = cell.hass.config_entries.flow
    (flow,) = manager.async_progress()
    asked = {name: value for name, value in filled_in(cell.home.url).items() if name != "url"}
    done = await manager.async_configure(flow["flow_id"], asked)
    if done["type"] is FlowResultType.FORM:
        message = f"signing in again fails: {done['errors']}"
        raise AssertionError(message)
    await cell.hass.async_block_till_done()


async def command(cell: Cell) -> str:
    """Send commands while the fault is on: done, or failed loudly, and never twice."""
    home, world, hass = cell.home, cell.world, cell.hass
    await home.set_up()
    registered = home.registered()
    await world.do(lambda: world.service.lived.set_speed(1))
    await cell.begin()
    lamp, lock = await asyncio.gather(
        _perform(hass, "light.turn_on", entity_id=LAMP),
        _perform(hass, "lock.unlock", entity_id=LOCK),
    )
    await cell.end()
    assert world.written("LMP-0001") <= 1
    assert world.written("LCK-0001") <= 1
    on = (await world.truth("LMP-0001"))["on"]
    unlocked = (await world.truth("LCK-0001"))["state"] == "unlocked"
    assert lamp or on, "said to be on, but is not"
    assert lock or unlocked, "said to be unlocked, but is not"
    if cell.nature is Nature.HARMLESS:
        assert not lamp, lamp
        assert not lock, lock
    elif cell.nature is Nature.BROKEN:
        assert lamp, "reported as done"
        assert lock, "reported as done"
    await until(
        lambda: home.state(LAMP) == ("on" if on else "off"), "the truth is shown", _patience(cell)
    )
    written = world.written("LMP-0001")
    failure = await _perform(hass, "light.turn_off", entity_id=LAMP)
    assert not failure, failure
    assert world.written("LMP-0001") == written + 1
    assert home.state(LAMP) == "off"
    assert home.registered() == registered
    assert not home.reauths
    if not lamp:
        return "done"
    return "failed loudly (was done)" if on else "failed loudly"


async def _perform(hass: HomeAssistant, action: str, **data: Any) -> str | None:
    """Perform an action as a user does. Return what the user is told if it fails."""
    domain, service = action.split(".")
    failure: HomeAssistantError | None = None
    try:
        await hass.services.async_call(domain, service, data, blocking=True)
    except HomeAssistantError as error:
        failure = error
    if failure is None:
        return None
    assert failure.translation_domain == DOMAIN, f"not translated: {failure!r}"
    for language in ("en", "de"):
        assert failure.translation_key in translations(language)["exceptions"]
    return str(failure)


async def set_up(cell: Cell) -> str:
    """Load the account while the fault is on, and have it come up when that is over."""
    hass, home = cell.hass, cell.home
    await home.set_up()
    before = home.states()
    registered = home.registered()
    await hass.config_entries.async_unload(home.entry.entry_id)
    await hass.async_block_till_done()
    await cell.begin()
    await hass.config_entries.async_setup(home.entry.entry_id)
    state = home.entry.state
    match cell.nature:
        case Nature.HARMLESS:
            assert state is ConfigEntryState.LOADED, home.entry.reason
        case Nature.BROKEN:
            assert state is ConfigEntryState.SETUP_RETRY, state
        case Nature.SIGNED_OUT:
            assert state is ConfigEntryState.SETUP_ERROR, state
            await until(lambda: home.reauths, "asked to sign in again", PATIENCE)
    assert home.reauths == (cell.nature is Nature.SIGNED_OUT)
    assert home.registered()[1] == registered[1]
    await cell.end()
    if cell.nature is Nature.SIGNED_OUT:
        await _sign_in_again(cell)
    if state is ConfigEntryState.SETUP_RETRY:
        if cell.fault.patience:
            await asyncio.sleep(cell.fault.patience)
        async_fire_time_changed(hass, dt_util.utcnow() + FIRST_RETRY)
    await until(lambda: home.states() == before, "as before", PATIENCE, _news(home, before))
    await hass.async_block_till_done()
    assert home.entry.state is ConfigEntryState.LOADED
    assert home.registered() == registered
    assert not home.reauths
    return {
        ConfigEntryState.LOADED: "set up",
        ConfigEntryState.SETUP_RETRY: "set up at the next try",
        ConfigEntryState.SETUP_ERROR: "asked to sign in",
    }[state]


async def form(cell: Cell) -> str:
    """Add an account while the fault is on: the form says what is wrong, and can be sent again."""
    manager = cell.hass.config_entries.flow
    shown = await manager.async_init(DOMAIN, context={"source": SOURCE_USER})
    shown = await manager.async_configure(shown["flow_id"], {"vendor": "acme"})
    await cell.begin()
    shown = await manager.async_configure(shown["flow_id"], filled_in(cell.home.url))
    await cell.end()
    assert_shown(shown)
    outcome = "added"
    if cell.fault.form is not None:
        (error,) = (shown["errors"] or {"base": "none"}).values()
        assert error == cell.fault.form, f"{error}: {shown['description_placeholders']}"
        assert error in translations("de")["config"]["error"]
        assert shown["step_id"] == "account"
        outcome = f"error shown: {error.replace('_', ' ')}"
        if cell.fault.patience:
            await asyncio.sleep(cell.fault.patience)
        shown = await manager.async_configure(shown["flow_id"], filled_in(cell.home.url))
    assert shown["step_id"] == "devices", shown.get("errors")
    await _finish(cell, shown)
    return outcome


async def _finish(cell: Cell, shown: ConfigFlowResult) -> None:
    """Take all devices that are offered, and see the account come up."""
    schema = shown["data_schema"]
    assert schema is not None
    offered = schema({})
    done = await cell.hass.config_entries.flow.async_configure(
        shown["flow_id"], {**offered, "add_new": True}
    )
    assert done["type"] is FlowResultType.CREATE_ENTRY
    await cell.hass.async_block_till_done()
    entry = done["result"]
    assert entry.state is ConfigEntryState.LOADED, entry.reason


OPERATIONS: Mapping[Operation, Callable[[Cell], Awaitable[str]]] = {
    Operation.SET_UP: set_up,
    Operation.POLL: poll,
    Operation.COMMAND: command,
    Operation.LISTING: listing,
    Operation.RENEWAL: renewal,
    Operation.FORM: form,
}
