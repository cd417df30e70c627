"""WebThings: writes take an object with the property's name."""

from collections.abc import Mapping
from typing import Any, override

from ...bridge.described_client import DescribedClient
from ...bridge.model import Device


class Client(DescribedClient):
    """The client of a WebThings server (https://webthings.io/api/#property-resource)."""

    @override
    def write_request(self, device: Device, name: str, value: Any) -> Mapping[str, Any]:
        """Return a PUT of ``{"<name>": value}``."""
        segment = name.replace("{", "{{").replace("}", "}}")
        return {"put": "{device.data.href:path}/properties/" + segment, "json": {name: value}}
