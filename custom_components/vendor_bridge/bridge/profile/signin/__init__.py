"""How an account signs in, as its profile says, one file a family."""

from ...client import Context
from ...http.auth import Auth
from ..plans import CompiledProfile
from .base import Given, SignIn

__all__ = ["Given", "SignIn", "auth_of"]


def auth_of(profile: CompiledProfile, context: Context) -> Auth:
    """Return an account's sign-in, with what the user filled in and what was kept of it."""
    return profile.sign_in.make(
        Given(
            setup=context.setup,
            tokens=context.tokens,
            save_tokens=context.save_tokens,
            rejection=profile.rejection,
        )
    )
