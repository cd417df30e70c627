"""The vendor half imports neither Home Assistant nor the integration's other half."""

import ast
from pathlib import Path
import subprocess
import sys
from textwrap import dedent

import pytest

from .integration_files import BRIDGE, INTEGRATION, ROOT, imported_modules

US = "custom_components.vendor_bridge"
VENDOR_HALF = sorted([*BRIDGE.rglob("*.py"), *(INTEGRATION / "vendors").rglob("*.py")])


def module_name(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def forbidden(file: Path) -> list[str]:
    """Return what a file of the vendor half imports, but must not.

    A vendor's files may import the bridge and one another, the bridge only itself.
    """
    allowed = [f"{US}.bridge"]
    if not file.is_relative_to(BRIDGE):
        allowed.append(
            module_name(INTEGRATION / "vendors" / file.relative_to(INTEGRATION).parts[1])
        )
    return [
        name
        for name in sorted(imported_modules(file))
        if name.split(".")[0] in {"homeassistant", "tests", "demo", "bench"}
        or (
            name.split(".")[0] == "custom_components"
            and not any(name == start or name.startswith(f"{start}.") for start in allowed)
        )
    ]


def test_there_is_a_vendor_half() -> None:
    assert len(VENDOR_HALF) > 10


def test_the_vendor_half_imports_nothing_of_home_assistant() -> None:
    assert {file: names for file in VENDOR_HALF if (names := forbidden(file))} == {}


def test_the_vendor_half_imports_nothing_of_home_assistant_by_name() -> None:
    """`import_module("homeassistant")` is an import, too."""
    for file in VENDOR_HALF:
        for node in ast.walk(ast.parse(file.read_text(), file)):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func).split(".")[-1]
                given = " ".join(ast.unparse(argument) for argument in node.args)
                imports = called in {"import_module", "__import__"}
                assert not imports or "homeassistant" not in given, file


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("import homeassistant", ["homeassistant"]),
        ("from homeassistant.core import callback", ["homeassistant.core.callback"]),
        ("from ..const import DOMAIN", [f"{US}.const.DOMAIN"]),
        ("from .. import helpers", [f"{US}.helpers"]),
        ("def late():\n    from ..entity import name", [f"{US}.entity.name"]),
        ("from ..vendors.acme import client", [f"{US}.vendors.acme.client"]),
        ("from .model import Device", []),
        ("import jmespath", []),
    ],
)
def test_the_check_sees(
    line: str, found: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.integration_files.ROOT", tmp_path)
    bridge = tmp_path / US.replace(".", "/") / "bridge"
    monkeypatch.setattr("tests.test_import_contract.BRIDGE", bridge)
    file = bridge / "new.py"
    bridge.mkdir(parents=True)
    file.write_text(line)
    assert forbidden(file) == found


def run_without_home_assistant(program: str) -> subprocess.CompletedProcess[str]:
    """Run a program in which Home Assistant cannot be imported, and whose parents are empty.

    Importing `custom_components.vendor_bridge.bridge` otherwise runs the integration's own
    `__init__.py`, which is of the other half.
    """
    prelude = dedent(f"""
        import importlib, runpy, sys, types
        from pathlib import Path

        class Refuse:
            def find_spec(self, name, path=None, target=None):
                if name.split(".")[0] == "homeassistant":
                    raise ImportError(f"{{name}} is imported by the vendor half")

        sys.meta_path.insert(0, Refuse())
        for name, folder in (("custom_components", "custom_components"), ({US!r}, {US!r})):
            package = types.ModuleType(name)
            package.__path__ = [str(Path.cwd() / folder.replace(".", "/"))]
            sys.modules[name] = package
    """)
    return subprocess.run(  # noqa: S603
        [sys.executable, "-W", "error", "-c", prelude + dedent(program)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_vendor_half_can_be_imported_without_home_assistant() -> None:
    names = [module_name(file) for file in VENDOR_HALF if file.stem != "__main__"]
    result = run_without_home_assistant(f"""
        for name in {names}:
            importlib.import_module(name)
        halves = ("{US}.bridge", "{US}.vendors")
        others = [n for n in sys.modules if n.startswith("{US}.") and not n.startswith(halves)]
        assert not others, others
        assert "homeassistant" not in sys.modules
        print(len({names}))
    """)
    assert result.stderr == ""
    assert result.stdout == f"{len(names)}\n"


def test_the_command_line_runs_without_home_assistant() -> None:
    result = run_without_home_assistant(f"""
        sys.argv = ["bridge", "--help"]
        runpy.run_module("{US}.bridge", run_name="__main__", alter_sys=True)
    """)
    assert result.stderr == ""
    assert result.returncode == 0
    assert "check" in result.stdout


def test_without_home_assistant_means_that() -> None:
    result = run_without_home_assistant(f"import {US}.config_flow")
    assert "imported by the vendor half" in result.stderr
