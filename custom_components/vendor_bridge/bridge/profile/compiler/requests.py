"""Requests, made ready to be filled in."""

from collections.abc import Callable, Collection, Iterable, Mapping
import re
from typing import Any, Final

import probatio
from yarl import URL

from ...http.message import Answer, AnswerKind, Request
from ...model import Json, Kind
from ..picking import holds, text_of
from ..plans import PagesPlan, RequestPlan
from ..schema.requests import BODIES, RequestSpec
from ..templates import Place, compile_template
from ..values import Picker
from .context import Context, Path

BODY_PLACES: Final = {
    "json": Place.JSON,
    "form": Place.FORM,
    "text": Place.TEXT,
    "xml": Place.XML,
}
WHOLE_PATH: Final = re.compile(r"\{[^{}:]+:path\}")
DEVICE_NAMES: Final = (
    "device.id",
    "device.parent",
    "device.via",
    "device.type",
    "device.data.",
    "device.key",
    "device.keys.",
)


def request_plan(
    context: Context,
    spec: RequestSpec,
    path: Path,
    known: Iterable[str] = (),
    *,
    command: bool = False,
    signs_in: bool = False,
) -> RequestPlan:
    """Return a request that waits for its placeholders; ``known`` are those besides the setup's.

    What a sign-in gives can stand in every request but those without it: ``signs_in`` says that
    the request is itself a part of the sign-in, and is filled in with what is known by then.
    """
    api = context.profile.api
    signed_in = spec.sign_in and not signs_in
    known = (*known, *context.auth_names) if signed_in else tuple(known)
    _check_host(context, spec, (*path, spec.method))
    body_kind = next((kind for kind in BODIES if getattr(spec, kind) is not None), None)
    parts = {
        "path": context.template(spec.path, Place.PATH, (*path, spec.method), known),
        "query": context.template(
            {**_common(api.query, Place.QUERY, known), **spec.query},
            Place.QUERY,
            (*path, "query"),
            known,
        ),
        "headers": context.template(
            {**_common(api.headers, Place.HEADER, known), **spec.headers},
            Place.HEADER,
            (*path, "headers"),
            known,
        ),
    }
    if body_kind is not None:
        parts["body"] = context.template(
            getattr(spec, body_kind), BODY_PLACES[body_kind], (*path, body_kind), known
        )
    names = frozenset[str]().union(*(part.names for part in parts.values()))
    failed = context.value(spec.failed or api.failed, (*path, "failed"))
    error = context.value(spec.error or api.error, (*path, "error"))
    return RequestPlan(
        label=spec.label,
        base=Request(
            method=spec.method.upper(),
            path="/",
            label=spec.label,
            answer=AnswerKind(spec.answer),
            ok=frozenset(spec.ok) if spec.ok else None,
            timeout=spec.timeout or api.timeout,
            idempotent=spec.method in {"get", "head"}
            if spec.idempotent is None
            else spec.idempotent,
            command=command,
            etag=spec.method == "get",
            sign_in=spec.sign_in,
            describe_error=_reason(error) if error else None,
            failure_body=_failure(failed, error) if failed else None,
        ),
        path=parts["path"],
        query=parts["query"],
        headers=parts["headers"],
        body=parts.get("body"),
        body_kind=body_kind,
        names=names,
        signed_in=signed_in and any(name.startswith("auth.") for name in names),
        when=context.value(spec.when, (*path, "when")),
        pages=_pages(context, spec, path),
    )


def _common(parts: Mapping[str, Any], place: Place, known: Collection[str]) -> dict[str, Any]:
    """Return those parts of every request for which the sign-in has what they need by then."""
    return {
        name: value
        for name, value in parts.items()
        if all(
            reference in known
            for reference in _names_in({name: value}, place)
            if reference.startswith("auth.")
        )
    }


def _names_in(part: Mapping[str, Any], place: Place) -> frozenset[str]:
    try:
        return compile_template(part, place).names
    except probatio.Invalid:  # is told of where it is compiled for good
        return frozenset()


def _pages(context: Context, spec: RequestSpec, path: Path) -> PagesPlan | None:
    if spec.pages is None:
        return None
    return PagesPlan(
        spec=spec.pages,
        next=context.value(spec.pages.next, (*path, "pages", "next")),
        cursor=context.value(spec.pages.cursor, (*path, "pages", "cursor")),
        total=context.value(spec.pages.total, (*path, "pages", "total"), Kind.INTEGER),
    )


def _check_host(context: Context, spec: RequestSpec, path: Path) -> None:
    """Note an address of a host that the account was not given.

    What placeholders make of it is checked when the request is sent.
    """
    if not spec.path.startswith(("http://", "https://")):
        if not spec.path.startswith(("/", "{")):
            context.mistakes.add(path, "a path starts with /", f"write /{spec.path}")
        elif spec.path.startswith("{") and not WHOLE_PATH.match(spec.path):
            context.mistakes.add(
                path,
                "a placeholder at the start of a path stands for one segment of it",
                "write {name:path} for one that holds a path",
            )
        return
    bases = [base for base in context.profile.api.base_url if isinstance(base, str)]
    if any("{" in base.split("?", maxsplit=1)[0] for base in bases) or "{" in spec.path[:200]:
        return
    host = _host_of(spec.path)
    if host is None:
        context.mistakes.add(path, "this is not an address")
    elif host not in {_host_of(base) for base in bases}:
        context.mistakes.add(
            path,
            f"{host} is not a host of this account",
            "only the hosts in api.base_url are ever asked",
        )


def _host_of(address: str) -> str | None:
    """Return the host of an address; None for what is none."""
    try:
        return URL(address).host
    except ValueError:
        return None


def _reason(error: Picker) -> Callable[[Json], str | None]:
    return lambda body: text_of(error, body)


def _failure(failed: Picker, error: Picker | None) -> Callable[[Answer], str | None]:
    def tell(answer: Answer) -> str | None:
        if not holds(failed, answer.data):
            return None
        return text_of(error, answer.data) or "the answer says that it failed"

    return tell
