"""What holds for every way to sign in."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import asdict
import json
import logging
from typing import Any

from aiohttp import web
import pytest

from custom_components.vendor_bridge.bridge.errors import (
    BridgeError,
    OutageError,
    SignInError,
    UnexpectedAnswerError,
    UnreachableError,
)

from ...http.helpers import EagerClock
from .conftest import Account
from .kinds import KINDS, RENEWING, SETUP, Strict

SERVERS = {"aiohttp.access", "asyncio"}
"""Who logs on behalf of the vendor."""

EVERY = pytest.mark.parametrize("kind", KINDS, indirect=True)


def page(text: str | bytes, kind: str = "application/json") -> Callable[[], web.Response]:
    raw = text.encode() if isinstance(text, str) else text
    return lambda: web.Response(body=raw, content_type=kind)


@EVERY
async def test_it_signs_in(strict: Strict, account: Account) -> None:
    client = account()
    assert set((await client.list_devices()).devices) == {"d1"}
    assert strict.logins == len(strict.kind.logins)
    await client.list_devices()
    assert strict.logins == len(strict.kind.logins)


@EVERY
async def test_wrong_credentials_are_the_users_to_mend(strict: Strict, account: Account) -> None:
    client = account(**strict.kind.wrong)
    with pytest.raises(SignInError):
        await client.connect()


@EVERY
@pytest.mark.parametrize(
    ("mood", "expected"),
    [
        (lambda: None, UnreachableError),
        (lambda: web.Response(status=500), OutageError),
        (lambda: web.Response(status=502, text="<html>", content_type="text/html"), OutageError),
        (page("<html>Maintenance</html>", "text/html"), UnexpectedAnswerError),
        (page('{"token": "x'), UnexpectedAnswerError),
        (page(b"\xff\xfe{"), UnexpectedAnswerError),
        (page("[]"), UnexpectedAnswerError),
        (page("null"), UnexpectedAnswerError),
    ],
    ids=["down", "500", "502", "html", "truncated", "binary", "list", "null"],
)
async def test_a_vendor_in_trouble_is_not_a_wrong_password(
    strict: Strict, account: Account, mood: Callable[[], Any], expected: type[BridgeError]
) -> None:
    client = account()
    strict.mood = mood
    with pytest.raises(expected):
        await client.list_devices()
    strict.mood = None
    assert set((await client.list_devices()).devices) == {"d1"}


@pytest.mark.parametrize("kind", RENEWING, indirect=True)
async def test_a_session_that_ends_in_flight_is_renewed_once(
    strict: Strict, account: Account
) -> None:
    client = account()
    await client.list_devices()
    strict.good.clear()
    listings = await asyncio.gather(*(client.list_devices() for _ in range(20)))
    assert all(set(listing.devices) == {"d1"} for listing in listings)
    assert strict.logins == 2 * len(strict.kind.logins)


@pytest.mark.parametrize("kind", RENEWING, indirect=True)
async def test_a_sign_in_survives_a_restart(
    strict: Strict, account: Account, saved: list[Mapping[str, Any]]
) -> None:
    await account().list_devices()
    kept = json.loads(json.dumps(saved[-1]))
    restarted = account(tokens=kept)
    assert set((await restarted.list_devices()).devices) == {"d1"}
    assert strict.logins == len(strict.kind.logins)


@EVERY
@pytest.mark.parametrize("wrong", [False, True], ids=["in", "turned away"])
async def test_nothing_shows_a_secret(
    strict: Strict, account: Account, caplog: pytest.LogCaptureFixture, wrong: bool
) -> None:
    caplog.set_level(logging.DEBUG)
    client = account(**(strict.kind.wrong if wrong else {}))
    shown = []
    try:
        await client.list_devices()
        known = {name: SETUP[name] for name in client.profile.setup if name != "url"}
        old = [*strict.good]
        strict.good.clear()
        strict.mood = lambda: web.json_response({"error": f"{known} {old}"}, status=400)
        await client.list_devices()
    except BridgeError as error:
        shown += [str(error), repr(error), str(error.__cause__), str(error.__context__)]
    connection = client.connection
    shown += [
        *(record.getMessage() for record in caplog.records if record.name not in SERVERS),
        repr(connection.auth),
        repr(client.health),
        str(connection.exchanges.last),
        str([asdict(one) for each in connection.exchanges.last.values() for one in each]),
    ]
    assert not [text for text in shown if "planted" in text]


async def test_a_jwt_is_renewed_when_it_says(
    account: Account, clock: EagerClock, strict: Strict
) -> None:
    # The kind is `login`, whose vendor says nothing of a life: it is asked for no new token.
    client = account()
    await client.list_devices()
    clock.seconds += 100_000
    await client.list_devices()
    assert strict.logins == 1


@pytest.mark.parametrize("kind", ["jwt"], indirect=True)
async def test_a_jwt_says_its_own_life(account: Account, clock: EagerClock, strict: Strict) -> None:
    client = account()
    await client.list_devices()
    clock.seconds += 3500
    await client.list_devices()
    assert strict.logins == 1
    clock.seconds += 100
    await client.list_devices()
    assert strict.logins == 2
