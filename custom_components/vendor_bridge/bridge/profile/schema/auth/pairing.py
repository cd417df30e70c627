"""Pairing: a button is pressed, and then there is a token."""

from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

import probatio

from ..fields import NUMBER, SAYINGS, told
from ..requests import RequestSpec
from ..values import KEEP
from .login import KEEP_HELP
from .places import PLACE_HELP, Places


@dataclass(frozen=True, slots=True, kw_only=True)
class PairingAuth:
    """A token for whoever asks for one just after a button was pressed."""

    type: Literal["pairing"]
    request: Annotated[RequestSpec, told("The request that is sent until it gives a token.")]
    instructions: Annotated[
        str, told("What the user is told to do, such as which button to press.")
    ]
    pending: Annotated[
        Any,  # a list of statuses and conditions
        SAYINGS,
        told(
            "How the answer says that the button was not pressed yet: by these statuses, or by "
            "what these conditions find in it."
        ),
    ]
    token: Annotated[str, told("Where the answer has the token.")]
    keep: Annotated[dict[str, Any], KEEP, told(KEEP_HELP)] = field(default_factory=dict)
    key: Annotated[
        str | None,
        told("A token that the user has already: with `{setup.…}` filled in, nobody has to pair."),
    ] = None
    within: Annotated[
        float | int,
        probatio.All(NUMBER, probatio.Range(min=5, max=600)),
        told("For how many seconds it is sent again and again."),
    ] = 60
    every: Annotated[
        float | int,
        probatio.All(NUMBER, probatio.Range(min=0.5, max=60)),
        told("After how many seconds it is sent again."),
    ] = 2
    place: Annotated[Places, told(PLACE_HELP)] = "header"
    name: Annotated[str, told("The name of the header, parameter or cookie.")] = "Authorization"
    prefix: Annotated[str, told("What stands before the token, with its space.")] = "Bearer "

    def __post_init__(self) -> None:
        """Check that a token of the user's is all that requests need."""
        if self.key is not None and self.keep:
            message = "with key, there is no answer to keep anything of"
            raise ValueError(message)

    @property
    def values(self) -> tuple[str, ...]:
        """Return the names of what requests can be filled in with, as `{auth.<name>}`."""
        return ("token", *self.keep)
