"""Every fault at every operation."""

import asyncio
from collections.abc import Callable

from homeassistant.core import HomeAssistant
import pytest

from .faults import Fault, Operation
from .home import Home, until
from .operations import OPERATIONS, Cell
from .table import FAULTS
from .world import World

pytestmark = [pytest.mark.faults, pytest.mark.timeout(60)]

CELLS = [
    pytest.param(
        fault,
        operation,
        id=f"{fault.key}-{operation}",
        marks=[pytest.mark.xfail(reason=fault.known[operation], strict=True)]
        if operation in fault.known
        else [],
    )
    for operation in Operation
    for fault in FAULTS
    if operation not in fault.not_for
]


@pytest.mark.parametrize(("fault", "operation"), CELLS)
async def test_cell(
    hass: HomeAssistant,
    world: World,
    fault: Fault,
    operation: Operation,
    record_property: Callable[[str, object], None],
) -> None:
    url = await world.start(fault.base)
    home = Home(hass, url)
    before = asyncio.all_tasks()
    record_property("cell", (fault.key, str(operation)))
    outcome = await OPERATIONS[operation](Cell(hass, home, world, fault, operation))
    record_property("outcome", outcome)
    for entry in hass.config_entries.async_loaded_entries("vendor_bridge"):
        assert await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done()
    await until(lambda: not world.proxy.waiting, "requests are left to hang", 2)
    assert asyncio.all_tasks() <= before, "tasks are left"
    assert not world.proxy.crashes
    assert not world.strangers, "a host was asked that is not the vendor's"
