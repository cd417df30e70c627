"""What a user can have done beyond what entities offer: one action a file."""

from typing import Final

from . import refresh, send_command
from .action import Action

ACTIONS: Final[tuple[Action, ...]] = (refresh.ACTION, send_command.ACTION)
