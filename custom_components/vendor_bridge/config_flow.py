"""Adding an account, signing it in again, and changing what it was set up with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, override

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    ConfigEntry,
    ConfigFlowResult,
)
from homeassistant.core import callback
from homeassistant.data_entry_flow import AbortFlow
from homeassistant.helpers.selector import (
    BooleanSelector,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
import probatio

from .attempt import Failure, Found
from .choices import decided, device_options
from .const import (
    CONF_ACCOUNT_ID,
    CONF_ADD_NEW,
    CONF_CERTIFICATES,
    CONF_CHOSEN,
    CONF_INTERVALS,
    CONF_SETUP,
    CONF_TOKENS,
    CONF_VENDOR,
    DOMAIN,
)
from .forms import Form, defaults, devices_selector, secrets, sign_in_fields
from .options_flow import VendorBridgeOptionsFlow
from .profile_issues import escape_markdown, without_links
from .profiles import (
    UnknownVendorError,
    VendorChoice,
    async_get_profile,
    async_reload_profiles,
    async_vendors,
)
from .sign_in_flow import SignInFlow

if TYPE_CHECKING:
    from .bridge.profile.schema.api import SetupField


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The form that a step shows: its fields, what is kept of them, and what they show at first.

    ``setup`` holds what the step does not ask for.
    """

    step_id: str
    fields: Mapping[str, SetupField]
    shown: Mapping[str, Any] = field(repr=False)
    kept: Mapping[str, Any] = field(default_factory=dict, repr=False)
    setup: Mapping[str, Any] = field(default_factory=dict, repr=False)


