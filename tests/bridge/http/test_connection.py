import asyncio
import logging
from typing import Any

from aiohttp import ClientConnectionError
from aioresponses import aioresponses
import pytest
from yarl import URL

from custom_components.vendor_bridge.bridge.errors import (
    CommandError,
    NotFoundError,
    OutageError,
    RateLimitedError,
    RefusedError,
    SignInError,
    UnexpectedAnswerError,
    UnreachableError,
    VendorError,
)
from custom_components.vendor_bridge.bridge.http import Answer, AnswerKind, Body, BodyKind, Retry
from custom_components.vendor_bridge.bridge.http.auth import KeyAuth, Place, Rejection, Where

from .conftest import BASE, Connect
from .helpers import EagerClock, get, post

X = "https://api.example.com/v1/x"


def sent_to(vendor: aioresponses) -> list[tuple[URL, dict[str, Any]]]:
    """Return the requests that the vendor got, and with what."""
    return [
        (url, call.kwargs) for (_, url), calls in (vendor.requests or {}).items() for call in calls
    ]


async def test_answer_of_a_read(vendor: aioresponses, connect: Connect) -> None:
    vendor.get(f"{X}?page=1&tag=a&tag=b", payload={"on": True}, headers={"X-Made-By": "Acme"})
    answer = await connect().send(get("/x?page=1", query={"tag": ["a", "b"]}))
    assert answer.status == 200
    assert answer.data == {"on": True}
    assert answer.headers["x-made-by"] == "Acme"
    assert not answer.unchanged
    assert answer.url.path == "/v1/x"


@pytest.mark.parametrize(
    ("body", "sent", "content_type"),
    [
        (
            Body(BodyKind.JSON, {"on": True, "level": None}),
            b'{"on":true,"level":null}',
            "application/json",
        ),
        (
            Body(BodyKind.FORM, {"a": "1 & 2", "b": ["x", "y"]}),
            b"a=1+%26+2&b=x&b=y",
            "application/x-www-form-urlencoded",
        ),
        (Body(BodyKind.TEXT, "Grüße"), "Grüße".encode(), "text/plain; charset=utf-8"),
        (Body(BodyKind.XML, "<on/>"), b"<on/>", "application/xml; charset=utf-8"),
        (
            Body(BodyKind.XML, {"lamp": {"@id": "1", "on": "<&>"}}),
            b'<?xml version="1.0" encoding="utf-8"?>\n<lamp id="1"><on>&lt;&amp;&gt;</on></lamp>',
            "application/xml; charset=utf-8",
        ),
        (Body(BodyKind.BYTES, b"\x00\x01"), b"\x00\x01", "application/octet-stream"),
    ],
)
async def test_body(
    vendor: aioresponses, connect: Connect, body: Body, sent: bytes, content_type: str
) -> None:
    vendor.post(X, status=204)
    answer = await connect().send(post(body=body))
    assert answer.data is None
    call = sent_to(vendor)[0][1]
    assert call["data"] == sent
    assert call["headers"]["Content-Type"] == content_type


@pytest.mark.parametrize(
    "body",
    [
        Body(BodyKind.JSON, {"key": object()}),
        Body(BodyKind.JSON, "\ud800"),
        Body(BodyKind.FORM, 5),
        Body(BodyKind.TEXT, 5),
        Body(BodyKind.TEXT, "\ud800"),
        Body(BodyKind.XML, {"two": 1, "roots": 2}),
    ],
)
async def test_body_that_cannot_be_written(connect: Connect, body: Body) -> None:
    with pytest.raises(CommandError, match=r"^the body cannot be written as"):
        await connect().send(post(body=body))


