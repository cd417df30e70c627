"""Fuzzing what strangers can send; ``./scripts/fuzz --help`` says how to run it."""

from pathlib import Path
import sys
from types import ModuleType
from typing import Final

ROOT: Final = Path(__file__).parents[2]
_INTEGRATION: Final = "custom_components.vendor_bridge"
_DIAGNOSTICS: Final = "homeassistant.components.diagnostics"


def stand_in() -> None:
    """Put modules without content in the place of those that load all of Home Assistant."""
    package = ModuleType(_INTEGRATION)
    package.__path__ = [str(ROOT / "custom_components" / "vendor_bridge")]
    sys.modules[_INTEGRATION] = package
    diagnostics = ModuleType(_DIAGNOSTICS)
    diagnostics.__dict__["REDACTED"] = "**REDACTED**"
    sys.modules[_DIAGNOSTICS] = diagnostics
