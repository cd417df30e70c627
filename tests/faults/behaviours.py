"""What can be done to a request or to its answer."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
import json
import re
from typing import Any

from .http import Answered
from .proxy import Behaviour, Exchange

DRIP_SECONDS = 0.25
HALF = 2
HTML = b"<!doctype html><html><body><h1>We will be right back</h1></body></html>"
ENORMOUS = 50 * 2**20
_CHUNK = b"[" * 2**16
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")

# --- connections --------------------------------------------------------------------------------


async def pass_on(exchange: Exchange) -> None:
    """Do nothing wrong."""
    await exchange.answer(await exchange.forward())


async def close_unanswered(exchange: Exchange) -> None:
    """Close the connection; nothing was done."""
    exchange.close()


async def reset_unanswered(exchange: Exchange) -> None:
    """Break the connection; nothing was done."""
    exchange.reset()


async def lose_answer(exchange: Exchange) -> None:
    """Do what was asked, then close the connection."""
    await exchange.forward()
    exchange.close()


async def reset_in_headers(exchange: Exchange) -> None:
    """Do what was asked, and break the connection in the middle of the headers."""
    answered = await exchange.forward()
    await exchange.send(answered.head()[:40])
    await asyncio.sleep(0.05)
    exchange.reset()


async def reset_in_body(exchange: Exchange) -> None:
    """Do what was asked, and break the connection in the middle of the body."""
    data = (await exchange.forward()).encoded()
    await exchange.send(data[: -max(len(data) // 4, 2)])
    await asyncio.sleep(0.05)
    exchange.reset()


async def slow_headers(exchange: Exchange) -> None:
    """Send the headers one letter at a time, until the client has had enough."""
    head = (await exchange.forward()).encoded()
    for place in range(len(head)):
        await exchange.send(head[place : place + 1])
        await asyncio.sleep(DRIP_SECONDS)


async def slow_body(exchange: Exchange) -> None:
    """Send the headers at once and the body one letter at a time."""
    answered = await exchange.forward()
    length = ("Content-Length", str(len(answered.body)))
    await exchange.send(answered.head(length))
    for place in range(len(answered.body)):
        await exchange.send(answered.body[place : place + 1])
        await asyncio.sleep(DRIP_SECONDS)


async def take_a_while(exchange: Exchange) -> None:
    """Answer late, but in time."""
    answered = await exchange.forward()
    await asyncio.sleep(0.4)
    await exchange.answer(answered)


async def hang(exchange: Exchange) -> None:
    """Take the request and never answer."""
    await exchange.until_left()


async def close_after_answer(exchange: Exchange) -> None:
    """Answer well, and close a connection that was promised to stay open."""
    await exchange.answer(await exchange.forward())
    exchange.close()


async def reset_after_answer(exchange: Exchange) -> None:
    """Answer well, and break the connection a moment later, when it is idle or just used again."""
    await exchange.answer(await exchange.forward())
    await asyncio.sleep(0.1)
    exchange.reset()


async def answer_twice(exchange: Exchange) -> None:
    """Send the same answer twice on one connection."""
    answered = await exchange.forward()
    await exchange.send(answered.encoded() + answered.encoded())


async def http_1_0(exchange: Exchange) -> None:
    """Answer as HTTP/1.0: no length, the end of the connection is the end of the body."""
    answered = await exchange.forward()
    await exchange.send(answered.head(version="1.0") + answered.body)
    exchange.close()


async def restart_before(exchange: Exchange) -> None:
    """Restart the vendor before it has done what was asked."""
    exchange.proxy.restart()


async def restart_after(exchange: Exchange) -> None:
    """Restart the vendor after it has done what was asked, and before it has answered."""
    await exchange.forward()
    exchange.proxy.restart()


# --- framing ------------------------------------------------------------------------------------


async def cut_short(exchange: Exchange) -> None:
    """Promise more bytes than come."""
    answered = await exchange.forward()
    length = ("Content-Length", str(len(answered.body)))
    await exchange.send(answered.head(length) + answered.body[: len(answered.body) // HALF])
    exchange.close()


async def understate_length(exchange: Exchange) -> None:
    """Promise fewer bytes than come."""
    answered = await exchange.forward()
    length = ("Content-Length", str(len(answered.body) // HALF))
    await exchange.send(answered.head(length) + answered.body)


async def break_chunks(exchange: Exchange) -> None:
    """Send chunks whose sizes are no numbers."""
    answered = await exchange.forward()
    head = answered.head(("Transfer-Encoding", "chunked"))
    await exchange.send(head + b"5\r\n" + answered.body[:5] + b"\r\nlots\r\n" + answered.body[5:])
    exchange.close()


async def claim_gzip(exchange: Exchange) -> None:
    """Say that the body is compressed, which it is not."""
    answered = await exchange.forward()
    more = [("Content-Encoding", "gzip"), ("Content-Length", str(len(answered.body)))]
    await exchange.send(answered.head(*more) + answered.body)


async def speak_something_else(exchange: Exchange) -> None:
    """Answer with what is no HTTP."""
    await exchange.send(b"SSH-2.0-OpenSSH_9.9\r\n\x00\x01\x02\x03\r\n\r\n")
    exchange.close()


async def enormous(exchange: Exchange) -> None:
    """Send fifty megabytes of opening brackets."""
    await exchange.send(Answered.of(200).head(("Content-Length", str(ENORMOUS))))
    for _ in range(ENORMOUS // len(_CHUNK)):
        await exchange.send(_CHUNK)


async def enormous_chunked(exchange: Exchange) -> None:
    """Send fifty megabytes without saying so beforehand."""
    await exchange.send(Answered.of(200).head(("Transfer-Encoding", "chunked")))
    for _ in range(ENORMOUS // len(_CHUNK)):
        await exchange.send(f"{len(_CHUNK):x}\r\n".encode() + _CHUNK + b"\r\n")
    await exchange.send(b"0\r\n\r\n")


# --- answers ------------------------------------------------------------------------------------


def refuse(status: int, **headers: str) -> Behaviour:
    """Refuse with a status and an error body; nothing is done."""

    async def behave(exchange: Exchange) -> None:
        body = b'{"error": {"code": "made_up", "message": "the vendor says no"}}'
        await exchange.answer(Answered.of(status, body, **headers))

    return behave


def replace(body: bytes, content_type: str = "application/json", status: int = 200) -> Behaviour:
    """Do what was asked, and answer something else."""

    async def behave(exchange: Exchange) -> None:
        await exchange.forward()
        await exchange.answer(Answered.of(status, body, content_type))

    return behave


async def redirect_away(exchange: Exchange) -> None:
    """Send the client to another host; nothing is done."""
    target = f"{exchange.proxy.elsewhere}{exchange.asked.target}"
    await exchange.answer(Answered.of(307, Location=target))


async def redirect_to_itself(exchange: Exchange) -> None:
    """Send the client where it is already; nothing is done."""
    await exchange.answer(Answered.of(307, Location=exchange.asked.target))


async def expire_tokens(exchange: Exchange) -> None:
    """Have the access token expire while the request is on its way."""
    assert exchange.proxy.service is not None
    exchange.proxy.service.sessions.expire_all()
    await pass_on(exchange)


async def refuse_refresh(exchange: Exchange) -> None:
    """Accept no refresh token, but logins."""
    is_refresh = exchange.asked.path == "/v1/refresh"
    await (refuse(401) if is_refresh else pass_on)(exchange)


def change(spoil: Callable[[Any], Any]) -> Behaviour:
    """Do what was asked, and answer with the vendor's own data, spoilt.

    What the vendor does not answer with success is left as it is.
    """

    async def behave(exchange: Exchange) -> None:
        answered = await exchange.forward()
        if not 200 <= answered.status < 300 or not answered.body:
            await exchange.answer(answered)
            return
        body = json.dumps(spoil(answered.data)).encode()
        await exchange.answer(answered.but(body))

    return behave


def change_bytes(spoil: Callable[[bytes], bytes]) -> Behaviour:
    """Do what was asked, and answer with the vendor's own bytes, spoilt."""

    async def behave(exchange: Exchange) -> None:
        answered = await exchange.forward()
        await exchange.answer(answered.but(spoil(answered.body)))

    return behave


