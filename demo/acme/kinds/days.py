"""Days and times of day, as people here write them."""

from datetime import datetime
from typing import Any, ClassVar, override

from ..fields import Text


class _Written(Text):
    """A text that a format reads, and that it writes the same way."""

    _FORM: ClassVar[str]
    _EXAMPLE: ClassVar[str]
    _TYPE: ClassVar[str]

    @override
    def check(self, value: object) -> str | None:
        text = super().check(value)
        if text is None:
            return None
        try:
            # Only a day or a time of day is taken from it, and neither has a time zone.
            right = datetime.strptime(text, self._FORM).strftime(self._FORM) == text  # noqa: DTZ007
        except ValueError:
            right = False
        if not right:
            raise ValueError(f"be written like {self._EXAMPLE}")
        return text

    @override
    def describe(self) -> dict[str, Any]:
        found: dict[str, Any] = {"type": self._TYPE}
        return found | ({"nullable": True} if self.nullable else {})


class Day(_Written):
    """A day such as 24.12.2026."""

    _FORM = "%d.%m.%Y"
    _EXAMPLE = "24.12.2026"
    _TYPE = "day"


class TimeOfDay(_Written):
    """A time of day such as 06.30."""

    _FORM = "%H.%M"
    _EXAMPLE = "06.30"
    _TYPE = "time"
