"""A vendor without a network, whose answers are whatever somebody thought of."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
import json
from typing import Any, Final, cast

from aiohttp import ClientSession
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from custom_components.vendor_bridge.bridge.client import Context
from custom_components.vendor_bridge.bridge.errors import BridgeError
from custom_components.vendor_bridge.bridge.model import Command
from custom_components.vendor_bridge.bridge.profile.client import ProfileClient
from custom_components.vendor_bridge.bridge.profile.plans import CompiledProfile
from custom_components.vendor_bridge.bridge.tasks import FieldType

from ..bridge.http.helpers import EagerClock

HOST: Final = "vendor.example"
SECRET: Final = "s3cret-planted"
MOST_REQUESTS: Final = 300
MOST_DEVICES: Final = 20


class _Content:
    def __init__(self, body: bytes) -> None:
        self._body = body

    def at_eof(self) -> bool:
        """Return whether there is nothing left."""
        return not self._body

    async def readany(self) -> bytes:
        """Return what is left, all at once."""
        body, self._body = self._body, b""
        return body


@dataclass(slots=True)
class _Response:
    status: int
    headers: CIMultiDictProxy[str]
    content: _Content
    content_length: int | None = None
    closed: bool = False

    def close(self) -> None:
        """End it; nothing was begun."""

    def release(self) -> None:
        """Give its connection back; there is none."""


@dataclass(slots=True)
class Vendor:
    """Answers each request with the next of ``answers``, the last one again and again.

    An answer is a mapping with status, headers and body; a body that is no text is sent as JSON.
    ``asked`` are the URLs.
    """

    answers: Sequence[Any]
    asked: list[URL] = field(default_factory=list)
    closed: bool = False

    @property
    def hosts(self) -> set[str | None]:
        """Return the servers that were asked."""
        return {url.host for url in self.asked}

    async def request(self, _method: str, url: URL, **_options: Any) -> _Response:
        """Answer a request, as aiohttp's session does."""
        self.asked.append(url)
        if len(self.asked) > MOST_REQUESTS:
            raise TooManyError
        await asyncio.sleep(0)
        return self._next()

    def _next(self) -> _Response:
        answer = self.answers[min(len(self.asked), len(self.answers)) - 1] if self.answers else {}
        answer = answer if isinstance(answer, Mapping) else {"body": answer}
        status = answer.get("status")
        body = answer.get("body")
        text = body if isinstance(body, str) else json.dumps(body)
        told = answer.get("headers")
        headers = CIMultiDict[str]({"Content-Type": "application/json"})
        for name, value in (told if isinstance(told, Mapping) else {}).items():
            # aiohttp lets no other header through.
            if isinstance(value, str) and name.isascii() and value.isprintable():
                headers[name] = value
        return _Response(
            status if isinstance(status, int) and 200 <= status < 600 else 200,
            CIMultiDictProxy(headers),
            _Content(text.encode("utf-8", "surrogatepass")),
        )


class TooManyError(Exception):
    """A client that asks without end."""


async def use(profile: CompiledProfile, answers: Sequence[Any], *, commands: bool = True) -> Vendor:
    """Do with an account what Home Assistant would; nothing but BridgeError may come of it.

    Raises whatever else comes, and TooManyError for a client that asks without end.
    """
    vendor = Vendor(answers)
    setup = {
        name: SECRET if spec.is_secret else _filled(spec) for name, spec in profile.setup.items()
    }
    context = Context(
        session=cast("ClientSession", vendor), setup=setup, tls=True, clock=EagerClock()
    )
    try:
        client = ProfileClient(profile, context)
    except BridgeError:
        return vendor
    try:
        await _use(client, commands=commands)
    finally:
        await client.close()
    if profile.source.api.auth.type != "oauth2":  # which may have a server of its own to sign in
        assert vendor.hosts <= {address.host for address in client.addresses}, "another host"
    return vendor


def _filled(spec: Any) -> Any:
    match spec.type:
        case "url":
            return f"https://{HOST}/base"
        case "host":
            return HOST
        case "boolean":
            return True
        case "number":
            return 1
    return "filled in"


async def _use(client: ProfileClient, *, commands: bool) -> None:
    devices: list[Any] = []
    try:
        await client.connect()
        devices = list((await client.list_devices()).devices.values())[:MOST_DEVICES]
    except BridgeError as error:
        check_words(error)
    for monitor in client.monitors:
        try:
            reading = await client.read(monitor, devices)
        except BridgeError as error:
            check_words(error)
            continue
        for failure in reading.failures.values():
            check_words(failure)
    for device in devices[:2] if commands else ():
        for entity in client.describe(device):
            for name, parameters in list(entity.commands.items())[:4]:
                data: dict[str, Any] = {one.name: 1 for one in parameters}
                try:
                    await client.write(device, Command(entity=entity.key, name=name, data=data))
                except BridgeError as error:
                    check_words(error)

    await _run_tasks(client, devices)


async def _run_tasks(client: ProfileClient, devices: Sequence[Any]) -> None:
    """Run tasks; one that is never done asks until somebody stops it, and is no finding."""
    for owner in (None, *devices[:2]):
        for task in client.tasks(owner)[:4]:
            data = {
                one.key: one.options[0].value if one.options else _SAMPLES.get(one.type, "1")
                for one in task.fields
            }
            try:
                outcome = await client.run_task(owner, task.key, data)
                json.dumps(outcome.result)
            except BridgeError as error:
                check_words(error)
            except TooManyError:
                assert task.lasting
                return


_SAMPLES: Final[Mapping[FieldType, Any]] = {
    FieldType.BOOLEAN: True,
    FieldType.DATE: "2026-12-24",
    FieldType.TIME: "06:30",
    FieldType.DATETIME: "2026-12-24T18:00:00Z",
    FieldType.INTEGER: 20,
    FieldType.NUMBER: 20,
}


def check_words(error: BaseException | None) -> None:
    """Fail where an error, or one that it came from, tells a secret or breaks a line."""
    while error is not None:
        text = str(error)
        assert SECRET not in text, "a secret in an error"
        assert len(text) < 64 * 1024, "an endless error"
        error = error.__cause__ or error.__context__
