"""Blocks of a profile that nothing leads to: somebody meant something by them."""

from collections.abc import Mapping

from ..mistakes import close_to
from .context import Context


def check_reach(context: Context) -> None:
    """Note monitors, setup fields and types that nothing uses."""
    profile = context.profile
    described_by_client = not all(spec.entities for spec in profile.types.values())
    for key in () if described_by_client else profile.monitors:
        if key not in context.monitors_used:
            context.mistakes.add(("monitors", key), "nothing is read `from` this monitor", of="key")
    for name in profile.setup:
        if name not in context.setup_used:
            context.mistakes.add(("setup", name), f"{{setup.{name}}} is used nowhere", of="key")
    if getattr(profile.api.auth, "place", None) == "none" and not context.auth_used:
        names = " or ".join(f"{{{name}}}" for name in context.auth_names)
        message = "it goes nowhere: no request has a placeholder for it"
        context.mistakes.add(("api", "auth", "place"), message, f"write {names} where it belongs")
    _check_types(context)


def _check_types(context: Context) -> None:
    """Note types that no device can have, where that can be told."""
    profile = context.profile
    told = [
        source.type
        for listing in profile.devices
        for source in (listing, listing.children)
        if source is not None
    ]
    names = [name for name in profile.types if name != "*"]
    if not told:
        return
    if all(value is None for value in told) and len(names) > 1:
        context.mistakes.add(
            ("devices",),
            "says not which type a device has, and there are several types",
            "add `type:`",
        )
        return
    possible: set[str] = set()
    for value in told:
        words = _words(value, profile.types)
        if words is None:
            return
        possible |= words
    for name in names:
        if name not in possible:
            context.mistakes.add(
                ("types", name), "no device can be of this type", close_to(name, possible), of="key"
            )


def _words(value: object, types: Mapping[str, object]) -> set[str] | None:
    """Return all that a device's type can be, or None where only the vendor knows."""
    if value is None:
        return set(types) if len(types) == 1 else {"*"}
    if not isinstance(value, Mapping) or "then" in value:
        return None
    if "const" in value:
        return {str(value["const"])}
    table = value.get("map")
    if isinstance(table, Mapping) and list(value)[-1] in {"map", "default"}:
        default = {str(value["default"])} if "default" in value else set()
        return {str(word) for word in table.values()} | default
    return None
