"""Schemas that several transforms share for what stands behind their key."""

from collections.abc import Mapping
from typing import Any, Final

import probatio

from ..basics import Raw

_LARGEST: Final = 10**15


def _finite(value: Raw) -> Raw:
    """Refuse what no setting can sensibly be; NaN is in no range at all."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not -_LARGEST <= value <= _LARGEST:
        raise probatio.Invalid("expected a finite number")
    return value


NUMBER: Final = probatio.All(probatio.Any(int, float), _finite)
SCALAR: Final = probatio.Any(None, bool, int, float, probatio.All(str, probatio.Length(max=1000)))
WORD: Final = probatio.All(str, probatio.Length(min=1, max=1000))


def either(by_mapping: Mapping[Any, Any], other: Raw) -> Raw:
    """Accept the short form, or a mapping with the details; report mistakes of the one meant."""

    def choose(value: object, schemas: Raw) -> list[Any]:
        return [schemas[0] if isinstance(value, Mapping) else schemas[1]]

    return probatio.Union(dict(by_mapping), other, discriminant=choose)
