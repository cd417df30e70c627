from collections.abc import Iterator, Sequence
import json
import math
import re
import string
import time
from typing import Any

from hypothesis import example, given, strategies as st
import pytest
import yaml

from custom_components.vendor_bridge.bridge.errors import Mistake, ProfileError
from custom_components.vendor_bridge.bridge.profile import yaml_tree
from custom_components.vendor_bridge.bridge.profile.source import Source, read_source


@pytest.fixture(params=[yaml.CSafeLoader, yaml.SafeLoader], ids=["c", "python"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> type:
    """Read with each of PyYAML's two parsers."""
    monkeypatch.setattr(yaml_tree, "LOADER", request.param)
    loader: type = request.param
    return loader


def data(text: str) -> Any:
    return read_source(text, "p.yaml").data


def attempt(text: str | bytes) -> tuple[Source | None, Sequence[Mistake]]:
    try:
        return read_source(text, "p.yaml"), ()
    except ProfileError as error:
        return None, error.mistakes


def wrong(text: str | bytes) -> list[Mistake]:
    with pytest.raises(ProfileError) as caught:
        read_source(text, "p.yaml")
    return list(caught.value.mistakes)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on", "on"),
        ("off", "off"),
        ("Yes", "Yes"),
        ("n", "n"),
        ("true", True),
        ("FALSE", False),
        ("'true'", "true"),
        ("", None),
        ("~", None),
        ("null", None),
        ("Null", None),
        ("nUll", "nUll"),
        ("'~'", "~"),
        ("10", 10),
        ("010", 10),
        ("-7", -7),
        ("0o17", 15),
        ("0x1F", 31),
        ("0b11", "0b11"),
        ("-0x1F", "-0x1F"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("12:30:45", "12:30:45"),
        ("190:20:30.15", "190:20:30.15"),
        ("2024-01-01", "2024-01-01"),
        ("2024-01-01T10:00:00Z", "2024-01-01T10:00:00Z"),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1.", 1.0),
        ("1e3", 1000.0),
        ("-1.5E-3", -0.0015),
        ("-.inf", -math.inf),
        ("=", "="),
        ("1.2.3", "1.2.3"),
        ("!!str 12", "12"),
        ("! 12", "12"),
        ("!!int '12'", 12),
        ("!!float 3", 3.0),
        ("!!bool 'true'", True),
        ("!!null ''", None),
        ("|\n  a\n  b\n", "a\nb\n"),
        (">-\n  a\n  b\n", "a b"),
        ('"\\0\\a\\u263a"', "\0\a\u263a"),
        ("data[*].value", "data[*].value"),
        ("a # comment", "a"),
        ("a#b", "a#b"),
    ],
)
@pytest.mark.usefixtures("parser")
def test_a_scalar_means_what_yaml_1_2_says(text: str, value: object) -> None:
    read = data(f"key: {text}")["key"]

    assert read == value
    assert type(read) is type(value)


def test_keys_follow_the_same_rules() -> None:
    assert data("on: 1\noff: 2\n1: a\n1.5: b\nnull: c\n'1': d\n") == {
        "on": 1,
        "off": 2,
        1: "a",
        1.5: "b",
        None: "c",
        "1": "d",
    }
    assert data("true: a\nfalse: b\n") == {True: "a", False: "b"}


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n", "---\n", "\ufeff", "---\n...\n"])
@pytest.mark.usefixtures("parser")
def test_an_empty_file_is_nothing(text: str) -> None:
    source = read_source(text, "p.yaml")

    assert source.data is None
    assert source.locate(["devices"])[0] in (1, 2)


@pytest.mark.usefixtures("parser")
def test_keys_and_values_are_located() -> None:
    source = read_source(
        "# a comment\n"
        "vendor: {id: acme, name: 'Acme Home'}\n"
        "types:\n"
        "  lamp:\n"
        "    light: [a, {b: c}]\n"
        "  empty:\n",
        "p.yaml",
    )

    assert source.locate(()) == (2, 1)
    assert source.locate(("vendor",), of="key") == (2, 1)
    assert source.locate(("vendor",)) == (2, 9)
    assert source.locate(("vendor", "name"), of="key") == (2, 20)
    assert source.locate(("vendor", "name")) == (2, 26)
    assert source.locate(("types",)) == (4, 3)
    assert source.locate(("types", "lamp", "light", 1, "b")) == (5, 20)
    assert source.locate(("types", "lamp", "light", 1), of="key") == (5, 16)


def test_what_is_not_there_is_located_by_the_key_around_it() -> None:
    source = read_source("a:\n  b:\n    c: 1\n", "p.yaml")

    assert source.locate(("a", "b", "missing")) == (2, 3)
    assert source.locate(("a", "b", "c", "too", "deep")) == (3, 5)
    assert source.locate(("missing",)) == (1, 1)
    assert source.locate(("a", ["not", "a", "key"])) == (1, 1)


def test_values_can_be_got_by_path() -> None:
    source = read_source("a: [1, {b: 2}]\n", "p.yaml")

    assert source.get(("a", 1)) == {"b": 2}
    assert source.get(("a", -1)) is None
    assert source.get(("a", "b", "c")) is None


@pytest.mark.usefixtures("parser")
def test_aliases_and_merge_keys() -> None:
    source = read_source(
        "base: &base {a: 1, b: 2}\n"
        "other: &other {b: 3, c: 4}\n"
        "one: {<<: *base, b: 9}\n"
        "two:\n"
        "  <<: [*base, *other]\n"
        "  d: 5\n"
        "same: *base\n"
        "text: {'<<': 1}\n",
        "p.yaml",
    )

    assert source.data["one"] == {"a": 1, "b": 9}
    assert source.data["two"] == {"a": 1, "b": 2, "c": 4, "d": 5}
    assert source.data["same"] == source.data["base"]
    assert source.data["same"] is not source.data["base"]
    assert source.data["text"] == {"<<": 1}
    # What an alias stands for is where it was written, the alias itself where it is used.
    assert source.locate(("two", "c")) == (2, 25)
    assert source.locate(("same",)) == (7, 7)
    assert source.locate(("same", "b")) == (1, 23)


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("a:\n\tb: 1", 2, 1, "a tab cannot be used to indent (use spaces)"),
        ("a: |\n\tx\n", 2, 1, "a tab"),
        ("\ta: 1", 1, 1, "a tab"),
        ("a: 'x\nb: 1\n", 1, 4, "the quote that opens here is never closed"),
        ('a: 1\nb: "x\n\n\n', 2, 4, "the quote that opens here is never closed"),
        ('a: "b\n---\nc"', 1, 4, "never closed"),
        ("a: 1\n  b: 2\n", 2, 4, "a key is not expected here"),
        ("a:\n  b: 1\n c: 2\n", 3, 2, "indented like no line above it"),
        ("  a: 1\nb: 2", 2, 1, "indented less than the first one"),
        ("a: {b: 1\nc: 2", 2, 2, "'{' in line 1, column 4 is not closed: expected ',' or '}'"),
        ("a: [1, 2\nb: 1", 2, 2, "'[' in line 1, column 4 is not closed"),
        ("a: [{}\n\n", 1, 7, "'[' in line 1, column 4 is not closed"),
        (
            "a: {setup.url}/x",
            1,
            15,
            "more after the end of the value (put the whole text in quotes)",
        ),
        ("a: 'it's'", 1, 8, "more after the end"),
        ("{a: 1}}", 1, 7, "more after the end"),
        ("a: @x", 1, 4, "cannot begin with '@'"),
        ("a: `x`", 1, 4, "cannot begin with '`'"),
        ("a: *", 1, 4, "cannot begin with '*'"),
        ("a: & b", 1, 4, "cannot begin with '&'"),
        ("a: b: c", 1, 5, "a second ':'"),
        ("key: value\nkey2\n", 2, 1, "expected ':' after the key"),
        ("- a\nb: 1", 2, 1, "expected a list item"),
        ("a:\n  - b\n - c\n", 3, 2, "a list item is not expected here"),
        ("a: - b", 1, 4, "a list cannot begin here"),
        ("a: ? b", 1, 4, "cannot begin with '? '"),
        ("a: ]", 1, 4, "expected a value, got ']'"),
        ("a: {b: 1,, c: 2}", 1, 10, "expected a value, got ','"),
        ("a: |x\n", 1, 5, "nothing can follow '|'"),
        ("a: !x!y z", 1, 4, "tags"),
        ("%YAML 2.0\n---\na", 1, 1, "'%'"),
        ("a: 1\n---\nb: 2", 2, 1, "one document"),
        ("a: &a [*a]", 1, 8, "stands for something that it is a part of"),
        ("a: *b", 1, 4, "there is no '&b' above"),
        ("a: !secret pw", 1, 4, "make it a field of `setup` with `type: secret`"),
        ("a: !!python/object:os.system x", 1, 4, "cannot use the tag '!!python/object:os.system'"),
        ("a: !!python/tuple [x]", 1, 4, "cannot use the tag"),
        ("a: !!timestamp 2024-01-01", 1, 4, "cannot use the tag"),
        ("a: !!binary aGk=", 1, 4, "cannot use the tag"),
        ("a: !!set {b}", 1, 4, "cannot use the tag '!!set'"),
        ("a: !important", 1, 4, "if it is a text that begins with '!', put it in quotes"),
        ("a: !!int x", 1, 4, "'x' is not a whole number"),
        ("a: !!bool on", 1, 4, "neither true nor false"),
        ("a: !!null x", 1, 4, "not null"),
        ("a: !!float x", 1, 4, "not a number"),
        ("<<: 1", 1, 5, "'<<' takes a mapping"),
        ("<<: [1]", 1, 6, "'<<' takes a mapping"),
        ("[a]: 1", 1, 1, "a list cannot be a key"),
        ("text: {{x}}", 1, 8, "a mapping cannot be a key"),
        ("a: 1e999", 1, 4, "too large for a number"),
        ("a: 123456789012345678901234567890123", 1, 4, "33 characters is too long"),
        ("a\x00b: 1", 1, 2, "(U+0000)"),
        ("a: 1\r\nb: \x1b[0m", 2, 4, "(U+001B)"),
        ("a: \u2028b", 1, 4, "(U+2028)"),
        ("a: \ufeffb", 1, 4, "(U+FEFF)"),
        ("a: \ud83d", 1, 4, "half a character"),
    ],
)
@pytest.mark.usefixtures("parser")
def test_what_is_wrong_is_said_in_words(text: str, line: int, column: int, words: str) -> None:
    mistake = wrong(text)[0]

    assert (mistake.line, mistake.column) == (line, column)
    assert words in str(mistake)


