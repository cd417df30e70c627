"""``check``: reads profiles and tells all of their mistakes."""

import argparse
from pathlib import Path

from ..errors import ProfileError
from ..profile.plans import CompiledProfile
from . import profiles
from .exits import DONE, MISUSED, MisuseError
from .output import error, say


def check(options: argparse.Namespace) -> int:
    """Check profiles, all of them whatever is wrong with one. Returns the exit code."""
    code = DONE
    taken: dict[str, Path] = {}
    for name in options.profiles:
        try:
            paths = profiles.find(name)
        except MisuseError as misuse:
            error(misuse)
            code = MISUSED
            continue
        for path in paths:
            if path not in taken.values() and not _check_one(path, taken):
                code = MISUSED
    return code


def _check_one(path: Path, taken: dict[str, Path]) -> bool:
    """Check one file; ``taken`` maps the ids seen so far to their files."""
    try:
        profile = profiles.load(path)
    except ProfileError as wrong:
        for mistake in wrong.mistakes:
            error(mistake)
        return False
    except MisuseError as misuse:
        error(misuse)
        return False
    if profiles.extends(path):
        say(f"{path}: {_tasks(profile)}")
        return True
    if profile.id in taken and not profile.override:
        error(f"{path}:1:1: vendor.id: {taken[profile.id]} has the id {profile.id!r} already")
        return False
    taken.setdefault(profile.id, path)
    say(f"{path}: {_summary(profile)}")
    return True


def _tasks(profile: CompiledProfile) -> str:
    """Say what there is once a file has added to a profile."""
    count = len({*profile.tasks, *(key for tasks in profile.type_tasks.values() for key in tasks)})
    return f"{profile.name}: {count} task{'' if count == 1 else 's'} with those of its profile"


def _summary(profile: CompiledProfile) -> str:
    parts = [(len(profile.monitors), "monitor"), (len(profile.types), "type")]
    counts = ", ".join(f"{count} {what}{'' if count == 1 else 's'}" for count, what in parts)
    return f"{profile.name}: {counts}"
