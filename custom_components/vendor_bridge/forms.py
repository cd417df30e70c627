"""The forms that profiles ask for: what is shown of each field, and what is made of an answer."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
import ipaddress
import math
import re
from typing import TYPE_CHECKING, Any, Final

from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    Selector,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
import probatio
from yarl import URL

from .profile_issues import without_links

if TYPE_CHECKING:
    from .bridge.profile.schema.api import SetupField

COMMON_FIELDS: Final[Mapping[str, str]] = {
    "access_token": "Access token",
    "account": "Account",
    "api_key": "API key",
    "api_secret": "API secret",
    "app_key": "App key",
    "certificate": "Certificate",
    "client_id": "Client ID",
    "client_secret": "Client secret",
    "code": "Code",
    "country": "Country",
    "device_id": "Device ID",
    "email": "Email",
    "home": "Home",
    "host": "Host",
    "key": "Key",
    "key_password": "Password of the key",
    "password": "Password",
    "path": "Path",
    "phone": "Phone number",
    "pin": "PIN",
    "port": "Port",
    "private_key": "Private key",
    "refresh_token": "Refresh token",
    "region": "Region",
    "secret": "Secret",
    "serial_number": "Serial number",
    "site": "Site",
    "token": "Token",
    "url": "Address",
    "user": "User name",
    "username": "User name",
    "verify_ssl": "Check the TLS certificate",
}
"""Fields that the translations know, and what they are called where a profile does not say.

Their labels and help are placeholders there, which a profile fills.
"""

WHO: Final = frozenset({"username", "user", "email", "phone", "account", "client_id"})
"""Fields that say who signs in."""

LONGEST_TEXT: Final = 8192
LONGEST_PEM: Final = 65536
LARGEST_PORT: Final = 65535
_HOST = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.?", re.IGNORECASE)


class _InvalidError(Exception):
    """What was filled in cannot be used; the text is the key of the error's translation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The fields of a profile's setup that one step asks for.

    ``kept`` holds what an empty field stands for: secrets are never shown again, so leaving one
    empty must not lose it.
    """

    fields: Mapping[str, SetupField]
    kept: Mapping[str, Any] = field(default_factory=dict)

    def key(self, name: str) -> str:
        """Return the key of a field in the form.

        The frontend shows what the translations say of a key, and the key itself where they say
        nothing, so that a field they do not know must go by what a person should read.
        """
        return name if name in COMMON_FIELDS else _label(name, self.fields[name])

    def placeholders(self) -> dict[str, str]:
        """Return what fills the labels and the help of the fields, and the help of the others."""
        texts = {}
        others = []
        for name, spec in self.fields.items():
            if name in COMMON_FIELDS:
                texts[f"{name}_label"] = _label(name, spec)
                texts[f"{name}_help"] = without_links(spec.description or "")
            elif spec.description:
                others.append(without_links(f"**{_label(name, spec)}**: {spec.description}"))
        texts["help"] = "\n\n".join(["", *others])
        return texts

    def schema(self, shown: Mapping[str, Any]) -> probatio.Schema:
        """Return the form, filled in with what may be shown of ``shown`` (by field name)."""
        return probatio.Schema(
            {
                self._marker(name, spec, shown.get(name)): _selector(name, spec)
                for name, spec in self.fields.items()
            }
        )

    def shown(self, answer: Mapping[str, Any]) -> dict[str, Any]:
        """Return what of an answer may be shown again, by field name."""
        return {
            name: answer[self.key(name)]
            for name, spec in self.fields.items()
            if not spec.is_secret and self.key(name) in answer
        }

    def _marker(self, name: str, spec: SetupField, value: Any) -> probatio.Marker:  # noqa: ANN401
        key = self.key(name)
        if spec.is_secret:
            needed = spec.required and spec.default is None and name not in self.kept
            return probatio.Required(key) if needed else probatio.Optional(key)
        if spec.required and value is not None:
            return probatio.Required(key, default=value)
        suggested = None if value is None else {"suggested_value": value}
        return (probatio.Required if spec.required else probatio.Optional)(
            key, description=suggested
        )

    def read(self, answer: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
        """Return what was filled in, by field name, and the errors, by the form's keys."""
        values: dict[str, Any] = {}
        errors: dict[str, str] = {}
        for name, spec in self.fields.items():
            try:
                value = self._value(name, spec, answer.get(self.key(name)))
            except _InvalidError as error:
                errors[self.key(name)] = str(error)
            else:
                if value is not None:
                    values[name] = value
        return values, errors

    def _value(self, name: str, spec: SetupField, given: Any) -> Any:  # noqa: ANN401
        """Return a field's value, None where it is left out. Raises _InvalidError."""
        if isinstance(given, str):
            given = given.strip("\r\n") if spec.type == "secret" else given.strip()
        if given is None and spec.type == "boolean":
            return False
        if given is None or given == "":
            given = self.kept.get(name)
            if given is None and spec.type == "secret":
                given = spec.default
            if given is None and spec.required:
                raise _InvalidError("required")
            return given
        if isinstance(given, str) and not _is_text(given, lines=spec.type == "pem"):
            raise _InvalidError("invalid_text")
        check = _CHECKS.get(spec.type)
        return check(given) if check is not None else given

    def only(self, *types: str) -> str | None:
        """Return the key of the one field of these types, None where there are none or several."""
        names = [name for name, spec in self.fields.items() if spec.type in types]
        return self.key(names[0]) if len(names) == 1 else None


