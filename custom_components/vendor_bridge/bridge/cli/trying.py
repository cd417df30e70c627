"""``try``: connects, lists the devices and prints what is observed of them."""

import argparse
from collections.abc import Sequence
from typing import Any

from . import profiles
from .exits import DONE, FAILED
from .observing import Observed, Problem, Subject, Told
from .output import error, say, table, to_json, value_text
from .session import Session, connected
from .watching import Watcher


async def try_profile(options: argparse.Namespace) -> int:
    """Try a profile with a real account and return the exit code.

    Raises BridgeError, MisuseError, UnknownDeviceError.
    """
    profile = profiles.load_one(options.profile)
    async with connected(profile, options) as session:
        subject = Subject(session, options.device)
        monitors = subject.monitors(options.monitor)
        if not options.json:
            _print_devices(session, subject)
        if options.watch:
            await Watcher(subject, monitors, as_json=options.json).run()
        told = Told()
        for monitor in monitors:
            read = await subject.read(monitor)
            told.observed.extend(read.observed)
            told.problems.extend(read.problems)
        if options.json:
            print(to_json(_as_json(session, subject, told), indent=2))
        else:
            if options.device:
                _print_commands(subject)
            print_observed(told.observed)
    return _report(session, told.problems)


def _report(session: Session, problems: Sequence[Problem]) -> int:
    """Print what is not as the profile says, and return the exit code."""
    for problem in problems:
        error(f"{'note: ' if problem.harmless else ''}{problem}")
    if not session.listing.complete:
        error("the list of devices is not complete")
    for line in session.listing.left_out:
        error(line)
    failed = (
        not session.listing.complete
        or (not session.listing.devices and bool(session.listing.left_out))
        or any(not problem.harmless for problem in problems)
    )
    return FAILED if failed else DONE


def _print_devices(session: Session, subject: Subject) -> None:
    devices = subject.devices
    count = "1 device" if len(devices) == 1 else f"{len(devices)} devices"
    say(f"{session.account.name}: {count}")
    rows = [
        (
            device.id,
            device.name or "",
            device.type,
            device.model or "",
            device.suggested_area or "",
            device.parent or "",
            device.via or "",
        )
        for device in devices.values()
    ]
    _print_columns(("ID", "NAME", "TYPE", "MODEL", "AREA", "PART OF", "VIA"), rows)


def _print_commands(subject: Subject) -> None:
    rows = [
        (device, f"{entity.key}.{name}", ", ".join(taken.name for taken in parameters))
        for device, entities in subject.described.items()
        for entity in entities
        for name, parameters in entity.commands.items()
    ]
    _print_columns(("DEVICE", "COMMAND", "TAKES"), rows)


def print_observed(observed: Sequence[Observed]) -> None:
    """Print observations as a table."""
    rows = [
        (
            row.device,
            row.attribute,
            value_text(row.observation.value, row.unit),
            value_text(row.observation.observed_at) if row.observation.observed_at else "",
            row.monitor,
        )
        for row in observed
    ]
    _print_columns(("DEVICE", "ATTRIBUTE", "VALUE", "OBSERVED AT", "MONITOR"), rows)


def _print_columns(header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table without the columns in which nothing stands."""
    if not rows:
        return
    used = [index for index in range(len(header)) if any(row[index] for row in rows)]
    print()
    table([header[index] for index in used], [[row[index] for index in used] for row in rows])


def _as_json(session: Session, subject: Subject, told: Told) -> dict[str, Any]:
    return {
        "account": {"id": session.account.id, "name": session.account.name},
        "complete": session.listing.complete,
        "devices": [
            {
                "id": device.id,
                "name": device.name,
                "type": device.type,
                "model": device.model,
                "suggested_area": device.suggested_area,
                "parent": device.parent,
                "via": device.via,
                "commands": [
                    f"{entity.key}.{name}"
                    for entity in subject.described[device.id]
                    for name in entity.commands
                ],
            }
            for device in subject.devices.values()
        ],
        "observations": [observed.as_json() for observed in told.observed],
        "problems": [problem.as_json() for problem in told.problems],
    }
