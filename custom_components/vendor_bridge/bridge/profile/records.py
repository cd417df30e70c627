"""Lists of records, such as events: picked out of an item, one field after the other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn

from ..model import Kind
from ..platforms import FieldRow
from .values import MISSING, Missing, PartlyError, Picked, Picker, PickError, show

MAX_RECORDS: Final = 5000

type Record = dict[str, Any]
"""The fields that a record has, by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """Where the records stand, and what picks each of their fields.

    ``free`` holds the fields that are mappings of the profile's own names to values.
    """

    rows: Sequence[FieldRow]
    each: Picker
    fields: Mapping[str, Picker]
    free: Mapping[str, Mapping[str, Picker]] = field(default_factory=dict)

    @property
    def picker(self) -> Picker:
        """Return what picks the whole list, as any attribute is picked."""
        return Picker(pick=self.pick, invert=_refuse, kind=Kind.ANY, why_not=WHY)

    def pick(self, item: Any) -> Picked:  # noqa: ANN401 - a part of an answer
        """Return the records of an item.

        One that is not as the profile promises is left out, and told of by a PartlyError.
        """
        items: Any = self.each.pick(item)
        if items is None or isinstance(items, Missing):
            return items
        if not isinstance(items, list) or len(items) > MAX_RECORDS:
            raise PickError(f"a list of at most {MAX_RECORDS} records", show(items))
        records: list[Any] = []
        misfit: PickError | None = None
        for one in items:
            try:
                records.append(self._record(one))
            except PickError as error:
                misfit = misfit or error
        if misfit is not None:
            raise PartlyError(misfit.expected, misfit.came, records)
        return records

    def _record(self, item: Any) -> Record:  # noqa: ANN401 - a part of an answer
        record: Record = {}
        for row in self.rows:
            picker = self.fields.get(row.name)
            value = picker.pick(item) if picker is not None else MISSING
            if value is not None and value is not MISSING:
                if row.choices and value not in row.choices:
                    raise PickError(f"one of {', '.join(row.choices)}", show(value))
                record[row.name] = value
            elif row.required:
                raise PickError(f"a record with its {row.name}", "one without")
        for name, pickers in self.free.items():
            picked = {one: picker.pick(item) for one, picker in pickers.items()}
            record[name] = {one: value for one, value in picked.items() if value is not MISSING}
        return record


WHY: Final = "it is a list of records"


def _refuse(_value: object) -> NoReturn:
    raise PickError("a value that can be turned back", WHY)