def second_page(behaviour: Behaviour) -> Behaviour:
    """Strike only requests for a page behind the first."""

    async def behave(exchange: Exchange) -> None:
        await (behaviour if "cursor=" in exchange.asked.target else pass_on)(exchange)

    return behave


async def page_away(exchange: Exchange) -> None:
    """Say that the next page is at another host."""
    answered = await exchange.forward()
    if exchange.asked.path == "/v1/devices":
        links = {"next": f"{exchange.proxy.elsewhere}/v1/devices?cursor=2"}
        answered = answered.but(json.dumps({**answered.data, "links": links}).encode())
    await exchange.answer(answered)


# --- data ---------------------------------------------------------------------------------------


def each(spoil: Callable[[int, dict[str, Any]], Any]) -> Callable[[Any], Any]:
    """Spoil each item of a list, or the whole where there is no list."""

    def behave(data: Any) -> Any:
        items = data.get("data") if isinstance(data, dict) else None
        if not isinstance(items, list):
            return spoil(0, data)
        return {**data, "data": [spoil(number, item) for number, item in enumerate(items)]}

    return behave


def wrong_types(_number: int, item: dict[str, Any]) -> Any:
    """Make lists of all values but the id."""
    return {key: value if key == "serial" else [[value]] for key, value in item.items()}


def without_id(number: int, item: dict[str, Any]) -> Any:
    """Leave the id of every second item out."""
    return item if number % 2 else {key: item[key] for key in item if key != "serial"}


def id_of_another_type(number: int, item: dict[str, Any]) -> Any:
    """Make every second id a list."""
    return item if number % 2 else {**item, "serial": [item.get("serial")]}


def doubled(data: Any) -> Any:
    """Tell of every item twice, the second time with other values."""

    def other(item: dict[str, Any]) -> dict[str, Any]:
        return {**item, **({"label": "An impostor"} if "label" in item else {"battery": 1})}

    if not isinstance(data, dict) or "data" not in data:
        return data
    return {**data, "data": [one for item in data["data"] for one in (item, other(item))]}


def half(data: Any) -> Any:
    """Leave out half of the items."""
    if not isinstance(data, dict) or "data" not in data:
        return data
    return {**data, "data": data["data"][::HALF]}


def page_to_itself(data: Any) -> Any:
    """Say that the next page is the first one."""
    if not isinstance(data, dict) or "links" not in data:
        return data
    return {**data, "links": {"next": "/v1/devices"}}


def not_a_number(body: bytes) -> bytes:
    """Write NaN and Infinity where there were numbers, which JSON does not know."""
    return re.sub(rb":\s*-?\d+(\.\d+)?(?=[,}])", b": NaN", body)


def latin_1(body: bytes) -> bytes:
    """Write an accent in a character set that the answer does not name."""
    text = body.decode().replace("Kitchen", "K\u00fcche", 1).replace("{", '{"note": "\u00e9", ', 1)
    return text.encode("latin-1")


def shifted(hours: float) -> Callable[[Any], Any]:
    """Move all times by so many hours."""

    def move(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: move(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [move(inner) for inner in value]
        if isinstance(value, str) and _TIME.match(value):
            return (datetime.fromisoformat(value) + timedelta(hours=hours)).isoformat()
        return value

    return move
