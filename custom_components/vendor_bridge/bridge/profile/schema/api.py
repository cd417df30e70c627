"""Where a vendor's API is, how one signs in, and how much it bears."""

from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

import probatio

from .auth import Signature, auth_types
from .fields import NUMBER, SAYINGS, SECONDS, either, one_or_more, told
from .limits import Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientCertificate:
    """A certificate that says who asks, where the vendor wants one (mutual TLS)."""

    certificate: Annotated[str, told("Usually `{setup.certificate}`, a field of type `pem`.")]
    key: Annotated[str, told("Its private key, usually `{setup.private_key}`, likewise.")]
    password: Annotated[
        str | None, told("What the key is encrypted with, usually `{setup.key_password}`.")
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """The vendor's API."""

    base_url: Annotated[
        Any,
        one_or_more(str),
        told("The address, or several in the order in which they are tried."),
    ]
    auth: Annotated[Any, probatio.TaggedUnion("type", auth_types()), told("How one signs in.")] = (
        field(default_factory=lambda: {"type": "none"})
    )
    headers: Annotated[dict[str, str], told("Headers of every request.")] = field(
        default_factory=dict
    )
    query: Annotated[dict[str, Any], told("Parameters of every request.")] = field(
        default_factory=dict
    )
    timeout: Annotated[float | int, SECONDS, told("For one request, in seconds.")] = 10
    limits: Annotated[Limits, told("How much the vendor bears.")] = field(default_factory=Limits)
    signature: Annotated[
        Signature | None, told("How requests are signed, where the vendor wants that.")
    ] = None
    signed_out: Annotated[
        Any,  # a list of statuses and conditions
        SAYINGS,
        told(
            "How an answer says that the sign-in is not valid (any more): by these statuses, or by "
            "what these conditions find in it."
        ),
    ] = field(default_factory=lambda: [401])
    failed: Annotated[
        str | None, told("True when an answer says, in spite of its status, that it failed.")
    ] = None
    error: Annotated[str | None, told("Where a refusal says why.")] = None
    verify_ssl: Annotated[
        Any,
        either((bool, bool), (str, str)),
        told(
            "False accepts any certificate; `ask` lets the user accept one that nobody vouches "
            "for; may be a placeholder such as `{setup.verify_ssl}`."
        ),
    ] = True
    client_certificate: Annotated[
        ClientCertificate | None, told("The certificate with which one signs in, if any.")
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupField:
    """One thing that the user fills in."""

    type: Annotated[
        Literal["text", "secret", "pem", "url", "host", "port", "number", "boolean", "select"],
        told("What sort of field it is; a `secret` and a `pem` are never shown again."),
    ]
    name: Annotated[str | None, told("What the form calls it.")] = None
    description: Annotated[str | None, told("What the form says below it.")] = None
    default: Annotated[
        Any,
        probatio.Maybe(either((bool, bool), (str, str), ((int, float), NUMBER))),
        told("What it holds at first."),
    ] = None
    required: Annotated[bool, told("Whether it must be filled in.")] = True
    options: Annotated[list[str] | None, told("What there is to choose, for a `select`.")] = None

    def __post_init__(self) -> None:
        """Check that a choice has options."""
        if self.type == "pem" and self.default is not None:
            message = "a pem has no default"
            raise ValueError(message)
        if (self.type == "select") != bool(self.options):
            message = "a select needs options, and nothing else has them"
            raise ValueError(message)

    @property
    def is_secret(self) -> bool:
        """Return whether what it holds must never be shown."""
        return self.type in {"secret", "pem"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """Who made the API."""

    id: Annotated[str, probatio.Match(r"^[a-z][a-z0-9_]*$(?!\n)"), told("A short name, for files.")]
    name: Annotated[str, told("The name that people know.")]
    iot_class: Annotated[
        Literal["cloud_polling", "cloud_push", "local_polling", "local_push"],
        told("Where the API runs, and whether it is asked or tells."),
    ] = "cloud_polling"
    api_docs: Annotated[str | None, told("Where the vendor describes the API.")] = None
    manufacturer: Annotated[
        str | None, told("Who makes the devices, where that is not the vendor's name.")
    ] = None
