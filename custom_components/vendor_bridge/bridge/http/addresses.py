"""The account's own addresses: which one to use, and what lies outside."""

from collections.abc import Sequence
from functools import lru_cache
import re
from typing import Final

from yarl import URL

from ..clock import Clock
from ..errors import UnexpectedAnswerError

_SENDABLE: Final = re.compile(r"[!-~]+")
_CLIMBING: Final = re.compile(r"(/|%2f|\\|%5c)(\.|%2e){1,2}(/|%2f|\\|%5c|$)", re.IGNORECASE)
_PORTS: Final = {"http": 80, "https": 443}

PATHS: Final = 1024
"""How many paths' URLs are kept: most are asked for again, and making one takes time."""

type Origin = tuple[str, str, int | None]

type Candidates = Sequence[tuple[int, URL]]
"""Where a request can be sent: each address's number and URL, the first choice first."""


class Addresses:
    """Base addresses, the preferred one first. The one that works is kept to.

    After ``return_after`` seconds away from the first, an idempotent request tries that again.
    """

    def __init__(self, urls: Sequence[URL], clock: Clock, return_after: float = 60.0) -> None:
        if not urls:
            raise ValueError("an account needs at least one address")
        urls = [url.with_port(None) if url.is_default_port() else url for url in urls]
        self._bases = tuple(f"{url.origin()}{url.raw_path.rstrip('/')}" for url in urls)
        self.are_several = len(urls) > 1
        self._origins = frozenset(origin_of(url) for url in urls)
        self._clock = clock
        self._return_after = return_after
        self._current = 0
        self._first_due = 0.0
        self._urls = lru_cache(PATHS)(self._checked)

    @property
    def current(self) -> URL:
        """Return the base address in use."""
        return URL(self._bases[self._current], encoded=True)

    def has(self, url: URL) -> bool:
        """Return whether a URL leads to a server of the account's own."""
        return origin_of(url) in self._origins

    def candidates(self, path: str, *, idempotent: bool) -> Candidates:
        """Return where to send a request.

        ``path`` is as in Request. Raises UnexpectedAnswerError for one that leaves the account's
        hosts or that cannot be sent; what it was filled in with is some answer's.
        """
        if not path.startswith("/"):
            return ((self._current, self.own(path, None)),)
        urls = self._urls(path)
        if not self.are_several:
            return urls
        order = [*range(self._current, len(self._bases)), *range(self._current)]
        if self._current and idempotent and self._clock.monotonic() >= self._first_due:
            order.remove(0)
            order.insert(0, 0)
        return tuple(urls[number] for number in order)

    def _checked(self, path: str) -> Candidates:
        before_query = path.partition("?")[0]
        if not _SENDABLE.fullmatch(path) or "#" in path or _CLIMBING.search(before_query):
            raise UnexpectedAnswerError("the path was filled in with what a path cannot hold")
        return tuple(
            (number, URL(base + path, encoded=True)) for number, base in enumerate(self._bases)
        )

    def own(self, link: str, base: URL | None) -> URL:
        """Return where a link leads that a vendor gave.

        ``base`` is where a redirect was met; it may be relative, and must not lead from https to
        http. Without a base, a link is followed by https where our own host has that: vendors
        behind a proxy often know no better. Raises UnexpectedAnswerError for any other host.
        """
        try:
            url = URL(link)
            url = (base.join(url) if base else url).with_user(None).with_fragment(None)
            origin = origin_of(url)
        except ValueError, TypeError:
            raise UnexpectedAnswerError("leads to something that is no address") from None
        if base and base.scheme == "https" and url.scheme != "https":
            raise UnexpectedAnswerError("redirects from https to http")
        if base is None and origin not in self._origins and _secured(origin) in self._origins:
            url = url.with_scheme("https")
        elif origin not in self._origins | {_secured(own) for own in self._origins}:
            raise UnexpectedAnswerError("leads to another host")
        if _CLIMBING.search(url.raw_path):
            raise UnexpectedAnswerError("leads to something that is no address")
        return url

    def trying(self, number: int) -> None:
        """Note that somebody is trying an address: one is enough to find out about the first."""
        if number == 0 and self._current:
            self._first_due = self._clock.monotonic() + self._return_after

    def succeeded(self, number: int) -> None:
        """Keep to an address that works, unless a better one has been found meanwhile."""
        self._current = min(number, self._current)

    def failed(self, number: int) -> None:
        """Leave an address that does not work; the next request begins with the one after it."""
        if number == 0:
            self._first_due = self._clock.monotonic() + self._return_after
        if number == self._current:
            self._current = (number + 1) % len(self._bases)


def origin_of(url: URL) -> Origin:
    """Return what makes two URLs the same server. Raises ValueError for one without a server."""
    if url.scheme not in _PORTS or not url.host:
        raise ValueError
    return url.scheme, url.host, url.port


def _secured(origin: Origin) -> Origin:
    """Return the same host by https, where both are on their usual ports."""
    scheme, host, port = origin
    return ("https", host, _PORTS["https"]) if port == _PORTS[scheme] else origin
