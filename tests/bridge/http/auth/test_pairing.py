"""Pairing: a token for whoever asks after a button was pressed."""

import json
from typing import Any

from aiohttp import ClientConnectionError, ClientSession
from aioresponses import CallbackResult, aioresponses
import pytest
from yarl import URL

from custom_components.vendor_bridge.bridge.errors import (
    CertificateError,
    ConsentError,
    RefusedError,
    SignInError,
    UnexpectedAnswerError,
    UnreachableError,
)
from custom_components.vendor_bridge.bridge.http import Answer, Body, BodyKind, Request
from custom_components.vendor_bridge.bridge.http.auth import (
    PairingAuth,
    Rejection,
    Renewal,
    Tokens,
)

from ..conftest import BASE, Connect
from ..helpers import EagerClock, get


def request() -> Request:
    body = Body(BodyKind.JSON, {"devicetype": "x"})
    return Request(method="POST", path="/api", label="POST /api", body=body)


def parse(answer: Answer) -> Tokens:
    if "username" not in answer.data:
        raise UnexpectedAnswerError("the sign-in's answer has no token")
    return Tokens(token=answer.data["username"])


def pressed(answer: Answer) -> str | None:
    waiting = isinstance(answer.data, dict) and answer.data.get("type") == 101
    return "not pressed" if waiting else None


def pairing(**how: Any) -> PairingAuth:
    pending = Rejection(frozenset({403}), pressed)
    return PairingAuth(
        request, parse, pending, text="Press it.", seconds=20, pause=2, renewal=Renewal(**how)
    )


class Button:
    """A bridge that answers in turn, the last answer again and again."""

    def __init__(self, mock: aioresponses, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked = 0
        mock.post(f"{BASE}/api", callback=self.answer, repeat=True)

    def answer(self, url: URL, **sent: Any) -> CallbackResult:
        self.asked += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        status, data = answer
        return CallbackResult(status=status, body=json.dumps(data))


async def test_it_asks_until_the_button_was_pressed(vendor: aioresponses, connect: Connect) -> None:
    stored: list[Any] = []
    auth = pairing(save_tokens=stored.append)
    assert auth.consent is auth
    clock = EagerClock()
    connection = connect(auth=auth, clock=clock)
    waiting = (200, {"type": 101})
    button = Button(
        vendor, waiting, (403, {}), ClientConnectionError(), waiting, (200, {"username": "u1"})
    )
    prompt = await auth.begin()
    assert (prompt.text, prompt.seconds) == ("Press it.", 20)
    assert button.asked == 0
    await auth.wait()
    assert clock.slept == [2] * 5
    assert stored[-1]["token"] == "u1"
    vendor.get(f"{BASE}/x", payload={})
    await connection.send(get())


async def test_a_button_that_nobody_presses_and_then_somebody_does(
    vendor: aioresponses, connect: Connect
) -> None:
    auth = pairing()
    connect(auth=auth)
    button = Button(vendor, (403, {}))
    await auth.begin()
    with pytest.raises(ConsentError, match="nobody agreed within 20 seconds"):
        await auth.wait()
    assert button.asked == 10
    button.answers = [(200, {"username": "u1"})]
    await auth.begin()
    await auth.wait()
    assert auth.values["token"] == "u1"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((404, {}), RefusedError),
        ((401, {}), SignInError),
        ((200, {"type": 7}), UnexpectedAnswerError),
        (ClientConnectionError(), UnreachableError),
    ],
)
async def test_what_is_no_waiting_is_told(
    vendor: aioresponses, connect: Connect, answer: Any, error: type[Exception]
) -> None:
    auth = pairing()
    connect(auth=auth)
    Button(vendor, answer)
    await auth.begin()
    with pytest.raises(error) as caught:
        await auth.wait()
    assert not isinstance(caught.value, ConsentError)


async def test_a_token_that_is_taken_back_needs_the_user(
    vendor: aioresponses, connect: Connect
) -> None:
    connection = connect(auth=pairing(tokens={"token": "u1"}))
    button = Button(vendor, (200, {"username": "u2"}))
    vendor.get(f"{BASE}/x", status=401, payload={}, repeat=True)
    with pytest.raises(SignInError, match="the user has to sign in"):
        await connection.send(get())
    assert button.asked == 0


async def test_a_certificate_is_not_waited_for(connect: Connect, session: ClientSession) -> None:
    auth = pairing()
    clock = EagerClock()
    connect(auth=auth, clock=clock)

    async def send(_request: Request) -> Answer:
        raise CertificateError("the certificate is not trusted")

    auth.attach(send, clock)
    await auth.begin()
    with pytest.raises(CertificateError):
        await auth.wait()
    assert clock.slept == [2]
