"""What a user can have done beyond what entities offer: one action a file."""

from typing import Final

from . import (
    backfill,
    get_observations,
    list_devices,
    refresh,
    reload_profiles,
    run_task,
    send_command,
)
from .action import Action

ACTIONS: Final[tuple[Action, ...]] = (
    backfill.ACTION,
    get_observations.ACTION,
    list_devices.ACTION,
    refresh.ACTION,
    reload_profiles.ACTION,
    run_task.ACTION,
    send_command.ACTION,
)
