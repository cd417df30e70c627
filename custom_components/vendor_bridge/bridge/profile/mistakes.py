"""The mistakes of a profile: collected, located, and said for people who know no Python."""

from collections.abc import Iterator, Sequence

import probatio

from ..errors import Mistake, ProfileError
from .complaints import complain
from .source import Of, Source
from .words import close_to

__all__ = ["Mistakes", "close_to", "mistakes_from"]


class Mistakes:
    """Collects the mistakes of a profile, each once."""

    def __init__(self, source: Source) -> None:
        """Start without any."""
        self._source = source
        self._found: dict[tuple[int, int, str], Mistake] = {}

    def __bool__(self) -> bool:
        """Return whether there is one."""
        return bool(self._found)

    def __iter__(self) -> Iterator[Mistake]:
        """Yield them in the order of the file."""
        yield from (self._found[key] for key in sorted(self._found))

    def add(
        self, path: Sequence[object], message: str, hint: str | None = None, of: Of = "value"
    ) -> None:
        """Add a mistake in the value at a path, or in its key.

        What an alias repeats is one mistake, since it stands in one place of the file.
        """
        mistake = self._source.mistake(path, message, hint, of)
        self._found.setdefault((mistake.line, mistake.column, message), mistake)

    def is_written(self, path: Sequence[object]) -> bool:
        """Return whether the file has something at a path."""
        return self._source.get(path) is not None

    def raise_if_any(self) -> None:
        """Raise ProfileError with all of them, if there is one."""
        if self._found:
            raise ProfileError(list(self))


def mistakes_from(error: probatio.Invalid, source: Source) -> list[Mistake]:
    """Return what the schema found wrong, in the order of the file."""
    mistakes = Mistakes(source)
    for leaf in _leaves(error):
        complaint = complain(leaf, source)
        mistakes.add(complaint.path, complaint.message, complaint.hint, complaint.of)
    return list(mistakes)


def _leaves(error: probatio.Invalid) -> Iterator[probatio.Invalid]:
    """Yield the errors that an error is made of."""
    if not isinstance(error, probatio.MultipleInvalid):
        yield error
        return
    for inner in error.errors:
        yield from _leaves(inner)
