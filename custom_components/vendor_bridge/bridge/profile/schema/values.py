"""How a profile says where a value stands in an answer and what is made of it."""

from collections.abc import Mapping
from typing import Any

import probatio

from ...model import Kind
from ..values import TRANSFORMS
from .fields import SECONDS, SLUG, either

PICK_KEYS: Mapping[probatio.Marker, Any] = {
    probatio.Optional("value", description="Where it stands: a JMESPath expression."): str,
    probatio.Optional("const", description="A fixed value, in place of one that is picked."): (
        probatio.Any(None, bool, str, int, float, list)
    ),
    probatio.Optional("values", description="Several values, by names for `compute`."): {
        probatio.Match(SLUG): str
    },
    probatio.Optional("compute", description="Arithmetic over `values`, e.g. `a * b / 1000`."): str,
    **{
        probatio.Optional(name, description=row.help): row.argument
        for name, row in TRANSFORMS.items()
    },
    probatio.Optional("then", description="More transforms, where one is needed twice."): [
        {
            probatio.Optional(name, description=row.help): row.argument
            for name, row in TRANSFORMS.items()
        }
    ],
}
"""What a value is picked and made with. Transforms apply in the order in which they are written."""

PICK_NAMES = frozenset(str(key) for key in PICK_KEYS)

# Mappings that are part of much else are schemas of their own: so they are looked through once, not
# again with whatever holds them, which is most of the time that loading this takes.
VALUE = either((str, str), (Mapping, probatio.Schema(dict(PICK_KEYS))))
"""A JMESPath expression, or a mapping with transforms."""

OPTIONAL_VALUE = probatio.Maybe(VALUE)
"""A value that may be left out."""

KEEP = probatio.Schema({probatio.Match(SLUG): VALUE})
"""What is kept of an answer, by names."""

SOURCE_KEYS: Mapping[probatio.Marker, Any] = {
    probatio.Optional(
        "when", description="Only devices for whose item of the listing this is true have it."
    ): VALUE,
    probatio.Optional("from", description="The monitor that reads it."): str,
    probatio.Optional("kind", description="What sort of value it is, where that is not clear."): (
        probatio.In([str(kind) for kind in Kind])
    ),
    probatio.Optional(
        "expire_after", description="Seconds after which an observation is too old to trust."
    ): SECONDS,
}
"""What else can be said of an attribute."""

ATTRIBUTE = either((str, str), (Mapping, probatio.Schema({**SOURCE_KEYS, **PICK_KEYS})))
"""An attribute: where and how it is read."""
