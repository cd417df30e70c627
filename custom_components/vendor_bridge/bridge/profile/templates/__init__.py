"""Requests with ``{placeholders}``: compiled once, filled in for each request."""

from .errors import TemplateError
from .formats import FORMATS
from .places import Place
from .syntax import GIVEN, Placeholder
from .template import Reference, Template, compile_template

__all__ = [
    "FORMATS",
    "GIVEN",
    "Place",
    "Placeholder",
    "Reference",
    "Template",
    "TemplateError",
    "compile_template",
]
