"""What the YAML parser complains about, said in words for somebody who does not know YAML."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from yaml import Mark, MarkedYAMLError

QUOTES: Final = "put the whole text in quotes"


class Problem(NamedTuple):
    """A complaint: ``line`` and ``column`` count from 1."""

    line: int
    column: int
    message: str
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class _Trouble:
    """The parser's own words, and where it was."""

    lines: list[str]
    line: int  # from 0, as the others here
    column: int
    began_line: int
    began_column: int
    problem: str
    context: str

    @property
    def text(self) -> str:
        """Return the line where the parser stopped."""
        return self.lines[self.line] if self.line < len(self.lines) else ""

    @property
    def character(self) -> str:
        """Return the character at which the parser stopped."""
        return self.text[self.column : self.column + 1]

    @property
    def is_first(self) -> bool:
        """Return whether nothing but spaces is in front of that character."""
        return not self.text[: self.column].strip()

    def here(self, message: str, hint: str | None = None) -> Problem:
        """Complain where the parser stopped."""
        return Problem(self.line + 1, self.column + 1, message, hint)

    def there(self, message: str, hint: str | None = None) -> Problem:
        """Complain where what the parser was reading began."""
        return Problem(self.began_line + 1, self.began_column + 1, message, hint)


def explain(error: MarkedYAMLError, text: str) -> Problem:
    """Return a parser's error in plain words."""
    lines = text.split("\n")
    line, column = _place(error.problem_mark, lines)
    began_line, began_column = _place(error.context_mark or error.problem_mark, lines)
    trouble = _Trouble(
        lines=lines,
        line=line,
        column=column,
        began_line=began_line,
        began_column=began_column,
        problem=error.problem or "",
        context=error.context or "",
    )
    for words, teller in _TELLERS:
        if words in trouble.problem:
            return teller(trouble)
    return trouble.here(trouble.problem or "this is not YAML")


def _place(mark: Mark | None, lines: list[str]) -> tuple[int, int]:
    """Return a mark's line and column, drawn back to the last line that has something in it."""
    line, column = (mark.line, mark.column) if mark else (0, 0)
    if line < len(lines) and (lines[line].strip() or column):
        return line, column
    line = min(line, len(lines) - 1)
    while line > 0 and not lines[line].strip():
        line -= 1
    return line, len(lines[line])


def _start(trouble: _Trouble) -> Problem:
    if trouble.character == "\t":
        return _tab(trouble)
    return trouble.here(f"a text cannot begin with {trouble.character!r}", QUOTES)


def _tab(trouble: _Trouble) -> Problem:
    return trouble.here("a tab cannot be used to indent", "use spaces")


def _values(trouble: _Trouble) -> Problem:
    before = trouble.text[: trouble.column]
    if ":" in before:
        return trouble.here("this line has a second ':'", f"if it is a part of the value, {QUOTES}")
    return trouble.here(
        "a key is not expected here",
        "the line above has a value already: indent this line like it, or give that one no value",
    )


def _keys(trouble: _Trouble) -> Problem:
    return trouble.here("a text cannot begin with '? '", QUOTES)


def _items(trouble: _Trouble) -> Problem:
    return trouble.here(
        "a list cannot begin here", "put each '- ' on a line of its own, below its key"
    )


def _colon(trouble: _Trouble) -> Problem:
    return trouble.there("expected ':' after the key", "write 'key: value'")


def _glued(trouble: _Trouble) -> Problem:
    return trouble.here("nothing follows the ':'", "put a space after it, or quotes around it all")


def _unended(trouble: _Trouble) -> Problem:
    if "quoted" not in trouble.context:
        return trouble.here("the file ends too early")
    return trouble.there("the quote that opens here is never closed")


def _bracket(trouble: _Trouble) -> Problem:
    opened, closing = ("[", "]") if "sequence" in trouble.context else ("{", "}")
    where = f"the {opened!r} in line {trouble.began_line + 1}, column {trouble.began_column + 1}"
    hint = f"if {opened!r} begins a text, {QUOTES}"
    return trouble.here(f"{where} is not closed: expected ',' or {closing!r}", hint)


def _block(trouble: _Trouble) -> Problem:
    if not trouble.is_first:
        return trouble.here("there is more after the end of the value", QUOTES)
    if trouble.text[trouble.column :].startswith(("- ", "-\n")) or trouble.character == "-":
        return trouble.here("a list item is not expected here", "look at its indentation")
    if "collection" in trouble.context or "sequence" in trouble.context:
        return trouble.here("expected a list item", "look at its indentation")
    return trouble.here(
        "this line is indented like no line above it",
        f"keys that belong together begin in one column, as in line {trouble.began_line + 1}",
    )


def _document(trouble: _Trouble) -> Problem:
    if trouble.is_first:
        return trouble.here(
            "this line is indented less than the first one", "begin both in the same column"
        )
    return trouble.here("there is more after the end of the value", QUOTES)


def _content(trouble: _Trouble) -> Problem:
    if not trouble.character:
        return trouble.here("expected a value, but the file ends here")
    return trouble.here(f"expected a value, got {trouble.character!r}", f"for a text, {QUOTES}")


def _escape(trouble: _Trouble) -> Problem:
    return trouble.here(
        "what follows the '\\' is not understood",
        "write '\\\\' for a backslash, or use single quotes",
    )


def _unicode(trouble: _Trouble) -> Problem:
    return trouble.here(
        "there is no character of that number", "write the character itself, without '\\'"
    )


def _anchor(trouble: _Trouble) -> Problem:
    sign = "*" if "alias" in trouble.context else "&"
    return trouble.there(f"a text cannot begin with {sign!r}", QUOTES)


def _tag(trouble: _Trouble) -> Problem:
    return trouble.there("a profile cannot use tags", "if '!' begins a text, put it in quotes")


def _directive(trouble: _Trouble) -> Problem:
    return trouble.there("a line cannot begin with '%'")


def _header(trouble: _Trouble) -> Problem:
    return trouble.here(
        "nothing can follow '|' or '>' in its line", "begin the text in the next line, indented"
    )


# In this order: the first whose words are in what the parser says tells it. The two parsers (C and
# Python) use different words, so what both have in common is compared.
_TELLERS: Final[tuple[tuple[str, Callable[[_Trouble], Problem]], ...]] = (
    ("cannot start any token", _start),
    ("found a tab", _tab),
    ("mapping values are not allowed", _values),
    ("mapping keys are not allowed", _keys),
    ("sequence entries are not allowed", _items),
    ("could not find expected ':'", _colon),
    ("unexpected ':'", _glued),
    ("unexpected end of stream", _unended),
    ("unexpected document", _unended),
    ("expected ',' or", _bracket),
    ("<block end>", _block),
    ("expected key", _block),
    ("expected '-' indicator", _block),
    ("<document start>", _document),
    ("node content", _content),
    ("unknown escape", _escape),
    ("Unicode character escape", _unicode),
    ("alphabetic or numeric", _anchor),
    ("tag", _tag),
    ("TAG directive", _directive),
    ("directive", _directive),
    ("incompatible YAML", _directive),
    ("comment or line break", _header),
    ("indentation indicators", _header),
)
