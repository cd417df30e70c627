"""In which order events have happened."""

from collections.abc import Iterable
from typing import Any

type Event = dict[str, Any]
"""What a profile picks of an event: ``type``, ``id``, ``at`` and ``attributes``, or some of it."""


def in_order(events: Iterable[Event]) -> list[Event]:
    """Return events as they happened: by their time, else by ids that are numbers, else as told."""
    listed = list(events)
    if all("at" in event for event in listed):
        return sorted(listed, key=lambda event: event["at"])
    if all(str(event.get("id", "")).isdecimal() for event in listed):
        return sorted(listed, key=lambda event: int(event["id"]))
    return listed
