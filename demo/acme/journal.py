"""A house that outlives its process: what was done to it is written down, and done again."""

from collections.abc import Iterator, Mapping
import json
from pathlib import Path
from typing import Any, TextIO

from .clock import Anchor, SimulatedClock
from .house import House

VERSION = 2
"""Of the journal: raised when the same acts would make another house."""


class Journal:
    """A file of one JSON object a line, only ever added to."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: TextIO | None = None

    def entries(self) -> Iterator[dict[str, Any]]:
        """Yield what was written; a last line that a crash cut off is dropped from the file."""
        if not self._path.exists():
            return
        content = self._path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        if len(whole) != len(content):
            self._path.write_bytes(whole)
        for line in whole.splitlines():
            yield json.loads(line)

    def write(self, entry: Mapping[str, Any]) -> None:
        """Add an entry; it survives the process from here on."""
        if self._file is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("a", encoding="utf-8")
        self._file.write(json.dumps(entry) + "\n")
        self._file.flush()

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None


class LivedHouse:
    """A house under a clock, with its journal where it has one."""

    def __init__(self, house: House, clock: SimulatedClock, journal: Journal | None = None) -> None:
        self._house = house
        self.clock = clock
        self._journal = journal

    @property
    def house(self) -> House:
        """Return the house as it is now."""
        self._house.advance(self.clock.now())
        return self._house

    def act(self, name: str, /, **data: Any) -> Any:  # noqa: ANN401 - each act has its own
        """Do an act to the house as it is now, and write it down once it is done."""
        house = self.house
        done = house.act(name, data)
        self._write({"at": house.now, "act": name, "data": data})
        return done

    def advance(self, seconds: float) -> None:
        """Move the clock forward."""
        self.clock.advance(seconds)
        self._write_clock()

    def set_speed(self, speed: float) -> None:
        """Set the clock's speed."""
        self.clock.set_speed(speed)
        self._write_clock()

    def close(self) -> None:
        """Close the journal."""
        if self._journal is not None:
            self._journal.close()

    def _write_clock(self) -> None:
        anchor = self.clock.anchor
        self._write({"clock": {"real": anchor.real, "house": anchor.house, "speed": anchor.speed}})

    def _write(self, entry: Mapping[str, Any]) -> None:
        if self._journal is not None:
            self._journal.write(entry)


def move_in(path: Path, clock: SimulatedClock, fresh: House) -> LivedHouse:
    """Return the house that the journal at ``path`` tells of, else ``fresh`` and a new journal.

    Raises ``ValueError`` for a journal of another version.
    """
    journal = Journal(path)
    entries = list(journal.entries())
    if not entries:
        journal.write(
            {"version": VERSION, "born": fresh.born, "seed": fresh.seed, "lively": fresh.lively}
        )
        lived = LivedHouse(fresh, clock, journal)
        lived.set_speed(clock.anchor.speed)
        return lived
    first, *rest = entries
    if first.get("version") != VERSION:
        raise ValueError(f"{path} was written by another version; remove it to start afresh")
    house = House(born=first["born"], seed=first["seed"], lively=first["lively"], zone=fresh.zone)
    for entry in rest:
        if "clock" in entry:
            clock.anchor = Anchor(**entry["clock"])
        else:
            house.advance(entry["at"])
            house.act(entry["act"], entry["data"])
    return LivedHouse(house, clock, journal)
