import json
import time
from typing import Any
from urllib.parse import urlencode

from hypothesis import example, given, strategies as st
import orjson
import pytest
import xmltodict

from custom_components.vendor_bridge.bridge.http.decoding import (
    MAX_DEPTH,
    DecodingError,
    decode,
)
from custom_components.vendor_bridge.bridge.http.message import AnswerKind

KINDS = st.sampled_from(AnswerKind)
CONTENT_TYPES = st.one_of(
    st.text(max_size=60),
    st.builds(
        "{}; charset={}".format,
        st.sampled_from(["application/json", "text/xml", "text/html", "a/b+json", "image/png", ""]),
        st.sampled_from(
            [
                "utf-8",
                "utf-16",
                "latin1",
                "cp1252",
                "rot13",
                "punycode",
                "idna",
                "zlib",
                "gbk",
                '"',
            ],
        ),
    ),
)

BOMB = (
    '<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    + "]><b>&a9;</b>"
).encode()
LEAK = b'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY f SYSTEM "file:///etc/passwd">]><b>&f;</b>'


@given(st.binary(max_size=400), KINDS, CONTENT_TYPES)
@example(BOMB, AnswerKind.XML, "")
@example(b'"\\ud800"', AnswerKind.JSON, "")
@example(b"+/v8-", AnswerKind.TEXT, "text/plain; charset=utf-7")
@example(b"\x00", AnswerKind.XML, "text/xml; charset=utf-16")
@example(b"<?xml version='1.0' encoding='euc-kr'?><a>\xff\xfe</a>", AnswerKind.XML, "")
@example(b"<?xml version='1.0' encoding='no such'?><a/>", AnswerKind.XML, "")
@example(b"1" * 5000, AnswerKind.JSON, "")
@example(b"[1e308, " + b"9" * 25 + b"]", AnswerKind.JSON, "")
@example(b"%FF=%FF", AnswerKind.FORM, "")
def test_any_bytes(body: bytes, kind: AnswerKind, content_type: str) -> None:
    """Whatever comes is decoded or refused, and what is decoded can be written as JSON again."""
    try:
        data = decode(body, kind, content_type)
    except DecodingError:
        return
    if not isinstance(data, bytes):
        assert orjson.loads(orjson.dumps(data)) == data


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False, min_value=-1e300, max_value=1e300)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
    max_leaves=20,
)


@given(JSON, st.sampled_from(["", "application/json; charset=latin-1", "text/html"]))
def test_any_json(data: Any, content_type: str) -> None:
    body = json.dumps(data, ensure_ascii=False).encode()
    assert decode(body, AnswerKind.JSON, content_type) == data
    assert decode(b"\xef\xbb\xbf" + body, AnswerKind.JSON, content_type) == data


XML_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1)


@given(st.dictionaries(st.from_regex(r"[a-z][a-z0-9]{0,5}", fullmatch=True), XML_TEXT, min_size=1))
def test_any_xml(leaves: dict[str, str]) -> None:
    body = xmltodict.unparse({"root": leaves}).encode()
    assert decode(body, AnswerKind.XML) == {"root": leaves}


@given(
    st.dictionaries(
        st.text(st.characters(codec="utf-8"), min_size=1),
        st.text(st.characters(codec="utf-8")),
        min_size=1,
    )
)
def test_any_form(pairs: dict[str, str]) -> None:
    assert decode(urlencode(pairs).encode(), AnswerKind.FORM) == pairs


@pytest.mark.parametrize(
    ("body", "content_type", "data"),
    [
        (b"", "application/json", None),
        (b" \r\n", "", None),
        (b'{"a": 1}', "text/html", {"a": 1}),
        (b" [1]", "", [1]),
        (b"5", "application/json; charset=utf-8", 5),
        (b"5", "application/vnd.acme+json", 5),
        (b"5", "text/plain", "5"),
        (b"<a>1</a>", "text/xml", {"a": "1"}),
        (b"<?xml version='1.0'?><a>1</a>", "", {"a": "1"}),
        (b"a=1&a=2&b=", "application/x-www-form-urlencoded", {"a": ["1", "2"], "b": ""}),
        (b"\xff\xd8", "image/jpeg", b"\xff\xd8"),
        (b"<p>hi", "text/html", "<p>hi"),
    ],
)
def test_an_answer_that_may_be_anything(body: bytes, content_type: str, data: object) -> None:
    assert decode(body, AnswerKind.AUTO, content_type) == data


@pytest.mark.parametrize("kind", [AnswerKind.JSON, AnswerKind.TEXT, AnswerKind.XML])
def test_a_picture_is_no_data(kind: AnswerKind) -> None:
    with pytest.raises(DecodingError, match="was promised, but image came"):
        decode(b'{"a": 1}', kind, "image/png")
    assert decode(b"\x89PNG", AnswerKind.BYTES, "image/png") == b"\x89PNG"


