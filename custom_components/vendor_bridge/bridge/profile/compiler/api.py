"""The account's addresses and what tells it from others, made ready to be filled in."""

from ...model import Kind
from ..plans import AccountPlan
from ..schema.requests import RequestSpec
from ..templates import Place, Template
from .context import Context
from .requests import request_plan


def base_url_templates(context: Context) -> list[Template]:
    """Return the account's base addresses, in the order in which they are tried."""
    return [
        context.template(base, Place.TEXT, ("api", "base_url"), ())
        for base in context.profile.api.base_url
    ]


def verify_ssl_template(context: Context) -> Template:
    """Return whether certificates are checked; it keeps its type when it is a placeholder."""
    path = ("api", "verify_ssl")
    return context.template(context.profile.api.verify_ssl, Place.JSON, path, ())


def account_plan(context: Context) -> AccountPlan:
    """Return how an account is told from another."""
    spec = context.profile.account
    if spec is None:
        return AccountPlan(request=None, id=None, name=None)
    request: RequestSpec | None = spec.request
    return AccountPlan(
        request=request_plan(context, request, ("account", "request")) if request else None,
        id=context.value(spec.id, ("account", "id"), Kind.TEXT),
        name=context.value(spec.name, ("account", "name"), Kind.TEXT),
    )
