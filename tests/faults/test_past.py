"""Home Assistant is killed while it imports the past, again and again, and misses no hour."""

import os
from pathlib import Path
import secrets

import pytest

from demo.past import survive_kills

OWNER = {"name": "Demo", "username": "demo", "password": "demo"}
CONFIGURATION = Path(__file__).parents[2] / "demo" / "config"
TIMES = int(os.environ.get("VENDOR_BRIDGE_PAST_KILLS", "3"))


@pytest.mark.faults
@pytest.mark.timeout(3600)
async def test_kills_while_importing(tmp_path: Path, socket_enabled: None) -> None:
    seed = secrets.randbelow(10**6)
    print(f"seed {seed}")
    told = await survive_kills(tmp_path, OWNER, CONFIGURATION, times=TIMES, seed=seed)
    print(told)
    assert "none missing, none twice" in told
