"""The errors that several actions raise."""

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from ..const import DOMAIN


def caller_error(key: str, **placeholders: str) -> ServiceValidationError:
    """Return the error for a mistake of the caller's. ``key`` is that of its translation."""
    return ServiceValidationError(
        translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders
    )


def action_error(key: str, **placeholders: str) -> HomeAssistantError:
    """Return the error for what is nobody's mistake. ``key`` is that of its translation."""
    return HomeAssistantError(
        translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders
    )
