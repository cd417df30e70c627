"""Lists of records, made ready to be picked."""

from collections.abc import Mapping
from typing import Any

from ...platforms import AttributeRow
from ..records import Records
from ..values import Picker
from .context import Context, Path


def compile_records(
    context: Context, row: AttributeRow, parts: Mapping[str, Any], path: Path
) -> Records | None:
    """Return what picks a list of records, or note why it cannot be."""
    each = context.value(parts["each"], (*path, "each"))
    fields: dict[str, Picker] = {}
    free: dict[str, Mapping[str, Picker]] = {}
    for field in row.fields:
        value = parts.get(field.name)
        here = (*path, field.name)
        if field.free:
            made = {name: context.value(one, (*here, name)) for name, one in (value or {}).items()}
            free[field.name] = {name: picker for name, picker in made.items() if picker}
        elif (picker := context.value(value, here, field.kind)) is not None:
            fields[field.name] = picker
    if each is None:
        return None
    return Records(rows=row.fields, each=each, fields=fields, free=free)
