from pathlib import Path

import pytest

from custom_components.vendor_bridge.bridge.cli import profiles
from custom_components.vendor_bridge.bridge.cli.main import main

from .conftest import PROFILE, Lines

WRONG = PROFILE.replace("each: data, id: serial", "eahc: data, id: [x]")


def test_a_profile_without_mistakes(profile: str, lines: Lines) -> None:
    assert main(["check", profile]) == 0
    assert lines() == ([f"{profile}: Acme Home: 2 monitors, 1 type"], [])


def test_all_mistakes_are_told_like_a_compiler_does(tmp_path: Path, lines: Lines) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(WRONG)

    assert main(["check", str(path)]) == 2
    out, err = lines()
    assert out == []
    assert err[0].startswith(f"{path}:15:37: devices.eahc: unknown key 'eahc'")
    assert err[0].endswith("(did you mean 'each'?)")
    assert err[1].startswith(f"{path}:15:53: devices.id: expected a text or a mapping")
    assert len(err) == 2


def test_a_folder_is_checked_whole(tmp_path: Path, profile: str, lines: Lines) -> None:
    (tmp_path / "b.yml").write_text(WRONG)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "profile.yaml").write_text(PROFILE.replace("id: acme", "id: other"))
    (tmp_path / "other" / "notes.yaml").write_text("no: profile")
    (tmp_path / "readme.txt").write_text("no profile")

    assert main(["check", str(tmp_path), profile]) == 2
    out, err = lines()
    assert [line.partition(":")[0] for line in out] == [
        profile,
        f"{tmp_path}/other/profile.yaml",
    ]
    assert all(line.startswith(f"{tmp_path}/b.yml:15:") for line in err)


def test_two_profiles_of_one_id(tmp_path: Path, profile: str, lines: Lines) -> None:
    (tmp_path / "second.yaml").write_text(PROFILE)
    (tmp_path / "third.yaml").write_text(PROFILE + "override: true\n")

    assert main(["check", str(tmp_path)]) == 2
    out, err = lines()
    assert len(out) == 2
    assert err == [
        f"{tmp_path}/second.yaml:1:1: vendor.id: {profile} has the id 'acme' already",
    ]


def test_bundled_profiles_are_known_by_id(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, lines: Lines
) -> None:
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "profile.yaml").write_text(PROFILE)
    monkeypatch.setattr(profiles, "VENDORS", tmp_path)
    monkeypatch.chdir(tmp_path.parent)

    assert main(["check", "acme"]) == 0
    assert lines()[0] == [f"{tmp_path.name}/acme/profile.yaml: Acme Home: 2 monitors, 1 type"]

    assert main(["check", "acmee", "/nowhere/x.yaml"]) == 2
    what = "is neither a file, a folder, nor the id of a bundled profile"
    assert lines()[1] == [f"acmee {what}: did you mean 'acme'?", f"/nowhere/x.yaml {what}"]


def test_every_bundled_profile_is_found() -> None:
    ids = [path.parent.name for path in profiles.VENDORS.glob("*/profile.yaml")]

    assert ids
    assert all(profiles.find(vendor_id) for vendor_id in ids)


def test_files_that_hold_no_profile(tmp_path: Path, lines: Lines) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe\x00")

    assert main(["check", str(tmp_path / "empty"), str(tmp_path / "bytes.yaml")]) == 2
    _, err = lines()
    assert err[0] == f"there is no profile in the folder {tmp_path}/empty"
    assert err[1].startswith(f"{tmp_path}/bytes.yaml:1:1: ")


def test_what_a_profile_says_does_a_terminal_no_harm(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(PROFILE + 'types2: {"\\e]0;x\\a": 1}\n"\\e[2J": 1\n')

    assert main(["check", str(path)]) == 2
    assert "\x1b" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["check"],
        ["chekc", "x"],
        ["try"],
        ["command", "x"],
        ["command", "x", "--device", "a1"],
        ["new", "a", "b"],
        ["try", "x", "--devise", "a1"],
    ],
)
def test_a_wrong_command_line_is_2(argv: list[str], lines: Lines) -> None:
    assert main(argv) == 2
    out, err = lines()
    assert out == []
    assert err[0].startswith("usage: ./scripts/bridge")


@pytest.mark.parametrize("command", [[], ["try"], ["command"], ["check"]])
def test_help_is_no_mistake(command: list[str], lines: Lines) -> None:
    assert main([*command, "--help"]) == 0
    assert lines()[0][0].startswith("usage: ./scripts/bridge")


TASKS = "extends: acme\ntasks: {panic: {steps: [{post: /panic}]}}\n"


def test_a_file_of_tasks_is_checked_with_the_profile_beside_it(
    profile: str, tmp_path: Path, lines: Lines
) -> None:
    tasks = tmp_path / "tasks.yaml"
    tasks.write_text(TASKS)
    assert main(["check", str(tasks)]) == 0
    assert lines() == ([f"{tasks}: Acme Home: 1 task with those of its profile"], [])
    assert main(["check", str(tmp_path)]) == 0
    assert len(lines()[0]) == 2

    tasks.write_text(TASKS.replace("post", "pots"))
    assert main(["check", str(tasks)]) == 2
    assert lines()[1][0].startswith(f"{tasks}:2:26: tasks.panic.steps.0.pots: unknown key 'pots'")

    tasks.write_text(TASKS.replace("acme", "acne"))
    assert main(["check", str(tasks)]) == 2
    assert "there is no profile for 'acne' to add to" in lines()[1][0]
    tasks.write_text(TASKS.replace("acme", "hue_v2"))
    assert main(["check", str(tasks)]) == 0
