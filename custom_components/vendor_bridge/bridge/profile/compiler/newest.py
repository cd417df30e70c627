"""Requests that ask for the events after the newest one: whether that can be."""

from collections.abc import Iterator, Mapping, Sequence
import re
from typing import Final

from ..newest import FIELDS, NEWEST
from ..plans import EntityPlan, MonitorPlan
from ..schema.requests import RequestSpec
from .context import Context, Path

EVENT_NAMES: Final = tuple(f"{NEWEST}{field}" for field in FIELDS)
PLACEHOLDER: Final = re.compile(rf"\{{{re.escape(NEWEST)}[^{{}}]*\}}")


def check_event_names(context: Context, spec: RequestSpec, path: Path) -> None:
    """Note where the newest event is needed for a request, as there is none at first."""
    parts: dict[str, object] = {
        part: getattr(spec, part) for part in ("query", "headers", "json", "form", "text", "xml")
    }
    needed = [(*path, spec.method)] if PLACEHOLDER.search(spec.path) else []
    needed += [
        (*path, *place)
        for place, text in _texts(parts, ())
        if PLACEHOLDER.search(text) and not PLACEHOLDER.fullmatch(text)
    ]
    for place in needed:
        context.mistakes.add(
            place,
            "there is no newest event at first, so that this could not be sent",
            'write it alone, as in `query: {since: "{events.last.id}"}`: '
            "as long as there is none, it is left out",
        )


def check_events_told(
    context: Context,
    readers: Mapping[str, MonitorPlan],
    types: Mapping[str, Sequence[EntityPlan]],
) -> None:
    """Note requests for the events after the newest whose answers no event is read from."""
    if not all(spec.entities for spec in context.profile.types.values()):
        return  # A client describes them.
    told = {
        (attribute.attribute.monitor, f"{NEWEST}{field}")
        for plans in types.values()
        for plan in plans
        for attribute in plan.attributes
        if attribute.name == "events"
        for field in attribute.fields
    }
    for key, plan in readers.items():
        for name in sorted(plan.request.names):
            if name.startswith(NEWEST) and (key, name) not in told:
                field = name.removeprefix(NEWEST)
                context.mistakes.add(
                    ("monitors", key, "request"),
                    f"{{{name}}} needs events that are read `from: {key}`, with their `{field}`",
                )


def _texts(value: object, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, Mapping):
        for key, one in value.items():
            yield from _texts(one, (*path, key))
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from _texts(one, (*path, place))
    elif isinstance(value, str):
        yield path, value
