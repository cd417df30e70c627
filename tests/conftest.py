"""What every test gets: this integration, steady hypothesis runs, and a log without warnings."""

from collections.abc import Iterator
import logging
import os
import re
import signal
from typing import override

from hypothesis import HealthCheck, settings
import pytest

# Before Home Assistant's test helpers put a `custom_components` of their own on the path.
import custom_components  # noqa: F401

# `dev` looks at other examples in every run; `ci` at the same ones, so that a failure is the
# change's own; `thorough` at many. HYPOTHESIS_PROFILE chooses.
settings.register_profile("dev", deadline=None, print_blob=True)
settings.register_profile("ci", deadline=None, print_blob=True, derandomize=True)
settings.register_profile(
    "thorough",
    deadline=None,
    print_blob=True,
    max_examples=5000,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if "CI" in os.environ else "dev"))

# A shell starts what it runs in the background with Ctrl-C ignored; programs under test heed it.
signal.signal(signal.SIGINT, signal.default_int_handler)

DOMAIN = "vendor_bridge"
# Home Assistant says so of every custom integration.
ALWAYS_LOGGED = re.compile(r"^We found a custom integration vendor_bridge ")


class _AboutUs(logging.Handler):
    """Keeps the records of level warning or worse that are by or about this integration."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texts: list[str] = []
        self.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))

    @override
    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        slow_callback = record.name == "asyncio" and message.startswith("Executing ")
        if slow_callback or ALWAYS_LOGGED.match(message):
            return
        text = self.format(record)
        if DOMAIN in text:
            self.texts.append(text)


@pytest.fixture(autouse=True)
def no_unexpected_warnings(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test in which a warning by or about this integration is logged.

    `@pytest.mark.expects_warnings(*patterns)` allows the records in which one of the regular
    expressions is found, and fails the test when one of them is found in none.
    """
    handler = _AboutUs()
    root = logging.getLogger()
    root.addHandler(handler)
    yield
    root.removeHandler(handler)
    patterns = [
        pattern
        for marker in request.node.iter_markers("expects_warnings")
        for pattern in marker.args
    ]
    unexpected = [
        text for text in handler.texts if not any(re.search(pattern, text) for pattern in patterns)
    ]
    missing = [
        pattern
        for pattern in patterns
        if not any(re.search(pattern, text) for text in handler.texts)
    ]
    assert not unexpected, "logged without being expected:\n" + "\n".join(unexpected)
    assert not missing, f"expected in the log, but not there: {missing}"


@pytest.fixture(autouse=True)
def this_integration(
    request: pytest.FixtureRequest,
    no_unexpected_warnings: None,  # its check comes after Home Assistant has stopped
) -> None:
    """Let Home Assistant find this integration in tests that have a Home Assistant."""
    if "hass" not in request.fixturenames:
        return
    if "recorder_mock" in request.fixturenames:  # only works ahead of `hass`
        request.getfixturevalue("recorder_mock")
    request.getfixturevalue("enable_custom_integrations")
