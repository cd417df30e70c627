import asyncio
import json
import time

import aiohttp
import pytest

from demo.acme.fault_table import FAULTS

from .conftest import Acme


async def test_down_closes_without_an_answer_and_does_nothing(acme: Acme) -> None:
    await acme.fault("down", count=2)
    for method, path, body in (
        ("GET", "/v1/status", None),
        ("PUT", "/v1/devices/LMP-0001/state", {"on": True}),
    ):
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await acme.ask(method, path, body)
    assert (await acme.status("LMP-0001"))["on"] is False


async def test_lost_does_it_and_says_nothing(acme: Acme) -> None:
    await acme.fault("lost", count=1, method="PUT")
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await acme.put("LMP-0001", on=True)
    assert (await acme.status("LMP-0001"))["on"] is True


@pytest.mark.parametrize(("kind", "done_meanwhile"), [("slow", False), ("late", True)])
async def test_slow_and_late_answer_after_a_while(
    acme: Acme, kind: str, *, done_meanwhile: bool
) -> None:
    await acme.fault(kind, count=1, delay=0.3, method="PUT")
    begun = time.monotonic()
    asked = asyncio.create_task(acme.put("LMP-0001", on=True))
    await asyncio.sleep(0.1)
    assert (await acme.status("LMP-0001"))["on"] is done_meanwhile
    assert (await asked)["on"] is True
    assert time.monotonic() - begun >= 0.3


async def test_a_slow_body_arrives_whole(acme: Acme) -> None:
    whole = await acme.get("/v1/status")
    await acme.fault("slow_body", count=1, delay=0.2)
    begun = time.monotonic()
    assert await acme.get("/v1/status") == whole
    assert time.monotonic() - begun >= 0.2


async def test_reset_breaks_off_in_the_body(acme: Acme) -> None:
    await acme.fault("reset", count=1)
    answer = await acme.ask("GET", "/v1/status")
    assert answer.status == 200
    with pytest.raises(aiohttp.ClientPayloadError):
        await answer.read()


async def test_errors_and_limits(acme: Acme) -> None:
    await acme.fault("error500", count=1)
    await acme.fault("error500", count=1, status=503)
    await acme.fault("rate_limited", count=1, retry_after=7)
    assert (await acme.get("/v1/status", status=500))["error"]["code"] == "internal_error"
    await acme.get("/v1/status", status=503)
    answer = await acme.ask("GET", "/v1/status")
    assert (answer.status, answer.headers["Retry-After"]) == (429, "7")
    assert (await answer.json())["error"]["code"] == "rate_limited"
    await acme.get("/v1/status")


async def test_expired_tokens_can_be_refreshed(acme: Acme) -> None:
    await acme.fault("expire_tokens", count=1)
    refused = await acme.get("/v1/status", status=401)
    assert refused["error"]["code"] == "token_expired"
    await acme.get("/v1/status", status=401)
    used = {"refresh_token": acme.tokens["refresh_token"]}
    acme.tokens = await acme.json("POST", "/v1/refresh", used, status=200)
    await acme.get("/v1/status")


@pytest.mark.parametrize("kind", ["garbage", "truncated_json", "html", "empty", "enormous"])
async def test_bodies_that_are_no_json(acme: Acme, kind: str) -> None:
    # Also for who has it already: there is a body to spoil.
    tag = (await acme.ask("GET", "/v1/status")).headers["ETag"]
    await acme.fault(kind, count=1)
    answer = await acme.ask("GET", "/v1/status", headers={"If-None-Match": tag})
    body = await answer.read()
    assert answer.status == 200
    assert answer.content_type == ("text/html" if kind == "html" else "application/json")
    with pytest.raises((ValueError, RecursionError)):
        json.loads(body)
    if kind == "enormous":
        assert len(body) == 10 * 1024 * 1024


async def test_truncated_json_is_complete_by_its_length(acme: Acme) -> None:
    whole = await (await acme.ask("GET", "/v1/status")).read()
    await acme.fault("truncated_json", count=1)
    answer = await acme.ask("GET", "/v1/status")
    body = await answer.read()
    assert int(answer.headers["Content-Length"]) == len(body)
    assert whole.startswith(body)
    assert 0 < len(body) < len(whole)


async def test_any_answer_can_be_given(acme: Acme) -> None:
    body = '{"data": [{"serial": 5}]}'
    await acme.fault("answer", count=1, status=203, body=body, content_type="text/plain")
    answer = await acme.ask("GET", "/v1/status")
    assert (answer.status, answer.content_type, await answer.text()) == (203, "text/plain", body)


async def test_strikes_where_and_when_it_is_to(acme: Acme) -> None:
    await acme.fault("error500", path="/v1/devices/LMP-0001", method="PUT", seconds=10)
    await acme.get("/v1/status")
    await acme.status("LMP-0001")
    await acme.put("LMP-0002", on=True)
    await acme.put("LMP-0001", 500, on=True)
    acme.real.seconds += 9.9
    await acme.put("LMP-0001", 500, on=True)
    acme.real.seconds += 0.1
    await acme.put("LMP-0001", on=True)
    assert await acme.get("/_sim/faults") == {"faults": []}


async def test_the_oldest_that_fits_strikes(acme: Acme) -> None:
    first = await acme.fault("error500", status=500)
    second = await acme.fault("error500", status=502)
    await acme.get("/v1/status", status=500)
    await acme.json("DELETE", f"/_sim/faults/{first}", status=200)
    await acme.get("/v1/status", status=502)
    on = (await acme.get("/_sim/faults"))["faults"]
    assert [(fault["id"], fault["kind"]) for fault in on] == [(second, "error500")]
    await acme.json("DELETE", "/_sim/faults", status=200)
    await acme.get("/v1/status")


@pytest.mark.parametrize("kind", sorted(FAULTS))
async def test_every_fault_ends(acme: Acme, kind: str) -> None:
    await acme.fault(kind, count=1, delay=0.01)
    with pytest.raises((AssertionError, aiohttp.ClientError, ValueError, RecursionError)):
        assert await acme.get("/v1/account") == {}
    if kind == "expire_tokens":
        await acme.sign_in()
    assert (await acme.get("/v1/account"))["id"] == "acc-20417"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "fire"}, "kind"),
        ({}, "kind"),
        ({"kind": ["down"]}, "kind"),
        ({"kind": "down", "count": 0}, "count"),
        ({"kind": "down", "where": "/v1"}, "where"),
        ({"kind": "slow", "delay": -1}, "delay"),
    ],
)
async def test_refuses_faults_that_it_does_not_know(acme: Acme, body: object, field: str) -> None:
    refused = await acme.json("POST", "/_sim/faults", body, status=422)
    assert refused["error"]["field"] == field
