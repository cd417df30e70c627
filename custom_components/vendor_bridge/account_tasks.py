"""The tasks of one account: which there are, running them, and how they go."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Literal

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import CALLBACK_TYPE, Context, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from .bridge.errors import BridgeError, CommandError, SignInError, VendorError
from .bridge.http.verdict import without, writings
from .bridge.model import DEVICES_MONITOR, Observation
from .bridge.task_data import secrets
from .bridge.tasks import Task, TaskOutcome, TaskProgress
from .const import DOMAIN
from .happenings import async_task_failed

if TYPE_CHECKING:
    from .account import ConnectedAccount
    from .devices import TakenDevice

REREAD_PATIENCE: Final = 5.0
"""Seconds that a task which is done waits for another look at its device."""

END_PATIENCE: Final = 3.0
"""Seconds that tasks have to come to an end when their account is unloaded."""

HIDDEN: Final = "***"

type State = Literal["idle", "running", "done", "failed"]
STATES: Final[tuple[State, ...]] = ("idle", "running", "done", "failed")


@dataclass(slots=True, kw_only=True, eq=False)
class TaskRun:
    """A task that was started, the last one of its device or account, and how it goes."""

    task: Task
    state: State = "running"
    started_at: datetime
    finished_at: datetime | None = None
    progress: TaskProgress = field(default_factory=TaskProgress)
    reason: str | None = None


class AccountTasks:
    """What an account and its devices can do beyond reading and switching.

    ``offers`` holds the tasks by their keys, ``runs`` the last one that was started; both by vendor
    id, None for the account as a whole. One that is over at once does not take the place of one
    that still runs.
    """

    def __init__(self, hass: HomeAssistant, account: ConnectedAccount) -> None:
        """Know of no task yet."""
        self._hass = hass
        self._account = account
        self._listeners: dict[object, CALLBACK_TYPE] = {}
        self._watchers: dict[object, CALLBACK_TYPE] = {}
        self.offers: dict[str | None, Mapping[str, Task]] = {}
        self.runs: dict[str | None, TaskRun] = {}
        self._works: set[asyncio.Task[TaskOutcome]] = set()

    # --- what there is ----------------------------------------------------------------------------

    @callback
    def async_offer(self, taken: TakenDevice | None) -> None:
        """Find out what a device, or the account, can do now."""
        device = taken.device if taken is not None else None
        vendor_id = device.id if device is not None else None
        tasks = {task.key: task for task in self._account.client.tasks(device)}
        if tasks != self.offers.get(vendor_id, {}):
            self.offers[vendor_id] = tasks
            self._tell(self._listeners)

    @callback
    def async_forget(self, vendor_id: str) -> None:
        """Forget a device that has gone."""
        self.runs.pop(vendor_id, None)
        if self.offers.pop(vendor_id, None):
            self._tell(self._listeners)

    def lasting(self) -> set[str | None]:
        """Return the vendor ids of the devices that have tasks which go on for a while."""
        return {
            vendor_id
            for vendor_id, tasks in self.offers.items()
            if any(task.lasting for task in tasks.values())
        }

    @callback
    def async_listen(self, update: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Have ``update`` called whenever there are other tasks; return what ends that."""
        return _add(self._listeners, update)

    @callback
    def async_watch(self, update: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Have ``update`` called whenever there is news of a run; return what ends that."""
        return _add(self._watchers, update)

    # --- running ----------------------------------------------------------------------------------

    async def async_run(
        self,
        taken: TakenDevice | None,
        task: Task,
        data: Mapping[str, Any],
        context: Context | None = None,
    ) -> tuple[TaskOutcome, Mapping[str, Observation]]:
        """Run a task; return what came of it, and what was observed of its device since.

        It ends with the account, and with whoever waits for it. ``context`` is who wanted it: that
        it failed is told to automations and the logbook, as of a command. Raises BridgeError, and
        HomeAssistantError where the account is unloaded meanwhile.
        """
        device = taken.device if taken is not None else None
        vendor_id = device.id if device is not None else None
        run = TaskRun(task=task, started_at=dt_util.utcnow())
        shown = self.runs.get(vendor_id)
        if task.lasting or shown is None or shown.state != "running":
            self.runs[vendor_id] = run
        self._tell(self._watchers)

        hidden = [text for secret in secrets(task, data) for text in writings(secret)]

        @callback
        def progress(told: TaskProgress) -> None:
            text = without(told.text, hidden, HIDDEN) if told.text is not None else None
            run.progress = replace(told, text=text)
            self._tell(self._watchers)

        account = self._account
        work = account.entry.async_create_background_task(
            self._hass,
            account.client.run_task(device, task.key, data, progress),
            f"{account.entry.title} task {task.key}",
        )
        self._works.add(work)
        work.add_done_callback(self._works.discard)
        try:
            outcome = await self._async_outcome(work)
        except asyncio.CancelledError:
            self._finish(run, "failed", "it was cancelled")
            raise
        except BridgeError as error:
            _hide(error, hidden)
            if isinstance(error, SignInError):
                account.entry.async_start_reauth(self._hass)
            self._finish(run, "failed", str(error))
            if not isinstance(error, CommandError):  # else it was the caller's mistake
                async_task_failed(account, taken, task.key, error, context)
            raise
        except Exception as error:
            self._finish(run, "failed", type(error).__name__)
            raise
        finally:
            reads = self._read_again(taken)
        self._finish(run, "done")
        account.status.async_wrote()
        return outcome, {**outcome.observations, **await _async_seen(reads, vendor_id)}

    async def async_end(self) -> None:
        """Stop all that run, so that none of them signs in again once one has signed out."""
        for work in self._works:
            work.cancel()
        if self._works:
            await asyncio.wait(self._works, timeout=END_PATIENCE)

    async def _async_outcome(self, work: asyncio.Task[TaskOutcome]) -> TaskOutcome:
        """Wait for a task. Who stops waiting stops it."""
        try:
            await asyncio.wait([work])
        except asyncio.CancelledError:
            work.cancel()
            raise
        if work.cancelled():
            raise HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key="account_not_loaded",
                translation_placeholders={"account": self._account.entry.title},
            )
        return work.result()

    @callback
    def _finish(self, run: TaskRun, state: State, reason: str | None = None) -> None:
        run.state, run.reason, run.finished_at = state, reason, dt_util.utcnow()
        if state == "done":
            run.progress = TaskProgress(step=run.progress.step, percentage=100)
        self._tell(self._watchers)

    def _read_again(self, taken: TakenDevice | None) -> list[asyncio.Task[Any]]:
        """Read what a task may have changed: its device, or for the account's own every device.

        Nothing is read for a task that ends because its account is unloaded: that read would come
        after the vendor's connection was closed, and nothing would end it.
        """
        if self._account.entry.state is not ConfigEntryState.LOADED:
            return []
        devices = [taken] if taken is not None else list(self._account.devices.values())
        coordinators = self._account.coordinators
        reads: dict[str, asyncio.Task[Any]] = {}
        for one in devices:
            for key in one.monitors or {DEVICES_MONITOR}:
                coordinators[key].async_doubt(one.device.id)
                reads[key] = coordinators[key].at_once.async_ask(one.device.id)
        return list(reads.values())

    @staticmethod
    def _tell(listeners: Mapping[object, CALLBACK_TYPE]) -> None:
        for update in list(listeners.values()):
            update()


def _hide(error: BridgeError, hidden: Sequence[str]) -> None:
    """Take what a task was told in secret out of an error: the vendor may have repeated it."""
    if hidden:
        if isinstance(error, VendorError):
            error.reason = without(error.reason, hidden, HIDDEN)
        error.args = (without(str(error), hidden, HIDDEN),)


def _add(listeners: dict[object, CALLBACK_TYPE], update: CALLBACK_TYPE) -> Callable[[], None]:
    mark = object()
    listeners[mark] = update

    @callback
    def remove() -> None:
        listeners.pop(mark, None)

    return remove


async def _async_seen(
    reads: list[asyncio.Task[Any]], vendor_id: str | None
) -> Mapping[str, Observation]:
    """Return what reads tell of a device, of those that succeed in time."""
    seen: dict[str, Observation] = {}
    if not reads:
        return seen
    done, _ = await asyncio.wait(reads, timeout=REREAD_PATIENCE)
    for read in done:
        if vendor_id is not None and not read.cancelled() and read.exception() is None:
            seen.update(read.result().observations.get(vendor_id, {}))
    return seen
