"""The scripts: what they say to an argument that they do not know."""

from pathlib import Path
import subprocess

import pytest

SCRIPTS = Path(__file__).parent.parent / "scripts"
NAMES = sorted(file.name for file in SCRIPTS.iterdir() if file.is_file())


@pytest.mark.parametrize("name", NAMES)
def test_a_wrong_option_is_an_error_of_one_kind(name: str) -> None:
    done = subprocess.run(  # noqa: S603 - the repository's own scripts
        [SCRIPTS / name, "--wrong"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    *_, error = done.stderr.splitlines()
    assert "error: " in error
    assert "-h" in done.stderr, "no hint to --help"
    assert len(done.stderr.splitlines()) <= 8


@pytest.mark.parametrize("name", NAMES)
def test_every_script_says_what_it_does(name: str) -> None:
    done = subprocess.run(  # noqa: S603 - the repository's own scripts
        [SCRIPTS / name, "--help"], capture_output=True, text=True, check=True
    )
    usage = done.stdout.splitlines()[0]
    assert usage.lower().startswith("usage: ")
    assert name in usage
