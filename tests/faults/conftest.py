"""The world and the account of each cell; the table at the end."""

from collections.abc import AsyncIterator, Iterator
import logging
from pathlib import Path
from unittest.mock import patch

from homeassistant.util import ssl as ssl_util
import pytest
import pytest_socket

from .home import profile_text
from .report import Results, plain
from .tls import Authority
from .watch import Watch
from .world import Elsewhere, World


@pytest.fixture(autouse=True)
def loopback_sockets(socket_enabled: None) -> None:
    """Let tests connect to 127.0.0.1, which Home Assistant's test helpers forbid."""


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Return an authority for certificates that Home Assistant trusts."""
    made = Authority(tmp_path_factory.mktemp("tls"))
    ssl_util.get_default_context().load_verify_locations(made.file)
    return made


@pytest.fixture(scope="session")
def thread() -> Iterator[Elsewhere]:
    """Return the thread on which the vendor and the proxy live."""
    pytest_socket.enable_socket()
    made = Elsewhere()
    # Home Assistant's test helpers would forbid sockets before each test, also those that are open.
    with patch("pytest_socket.disable_socket"):
        yield made
    made.close()


@pytest.fixture
def no_unexpected_warnings() -> Iterator[None]:
    """Watch the log as the cells need it, in place of what all other tests have."""
    watch = Watch()
    root = logging.getLogger()
    root.addHandler(watch)
    yield
    root.removeHandler(watch)
    assert not watch.complaints(), "\n".join(watch.complaints())


@pytest.fixture(scope="session")
def config_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a configuration folder with the vendor's profile."""
    folder = tmp_path_factory.mktemp("config")
    (folder / "vendor_bridge").mkdir()
    (folder / "vendor_bridge" / "acme.yaml").write_text(profile_text())
    return folder


@pytest.fixture
def hass_config_dir(config_folder: Path) -> str:
    """Have Home Assistant find the profile."""
    return str(config_folder)


@pytest.fixture
async def world(
    thread: Elsewhere, authority: Authority, no_unexpected_warnings: None
) -> AsyncIterator[World]:
    """Return a vendor and what is between it and us."""
    made = World(thread, authority)
    names = "homeassistant.helpers.aiohttp_client._async_make_resolver"
    with patch(names, return_value=made.names):
        yield made
    await made.close()


# --- the table ------------------------------------------------------------------------------------

RESULTS = pytest.StashKey[Results]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the outcomes of a run be kept, for the documentation."""
    parser.addoption("--keep-outcomes", metavar="FOLDER", help="keep what a run has found")


def pytest_configure(config: pytest.Config) -> None:
    """Begin with an empty table, which the reports fill in: with xdist those of all workers."""
    results = config.stash[RESULTS] = Results()
    config.pluginmanager.register(Collector(results), "faults-collector")


class Collector:
    """Hands every test's report to the table."""

    def __init__(self, results: Results) -> None:
        """Take the table."""
        self._results = results

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note what a test has told."""
        self._results.take(report)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print the table, and keep it where that was asked for."""
    results = config.stash[RESULTS]
    if not (results.cells or results.real or results.kills):
        return
    terminalreporter.section("faults by operation")
    if results.cells:
        terminalreporter.write_line(plain(results))
    for (fault, during), told in results.real.items():
        terminalreporter.write_line(f"real process: {fault}, {during}: {told}")
    for name, value in results.kills.items():
        terminalreporter.write_line(f"kill -9: {name}: {value}")
    if folder := config.getoption("--keep-outcomes", default=None):
        results.keep(Path(folder))
