"""What the counts need."""

from pathlib import Path

from homeassistant.core import HomeAssistant
import pytest

from tests.own_profiles import OwnProfiles


@pytest.fixture
def own_profiles(
    hass: HomeAssistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> OwnProfiles:
    return OwnProfiles(hass, tmp_path, monkeypatch)
