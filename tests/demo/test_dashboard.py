"""The demo's dashboard has something of every kind, and nothing that is not there."""

from pathlib import Path

from custom_components.vendor_bridge.bridge.platforms import PLATFORMS
from custom_components.vendor_bridge.bridge.profile.loader import parse_profile
from demo.acme.catalogue import house_cards
from demo.dashboard import SECTIONS

PROFILE = Path(__file__).parents[2] / "demo" / "config" / "vendor_bridge" / "acme.yaml"


def test_dashboard_shows_every_kind() -> None:
    types = parse_profile(PROFILE.read_text(), PROFILE.name).types
    kinds = {card.serial: card.kind for card in house_cards()}
    shown = set()
    for cards in SECTIONS.values():
        for card in cards:
            found = {
                plan.entity.platform
                for plan in types[kinds[card.serial]]
                if plan.entity.key.partition(".")[2] == card.key
            }
            assert found, f"{card.serial} has no {card.key}"
            shown |= found
    assert set(PLATFORMS) - shown == set()
