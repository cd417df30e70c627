"""The last exchanges with a vendor, for diagnostics, and what they add up to."""

from collections import OrderedDict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from .message import Answer
from .samples import SMALL, Sample, sample

LABELS: Final = 200


@dataclass(slots=True)
class Exchange:
    """One attempt at one request. Sizes are in bytes; ``reason`` is None for a success.

    ``seconds`` are those on the wire, without what it took to make data of the answer. ``headers``
    are the names of those that were sent; what they held is nobody's business.
    """

    at: datetime
    sent: int
    seconds: float = 0.0
    received: int = 0
    status: int | None = None
    reason: str | None = "given up"
    headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Samples:
    """The last answer to a request that was as promised, and the last one that was not."""

    good: Sample | None = None
    bad: Sample | None = None


@dataclass(slots=True)
class Stats:
    """What became of all requests. ``round_trip`` is the last one's, in seconds on the wire."""

    requests: int = 0
    failures: int = 0
    retries: int = 0
    unchanged: int = 0
    round_trip: float | None = None
    last_success: datetime | None = None
    last_failure: datetime | None = None


type _Kept = tuple[Answer, datetime] | Sample
"""An answer and when it came, or the short form of a large one."""


class Exchanges:
    """Remembers the last few exchanges of each request, by its label."""

    def __init__(self, each: int = 5) -> None:
        self._each = each
        self._labels: OrderedDict[str, deque[Exchange]] = OrderedDict()
        self._good: dict[str, _Kept] = {}
        self._bad: dict[str, _Kept] = {}
        self.stats = Stats()

    def add(self, label: str, exchange: Exchange) -> None:
        """Remember an exchange, and forget the oldest of its kind."""
        if (last := self._labels.get(label)) is None:
            last = self._labels[label] = deque(maxlen=self._each)
        last.append(exchange)
        self._labels.move_to_end(label)
        if len(self._labels) > LABELS:
            oldest, _ = self._labels.popitem(last=False)
            self._good.pop(oldest, None)
            self._bad.pop(oldest, None)
        self.stats.requests += 1
        if exchange.status is not None:
            self.stats.round_trip = exchange.seconds
        if exchange.reason is None:
            self.stats.last_success = exchange.at
        else:
            self.stats.failures += 1
            self.stats.last_failure = exchange.at

    def keep(self, label: str, answer: Answer, at: datetime, *, good: bool) -> None:
        """Keep an answer, in short, in place of the last one of its kind.

        A small one is kept as it is: it is shortened when somebody wants to see it.
        """
        kept = self._good if good else self._bad
        if len(answer.body) <= SMALL:
            kept[label] = answer, at
        else:
            last = kept.get(label)
            kept[label] = sample(answer, at, last if isinstance(last, Sample) else None)

    @property
    def samples(self) -> Mapping[str, Samples]:
        """Return the last answers by label. They hold whatever the vendor told, names and all."""
        return {
            label: Samples(_sample(self._good.get(label)), _sample(self._bad.get(label)))
            for label in {**self._good, **self._bad}
        }

    @property
    def last(self) -> Mapping[str, Sequence[Exchange]]:
        """Return the exchanges by label, the oldest first."""
        return {label: tuple(exchanges) for label, exchanges in self._labels.items()}


def _sample(kept: _Kept | None) -> Sample | None:
    return sample(*kept, None) if isinstance(kept, tuple) else kept
