"""The columns of the benchmark show what they say."""

from pathlib import Path
import subprocess
import sys

from bench.columns import OURS, Contestant
from bench.shape import Shape


def test_another_version_of_this_integration_is_the_one_that_is_measured(tmp_path: Path) -> None:
    other = tmp_path / "other" / "vendor_bridge"
    other.mkdir(parents=True)
    (other / "__init__.py").touch()
    (other / "manifest.json").write_text('{"domain": "vendor_bridge"}')
    folder = tmp_path / "config"
    Contestant(name="other", integration=other).prepare(folder, Shape(devices=1, attributes=1))
    # Home Assistant puts its folder before everything else; the repository is there, too.
    said = subprocess.run(
        [sys.executable, "-c", "import custom_components.vendor_bridge as it; print(it.__file__)"],
        cwd=tmp_path,
        env={"PYTHONPATH": f"{folder}:{OURS.parents[1]}"},
        capture_output=True,
        check=True,
        text=True,
    )
    assert Path(said.stdout.strip()).resolve() == other / "__init__.py"
