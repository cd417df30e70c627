"""The television and the speaker."""

from typing import Any

from .conftest import Acme


async def test_a_television_plays_from_where_it_was(acme: Acme) -> None:
    off = await acme.status("TEL-0001")
    assert (off["power"], off["doing"], off["title"]) == ("standby", "stopped", None)
    on = await acme.put("TEL-0001", do="play", input="hdmi_1", volume=20)
    assert (on["power"], on["input"], on["volume"], on["doing"]) == ("on", "hdmi_1", 20, "playing")
    assert (on["title"], on["length_ms"], on["position_ms"]) == ("The Long Way Down", 5400000, 0)
    acme.wait(90)
    assert (await acme.status("TEL-0001")) == on
    paused = await acme.put("TEL-0001", do="pause")
    assert (paused["doing"], paused["position_ms"]) == ("paused", 90_000)
    acme.wait(60)
    resumed = await acme.put("TEL-0001", do="play")
    assert resumed["position_ms"] == 90_000
    assert resumed["position_at"] == "2026-11-02T08:32:30.000+01:00"
    assert (await acme.put("TEL-0001", seek_ms=600_000))["position_ms"] == 600_000
    standby = await acme.put("TEL-0001", power="standby")
    assert (standby["title"], standby["doing"]) == (None, "stopped")


async def test_a_title_follows_another(acme: Acme) -> None:
    async def now(**body: object) -> tuple[object, object]:
        shown = await acme.put("SPK-0001", **body) if body else await acme.status("SPK-0001")
        return shown["title"], shown["doing"]

    assert await now(open="Attic Window") == ("Attic Window", "playing")
    acme.wait(262)
    assert await now() == ("Frost on the Gate", "playing")
    assert await now(do="next") == ("Morning Kettle", "playing")
    assert await now(do="previous", again="one") == ("Frost on the Gate", "playing")
    acme.wait(178)
    assert await now() == ("Frost on the Gate", "playing")
    assert await now(again="no", shuffle=True, sound="bass") == ("Frost on the Gate", "playing")
    acme.wait(178)
    assert (await now())[0] != "Frost on the Gate"
    assert await now(do="stop") == (None, "stopped")


async def test_covers_differ_from_title_to_title(acme: Acme) -> None:
    async def cover(**body: Any) -> bytes:
        shown = await acme.put("SPK-0001", **body)
        answer = await acme.ask("GET", shown["cover"])
        assert answer.content_type == "image/png"
        return await answer.read()

    first, second = await cover(do="play"), await cover(do="next")
    assert first != second
    assert await cover(do="previous") == first


async def test_keys_of_the_remote_control_arrive(acme: Acme) -> None:
    before = await acme.status("TEL-0001")
    for key in ("up", "ok", "red"):
        await acme.put("TEL-0001", key=key)
    assert await acme.status("TEL-0001") == before
    assert (await acme.truth("TEL-0001"))["keys"] == ["up", "ok", "red"]
    await acme.put("TEL-0001", 422, key="volcano")


async def test_whoever_pulls_the_plug_ends_the_film(acme: Acme) -> None:
    await acme.put("TEL-0001", do="play")
    drawn = (await acme.truth("TEL-0001"))["milliwatts"]
    await acme.pull("TEL-0001", unplugged=True)
    assert (await acme.status("TEL-0001"))["power"] == "standby"
    assert (await acme.truth("TEL-0001"))["milliwatts"] < drawn / 10
