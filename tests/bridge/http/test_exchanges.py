"""What is kept of the last exchanges, for a stranger who has to debug a profile."""

from datetime import timedelta
import json
from typing import Any

from aioresponses import aioresponses
from hypothesis import given, strategies as st
from multidict import CIMultiDict, CIMultiDictProxy
import pytest
from yarl import URL

from custom_components.vendor_bridge.bridge.errors import UnexpectedAnswerError, VendorError
from custom_components.vendor_bridge.bridge.http import Answer, AnswerKind
from custom_components.vendor_bridge.bridge.http.auth import KeyAuth
from custom_components.vendor_bridge.bridge.http.exchanges import LABELS, Exchange, Exchanges
from custom_components.vendor_bridge.bridge.http.samples import SMALL, sample, shorten

from .conftest import Connect
from .helpers import START, get, post

X = "https://api.example.com/v1/x"


def answered(data: Any, body: bytes | None = None, status: int = 200) -> Answer:
    return Answer(
        status=status,
        data=data,
        url=URL(X),
        headers=CIMultiDictProxy(CIMultiDict({"Content-Type": "application/json"})),
        body=json.dumps(data).encode() if body is None else body,
    )


async def test_the_last_answers_are_kept(vendor: aioresponses, connect: Connect) -> None:
    vendor.get(X, payload={"on": True})
    vendor.get(X, payload={"on": False})
    vendor.get(X, status=404, payload={"error": "no such lamp"})
    vendor.get(X, body="<html>", content_type="text/html")
    connection = connect(auth=KeyAuth("S3CR3T"), headers={"X-Client": "us"})
    request = get(headers={"X-Trace": "1"}, answer=AnswerKind.JSON)
    await connection.send(request)
    await connection.send(request)
    with pytest.raises(VendorError):
        await connection.send(request)
    samples = connection.exchanges.samples["GET /v1/{device.id}"]
    assert samples.good is not None
    assert samples.bad is not None
    assert samples.good.data == {"on": False}
    assert (samples.bad.status, samples.bad.data) == (404, {"error": "no such lamp"})
    with pytest.raises(UnexpectedAnswerError):
        await connection.send(request)
    samples = connection.exchanges.samples["GET /v1/{device.id}"]
    assert samples.good is not None
    assert samples.bad is not None
    assert (samples.bad.status, samples.bad.data) == (200, "<html>")
    assert samples.bad.content_type == "text/html"
    assert samples.good.data == {"on": False}
    last = connection.exchanges.last["GET /v1/{device.id}"][-1]
    assert set(last.headers) == {"Accept", "X-Client", "X-Trace", "Authorization"}
    assert "S3CR3T" not in repr(connection.exchanges.last)


async def test_nothing_is_kept_of_a_sign_in(vendor: aioresponses, connect: Connect) -> None:
    vendor.post(X, payload={"token": "S3CR3T"})
    connection = connect()
    await connection.send(post(sign_in=False))
    assert connection.exchanges.samples == {}
    assert len(connection.exchanges.last) == 1


async def test_the_very_answer_is_kept_where_it_is_small(
    vendor: aioresponses, connect: Connect
) -> None:
    vendor.get(X, payload=["a"], repeat=True)
    connection = connect()
    await connection.send(get())
    again = await connection.send(get())
    kept = connection.exchanges.samples["GET /v1/{device.id}"].good
    assert kept is not None
    assert kept.data is again.data, "a reference, not a copy"


def test_labels_are_bounded() -> None:
    exchanges = Exchanges()
    for number in range(LABELS + 50):
        exchanges.keep(str(number), answered([1]), START, good=True)
        exchanges.add(str(number), Exchange(at=START, sent=0))
    assert len(exchanges.samples) == len(exchanges.last) == LABELS
    assert exchanges.samples.keys() == exchanges.last.keys()


LARGE = {"data": [{"id": n, "name": "x" * 30, "on": True} for n in range(5000)], "next": None}


def test_a_large_answer_is_kept_in_short_once_a_minute() -> None:
    first = sample(answered(LARGE), START, None)
    assert first.data["data"][0] == LARGE["data"][0]  # type: ignore[index]
    assert first.data["data"][3] == "… (4997 more)"
    assert first.data["next"] is None
    assert first.size == len(json.dumps(LARGE))
    again = sample(answered(LARGE), START + timedelta(seconds=59), first)
    assert again is first
    later = sample(answered(LARGE), START + timedelta(seconds=60), first)
    assert later is not first
    refused = sample(answered(LARGE, status=500), START, first)
    assert refused.status == 500


def test_what_is_not_json() -> None:
    assert sample(answered(None, b""), START, None).data is None
    assert sample(answered(None, b"\xff" * 5000), START, None).data == "\ufffd" * 800 + "…"
    assert sample(answered(b"\x00" * 7, b"\x00" * 7), START, None).data == "7 bytes"
    text = "long " * 5000
    assert sample(answered(text, text.encode()), START, None).data.endswith("… (25000 letters)")


values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=100,
)


@given(values)
def test_anything_can_be_shortened(data: Any) -> None:
    json.dumps(shorten(data))


@pytest.mark.parametrize(
    "data",
    [
        [["x" * 300] * 50] * 50,
        {str(number): {"a" * 500: "b" * 500} for number in range(10_000)},
        {"a": {str(n): {str(m): {str(k): k for k in range(99)} for m in range(99)} for n in [1]}},
        ["x" * 10**6],
    ],
)
def test_what_is_left_is_short(data: Any) -> None:
    assert len(json.dumps(shorten(data), ensure_ascii=False)) < 2 * SMALL


def test_what_is_deep_is_cut() -> None:
    deep: Any = 0
    for _ in range(5000):
        deep = [deep]
    assert "… (1 more)" in json.dumps(shorten(deep), ensure_ascii=False)
