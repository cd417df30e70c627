"""How a profile writes a request, and how its answer is split into pages."""

from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

import probatio

from .fields import SECONDS, exactly_one, told

METHODS = ("get", "post", "put", "patch", "delete", "head")
BODIES = ("json", "form", "text", "xml")

PATH = Annotated[str | None, told("The path below the base address, or an address of the account.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """How the rest of a long answer is asked for. Give one of next, cursor, page or offset."""

    next: Annotated[str | None, told("Where the answer names the address of the next page.")] = None
    cursor: Annotated[
        str | None, told("Where the answer has the mark to ask the next page with.")
    ] = None
    page: Annotated[str | None, told("The query parameter that counts pages.")] = None
    offset: Annotated[str | None, told("The query parameter that counts items.")] = None
    query: Annotated[str, told("The query parameter that the cursor goes into.")] = "cursor"
    start: Annotated[int, told("The number of the first page.")] = 1
    total: Annotated[str | None, told("Where the answer says how many items there are in all.")] = (
        None
    )
    limit: Annotated[
        int, probatio.Range(min=1, max=1000), told("More pages than this are a mistake.")
    ] = 100

    def __post_init__(self) -> None:
        """Check that it is clear which way is meant."""
        exactly_one(
            self, ("next", "cursor", "page", "offset"), "give one of next, cursor, page or offset"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSpec:
    """One HTTP request. Give exactly one of get, post, put, patch, delete or head."""

    get: PATH = None
    post: PATH = None
    put: PATH = None
    patch: PATH = None
    delete: PATH = None
    head: PATH = None
    query: Annotated[dict[str, Any], told("Parameters behind the ? of the address.")] = field(
        default_factory=dict
    )
    headers: Annotated[dict[str, str], told("Headers, beside those of api.headers.")] = field(
        default_factory=dict
    )
    json: Annotated[Any, told("The body, sent as JSON.")] = None
    form: Annotated[dict[str, Any] | None, told("The body, sent as an HTML form.")] = None
    text: Annotated[str | None, told("The body, sent as plain text.")] = None
    xml: Annotated[str | None, told("The body, sent as XML.")] = None
    answer: Annotated[
        Literal["json", "xml", "text", "form", "none", "auto"],
        told("What the answer's body is; `auto` goes by its content type, `none` ignores it."),
    ] = "json"
    ok: Annotated[
        list[Annotated[int, probatio.Range(min=100, max=599)]] | None,
        told("The statuses that mean success; by default 200 to 299."),
    ] = None
    timeout: Annotated[float | int | None, probatio.Maybe(SECONDS), told("In seconds.")] = None
    failed: Annotated[
        str | None, told("True when the answer says, in spite of its status, that it failed.")
    ] = None
    error: Annotated[str | None, told("Where a refusal says why.")] = None
    pages: Annotated[Pages | None, told("How the rest of a long answer is asked for.")] = None
    sign_in: Annotated[bool, told("Whether the request carries the sign-in.")] = True
    idempotent: Annotated[
        bool | None,
        told("Whether it may be sent twice; by default GET and HEAD only, and no command."),
    ] = None
    when: Annotated[
        str | None,
        told("In a command or a task: send it only if this holds, e.g. `brightness != null`."),
    ] = None

    def __post_init__(self) -> None:
        """Check that there is one method and at most one body."""
        exactly_one(self, METHODS, "give exactly one of " + ", ".join(METHODS))
        if len([name for name in BODIES if getattr(self, name) is not None]) > 1:
            message = "give at most one of " + ", ".join(BODIES)
            raise ValueError(message)

    @property
    def method(self) -> str:
        """Return the method in lower case, which is also the field that holds the path."""
        return next(name for name in METHODS if getattr(self, name) is not None)

    @property
    def path(self) -> str:
        """Return the path as the profile writes it."""
        return str(getattr(self, self.method))

    @property
    def label(self) -> str:
        """Return "METHOD /path" for messages: nothing filled in, no query."""
        return f"{self.method.upper()} {self.path.partition('?')[0]}"
