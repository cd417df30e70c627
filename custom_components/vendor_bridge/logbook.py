"""What the logbook says of what no state shows."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from homeassistant.components.logbook import (
    LOGBOOK_ENTRY_ENTITY_ID,
    LOGBOOK_ENTRY_MESSAGE,
    LOGBOOK_ENTRY_NAME,
)
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import Event, HomeAssistant, callback

from .const import DOMAIN
from .happenings import (
    ATTR_ACCOUNT,
    ATTR_COMMAND,
    ATTR_ERROR,
    ATTR_NAME,
    ATTR_REASON,
    EVENTS,
    What,
)

type Described = dict[str, Any]

COMMAND_SENTENCES: Final[Mapping[str, str]] = {
    "command_failed": "failed at “{command}”",
    "command_not_confirmed": "did not confirm “{command}”",
    "command_read_only": "was not told “{command}”",
    "command_refused": "refused “{command}”",
    "not_reachable": "could not be reached for “{command}”",
    "rate_limited": "was not told “{command}”, because its vendor asks for patience",
    "sign_in_failed": "was not told “{command}”, because its vendor does not let us in",
}
"""What is said of a command that failed, by the sort of failure; the reason follows."""


@callback
def async_describe_events(
    _hass: HomeAssistant,
    async_describe_event: Callable[[str, str, Callable[[Event], Described]], None],
) -> None:
    """Describe what is fired on the bus."""

    @callback
    def describe_failure(event: Event) -> Described:
        data = event.data
        sentence = COMMAND_SENTENCES.get(data[ATTR_ERROR], COMMAND_SENTENCES["command_failed"])
        command = str(data[ATTR_COMMAND]).replace("_", " ")
        described = {
            LOGBOOK_ENTRY_NAME: data[ATTR_NAME],
            LOGBOOK_ENTRY_MESSAGE: f"{sentence.format(command=command)}: {data[ATTR_REASON]}",
        }
        if data[ATTR_ENTITY_ID] is not None:
            described[LOGBOOK_ENTRY_ENTITY_ID] = data[ATTR_ENTITY_ID]
        return described

    @callback
    def describe_appearance(event: Event) -> Described:
        return {
            LOGBOOK_ENTRY_NAME: event.data[ATTR_NAME],
            LOGBOOK_ENTRY_MESSAGE: f"is new at {event.data[ATTR_ACCOUNT]}",
        }

    @callback
    def describe_disappearance(event: Event) -> Described:
        return {
            LOGBOOK_ENTRY_NAME: event.data[ATTR_NAME],
            LOGBOOK_ENTRY_MESSAGE: f"is no longer at {event.data[ATTR_ACCOUNT]}",
        }

    async_describe_event(DOMAIN, EVENTS[What.COMMAND_FAILED], describe_failure)
    async_describe_event(DOMAIN, EVENTS[What.DEVICE_APPEARED], describe_appearance)
    async_describe_event(DOMAIN, EVENTS[What.DEVICE_DISAPPEARED], describe_disappearance)
