"""The account's own addresses: which one to use, and what lies outside."""

from collections.abc import Sequence
import re
from typing import Final

from yarl import URL

from ..clock import Clock
from ..errors import UnexpectedAnswerError

_SENDABLE: Final = re.compile(r"[!-~]+")
_CLIMBING: Final = re.compile(r"(/|%2f|\\|%5c)(\.|%2e){1,2}(/|%2f|\\|%5c|$)", re.IGNORECASE)
_STANDARD_PORTS: Final = {"http": 80, "https": 443}


class Addresses:
    """Base addresses, the preferred one first. The one that works is kept to.

    After ``return_after`` seconds away from the first, an idempotent request tries that again.
    """

    def __init__(self, urls: Sequence[URL], clock: Clock, return_after: float = 60.0) -> None:
        if not urls:
            raise ValueError("an account needs at least one address")
        self._bases = tuple(f"{url.origin()}{url.raw_path.rstrip('/')}" for url in urls)
        self._origins = tuple(dict.fromkeys(url.origin() for url in urls))
        self._clock = clock
        self._return_after = return_after
        self._current = 0
        self._first_due = 0.0

    @property
    def current(self) -> URL:
        """Return the base address in use."""
        return URL(self._bases[self._current], encoded=True)

    def candidates(self, path: str, *, idempotent: bool) -> Sequence[tuple[int, URL]]:
        """Return where to send a request: each address's number and URL, the first choice first.

        ``path`` is as in Request. Raises UnexpectedAnswerError for one that leaves the account's
        hosts or that cannot be sent; what it was filled in with is some answer's.
        """
        if not path.startswith("/"):
            return ((self._current, self.own(path, None)),)
        before_query = path.partition("?")[0]
        if not _SENDABLE.fullmatch(path) or "#" in path or _CLIMBING.search(before_query):
            raise UnexpectedAnswerError("the path was filled in with what a path cannot hold")
        order = [*range(self._current, len(self._bases)), *range(self._current)]
        if self._current and idempotent and self._clock.monotonic() >= self._first_due:
            order.remove(0)
            order.insert(0, 0)
        return tuple((number, URL(self._bases[number] + path, encoded=True)) for number in order)

    def own(self, link: str, base: URL | None) -> URL:
        """Return where a link leads that a vendor gave.

        ``base`` is where a redirect was met; it may be relative, and must not lead from https to
        http. Without a base, a link is followed by https where our own host has that: vendors
        behind a proxy often know no better. Raises UnexpectedAnswerError for any other host.
        """
        try:
            url = URL(link)
            url = (base.join(url) if base else url).with_user(None).with_fragment(None)
            origin = url.origin()
        except ValueError, TypeError:
            raise UnexpectedAnswerError("leads to something that is no address") from None
        if base and base.scheme == "https" and origin.scheme != "https":
            raise UnexpectedAnswerError("redirects from https to http")
        if base is None and origin not in self._origins and _is_upgrade(origin, _secure(origin)):
            url, origin = _secure(url), _secure(origin)
        if not any(origin == own or _is_upgrade(own, origin) for own in self._origins):
            raise UnexpectedAnswerError("leads to another host")
        if _CLIMBING.search(url.raw_path):
            raise UnexpectedAnswerError("leads to something that is no address")
        return url

    def succeeded(self, number: int) -> None:
        """Keep to an address that works."""
        self._current = number

    def failed(self, number: int) -> None:
        """Leave an address that does not work; the next request begins with the one after it."""
        if number == 0:
            self._first_due = self._clock.monotonic() + self._return_after
        if number == self._current:
            self._current = (number + 1) % len(self._bases)


def _secure(url: URL) -> URL:
    return url.with_scheme("https") if url.scheme == "http" else url


def _is_upgrade(own: URL, other: URL) -> bool:
    """Return whether ``other`` is the same host as ``own``, now by https, on standard ports."""
    return (
        own.host == other.host
        and (own.scheme, other.scheme) == ("http", "https")
        and own.port == _STANDARD_PORTS["http"]
        and other.port == _STANDARD_PORTS["https"]
    )
