"""The account's addresses and what tells it from others, made ready to be filled in."""

from typing import Final

from ...model import Kind
from ..mistakes import close_to
from ..plans import AccountPlan, CertificatePlan
from ..schema.requests import RequestSpec
from ..templates import Place, Template
from .context import Context
from .requests import request_plan

ASK: Final = "ask"
"""What ``verify_ssl`` says where the user is asked about a certificate."""


def base_url_templates(context: Context) -> list[Template]:
    """Return the account's base addresses, in the order in which they are tried."""
    return [
        context.template(base, Place.TEXT, ("api", "base_url"), ())
        for base in context.profile.api.base_url
    ]


def verify_ssl_template(context: Context) -> Template:
    """Return whether certificates are checked; it keeps its type when it is a placeholder."""
    path = ("api", "verify_ssl")
    written = context.profile.api.verify_ssl
    if isinstance(written, str) and written != ASK and "{" not in written:
        message = f"expected true, false, {ASK} or a placeholder"
        context.mistakes.add(path, message, close_to(written, [ASK]))
    return context.template(context.profile.api.verify_ssl, Place.JSON, path, ())


def client_certificate(context: Context) -> CertificatePlan | None:
    """Return what one signs in with at the level of the connection."""
    spec = context.profile.api.client_certificate
    if spec is None:
        return None
    path = ("api", "client_certificate")
    if context.profile.api.verify_ssl == ASK:
        message = "with a client's certificate, that of the vendor cannot be asked about"
        context.mistakes.add(("api", "verify_ssl"), message, "write true or false")

    def text(name: str) -> Template:
        return context.template(getattr(spec, name), Place.TEXT, (*path, name), ())

    return CertificatePlan(
        certificate=text("certificate"), key=text("key"), password=text("password")
    )


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
