"""Transforms of texts, and of what is packed in them."""

import base64
import binascii
from collections.abc import Callable, Mapping
import json
import re
from typing import Any, Final, NoReturn

import probatio

from ....model import Kind
from ..basics import Argument, PickError, Raw, Transform, TransformSpec, show, to_integer, to_text
from ..paths import compile_path
from .arguments import WORD, either
from .regex import ROW as REGEX

_MAX_PARTS = 1000
_MAX_DEPTH = 64
_MAX_JSON = 1024 * 1024
_MAX_HEX = 16
_HEX = re.compile(f"[0-9a-fA-F]{{1,{_MAX_HEX}}}")


def _split(argument: Argument, _kind: Kind) -> Transform:
    details = argument if isinstance(argument, Mapping) else {"by": argument}
    by, index = str(details["by"]), details.get("index")

    def parts(value: Raw) -> list[str]:
        found = to_text(value).split(by, _MAX_PARTS)
        if len(found) > _MAX_PARTS:
            raise PickError(f"a text of at most {_MAX_PARTS} parts", show(value))
        return found

    def one(value: Raw, index: int) -> str:
        found = parts(value)
        if -len(found) <= index < len(found):
            return str(found[index])
        raise PickError(f"a text with a part {index}", show(value))

    def join(value: Raw) -> str:
        return by.join(map(to_text, value if isinstance(value, list | tuple) else [value]))

    if index is None:
        return Transform(apply=parts, invert=join)
    return Transform(apply=lambda value: one(value, index), one_way="`split` keeps one part only")


def _case(argument: str, _kind: Kind) -> Transform:
    change: Callable[[str], str] = str.lower if argument == "lower" else str.upper
    return Transform(
        apply=lambda value: change(to_text(value)), one_way="`case` forgets what it was before"
    )


def _path(argument: str, _kind: Kind) -> Transform:
    return Transform(apply=compile_path(argument), one_way="`path` keeps a part only")


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _from_json(value: Raw) -> Raw:
    text = to_text(value, "JSON in a text", _MAX_JSON)
    try:
        if _too_deep(text):
            raise PickError(f"JSON of at most {_MAX_DEPTH} levels", show(value))
        return json.loads(text, parse_constant=_refuse)
    except ValueError, RecursionError:
        raise PickError("JSON in a text", show(value)) from None


def _too_deep(text: str) -> bool:
    """Return whether brackets nest too deeply; counts those in strings too, so it may err."""
    if text.count("[") + text.count("{") <= _MAX_DEPTH:
        return False
    depth = deepest = 0
    inside = escaped = False
    for char in text:
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == '"':
            inside = not inside
        elif not inside and char in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif not inside and char in "]}":
            depth -= 1
    return deepest > _MAX_DEPTH


def _to_json(value: Raw) -> str:
    try:
        return json.dumps(value, allow_nan=False, separators=(",", ":"), default=_refuse)
    except ValueError, TypeError, RecursionError:
        raise PickError("something that JSON can say", show(value)) from None


def _hex_digits(value: Raw) -> str:
    return to_text(value, "hexadecimal digits").strip().removeprefix("#").removeprefix("0x")


def _from_hex(value: Raw) -> int:
    digits = _hex_digits(value)
    if _HEX.fullmatch(digits):
        return int(digits, 16)
    raise PickError(f"a hexadecimal number of at most {_MAX_HEX} digits", show(value))


def _from_hex_bytes(value: Raw) -> list[int]:
    try:
        return list(bytes.fromhex(_hex_digits(value)))
    except ValueError:
        raise PickError("pairs of hexadecimal digits", show(value)) from None


def _base64(value: Raw) -> bytes:
    text = "".join(to_text(value, "base64").split()).replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except binascii.Error, ValueError:
        raise PickError("base64", show(value)) from None


def _from_base64(value: Raw) -> str:
    try:
        return _base64(value).decode()
    except UnicodeDecodeError:
        raise PickError("base64 of a text (for others: base64_bytes)", show(value)) from None


def _octets(value: Raw) -> bytes:
    if not isinstance(value, list | tuple) or len(value) > _MAX_PARTS:
        raise PickError(f"a list of at most {_MAX_PARTS} bytes", show(value))
    try:
        return bytes([to_integer(part) for part in value])
    except ValueError:
        raise PickError("a list of integers from 0 to 255", show(value)) from None


_CODECS: Final[Mapping[str, Transform]] = {
    "json": Transform(apply=_from_json, invert=_to_json),
    "hex": Transform(apply=_from_hex, one_way="`decode: hex` forgets leading zeros"),
    "hex_bytes": Transform(apply=_from_hex_bytes, invert=lambda value: _octets(value).hex()),
    "base64": Transform(
        apply=_from_base64, invert=lambda value: base64.b64encode(to_text(value).encode()).decode()
    ),
    "base64_bytes": Transform(
        apply=lambda value: list(_base64(value)),
        invert=lambda value: base64.b64encode(_octets(value)).decode(),
    ),
}


def _bytes(argument: Mapping[str, Any], _kind: Kind) -> Transform:
    start, end = argument["at"], argument["at"] + argument.get("length", 1)
    order = argument.get("order", "big")
    signed = argument.get("signed", False)

    def apply(value: Raw) -> int:
        octets = _octets(value)
        if len(octets) < end:
            raise PickError(f"at least {end} bytes", show(value))
        return int.from_bytes(octets[start:end], order, signed=signed)

    return Transform(apply=apply, one_way="`bytes` keeps a part only")


ROWS: Final = (
    TransformSpec(
        name="split",
        help="Split a text, e.g. `split: ','`; with {by, index} take one part (-1 is the last).",
        argument=either(
            {
                probatio.Required("by"): WORD,
                probatio.Optional("index"): probatio.All(int, probatio.Range(min=-1000, max=1000)),
            },
            WORD,
        ),
        example=({"by": "/", "index": -1}, Kind.TEXT, "home/kitchen/lamp", "lamp"),
        compile=_split,
    ),
    REGEX,
    TransformSpec(
        name="case",
        help="Write a text in small (lower) or capital (upper) letters.",
        argument=probatio.In(["lower", "upper"]),
        example=("lower", Kind.TEXT, "HEAT", "heat"),
        compile=_case,
    ),
    TransformSpec(
        name="decode",
        help=(
            "Unpack a text: json, hex (a number), base64 (a text), hex_bytes and base64_bytes "
            "(a list of bytes)."
        ),
        argument=probatio.In(list(_CODECS)),
        example=("hex_bytes", Kind.COLOR, "#ff8000", [255, 128, 0]),
        compile=lambda argument, _kind: _CODECS[argument],
    ),
    TransformSpec(
        name="bytes",
        help="Make an integer of the bytes at a place: {at, length, signed, order: big or little}.",
        argument={
            probatio.Required("at"): probatio.All(int, probatio.Range(min=0, max=999)),
            probatio.Optional("length"): probatio.All(int, probatio.Range(min=1, max=8)),
            probatio.Optional("signed"): bool,
            probatio.Optional("order"): probatio.In(["big", "little"]),
        },
        example=({"at": 1, "length": 2}, Kind.INTEGER, [9, 1, 44], 300),
        compile=_bytes,
    ),
    TransformSpec(
        name="path",
        help="JMESPath once more, into what was decoded.",
        argument=WORD,
        example=("state.power", Kind.NUMBER, {"state": {"power": 12}}, 12),
        compile=_path,
    ),
)
