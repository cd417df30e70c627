"""How requests are read and answers are written."""

import base64
import binascii
from collections.abc import Mapping
from datetime import UTC, datetime
import json
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from ..clock import from_datetime
from ..errors import AcmeError, InvalidCursorError, InvalidValueError, MalformedBodyError
from ..fields import Field


def answer(
    data: Mapping[str, Any], *, status: int = 200, headers: Mapping[str, str] | None = None
) -> web.Response:
    """Return JSON: ASCII, and never NaN."""
    text = json.dumps(data, allow_nan=False, separators=(",", ":"))
    return web.Response(text=text, status=status, headers=headers, content_type="application/json")


def refusal(error: AcmeError) -> web.Response:
    """Return an error as an answer."""
    return answer(error.body(), status=error.status, headers=error.headers)


async def read_body(request: web.Request) -> dict[str, Any]:
    """Return the JSON object that a request carries.

    Raises ``MalformedBodyError`` for what is no JSON, ``InvalidValueError`` for other JSON.
    """
    raw = await request.read()
    try:
        body = json.loads(raw, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise MalformedBodyError("the body is no JSON") from error
    if not isinstance(body, dict):
        raise InvalidValueError("the body must be a JSON object")
    return body


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def query(request: web.Request, name: str, field: Field) -> Any:  # noqa: ANN401 - the field's type
    """Return a whole number from the query, None if it is not there."""
    text = request.query.get(name)
    if text is None:
        return None
    try:
        return field.check(int(text) if text.isascii() and text.isdecimal() else text)
    except ValueError as error:
        raise InvalidValueError(f"{name} must {error}", field=name) from error


def query_time(request: web.Request, name: str, zone: ZoneInfo) -> int | None:
    """Return a time from the query; one without offset is local, a bare date its midnight."""
    text = request.query.get(name)
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)
        return from_datetime(aware.astimezone(UTC))
    except (ValueError, OverflowError) as error:
        raise InvalidValueError(f"{name} must be a time in ISO 8601", field=name) from error


def write_cursor(position: int) -> str:
    """Return a cursor: opaque to clients."""
    return base64.urlsafe_b64encode(f"p{position}".encode()).decode().rstrip("=")


def read_cursor(request: web.Request) -> int | None:
    """Return the position in the query's cursor, None if there is none."""
    text = request.query.get("cursor")
    if text is None:
        return None
    try:
        padded = text + "=" * (-len(text) % 4)
        content = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, UnicodeError, ValueError) as error:
        raise InvalidCursorError("the cursor did not come from here") from error
    number = content.removeprefix("p")
    if number == content or not number.isdecimal() or len(number) > 18:  # noqa: PLR2004 - 64 bits
        raise InvalidCursorError("the cursor did not come from here")
    return int(number)
