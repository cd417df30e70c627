import json
import os
from pathlib import Path
import subprocess
import sys

import pytest

from custom_components.vendor_bridge.bridge.cli.main import main

from .conftest import Lines

ROOT = Path(__file__).parents[3]
BRIDGE = str(ROOT / "custom_components/vendor_bridge/bridge")


def test_new_writes_a_profile_that_passes_check(tmp_path: Path, lines: Lines) -> None:
    path = tmp_path / "mine.yaml"

    assert main(["new", str(path)]) == 0
    assert main(["check", str(path)]) == 0
    out, err = lines()
    assert out == [
        f"{path} is written; check it with: ./scripts/bridge check {path}",
        f"{path}: Example: 2 monitors, 1 type",
    ]
    assert err == []


def test_new_prints_without_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new"]) == 0
    printed = capsys.readouterr().out
    assert main(["new", "-"]) == 0
    assert capsys.readouterr().out == printed
    assert "profile: 1\n" in printed


def test_new_overwrites_nothing(tmp_path: Path, lines: Lines) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("mine")

    assert main(["new", str(path)]) == 2
    assert main(["new", str(tmp_path / "no" / "folder.yaml")]) == 2
    assert path.read_text() == "mine"
    assert lines()[1] == [
        f"error: {path} is there already",
        f"error: {tmp_path}/no/folder.yaml cannot be written: No such file or directory",
    ]


@pytest.mark.slow
def test_schema_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert {"profile", "vendor", "api", "devices", "types"} <= set(schema["properties"])
    assert main(["schema", "--tasks"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert set(schema["properties"]) == {"profile", "extends", "types", "tasks"}
    assert schema["required"] == ["extends"]


def test_reference_is_markdown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reference"]) == 0
    assert capsys.readouterr().out.startswith("# ")


def run(*argv: str, stdout: int = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    """Run the command line as a program, without Home Assistant."""
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-X", "importtime", BRIDGE, *argv],
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )


def test_it_runs_without_home_assistant(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("profile: 1\n")
    done = run("check", str(path))

    assert done.returncode == 2
    assert done.stdout == ""
    assert f"{path}:1:1: needs 'vendor'" in done.stderr
    assert "homeassistant" not in done.stderr


@pytest.mark.slow
def test_it_runs_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "custom_components.vendor_bridge.bridge", "new"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0
    assert "profile: 1" in done.stdout


def test_a_reader_that_has_seen_enough_is_no_failure() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = run("new", stdout=writer)
    os.close(writer)

    assert done.returncode == 0
    assert "Error" not in done.stderr


def test_platforms_are_markdown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["platforms"]) == 0
    assert capsys.readouterr().out.startswith("# Platforms\n")