class VendorBridgeConfigFlow(SignInFlow, domain=DOMAIN):
    """Handle everything about an account but its options."""

    VERSION = 1

    _asked: Asked
    _answer: Mapping[str, Any]
    _found: Found

    def __init__(self) -> None:
        """Begin with nothing typed."""
        super().__init__()
        self._typed: Mapping[str, Any] = {}
        """Secrets of the last answer, so that a mistake elsewhere does not cost them."""

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> VendorBridgeOptionsFlow:
        """Return the flow that changes an account's options."""
        return VendorBridgeOptionsFlow()

    # --- adding an account ------------------------------------------------------------------------

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Choose a vendor."""
        errors: dict[str, str] = {}
        placeholders = {"files": "", "reason": ""}
        if user_input is None:
            # Whoever has just written a profile looks for it here.
            mistakes = (await async_reload_profiles(self.hass)).mistakes
            if mistakes:
                errors["base"] = "profiles_left_out"
                placeholders["files"] = ", ".join(sorted(mistakes))
        choices = await async_vendors(self.hass)
        if user_input is not None:
            given = user_input[CONF_VENDOR]
            try:
                self._profile = await async_get_profile(self.hass, _vendor_id(given, choices))
            except UnknownVendorError as error:
                errors[CONF_VENDOR] = "broken_profile" if error.mistakes else "unknown_vendor"
                placeholders["reason"] = str(error)
            else:
                return await self.async_step_account()
        schema = probatio.Schema({probatio.Required(CONF_VENDOR): _vendor_selector(choices)})
        return self.async_show_form(
            step_id="user",
            data_schema=self.add_suggested_values_to_schema(schema, user_input),
            errors=errors,
            description_placeholders=placeholders,
            last_step=False,
        )

    async def async_step_account(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Fill in what the vendor asks for, and try it."""
        fields = self._profile.setup
        asked = Asked(step_id="account", fields=fields, shown=defaults(fields))
        return await self._async_form(asked, user_input)

    async def async_step_devices(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Choose among the devices that were found."""
        if user_input is not None:
            return self._create(user_input[CONF_CHOSEN], add_new=user_input[CONF_ADD_NEW])
        devices = self._found.devices
        return self.async_show_form(
            step_id="devices",
            data_schema=probatio.Schema(
                {
                    probatio.Required(CONF_CHOSEN, default=list(devices)): devices_selector(
                        device_options(devices.values())
                    ),
                    probatio.Required(CONF_ADD_NEW, default=True): BooleanSelector(),
                }
            ),
            description_placeholders={
                "account": escape_markdown(self._found.account.name),
                "count": str(len(devices)),
            },
            last_step=True,
        )

    async def async_step_no_devices(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say that there are no devices yet, and let the user go on all the same."""
        if user_input is not None:
            return self._create([], add_new=user_input[CONF_ADD_NEW])
        return self.async_show_form(
            step_id="no_devices",
            data_schema=probatio.Schema(
                {probatio.Required(CONF_ADD_NEW, default=True): BooleanSelector()}
            ),
            description_placeholders={"account": escape_markdown(self._found.account.name)},
            last_step=True,
        )

    def _create(self, selected: list[str], *, add_new: bool) -> ConfigFlowResult:
        found = self._found
        account_id = unique_id = self._unique_id(found)
        used = {entry.data.get(CONF_ACCOUNT_ID) for entry in self._async_current_entries()}
        copies = 1
        while account_id in used:  # of an account that has moved to another address since
            copies += 1
            account_id = f"{unique_id}#{copies}"
        return self.async_create_entry(
            title=found.account.name or self._profile.name,
            data={
                CONF_VENDOR: self._profile.id,
                CONF_ACCOUNT_ID: account_id,
                CONF_SETUP: dict(self._setup),
                CONF_TOKENS: dict(found.tokens),
                CONF_CERTIFICATES: dict(self._certificates),
            },
            options={
                **decided(selected, found.devices, add_new=add_new),
                CONF_INTERVALS: {},
            },
        )

    # --- changing an account ----------------------------------------------------------------------

    async def async_step_reauth(self, _entry_data: Mapping[str, Any]) -> ConfigFlowResult:
        """Begin when the vendor does not accept the credentials any more."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the credentials again, and for nothing else."""
        entry = self._get_reauth_entry()
        await self._async_find_profile(entry)
        setup = entry.data[CONF_SETUP]
        fields = sign_in_fields(self._profile.setup)
        asked = Asked(step_id="reauth_confirm", fields=fields, shown=setup, setup=setup)
        return await self._async_form(asked, user_input)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change what was filled in; a secret that is left empty stays as it is."""
        entry = self._get_reconfigure_entry()
        await self._async_find_profile(entry)
        setup = entry.data[CONF_SETUP]
        fields = self._profile.setup
        kept = secrets(fields, setup)
        asked = Asked(step_id="reconfigure", fields=fields, shown=setup, kept=kept)
        return await self._async_form(asked, user_input)

    async def _async_find_profile(self, entry: ConfigEntry) -> None:
        try:
            self._profile = await async_get_profile(self.hass, entry.data[CONF_VENDOR])
        except UnknownVendorError as error:
            raise AbortFlow("profile_unusable", {"reason": escape_markdown(str(error))}) from error
        self._certificates = self._certificates or entry.data.get(CONF_CERTIFICATES, {})

    async def _async_update(self, entry: ConfigEntry, found: Found) -> ConfigFlowResult:
        """Take over what has been tried, if it is still the same account.

        Where the vendor names no account, what was filled in does, and may well have changed: the
        devices are known by ``account_id``, which stays.
        """
        unique_id = self._unique_id(found)
        existing = await self.async_set_unique_id(unique_id, raise_on_progress=False)
        if not self._profile.account_from_setup:
            self._abort_if_unique_id_mismatch(
                description_placeholders={"account": escape_markdown(entry.title)}
            )
        elif existing is not None and existing.entry_id != entry.entry_id:
            raise AbortFlow("already_configured")
        return self.async_update_reload_and_abort(
            entry,
            unique_id=unique_id,
            data_updates={
                CONF_SETUP: dict(self._setup),
                CONF_TOKENS: dict(found.tokens),
                CONF_CERTIFICATES: dict(self._certificates),
            },
        )

    # --- what the steps share ---------------------------------------------------------------------

    def _unique_id(self, found: Found) -> str:
        """Return what tells the account from every other, of whichever vendor."""
        return f"{self._profile.id}:{found.account.id}"

    async def _async_form(
        self, asked: Asked, user_input: Mapping[str, Any] | None
    ) -> ConfigFlowResult:
        """Show a form, or try what was filled in."""
        self._asked = asked
        if user_input is None:
            return self._show(asked.shown)
        form = self._form()
        self._answer = user_input
        values, errors = form.read(user_input)
        self._typed = secrets(form.fields, values)
        if errors:
            return self._show(form.shown(user_input), errors)
        others = {name: value for name, value in asked.setup.items() if name not in form.fields}
        self._setup = {**others, **values}
        return await self._async_sign_in(form)

    @override
    async def _async_found(self, found: Found) -> ConfigFlowResult:
        if self.source == SOURCE_REAUTH:
            return await self._async_update(self._get_reauth_entry(), found)
        if self.source == SOURCE_RECONFIGURE:
            return await self._async_update(self._get_reconfigure_entry(), found)
        await self.async_set_unique_id(self._unique_id(found), raise_on_progress=False)
        self._abort_if_unique_id_configured()
        self._found = found
        return await (self.async_step_devices() if found.devices else self.async_step_no_devices())

    @override
    def _async_failed(self, failure: Failure) -> ConfigFlowResult:
        if failure.key == "invalid_auth":
            self._typed = {}
        shown = self._form().shown(self._answer)
        return self._show(shown, {failure.field: failure.key}, failure.reason)

    def _form(self) -> Form:
        """Return a form in which an empty secret is the one last typed, else the one in use."""
        return Form(fields=self._asked.fields, kept={**self._asked.kept, **self._typed})

    def _show(
        self,
        shown: Mapping[str, Any],
        errors: Mapping[str, str] | None = None,
        reason: str = "",
    ) -> ConfigFlowResult:
        """Show the form, with what is wrong with the last answer to it."""
        form = self._form()
        return self.async_show_form(
            step_id=self._asked.step_id,
            data_schema=form.schema(shown),
            errors=dict(errors or {}),
            description_placeholders={
                **form.placeholders(),
                "vendor": without_links(self._profile.name),
                "reason": reason,
            },
            last_step=self._asked.step_id != "account",
        )


def _vendor_selector(choices: list[VendorChoice]) -> SelectSelector:
    return SelectSelector(
        SelectSelectorConfig(
            options=[
                SelectOptionDict(value=choice.id, label=_vendor_label(choice)) for choice in choices
            ],
            mode=SelectSelectorMode.DROPDOWN,
            custom_value=True,  # the frontend lets one search only where one may type
        )
    )


def _vendor_label(choice: VendorChoice) -> str:
    """Return a vendor's name; the name of the file marks the user's own."""
    return choice.name if choice.file is None else f"{choice.name} ({choice.file})"


def _vendor_id(given: str, choices: list[VendorChoice]) -> str:
    """Return the id of the vendor that was chosen, or whose name or id was typed."""
    wanted = given.strip().casefold()
    for choice in choices:
        if wanted in {choice.id, choice.name.casefold(), _vendor_label(choice).casefold()}:
            return choice.id
    return given
