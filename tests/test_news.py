"""For whom a read has brought news."""

from collections.abc import Callable

import pytest

from custom_components.vendor_bridge.news import Keys, News
from custom_components.vendor_bridge.turns import Turns


class Heard:
    """What was told to whom: names of listeners and the keys that they were told of."""

    def __init__(self) -> None:
        self.told: list[tuple[str, Keys]] = []
        self.listens = 0
        self.news = News("Acme", self._listen)

    def _listen(self, _update: Callable[[], None]) -> Callable[[], None]:
        self.listens += 1

        def stop() -> None:
            self.listens -= 1

        return stop

    def listen(self, name: str, device_id: str, *keys: str) -> Callable[[], None]:
        def update(told: Keys = None, /) -> None:
            self.told.append((name, None if told is None else {*told}))

        return self.news.listen(update, device_id, frozenset(keys) if keys else None)

    def take(self) -> list[tuple[str, Keys]]:
        told, self.told = sorted(self.told, key=lambda one: one[0]), []
        return told


@pytest.fixture
def heard() -> Heard:
    heard = Heard()
    heard.listen("one", "lamp", "a")
    heard.listen("another", "lamp", "a")
    heard.listen("several", "lamp", "b", "c")
    heard.listen("any", "lamp")
    heard.listen("plug", "plug", "a")
    return heard


def test_each_is_told_once_of_what_it_wants(heard: Heard) -> None:
    heard.news.note("lamp", {"a"})
    heard.news.tell()
    assert heard.take() == [("another", {"a"}), ("any", None), ("one", {"a"})]
    heard.news.note("lamp", {"b"})
    heard.news.note("lamp", {"c", "d"})
    heard.news.tell()
    assert heard.take() == [("any", None), ("several", {"b", "c", "d"})]
    heard.news.note("lamp", {"a"})
    heard.news.note("lamp")
    heard.news.tell()
    assert heard.take() == [("another", None), ("any", None), ("one", None), ("several", None)]
    heard.news.tell()
    heard.news.note("gone")
    heard.news.tell()
    assert heard.take() == []


async def test_news_of_one_device_leaves_that_of_others_to_their_turn(heard: Heard) -> None:
    """A command is over while what a read told of a thousand devices is still being told."""
    heard.news.note("lamp", {"a"})
    heard.news.note("plug", {"a"})
    heard.news.tell_of("plug")
    heard.news.tell_of("plug")
    assert heard.take() == [("plug", {"a"})]
    await heard.news.async_tell(Turns())
    assert heard.take() == [("another", {"a"}), ("any", None), ("one", {"a"})]


def test_whoever_listens_no_more_is_told_nothing(heard: Heard) -> None:
    stop = [heard.listen("late", "plug", "a"), heard.listen("later", "plug")]
    heard.news.note("plug", {"a"})
    heard.news.tell()
    assert heard.take() == [("late", {"a"}), ("later", None), ("plug", {"a"})]
    for one in stop:
        one()
    heard.news.note("plug", {"a"})
    heard.news.tell()
    assert heard.take() == [("plug", {"a"})]
    assert heard.listens == 1


def test_who_listens_is_known() -> None:
    heard = Heard()
    assert not heard.news
    stop = heard.listen("one", "lamp", "a")
    assert [*heard.news.devices] == ["lamp"]
    stop()
    assert not heard.news
    assert heard.listens == 0


def test_one_who_leaves_meanwhile_does_not_disturb_the_others(heard: Heard) -> None:
    def leave(_keys: Keys = None, /) -> None:
        stop()

    stop = heard.news.listen(leave, "lamp", frozenset({"a"}))
    heard.news.note("lamp")
    heard.news.tell()
    assert len(heard.take()) == 4
