"""The sign-in, made ready to be filled in."""

from collections.abc import Mapping
from typing import Any, Final

from ...model import Kind
from ..templates import Place
from .context import Context
from .requests import request_plan

AUTH_NAMES: Final = ("auth.refresh_token", "auth.token")


def auth_parts(context: Context) -> Mapping[str, Any]:
    """Return the parts of the sign-in that wait to be filled in or that pick from an answer."""
    spec = context.profile.api.auth
    parts: dict[str, Any] = {}
    for name in ("username", "password", "key"):
        if isinstance(value := getattr(spec, name, None), str):
            parts[name] = context.template(value, Place.TEXT, ("api", "auth", name), ())
    if spec.type == "bearer":
        parts["token"] = context.template(spec.token, Place.TEXT, ("api", "auth", "token"), ())
    if spec.type == "login":
        parts |= _login(context)
    return parts


def _login(context: Context) -> dict[str, Any]:
    spec = context.profile.api.auth
    path = ("api", "auth")
    parts: dict[str, Any] = {
        "request": request_plan(context, spec.request, (*path, "request")),
        "token": context.value(spec.token, (*path, "token"), Kind.TEXT),
        "expires_at": context.value(spec.expires_at, (*path, "expires_at"), Kind.TIMESTAMP),
        "refresh_token": context.value(spec.refresh_token, (*path, "refresh_token"), Kind.TEXT),
    }
    if isinstance(spec.expires_in, str):
        parts["expires_in"] = context.value(spec.expires_in, (*path, "expires_in"), Kind.NUMBER)
    if spec.refresh is not None:
        parts["refresh"] = request_plan(context, spec.refresh, (*path, "refresh"), AUTH_NAMES)
    return {name: part for name, part in parts.items() if part is not None}
