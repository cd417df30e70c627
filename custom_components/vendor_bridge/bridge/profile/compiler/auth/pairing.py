"""Pairing, made ready to be filled in."""

from ....http.auth import Rejection
from ....model import Kind
from ...schema import auth
from ...signin.login import Parts
from ...signin.pairing import Pairing
from ...templates import Place as Inside
from ..context import Context, Path
from .login import keep_of, sign_in_request
from .places import place_of
from .sayings import sayings


def pairing(context: Context, spec: auth.PairingAuth, path: Path) -> Pairing:
    """Return how a button that is pressed gives a token."""
    statuses, condition = sayings(context, spec.pending, (*path, "pending"))
    return Pairing(
        request=sign_in_request(context, spec.request, (*path, "request"), set()),
        pending=Rejection(statuses, condition),
        parts=Parts(
            token=context.value(spec.token, (*path, "token"), Kind.TEXT),
            refresh_token=None,
            expires_in=None,
            expires_at=None,
        ),
        keep=keep_of(context, spec.keep, (*path, "keep")),
        key=context.template(spec.key, Inside.TEXT, (*path, "key"), ())
        if spec.key is not None
        else None,
        text=spec.instructions,
        within=float(spec.within),
        every=float(spec.every),
        place=place_of(spec),
    )
