"""Answers that are worth remembering, because the vendor often gives the very same again."""

from collections import OrderedDict
from dataclasses import replace
from http import HTTPStatus
from typing import Final

from aiohttp import hdrs
from yarl import URL

from .message import Answer, Request
from .outgoing import can_be_sent
from .wire import Reply

type Key = tuple[str | bytes | URL, ...]

ENTRIES: Final = 4096
"""As many as an account may have devices that are asked for one by one, or none is ever known."""
BYTES: Final = 8 * 2**20


class Remembered:
    """An answer, and the tag under which the vendor knows it; ``etag`` is one to send back."""

    __slots__ = ("_content_type", "_same", "answer", "etag", "tag")

    def __init__(self, answer: Answer) -> None:
        """Take the answer as it came."""
        self.answer = answer
        self.tag = answer.headers.get(hdrs.ETAG)
        self.etag = self.tag if self.tag and can_be_sent(self.tag) else None
        self._content_type = answer.headers.get(hdrs.CONTENT_TYPE)
        self._same: Answer | None = None

    def again(self, reply: Reply) -> Answer | None:
        """Return the answer that a reply is once more, marked as unchanged; else None.

        It has the reply's own headers where the reply is a whole one.
        """
        answer = self.answer
        if reply.status == HTTPStatus.NOT_MODIFIED:
            if self._same is None:
                self._same = replace(answer, unchanged=True)
            return self._same
        if (
            answer.body != reply.body
            or answer.status != reply.status
            or self._content_type != reply.headers.get(hdrs.CONTENT_TYPE)
        ):
            return None
        again = Answer(answer.status, answer.data, answer.url, reply.headers, answer.body)
        again.unchanged = True
        return again


class Memory:
    """The last answer to each request, bounded in number and bytes; the longest unused go first."""

    def __init__(self, entries: int = ENTRIES, size: int = BYTES) -> None:
        self._entries = entries
        self._size = size
        self._held = 0
        self._answers: OrderedDict[Key, Remembered] = OrderedDict()

    def recall(self, key: Key) -> Remembered | None:
        """Return what is remembered of a request."""
        remembered = self._answers.get(key)
        if remembered is not None:
            self._answers.move_to_end(key)
        return remembered

    def store(self, key: Key, answer: Answer) -> None:
        """Remember an answer in place of the last one, unless it is too large."""
        size = len(answer.body)
        if size > self._size // 4:
            self.forget(key)
            return
        if (known := self._answers.get(key)) is not None:
            self._held -= len(known.answer.body)
        self._answers[key] = Remembered(answer)
        self._held += size
        while len(self._answers) > self._entries or self._held > self._size:
            _, oldest = self._answers.popitem(last=False)
            self._held -= len(oldest.answer.body)

    def forget(self, key: Key) -> None:
        """Forget a request's answer."""
        if forgotten := self._answers.pop(key, None):
            self._held -= len(forgotten.answer.body)


def key_of(request: Request, url: URL, body: bytes) -> Key | None:
    """Return what tells a request from others, or None for one whose answer is never the same."""
    if request.command or not request.idempotent or not request.sign_in:
        return None
    key = (request.method, url, request.answer, body)
    if not request.headers:
        return key
    return (*key, *(f"{name}:{value}" for name, value in sorted(request.headers.items())))
