"""Signing in with the browser, through Home Assistant's own OAuth 2."""

from typing import Any, override

from homeassistant.core import HomeAssistant
from homeassistant.helpers.config_entry_oauth2_flow import LocalOAuth2ImplementationWithPkce

from .bridge.http.auth import AuthorizationCodeAuth
from .const import DOMAIN


class VendorImplementation(LocalOAuth2ImplementationWithPkce):
    """Sends the browser where the profile says, and has the vendor half ask for the tokens.

    That one follows no redirect to another server, and says why it failed without any secret.
    """

    def __init__(self, hass: HomeAssistant, consent: AuthorizationCodeAuth) -> None:
        """Prepare for one sign-in."""
        authorization = consent.authorization
        super().__init__(hass, DOMAIN, authorization.client_id, str(authorization.url), "")
        self._consent = consent

    @property
    @override
    def extra_authorize_data(self) -> dict[str, Any]:
        """Return what the address holds besides: its own query, the scope, and the challenge."""
        authorization = self._consent.authorization
        challenge = super().extra_authorize_data if authorization.pkce else {}
        return {**authorization.url.query, **authorization.query, **challenge}

    @property
    @override
    def extra_token_resolve_data(self) -> dict[str, Any]:
        """Return the proof that it was us who asked for the code."""
        return super().extra_token_resolve_data if self._consent.authorization.pkce else {}

    @override
    async def async_resolve_external_data(self, external_data: Any) -> dict[str, Any]:
        """Exchange the code for tokens, which the consent keeps. Raises VendorError."""
        await self._consent.redeem(
            code=external_data["code"],
            redirect_uri=external_data["state"]["redirect_uri"],
            **self.extra_token_resolve_data,
        )
        return {}
