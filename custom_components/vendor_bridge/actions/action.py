"""What an action is made of."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from homeassistant.core import ServiceCall, ServiceResponse, SupportsResponse
from homeassistant.helpers.typing import VolSchemaType


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One action: its name, what it takes, and who does it.

    ``handler`` raises ServiceValidationError for the caller's mistakes, else HomeAssistantError.
    An ``admin`` action is for administrators and for what runs without a user, as automations do.
    """

    name: str
    schema: VolSchemaType
    handler: Callable[[ServiceCall], Coroutine[Any, Any, ServiceResponse]]
    supports_response: SupportsResponse = SupportsResponse.OPTIONAL
    admin: bool = False