@pytest.mark.parametrize(
    ("status", "headers", "error"),
    [
        (301, {}, UnexpectedAnswerError),
        (304, {}, UnexpectedAnswerError),
        (400, {}, RefusedError),
        (401, {}, SignInError),
        (403, {}, RefusedError),
        (404, {}, NotFoundError),
        (409, {}, RefusedError),
        (410, {}, NotFoundError),
        (423, {}, RefusedError),
        (429, {}, RateLimitedError),
        (500, {}, OutageError),
        (502, {}, OutageError),
        (503, {}, OutageError),
        (503, {"Retry-After": "7"}, RateLimitedError),
        (504, {}, OutageError),
        (599, {}, OutageError),
        (799, {}, OutageError),
    ],
)
async def test_statuses(
    vendor: aioresponses,
    connect: Connect,
    status: int,
    headers: dict[str, str],
    error: type[VendorError],
) -> None:
    vendor.post(X, status=status, headers=headers, body="<html>")
    with pytest.raises(VendorError, match=r"^POST /v1/\{device.id\}/press: ") as caught:
        await connect().send(post())
    assert type(caught.value) is error
    assert caught.value.status == status


async def test_promised_statuses(vendor: aioresponses, connect: Connect) -> None:
    vendor.get(X, status=404, payload={"devices": []})
    vendor.get(X, status=200, payload={"devices": []})
    request = get(ok=frozenset({404}))
    connection = connect()
    assert (await connection.send(request)).data == {"devices": []}
    with pytest.raises(UnexpectedAnswerError) as caught:
        await connection.send(request)
    assert caught.value.status == 200


async def test_the_vendors_own_words(vendor: aioresponses, connect: Connect) -> None:
    words = "Device \u202eoffline,\r\n key K3Y-S3CRET " + "x" * 500
    vendor.post(X, status=409, payload={"error": {"message": words}}, repeat=True)
    connection = connect(
        auth=KeyAuth("K3Y-S3CRET"), describe_error=lambda data: data["error"]["message"]
    )
    with pytest.raises(RefusedError) as caught:
        await connection.send(post())
    assert caught.value.reason.startswith("409 Conflict: Device offline, key *** xxx")
    assert len(caught.value.reason) < 200
    with pytest.raises(RefusedError, match=r"409 Conflict: short$"):
        await connection.send(post(describe_error=lambda data: "short"))


async def test_a_success_that_is_a_failure(vendor: aioresponses, connect: Connect) -> None:
    vendor.get(X, payload={"ok": False, "why": "no such scene"}, repeat=True)

    def why(answer: Answer) -> str | None:
        return None if answer.data["ok"] else answer.data["why"]

    connection = connect(failure_body=why)
    for _ in range(2):
        with pytest.raises(RefusedError, match="no such scene") as caught:
            await connection.send(get())
        assert caught.value.status == 200
    assert (await connection.send(get(failure_body=lambda answer: None))).data["ok"] is False


@pytest.mark.parametrize(
    ("kind", "body", "content_type", "reason"),
    [
        (AnswerKind.JSON, "<!DOCTYPE html><p>Log in", "application/json", "web page"),
        (AnswerKind.JSON, "<p>Log in", "text/html; charset=utf-8", "web page"),
        (AnswerKind.JSON, "", "application/json", "empty"),
        (AnswerKind.JSON, '{"on": tr', "application/json", "no valid JSON"),
        (AnswerKind.AUTO, '{"on": tr', "application/json", "no valid JSON"),
        (AnswerKind.JSON, b'{"name": "\xff"}', "application/json", "no valid JSON"),
        (AnswerKind.JSON, '{"x": NaN}', "application/json", "no valid JSON"),
        (AnswerKind.JSON, "[" * 10_000_00, "application/json", "no valid JSON"),
        (AnswerKind.XML, "<a><b></a>", "application/xml", "no valid XML"),
        (AnswerKind.TEXT, b"\xff", "text/plain", "no valid utf-8 text"),
    ],
)
async def test_an_answer_that_was_not_promised(
    vendor: aioresponses,
    connect: Connect,
    kind: AnswerKind,
    body: str | bytes,
    content_type: str,
    reason: str,
) -> None:
    vendor.get(X, body=body, content_type=content_type)
    with pytest.raises(UnexpectedAnswerError, match=reason) as caught:
        await connect().send(get(answer=kind))
    assert caught.value.status == 200


