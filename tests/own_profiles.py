"""Profiles of a user's own, in a configuration folder that each test has for itself."""

from pathlib import Path
import re
import textwrap

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest

from custom_components.vendor_bridge import profile_files
from custom_components.vendor_bridge.const import DOMAIN

ACME_SETUP = """
  url: {type: url, name: Address of the API, default: "https://api.acme.example"}
  email: {type: text, description: As in the app}
  password: {type: secret}
"""


def profile(
    vendor: str = "acme",
    name: str = "Acme Home",
    *,
    setup: str = ACME_SETUP,
    account: str | None = "account: {request: {get: /v1/account}, id: id, name: home}",
    more: str = "",
) -> str:
    """Return the text of a profile."""
    used = re.findall(r"^ *(\w+):", setup, re.MULTILINE)
    lines = [
        "profile: 1",
        f"vendor: {{id: {vendor}, name: {name}}}",
        *([more] if more else []),
        "setup:\n" + textwrap.indent(textwrap.dedent(setup).strip(), "  ")
        if setup
        else "setup: {}",
        "api:",
        "  base_url: http://acme.example",
        *(["  headers:"] if used else []),
        *(f'    X-{name.replace("_", "-")}: "{{setup.{name}}}"' for name in used),
        *([account] if account else []),
        "devices: {request: {get: /v1/devices}, each: data, id: serial}",
    ]
    return "\n".join(lines) + "\n"


class OwnProfiles:
    """The folder of a user's own profiles."""

    def __init__(self, hass: HomeAssistant, config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Give Home Assistant a configuration of its own, and the suite no bundled profiles."""
        hass.config.config_dir = str(config)
        self.folder = config / DOMAIN
        self.folder.mkdir()
        self.bundled = config / "bundled"
        self.bundled.mkdir()
        monkeypatch.setattr(profile_files, "BUNDLED", self.bundled)

    def write(self, name: str, text: str | bytes) -> Path:
        """Write a file of the user's."""
        path = self.folder / name
        if isinstance(text, str):
            text = text.encode()
        path.write_bytes(text)
        return path

    def remove(self, name: str) -> None:
        """Remove a file of the user's."""
        (self.folder / name).unlink()

    def ship(self, vendor: str, text: str) -> None:
        """Let the suite ship a profile."""
        folder = self.bundled / vendor
        folder.mkdir(exist_ok=True)
        (folder / "profile.yaml").write_text(text)


def issues(hass: HomeAssistant) -> dict[str, ir.IssueEntry]:
    """Return the issues of this integration, by id."""
    return {
        issue_id: issue
        for (domain, issue_id), issue in ir.async_get(hass).issues.items()
        if domain == DOMAIN and issue.active
    }
