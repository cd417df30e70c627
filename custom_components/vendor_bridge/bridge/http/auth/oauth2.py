"""OAuth 2 without a user: the client's own credentials give a token (RFC 6749, section 4.4)."""

from base64 import b64encode
from collections.abc import Mapping
from urllib.parse import quote_plus

from ...errors import UnexpectedAnswerError
from ..message import Answer, AnswerKind, Body, BodyKind, Request
from .login import LoginAuth
from .renewing import Renewal
from .tokens import Tokens


def client_credentials(
    token_path: str,
    client_id: str,
    client_secret: str,
    *,
    scope: str | None = None,
    in_body: bool = False,
    renewal: Renewal | None = None,
) -> LoginAuth:
    """Return a sign-in with a client's id and secret.

    They travel in the header, as the standard prefers, or ``in_body`` as some vendors insist.
    """
    form = {"grant_type": "client_credentials"}
    if scope:
        form["scope"] = scope
    headers = {}
    if in_body:
        form |= {"client_id": client_id, "client_secret": client_secret}
    else:
        pair = f"{quote_plus(client_id)}:{quote_plus(client_secret)}"
        headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
    request = Request(
        method="POST",
        path=token_path,
        label=f"POST {token_path}",
        headers=headers,
        body=Body(BodyKind.FORM, form),
        answer=AnswerKind.JSON,
        sign_in=False,
        describe_error=_describe,
    )
    return LoginAuth(lambda: request, parse_tokens, renewal=renewal)


def parse_tokens(answer: Answer) -> Tokens:
    """Return the tokens in an answer as the standard defines it. Raises UnexpectedAnswerError."""
    data = answer.data if isinstance(answer.data, Mapping) else {}
    token = data.get("access_token")
    if not isinstance(token, str) or not token:
        raise UnexpectedAnswerError("the answer holds no access_token", status=answer.status)
    refresh_token = data.get("refresh_token")
    try:
        expires_in = float(data["expires_in"])
    except KeyError, TypeError, ValueError:
        expires_in = None
    return Tokens(
        token=token,
        refresh_token=refresh_token if isinstance(refresh_token, str) else None,
        expires_in=expires_in,
    )


def _describe(data: object) -> str | None:
    if not isinstance(data, Mapping):
        return None
    words = data.get("error_description") or data.get("error")
    return words if isinstance(words, str) else None