async def test_retries_of_a_read(vendor: aioresponses, connect: Connect) -> None:
    clock = EagerClock()
    vendor.get(X, exception=ClientConnectionError("reset"))
    vendor.get(X, status=502)
    vendor.get(X, payload=1)
    connection = connect(clock=clock, retry=Retry(attempts=3, jitter=lambda low, high: high))
    assert (await connection.send(get(timeout=10))).data == 1
    assert clock.slept == [0.5, 1.0]
    assert connection.stats.retries == 2
    assert connection.stats.failures == 2
    assert [exchange.status for exchange in connection.exchanges.last["GET /v1/{device.id}"]] == [
        None,
        502,
        200,
    ]


async def test_retries_end(vendor: aioresponses, connect: Connect) -> None:
    vendor.get(X, status=500, repeat=True)
    connection = connect()
    with pytest.raises(OutageError):
        await connection.send(get())
    assert connection.stats.requests == 2
    # A pause that would outlast the deadline is not even begun.
    with pytest.raises(OutageError):
        await connection.send(get(timeout=0.01))
    assert connection.stats.requests == 3


@pytest.mark.parametrize("status", [400, 404, 409, 429])
async def test_what_is_not_retried(vendor: aioresponses, connect: Connect, status: int) -> None:
    vendor.get(X, status=status, repeat=True)
    connection = connect()
    with pytest.raises(VendorError):
        await connection.send(get())
    assert connection.stats.requests == 1


@pytest.mark.parametrize("failure", [{"status": 500}, {"exception": ClientConnectionError()}])
async def test_a_command_is_sent_once(
    vendor: aioresponses, connect: Connect, failure: dict[str, object]
) -> None:
    vendor.post(X, **failure, repeat=True)
    connection = connect(BASE, "https://other.example.com")
    with pytest.raises((OutageError, UnreachableError)):
        await connection.send(post())
    assert connection.stats.requests == 1


async def test_an_etag_saves_the_transfer(vendor: aioresponses, connect: Connect) -> None:
    vendor.get(X, payload={"n": 1}, headers={"ETag": '"a"'})
    vendor.get(X, status=304)
    vendor.get(X, payload={"n": 2}, headers={"ETag": '"b"'})
    vendor.get(X, payload={"n": 2})
    connection = connect()
    first = await connection.send(get())
    second = await connection.send(get())
    assert second.unchanged
    assert second.data is first.data
    third = await connection.send(get())
    assert not third.unchanged
    assert third.data == {"n": 2}
    await connection.send(get(etag=False))
    sent = [how["headers"].get("If-None-Match") for _, how in sent_to(vendor)]
    assert sent == [None, '"a"', '"a"', None]
    assert connection.stats.unchanged == 2


async def test_equal_bytes_are_decoded_once(vendor: aioresponses, connect: Connect) -> None:
    vendor.get(X, payload={"n": [1]}, repeat=True)
    vendor.post(X, payload={"n": [1]}, repeat=True)
    connection = connect()
    first, second = [await connection.send(get()) for _ in range(2)]
    assert second.unchanged
    assert second.data is first.data
    # A command's answer is always news.
    first, second = [await connection.send(post()) for _ in range(2)]
    assert not second.unchanged
    assert second.data is not first.data


async def test_only_good_answers_are_remembered(vendor: aioresponses, connect: Connect) -> None:
    vendor.get(X, status=409, payload={"n": 1}, headers={"ETag": '"a"'})
    vendor.get(X, payload={"n": 1})
    connection = connect()
    with pytest.raises(RefusedError):
        await connection.send(get())
    assert not (await connection.send(get())).unchanged


async def test_a_sign_out_is_not_remembered(vendor: aioresponses, connect: Connect) -> None:
    vendor.get(X, payload="signed out", headers={"ETag": '"a"'}, repeat=True)
    rejection = Rejection(body=lambda answer: answer.data)
    connection = connect(auth=KeyAuth("k", rejection=rejection))
    for _ in range(2):
        with pytest.raises(SignInError):
            await connection.send(get())
    assert [how["headers"].get("If-None-Match") for _, how in sent_to(vendor)] == [None, None]


