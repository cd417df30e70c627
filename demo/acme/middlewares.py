"""What every request goes through, from the outside in."""

from collections.abc import Awaitable, Callable
from hashlib import sha256
import logging
import time

from aiohttp import web

from .api.answers import answer, refusal
from .api.routes import OPEN, PREFIX
from .errors import AcmeError, BodyTooLargeError, MissingTokenError, RateLimitedError
from .fault_table import FAULTS
from .request_log import Entry
from .service import SERVICE, Service, bearer

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_LOGGER = logging.getLogger(__name__)
_ENTRY = web.RequestKey("acme_entry", Entry)
_BACK_DOOR = "/_sim"
_KEPT = ("Allow", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
_CODES = {
    404: "not_found",
    405: "method_not_allowed",
}


@web.middleware
async def log(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Note the request and how it was answered; the back door's are not noted."""
    if request.path.startswith(_BACK_DOOR):
        return await handler(request)
    service = request.app[SERVICE]
    too_large = False
    try:
        body = await request.read()
    except web.HTTPRequestEntityTooLarge:
        body, too_large = b"", True
    entry = service.log.open(
        at=service.clock.real(),
        method=request.method,
        path=request.path,
        query=request.query_string,
        session=_session(request, service),
        body=body,
    )
    request[_ENTRY] = entry
    begun = time.monotonic()
    try:
        if too_large:
            # What was read of it is gone, so nobody further in can see that it was too much.
            done: web.StreamResponse = refusal(BodyTooLargeError("the body is too large"))
        else:
            done = await handler(request)
        if request.transport is not None and not request.transport.is_closing():
            entry.status = done.status
        return done
    finally:
        entry.milliseconds = round((time.monotonic() - begun) * 1000)


def _session(request: web.Request, service: Service) -> int | None:
    try:
        return service.sessions.session(bearer(request))
    except AcmeError:
        return None


@web.middleware
async def faults(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let the fault that is on have the request."""
    if request.path.startswith(_BACK_DOOR):
        return await handler(request)
    fault = request.app[SERVICE].faults.strike(request.method, request.path)
    if fault is None:
        return await handler(request)
    request[_ENTRY].fault = fault.kind
    return await FAULTS[fault.kind](request, lambda: handler(request), fault)


@web.middleware
async def errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer every refusal with the API's own error body."""
    try:
        return await handler(request)
    except AcmeError as error:
        return refusal(error)
    except web.HTTPException as error:
        code = _CODES.get(error.status, "bad_request")
        kept = {name: error.headers[name] for name in _KEPT if name in error.headers}
        body = {"error": {"code": code, "message": error.reason.lower()}}
        return answer(body, status=error.status, headers=kept)
    except Exception:
        _LOGGER.exception("%s %s failed", request.method, request.path)
        body = {"error": {"code": "internal_error", "message": "something went wrong"}}
        return answer(body, status=500)


@web.middleware
async def etags(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give each answer to a GET an ETag, and send no body that the client has."""
    done = await handler(request)
    if request.method not in {"GET", "HEAD"} or not isinstance(done, web.Response):
        return done
    if done.status != web.HTTPOk.status_code or not isinstance(done.body, bytes):
        return done
    tag = sha256(done.body).hexdigest()[:32]
    done.etag = tag
    known = request.if_none_match or ()
    # A fault is to spoil the body, so there has to be one.
    struck = _ENTRY in request and request[_ENTRY].fault is not None
    if struck or not any(have.value in {tag, "*"} for have in known):
        return done
    kept = {name: value for name, value in done.headers.items() if not name.startswith("Content-")}
    return web.Response(status=304, headers=kept)


@web.middleware
async def sign_in(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let in who has a good token and requests left."""
    if not request.path.startswith(PREFIX) or request.path in OPEN:
        return await handler(request)
    service = request.app[SERVICE]
    token = bearer(request)
    if not token:
        raise MissingTokenError("send 'Authorization: Bearer <access token>'", headers=_CHALLENGE)
    try:
        session = service.sessions.session(token)
    except AcmeError as error:
        error.headers |= _CHALLENGE
        raise
    allowed, headers = service.limiter.count(session)
    if not allowed:
        raise RateLimitedError("too many requests", headers=headers)
    try:
        done = await handler(request)
    except (AcmeError, web.HTTPException) as error:
        error.headers.update(headers)
        raise
    done.headers.update(headers)
    return done


_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="acme"'}

ALL = (log, faults, errors, etags, sign_in)
