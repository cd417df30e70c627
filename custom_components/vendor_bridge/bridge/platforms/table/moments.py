"""What is done in a moment and leaves no state of its own."""

from ..rows import PlatformRow
from .parts import DEVICE_CLASS, command

BUTTON = PlatformRow(
    name="button",
    help="Something that can be pressed and has no state.",
    options=(DEVICE_CLASS,),
    commands=(command("press", "Press it."),),
    required=("press",),
    retryable=False,
)
