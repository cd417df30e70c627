import asyncio
import os
from pathlib import Path
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.helpers import issue_registry as ir
from hypothesis import given, strategies as st
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.vendor_bridge import profile_files
from custom_components.vendor_bridge.bridge.errors import Mistake
from custom_components.vendor_bridge.bridge.profile.loader import load_profile
from custom_components.vendor_bridge.const import (
    CONF_ACCOUNT_ID,
    CONF_SETUP,
    CONF_VENDOR,
    DOMAIN,
)
from custom_components.vendor_bridge.profile_issues import (
    LONGEST_MISTAKE,
    MOST_MISTAKES,
    describe_mistakes,
    escape_markdown,
)
from custom_components.vendor_bridge.profiles import (
    UnknownVendorError,
    async_get_library,
    async_get_profile,
    async_reload_profiles,
    async_vendors,
)

from .own_profiles import OwnProfiles, issues, profile

BROKEN = profile().replace("devices:", "devises:")


@pytest.fixture
def own(hass: HomeAssistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OwnProfiles:
    return OwnProfiles(hass, tmp_path, monkeypatch)


def account(hass: HomeAssistant, vendor: str = "acme") -> MockConfigEntry:
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Mum's [house](http://evil.example)",
        data={CONF_VENDOR: vendor, CONF_ACCOUNT_ID: f"{vendor}:1", CONF_SETUP: {}},
    )
    entry.add_to_hass(hass)
    return entry


# --- choosing -------------------------------------------------------------------------------------


async def test_bundled_and_own_vendors_stand_in_one_list(
    hass: HomeAssistant, own: OwnProfiles
) -> None:
    own.ship("zigzag", profile("zigzag", "Zig Zag"))
    own.ship("beta", profile("beta", "beta systems"))
    own.write("acme.yaml", profile())
    vendors = await async_vendors(hass)
    assert [(one.id, one.name, one.origin, one.file) for one in vendors] == [
        ("acme", "Acme Home", "own", "acme.yaml"),
        ("beta", "beta systems", "bundled", None),
        ("zigzag", "Zig Zag", "bundled", None),
    ]


async def test_names_of_bundled_vendors_do_not_need_their_profiles_compiled(
    hass: HomeAssistant, own: OwnProfiles
) -> None:
    own.ship("acme", profile())
    own.ship("headless", "profile: 1\n")
    own.ship("garbage", "vendor: [\n")
    own.ship("nameless", "vendor: {id: nameless}\n")
    own.ship("odd", "vendor: 5\n")
    with patch.object(profile_files, "load_profile", side_effect=AssertionError):
        names = {one.id: one.name for one in await async_vendors(hass)}
    assert names == {
        "acme": "Acme Home",
        "garbage": "garbage",
        "headless": "headless",
        "nameless": "nameless",
        "odd": "odd",
    }


async def test_a_profile_is_compiled_once(hass: HomeAssistant, own: OwnProfiles) -> None:
    own.ship("acme", profile())
    assert await async_get_profile(hass, "acme") is await async_get_profile(hass, "acme")


async def test_many_at_once_wait_for_the_same_library(
    hass: HomeAssistant, own: OwnProfiles
) -> None:
    own.write("acme.yaml", profile())
    with patch.object(profile_files, "load_profile", wraps=load_profile) as load:
        found = await asyncio.gather(*(async_get_profile(hass, "acme") for _ in range(5)))
    assert load.call_count == 1
    assert len({id(one) for one in found}) == 1


async def test_an_unknown_vendor_is_said_to_be_unknown(
    hass: HomeAssistant, own: OwnProfiles
) -> None:
    with pytest.raises(UnknownVendorError, match="no profile for 'nobody'") as caught:
        await async_get_profile(hass, "nobody")
    assert caught.value.mistakes == ()


async def test_there_need_not_be_a_folder(hass: HomeAssistant, own: OwnProfiles) -> None:
    own.folder.rmdir()
    own.ship("acme", profile())
    assert [one.id for one in await async_vendors(hass)] == ["acme"]


