"""What a user can have done beyond what entities offer: one action a file."""

from typing import Final

from . import refresh, run_task
from .action import Action

ACTIONS: Final[tuple[Action, ...]] = (refresh.ACTION, run_task.ACTION)
