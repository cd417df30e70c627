"""A profile that has been checked and made ready to run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..http.auth import Rejection
    from ..http.message import Request
    from ..local_time import Period
    from ..model import Attribute, Device, Entity, History, Monitor
    from ..platforms import CommandRow
    from ..tasks import Task
    from .schema.api import SetupField
    from .schema.requests import Pages
    from .schema.root import Profile
    from .signin import SignIn
    from .templates import Template
    from .values import Picker


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPlan:
    """A request that waits for its placeholders to be filled in.

    ``signed_in`` says that some of them stand for what the sign-in gives.
    """

    label: str
    base: Request
    path: Template
    query: Template
    headers: Template
    body: Template | None
    body_kind: str | None
    names: frozenset[str]
    signed_in: bool = False
    when: Picker | None = None
    pages: PagesPlan | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PagesPlan:
    """How the rest of a long answer is asked for."""

    spec: Pages
    next: Picker | None = None
    cursor: Picker | None = None
    total: Picker | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EachPlan:
    """Where the items of an answer stand, and which id each has."""

    each: Picker | None
    id: Picker | None
    describe: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingPlan:
    """One request that lists devices; ``fields`` maps fields of ``Device`` to their values."""

    request: RequestPlan
    items: EachPlan
    fields: Mapping[str, Picker]
    keys: Mapping[str, Picker]
    aliases: Picker | None = None
    parent: Picker | None = None
    via: Picker | None = None
    when: Picker | None = None
    observed_at: Picker | None = None
    children: ChildrenPlan | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildrenPlan:
    """Parts of a device in the device's own item."""

    items: EachPlan
    fields: Mapping[str, Picker]
    keys: Mapping[str, Picker]
    aliases: Picker | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorPlan:
    """One scheduled read. ``scope`` is "account", "device" or "batch"."""

    monitor: Monitor
    scope: str
    batch: int = 1
    request: RequestPlan
    items: EachPlan
    collect: bool = False
    observed_at: Picker | None = None
    children: EachPlan | None = None
    types: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributePlan:
    """How an attribute's value is picked out of a device's item.

    ``name`` is its name on the platform; ``when`` tells which devices have it. Where it is a list
    of records, ``fields`` holds what picks each field of one.
    """

    name: str
    attribute: Attribute
    picker: Picker
    fields: Mapping[str, Picker] = field(default_factory=dict)
    when: Picker | None = None
    history: HistoryPlan | None = None


class Attributes:
    """The attributes of a device that a monitor reads, as plans; one object for all alike.

    ``below`` are those that are picked below each key of an item; below None, those that may depend
    on all of it.
    """

    __slots__ = ("__weakref__", "below", "plans")

    def __init__(self, plans: tuple[AttributePlan, ...]) -> None:
        """Take them in their order."""
        self.plans = plans
        self.below: dict[str | None, list[AttributePlan]] = {}
        for plan in plans:
            self.below.setdefault(plan.picker.root, []).append(plan)


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPlan:
    """How what the vendor remembers of an attribute is asked for, and where it stands.

    ``period`` is what the request asks for a whole one of, and ``each_period`` whether it is sent
    for every one.
    """

    history: History
    request: RequestPlan
    items: EachPlan
    at: Picker
    value: Picker
    low: Picker | None = None
    high: Picker | None = None
    period: Period | None = None
    each_period: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmPlan:
    """How one knows that a command took effect."""

    within: float = 10
    every: float = 1
    answer: str | None = None
    each: Picker | None = None
    request: RequestPlan | None = None
    until: Picker | None = None
    failed: Picker | None = None
    reason: Picker | None = None
    read: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandPlan:
    """A command that waits for its data.

    Two tables turn Home Assistant's values into the vendor's, by parameter: ``invert`` holds the
    pickers of attributes, to be used backwards, ``convert`` those that the profile wrote for it.
    """

    row: CommandRow
    steps: Sequence[RequestPlan]
    invert: Mapping[str, Picker] = field(default_factory=dict)
    convert: Mapping[str, Picker] = field(default_factory=dict)
    confirm: ConfirmPlan = field(default_factory=ConfirmPlan)
    when_device: Picker | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityPlan:
    """An entity, how its attributes are read, and how its commands are sent."""

    entity: Entity
    attributes: Sequence[AttributePlan]
    commands: Mapping[str, CommandPlan]
    picture: RequestPlan | None = None
    when: Picker | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskStepPlan:
    """One request of a task; with ``until`` it is repeated."""

    request: RequestPlan
    name: str | None
    keep: Mapping[str, Picker]
    until: Picker | None
    every: float
    progress: Picker | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPlan:
    """A task that waits for its data.

    ``options`` are what picks the options of fields out of a device's item; ``convert`` what turns
    values into the vendor's own.
    """

    task: Task
    steps: Sequence[TaskStepPlan]
    options: Mapping[str, Picker] = field(default_factory=dict)
    convert: Mapping[str, Picker] = field(default_factory=dict)
    result: Picker | None = None
    when: Picker | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPlan:
    """How an account is told from another of the same vendor."""

    request: RequestPlan | None
    id: Picker | None
    name: Picker | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificatePlan:
    """A client's certificate, its key, and the key's password, which wait to be filled in."""

    certificate: Template
    key: Template
    password: Template


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledProfile:
    """A profile, ready to make clients from."""

    source: Profile
    id: str
    name: str
    file: str
    account: AccountPlan
    listings: Sequence[ListingPlan]
    readers: Mapping[str, MonitorPlan]
    types: Mapping[str, Sequence[EntityPlan]]
    tasks: Mapping[str, TaskPlan]
    type_tasks: Mapping[str, Mapping[str, TaskPlan]]
    monitors: Mapping[str, Monitor]
    base_urls: Sequence[Template]
    verify_ssl: Template
    client_certificate: CertificatePlan | None
    sign_in: SignIn
    rejection: Rejection

    @property
    def manufacturer(self) -> str:
        """Return who makes the devices, unless a device says otherwise."""
        return self.source.vendor.manufacturer or self.name

    @property
    def override(self) -> bool:
        """Return whether it takes the place of a bundled profile of the same id."""
        return self.source.override

    @property
    def iot_class(self) -> str:
        """Return where the API runs, and whether it is asked or tells."""
        return self.source.vendor.iot_class

    @property
    def api_docs(self) -> str | None:
        """Return where the vendor describes the API."""
        return self.source.vendor.api_docs

    @property
    def setup(self) -> Mapping[str, SetupField]:
        """Return what the user fills in, by name."""
        fields: Mapping[str, SetupField] = self.source.setup
        return fields

    @property
    def account_from_setup(self) -> bool:
        """Return whether accounts are told apart by what the user filled in alone."""
        return self.account.id is None

    def entities_of(self, device: Device) -> Sequence[EntityPlan]:
        """Return the entities of a device's type, whatever their conditions."""
        return self.types.get(device.type, self.types.get("*", ()))

    def tasks_of(self, device: Device | None) -> Mapping[str, TaskPlan]:
        """Return the tasks of a device's type, or of the account, whatever their conditions."""
        if device is None:
            return self.tasks
        return self.type_tasks.get(device.type, self.type_tasks.get("*", {}))