async def test_what_only_looks_like_a_profile_is_left_alone(
    hass: HomeAssistant, own: OwnProfiles
) -> None:
    own.write("._acme.yaml", b"\x00\x05\x16\x07")
    own.write("notes.txt", "not a profile")
    assert await async_vendors(hass) == []
    assert issues(hass) == {}


@pytest.mark.expects_warnings("The bundled profile of acme has mistakes: profile.yaml:")
async def test_a_broken_bundled_profile_concerns_its_vendor_alone(
    hass: HomeAssistant, own: OwnProfiles
) -> None:
    own.ship("acme", BROKEN)
    own.ship("beta", profile("beta"))
    with pytest.raises(UnknownVendorError, match=r"has mistakes: .*devices"):
        await async_get_profile(hass, "acme")
    assert (await async_get_profile(hass, "beta")).id == "beta"


# --- the user's own against the bundled ones ------------------------------------------------------


async def test_an_own_profile_takes_the_place_of_a_bundled_one_when_it_says_so(
    hass: HomeAssistant, own: OwnProfiles
) -> None:
    own.ship("acme", profile())
    own.write("mine.yaml", profile(name="My Acme", more="override: true"))
    assert (await async_get_profile(hass, "acme")).name == "My Acme"
    assert [(one.name, one.file) for one in await async_vendors(hass)] == [("My Acme", "mine.yaml")]


async def test_an_own_profile_does_not_take_the_place_of_a_bundled_one_otherwise(
    hass: HomeAssistant, own: OwnProfiles
) -> None:
    own.ship("acme", profile())
    own.write("mine.yaml", profile(name="My Acme"))
    assert (await async_get_profile(hass, "acme")).name == "Acme Home"
    issue = issues(hass)["broken_profile_mine.yaml"]
    assert issue.translation_placeholders is not None
    assert "override" in issue.translation_placeholders["mistakes"]
    assert "**2:14**" in issue.translation_placeholders["mistakes"]


async def test_of_two_own_profiles_for_one_vendor_the_first_by_name_counts(
    hass: HomeAssistant, own: OwnProfiles
) -> None:
    own.write("b.yaml", profile(name="B"))
    await async_vendors(hass)
    own.write("a.yaml", profile(name="A"))
    result = await async_reload_profiles(hass)
    assert result.changed == ["acme"]
    assert (await async_get_profile(hass, "acme")).name == "A"
    assert list(issues(hass)) == ["broken_profile_b.yaml"]
    placeholders = issues(hass)["broken_profile_b.yaml"].translation_placeholders
    assert placeholders is not None
    assert "a\\.yaml is for 'acme' already" in placeholders["mistakes"]
    own.remove("a.yaml")
    await async_reload_profiles(hass)
    assert (await async_get_profile(hass, "acme")).name == "B"
    assert issues(hass) == {}


async def test_a_broken_profile_that_was_to_take_a_bundled_ones_place_is_not_passed_over(
    hass: HomeAssistant, own: OwnProfiles
) -> None:
    own.ship("acme", profile())
    own.write("mine.yaml", BROKEN.replace("vendor:", "override: true\nvendor:"))
    with pytest.raises(UnknownVendorError, match=r"has mistakes: .*devices") as caught:
        await async_get_profile(hass, "acme")
    assert caught.value.mistakes
    own.remove("mine.yaml")
    assert (await async_reload_profiles(hass)).changed == ["acme"]
    assert (await async_get_profile(hass, "acme")).name == "Acme Home"


async def test_a_broken_profile_that_was_not_to_take_a_bundled_ones_place_does_not(
    hass: HomeAssistant, own: OwnProfiles
) -> None:
    own.ship("acme", profile())
    own.write("mine.yaml", BROKEN)
    assert (await async_get_profile(hass, "acme")).name == "Acme Home"


