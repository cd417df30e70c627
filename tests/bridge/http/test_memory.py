from aiohttp import hdrs
from hypothesis import given, strategies as st
from multidict import CIMultiDict, CIMultiDictProxy
import pytest
from yarl import URL

from custom_components.vendor_bridge.bridge.http import Answer
from custom_components.vendor_bridge.bridge.http.memory import Memory, Remembered, key_of
from custom_components.vendor_bridge.bridge.http.message import no_headers
from custom_components.vendor_bridge.bridge.http.wire import Reply

from .helpers import get, post

NOT_MODIFIED = Reply(status=304, headers=no_headers(), body=b"")


def answer(size: int) -> Answer:
    return Answer(status=200, data=size, url=URL("https://a.example/"), body=b"x" * size)


def test_the_longest_unused_go_first() -> None:
    memory = Memory(entries=2)
    for name in ("a", "b"):
        memory.store((name,), answer(1))
    memory.recall(("a",))
    memory.store(("c",), answer(1))
    assert memory.recall(("b",)) is None
    assert memory.recall(("a",)) is not None


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 60)), max_size=40))
def test_never_more_than_its_size(stores: list[tuple[int, int]]) -> None:
    memory = Memory(entries=4, size=100)
    for name, size in stores:
        memory.store((str(name),), answer(size))
        recalled = [memory.recall((str(number),)) for number in range(6)]
        kept = [entry.answer for entry in recalled if entry]
        assert sum(len(entry.body) for entry in kept) <= 100
        assert len(kept) <= 4
        again = [entry.again(NOT_MODIFIED) for entry in recalled if entry]
        assert all(one is not None and one.unchanged for one in again)
        last = memory.recall((str(name),))
        # What is too large for the whole is not kept, nor is what it replaces.
        assert (last is None) if size > 25 else (last is not None and last.answer.data == size)


@pytest.mark.parametrize(
    ("tag", "sent"),
    [('"a"', '"a"'), ('W/"é"', 'W/"é"'), ("", None), ("\udc80", None), ("a\r\nX: 1", None)],
)
def test_a_tag_that_cannot_be_sent_back_is_left_alone(tag: str, sent: str | None) -> None:
    """Else every read after it would fail."""
    headers = CIMultiDictProxy(CIMultiDict({hdrs.ETAG: tag}))
    told = Answer(200, None, URL("https://a.example/"), headers)
    assert Remembered(told).etag == sent
    assert Remembered(told).tag == tag  # or the same answer would be stored anew each time


def test_keys() -> None:
    plain = key_of(get(), URL("https://a.example/x"), b"")
    assert plain == key_of(get(), URL("https://a.example/x"), b"")
    others = [
        key_of(get(), URL("https://b.example/x"), b""),
        key_of(get(), URL("https://a.example/x"), b"body"),
        key_of(get(headers={"X-Home": "1"}), URL("https://a.example/x"), b""),
        key_of(get(answer="text"), URL("https://a.example/x"), b""),
    ]
    assert plain not in others
    assert key_of(post(), URL("https://a.example/x"), b"") is None
    assert key_of(get(sign_in=False), URL("https://a.example/x"), b"") is None