def defaults(fields: Mapping[str, SetupField]) -> dict[str, Any]:
    """Return what a form shows at first."""
    return {
        name: spec.default
        for name, spec in fields.items()
        if spec.default is not None and not spec.is_secret
    }


def secrets(fields: Mapping[str, SetupField], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of the values that must not be shown."""
    return {
        name: values[name]
        for name, spec in fields.items()
        if spec.is_secret and values.get(name) is not None
    }


def sign_in_fields(fields: Mapping[str, SetupField]) -> dict[str, SetupField]:
    """Return the fields that say who signs in and prove it; all where a profile has no secret."""
    if not any(spec.is_secret for spec in fields.values()):
        return dict(fields)
    return {name: spec for name, spec in fields.items() if spec.is_secret or name in WHO}


def number_selector(*, unit: str | None = None, at_least: float | None = None) -> NumberSelector:
    """Return a box for a number."""
    config = NumberSelectorConfig(mode=NumberSelectorMode.BOX, step="any")
    if unit is not None:
        config["unit_of_measurement"] = unit
    if at_least is not None:
        config["min"] = at_least
    return NumberSelector(config)


def lines_selector() -> TextSelector:
    """Return a box for each of several texts."""
    return TextSelector(TextSelectorConfig(multiple=True))


def devices_selector(options: Iterable[tuple[str, str]]) -> SelectSelector:
    """Return a choice of several devices, each given as its vendor id and its label."""
    choices = [{"value": value, "label": label} for value, label in options]
    most_checkboxes = 50
    return SelectSelector(
        SelectSelectorConfig(
            options=choices,  # type: ignore[typeddict-item]
            multiple=True,
            mode=SelectSelectorMode.LIST
            if len(choices) <= most_checkboxes
            else SelectSelectorMode.DROPDOWN,
        )
    )


def _label(name: str, spec: SetupField) -> str:
    return spec.name or COMMON_FIELDS.get(name) or name.replace("_", " ").capitalize()


def _selector(name: str, spec: SetupField) -> Selector[Any]:
    if spec.type == "boolean":
        return BooleanSelector()
    if spec.type in {"number", "port"}:
        return number_selector()
    if spec.type == "select":
        return SelectSelector(
            SelectSelectorConfig(options=list(spec.options or ()), mode=SelectSelectorMode.DROPDOWN)
        )
    return TextSelector(_text(name, spec))


def _text(name: str, spec: SetupField) -> TextSelectorConfig:
    if spec.type == "secret":
        return TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="current-password")
    if spec.type == "pem":
        return TextSelectorConfig(multiline=True)
    if spec.type == "url":
        return TextSelectorConfig(type=TextSelectorType.URL)
    if name == "email":
        return TextSelectorConfig(type=TextSelectorType.EMAIL, autocomplete="email")
    return TextSelectorConfig(autocomplete="username" if name in WHO else "off")


def _is_text(given: str, *, lines: bool) -> bool:
    """Return whether a text is one that a person can have typed, in one line unless told."""
    seen = "".join(given.splitlines()) if lines else given
    return len(given) <= (LONGEST_PEM if lines else LONGEST_TEXT) and seen.isprintable()


def _number(given: Any) -> int | float:  # noqa: ANN401 - what a client of ours sent
    if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given):
        raise _InvalidError("invalid_number")
    return int(given) if given == int(given) else given


def _port(given: Any) -> int:  # noqa: ANN401 - as above
    number = _number(given)
    if not isinstance(number, int) or not 1 <= number <= LARGEST_PORT:
        raise _InvalidError("invalid_port")
    return number


def _host(given: str) -> str:
    try:
        address = ipaddress.ip_address(given.removeprefix("[").removesuffix("]"))
    except ValueError:
        if len(given) > 253 or not _HOST.fullmatch(given):  # noqa: PLR2004 - as DNS has it
            raise _InvalidError("invalid_host") from None
        return given
    if "%" in str(address):  # a zone, which means nothing in an address of the web
        raise _InvalidError("invalid_host")
    return f"[{address}]" if address.version == 6 else str(address)  # noqa: PLR2004


def _url(given: str) -> str:
    try:
        url = URL(given)
        _, host = url.port, url.host  # both are looked at only now
    except ValueError:
        raise _InvalidError("invalid_url") from None
    if url.scheme not in {"http", "https"} or not host:
        raise _InvalidError("invalid_url")
    if url.user is not None or url.password is not None or url.query_string or url.fragment:
        raise _InvalidError("invalid_url_parts")
    return given.rstrip("/")


_CHECKS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "number": _number,
    "port": _port,
    "host": _host,
    "url": _url,
}
