"""A real Home Assistant imports the past into each database that its recorder can use."""

from pathlib import Path

import pytest

from demo.past import live_through_days_off

OWNER = {"name": "Demo", "username": "demo", "password": "demo"}
CONFIGURATION = Path(__file__).parents[2] / "demo" / "config"


@pytest.mark.databases
@pytest.mark.timeout(600)
async def test_days_off(database: str | None, tmp_path: Path) -> None:
    told = await live_through_days_off(tmp_path, OWNER, CONFIGURATION, database=database)
    print(told)
    assert "none missing, none twice" in told
