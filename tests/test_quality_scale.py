"""The quality scale is a claim of this integration's own: each rule must be backed by files."""

import re
from typing import Any

import pytest
import yaml

from .integration_files import INTEGRATION, ROOT

RULES = {
    "bronze": (
        "action-setup appropriate-polling brands common-modules config-flow-test-coverage"
        " config-flow dependency-transparency docs-actions docs-triggers docs-conditions"
        " docs-high-level-description docs-installation-instructions docs-removal-instructions"
        " entity-event-setup entity-unique-id has-entity-name runtime-data test-before-configure"
        " test-before-setup unique-config-entry"
    ),
    "silver": (
        "action-exceptions config-entry-unloading docs-configuration-parameters"
        " docs-installation-parameters entity-unavailable integration-owner log-when-unavailable"
        " parallel-updates reauthentication-flow test-coverage"
    ),
    "gold": (
        "devices diagnostics discovery-update-info discovery docs-data-update docs-examples"
        " docs-known-limitations docs-supported-devices docs-supported-functions"
        " docs-troubleshooting docs-use-cases dynamic-devices entity-category entity-device-class"
        " entity-disabled-by-default entity-translations exception-translations icon-translations"
        " reconfiguration-flow repair-issues stale-devices"
    ),
    "platinum": "async-dependency inject-websession strict-typing",
}
ALL_RULES = [rule for rules in RULES.values() for rule in rules.split()]
CLAIMS: dict[str, dict[str, Any]] = yaml.safe_load(
    (INTEGRATION / "quality_scale.yaml").read_text()
)["rules"]


def named_paths(comment: str) -> list[str]:
    """Return what in a comment is a path from the root of the repository."""
    return [
        word.strip("`,;:().")
        for word in comment.split()
        if re.match(r"[`(]*[\w.-]+(/[\w.@*-]+)+|[`(]*[\w-]+\.(md|json|toml|txt|yaml|lock)\b", word)
    ]


def test_every_rule_is_there_once_and_in_order() -> None:
    assert len(ALL_RULES) == len(set(ALL_RULES)) == 54
    assert list(CLAIMS) == ALL_RULES


@pytest.mark.parametrize("rule", ALL_RULES)
def test_a_claim_is_backed(rule: str) -> None:
    claim = CLAIMS[rule]
    assert set(claim) == {"status", "comment"}
    assert claim["status"] in {"done", "exempt", "todo"}
    assert len(claim["comment"].split()) > 2
    paths = named_paths(claim["comment"])
    if claim["status"] == "done":
        assert paths, "names no file that shows it"
    for path in paths:
        assert list(ROOT.glob(path)), f"there is no {path}"


def test_a_claim_without_files_is_seen() -> None:
    """The check above would let everything pass if it found no paths in a comment."""
    assert named_paths("Shown by tests/test_init.py, and (README.md).") == [
        "tests/test_init.py",
        "README.md",
    ]
    assert named_paths("Nothing to see, e.g. here/") == []