# --- files that cannot be used --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(BROKEN, "devises", id="a wrong key"),
        pytest.param("vendor: [", "the file ends here", id="not YAML"),
        pytest.param("", "expected a mapping", id="empty"),
        pytest.param(b"vendor: \xff\xfe", "UTF", id="not UTF-8"),
        pytest.param(b"#" * (1024 * 1024 + 1), "1 MiB", id="too big"),
        pytest.param("- a list", "", id="not a mapping"),
    ],
)
async def test_a_file_that_cannot_be_used_is_an_issue_and_stops_no_other(
    hass: HomeAssistant, own: OwnProfiles, text: str | bytes, said: str
) -> None:
    own.write("a.yaml", text)
    own.write("b.yaml", profile("beta"))
    assert (await async_get_profile(hass, "beta")).id == "beta"
    issue = issues(hass)["broken_profile_a.yaml"]
    assert issue.is_fixable
    assert issue.severity is ir.IssueSeverity.ERROR
    assert issue.translation_key == "broken_profile"
    assert issue.translation_placeholders is not None
    assert issue.translation_placeholders["file"] == "a.yaml"
    assert said in issue.translation_placeholders["mistakes"].replace("\\", "")


async def test_a_pipe_or_a_folder_in_place_of_a_file_is_an_issue(
    hass: HomeAssistant, own: OwnProfiles
) -> None:
    os.mkfifo(own.folder / "pipe.yaml")
    (own.folder / "folder.yaml").mkdir()
    (own.folder / "link.yaml").symlink_to(own.folder / "nowhere")
    async with asyncio.timeout(10):
        await async_vendors(hass)
    assert sorted(issues(hass)) == [
        "broken_profile_folder.yaml",
        "broken_profile_link.yaml",
        "broken_profile_pipe.yaml",
    ]


async def test_a_file_that_may_not_be_read_is_an_issue(
    hass: HomeAssistant, own: OwnProfiles
) -> None:
    path = own.write("a.yaml", profile())
    real = Path.open

    def refuse(self: Path, *args: object, **kwargs: object) -> object:
        if self == path:
            raise PermissionError(13, "Permission denied")
        return real(self, *args, **kwargs)  # type: ignore[call-overload]

    with patch.object(Path, "open", refuse):
        await async_vendors(hass)
    mistakes = str(issues(hass)["broken_profile_a.yaml"].translation_placeholders)
    assert "Permission denied" in mistakes
    await async_reload_profiles(hass)
    assert issues(hass) == {}


@pytest.mark.expects_warnings("The folder vendor_bridge cannot be read: Permission denied")
async def test_a_folder_that_may_not_be_read_leaves_the_bundled_profiles(
    hass: HomeAssistant, own: OwnProfiles
) -> None:
    own.ship("acme", profile())
    real = Path.glob

    def refuse(self: Path, pattern: str) -> object:
        if self == own.folder:
            raise PermissionError(13, "Permission denied")
        return real(self, pattern)

    with patch.object(Path, "glob", refuse):
        assert (await async_get_profile(hass, "acme")).id == "acme"


@pytest.mark.expects_warnings("The profile a.yaml cannot be read")
async def test_even_a_bug_of_ours_stays_with_the_file_that_finds_it(
    hass: HomeAssistant, own: OwnProfiles
) -> None:
    own.write("a.yaml", "vendor: [")
    own.write("b.yaml", profile("beta"))
    real = load_profile

    def load(path: Path) -> object:
        if path.name == "a.yaml":
            raise ZeroDivisionError
        return real(path)

    with patch.object(profile_files, "load_profile", load):
        assert (await async_get_profile(hass, "beta")).id == "beta"
    mistakes = str(issues(hass)["broken_profile_a.yaml"].translation_placeholders)
    assert "ZeroDivisionError" in mistakes


# --- loading anew ---------------------------------------------------------------------------------


async def test_a_new_profile_is_there_without_a_restart(
    hass: HomeAssistant, own: OwnProfiles
) -> None:
    assert await async_vendors(hass) == []
    own.write("acme.yaml", profile())
    result = await async_reload_profiles(hass)
    assert (result.changed, result.gone, result.mistakes) == (["acme"], [], {})
    assert [one.id for one in await async_vendors(hass)] == ["acme"]


