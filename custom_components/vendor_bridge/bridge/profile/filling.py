"""Requests, filled in and sent, page after page."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
import re
from typing import Any, Final, Self
from urllib.parse import quote

from yarl import URL

from ..errors import UnexpectedAnswerError
from ..http.connection import Connection
from ..http.message import Answer, Body, BodyKind, Request
from .picking import demanded
from .plans import EachPlan, PagesPlan, RequestPlan
from .templates import TemplateError
from .values import MISSING, PickError

_LOST: Final = "its pages cannot be followed"
_SHORTEST_TOKEN: Final = 6
"""Letters; what is shorter could stand in an address by chance."""


@dataclass(frozen=True, slots=True)
class Filling:
    """A request with what its placeholders stand for, and the page that is asked for.

    ``link`` is the vendor's own address of the page; ``more`` are the parameters that name it.
    ``used`` are the sign-in's values that the request was last filled in with, and ``told`` those
    of the request whose answer held the link.
    """

    plan: RequestPlan
    scope: Mapping[str, Any]
    link: str | None = None
    more: Mapping[str, str] = field(default_factory=dict)
    told: Mapping[str, str] = field(default_factory=dict, repr=False)
    used: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    def request(self) -> Request:
        """Return the request, or one that is completed when it is sent. Raises TemplateError.

        What the sign-in gives is known only by then.
        """
        if self.plan.signed_in:
            path = self.link or "/"
            return replace(self.plan.base, path=path, query=self.more, complete=self._complete)
        return self._filled(self.scope)

    def to(self, link: str) -> Self:
        """Return the page that the answer to this one links to."""
        return replace(self, link=link, told=dict(self.used), used={})

    def _complete(self, values: Mapping[str, str]) -> Request:
        self.used.clear()
        self.used.update(values)
        try:
            return self._filled({**self.scope, "auth": values})
        except TemplateError as error:
            if not error.name.startswith("auth."):
                raise
            # Not what was asked of us, but what the vendor gave.
            raise UnexpectedAnswerError(f"the sign-in's {error}") from error

    def _filled(self, scope: Mapping[str, Any]) -> Request:
        plan = self.plan
        body = None
        if plan.body is not None and plan.body_kind is not None:
            content = plan.body.fill(scope)
            if content is not MISSING:
                body = Body(BodyKind(plan.body_kind), content)
        return replace(
            plan.base,
            path=plan.path.fill(scope) if self.link is None else self._linked(),
            query={**plan.query.fill(scope), **self.more} if self.link is None else {},
            headers=plan.headers.fill(scope),
            body=body,
        )

    def _linked(self) -> str:
        """Return the link, with what has been renewed since the vendor gave it."""
        link = self.link or "/"
        for reference in self.plan.path.names | self.plan.query.names:
            name = reference.removeprefix("auth.")
            old, new = self.told.get(name, ""), quote(self.used.get(name, ""), safe="")
            if len(old) >= _SHORTEST_TOKEN:
                forms = (re.escape(form) for form in (quote(old, safe=""), quote(old), old))
                link = re.sub("|".join(forms), new, link)
        return link


def fill(plan: RequestPlan, scope: Mapping[str, Any]) -> Request:
    """Return a request with its placeholders filled in. Raises TemplateError."""
    return Filling(plan, scope).request()


async def pages(
    connection: Connection, plan: RequestPlan, scope: Mapping[str, Any], items: EachPlan
) -> AsyncIterator[Answer]:
    """Send a request and yield its answer, page after page.

    Raises UnexpectedAnswerError when the pages never end or lead in a circle, and whatever the
    connection raises: an incomplete answer never looks like a complete one.
    """
    page = Filling(plan, scope)
    request = page.request()
    answer = await connection.send(request)
    yield answer
    if plan.pages is None:
        return
    seen = {_mark(request)}
    spec = plan.pages.spec
    number, count = spec.start, 0
    for _ in range(spec.limit):
        last = len(items_of(answer.data, items, plan.label))
        count += last
        number += 1
        following = _following(page, plan.pages, answer, number=number, count=count, last=last)
        if following is None:
            return
        request = following.request()
        if _mark(request) in seen:
            raise UnexpectedAnswerError("its pages lead in a circle", request=plan.label)
        seen.add(_mark(request))
        answer = await connection.send(request)
        yield answer
    raise UnexpectedAnswerError(f"it has more than {spec.limit} pages", request=plan.label)


def _mark(request: Request) -> tuple[str, tuple[tuple[str, Any], ...]]:
    return request.path, tuple(sorted((key, str(value)) for key, value in request.query.items()))


def _following(
    page: Filling, rest: PagesPlan, answer: Answer, *, number: int, count: int, last: int
) -> Filling | None:
    """Return the page after one, or None after the last one."""
    if rest.next is not None:
        link = demanded(rest.next, answer.data, _LOST)
        return page.to(str(answer.url.join(URL(str(link))))) if link else None
    more: dict[str, str]
    if rest.cursor is not None:
        cursor = demanded(rest.cursor, answer.data, _LOST)
        more = {} if cursor in {None, ""} else {rest.spec.query: str(cursor)}
    else:
        total = demanded(rest.total, answer.data, _LOST)
        if last == 0 or (isinstance(total, int) and count >= total):
            return None
        name = rest.spec.page
        more = {name: str(number)} if name is not None else {str(rest.spec.offset): str(count)}
    return replace(page, more=more) if more else None


def items_of(data: Any, plan: EachPlan, label: str) -> list[tuple[str | None, Any]]:  # noqa: ANN401
    """Return the items of an answer, each with its key where they stand in a mapping.

    Raises UnexpectedAnswerError where there is neither a list nor a mapping.
    """
    if plan.each is None:
        if isinstance(data, list):
            return [(None, item) for item in data]
        return [(None, data)]
    try:
        value = plan.each.pick(data)
    except PickError as error:
        raise UnexpectedAnswerError(f"{plan.describe}: {error}", request=label) from error
    if isinstance(value, Mapping):
        return [(str(key), item) for key, item in value.items()]
    if isinstance(value, list):
        return [(None, item) for item in value]
    came = "nothing" if value is MISSING or value is None else type(value).__name__
    raise UnexpectedAnswerError(
        f"expected a list or a mapping at {plan.describe}, got {came}", request=label
    )


def id_of(key: str | None, item: Any, plan: EachPlan, place: int | None = None) -> str:  # noqa: ANN401
    """Return an item's vendor id: as the profile says, else its key, else its place.

    Raises UnexpectedAnswerError where it has none.
    """
    if plan.id is not None:
        try:
            value = plan.id.pick(item)
        except PickError as error:
            raise UnexpectedAnswerError(f"the id of an item: {error}") from error
        if isinstance(value, str | int) and not isinstance(value, bool) and value != "":
            return str(value)
    elif key is not None:
        return key
    elif place is not None:
        return str(place)
    raise UnexpectedAnswerError("an item without an id")
