"""The Web of Things: what a thing can do, and where, stands in its Thing Description."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, override

from yarl import URL

from ...bridge.described_client import DescribedClient
from ...bridge.errors import UnexpectedAnswerError
from ...bridge.http.message import AnswerKind, Request
from ...bridge.model import DEVICES_MONITOR, Device, Listing

MOST_THINGS = 200


class Client(DescribedClient):
    """The client of a server, or of a single thing.

    A server answers at its root with the addresses of its things, as node-wot does
    (https://github.com/eclipse-thingweb/node-wot). A thing's forms
    (https://www.w3.org/TR/wot-thing-description11/#form) say where its properties are; their hosts
    are ignored, since servers name the one that they believe to have: the account's is asked.
    """

    @override
    def base_addresses(self) -> Sequence[URL]:
        """Return the server's own address: descriptions name paths from its root."""
        self._described_at = super().base_addresses()[0]
        return [self._described_at.origin()]

    @override
    async def prove(self) -> None:
        """Read the properties of a thing: descriptions may be open to everybody."""
        listing = await self.list_devices()
        for device in listing.devices.values():
            await self._get(device.data["read"], "GET properties")
            return

    @override
    async def list_devices(self) -> Listing:
        """Return the things whose descriptions are there."""
        async with self.reading(DEVICES_MONITOR) as measured:
            listing = await self._list()
            measured.whole = listing.complete
        return listing

    async def _list(self) -> Listing:
        root = await self._get(self._described_at.raw_path, "GET the address")
        if isinstance(root, Mapping):
            found = [_thing(root, self._described_at.raw_path)]
        elif isinstance(root, list):
            paths = [URL(link).raw_path for link in root[:MOST_THINGS] if isinstance(link, str)]
            found = [_thing(await self._get(path, "GET a thing"), path) for path in paths]
        else:
            raise UnexpectedAnswerError("there is neither a thing nor a list of things")
        return Listing(devices={device.id: device for device in found})

    async def _get(self, path: str, label: str) -> Any:  # noqa: ANN401 - an answer
        request = Request(
            method="GET", path=path, label=label, answer=AnswerKind.JSON, idempotent=True
        )
        return (await self.connection.send(request)).data

    @override
    def write_request(self, device: Device, name: str, value: Any) -> Mapping[str, Any]:
        """Return a PUT of the bare value to the property's form."""
        path = device.data["write"].get(name, "/").replace("{", "{{").replace("}", "}}")
        return {"put": path, "json": value, "answer": "none"}


def _thing(described: Any, path: str) -> Device:  # noqa: ANN401 - an answer
    """Return the device that a Thing Description describes. Raises UnexpectedAnswerError."""
    if not isinstance(described, Mapping) or not isinstance(described.get("properties"), Mapping):
        raise UnexpectedAnswerError("this is no Thing Description")
    base = path.rstrip("/")
    properties = described["properties"]
    read = next(_forms(described, "readallproperties"), f"{base}/properties")
    write = {
        name: next(_forms(told, "writeproperty"), f"{base}/properties/{name}")
        for name, told in properties.items()
        if isinstance(told, Mapping)
    }
    kinds = described.get("@type")
    return Device(
        id=str(described.get("id") or base),
        type="*",
        name=str(described.get("title") or base)[:200],
        model=kinds if isinstance(kinds, str) else None,
        data={"properties": properties, "read": read, "write": write},
    )


def _forms(told: Mapping[str, Any], operation: str) -> Iterator[str]:
    """Yield the paths of the JSON forms that an operation has."""
    forms = told.get("forms")
    for form in forms if isinstance(forms, list) else []:
        if not isinstance(form, Mapping) or not isinstance(form.get("href"), str):
            continue
        operations = form.get("op") or []
        if form.get("contentType", "application/json") == "application/json" and (
            operation == operations or (isinstance(operations, list) and operation in operations)
        ):
            yield URL(form["href"]).raw_path