async def test_patience_holds_back_polls_but_no_commands(
    vendor: aioresponses, connect: Connect
) -> None:
    vendor.get(X, status=429, headers={"Retry-After": "120"})
    vendor.get(X, payload=1)
    vendor.post(X, payload=2)
    clock = EagerClock()
    connection = connect(clock=clock, jitter=lambda _low, high: high)
    with pytest.raises(RateLimitedError) as caught:
        await connection.send(get())
    assert caught.value.retry_after == 120
    with pytest.raises(RateLimitedError, match="held back") as caught:
        await connection.send(get())
    # A tenth is added, at most: not all who were sent away are to come back at once.
    assert caught.value.retry_after == pytest.approx(132)
    assert (await connection.send(post())).data == 2
    clock.seconds += 127
    assert connection.held == pytest.approx(5)
    assert (await connection.send(get())).data == 1
    assert clock.slept == [pytest.approx(5)]


@pytest.mark.parametrize(
    "options",
    [
        {"path": "/a\r\nX: y"},
        {"path": "/a b"},
        {"path": "/a#b"},
        {"path": "/ä"},
        {"path": "/v1/../admin"},
        {"path": "/v1/%2e%2E/admin"},
        {"path": "/v1/..%2fadmin"},
        {"path": "/devices/.."},
        {"path": "v1"},
        {"path": ""},
        {"path": "https://evil.example.com/v1/x"},
        {"path": "http://api.example.com:8080/v1/x"},
        {"path": "//evil.example.com/x", "ok": frozenset({999})},
        {"path": "file:///etc/passwd"},
        {"path": "https://[broken/"},
        {"headers": {"X-Id": "a\r\nX-Admin: 1"}},
        {"headers": {"X-Id": "a\ud800"}},
        {"headers": {"X Id": "a"}},
    ],
)
async def test_what_cannot_be_sent(
    vendor: aioresponses, connect: Connect, options: dict[str, Any]
) -> None:
    # What begins with two slashes stays below the base address.
    vendor.get("https://api.example.com/v1//evil.example.com/x", payload=1)
    with pytest.raises(UnexpectedAnswerError) as caught:
        await connect().send(get(**options))
    assert "evil" not in str(caught.value)
    assert all(url.host == "api.example.com" for url, _ in sent_to(vendor))


async def test_links_of_the_vendors_own(vendor: aioresponses, connect: Connect) -> None:
    vendor.get("https://api.example.com/v2/next?cursor=a%2Fb", payload=2, repeat=True)
    connection = connect()
    link = "https://api.example.com/v2/next?cursor=a%2Fb"
    assert (await connection.send(get(link))).data == 2
    # Behind a proxy, a vendor may think that it is spoken to without TLS.
    assert (await connection.send(get(link.replace("https", "http")))).data == 2


@pytest.mark.parametrize("where", list(Where))
async def test_secrets_stay_out_of_sight(
    vendor: aioresponses, connect: Connect, where: Where, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = "S3CR3T-V4LUE"
    vendor.get(
        f"{X}?key={secret}" if where is Where.QUERY else X,
        status=500,
        body=secret,
        headers={"Location": secret},
        repeat=True,
    )
    connection = connect(auth=KeyAuth(secret, Place(where, "key")), describe_error=str)
    with pytest.raises(OutageError) as caught:
        await connection.send(get())
    request = get(f"/{secret}", headers={"X": secret}, body=Body(BodyKind.TEXT, secret))
    seen = [
        str(caught.value),
        repr(caught.value),
        repr(request),
        repr(request.body),
        repr(connection),
        repr(connection.auth),
        repr(connection.exchanges.last),
        caplog.text,
    ]
    assert not [text for text in seen if secret in text]


async def test_a_closed_connection_sends_nothing(vendor: aioresponses, connect: Connect) -> None:
    vendor.get(X, payload=1, repeat=True)
    connection = connect()
    await connection.close()
    with pytest.raises(UnreachableError, match="closed"):
        await connection.send(get())
    assert not vendor.requests


async def test_a_callers_limit_of_time_is_its_own(vendor: aioresponses, connect: Connect) -> None:
    async def forever(url: URL, **kwargs: object) -> None:
        await asyncio.sleep(60)

    vendor.get(X, callback=forever)
    connection = connect()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await connection.send(get())
    assert connection.exchanges.last["GET /v1/{device.id}"][0].reason == "given up"
