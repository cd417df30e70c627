"""The columns of the tables: each makes Home Assistant show the same data in its own way."""

from dataclasses import dataclass
import json
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from bench.shape import Shape

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

BRIDGE: Final = "bridge"
LIMIT: Final = "limit"
ENTITIES: Final = "limit + entities"
REST: Final = "rest"
COMMAND_LINE: Final = "command_line"
SCRAPE: Final = "scrape"

NAMES: Final = (BRIDGE, LIMIT, ENTITIES, REST, COMMAND_LINE, SCRAPE)

OURS: Final = Path(__file__).parents[2] / "custom_components" / "vendor_bridge"
DOMAIN: Final = OURS.name


class Column(Protocol):
    """What the worker asks of a column."""

    async def set_up(self) -> None:
        """Show all values for the first time."""

    def find(self) -> None:
        """Look, once it is set up, for what has to be refreshed."""

    async def refresh(self) -> None:
        """Read everything once, and return when what changed is written."""

    async def command(self, number: int) -> None:
        """Switch something on (odd numbers) or off, where the column can do that."""

    async def close(self) -> None:
        """Close what is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contestant:
    """A column's name in the tables and the custom integration that it needs, if it does.

    One that is no Vendor Bridge is configured in YAML as `rest` is, or as the file
    ``configuration`` says, in which {{ url }}, {{ devices }} and {{ attributes }} are the stub's.
    """

    name: str
    integration: Path | None = None
    configuration: Path | None = None

    @property
    def domain(self) -> str:
        """Return the integration's domain."""
        if self.integration is None:
            return self.name
        manifest = json.loads((self.integration / "manifest.json").read_text())
        return str(manifest["domain"])

    def prepare(self, folder: Path, shape: Shape) -> None:
        """Lay out the configuration folder."""
        folder.mkdir(parents=True, exist_ok=True)
        if self.integration is None:
            return
        components = folder / "custom_components"
        components.mkdir(parents=True, exist_ok=True)
        (components / "__init__.py").touch()  # else the repository's own package goes before it
        link = components / self.domain
        if not link.exists():
            link.symlink_to(self.integration.resolve(), target_is_directory=True)
        if self.domain == DOMAIN:
            from .bridge import VENDOR, profile  # noqa: PLC0415

            profiles = folder / DOMAIN
            profiles.mkdir(exist_ok=True)
            (profiles / f"{VENDOR}.yaml").write_text(profile(shape))

    def make(self, hass: HomeAssistant, url: str, shape: Shape) -> Column:
        """Return the column; only what it needs is imported."""
        if self.name == LIMIT:
            from .limit import LimitColumn  # noqa: PLC0415

            return LimitColumn(hass, url, shape)
        if self.name == ENTITIES:
            from .entities import EntitiesColumn  # noqa: PLC0415

            return EntitiesColumn(hass, url, shape)
        if self.domain == DOMAIN:
            from .bridge import BridgeColumn  # noqa: PLC0415

            return BridgeColumn(hass, url, shape)
        from .from_yaml import YamlColumn  # noqa: PLC0415

        return YamlColumn.of(self, hass, url, shape)


class ColumnError(Exception):
    """What is wrong with what somebody wants to have measured."""


def given(path: Path, configuration: Path | None) -> Contestant:
    """Return the column of a folder. Raises ColumnError for one that holds no integration."""
    manifest = path / "manifest.json"
    if not path.is_dir():
        raise ColumnError(f"there is no folder {path}")
    if not manifest.is_file():
        raise ColumnError(f"{path} is no integration: it has no manifest.json")
    try:
        told = json.loads(manifest.read_text())
    except ValueError as error:
        raise ColumnError(f"{manifest} is no JSON: {error}") from None
    if not isinstance(told, dict) or not isinstance(told.get("domain"), str):
        raise ColumnError(f"{manifest} names no domain")
    if "version" not in told:
        raise ColumnError(f"{manifest} names no version, which Home Assistant wants of it")
    if configuration is not None and not configuration.is_file():
        raise ColumnError(f"there is no file {configuration}")
    return Contestant(
        name=str(path),
        integration=path.resolve(),
        configuration=None if configuration is None else configuration.resolve(),
    )


OWN: Final = Contestant(name=BRIDGE, integration=OURS)
