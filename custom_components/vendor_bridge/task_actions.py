"""Each task as an action of its own, so that its fields are a form in the automation editor.

They come and go with the accounts of their vendor; ``run_task`` runs the same tasks by their names.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_set_service_schema
from homeassistant.util.hass_dict import HassKey
import probatio

from .account import ConnectedAccount
from .actions import ACTIONS
from .actions.errors import caller_error
from .actions.run_task import CONF_ACCOUNT, find_account
from .actions.task_runs import async_run_on_account, async_run_on_devices
from .bridge.tasks import Task
from .const import DOMAIN, LOGGER
from .profile_issues import without_links
from .task_fields import describe_fields

SCHEMA: Final = probatio.Schema({**cv.ENTITY_SERVICE_FIELDS}, extra=probatio.ALLOW_EXTRA)
TARGET: Final = {"entity": [{"integration": DOMAIN}], "device": [{"integration": DOMAIN}]}


@dataclass(slots=True, kw_only=True)
class _TaskAction:
    """A task of a vendor, as the accounts and their devices have it: each variant once."""

    vendor: str
    vendor_name: str
    key: str
    of_account: bool
    variants: list[Task] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Return what the action is called."""
        return f"{self.vendor}_{self.key}"

    @property
    def title(self) -> str:
        """Return what people call it."""
        return f"{self.vendor_name}: {self.variants[0].name}"

    def description(self) -> dict[str, Any]:
        """Return what the automation editor shows: the form."""
        first = self.variants[0]
        fields = describe_fields(self.variants)
        described: dict[str, Any] = {
            "name": self.title,
            "description": without_links(first.description or ""),
            "fields": fields,
        }
        if self.of_account:
            described["fields"] = {
                CONF_ACCOUNT: {
                    "name": self.vendor_name,
                    "description": "",
                    "required": False,
                    "selector": {"config_entry": {"integration": DOMAIN}},
                },
                **fields,
            }
        else:
            described["target"] = TARGET
        return described


class TaskActions:
    """The actions that stand for the tasks of all accounts."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Start without accounts."""
        self._hass = hass
        self._accounts: list[ConnectedAccount] = []
        self._actions: dict[str, _TaskAction] = {}
        self._told: set[str] = set()

    @callback
    def async_add(self, account: ConnectedAccount) -> None:
        """Offer the tasks of an account until it is unloaded."""
        self._accounts.append(account)
        self._update()
        stop = account.tasks.async_listen(self._update)

        @callback
        def remove() -> None:
            stop()
            self._accounts.remove(account)
            self._update()

        account.entry.async_on_unload(remove)

    @callback
    def _update(self) -> None:
        """Register what is new or another, and remove what nobody has any more."""
        wanted = self._wanted()
        for name in self._actions.keys() - wanted.keys():
            del self._actions[name]
            self._hass.services.async_remove(DOMAIN, name)
        for name, action in wanted.items():
            if self._actions.get(name) == action:
                continue
            if name not in self._actions:
                self._hass.services.async_register(
                    DOMAIN,
                    name,
                    self._async_run,
                    schema=SCHEMA,
                    supports_response=SupportsResponse.OPTIONAL,
                )
            self._actions[name] = action
            async_set_service_schema(self._hass, DOMAIN, name, action.description())

    def _wanted(self) -> dict[str, _TaskAction]:
        wanted: dict[str, _TaskAction] = {}
        own = {action.name for action in ACTIONS}
        for found in self._found():
            known = wanted.setdefault(found.name, found)
            if found.name in own or (known.vendor, known.key) != (found.vendor, found.key):
                self._tell(found)
            elif known is not found:
                known.variants += [one for one in found.variants if one not in known.variants]
        return {name: action for name, action in wanted.items() if name not in own}

    def _found(self) -> Iterator[_TaskAction]:
        for account in self._accounts:
            for vendor_id, tasks in account.tasks.offers.items():
                for key, task in tasks.items():
                    yield _TaskAction(
                        vendor=account.profile.id,
                        vendor_name=account.profile.name,
                        key=key,
                        of_account=vendor_id is None,
                        variants=[task],
                    )

    def _tell(self, action: _TaskAction) -> None:
        """Say once that a task has no action of its own."""
        if action.title not in self._told:
            self._told.add(action.title)
            LOGGER.warning(
                "%s can only be run with the action run_task: there is another action %s.%s",
                action.title,
                DOMAIN,
                action.name,
            )

    async def _async_run(self, call: ServiceCall) -> ServiceResponse:
        """Run the task that an action stands for."""
        action = self._actions[call.service]
        targets = {str(name) for name in cv.ENTITY_SERVICE_FIELDS} | {CONF_ACCOUNT}
        data = {name: value for name, value in call.data.items() if name not in targets}
        if action.of_account:
            return await async_run_on_account(call, self._account(call, action), action.key, data)
        return await async_run_on_devices(call, action.key, data, vendor=action.vendor)

    def _account(self, call: ServiceCall, action: _TaskAction) -> ConnectedAccount:
        """Return the account that is meant: the one that is named, or the only one of the vendor.

        Raises HomeAssistantError.
        """
        entry_id = call.data.get(CONF_ACCOUNT)
        if entry_id is not None:
            account = find_account(call, entry_id)
            if account.profile.id != action.vendor:
                raise caller_error(
                    "other_vendor",
                    device=account.entry.title,
                    vendor=account.profile.name,
                    task=action.key,
                )
            return account
        found = [one for one in self._accounts if one.profile.id == action.vendor]
        if len(found) > 1:
            titles = ", ".join(sorted(one.entry.title for one in found))
            raise caller_error("which_account", accounts=titles)
        return found[0]


TASK_ACTIONS: Final[HassKey[TaskActions]] = HassKey(f"{DOMAIN}.task_actions")


@callback
def async_offer_tasks(hass: HomeAssistant, account: ConnectedAccount) -> None:
    """Offer the tasks of an account that has been set up, each as an action of its own."""
    hass.data.setdefault(TASK_ACTIONS, TaskActions(hass)).async_add(account)
