"""What actions answer: ids, observations, and device by device what did not succeed."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType, JsonValueType

from ..bridge.model import Observation
from ..const import DOMAIN

if TYPE_CHECKING:
    from .targets import TargetDevice


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What did not succeed, and why. ``name`` is what people call it; ids are None if unknown."""

    error: HomeAssistantError
    name: str
    device_id: str | None = None
    vendor_id: str | None = None
    entity_id: str | None = None


def failure(
    target: TargetDevice, error: HomeAssistantError, *, entity_id: str | None = None
) -> Failure:
    """Return what did not succeed with a device, or with one of its entities."""
    return Failure(
        error=error,
        name=target.name,
        device_id=target.device_id,
        vendor_id=target.vendor_id,
        entity_id=entity_id,
    )


async def async_answer(
    call: ServiceCall,
    devices: Sequence[JsonObjectType],
    failures: Sequence[Failure],
    **more: JsonValueType,
) -> ServiceResponse:
    """Return ``{"devices": [...], "failed": [...]}`` and whatever ``more`` there is to tell.

    Who asks for no response, or for one that would hold nothing but failures, gets an error that
    names each of them. The others can go on with what succeeded.
    """
    if failures and not (call.return_response and devices):
        raise _raised(failures, len(devices))
    texts = await _async_texts(call.hass) if failures else {}
    failed: list[JsonValueType] = [_told(one, texts) for one in failures]
    return {"devices": [*devices], "failed": failed, **more}


def _raised(failures: Sequence[Failure], succeeded: int) -> HomeAssistantError:
    if len(failures) == 1 and not succeeded:
        return failures[0].error
    mistakes = all(isinstance(one.error, ServiceValidationError) for one in failures)
    made = ServiceValidationError if mistakes else HomeAssistantError
    return made(
        translation_domain=DOMAIN,
        translation_key="devices_failed",
        translation_placeholders={
            "failed": str(len(failures)),
            "count": str(len(failures) + succeeded),
            "failures": "; ".join(f"{one.name}: {one.error}" for one in failures),
        },
    )


async def _async_texts(hass: HomeAssistant) -> Mapping[str, str]:
    """Return what errors say, in Home Assistant's language; they themselves speak English."""
    return await async_get_translations(hass, hass.config.language, "exceptions", {DOMAIN})


def _told(one: Failure, texts: Mapping[str, str]) -> JsonObjectType:
    error = one.error
    text = texts.get(f"component.{DOMAIN}.exceptions.{error.translation_key}.message")
    return {
        "device_id": one.device_id,
        "vendor_id": one.vendor_id,
        "entity_id": one.entity_id,
        "error": text.format(**error.translation_placeholders or {}) if text else str(error),
        "error_key": error.translation_key,
    }


def told(
    target: TargetDevice,
    seen: Mapping[str, Observation],
    *,
    at: datetime,
    only: Container[str] | None = None,
) -> list[JsonValueType]:
    """Return observations of a target's entities, perhaps ``only`` of some.

    ``seen`` holds them by attribute key.
    Where the vendor does not say when a value held, that is when it was told: ``at``.
    """
    return [
        {
            "entity_id": entity_id,
            "attribute": name,
            "value": json_value(seen[attribute.key].value),
            "unit": entity.options.get("unit_of_measurement") if name == "state" else None,
            "observed_at": iso(seen[attribute.key].observed_at or at),
        }
        for entity_id, entity in target.entities.items()
        for name, attribute in entity.attributes.items()
        if attribute.key in seen and (only is None or entity_id in only)
    ]


def device_answer(target: TargetDevice, entity_ids: Iterable[str], **more: Any) -> JsonObjectType:  # noqa: ANN401 - JSON
    """Return how a device is named in an answer, with the ids that the next action takes."""
    return {
        "device_id": target.device_id,
        "vendor_id": target.vendor_id,
        "entity_ids": list(entity_ids),
        **more,
    }


def iso(at: datetime) -> str:
    """Return a moment as ISO 8601 text in UTC."""
    return dt_util.as_utc(at).isoformat()


def json_value(value: Any) -> JsonValueType:  # noqa: ANN401 - whatever was observed
    """Return an observed value as JSON has it."""
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): json_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [json_value(item) for item in value]
    known: JsonValueType = value
    return known
