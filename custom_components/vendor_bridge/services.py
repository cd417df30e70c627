"""The integration's own actions."""

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.service import async_register_admin_service

from .actions import ACTIONS
from .const import DOMAIN


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register every action, whether or not there is an account yet."""
    for action in ACTIONS:
        if action.admin:
            async_register_admin_service(
                hass,
                DOMAIN,
                action.name,
                action.handler,
                schema=action.schema,
                supports_response=action.supports_response,
            )
        else:
            hass.services.async_register(
                DOMAIN,
                action.name,
                action.handler,
                schema=action.schema,
                supports_response=action.supports_response,
            )
