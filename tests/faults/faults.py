"""What a fault is: what is done, and what Home Assistant may be expected to make of it."""

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from enum import Enum, StrEnum

from .http import Asked
from .proxy import Behaviour
from .tls import HOST, Shown


class Operation(StrEnum):
    """What Home Assistant is at when a fault strikes."""

    SET_UP = "set-up"
    POLL = "poll"
    COMMAND = "command"
    LISTING = "listing"
    RENEWAL = "renewal"
    FORM = "form"

    def concerns(self, asked: Asked) -> bool:
        """Return whether a request belongs to the operation."""
        match self:
            case Operation.POLL:
                return asked.path == "/v1/status"
            case Operation.COMMAND:
                return asked.method == "PUT"
            case Operation.LISTING:
                return asked.path == "/v1/devices"
            case Operation.RENEWAL:
                return asked.path in {"/v1/refresh", "/v1/login"}
        return True


class Nature(Enum):
    """What a fault leaves of the vendor."""

    HARMLESS = "harmless"
    """Everything works all the same."""
    BRIEF = "brief"
    """It is over before one can tell."""
    PARTIAL = "partial"
    """Some of the answer is good."""
    BROKEN = "broken"
    """No answer that could be used."""
    SIGNED_OUT = "signed out"
    """The vendor does not accept the credentials."""


class Network(Enum):
    """What can be wrong beneath HTTP."""

    REFUSES = "refuses"
    RESETS = "resets"
    NO_NAME = "no name"


type Trouble = Behaviour | Network | Shown

PLAIN = "http://127.0.0.1"
NAMED = f"http://{HOST}"
SECURE = f"https://{HOST}"


@dataclass(frozen=True, slots=True)
class Fault:
    """One row of the matrix.

    ``form`` is the error that the config flow shows, None where it succeeds; ``natures`` holds
    operations for which ``nature`` differs. ``times`` is how many requests are struck, None for
    all; ``patience`` for how many seconds the vendor has to be left alone afterwards.
    ``not_for`` says for which operations there is nothing to see, and why; ``known`` what is not
    yet as it should be. ``base`` is the address without its port.
    """

    key: str
    title: str
    trouble: Trouble
    _: KW_ONLY
    nature: Nature = Nature.BROKEN
    form: str | None = "cannot_connect"
    natures: Mapping[Operation, Nature] = field(default_factory=dict)
    times: int | None = None
    patience: float = 0
    clock_hours: float = 0
    base: str = PLAIN
    not_for: Mapping[Operation, str] = field(default_factory=dict)
    known: Mapping[Operation, str] = field(default_factory=dict)

    def nature_for(self, operation: Operation) -> Nature:
        """Return what the fault leaves of an operation."""
        return self.natures.get(operation, self.nature)
