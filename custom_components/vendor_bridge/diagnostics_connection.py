"""What diagnostics tell of an account's connection: how it goes, and what was said last."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from homeassistant.util import dt as dt_util

from .bridge.profile.client import ProfileClient
from .redaction import Redactor, scrub

if TYPE_CHECKING:
    from .account_status import AccountStatus
    from .bridge.client import VendorClient
    from .bridge.http.samples import Sample
    from .coordinator import MonitorCoordinator
    from .outages import Outage


def age(at: datetime | None) -> float | None:
    """Return how many seconds ago something was."""
    return round((dt_util.utcnow() - at).total_seconds(), 1) if at is not None else None


def describe_monitor(coordinator: MonitorCoordinator) -> dict[str, Any]:
    """Return how the reading of one monitor goes; times are in seconds."""
    interval = coordinator.update_interval
    # There is no data before the first good read.
    failures = coordinator.data.failures if coordinator.read_at is not None else {}
    return {
        "polls": coordinator.pace.polls,
        "interval": coordinator.pace.wanted,
        "stretched_interval": coordinator.pace.every,
        "next_wait": interval.total_seconds() if interval is not None else None,
        "failures_in_a_row": coordinator.pace.failures,
        "vendor_asked_for": coordinator.pace.asked_for,
        "is_read": coordinator.is_read,
        "optional": coordinator.monitor.optional,
        "last_read_succeeded": coordinator.last_update_success,
        "seconds_since_good_read": age(coordinator.read_at),
        "error": str(coordinator.last_exception) if coordinator.last_exception else None,
        "failures": {vendor_id: str(error) for vendor_id, error in failures.items()},
    }


def describe_status(status: AccountStatus) -> dict[str, Any]:
    """Return what the client says of its connection, and what is left of its budget."""
    health = status.health
    fault = status.disconnected_by
    return {
        "connected": fault is None,
        "disconnected_by": str(fault.cause) if fault is not None else None,
        "server": health.address,
        "round_trip": health.round_trip,
        "seconds_since_success": age(health.last_success or status.last_success),
        "requests_left": health.remaining,
        "requests_allowed": health.limit,
        "requests_full_in": -seconds if (seconds := age(health.resets_at)) is not None else None,
        "polls_held_for": health.held,
        "stretched_by": status.stretch.factor,
    }


def describe_outage(outage: Outage) -> dict[str, Any]:
    """Return what fails, by monitor; "set-up" stands for the account as a whole."""
    return {
        part or "set-up": {
            "seconds": age(fault.since),
            "reason": str(fault.cause),
            "kind": type(fault.cause).__name__,
        }
        for part, fault in outage.faults.items()
    }


def describe_requests(client: VendorClient | None, redactor: Redactor) -> dict[str, Any] | None:
    """Return the last exchanges and answers of each request, where the client keeps them.

    What is private in the answers the redactor has learned by then; it still has to clean them.
    """
    if not isinstance(client, ProfileClient):
        return None
    exchanges = client.connection.exchanges
    answers: Mapping[str, Mapping[str, Sample | None]] = {
        label: {"as_promised": kept.good, "not_as_promised": kept.bad}
        for label, kept in exchanges.samples.items()
    }
    for kept in answers.values():
        for sample in kept.values():
            redactor.learn(sample.data if sample is not None else None)
    return {
        "totals": asdict(exchanges.stats),
        "last": {
            label: [
                {**asdict(exchange), "seconds": round(exchange.seconds, 4)} for exchange in last
            ]
            for label, last in exchanges.last.items()
        },
        "answers": {
            label: {name: _describe_sample(sample) for name, sample in kept.items()}
            for label, kept in answers.items()
        },
    }


def _describe_sample(sample: Sample | None) -> dict[str, Any] | None:
    if sample is None:
        return None
    return {
        "seconds_ago": age(sample.at),
        "status": sample.status,
        "size": sample.size,
        "content_type": sample.content_type,
        "data": scrub(sample.data),
    }
