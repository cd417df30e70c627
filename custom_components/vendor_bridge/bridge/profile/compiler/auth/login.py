"""Logins, made ready to be filled in."""

from collections.abc import Mapping
from typing import Any, Final

from ....model import Kind
from ...plans import RequestPlan
from ...schema import auth
from ...schema.requests import RequestSpec
from ...signin.hashes import Hashed
from ...signin.login import Login, Parts, Step
from ...values import Picker
from ..commands import ANSWER_NAMES
from ..context import Context, Path
from ..requests import request_plan
from .hashes import hashed
from .places import place_of
from .sayings import sayings

TOKEN_NAMES: Final = ("auth.refresh_token", "auth.token")
"""What the requests that renew and sign out can be filled in with, besides what was kept."""

RESERVED: Final = frozenset({"token", "refresh_token"})


def login(context: Context, spec: auth.LoginAuth, path: Path) -> Login:
    """Return how requests give a token or a session."""
    _check_names(context, spec, path)
    hashes = _hashes(context, spec, path)
    kept = [f"auth.{name}" for name in spec.values]
    statuses, refused_if = sayings(context, spec.rejected, (*path, "rejected"))
    life = spec.expires_in
    return Login(
        steps=_steps(context, spec, hashes, path),
        refresh=sign_in_request(context, spec.refresh, (*path, "refresh"), {*TOKEN_NAMES, *kept})
        if spec.refresh is not None
        else None,
        logout=sign_in_request(context, spec.logout, (*path, "logout"), {*TOKEN_NAMES, *kept})
        if spec.logout is not None
        else None,
        parts=Parts(
            token=context.value(spec.token, (*path, "token"), Kind.TEXT),
            refresh_token=context.value(spec.refresh_token, (*path, "refresh_token"), Kind.TEXT),
            expires_in=context.value(life, (*path, "expires_in"), Kind.NUMBER)
            if isinstance(life, str)
            else life,
            expires_at=context.value(spec.expires_at, (*path, "expires_at"), Kind.TIMESTAMP),
        ),
        cookies=frozenset(spec.cookies if isinstance(spec.cookies, list) else ())
        if spec.cookies
        else None,
        keep=keep_of(context, spec.keep, (*path, "keep")),
        hashes=hashes,
        place=place_of(spec),
        refused=statuses,
        refused_if=refused_if,
    )


def _steps(
    context: Context, spec: auth.LoginAuth, hashes: Mapping[str, Hashed], path: Path
) -> list[Step]:
    """Return the requests in order, each of which knows what those before it gave."""
    steps: list[Step] = []
    kept: set[str] = set()
    for place, request in enumerate(spec.requests):
        for name, made in hashes.items():
            if made.needs <= kept:
                kept.add(name)
        where = (*path, "request") if spec.request is not None else (*path, "steps", place)
        known = {f"auth.{name}" for name in kept} | set(ANSWER_NAMES if place else ())
        keep = getattr(request, "keep", {})
        steps.append(
            Step(
                request=sign_in_request(context, request, where, known),
                keep=keep_of(context, keep, (*where, "keep")),
            )
        )
        kept |= keep.keys()
    return steps


def sign_in_request(
    context: Context, spec: RequestSpec, path: Path, known: set[str]
) -> RequestPlan:
    """Return a request that signs in; ``known`` are the placeholders besides the setup's."""
    for name in ("pages", "when"):
        if getattr(spec, name) is not None:
            message = "a request that signs in has no use for this"
            context.mistakes.add((*path, name), message, of="key")
    return request_plan(context, spec, path, sorted(known), signs_in=True)


def keep_of(context: Context, keep: Mapping[str, Any], path: Path) -> dict[str, Picker]:
    """Return where an answer has what is kept of it, by name."""
    return context.values(keep, path, Kind.TEXT)


def _hashes(context: Context, spec: auth.LoginAuth, path: Path) -> dict[str, Hashed]:
    """Return the hashes, each of which knows what is kept and the hashes before it."""
    known = [f"auth.{name}" for name in spec.values if name not in spec.hashes]
    made: dict[str, Hashed] = {}
    for name, one in spec.hashes.items():
        made[name] = hashed(context, one, (*path, "hashes", name), known)
        known.append(f"auth.{name}")
    return made


def _check_names(context: Context, spec: auth.LoginAuth, path: Path) -> None:
    """Note names that mean two things."""
    seen: set[str] = set(RESERVED)
    blocks: dict[Path, Mapping[str, Any]] = {
        (*path, "steps", place, "keep"): step.keep for place, step in enumerate(spec.steps or ())
    }
    blocks |= {(*path, "keep"): spec.keep, (*path, "hashes"): spec.hashes}
    for where, names in blocks.items():
        for name in names:
            if name in seen:
                message = f"{{auth.{name}}} already means something else"
                context.mistakes.add((*where, name), message, of="key")
            seen.add(name)
