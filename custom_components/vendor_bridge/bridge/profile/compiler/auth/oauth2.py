"""OAuth 2, made ready to be filled in."""

from typing import Final

from yarl import URL

from ....model import Kind
from ...schema import auth
from ...signin.login import Parts
from ...signin.oauth2 import OAuth2
from ...templates import Place as Inside, Template
from ..context import Context, Path
from .login import keep_of
from .places import place_of

_STARTS: Final = ("/", "{", "http://", "https://")


def oauth2(context: Context, spec: auth.OAuth2Auth, path: Path) -> OAuth2:
    """Return how an authorization server gives tokens."""

    def text(name: str) -> Template | None:
        value = getattr(spec, name)
        return None if value is None else context.template(value, Inside.TEXT, (*path, name), ())

    def address(name: str) -> Template | None:
        _check_address(context, getattr(spec, name), (*path, name))
        return text(name)

    if spec.authorize_url is not None and spec.authorize_url.startswith("/"):
        message = "the browser needs a whole address"
        context.mistakes.add((*path, "authorize_url"), message, "begin with https://")
    life = spec.expires_in
    token_url = address("token_url")
    client_id = text("client_id")
    assert token_url is not None  # noqa: S101 - the declaration demands both
    assert client_id is not None  # noqa: S101
    return OAuth2(
        grant=spec.grant,
        token_url=token_url,
        authorize_url=address("authorize_url"),
        device_url=address("device_url"),
        labels={name: getattr(spec, name) or "" for name in ("token_url", "device_url")},
        client_id=client_id,
        client_secret=text("client_secret"),
        in_header=spec.client_auth == "header",
        scope=" ".join(spec.scopes),
        pkce=spec.pkce,
        authorize_query=context.template(
            spec.authorize_query, Inside.QUERY, (*path, "authorize_query"), ()
        ),
        token_form=context.template(spec.token_form, Inside.FORM, (*path, "token_form"), ()),
        parts=Parts(
            token=context.value(spec.token, (*path, "token"), Kind.TEXT),
            refresh_token=context.value(spec.refresh_token, (*path, "refresh_token"), Kind.TEXT),
            expires_in=context.value(life, (*path, "expires_in"), Kind.NUMBER)
            if isinstance(life, str)
            else life,
            expires_at=None,
        ),
        keep=keep_of(context, spec.keep, (*path, "keep")),
        place=place_of(spec),
    )


def _check_address(context: Context, written: str | None, path: Path) -> None:
    """Note what is no address, where that can be told before it is filled in."""
    if written is None or written.startswith(("/", "{")):
        return
    if not written.startswith(_STARTS):
        message = "this is neither an address nor a path"
        context.mistakes.add(path, message, f"write https://{written}")
    elif "{" not in written:
        try:
            fine = bool(URL(written).host)
        except ValueError:
            fine = False
        if not fine:
            context.mistakes.add(path, "this is not an address")
