"""How an answer says something that its status alone may not say."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from ....http.message import Answer, Explain
from ...picking import holds
from ...values import Picker
from ..context import Context, Path


def sayings(
    context: Context, specs: Sequence[int | str], path: Path
) -> tuple[frozenset[int], Explain[Answer] | None]:
    """Return the statuses that say it, and what finds it in an answer where there are conditions.

    The conditions are not asked of an answer that says that the vendor is in trouble, or that is
    no data: a condition that something is missing would hold of any error page.
    """
    statuses = frozenset(spec for spec in specs if isinstance(spec, int))
    pickers = [
        context.value(spec, (*path, place))
        for place, spec in enumerate(specs)
        if isinstance(spec, str)
    ]
    conditions = [picker for picker in pickers if picker is not None]
    return statuses, _finder(conditions) if conditions else None


def _finder(conditions: Sequence[Picker]) -> Explain[Answer]:
    def find(answer: Answer) -> str | None:
        troubled = (
            answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR
            or answer.status == HTTPStatus.TOO_MANY_REQUESTS
        )
        if troubled or not isinstance(answer.data, Mapping | list):
            return None
        said = any(holds(condition, answer.data) for condition in conditions)
        return "the answer says so" if said else None

    return find