async def test_what_did_not_change_is_not_compiled_again(
    hass: HomeAssistant, own: OwnProfiles
) -> None:
    own.write("a.yaml", profile())
    own.write("b.yaml", BROKEN.replace("acme", "beta"))
    await async_vendors(hass)
    with patch.object(profile_files, "load_profile", side_effect=AssertionError):
        result = await async_reload_profiles(hass)
    assert result.changed == []
    assert list(result.mistakes) == ["b.yaml"]


async def test_a_broken_change_keeps_the_last_good_profile_and_says_so(
    hass: HomeAssistant, own: OwnProfiles
) -> None:
    own.write("acme.yaml", profile(name="Good"))
    await async_vendors(hass)
    entry = account(hass)
    own.write("acme.yaml", BROKEN)
    with patch.object(hass.config_entries, "async_schedule_reload") as reload:
        result = await async_reload_profiles(hass)
        reload.assert_not_called()
        assert result.changed == []
        assert (await async_get_profile(hass, "acme")).name == "Good"
        issue = issues(hass)["broken_profile_acme.yaml"]
        assert issue.translation_key == "broken_profile_in_use"
        assert issue.severity is ir.IssueSeverity.WARNING

        own.write("acme.yaml", profile(name="Better"))
        result = await async_reload_profiles(hass)
        reload.assert_called_once_with(entry.entry_id)
    assert result.changed == ["acme"]
    assert (await async_get_profile(hass, "acme")).name == "Better"
    assert issues(hass) == {}


async def test_mending_without_a_change_in_substance_starts_nothing_anew(
    hass: HomeAssistant, own: OwnProfiles
) -> None:
    own.write("acme.yaml", profile())
    await async_vendors(hass)
    account(hass)
    own.write("acme.yaml", BROKEN)
    await async_reload_profiles(hass)
    own.write("acme.yaml", profile())
    with patch.object(hass.config_entries, "async_schedule_reload") as reload:
        assert (await async_reload_profiles(hass)).changed == []
    reload.assert_not_called()
    assert issues(hass) == {}


async def test_only_accounts_of_changed_vendors_start_anew(
    hass: HomeAssistant, own: OwnProfiles
) -> None:
    own.write("acme.yaml", profile())
    own.write("beta.yaml", profile("beta"))
    await async_vendors(hass)
    entry = account(hass)
    account(hass, "beta")
    own.write("acme.yaml", profile(name="Other"))
    with patch.object(hass.config_entries, "async_schedule_reload") as reload:
        await async_reload_profiles(hass)
    reload.assert_called_once_with(entry.entry_id)


async def test_an_account_that_starts_has_the_profile_as_it_is_now(
    hass: HomeAssistant, own: OwnProfiles
) -> None:
    own.write("acme.yaml", profile())
    entry = account(hass)
    other = account(hass)
    assert (await async_get_profile(hass, "acme", starting=entry)).name == "Acme Home"
    own.write("acme.yaml", profile(name="Other"))
    assert (await async_get_profile(hass, "acme")).name == "Acme Home"
    with patch.object(hass.config_entries, "async_schedule_reload") as reload:
        assert (await async_get_profile(hass, "acme", starting=entry)).name == "Other"
    reload.assert_called_once_with(other.entry_id)


async def test_profiles_are_read_once_while_home_assistant_starts(
    hass: HomeAssistant, own: OwnProfiles
) -> None:
    own.write("acme.yaml", profile())
    entries = [account(hass), account(hass)]
    hass.set_state(CoreState.not_running)
    reading = "custom_components.vendor_bridge.profiles.read_own"
    with patch(reading, wraps=profile_files.read_own) as read:
        for entry in entries:
            assert (await async_get_profile(hass, "acme", starting=entry)).name == "Acme Home"
        assert read.call_count == 1
        hass.set_state(CoreState.running)
        await async_get_profile(hass, "acme", starting=entries[0])
        assert read.call_count == 2


