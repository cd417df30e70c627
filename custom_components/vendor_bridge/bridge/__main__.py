"""Run the vendor half's command line.

``python -m custom_components.vendor_bridge.bridge`` does, and first imports the integration that
is around it, with all of Home Assistant. ``python custom_components/vendor_bridge/bridge`` starts
in a third of the time and needs no Home Assistant to be there.
"""

from importlib import import_module
from pathlib import Path
import sys
from types import ModuleType
from typing import Final

INTEGRATION: Final = Path(__file__).resolve().parents[1]
NAME: Final = "custom_components.vendor_bridge"


def _stand_in() -> None:
    """Put a package without content in the place of the integration's own."""
    # Python put this folder in front, where `http` and `profile` would hide its own.
    sys.path[0] = str(INTEGRATION.parents[1])
    package = ModuleType(NAME)
    package.__path__ = [str(INTEGRATION)]
    sys.modules[NAME] = package


if __name__ == "__main__":
    if not __package__:
        _stand_in()
    sys.exit(import_module(f"{NAME}.bridge.cli.main").main())
