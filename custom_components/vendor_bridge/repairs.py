"""Mending profiles: what is wrong is shown, and looked at again when the user says so."""

from typing import Any

from homeassistant.components.repairs import (
    ConfirmRepairFlow,
    RepairsFlow,
    RepairsFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import probatio

from .const import DOMAIN
from .profile_issues import BROKEN, MISSING
from .profiles import async_reload_profiles


class CheckAgainFlow(RepairsFlow):
    """Shows an issue that goes away by itself once its cause is gone, and looks again."""

    def __init__(self, error: str) -> None:
        """Take what to say while the cause is still there."""
        self._error = error

    async def async_step_init(self, _user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Begin."""
        return await self.async_step_confirm()

    async def async_step_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Show what is wrong, or that nothing is any more."""
        errors = {}
        if user_input is not None:
            await async_reload_profiles(self.hass)
            errors["base"] = self._error
        issue = ir.async_get(self.hass).async_get_issue(DOMAIN, self.issue_id)
        if issue is None:
            return self.async_create_entry(data={})
        return self.async_show_form(
            step_id="confirm",
            data_schema=probatio.Schema({}),
            errors=errors,
            description_placeholders=issue.translation_placeholders,
        )


async def async_create_fix_flow(
    _hass: HomeAssistant,
    issue_id: str,
    _data: dict[str, str | int | float | None] | None,
) -> RepairsFlow:
    """Return the flow that mends an issue."""
    if issue_id.startswith(f"{BROKEN}_"):
        return CheckAgainFlow("still_broken")
    if issue_id.startswith(f"{MISSING}_"):
        return CheckAgainFlow("still_missing")
    return ConfirmRepairFlow()
