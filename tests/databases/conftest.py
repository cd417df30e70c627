"""A database server of each kind that larger homes use."""

from collections.abc import Iterator
import os

import pytest
import pytest_socket

from .packages import MissingToolError
from .servers import MariaDb, PostgreSql

SERVERS = {"postgresql": PostgreSql, "mariadb": MariaDb}


@pytest.fixture(autouse=True)
def loopback_sockets(socket_enabled: None) -> None:
    """Let tests connect to 127.0.0.1, which Home Assistant's test helpers forbid."""


@pytest.fixture(params=["sqlite", *SERVERS])
def database(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """Return the URL of an empty database; None for SQLite, which needs no server."""
    if request.param == "sqlite":
        yield None
        return
    pytest_socket.enable_socket()
    try:
        server = SERVERS[request.param]()
        with server:
            yield server.url
    except MissingToolError as error:
        if "CI" in os.environ:
            raise
        pytest.skip(str(error))