def test_a_colon_without_a_value_in_braces() -> None:
    """Only the parser in C minds."""
    (mistake,) = wrong("a: {b:}")

    assert str(mistake).startswith("p.yaml:1:6: nothing follows the ':'")


@pytest.mark.parametrize("escape", [r"\ud83d\ude00", r"\Uffffffff", r"\q"])
@pytest.mark.usefixtures("parser")
def test_escapes_that_stand_for_no_character(escape: str) -> None:
    (mistake,) = wrong(f'a: "{escape}"')

    assert mistake.line == 1
    assert "\\" in str(mistake)


def test_all_mistakes_of_a_file_are_told_in_their_order() -> None:
    mistakes = wrong("a: 1\nb: {c: 1, c: 2}\na: 3\nd: !!int x\ne: *f\n")
    assert [str(mistake).partition(" (")[0] for mistake in mistakes] == [
        "p.yaml:2:11: b.c: the key 'c' is here twice: line 2 has it already",
        "p.yaml:3:1: a: the key 'a' is here twice: line 1 has it already",
        "p.yaml:4:4: d: 'x' is not a whole number",
        "p.yaml:5:4: e: there is no '&f' above that '*' could stand for",
    ]


@pytest.mark.parametrize(("one", "other"), [("1", "1.0"), ("1", "true"), ("a", "'a'"), ("~", "")])
def test_keys_that_cannot_be_told_apart_are_duplicates(one: str, other: str) -> None:
    (mistake,) = wrong(f"? {one}\n: 1\n? {other}\n: 2\n")

    assert "here twice: line 1 has it" in mistake.message


