"""What hassfest and HACS check of a custom integration: manifest, packages, imports, brand."""

import ast
from importlib.metadata import distribution, requires
from pathlib import Path
import re
import sys
from typing import Any

from awesomeversion import AwesomeVersion
import homeassistant
from homeassistant.const import Platform, __version__ as home_assistant_version
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from PIL import Image
import pytest
import yaml

from .integration_files import (
    INTEGRATION,
    ROOT,
    imported_modules,
    python_files,
    read_json,
    syntax_trees,
)

MANIFEST: dict[str, Any] = read_json(INTEGRATION / "manifest.json")
CORE = Path(homeassistant.__file__).parent
STANDARD_LIBRARY = sys.stdlib_module_names

# The keys that hassfest knows.
MANIFEST_KEYS = {
    "after_dependencies",
    "bluetooth",
    "codeowners",
    "config_flow",
    "dependencies",
    "dhcp",
    "disabled",
    "documentation",
    "domain",
    "homekit",
    "import_executor",
    "integration_type",
    "iot_class",
    "issue_tracker",
    "loggers",
    "mqtt",
    "name",
    "preview_features",
    "quality_scale",
    "requirements",
    "single_config_entry",
    "ssdp",
    "usb",
    "version",
    "zeroconf",
}
IOT_CLASSES = {
    "assumed_state",
    "calculated",
    "cloud_polling",
    "cloud_push",
    "local_polling",
    "local_push",
}
# Components that are always there, so that hassfest lets everybody import them.
ALWAYS_THERE = {
    "homeassistant",
    "persistent_notification",
    "system_health",
    "webhook",
    "websocket_api",
    "zone",
}
HACS_KEYS = {
    "content_in_root",
    "country",
    "filename",
    "hacs",
    "hide_default_branch",
    "homeassistant",
    "name",
    "persistent_directory",
    "render_readme",
    "zip_release",
}


def pins(name: str) -> dict[str, str]:
    """Return the packages that a requirements file or a lock pins, with their versions."""
    text = (ROOT / name).read_text()
    lines = (line.split("#")[0].split(";")[0].strip() for line in text.splitlines())
    return {
        canonicalize_name(package): version
        for package, equals, version in (line.partition("==") for line in lines)
        if equals
    }


def test_manifest_has_the_keys_that_are_asked_for_and_no_others() -> None:
    asked_for = {"codeowners", "documentation", "domain", "iot_class", "issue_tracker", "name"}
    assert asked_for | {"config_flow", "integration_type", "version"} <= set(MANIFEST)
    assert set(MANIFEST) <= MANIFEST_KEYS


def test_manifest_is_sorted() -> None:
    keys = list(MANIFEST)
    assert keys == ["domain", "name", *sorted(keys[2:])]


def test_manifest_values() -> None:
    assert MANIFEST["domain"] == INTEGRATION.name
    assert MANIFEST["iot_class"] in IOT_CLASSES
    assert MANIFEST["integration_type"] == "hub"
    assert MANIFEST["documentation"].startswith("https://")
    assert MANIFEST["issue_tracker"].startswith("https://")
    assert all(owner.startswith("@") for owner in MANIFEST["codeowners"])
    assert AwesomeVersion(MANIFEST["version"]).strategy == "SemVer"


def test_config_flow_is_there() -> None:
    assert MANIFEST["config_flow"] is (INTEGRATION / "config_flow.py").exists() is True


