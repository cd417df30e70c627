"""What each fault does to a request, one function each."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from .errors import RateLimitedError
from .faults import Fault
from .service import SERVICE, bearer

type Answer = Callable[[], Awaitable[web.StreamResponse]]
"""Has the request answered as if nothing were wrong."""

_GARBAGE = bytes(range(256)) * 4
_HTML = "<!doctype html><html><head><title>502</title></head><body>Bad gateway</body></html>"
_PIECES = 10


def cut(request: web.Request, *, reset: bool = False) -> web.StreamResponse:
    """Close the connection without an answer."""
    if request.transport is not None:
        if reset:
            request.transport.abort()
        else:
            request.transport.close()
    return web.Response(status=500)


async def _down(request: web.Request, _answer: Answer, _fault: Fault) -> web.StreamResponse:
    return cut(request)


async def _lost(request: web.Request, answer: Answer, _fault: Fault) -> web.StreamResponse:
    await answer()
    return cut(request)


async def _slow(_request: web.Request, answer: Answer, fault: Fault) -> web.StreamResponse:
    await asyncio.sleep(fault.delay)
    return await answer()


async def _late(_request: web.Request, answer: Answer, fault: Fault) -> web.StreamResponse:
    done = await answer()
    await asyncio.sleep(fault.delay)
    return done


async def _slow_body(request: web.Request, answer: Answer, fault: Fault) -> web.StreamResponse:
    body = _bytes(await answer())
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    response.content_length = len(body)
    await response.prepare(request)
    piece = len(body) // _PIECES + 1
    for start in range(0, len(body), piece):
        await asyncio.sleep(fault.delay / _PIECES)
        await response.write(body[start : start + piece])
    await response.write_eof()
    return response


async def _reset(request: web.Request, answer: Answer, _fault: Fault) -> web.StreamResponse:
    body = _bytes(await answer())
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    response.content_length = len(body) + 1
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    cut(request)
    return response


async def _expire(request: web.Request, answer: Answer, _fault: Fault) -> web.StreamResponse:
    request.app[SERVICE].sessions.expire(bearer(request))
    return await answer()


async def _error(_request: web.Request, _answer: Answer, fault: Fault) -> web.StreamResponse:
    error = {"code": "internal_error", "message": "something went wrong"}
    return web.json_response({"error": error}, status=fault.status)


async def _rate_limited(_request: web.Request, _answer: Answer, fault: Fault) -> web.StreamResponse:
    refusal = RateLimitedError("too many requests")
    headers = {"Retry-After": str(fault.retry_after)}
    return web.json_response(refusal.body(), status=refusal.status, headers=headers)


async def _garbage(_request: web.Request, answer: Answer, _fault: Fault) -> web.StreamResponse:
    done = await answer()
    return web.Response(body=_GARBAGE, status=done.status, content_type="application/json")


async def _truncated(_request: web.Request, answer: Answer, _fault: Fault) -> web.StreamResponse:
    done = await answer()
    body = _bytes(done)
    # A complete answer by its own account: only its JSON breaks off.
    return web.Response(
        body=body[: len(body) * 2 // 3], status=done.status, content_type="application/json"
    )


async def _html(_request: web.Request, _answer: Answer, _fault: Fault) -> web.StreamResponse:
    return web.Response(text=_HTML, content_type="text/html")


async def _empty(_request: web.Request, _answer: Answer, _fault: Fault) -> web.StreamResponse:
    return web.Response(content_type="application/json")


async def _enormous(request: web.Request, _answer: Answer, _fault: Fault) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    for _ in range(160):
        await response.write(b"[" * 65536)
    await response.write_eof()
    return response


async def _answered(_request: web.Request, _answer: Answer, fault: Fault) -> web.StreamResponse:
    return web.Response(text=fault.body, status=fault.status, content_type=fault.content_type)


def _bytes(response: web.StreamResponse) -> bytes:
    body = response.body if isinstance(response, web.Response) else None
    return body if isinstance(body, bytes) else b""


FAULTS: Mapping[str, Callable[[web.Request, Answer, Fault], Awaitable[web.StreamResponse]]] = {
    "down": _down,
    "lost": _lost,
    "slow": _slow,
    "late": _late,
    "slow_body": _slow_body,
    "reset": _reset,
    "error500": _error,
    "rate_limited": _rate_limited,
    "expire_tokens": _expire,
    "garbage": _garbage,
    "truncated_json": _truncated,
    "html": _html,
    "empty": _empty,
    "enormous": _enormous,
    "answer": _answered,
}
"""Every fault, by its name."""