def test_endless_mistakes_are_cut_short() -> None:
    assert len(wrong("a: 1\n" * 5000)) == 100
    assert len(wrong("\x00" * 5000)) == 20


@pytest.mark.parametrize(
    ("raw", "place", "words"),
    [
        (b"a: 1\nb: caf\xe9\n", (2, 7), "not UTF-8"),
        ("a: \U0001f4a1\nb: x".encode() + b"\xc3", (2, 5), "not UTF-8"),
        (b"\xed\xa0\x80", (1, 1), "not UTF-8"),
        ("a: 1".encode("utf-16"), (1, 1), "UTF-16"),
        (b" " * (1024 * 1024 + 1), (1, 1), "larger than 1 MiB"),
    ],
)
def test_bytes_that_are_no_text(raw: bytes, place: tuple[int, int], words: str) -> None:
    (mistake,) = wrong(raw)

    assert (mistake.line, mistake.column) == place
    assert words in mistake.message


def test_bytes_a_byte_order_mark_and_windows_lines() -> None:
    source = read_source(b"\xef\xbb\xbfa: caf\xc3\xa9\r\nb: |\r\n  x\r\n  y\r\nc: 1\r", "p.yaml")

    assert source.data == {"a": "caf\u00e9", "b": "x\ny\n", "c": 1}
    assert source.locate(("c",)) == (5, 4)


