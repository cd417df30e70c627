"""What goes wrong when a template is filled in."""

from ...errors import BridgeError


class TemplateError(BridgeError):
    """A placeholder that cannot be filled in.

    ``name`` is the placeholder's; ``reason`` never holds the value that it was to be filled with,
    which may be a secret.
    """

    def __init__(self, reason: str, name: str = "") -> None:
        """Remember what is wrong with which placeholder."""
        super().__init__(f"{{{name}}} {reason}" if name else reason)
        self.name = name
        self.reason = reason
