"""What goes to a vendor and what comes back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

if TYPE_CHECKING:
    from .auth import Outgoing

DEFAULT_TIMEOUT: Final = 10.0

type Explain[T] = Callable[[T], str | None]
"""Finds the vendor's own words for what went wrong, if there are any."""

type Complete = Callable[[Mapping[str, str]], Request]
"""Makes a request from the values of the sign-in. Raises BridgeError where that can't be."""


class BodyKind(StrEnum):
    """How a body is written."""

    JSON = "json"
    FORM = "form"
    TEXT = "text"
    XML = "xml"
    BYTES = "bytes"


class AnswerKind(StrEnum):
    """What an answer has to be.

    AUTO goes by the content type, and may be empty; NONE ignores whatever comes.
    """

    AUTO = "auto"
    JSON = "json"
    XML = "xml"
    FORM = "form"
    TEXT = "text"
    BYTES = "bytes"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Body:
    """What a request carries.

    ``content`` is anything that JSON can say (JSON), a mapping of names to a text or to several
    (FORM), a text or a mapping as xmltodict makes one (XML), a text (TEXT) or bytes (BYTES).
    """

    kind: BodyKind
    content: Any = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request, filled in.

    ``path`` is percent-encoded, starts with a slash, continues a base address and may hold a
    query; or it is an absolute URL on one of the account's own hosts. ``label`` is the request as
    the profile writes it and the only part of it that a message ever shows.

    ``timeout`` is in seconds and covers everything from the connection to the last byte, on every
    address and in every attempt. A ``command`` is a write that somebody waits for: it overtakes
    polls, and waiting for its turn counts too. Only an ``idempotent`` request is ever repeated
    after it may have reached the vendor.

    ``ok`` are the statuses that promise an ``answer``; None stands for every 2xx. ``etag`` lets
    the vendor answer that nothing changed. ``sign_in`` is False for what is sent in order to sign
    in. ``describe_error`` (given the decoded body of a refusal) and ``failure_body`` (given an
    answer whose status is fine; whatever it returns makes it a refusal) replace the connection's.

    ``complete`` makes the request from the sign-in's values, which are known only when it is sent
    and are others after a renewal; ``path`` only has to be right in whether it is an address, and
    path, query, headers and body are taken from what it returns. ``finish`` adds to what leaves,
    last of all. ``denies`` tells from an answer that the credentials in the request are wrong.

    ``elsewhere`` is a server that is none of the account's, where one can only sign in: ``path`` is
    an address there, redirects stay there, and what the API's own requests carry never goes there.
    """

    method: str
    path: str = field(repr=False)
    label: str
    query: Mapping[str, str | Sequence[str]] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: Body | None = field(default=None, repr=False)
    answer: AnswerKind = AnswerKind.AUTO
    ok: frozenset[int] | None = None
    timeout: float = DEFAULT_TIMEOUT
    idempotent: bool = False
    command: bool = False
    sign_in: bool = True
    etag: bool = True
    describe_error: Explain[Any] | None = field(default=None, repr=False)
    failure_body: Explain[Answer] | None = field(default=None, repr=False)
    complete: Complete | None = field(default=None, repr=False)
    finish: Callable[[Outgoing], None] | None = field(default=None, repr=False)
    denies: Callable[[Answer], bool] | None = field(default=None, repr=False)
    elsewhere: URL | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Check that no credential can leave for another server."""
        if self.elsewhere is not None and self.sign_in:
            message = "a request that carries the sign-in goes to the account's own hosts alone"
            raise ValueError(message)

    def promises(self, status: int) -> bool:
        """Return whether an answer with this status is one that the profile reckons with."""
        return 200 <= status < 300 if self.ok is None else status in self.ok  # noqa: PLR2004 the 2xx


def no_headers() -> CIMultiDictProxy[str]:
    """Return the headers of an answer that has none."""
    return CIMultiDictProxy(CIMultiDict())


@dataclass(slots=True)
class Answer:
    """What came back. It is to be read; that nothing can be set costs more than it is worth here.

    ``data`` is decoded as the request asked: JSON and XML to dicts, lists and plain values, a form
    to a dict, text to str, BYTES stays bytes, an empty AUTO or a NONE is None. ``url`` is where the
    answer came from, after redirects and without credentials. ``unchanged`` says that ``data`` is
    the very object of the last answer to the same request.
    """

    status: int
    data: Any = field(repr=False)
    url: URL = field(repr=False)
    headers: CIMultiDictProxy[str] = field(default_factory=no_headers, repr=False)
    body: bytes = field(default=b"", repr=False)
    unchanged: bool = False
