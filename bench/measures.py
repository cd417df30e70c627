"""What was measured: medians, how far they spread, and ratios between columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles

LEAST_FOR_QUARTILES = 4


@dataclass(frozen=True, slots=True)
class Spread:
    """A median and the quartiles around it: half of all rounds were between those."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Return the spread of some rounds."""
        if len(values) < LEAST_FOR_QUARTILES:
            return cls(median(values), min(values), max(values))
        low, middle, high = quantiles(values, n=4, method="inclusive")
        return cls(middle, low, high)


@dataclass(slots=True)
class Rounds:
    """The rounds of one column, in seconds, and what one round asked and wrote."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    counts: Mapping[str, int] = field(default_factory=dict)

    def over(self, other: Rounds) -> Spread:
        """Return how many times the CPU of another column it took, round by round.

        What slows the machine down for a while slows both.
        """
        pairs = zip(self.cpu, other.cpu, strict=False)
        return Spread.of([mine / theirs for mine, theirs in pairs])


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the value that so many percent of all are not above."""
    return quantiles(values, n=100, method="inclusive")[percent - 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table for people and for machines: rows by column, each a mapping of heading to cell."""

    title: str
    rows: Mapping[str, Mapping[str, float | Spread | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a figure must be at most."""

    what: str
    figure: Spread
    most: float
    unit: str = ""

    @property
    def holds(self) -> bool:
        """Return whether it is."""
        return self.figure.median <= self.most


@dataclass(slots=True)
class Report:
    """Everything that a run has brought."""

    tables: list[Table] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