def test_an_integration_with_async_setup_says_what_yaml_it_takes() -> None:
    module = ast.parse((INTEGRATION / "__init__.py").read_text())
    functions = {node.name for node in module.body if isinstance(node, ast.AsyncFunctionDef)}
    assigned = {
        target.id
        for node in module.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    assert "async_setup" not in functions or "CONFIG_SCHEMA" in assigned


@pytest.mark.parametrize("requirement", MANIFEST["requirements"])
def test_a_requirement_runs_wherever_home_assistant_does(requirement: str) -> None:
    """Home Assistant runs on musl and aarch64 as well, without a compiler."""
    name, _, version = requirement.partition("==")
    package = distribution(name)
    assert package.version == version
    own = [Requirement(text) for text in requires(name) or ()]
    assert all(text.marker and not text.marker.evaluate({"extra": ""}) for text in own)
    wheel = package.read_text("WHEEL")
    assert wheel is not None
    assert re.search(r"^Root-Is-Purelib: true$", wheel, re.MULTILINE)
    assert re.search(r"^Tag: (py2\.)?py3-none-any$", wheel, re.MULTILINE)


def test_requirements_agree_with_those_of_home_assistant() -> None:
    """Two integrations that pin different versions of a package cannot both run."""
    ours = {canonicalize_name(Requirement(text).name): text for text in MANIFEST["requirements"]}
    theirs = [
        (file.parent.name, text)
        for file in sorted(CORE.glob("components/*/manifest.json"))
        for text in read_json(file).get("requirements", ())
    ]
    assert theirs
    for domain, text in theirs:
        name = canonicalize_name(re.split(r"[=<>@\[ ]", text)[0])
        assert ours.get(name, text) == text, f"{domain} needs {text}"
    for line in (CORE / "package_constraints.txt").read_text().splitlines():
        name = canonicalize_name(re.split(r"[=<>!~ #]", line)[0] or "none")
        if name in ours:
            version = ours[name].partition("==")[2]
            assert Requirement(line).specifier.contains(version)


def test_requirements_are_pinned_and_alike_everywhere() -> None:
    manifest = dict(text.split("==") for text in MANIFEST["requirements"])
    assert manifest == pins("requirements.txt")
    for name in ("requirements_test", "requirements_minimum"):
        assert "-r requirements.txt" in (ROOT / f"{name}.txt").read_text().splitlines()
        wanted = manifest | pins(f"{name}.txt")
        locked = pins(f"{name}.lock")
        assert {package: locked.get(package) for package in wanted} == wanted


def test_every_imported_component_is_declared() -> None:
    declared = {*MANIFEST.get("dependencies", ()), *MANIFEST.get("after_dependencies", ())}
    platforms = {str(platform) for platform in Platform}
    # diagnostics.py, repairs.py and the like are loaded by the component they are named after.
    named_after = {file.stem for file in INTEGRATION.glob("*.py")}
    used = {
        module.split(".")[2]
        for file in python_files()
        for module in imported_modules(file)
        if module.startswith("homeassistant.components.")
    }
    assert used
    assert used - platforms - named_after - ALWAYS_THERE <= declared


def test_every_imported_package_is_there_at_run_time() -> None:
    """What is neither the integration's requirement nor Home Assistant's must not be imported."""
    import_names = {"yaml": "pyyaml"}
    wanted = {Requirement(text).name for text in requires("homeassistant") or ()}
    constraints = (CORE / "package_constraints.txt").read_text()
    there = {
        *(canonicalize_name(name) for name in wanted),
        *pins("requirements.txt"),
        *(
            canonicalize_name(name)
            for name in re.findall(r"^([\w-]+)==", constraints, re.MULTILINE)
        ),
        *("multidict", "voluptuous"),  # with aiohttp and probatio
    }
    imported = {
        module.split(".")[0]: file for file in python_files() for module in imported_modules(file)
    }
    ours = {"custom_components", "homeassistant"}
    for name in imported.keys() - ours - STANDARD_LIBRARY:
        assert canonicalize_name(import_names.get(name, name)) in there, imported[name]


def test_nothing_imports_tests_demo_or_bench() -> None:
    """HACS installs the integration's folder alone."""
    for file in python_files():
        roots = {module.split(".")[0] for module in imported_modules(file)}
        assert not roots & {"tests", "demo", "bench", "scripts"}, file


def test_modules_parse_without_future_annotations() -> None:
    for file, tree in syntax_trees():
        futures = [
            node
            for node in tree.body
            if isinstance(node, ast.ImportFrom) and node.module == "__future__"
        ]
        assert not futures, file


@pytest.mark.parametrize(
    ("name", "width", "height"),
    [
        ("icon.png", 256, 256),
        ("icon@2x.png", 512, 512),
        ("logo.png", None, 192),
        ("logo@2x.png", None, 384),
        ("dark_logo.png", None, 192),
        ("dark_logo@2x.png", None, 384),
    ],
)
def test_brand_image(name: str, width: int | None, height: int) -> None:
    with Image.open(INTEGRATION / "brand" / name) as image:
        assert image.format == "PNG"
        assert image.height == height
        assert width is None or image.width == width
        assert image.mode == "RGBA"


def test_hacs_finds_what_it_asks_for() -> None:
    hacs = read_json(ROOT / "hacs.json")
    assert hacs["name"] == MANIFEST["name"]
    assert set(hacs) <= HACS_KEYS
    folders = [file.parent.name for file in ROOT.glob("custom_components/*/manifest.json")]
    assert folders == ["vendor_bridge"]
    assert (ROOT / "README.md").stat().st_size > 0
    assert (ROOT / "LICENSE").stat().st_size > 0


def test_the_lowest_home_assistant_is_the_one_that_is_tested() -> None:
    lowest = read_json(ROOT / "hacs.json")["homeassistant"]
    assert pins("requirements_minimum.lock")["homeassistant"] == lowest
    assert AwesomeVersion(lowest) <= AwesomeVersion(home_assistant_version)


def test_workflows_and_profiles_are_yaml() -> None:
    files = [*ROOT.glob(".github/workflows/*.yml"), INTEGRATION / "quality_scale.yaml"]
    assert len(files) > 1
    for file in files:
        assert isinstance(yaml.safe_load(file.read_text()), dict), file
