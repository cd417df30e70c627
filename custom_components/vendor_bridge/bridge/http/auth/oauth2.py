"""OAuth 2 (RFC 6749): tokens from an authorization server, which is often none of the API's."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, override
from urllib.parse import quote_plus

from yarl import URL

from ...errors import UnexpectedAnswerError
from ..message import Answer, AnswerKind, Body, BodyKind, Request
from .consent import ConsentAuth
from .renewing import Renewal, RenewingAuth
from .tokens import Tokens

FATAL: Final = frozenset({"invalid_grant", "invalid_client", "unauthorized_client"})
"""What an authorization server says of credentials that only the user can mend."""

TIMEOUT: Final = 30.0


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


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where an authorization server is asked for something.

    ``address`` is a path below the API's own address, or a URL. ``label`` is what messages call it.
    """

    address: str = field(repr=False)
    label: str

    @property
    def elsewhere(self) -> URL | None:
        """Return the URL, where it is one."""
        return None if self.address.startswith("/") else URL(self.address)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenServer:
    """An authorization server, and what one is to it.

    The client's id and secret travel in the body, or ``in_header`` (section 2.3.1); without a
    secret, the id alone does. ``form`` is what each request for tokens carries besides. ``parse``
    finds the tokens in an answer, or raises UnexpectedAnswerError, and so does ``parse_refresh``
    in that to a renewal, which need not repeat everything.
    """

    tokens: Endpoint
    client_id: str = field(repr=False)
    client_secret: str = field(default="", repr=False)
    in_header: bool = False
    scope: str = ""
    form: Mapping[str, str] = field(default_factory=dict, repr=False)
    parse: Callable[[Answer], Tokens] = parse_tokens
    parse_refresh: Callable[[Answer], Tokens] | None = None

    def request(self, endpoint: Endpoint, form: Mapping[str, str]) -> Request:
        """Return a request to the server, with the client's credentials."""
        filled = dict(form)
        headers = {}
        if self.in_header and self.client_secret:
            pair = f"{quote_plus(self.client_id)}:{quote_plus(self.client_secret)}"
            headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        else:
            filled["client_id"] = self.client_id
            if self.client_secret:
                filled["client_secret"] = self.client_secret
        return Request(
            method="POST",
            path=endpoint.address,
            label=endpoint.label,
            headers=headers,
            body=Body(BodyKind.FORM, filled),
            answer=AnswerKind.JSON,
            timeout=TIMEOUT,
            sign_in=False,
            etag=False,
            describe_error=_describe,
            failure_body=_failure,
            elsewhere=endpoint.elsewhere,
        )


class OAuth2Auth(RenewingAuth):
    """Gets tokens from an authorization server."""

    def __init__(self, server: TokenServer, renewal: Renewal | None = None) -> None:
        super().__init__(renewal or Renewal())
        self._server = server
        self._said = ""
        """The error of the last answer, as the standard names it."""

    async def _ask_for_tokens(self, **form: str) -> Tokens:
        """Return tokens. Raises VendorError: SignInError only where the server says so itself."""
        answer = await self._ask_server(self._server.tokens, form)
        return self._server.parse(answer)

    async def _ask_server(self, endpoint: Endpoint, form: Mapping[str, str]) -> Answer:
        request = self._server.request(endpoint, {**self._server.form, **form})
        self._said = ""
        return await self._send_as(request, denies=self._is_final)

    def _is_final(self, answer: Answer) -> bool:
        """Return whether an answer says that only the user can help, and note what it says."""
        if answer.status >= 500:  # noqa: PLR2004 the 5xx, of which nothing can be believed
            return False
        self._said = error_of(answer.data) or ""
        return self._said in FATAL

    @override
    async def _refresh(self, tokens: Tokens) -> Tokens | None:
        if not tokens.refresh_token:
            return None
        form = {"grant_type": "refresh_token", "refresh_token": tokens.refresh_token}
        answer = await self._ask_server(self._server.tokens, form)
        return (self._server.parse_refresh or self._server.parse)(answer)


class ClientCredentialsAuth(OAuth2Auth):
    """Signs in without a user, with the client's own credentials (section 4.4)."""

    @override
    async def _sign_in(self) -> Tokens:
        scope = {"scope": self._server.scope} if self._server.scope else {}
        return await self._ask_for_tokens(grant_type="client_credentials", **scope)

    @override
    async def _get(self, previous: Tokens | None) -> Tokens:
        return await self._sign_in()


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorization:
    """What the browser is sent to in order to sign in (section 4.1), but for state and redirect.

    ``query`` holds the scope and what a vendor wants besides.
    """

    url: URL
    client_id: str = field(repr=False)
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    pkce: bool = True


class AuthorizationCodeAuth(OAuth2Auth, ConsentAuth):
    """Signs in with a code that the user's browser brings (section 4.1, and RFC 7636)."""

    def __init__(
        self, server: TokenServer, authorization: Authorization, renewal: Renewal | None = None
    ) -> None:
        super().__init__(server, renewal)
        self.authorization = authorization

    async def redeem(self, **form: str) -> None:
        """Exchange a code for tokens, which are in use and stored by then.

        ``form`` are ``code``, ``redirect_uri`` and, with PKCE, ``code_verifier``. Raises
        VendorError.
        """
        self._keep(await self._ask_for_tokens(grant_type="authorization_code", **form))


def error_of(data: object) -> str | None:
    """Return the error that an answer names, whatever its status; some servers say 200."""
    error = data.get("error") if isinstance(data, Mapping) else None
    return error if isinstance(error, str) and error else None


def _describe(data: object) -> str | None:
    words = data.get("error_description") if isinstance(data, Mapping) else None
    return words if isinstance(words, str) and words else error_of(data)


def _failure(answer: Answer) -> str | None:
    return _describe(answer.data) if error_of(answer.data) else None