@pytest.mark.expects_warnings("The profile of acme cannot be used: there is no profile for 'acme'")
async def test_a_profile_that_is_gone_stops_its_accounts_and_removes_nothing(
    hass: HomeAssistant, own: OwnProfiles
) -> None:
    own.write("acme.yaml", profile())
    await async_vendors(hass)
    entry = account(hass)
    own.remove("acme.yaml")
    result = await async_reload_profiles(hass)
    assert (result.changed, result.gone) == ([], ["acme"])
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert entry.error_reason_translation_key == "profile_unusable"
    issue = issues(hass)["missing_profile_acme"]
    assert issue.translation_placeholders == {
        "vendor": "acme",
        "account": r"Mum's \[house\]\(http\:\/\/evil\.example\)".replace(r"\/\/", "//"),
        "folder": "vendor_bridge",
    }
    own.write("acme.yaml", profile())
    with patch.object(hass.config_entries, "async_schedule_reload") as reload:
        assert (await async_reload_profiles(hass)).changed == ["acme"]
    reload.assert_called_once_with(entry.entry_id)
    assert issues(hass) == {}


async def test_nobody_asks_for_the_profile_of_an_account_that_was_removed(
    hass: HomeAssistant, own: OwnProfiles
) -> None:
    entry = account(hass)
    await async_vendors(hass)
    assert list(issues(hass)) == ["missing_profile_acme"]
    await hass.config_entries.async_remove(entry.entry_id)
    assert issues(hass) == {}


async def test_a_broken_file_is_not_taken_for_a_missing_profile(
    hass: HomeAssistant, own: OwnProfiles
) -> None:
    account(hass)
    own.write("acme.yaml", BROKEN)
    await async_vendors(hass)
    assert list(issues(hass)) == ["broken_profile_acme.yaml"]


async def test_the_library_knows_where_a_profile_comes_from(
    hass: HomeAssistant, own: OwnProfiles
) -> None:
    own.write("acme.yaml", profile())
    own.ship("beta", profile("beta"))
    library = await async_get_library(hass)
    mine, shipped = await library.async_get("acme"), await library.async_get("beta")
    assert (mine.origin, mine.file) == ("own", "acme.yaml")
    assert (shipped.origin, shipped.file) == ("bundled", "beta/profile.yaml")
    assert len(mine.digest) == len(shipped.digest) == 64
    assert library.bundled == {"beta"}


# --- what is said of mistakes ---------------------------------------------------------------------


def mistake(message: str, hint: str | None = None) -> Mistake:
    return Mistake(file="a.yaml", line=3, column=5, path=("a", 1), message=message, hint=hint)


def test_mistakes_are_shown_with_place_path_and_hint() -> None:
    assert describe_mistakes([mistake("wrong", "did you mean right?")]) == (
        r"- **3:5** a\.1\: wrong \(did you mean right?\)"
    )


def test_many_and_long_mistakes_are_cut() -> None:
    shown = describe_mistakes([mistake("x" * 10_000)] * 500).splitlines()
    assert len(shown) == MOST_MISTAKES + 1
    assert shown[-1] == "- … 490"
    assert all(len(line) < LONGEST_MISTAKE + 40 for line in shown)


@given(st.text())
def test_a_strangers_text_stays_on_one_line_and_without_markdown(text: str) -> None:
    escaped = escape_markdown(text)
    assert len(escaped.splitlines()) <= 1
    plain = escaped.replace("\\", "")
    assert plain == " ".join(text.split()).replace("\\", "")
    for mark in "[]()<>*_`!#|~":
        assert escaped.count(mark) == escaped.count(f"\\{mark}")


# --- the user's own tasks -------------------------------------------------------------------------

TASKS = "extends: acme\ntasks: {panic: {steps: [{post: /panic}]}}\n"
BROKEN_TASKS = "extends: acme\ntasks:\n  panic: {steps: [{pots: /panic}]}\n"


