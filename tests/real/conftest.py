"""One of each real server for a whole test run, and sockets to reach it."""

from collections.abc import Iterator
import os

import pytest
import pytest_socket

from .servers import (
    HomeAssistantServer,
    HomebridgeServer,
    MissingToolError,
    NodeWotServer,
    RealServer,
    WebThingServer,
    run_apart,
)


@pytest.fixture(autouse=True)
def loopback_sockets(socket_enabled: None) -> None:
    """Let tests connect to 127.0.0.1, which Home Assistant's test helpers forbid."""


def _running[S: RealServer](kind: type[S]) -> Iterator[S]:
    # Ahead of `loopback_sockets`, which comes once for each test.
    pytest_socket.enable_socket()
    server = kind()
    try:
        run_apart(server.start())
    except MissingToolError as error:
        # Where everything should be there a skipped test would hide that it is not.
        if "CI" in os.environ:
            raise
        pytest.skip(str(error))
    yield server
    run_apart(server.close())


@pytest.fixture(scope="session")
def home_assistant_server() -> Iterator[HomeAssistantServer]:
    """Return a second Home Assistant that runs for the whole session."""
    yield from _running(HomeAssistantServer)


@pytest.fixture(scope="session")
def homebridge_server() -> Iterator[HomebridgeServer]:
    """Return a Homebridge that runs for the whole session."""
    yield from _running(HomebridgeServer)


@pytest.fixture(scope="session")
def node_wot_server() -> Iterator[NodeWotServer]:
    """Return a node-wot that runs for the whole session."""
    yield from _running(NodeWotServer)


@pytest.fixture(scope="session")
def webthing_server() -> Iterator[WebThingServer]:
    """Return a webthing that runs for the whole session."""
    yield from _running(WebThingServer)
