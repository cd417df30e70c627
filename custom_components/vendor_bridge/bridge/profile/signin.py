"""How an account signs in, as its profile says."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from ..client import Context
from ..errors import UnexpectedAnswerError
from ..http.auth import (
    BEARER,
    Auth,
    BasicAuth,
    KeyAuth,
    LoginAuth,
    Place,
    Rejection,
    Renewal,
    Tokens,
    Where,
)
from ..http.message import Answer, Request
from .filling import fill
from .plans import CompiledProfile, RequestPlan
from .schema import auth
from .templates import Template
from .values import MISSING, Picker, PickError


def auth_of(profile: CompiledProfile, context: Context) -> Auth:
    """Return an account's sign-in, with what the user filled in and what was kept of it."""
    spec = profile.source.api.auth
    rejection = Rejection(statuses=frozenset(profile.source.api.signed_out))
    scope = {"setup": context.setup}

    def filled(part: str) -> str:
        value = cast("Template", profile.auth[part]).fill(scope)
        return "" if value is None or value is MISSING else str(value)

    match spec:
        case auth.BasicAuth():
            return BasicAuth(filled("username"), filled("password"), rejection)
        case auth.BearerAuth():
            return KeyAuth(filled("token"), BEARER, rejection)
        case auth.ApiKeyAuth():
            place = Place(Where(spec.place), spec.name, spec.prefix)
            return KeyAuth(filled("key"), place, rejection)
        case auth.LoginAuth():
            return _login(profile, spec, context, rejection)
    return Auth(rejection)


def _login(
    profile: CompiledProfile, spec: auth.LoginAuth, context: Context, rejection: Rejection
) -> LoginAuth:
    parts = profile.auth
    scope = {"setup": context.setup}

    def refresh(tokens: Tokens) -> Request | None:
        plan = parts.get("refresh")
        if not isinstance(plan, RequestPlan) or not tokens.refresh_token:
            return None
        told = {"refresh_token": tokens.refresh_token, "token": tokens.token}
        return _unsigned(fill(plan, {**scope, "auth": told}))

    return LoginAuth(
        lambda: _unsigned(fill(cast("RequestPlan", parts["request"]), scope)),
        lambda answer: _tokens(spec, parts, answer),
        refresh,
        renewal=Renewal(
            place=Place(Where(spec.place), spec.name, spec.prefix),
            tokens=context.tokens,
            save_tokens=context.save_tokens,
            rejection=rejection,
            refused=frozenset(spec.rejected),
        ),
    )


def _unsigned(request: Request) -> Request:
    return replace(request, sign_in=False, etag=False)


def _tokens(spec: auth.LoginAuth, parts: Mapping[str, Any], answer: Answer) -> Tokens:
    """Find the tokens in an answer. Raises UnexpectedAnswerError where there are none."""
    token = _picked(parts["token"], answer.data)
    if not token:
        raise UnexpectedAnswerError("the sign-in's answer has no token")
    life = spec.expires_in
    if isinstance(life, str):
        life = _picked(parts["expires_in"], answer.data) if "expires_in" in parts else None
    expires_at = _picked(parts["expires_at"], answer.data) if "expires_at" in parts else None
    refresh = _picked(parts["refresh_token"], answer.data) if "refresh_token" in parts else None
    return Tokens(
        token=str(token),
        refresh_token=str(refresh) if refresh else None,
        expires_in=float(life) if life is not None else None,
        expires_at=expires_at,
    )


def _picked(picker: Picker, data: Any) -> Any:  # noqa: ANN401 - a token, a time or a number
    try:
        value = picker.pick(data)
    except PickError as error:
        raise UnexpectedAnswerError(f"the sign-in's answer: {error}") from error
    return None if value is MISSING else value
