"""What every part of the compiler works with."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import probatio

from ...model import DEVICES_MONITOR, Kind
from ..mistakes import Mistakes, close_to
from ..schema.auth import auth_names
from ..schema.root import Profile
from ..templates import Place, Template, compile_template
from ..values import Picker, compile_value

type Path = tuple[str | int, ...]


class Context:
    """A profile on its way to being ready, and the mistakes found so far.

    A part that has a mistake is noted and left out, so that all mistakes of a file are found at
    once; nothing of what was made is used when there was one.
    """

    def __init__(self, profile: Profile, mistakes: Mistakes) -> None:
        """Start with a profile whose shape is right."""
        self.profile = profile
        self.mistakes = mistakes
        self.setup_used: set[str] = set()
        self.auth_used: set[str] = set()
        self.auth_names = auth_names(profile.api.auth)
        self.monitors_used: set[str] = set()
        self.device_keys: set[str] = {
            name
            for listing in profile.devices
            for part in (listing, listing.children)
            if part is not None
            for name in part.keys
        }

    def value(
        self, spec: str | Mapping[str, Any] | None, path: Path, kind: Kind = Kind.ANY
    ) -> Picker | None:
        """Compile a value, or note why it cannot be."""
        if spec is None:
            return None
        try:
            return compile_value(spec, kind)
        except probatio.Invalid as error:
            self._note(error, path)
        return None

    def values(
        self, specs: Mapping[str, Any], path: Path, kind: Kind = Kind.ANY
    ) -> dict[str, Picker]:
        """Compile values by their names; those that cannot be are noted and left out."""
        made = {name: self.value(spec, (*path, name), kind) for name, spec in specs.items()}
        return {name: picker for name, picker in made.items() if picker is not None}

    def template(self, value: Any, place: Place, path: Path, known: Iterable[str]) -> Template:  # noqa: ANN401
        """Compile a template and check that its placeholders are among those ``known``.

        A known name that ends in a dot stands for everything below it.
        """
        try:
            template = compile_template(value, place)
        except probatio.Invalid as error:
            self._note(error, path)
            return compile_template(None, place)
        for reference in template.references:
            self._check_name(reference.name, (*path, *reference.path), tuple(known))
        return template

    def _check_name(self, name: str, path: Path, known: Sequence[str]) -> None:
        """Note a placeholder that stands for nothing."""
        root, _, rest = name.partition(".")
        if root == "auth":
            self.auth_used.add(name)
        if root == "setup" and rest:
            self.setup_used.add(rest)
            if rest not in self.profile.setup:
                known_fields = "known: " + ", ".join(self.profile.setup)
                self.mistakes.add(
                    path,
                    f"`setup` has no field {rest!r}",
                    close_to(rest, self.profile.setup) or known_fields,
                )
            return
        if name.startswith("device.keys.") and "device.keys." in known:
            known = [f"device.keys.{key}" for key in sorted(self.device_keys)]
        if name in known or any(part[-1] == "." and name.startswith(part) for part in known):
            return
        here = ["setup.…", *(part + "…" if part[-1] == "." else part for part in known)]
        self.mistakes.add(
            path,
            f"there is nothing called {{{name}}} here",
            close_to(name, known) or "known here: " + ", ".join(here),
        )

    def monitor(self, name: str | None, path: Path) -> str | None:
        """Return the key of the monitor that is meant, or note that there is none."""
        monitors = self.profile.monitors
        if name is None:
            defaults = [key for key, spec in monitors.items() if spec.default]
            if len(defaults) == 1 or len(monitors) == 1:
                name = next(iter(defaults or monitors))
            elif not monitors and self.profile.devices:
                name = DEVICES_MONITOR
            else:
                self.mistakes.add(
                    path,
                    "says not which monitor reads it",
                    "add `from:`, or give one monitor `default: true`",
                )
                return None
        if name not in monitors and not (name == DEVICES_MONITOR and self.profile.devices):
            self.mistakes.add(
                (*path, "from"),
                f"there is no monitor {name!r}",
                close_to(name, [*monitors, DEVICES_MONITOR]),
            )
            return None
        self.monitors_used.add(name)
        return name

    def _note(self, error: probatio.Invalid, path: Path) -> None:
        for each in error.errors if isinstance(error, probatio.MultipleInvalid) else [error]:
            self.mistakes.add((*path, *each.path), each.error_message)
