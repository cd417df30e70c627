"""A vendor's words stay words where Home Assistant renders Markdown."""

from dataclasses import replace
from pathlib import Path

from aioresponses import aioresponses
from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant
import pytest

from custom_components.vendor_bridge.const import CONF_VENDOR, DOMAIN
from custom_components.vendor_bridge.profile_issues import escape_markdown

from ..own_profiles import OwnProfiles
from .vendors import CASES, World

EVIL = "[Sign in](http://evil.example) ![](http://evil.example/x.png) <img src=x>"


async def test_the_name_of_an_account_is_inert(
    hass: HomeAssistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = CASES["acme"]
    answers = {**case.answers, "/v1/account": {"id": "a", "home": EVIL}}
    OwnProfiles(hass, tmp_path, monkeypatch).write("acme.yaml", case.profile.read_bytes())
    flow = hass.config_entries.flow
    with aioresponses() as mock:
        World(replace(case, answers=answers)).play(mock)
        result = await flow.async_init(DOMAIN, context={"source": SOURCE_USER})
        result = await flow.async_configure(result["flow_id"], {CONF_VENDOR: "acme"})
        result = await flow.async_configure(result["flow_id"], dict(case.setup))
    assert result["step_id"] == "devices"
    told = result["description_placeholders"]
    assert told is not None
    assert told["account"] == escape_markdown(EVIL)
    for mark in ("](", "![", " <"):
        assert mark not in str(told["account"])
