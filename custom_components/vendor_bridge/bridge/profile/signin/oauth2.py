"""OAuth 2, for one account."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from yarl import URL

from ...errors import SetupValueError
from ...http.auth import (
    Auth,
    Authorization,
    AuthorizationCodeAuth,
    ClientCredentialsAuth,
    DeviceCodeAuth,
    Endpoint,
    Place,
    Renewal,
    Tokens,
    TokenServer,
)
from ...http.message import Answer
from ..templates import Template
from ..values import Picker
from .base import Given
from .login import Parts, kept


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuth2:
    """An authorization server, and how it is asked; ``labels`` are its addresses as written."""

    grant: Literal["authorization_code", "device_code", "client_credentials"]
    token_url: Template
    authorize_url: Template | None
    device_url: Template | None
    labels: Mapping[str, str]
    client_id: Template
    client_secret: Template | None
    in_header: bool
    scope: str
    pkce: bool
    authorize_query: Template
    token_form: Template
    parts: Parts
    keep: Mapping[str, Picker]
    place: Place | None

    def make(self, given: Given) -> Auth:
        """Return what gets tokens. Raises TemplateError and SetupValueError."""
        server = TokenServer(
            tokens=self._endpoint(given, self.token_url, "token_url"),
            client_id=given.text(self.client_id),
            client_secret=given.text(self.client_secret) if self.client_secret else "",
            in_header=self.in_header,
            scope=self.scope,
            form=_texts(given, self.token_form),
            parse=partial(self._parse, strict=True),
            parse_refresh=partial(self._parse, strict=False),
        )
        renewal = Renewal(
            place=self.place,
            tokens=given.tokens,
            save_tokens=given.save_tokens,
            needs=frozenset(self.keep),
            rejection=given.rejection,
        )
        if self.authorize_url is not None:
            scope = {"scope": self.scope} if self.scope else {}
            authorization = Authorization(
                url=_url(given.text(self.authorize_url), self.authorize_url),
                client_id=server.client_id,
                query={**scope, **_texts(given, self.authorize_query)},
                pkce=self.pkce,
            )
            return AuthorizationCodeAuth(server, authorization, renewal)
        if self.device_url is not None:
            codes = self._endpoint(given, self.device_url, "device_url")
            return DeviceCodeAuth(server, codes, renewal)
        return ClientCredentialsAuth(server, renewal)

    def _endpoint(self, given: Given, template: Template, name: str) -> Endpoint:
        """Return where the server is asked for something."""
        text = given.text(template)
        label = f"POST {self.labels[name].partition('?')[0]}"
        if text.startswith("/"):
            return Endpoint(text, label)
        return Endpoint(str(_url(text, template)), label)

    def _parse(self, answer: Answer, *, strict: bool) -> Tokens:
        """Return the tokens in an answer, and what is kept of it. Raises UnexpectedAnswerError."""
        tokens = self.parts.tokens(answer, "")
        return replace(tokens, extra=kept(self.keep, answer, strict=strict))


def _url(text: str, template: Template) -> URL:
    """Return an address of the web. Raises SetupValueError for what is none."""
    fields = [name.partition(".")[2] for name in template.names if name.startswith("setup.")]
    field = min(fields, default="base")
    try:
        url = URL(text)
    except ValueError as error:
        raise SetupValueError(field, "this is not an address") from error
    if url.scheme not in {"http", "https"} or not url.host or url.user or url.fragment:
        raise SetupValueError(field, "it makes no address of an authorization server")
    return url


def _texts(given: Given, template: Template) -> dict[str, str]:
    return {str(name): str(value) for name, value in template.fill(given.scope).items()}
