"""What voice assistants make of an entity: whether they may use it, and what else it is called.

Home Assistant shows new entities to Assist by a list of its own, which leaves out most of what can
only be asked for, and locks. Here is what is added to that list, once, when an entity is first
registered; and the names by which people ask for what their language puts the other way round.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from homeassistant.components.cover import CoverDeviceClass
from homeassistant.components.homeassistant.const import DATA_EXPOSED_ENTITIES
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import chat_session, entity_registry as er
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.script import script_stack_cv

from .const import DOMAIN

ASSIST: Final = "conversation"
"""What Home Assistant calls its own assistant. What is in a cloud is the user's to decide."""

EXPOSED: Final = frozenset(
    {
        Platform.BINARY_SENSOR,
        Platform.LAWN_MOWER,
        Platform.LOCK,
        Platform.SENSOR,
        Platform.WEATHER,
    }
)
"""What Assist may use beside what Home Assistant lets it: what can only be asked for, a mower as
well as a vacuum, and locks, which ``refuse_if_spoken`` keeps from being unlocked."""

ALIASES: Final = "aliases"
"""The option in which it is noted what other names we have given, to tell them from the user's."""

WHAT_OF: Final[Mapping[str, Sequence[str]]] = {
    "en": ("{what} of the {device}", "{what} of {device}"),
    # A name does not tell its gender.
    "de": (
        "{what} von {device}",
        "{what} vom {device}",
        "{what} von der {device}",
        "{what} der {device}",
        "{what} des {device}s",
    ),
}
"""How one asks for a quantity of a device, by language: its own name has the device first."""


def initial_options(
    hass: HomeAssistant, entity: Entity, names: Sequence[str]
) -> dict[str, Mapping[str, Any]]:
    """Return options that a new entity is registered with: whether Assist may use it, and ALIASES.

    What is for settings or for finding faults is left to Home Assistant, as everything is where
    the user wants to decide about each new entity. ``names`` are as for ``async_give_aliases``,
    which has to follow.
    """
    exposed = hass.data.get(DATA_EXPOSED_ENTITIES)
    if exposed is None:
        return {}
    options: dict[str, Mapping[str, Any]] = {}
    if (
        exposed.async_get_expose_new_entities(ASSIST)
        and entity.platform.domain in EXPOSED
        and entity.entity_category is None
    ):
        options[ASSIST] = {"should_expose": True}
    if _begins_enabled(entity) and (wanted := _other_names(entity, names, hass.config.language)):
        options[DOMAIN] = {ALIASES: wanted}
    return options


def _begins_enabled(entity: Entity) -> bool:
    """Return whether a new entity is in service at once. Any other is named when it is."""
    entry, device = entity.platform.config_entry, entity.device_entry
    return (
        entity.entity_registry_enabled_default
        and not (entry is not None and entry.pref_disable_new_entities)
        and not (device is not None and device.disabled)
    )


@callback
def async_give_aliases(
    hass: HomeAssistant, entity: Entity, names: Sequence[str], *, new: bool
) -> None:
    """Let an entity be known by its other names too, unless the user has changed any of them.

    ``names`` are those of its device: what it is called, and what else people call it. A ``new``
    one has just been registered with what ``initial_options`` says, and has no other names yet.
    Called before the entity itself hears of changes in the registry, which would write its state.
    """
    entry = entity.registry_entry
    if entry is None or DATA_EXPOSED_ENTITIES not in hass.data:
        return
    noted: list[str] = entry.options[DOMAIN].get(ALIASES, []) if DOMAIN in entry.options else []
    given = [] if new else noted
    wanted = noted if new else _other_names(entity, names, hass.config.language)
    if wanted == given or entry.aliases != [er.COMPUTED_NAME, *given]:
        return
    registry = er.async_get(hass)
    if wanted != noted:
        registry.async_update_entity_options(entity.entity_id, DOMAIN, {ALIASES: wanted})
    entity.registry_entry = registry.async_update_entity(
        entity.entity_id, aliases=[er.COMPUTED_NAME, *wanted]
    )


def _other_names(entity: Entity, names: Sequence[str], language: str) -> list[str]:
    """Return what an entity is called beside the name of its device and its own."""
    domain = entity.platform.domain
    what = entity.name if isinstance(entity.name, str) else None
    found: list[str] = []
    if what is None:
        found += names[1:]
        if domain == Platform.COVER and entity.device_class == CoverDeviceClass.GARAGE:
            known = entity.platform_data.component_translations
            name = known.get(f"component.{domain}.entity_component.{entity.device_class}.name")
            found += [name] if name else []
    elif domain == Platform.SCENE:
        found.append(what)
    elif domain == Platform.SENSOR and entity.entity_category is None:
        forms = WHAT_OF.get(language.partition("-")[0], ())
        found += [form.format(what=what, device=name) for name in names for form in forms]
    return [name for name in dict.fromkeys(found) if name != names[0]]


def is_spoken() -> bool:
    """Return whether what is called right now has just been said to an assistant.

    What an automation or a script does has not: even where a sentence started it, whoever wrote it
    has decided what may be said.
    """
    return chat_session.current_session.get() is not None and not script_stack_cv.get()


def refuse_if_spoken(device: str) -> None:
    """Raise ServiceValidationError for what nobody behind a window should be able to call for."""
    if is_spoken():
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="not_by_voice",
            translation_placeholders={"device": device},
        )
