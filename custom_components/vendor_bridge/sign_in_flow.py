"""What stands between filling in a form and being signed in: consent, and strange certificates."""

from abc import abstractmethod
import asyncio
from collections.abc import Mapping
import math
from typing import TYPE_CHECKING, Any, override

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import callback
from homeassistant.helpers.config_entry_oauth2_flow import AbstractOAuth2FlowHandler
from homeassistant.helpers.selector import BooleanSelector
import probatio

from .attempt import PATIENCE, Asking, Attempt, Failure, Found
from .bridge.http.auth import AuthorizationCodeAuth, Prompt, WaitingAuth
from .bridge.http.wire import server_of
from .bridge.profile.tls import addresses_of
from .certificates import Certificate
from .const import CONF_ACCEPT, DOMAIN, LOGGER
from .oauth2 import VendorImplementation
from .profile_issues import escape_markdown, without_links

if TYPE_CHECKING:
    from .bridge.profile.loader import CompiledProfile
    from .forms import Form


class SignInFlow(AbstractOAuth2FlowHandler):
    """The part of the config flow that signs in; what it finds is for the other part."""

    DOMAIN = DOMAIN
    logger = LOGGER

    _profile: CompiledProfile
    _setup: Mapping[str, Any]
    _attempt: Attempt
    _certificate: Certificate

    def __init__(self) -> None:
        """Begin with nothing that was agreed to."""
        super().__init__()
        self._certificates: Mapping[str, str] = {}
        self._asking: Asking | None = None
        self._prompt: Prompt | None = None
        self._waiting: asyncio.Task[Failure | None] | None = None

    @abstractmethod
    async def _async_found(self, found: Found) -> ConfigFlowResult:
        """Go on with an account that has been tried."""

    @abstractmethod
    def _async_failed(self, failure: Failure) -> ConfigFlowResult:
        """Show the form again that was filled in, and why that did not work."""

    async def _async_sign_in(self, form: Form) -> ConfigFlowResult:
        """Try what was filled in; ask the user for what only the user can do."""
        await self._async_stop_asking()
        self._attempt = Attempt(
            hass=self.hass,
            profile=self._profile,
            form=form,
            setup=self._setup,
            certificates=self._certificates,
        )
        return await self._async_try()

    async def _async_try(self, tokens: Mapping[str, Any] | None = None) -> ConfigFlowResult:
        attempt = self._attempt
        self._attempt = Attempt(
            hass=self.hass,
            profile=attempt.profile,
            form=attempt.form,
            setup=attempt.setup,
            certificates=self._certificates,
            tokens=tokens or {},
        )
        match answer := await self._attempt.async_make():
            case Found():
                self._forget_other_certificates()
                return await self._async_found(answer)
            case Asking():
                return await self._async_ask(answer)
            case Certificate():
                self._certificate = answer
                return self._show_certificate()
            case _:
                return self._async_failed(answer)

    # --- consent ----------------------------------------------------------------------------------

    async def _async_ask(self, asking: Asking) -> ConfigFlowResult:
        """Send the browser to the vendor, or say what to do and wait for it."""
        self._asking = asking
        consent = asking.consent
        if isinstance(consent, AuthorizationCodeAuth):
            self.flow_impl = VendorImplementation(self.hass, consent)
            return await self.async_step_auth()
        assert isinstance(consent, WaitingAuth)  # noqa: S101 - there is no third kind
        prompt = await self._attempt.async_guard(consent.begin())
        if isinstance(prompt, Failure):
            return await self._async_give_up(prompt)
        self._prompt = prompt
        # In the background: a wait for the user is nothing for Home Assistant to wait for.
        self._waiting = self.hass.async_create_background_task(
            self._attempt.async_guard(consent.wait(), prompt.seconds + PATIENCE),
            f"{DOMAIN} waits for consent",
        )
        return await self.async_step_consent()

    async def async_step_consent(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show what to do while the vendor is asked whether it was done."""
        assert self._waiting is not None  # noqa: S101 - set before anything leads here
        assert self._prompt is not None  # noqa: S101 - likewise
        if self._waiting.done():
            return self.async_show_progress_done(next_step_id="consent_over")
        prompt = self._prompt
        return self.async_show_progress(
            step_id="consent",
            progress_action="press" if prompt.url is None else "enter_code",
            description_placeholders={
                "vendor": without_links(self._profile.name),
                "instructions": without_links(prompt.text),
                "url": str(prompt.url or ""),
                "code": escape_markdown(prompt.code),
                "minutes": f"{math.ceil(prompt.seconds / 60)}",
                "seconds": f"{prompt.seconds:.0f}",
            },
            progress_task=self._waiting,
        )

    async def async_step_consent_over(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Go on once the user has done it, or time is over."""
        assert self._waiting is not None  # noqa: S101 - as above
        return await self._async_agreed(await self._waiting)

    @override
    async def async_step_creation(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Exchange what the browser brought for tokens."""
        work = self.flow_impl.async_resolve_external_data(self.external_data)
        answer = await self._attempt.async_guard(work)
        return await self._async_agreed(answer if isinstance(answer, Failure) else None)

    async def _async_agreed(self, failure: Failure | None) -> ConfigFlowResult:
        """Go on with the tokens to which the user agreed."""
        if failure is not None:
            return await self._async_give_up(failure)
        tokens = dict(self._asking.tokens) if self._asking is not None else {}
        await self._async_stop_asking()
        return await self._async_try(tokens)

    async def _async_give_up(self, failure: Failure) -> ConfigFlowResult:
        await self._async_stop_asking()
        return self._async_failed(failure)

    async def _async_stop_asking(self) -> None:
        """Close the client that waits for consent, if there is one."""
        asking, self._asking = self._asking, None
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            waiting.cancel()
        if asking is not None:
            await asking.close()

    @callback
    @override
    def async_remove(self) -> None:
        """Stop waiting when the user has closed the dialog."""
        if self._asking is not None:
            stopping = self._async_stop_asking()
            _ = self.hass.async_create_task(stopping, f"{DOMAIN} stops waiting")

    # --- certificates -----------------------------------------------------------------------------

    async def async_step_certificate(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Have the user accept a certificate that nobody vouches for."""
        if user_input is None or not user_input[CONF_ACCEPT]:
            return self._show_certificate(refused=user_input is not None)
        shown = self._certificate
        self._certificates = {**self._certificates, shown.server: shown.fingerprint}
        return await self._async_try(self._attempt.tokens)

    async def async_step_certificate_changed(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Have the user accept a certificate in place of the one that was accepted before."""
        return await self.async_step_certificate(user_input)

    def _show_certificate(self, *, refused: bool = False) -> ConfigFlowResult:
        return self.async_show_form(
            step_id="certificate_changed" if self._certificate.changed else "certificate",
            data_schema=probatio.Schema(
                {probatio.Required(CONF_ACCEPT, default=False): BooleanSelector()}
            ),
            errors={CONF_ACCEPT: "not_accepted"} if refused else {},
            description_placeholders={
                "vendor": without_links(self._profile.name),
                **self._certificate.placeholders(),
            },
            last_step=False,
        )

    def _forget_other_certificates(self) -> None:
        """Keep of the certificates those of servers that the account still has."""
        servers = {server_of(address) for address in addresses_of(self._profile, self._setup)}
        self._certificates = {
            server: fingerprint
            for server, fingerprint in self._certificates.items()
            if server in servers
        }
