"""Another integration as a column: what is said when it cannot be one, and how it is configured."""

import json
from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from bench.__main__ import main
from bench.columns import OWN, ColumnError, Contestant, given
from bench.columns.from_yaml import YamlColumn
from bench.processes import BenchError, Process
from bench.shape import Shape

SHAPE = Shape(devices=3, attributes=2)


def integration(folder: Path, **manifest: object) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


@pytest.mark.parametrize(
    ("manifest", "complaint"),
    [
        (None, "it has no manifest.json"),
        ("{", "is no JSON"),
        ("[]", "names no domain"),
        ('{"domain": 1, "version": "1"}', "names no domain"),
        ('{"domain": "tiny"}', "names no version"),
    ],
)
def test_what_is_no_integration_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], manifest: str | None, complaint: str
) -> None:
    if manifest is not None:
        (tmp_path / "manifest.json").write_text(manifest)
    with pytest.raises(SystemExit) as ended:
        main([str(tmp_path)])
    assert ended.value.code == 2
    assert complaint in capsys.readouterr().err


def test_what_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tiny = integration(tmp_path / "tiny", domain="tiny", version="1")
    for arguments, complaint in (
        ([str(tmp_path / "none")], "there is no folder"),
        ([str(tiny), "--configuration", str(tmp_path / "none")], "there is no file"),
        (["--configuration", str(tmp_path / "none")], "which one?"),
        ([str(tiny), str(tiny)], "the same name"),
    ):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == 2
        assert complaint in capsys.readouterr().err


def test_paths_lead_to_the_same_from_everywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    integration(tmp_path / "tiny", domain="tiny", version="1")
    (tmp_path / "tiny.yaml").write_text("tiny:\n")
    monkeypatch.chdir(tmp_path)
    column = given(Path("tiny"), Path("tiny.yaml"))
    monkeypatch.chdir("/")
    assert (column.name, column.domain) == ("tiny", "tiny")
    assert column.configuration is not None
    assert column.configuration.is_file()
    column.prepare(tmp_path / "config", SHAPE)
    assert (tmp_path / "config/custom_components/tiny/manifest.json").is_file()


@pytest.fixture
def tiny(tmp_path: Path) -> Contestant:
    (tmp_path / "tiny.yaml").touch()
    return given(integration(tmp_path / "tiny", domain="tiny", version="1"), tmp_path / "tiny.yaml")


def configured(hass: HomeAssistant, who: Contestant, text: str) -> Any:
    assert who.configuration is not None
    who.configuration.write_text(text)
    return YamlColumn.of(who, hass, "http://vendor", SHAPE)._configuration  # noqa: SLF001


async def test_the_configuration_is_filled_in(hass: HomeAssistant, tiny: Contestant) -> None:
    text = (
        "tiny:\n  url: {{ url }}/all\n  numbers: {{ devices * attributes }}\n"
        "  of: [{% for n in range(devices) %}d{{ n }}, {% endfor %}]\n"
    )
    assert configured(hass, tiny, text) == {
        "url": "http://vendor/all",
        "numbers": 6,
        "of": ["d0", "d1", "d2"],
    }


@pytest.mark.parametrize("text", ["", "other:\n", "[tiny]", "tiny: [", "}"])
async def test_a_configuration_for_something_else_is_told(
    hass: HomeAssistant, tiny: Contestant, text: str
) -> None:
    with pytest.raises(ColumnError, match=r"tiny\.yaml"):
        configured(hass, tiny, text)


async def test_without_one_it_is_configured_as_rest_is(hass: HomeAssistant, tmp_path: Path) -> None:
    who = given(integration(tmp_path / "mine", domain="mine", version="1"), None)
    column = YamlColumn.of(who, hass, "http://vendor", SHAPE)
    resources: Any = column._configuration  # noqa: SLF001
    assert [one["resource"] for one in resources] == [
        f"http://vendor/devices/d{number:05}" for number in range(3)
    ]
    with pytest.raises(ColumnError, match="could not be set up"):
        await column.set_up()


def test_another_version_of_this_integration_is_given_the_same_profile(tmp_path: Path) -> None:
    assert OWN.integration is not None
    for number, who in enumerate((OWN, given(OWN.integration, None))):
        who.prepare(tmp_path / str(number), SHAPE)
    own, other = ((tmp_path / n / "vendor_bridge/bench.yaml").read_text() for n in "01")
    assert own == other


async def test_a_column_that_ends_says_why(tmp_path: Path) -> None:
    process = await Process.start("mine", tmp_path / "log", "bench.worker")
    with pytest.raises(BenchError, match=r"(?s)mine has ended.*not enough values"):
        await process.hear()
    await process.stop()
