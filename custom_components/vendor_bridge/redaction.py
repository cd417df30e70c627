"""Taking what is nobody else's business out of what is shown to strangers."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
import re
from typing import Any, Final

from homeassistant.components.diagnostics import REDACTED

from .bridge.http.verdict import without, writings

SHORTEST = 4
"""Characters. A shorter personal value is not looked for elsewhere: it would be found in words."""

_SECRET: Final = re.compile(
    r"pass(?:word|wd|phrase|code)|secret|token|credential|cookie|authorization|signature"
    r"|(?:api|app|private|wifi)[_-]?key|session[_-]?id|(?:^|[_-])pin(?:$|[_-]|code)|psk",
    re.IGNORECASE,
)
_PERSONAL: Final = re.compile(
    r"e[_-]?mail|user_?(?:name|id)?$|login|phone|mobile|serial|mac$|mac_?addr|bssid|ssid|imei|iccid"
    r"|latitude|longitude|^lat$|^lon$|^lng$|location|coordinates|address|street|postal"
    r"|(?:^|_)(?:ip|zip|city)$|owner|birth|(?:first|last|full|family)_?name"
    r"|(?:account|home)_?(?:id|name)$",
    re.IGNORECASE,
)

_NAMED: Final = re.compile(
    r"""(?P<before>["']?(?P<key>[\w.-]{2,60})["']?\s{0,9}[:=]\s{0,9})"""
    r"""(?P<value>"(?:[^"\\]|\\.)*"?|'[^']*'?|[^\s&,;<>{}\[\]"']+)"""
)
_ELEMENT: Final = re.compile(r"(?P<before><(?P<key>[\w:.-]{2,60})[^<>]{0,200}>)(?P<value>[^<>]+)")
_ANYWHERE: Final = re.compile(
    r"(?P<mail>[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+)"
    r"|\b(?P<scheme>Bearer|Basic)\s+[\w.~+/=-]+|\beyJ[\w-]{8,}(?:\.[\w-]+)+",
    re.IGNORECASE,
)


def scrub(data: Any) -> Any:  # noqa: ANN401 - whatever a vendor answers
    """Return an answer with what its texts tell of secrets taken out.

    In an answer that could not be decoded, and in a text that is a document by itself, the keys
    that give a secret away are nothing but letters among others.
    """
    if isinstance(data, str):
        for pattern in (_NAMED, _ELEMENT):
            data = pattern.sub(_without_value, data)
        return _ANYWHERE.sub(REDACTED, data)
    if isinstance(data, Mapping):
        return {key: scrub(value) for key, value in data.items()}
    if isinstance(data, list):
        return [scrub(item) for item in data]
    return data


def _without_value(found: re.Match[str]) -> str:
    key = found["key"]
    if not (_SECRET.search(key) or _PERSONAL.search(key)):
        return found[0]
    return f"{found['before']}{REDACTED}"


class Redactor:
    """Replaces secrets, and personal values so that one can still tell them apart.

    A personal value becomes its first two characters and a number, the same wherever it stands, so
    that a stranger sees that the id of a device is its serial number, but not which.
    """

    def __init__(self, secrets: Iterable[Any]) -> None:
        """Take the values that must not be seen anywhere."""
        told = {str(value) for value in secrets if value}
        every = {text for value in told for text in writings(value)}
        self._secrets = sorted(every, key=len, reverse=True)
        self._personal: dict[str, str] = {}

    def learn(self, data: Any) -> None:  # noqa: ANN401 - whatever a vendor answers
        """Remember the personal values in some data, so that they are found elsewhere too."""
        if isinstance(data, Mapping):
            for key, value in data.items():
                if _PERSONAL.search(str(key)):
                    self._note(value)
                else:
                    self.learn(value)
        elif isinstance(data, Sequence) and not isinstance(data, str | bytes):
            for item in data:
                self.learn(item)

    def _note(self, value: Any) -> None:  # noqa: ANN401 - as above
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if isinstance(value, str) and len(value) >= SHORTEST:
            number = len(self._personal) + 1
            self._personal.setdefault(value, f"{value[:2]}{REDACTED}{number}")
        elif isinstance(value, Mapping | list):
            for item in value.values() if isinstance(value, Mapping) else value:
                self._note(item)

    def clean(self, data: Any) -> Any:  # noqa: ANN401 - as above
        """Return data, as JSON has it, with nothing in it that is nobody's business."""
        if isinstance(data, Mapping):
            return {self._text(str(key)): self._value(str(key), data[key]) for key in data}
        if isinstance(data, str):
            return self._text(data)
        if data is None or isinstance(data, bool | int | float):
            return data
        if isinstance(data, Iterable) and not isinstance(data, bytes):
            return [self.clean(item) for item in data]
        return self._text(data.isoformat() if isinstance(data, date | time) else str(data))

    def _value(self, key: str, value: Any) -> Any:  # noqa: ANN401 - as above
        if value is None or isinstance(value, bool) or value == "":
            return value
        if _SECRET.search(key):
            return REDACTED
        if _PERSONAL.search(key):
            return self._hidden(value)
        return self.clean(value)

    def _hidden(self, value: Any) -> Any:  # noqa: ANN401 - as above
        if isinstance(value, Mapping):
            return {self._text(str(key)): self._hidden(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._hidden(item) for item in value]
        if isinstance(value, str) and len(value) >= SHORTEST:
            self._note(value)
            return self._personal[value]
        return value if value is None or isinstance(value, bool) else REDACTED

    def _text(self, text: str) -> str:
        text = without(text, self._secrets, REDACTED)
        for value, instead in sorted(self._personal.items(), key=lambda item: -len(item[0])):
            text = text.replace(value, instead)
        return text
