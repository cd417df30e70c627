"""Secrets that can be recognised however they are written, and all the places to look for them."""

import base64
from collections.abc import Iterable, Iterator, Mapping
import json
import logging
import traceback
from typing import Any, Final
from urllib.parse import quote, quote_plus

from homeassistant.components.diagnostics import REDACTED
from homeassistant.config_entries import ConfigEntry, ConfigFlowResult
from homeassistant.const import MATCH_ALL
from homeassistant.core import Event, HomeAssistant
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
from homeassistant.helpers.json import json_dumps
import pytest

from custom_components.vendor_bridge.const import DOMAIN
from custom_components.vendor_bridge.diagnostics import (
    async_get_config_entry_diagnostics,
    async_get_device_diagnostics,
)

_HALF: Final = 9
_SERVERS: Final = ("aiohttp.access", "aiohttp.server", "tests.")
"""What the vendor's side logs is the vendor's business."""


def planted(name: str) -> str:
    """Return a secret whose writings differ: in an address, in JSON, in base64."""
    return f'{name[:3]}Pl4nted/+"&{name[-2:]}-{name.upper()}-zQ7x'


def writings(secret: str) -> Mapping[str, str]:
    """Return how a secret may be written, by what that is called."""
    middle = len(secret) // 2
    escaped = json.dumps(secret)[1:-1]
    found = {
        "plain": secret,
        "quoted": quote(secret, safe=""),
        "quoted but slashes": quote(secret),
        "quoted for a form": quote_plus(secret),
        "JSON": escaped,
        "JSON in JSON": json.dumps(escaped)[1:-1],
        "turned around": secret[::-1],
        "first half": secret[:middle],
        "second half": secret[middle:],
    }
    for shift in range(3):
        # Of base64, only what no neighbour has a part in is the same everywhere.
        encoded = base64.b64encode(b"\0" * shift + secret.encode()).decode()
        found[f"base64 {shift}"] = encoded[4 if shift else 0 : -4]
    return {name: text for name, text in found.items() if len(text) >= _HALF}


def found_in(text: str, secrets: Iterable[str]) -> list[str]:
    """Return which secrets stand in a text, and how."""
    return [
        f"{secret} ({name})"
        for secret in secrets
        for name, written in writings(secret).items()
        if written in text
    ]


class Witness:
    """Remembers all that Home Assistant shows of an account."""

    def __init__(self, hass: HomeAssistant, caplog: pytest.LogCaptureFixture) -> None:
        """Listen from now on, to everything."""
        self._hass = hass
        self._caplog = caplog
        self.seen: list[tuple[str, str]] = []
        caplog.set_level(logging.DEBUG)
        hass.bus.async_listen(MATCH_ALL, self._event)

    def _event(self, event: Event[Any]) -> None:
        self.seen.append((f"event {event.event_type}", repr(event.as_dict())))

    def flow(self, result: ConfigFlowResult) -> ConfigFlowResult:
        """Remember a step of a flow: what it shows, but not what it makes."""
        shown = {
            key: value
            for key, value in result.items()
            if key not in {"data", "result", "data_schema", "context", "options"}
        }
        schema = result.get("data_schema")
        markers = [] if schema is None else [vars(marker) for marker in schema.schema]
        fields = [] if schema is None else [vars(field) for field in schema.schema.values()]
        self.seen.append((f"flow {result.get('step_id')}", f"{shown!r} {markers!r} {fields!r}"))
        return result

    def error(self, error: BaseException) -> None:
        """Remember an exception and all that it came from."""
        lines = traceback.TracebackException.from_exception(error).format()
        one: BaseException | None = error
        while one is not None:
            self.seen.append((f"exception {type(one).__name__}", f"{one!r} {one}"))
            # What an exception was raised without is shown nowhere, as in the traceback below.
            one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
        self.seen.append(("traceback", "".join(lines)))

    async def look(self, entry: ConfigEntry | None, when: str) -> None:
        """Remember what can be seen now."""
        self.seen += [(f"{where}, {when}", text) for where, text in self._stand_still()]
        if entry is None:
            return
        kept = (entry.title, entry.unique_id, entry.reason, entry.options)
        self.seen.append((f"config entry, {when}", repr(kept)))
        told = await async_get_config_entry_diagnostics(self._hass, entry)
        self.seen.append((f"diagnostics, {when}", json_dumps(told)))
        devices = dr.async_entries_for_config_entry(dr.async_get(self._hass), entry.entry_id)
        for device in devices[:2]:
            if isinstance(device, dr.DeviceEntry):
                told = await async_get_device_diagnostics(self._hass, entry, device)
                self.seen.append((f"device diagnostics, {when}", json_dumps(told)))

    def _stand_still(self) -> Iterator[tuple[str, str]]:
        yield "states", repr([state.as_dict() for state in self._hass.states.async_all()])
        issues = ir.async_get(self._hass).issues.values()
        yield "repairs", repr([issue for issue in issues if issue.domain == DOMAIN])
        yield "device registry", repr(list(dr.async_get(self._hass).devices))
        yield "entity registry", repr(list(er.async_get(self._hass).entities.values()))
        yield "area registry", repr(list(ar.async_get(self._hass).areas.values()))
        yield "notifications", repr(self._hass.data.get("persistent_notification"))

    def records(self) -> Iterator[tuple[str, str]]:
        """Yield what was logged, with the exceptions that came along."""
        formatter = logging.Formatter("%(message)s")
        for record in self._caplog.records:
            if not record.name.startswith(_SERVERS):
                yield f"log {record.name} {record.levelname}", formatter.format(record)

    def find(
        self, secrets: Iterable[str], places: tuple[str, ...] = ("",), *, as_it_is: bool = False
    ) -> list[str]:
        """Return where secrets stand, in any writing or only ``as_it_is``.

        ``places`` are how the names of the places begin.
        """
        written = [
            (secret, how, text) for secret in secrets for how, text in writings(secret).items()
        ]
        texts = {text: where for where, text in (*self.seen, *self.records())}
        return [
            f"{where}: {secret} ({how}): {_around(text, one)}"
            for text, where in texts.items()
            if where.startswith(places)
            for secret, how, one in written
            if one in text and (how == "plain" or not as_it_is)
        ]


def _around(text: str, found: str) -> str:
    place = text.find(found)
    return text[max(place - 150, 0) : place + 120].replace(REDACTED, "***")
