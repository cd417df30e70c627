"""A recorder, for the tests of a file that imports these fixtures."""

from homeassistant.components.recorder import Recorder
import pytest
from pytest_homeassistant_custom_component.typing import RecorderInstanceContextManager

__all__ = ["mock_recorder_before_hass", "recorder"]


@pytest.fixture
async def mock_recorder_before_hass(
    async_test_recorder: RecorderInstanceContextManager,
) -> None:
    """Have a recorder ready in the tests that ask for one."""


@pytest.fixture
def recorder(recorder_mock: Recorder) -> Recorder:
    """Return the recorder."""
    return recorder_mock
