"""How much a vendor still allows, as the headers of its answers tell."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
import re
from typing import Final

from multidict import istr

from .times import MONTH, seconds_until

MOST: Final = 8
"""Budgets that are told of in one answer; the rest is not looked at."""

_LONGEST_HEADER: Final = 2048
_COUNT: Final = re.compile(r"\d{1,12}", re.ASCII)
_LEADING: Final = re.compile(r"\s*(\d{1,12})\s*(?:[,;].*)?", re.ASCII | re.DOTALL)
_ITEM: Final = re.compile(r"""(?:[^,"]|"(?:[^"\\]|\\.)*")+""")
_PARAMETER: Final = re.compile(r'([a-z*][a-z0-9_.*-]*)\s*=\s*"?([^";,\s]*)"?', re.IGNORECASE)
_OLD_NAMES: Final = ("limit", "remaining", "reset")

type Names = tuple[str | None, str | None, str | None]
"""The headers that name the limit, what remains, and when it is full again."""

_BUDGETS: Final = istr("RateLimit")
_FAMILIES: Final[Sequence[Names]] = tuple(
    (istr(f"{start}Limit"), istr(f"{start}Remaining"), istr(f"{start}Reset"))
    for start in ("RateLimit-", "X-RateLimit-", "X-Rate-Limit-")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What is left of one budget: ``remaining`` of ``limit`` requests, for ``reset`` seconds.

    ``limit`` and ``reset`` are None where the vendor does not say; ``name`` tells several budgets
    of one vendor apart.
    """

    remaining: int
    limit: int | None = None
    reset: float | None = None
    name: str = ""


def allowances(
    headers: Mapping[str, str], now: datetime, own: Names | None = None
) -> Sequence[Allowance]:
    """Return the budgets that an answer tells of; what makes no sense is left out.

    Understood are ``own``, the vendor's own headers as its profile names them; the IETF's
    ``RateLimit`` and ``RateLimit-Policy``; and three headers, ``RateLimit-Limit``, ``-Remaining``
    and ``-Reset``, also as ``X-RateLimit-...`` and ``X-Rate-Limit-...``. The first that are there
    count. ``now`` is the time of day here; see ``seconds_until`` for how a reset may be written.
    """
    if own is not None:
        return tuple(_three(headers, own, now))
    if value := headers.get(_BUDGETS):
        found = tuple(_structured(value, headers.get("RateLimit-Policy", ""), now))
        if found:
            return found
    for names in _FAMILIES:
        if names[1] in headers and (found := tuple(_three(headers, names, now))):
            return found
    return ()


def _three(headers: Mapping[str, str], names: Names, now: datetime) -> Iterator[Allowance]:
    remaining = headers.get(names[1]) if names[1] else None
    left = _LEADING.fullmatch(remaining[:_LONGEST_HEADER]) if remaining else None
    if left is None:
        return
    limit, reset = (headers.get(name, "") if name else "" for name in (names[0], names[2]))
    most = _LEADING.fullmatch(limit[:_LONGEST_HEADER])
    yield from _made("", left[1], most[1] if most else None, seconds_until(reset, headers, now))


def _structured(value: str, policies: str, now: datetime) -> Iterator[Allowance]:
    """Read ``"name";r=..;t=..`` and its policies, or the older ``limit=.., remaining=..``."""
    quotas = {name: told for name, told in _items(policies) if "q" in told}
    items = list(_items(value))
    for name, told in items[:MOST]:
        if "r" in told:
            quota = quotas.get(name, {}).get("q")
            yield from _made(name, told["r"], quota, seconds_until(told.get("t", ""), {}, now))
    old = {key: told[key] for _, told in items for key in _OLD_NAMES if key in told}
    if "remaining" in old:
        reset = seconds_until(old.get("reset", ""), {}, now)
        yield from _made("", old["remaining"], old.get("limit"), reset)


def _items(value: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Return the items of a list, each with its own name and its parameters."""
    for match in _ITEM.finditer(value[:_LONGEST_HEADER]):
        item = match[0].strip()
        name = item.partition(";")[0].strip(' "')
        told = {key.lower(): text for key, text in _PARAMETER.findall(item)}
        yield name, told


def _made(name: str, remaining: str, limit: str | None, reset: float | None) -> Iterator[Allowance]:
    """Make an allowance of what the headers say, unless it makes no sense."""
    if not _COUNT.fullmatch(remaining):
        return
    left = int(remaining)
    most = int(limit) if limit and _COUNT.fullmatch(limit) else None
    if most == 0:
        # Some write 0 for "no limit"; nobody who means it would go on to serve.
        return
    if reset is not None and not 0 <= reset <= MONTH:
        reset = None
    yield Allowance(
        name=name[:64],
        remaining=left,
        limit=max(most, left) if most is not None else None,
        reset=reset,
    )


def used_up(found: Sequence[Allowance]) -> float | None:
    """Return the seconds until none of the budgets is used up any more; None if none is."""
    return max((one.reset for one in found if not one.remaining and one.reset), default=None)
