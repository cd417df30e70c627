"""``reload_profiles`` reads profiles anew and tells what came of it."""

from pathlib import Path

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import Unauthorized
import pytest
from pytest_homeassistant_custom_component.common import MockUser

from ..fakes import set_up, using
from ..own_profiles import OwnProfiles, profile
from .acting import act, house


@pytest.fixture
def own(hass: HomeAssistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OwnProfiles:
    return OwnProfiles(hass, tmp_path, monkeypatch)


async def test_accounts_whose_profile_has_changed_start_anew(
    hass: HomeAssistant, own: OwnProfiles
) -> None:
    own.write("mine.yaml", profile())
    client = house()
    entry = await set_up(hass, client)
    unchanged = await act(hass, "reload_profiles")
    assert unchanged == {"accounts": [], "changed": [], "gone": [], "mistakes": {}}

    own.write("mine.yaml", profile(name="Acme 2"))
    own.write("broken.yaml", "profile: 1\nvendor: {id: other, nane: Other}\n")
    with using(client):
        response = await act(hass, "reload_profiles")
    assert client.connected == 2
    assert response["accounts"] == [
        {"config_entry_id": entry.entry_id, "name": "Acme Home", "vendor": "acme", "loaded": True}
    ]
    assert response["changed"] == ["acme"]
    (mistake, *_) = response["mistakes"]["broken.yaml"]
    assert set(mistake) == {"line", "column", "path", "message", "hint"}
    assert any(one["path"] == "vendor.nane" for one in response["mistakes"]["broken.yaml"])

    own.remove("mine.yaml")
    with using(client):
        assert (await act(hass, "reload_profiles"))["gone"] == ["acme"]


async def test_only_administrators_reload(
    hass: HomeAssistant, own: OwnProfiles, hass_read_only_user: MockUser
) -> None:
    await set_up(hass, house())
    with pytest.raises(Unauthorized):
        await act(hass, "reload_profiles", user=hass_read_only_user.id)