def billion_laughs() -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    return "\n".join(lines)


def merge_bomb() -> str:
    lines = ["a0: &a0 {x: 1}"]
    lines += [f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 10)}]}}" for n in range(1, 12)]
    return "\n".join(lines)


def deep_aliases() -> str:
    lines = ["a0: &a0 [x]"]
    lines += [f"a{n}: &a{n} {{b: *a{n - 1}}}" for n in range(1, 100)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (billion_laughs(), "100,000 values"),
        (merge_bomb(), "100,000 values"),
        ("- 1\n" * 100_001, "100,000 values"),
        (deep_aliases(), "more than 64 deep"),
        ("[" * 500_000, "more than 64 deep"),
        ("{a: " * 100_000, "more than 64 deep"),
        ("- " * 100_000, "more than 64 deep"),
        ("? " * 100_000, "more than 64 deep"),
        ("[" * 66 + "]" * 66, "more than 64 deep"),
    ],
    ids=["laughs", "merges", "many", "deep aliases", "[", "{", "-", "?", "just too deep"],
)
def test_a_file_that_would_grow_is_refused_at_once(text: str, words: str) -> None:
    begin = time.monotonic()
    mistakes = wrong(text)

    assert words in mistakes[-1].message
    assert time.monotonic() - begin < 10


def test_a_file_within_the_bounds_is_read() -> None:
    depth = 64
    nested = data("[" * depth + "x" + "]" * depth)
    for _ in range(depth):
        (nested,) = nested

    assert nested == "x"
    assert len(data("- 1\n" * 99_999)) == 99_999


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=40), inner),
    max_leaves=30,
)
YAMLISH = st.lists(
    st.sampled_from(
        [*"[]{},:?-&*!|>'\"%@`#~<= \n\t", "<<", "a", "b", "*a", "&a ", "- ", ": ", "\n  "]
    )
    | st.text(max_size=3),
    max_size=60,
).map("".join)


def walk(
    value: object, path: tuple[object, ...] = ()
) -> Iterator[tuple[tuple[object, ...], object]]:
    yield path, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from walk(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from walk(inner, (*path, index))


@given(st.text() | YAMLISH | st.binary())
@example("? a\n: 1\n<<: {b: *c}\n")
@example("&a [*a]")
@example("!!int ''")
def test_any_text_is_data_or_mistakes(text: str | bytes) -> None:
    source, mistakes = attempt(text)
    assert bool(source) != bool(mistakes)
    assert all(mistake.line >= 1 and mistake.column >= 1 for mistake in mistakes)
    if source is None:
        return
    for path, value in walk(source.data):
        assert isinstance(value, dict | list | str | int | float | bool | None)
        assert min(source.locate(path, "key")) >= 1
        assert min(source.locate(path, "value")) >= 1


@given(JSON)
def test_json_is_read_as_json(value: Any) -> None:
    """JSON is a part of YAML 1.2; only half characters and the unseen are left out."""
    text = json.dumps(value)
    if "\\ud" in text or "\x7f" in text:
        return
    source = read_source(text, "p.json")

    assert source.data == value
    for path, inner in walk(value):
        assert source.get(path) == inner
        line, column = source.locate(path)
        assert line == 1
        assert text[column - 1 :].startswith(json.dumps(inner)[:1])


@given(JSON, st.lists(SCALARS | st.lists(SCALARS), max_size=5), st.sampled_from(["key", "value"]))
def test_locate_never_raises(value: Any, path: list[Any], of: Any) -> None:
    text = yaml.safe_dump(value, allow_unicode=False)
    try:
        source = read_source(text, "p.yaml")
    except ProfileError:
        return
    line, column = source.locate(path, of)

    assert line >= 1
    assert column >= 1


@given(st.text(string.printable))
def test_both_parsers_agree(text: str) -> None:
    read: list[object] = []
    for loader in (yaml.CSafeLoader, yaml.SafeLoader):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(yaml_tree, "LOADER", loader)
            try:
                read.append(read_source(text, "p.yaml").data)
            except ProfileError:
                read.append(ProfileError)

    # Only the one in C takes a tab behind a colon, only the one in Python "{a:}".
    assert read[0] == read[1] or re.search(r"\t|:[\]},\[{]", text)
