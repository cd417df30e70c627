"""All that crosses the border between a vendor's client and whoever uses it.

Everything here is immutable and knows neither HTTP nor Home Assistant. A device is known by its
vendor id, an attribute by its key, which is unique on its device: ``<entity key>.<attribute>``, as
in ``light.main.brightness``, where the entity key is ``<platform>.<name in the profile>``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from .errors import VendorError
    from .schedule import Schedule

type Json = bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None
"""A decoded answer or a part of one."""

type Value = Json | datetime | date | time
"""What an observation can hold. ``None`` is "the vendor says that it does not know"."""


class Kind(StrEnum):
    """What sort of value an attribute has once its transforms have run."""

    ANY = "any"
    BOOLEAN = "boolean"
    NUMBER = "number"
    INTEGER = "integer"
    TEXT = "text"
    BRIGHTNESS = "brightness"  # 0 to 255
    PERCENTAGE = "percentage"  # 0 to 100
    FRACTION = "fraction"  # 0 to 1
    KELVIN = "kelvin"
    COLOR = "color"  # a list of numbers: hs, xy, rgb, rgbw, rgbww
    TEXTS = "texts"  # a list of texts
    STRUCTURE = "structure"  # a mapping or a list of whatever the vendor sends
    TIMESTAMP = "timestamp"  # an aware datetime
    DATE = "date"
    TIME = "time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who signed in: ``id`` tells two accounts of one vendor apart, ``name`` is for people."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A thing at the vendor.

    ``id`` is the vendor's own and never changes; ``parent`` is the vendor id of the device that
    this one is a part of; ``via`` that of the one that it is reached through; ``aliases`` are other
    names that people give it; ``data`` is the item of the listing that described it.
    """

    id: str
    type: str
    name: str | None = None
    manufacturer: str | None = None
    model: str | None = None
    model_id: str | None = None
    serial_number: str | None = None
    sw_version: str | None = None
    hw_version: str | None = None
    suggested_area: str | None = None
    configuration_url: str | None = None
    mac: str | None = None
    parent: str | None = None
    via: str | None = None
    aliases: Sequence[str] = ()
    keys: Mapping[str, str] = field(default_factory=dict)
    """More ids that the vendor knows it by, by names of the profile's own."""
    data: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The devices of an account.

    Only a ``complete`` listing (every page arrived and was understood) proves that a device which
    it does not name has gone. ``reading`` holds what the listing itself tells of attributes.
    """

    devices: Mapping[str, Device]
    complete: bool = True
    reading: Reading | None = None
    left_out: Sequence[str] = ()
    """What of the answer was left out, and why, for people."""
    unknown: frozenset[str] = frozenset()
    """Vendor ids of devices that are there, but of a type that is not described."""


@dataclass(frozen=True, slots=True)
class Observation:
    """A value, and the vendor's own time at which it held (aware), where the vendor gives one."""

    value: Value
    observed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one read of a monitor told.

    ``observations`` maps device id to attribute key to observation. A client hands out the very
    same inner mapping and the very same observation again where nothing changed, so that identity
    is a sufficient test for "unchanged". An attribute that the answer did not tell, or told wrong,
    is absent: its last observation stands.

    ``failures`` maps the id of each device that could not be read to the reason; ``rejected`` maps
    (device id, attribute key) to what was expected and what came.
    """

    observations: Mapping[str, Mapping[str, Observation]]
    failures: Mapping[str, VendorError] = field(default_factory=dict)
    rejected: Mapping[tuple[str, str], str] = field(default_factory=dict)


class AtStart(StrEnum):
    """Whether a monitor that has a schedule is also read when its account starts."""

    ALWAYS = "always"
    MISSED = "missed"  # when it has missed a run, because nobody was there to make it
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitor:
    """A scheduled read. An ``optional`` one may fail without telling on its devices.

    One is ``per_device`` when fewer devices are fewer requests.
    It is read ``every`` so often or, where it has a ``schedule``, when that says so.
    """

    key: str
    every: timedelta
    optional: bool = False
    per_device: bool = False
    schedule: Schedule | None = None
    at_start: AtStart = AtStart.ALWAYS


DEVICES_MONITOR: Final = "devices"
"""The key of the monitor that is the listing of devices itself."""


class Meaning(StrEnum):
    """What the values of a history are."""

    TOTAL = "total"  # what a meter showed at the end of the interval
    CHANGE = "change"  # how much came about in the interval
    MEAN = "mean"  # the mean over the interval


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What the vendor remembers of an attribute.

    A point tells of an ``interval``; one request may ask for a ``span``; the vendor remembers as
    far back as ``reach``, and may correct what is younger than ``corrections``. Where the vendor
    counts in days of its own ``zone``, what is asked for begins and ends with them.
    """

    meaning: Meaning
    interval: timedelta
    span: timedelta
    reach: timedelta
    corrections: timedelta
    zone: tzinfo | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a history.

    ``at`` (aware) is when the interval began for which ``value`` is the change or the mean, or the
    moment at which a meter showed it. ``low`` and ``high`` belong to a mean.
    """

    at: datetime
    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One readable quantity: ``key`` is unique on its device; ``monitor`` is what reads it."""

    key: str
    monitor: str
    kind: Kind = Kind.ANY
    expire_after: timedelta | None = None
    history: History | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One value that a command takes, named as in Home Assistant's action."""

    name: str
    kind: Kind = Kind.ANY
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """When an entity can be used: its conditions, and how they combine (all, any, latest)."""

    attributes: Sequence[Attribute] = ()
    mode: str = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """One entity of a device, as the platform table (``platforms.py``) describes its platform.

    ``key`` is ``<platform>.<name in the profile>``. ``name`` is None for the entity that bears its
    device's own name. ``options`` holds what is fixed (``device_class``, ``min`` ...);
    ``attributes`` what is observed, by its name on the platform, among it options that the vendor
    gives (a thermostat's own ``min_temp``); ``commands`` maps each command to its parameters, and
    none of them is sent while ``writable`` is observed to be false.
    """

    key: str
    platform: str
    name: str | None
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    commands: Mapping[str, Sequence[Parameter]] = field(default_factory=dict)
    has_picture: bool = False
    availability: Availability = field(default_factory=Availability)
    writable: Attribute | None = None

    @property
    def observed(self) -> Sequence[Attribute]:
        """Return all that is observed for it, shown or not."""
        hidden = (self.writable,) if self.writable is not None else ()
        return (*self.attributes.values(), *self.availability.attributes, *hidden)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A write: a command of an entity, with its data named and scaled as Home Assistant does."""

    entity: str
    name: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A command that took effect, and what is known of the device since.

    ``observations`` maps attribute key to observation. Where ``confirmed`` is False, the vendor
    accepted the command, and there is no way to know more: they are what it ought to have done.
    """

    observations: Mapping[str, Observation] = field(default_factory=dict)
    confirmed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """An image file; ``content_type`` is one that a browser shows and cannot run."""

    content: bytes = field(repr=False)
    content_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How the connection to a vendor is, and what is left of what the vendor allows.

    ``address`` is the server in use: scheme, host and port, nothing else of its address.
    ``round_trip`` is the last request's, in seconds. ``remaining`` are the requests left of the
    tightest budget, ``limit`` how many it has in all, ``resets_at`` when it is full again; all None
    where nobody says. ``held`` are the seconds for which polls still wait at the vendor's wish.
    """

    address: str | None = None
    round_trip: float | None = None
    last_success: datetime | None = None
    remaining: int | None = None
    limit: int | None = None
    resets_at: datetime | None = None
    held: float = 0.0
