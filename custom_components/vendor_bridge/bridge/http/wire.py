"""One request over the wire and what comes back, with everything that aiohttp can raise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ssl import SSLContext
from typing import Final

import aiohttp
from aiohttp import (
    ClientHandlerType,
    ClientRequest,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    Fingerprint,
)
from aiohttp.http_exceptions import ContentEncodingError
from multidict import CIMultiDictProxy
from yarl import URL

from ..errors import CertificateError, UnexpectedAnswerError, UnreachableError
from .auth import Outgoing

type Tls = SSLContext | Fingerprint | bool
"""How to check a certificate: True as usual, False not at all."""

REFUSAL_BYTES: Final = 64 * 2**10
"""So much of a refusal is read as a vendor's own words may need."""


class Unreached(Exception):  # noqa: N818 never leaves this package
    """No answer came. ``sent`` is False only when the request surely did not reach the vendor.

    ``kind`` is the error that it becomes.
    """

    def __init__(
        self, reason: str, *, sent: bool, kind: type[UnreachableError] = UnreachableError
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.sent = sent
        self.kind = kind


@dataclass(slots=True)
class Reply:
    """An answer, not yet decoded. ``broken`` says why ``body`` is not what the vendor meant."""

    status: int
    headers: CIMultiDictProxy[str] = field(repr=False)
    body: bytes = field(repr=False)
    broken: str | None = None


class Wire:
    """Sends requests through a session that belongs to somebody else.

    ``pins`` are the certificates that are accepted of some servers, each by "host:port", whoever
    vouches for them; ``tls`` is how those of the others are checked.
    """

    def __init__(
        self,
        session: ClientSession,
        *,
        tls: Tls,
        connect_timeout: float,
        max_bytes: int,
        pins: Mapping[str, Fingerprint] | None = None,
    ) -> None:
        self._session = session
        self._tls = tls
        self._pins = pins or {}
        self.checks_as_usual = tls is True and not pins
        self._timeout = ClientTimeout(total=None, connect=connect_timeout)
        self._max_bytes = max_bytes

    async def exchange(
        self,
        outgoing: Outgoing,
        *,
        idempotent: bool,
        accepts: frozenset[int] | None,
        own: bool = True,
    ) -> Reply:
        """Send a request and read its answer, however long that takes.

        ``accepts`` are the statuses whose bodies may be large; None stands for every 2xx. What is
        said of certificates holds for the account's ``own`` servers alone. Raises Unreached, and
        UnexpectedAnswerError for what is no HTTP or too large.
        """
        middlewares = outgoing.middlewares
        if not idempotent:
            middlewares += (_once,)
        try:
            response = await self._session.request(
                outgoing.method,
                outgoing.url,
                headers=outgoing.headers,
                data=outgoing.body or None,
                allow_redirects=False,
                raise_for_status=False,
                timeout=self._timeout,
                ssl=self._check(outgoing.url) if own else True,
                middlewares=middlewares,
            )
            try:
                return await self._read(response, accepts)
            finally:
                if not response.closed:  # read to its end, it has given its connection back
                    response.release()
        except aiohttp.ServerFingerprintMismatch:
            reason = "the certificate is another one than was accepted"
            raise Unreached(reason, sent=False, kind=CertificateError) from None
        except aiohttp.ClientError as error:
            raise _explain(error) from None
        except TimeoutError:
            raise Unreached("does not answer in time", sent=True) from None
        except OSError:
            raise Unreached("the connection broke", sent=True) from None
        except ValueError:
            raise UnexpectedAnswerError("was filled in with what cannot be sent") from None
        except RuntimeError as error:
            if not self._session.closed:
                raise
            raise Unreached("the session is closed", sent=False) from error

    def _check(self, url: URL) -> Tls:
        return self._pins.get(server_of(url), self._tls) if self._pins else self._tls

    async def _read(self, response: ClientResponse, accepts: frozenset[int] | None) -> Reply:
        good = 200 <= response.status < 300 if accepts is None else response.status in accepts  # noqa: PLR2004 the 2xx
        limit = self._max_bytes if good else REFUSAL_BYTES
        broken = None
        chunks: list[bytes] = []
        size = 0
        if good and (response.content_length or 0) > limit:
            response.close()
            raise UnexpectedAnswerError(_too_large(limit), status=response.status)
        try:
            while not response.content.at_eof():
                chunk = await response.content.readany()
                size += len(chunk)
                if size > limit:
                    break
                chunks.append(chunk)
        except aiohttp.ClientPayloadError as error:
            if good:
                raise
            # A refusal's status says enough.
            broken = _explain(error).reason
        if size > limit:
            # The rest is not worth waiting for, so the connection cannot be used again.
            response.close()
            if good:
                raise UnexpectedAnswerError(_too_large(limit), status=response.status)
            broken = _too_large(limit)
        body = chunks[0] if len(chunks) == 1 else b"".join(chunks)
        return Reply(response.status, response.headers, body, broken)


def server_of(url: URL) -> str:
    """Return the server of a URL as "host:port"."""
    return f"{url.host}:{url.port}"


class _InterruptedError(aiohttp.ClientError):
    """A connection that broke, in a guise in which aiohttp leaves it at that."""


async def _once(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
    """Keep aiohttp from sending a PUT or DELETE again by itself when the connection breaks.

    By the letter of HTTP it may; but a lock that toggles with a PUT would toggle twice.
    """
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise _InterruptedError from error


_UNREACHED: Final[Sequence[tuple[type[aiohttp.ClientError], str, bool]]] = (
    # The first that fits counts; the last column says whether the request may have arrived.
    (aiohttp.ClientConnectorDNSError, "the name does not resolve", False),
    (aiohttp.ClientConnectorSSLError, "no secure connection can be made", False),
    (aiohttp.ConnectionTimeoutError, "cannot be reached in time", False),
    (aiohttp.ClientConnectorError, "cannot be reached", False),
    (aiohttp.ClientPayloadError, "the connection broke in the middle of the answer", True),
    (aiohttp.ClientConnectionError, "the connection broke", True),
    (_InterruptedError, "the connection broke", True),
)


def _explain(error: aiohttp.ClientError) -> Unreached | UnexpectedAnswerError:
    """Return our own error for one of aiohttp's, which name hosts and hold whole headers."""
    if isinstance(error, aiohttp.ClientResponseError):
        return UnexpectedAnswerError("the answer is no valid HTTP")
    if isinstance(error.__cause__, ContentEncodingError):
        return UnexpectedAnswerError("the answer's compression is broken")
    if isinstance(error, aiohttp.ClientConnectorError) and isinstance(
        error.os_error, ConnectionRefusedError
    ):
        return Unreached("refuses the connection", sent=False)
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return Unreached("the certificate is not trusted", sent=False, kind=CertificateError)
    for kind, reason, sent in _UNREACHED:
        if isinstance(error, kind):
            return Unreached(reason, sent=sent)
    return UnexpectedAnswerError("cannot be sent")


def _too_large(limit: int) -> str:
    return f"the answer is larger than {limit // 1024} KiB"
