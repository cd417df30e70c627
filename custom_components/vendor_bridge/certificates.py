"""Certificates that nobody vouches for, which the user may accept by their fingerprint."""

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
import ssl
from typing import Final

from aiohttp import (
    ClientConnectorCertificateError,
    ClientError,
    ClientSession,
    ClientTimeout,
    Fingerprint,
    ServerFingerprintMismatch,
)
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from yarl import URL

from .bridge.http.wire import server_of

PATIENCE: Final = 10.0
LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What a server at "host:port" shows; ``fingerprint`` is its SHA-256 in hex, times are UTC.

    The names are a stranger's words. ``changed`` says that another one was accepted before.
    """

    server: str
    fingerprint: str
    subject: str
    issuer: str
    valid_from: datetime
    valid_to: datetime
    changed: bool

    def placeholders(self) -> dict[str, str]:
        """Return the texts of the form that asks about it."""
        pairs = zip(self.fingerprint[::2], self.fingerprint[1::2], strict=True)
        return {
            "server": self.server,
            "fingerprint": ":".join(a + b for a, b in pairs).upper(),
            "subject": _shown(self.subject),
            "issuer": _shown(self.issuer),
            "valid_from": f"{self.valid_from:%Y-%m-%d}",
            "valid_to": f"{self.valid_to:%Y-%m-%d}",
        }


async def async_find_untrusted(
    session: ClientSession, addresses: Iterable[URL], accepted: Mapping[str, str]
) -> Certificate | None:
    """Return the first certificate that neither an authority vouches for nor the user accepted.

    Servers that cannot be reached have none to show, and neither have those without TLS.
    """
    for address in addresses:
        if address.scheme != "https" or address.host is None:
            continue
        pin = accepted.get(server_of(address))
        if await _is_untrusted(session, address.origin(), pin) and (
            raw := await _async_fetch(address)
        ):
            return _read(raw, server_of(address), changed=pin is not None)
    return None


async def _is_untrusted(session: ClientSession, origin: URL, pin: str | None) -> bool:
    check = True if pin is None else Fingerprint(bytes.fromhex(pin))
    timeout = ClientTimeout(total=PATIENCE)
    try:
        async with session.head(origin, ssl=check, allow_redirects=False, timeout=timeout):
            return False
    except ClientConnectorCertificateError, ServerFingerprintMismatch:
        return True
    except ClientError, TimeoutError, OSError:
        return False


async def _async_fetch(address: URL) -> bytes | None:
    """Return the certificate that a server shows, without believing it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(PATIENCE):
            _, writer = await asyncio.open_connection(address.host, address.port, ssl=context)
            try:
                shown: ssl.SSLObject = writer.get_extra_info("ssl_object")
                return shown.getpeercert(binary_form=True)
            finally:
                writer.close()
    return None


def _read(raw: bytes, server: str, *, changed: bool) -> Certificate | None:
    """Return what a certificate says of itself, or None for one that cannot be read."""
    try:
        certificate = x509.load_der_x509_certificate(raw)
        return Certificate(
            server=server,
            fingerprint=certificate.fingerprint(SHA256()).hex(),
            subject=certificate.subject.rfc4514_string(),
            issuer=certificate.issuer.rfc4514_string(),
            valid_from=certificate.not_valid_before_utc,
            valid_to=certificate.not_valid_after_utc,
            changed=changed,
        )
    except ValueError:
        return None


def _shown(name: str) -> str:
    """Return a name as Markdown shows it word for word."""
    plain = "".join(one for one in name if one.isprintable() and one != "`")
    return f"`{plain[:LONGEST_NAME] or '-'}`"
