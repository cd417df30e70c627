"""A script that chains actions: the one that stands in docs/actions.md, as it stands there."""

import asyncio
from pathlib import Path
import re
from typing import Any

import yaml

from .stage import Stage, expect, until

PAGE = Path(__file__).parent.parent / "docs" / "actions.md"
ALIAS = "Lamps off, and make sure"
NAME = "lamps_off"


def _read() -> dict[str, Any]:
    """Return the script of the documentation."""
    text = PAGE.read_text()
    scripts = [yaml.safe_load(found) for found in re.findall(r"```yaml\n(.+?)```", text, re.DOTALL)]
    found: dict[str, Any] = next(one for one in scripts if one["alias"] == ALIAS)
    return found


async def chain_actions(stage: Stage) -> str:
    """Run a script that lists, filters, commands and checks, and look at the vendor's lamps."""
    house = (await stage.acme.house())["devices"]
    lamps = [serial for serial in house if serial.startswith("LMP-")]
    for serial in lamps:
        await stage.acme.pull(serial, on=True)
    script = await asyncio.to_thread(_read)
    await stage.home.post(f"/api/config/script/config/{NAME}", script)

    async def there() -> bool:
        services = await stage.home.get("/api/services")
        return any(one["domain"] == "script" and NAME in one["services"] for one in services)

    await until(there, "Home Assistant has no such script")
    result = await stage.home.websocket(
        type="call_service", domain="script", service=NAME, service_data={}, return_response=True
    )
    answer = result["response"]
    expect(not answer["failed"], f"the script says that some failed: {answer}")
    expect(not answer["still_on"], f"the script says that some are on: {answer}")
    off = {stage.entity(serial) for serial in lamps}
    expect(set(answer["switched_off"]) == off, f"not all lamps are switched off: {answer}")
    for serial in lamps:
        truth = await stage.acme.status(serial)
        expect(truth["on"] is False, f"the vendor's lamp is still on: {truth}")
    return f"a script listed, filtered, switched off and checked {len(lamps)} lamps"