async def tasks_of(hass: HomeAssistant, vendor: str = "acme") -> list[str]:
    """Return the tasks of an account of the vendor."""
    return list((await async_get_profile(hass, vendor)).tasks)


async def test_a_file_adds_tasks_to_a_profile(hass: HomeAssistant, own: OwnProfiles) -> None:
    own.write("acme.yaml", profile())
    own.ship("beta", profile("beta", "Beta"))
    own.write("my tasks.yaml", TASKS)
    own.write("a.yaml", TASKS.replace("acme", "beta").replace("panic", "alarm"))
    own.write("b.yaml", TASKS.replace("acme", "beta").replace("panic", "bell"))
    assert await tasks_of(hass) == ["panic"]
    assert await tasks_of(hass, "beta") == ["alarm", "bell"], "each adds to what is there"
    assert issues(hass) == {}
    assert [one.id for one in await async_vendors(hass)] == ["acme", "beta"]


async def test_a_mistake_in_a_file_of_tasks_is_told_and_breaks_nothing(
    hass: HomeAssistant, own: OwnProfiles
) -> None:
    own.write("acme.yaml", profile())
    own.write("tasks.yaml", BROKEN_TASKS)
    assert await tasks_of(hass) == []
    issue = issues(hass)["broken_profile_tasks.yaml"]
    assert issue.translation_key == "broken_profile"
    assert issue.translation_placeholders is not None
    assert "**3:20**" in issue.translation_placeholders["mistakes"]
    assert "did you mean 'post'" in issue.translation_placeholders["mistakes"]

    own.write("tasks.yaml", TASKS)
    result = await async_reload_profiles(hass)
    assert (result.changed, result.mistakes) == (["acme"], {})
    assert await tasks_of(hass) == ["panic"]
    assert issues(hass) == {}

    own.write("tasks.yaml", BROKEN_TASKS)
    result = await async_reload_profiles(hass)
    assert (result.changed, list(result.mistakes)) == ([], ["tasks.yaml"])
    assert await tasks_of(hass) == ["panic"], "the last ones that worked stay in use"
    assert issues(hass)["broken_profile_tasks.yaml"].translation_key == "broken_profile_in_use"

    own.remove("tasks.yaml")
    assert (await async_reload_profiles(hass)).changed == ["acme"]
    assert await tasks_of(hass) == []
    assert issues(hass) == {}


async def test_tasks_for_a_profile_that_there_is_not(hass: HomeAssistant, own: OwnProfiles) -> None:
    own.write("tasks.yaml", TASKS)
    await async_get_library(hass)
    (mistake,) = (await async_reload_profiles(hass)).mistakes["tasks.yaml"]
    assert (mistake.line, mistake.column) == (1, 10)
    assert mistake.message == "there is no profile for 'acme' to add to"
    own.write("acme.yaml", profile())
    assert (await async_reload_profiles(hass)).mistakes == {}
    assert await tasks_of(hass) == ["panic"]

    # What is wrong with the profile is told of once, and as the profile's own.
    own.write("acme.yaml", BROKEN)
    assert list((await async_reload_profiles(hass)).mistakes) == ["acme.yaml"]
    assert await tasks_of(hass) == ["panic"]


async def test_tasks_of_one_name_are_the_first_files(hass: HomeAssistant, own: OwnProfiles) -> None:
    own.write("acme.yaml", profile())
    own.write("one.yaml", TASKS)
    own.write("two.yaml", TASKS)
    assert await tasks_of(hass) == ["panic"]
    assert list((await async_reload_profiles(hass)).mistakes) == ["two.yaml"]


async def test_an_account_starts_anew_for_new_tasks(hass: HomeAssistant, own: OwnProfiles) -> None:
    own.write("acme.yaml", profile())
    entry = account(hass)
    await async_get_library(hass)
    own.write("tasks.yaml", TASKS)
    with patch.object(hass.config_entries, "async_schedule_reload") as reload:
        result = await async_reload_profiles(hass)
    assert reload.call_args.args == (entry.entry_id,)
    assert result.reloaded == [entry.entry_id]
