"""Values: where they stand in an answer, what is made of them, and the way back."""

from .basics import (
    MISSING,
    Missing,
    NoMatchError,
    PartlyError,
    Picked,
    PickError,
    Raw,
    Transform,
    TransformSpec,
    show,
)
from .paths import Path, compile_path
from .picker import Picker, compile_value
from .transforms import TRANSFORMS

__all__ = [
    "MISSING",
    "TRANSFORMS",
    "Missing",
    "NoMatchError",
    "PartlyError",
    "Path",
    "PickError",
    "Picked",
    "Picker",
    "Raw",
    "Transform",
    "TransformSpec",
    "compile_path",
    "compile_value",
    "show",
]