@pytest.mark.parametrize(
    ("body", "kind", "content_type", "data"),
    [
        ("é".encode("latin-1"), AnswerKind.TEXT, "text/plain; charset=iso-8859-1", "é"),
        ("é".encode("utf-16"), AnswerKind.TEXT, 'text/plain; Charset="UTF-16"', "é"),
        ('"é"'.encode("latin-1"), AnswerKind.JSON, "application/json;charset=latin1", "é"),
        ('"é"'.encode(), AnswerKind.JSON, "application/json;charset=latin1", "é"),
        ("<a>é</a>".encode("cp1252"), AnswerKind.XML, "text/xml; charset=windows-1252", {"a": "é"}),
        (
            "<?xml version='1.0' encoding='utf-8'?><a>é</a>".encode("latin-1"),
            AnswerKind.XML,
            "text/xml; charset=iso-8859-1",
            {"a": "é"},
        ),
        (
            "<?xml version='1.0' encoding='iso-8859-1'?><a>é</a>".encode("latin-1"),
            AnswerKind.XML,
            "",
            {"a": "é"},
        ),
    ],
)
def test_encodings(body: bytes, kind: AnswerKind, content_type: str, data: object) -> None:
    assert decode(body, kind, content_type) == data


@pytest.mark.parametrize("kind", [kind for kind in AnswerKind if kind not in {"auto", "none"}])
def test_nothing_where_something_was_promised(kind: AnswerKind) -> None:
    with pytest.raises(DecodingError, match="the answer is empty"):
        decode(b" ", kind)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"[" * 10_000_000, "no valid JSON"),
        (b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), "levels deep"),
        (b'{"a":' * (MAX_DEPTH + 1) + b"1" + b"}" * (MAX_DEPTH + 1), "levels deep"),
        (b"18446744073709551616", "more than 64 bits"),
        (b"[-9223372036854775809]", "more than 64 bits"),
        (b'{"id": 12345678901234567890123}', "more than 64 bits"),
        (b"1" * 1_000_000, "no valid JSON"),
        (b"1e999", "no valid JSON"),
        (b"-Infinity", "no valid JSON"),
        (b'"\\udc00"', "no valid JSON"),
    ],
)
def test_json_that_is_refused(body: bytes, reason: str) -> None:
    with pytest.raises(DecodingError, match=reason):
        decode(body, AnswerKind.JSON)


def test_json_up_to_the_limits() -> None:
    assert decode(b"18446744073709551615", AnswerKind.JSON) == 2**64 - 1
    assert decode(b"-3.4028235e38", AnswerKind.JSON) == -3.4028235e38
    decode(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH, AnswerKind.JSON)


@pytest.mark.parametrize("body", [BOMB, LEAK, b"<!DOCTYPE a><a/>"])
def test_xml_with_a_document_type(body: bytes) -> None:
    with pytest.raises(DecodingError, match="document types"):
        decode(body, AnswerKind.XML, "application/xml")


def test_deep_xml() -> None:
    with pytest.raises(DecodingError, match="levels deep"):
        decode(b"<a>" * 100_000 + b"</a>" * 100_000, AnswerKind.XML)


@pytest.mark.parametrize(
    "body",
    [
        b"[" + b"1," * 4_000_000 + b"1]",
        b"[" + b"[]," * 2_500_000 + b"1]",
        b"[" + b"9" * 25 + b"," + b"1e300," * 1_000_000 + b"1]",
        b"<a>" + b"<b/>" * 500_000 + b"</a>",
        b"<a>" * 1_000_000,
        b"a=" * 4_000_000,
        b"a&" * 4_000_000,
    ],
    ids=["numbers", "lists", "coarse numbers", "elements", "levels", "values", "names"],
)
def test_a_large_answer_takes_bounded_time(body: bytes) -> None:
    started = time.process_time()
    for kind in (AnswerKind.JSON, AnswerKind.XML, AnswerKind.FORM, AnswerKind.TEXT):
        try:
            decode(body, kind)
        except DecodingError:
            continue
    assert time.process_time() - started < 5


@given(
    st.integers(1, MAX_DEPTH + 20),
    st.sampled_from(["[]", '{"a":}']),
    st.text(st.sampled_from('[]{}"a')) | st.text(st.characters(codec="utf-8")),
)
def test_any_depth(depth: int, brackets: str, text: str) -> None:
    """Whatever the brackets in texts look like, depth is what it is."""
    leaf = json.dumps(text, ensure_ascii=True).encode()
    opening, closing = brackets[:-1].encode(), brackets[-1:].encode()
    body = opening * depth + leaf + closing * depth
    if depth > MAX_DEPTH:
        with pytest.raises(DecodingError, match="levels deep"):
            decode(body, AnswerKind.JSON)
    else:
        decode(body, AnswerKind.JSON)


@given(st.integers(), st.text('0123456789 ,-[]{}"', max_size=40))
def test_any_integer(number: int, text: str) -> None:
    """An integer arrives as it is or not at all, whatever digits stand in texts beside it."""
    body = json.dumps([text, number]).encode()
    if -(2**63) <= number < 2**64:
        assert decode(body, AnswerKind.JSON) == [text, number]
    else:
        with pytest.raises(DecodingError, match=r"64 bits|no valid JSON"):
            decode(body, AnswerKind.JSON)
