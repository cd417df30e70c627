"""Fuzzes one target, or all of them in turns, in a process of its own.

``python -m tests.fuzz.driver TARGET|all CORPUS LIBFUZZER_OPTION...``; with ``all`` the first byte
of an input names the target. What ends the process with another code than 0 is a finding.
"""

from collections.abc import Callable
import hashlib
from importlib import import_module
import json
from pathlib import Path
import sys
from typing import TYPE_CHECKING, Any

import atheris  # type: ignore[import-untyped] # is only there while fuzzing

from . import stand_in
from .mutating import mutate_json, pieces

if TYPE_CHECKING:
    from .targets import Target

CODE = ("custom_components.vendor_bridge.bridge", "custom_components.vendor_bridge.redaction")


def main() -> None:
    """Instrument the code under test, and let it be fuzzed."""
    name, corpus, *options = sys.argv[1:]
    stand_in()
    with atheris.instrument_imports(include=[*CODE, "jmespath", "xmltodict"]):
        module = import_module(f"{__package__}.targets")
    everything: list[Target] = list(module.TARGETS.values())
    chosen = everything if name == "all" else [module.TARGETS[name]]
    folder = Path(corpus)
    folder.mkdir(parents=True, exist_ok=True)
    for target in chosen:
        mark = bytes([everything.index(target)]) if name == "all" else b""
        for seed in target.seeds():
            digest = hashlib.sha256(mark + seed).hexdigest()[:16]
            (folder / f"{target.name}-{digest}").write_bytes(mark + seed)
    longest = max(target.longest for target in chosen)
    atheris.Setup(
        [sys.argv[0], f"-max_len={longest}", *options, corpus],
        module.run_any if name == "all" else chosen[0].run,
        **_mutator(chosen, marked=name == "all"),
    )
    atheris.Fuzz()


def _mutator(
    chosen: list[Target], *, marked: bool
) -> dict[str, Callable[[bytes, int, int], bytes]]:
    """Return what changes JSON as JSON, where a target wants that."""
    if not any(target.is_json for target in chosen):
        return {}
    parts: dict[str, list[Any]] = {
        target.name: [part for seed in target.seeds() for part in pieces(json.loads(seed), 400)]
        for target in chosen
        if target.is_json
    }

    def mutate(data: bytes, size: int, seed: int) -> bytes:
        mark, content = (data[:1] or b"\0", data[1:]) if marked else (b"", data)
        target = chosen[mark[0] % len(chosen)] if marked else chosen[0]
        room = min(size - len(mark), target.longest)
        if not target.is_json:
            return mark + bytes(atheris.Mutate(content[:room], room))
        return mark + mutate_json(content, room, seed, atheris.Mutate, parts[target.name])

    return {"custom_mutator": mutate}


if __name__ == "__main__":
    main()
