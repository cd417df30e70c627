"""Pages in Markdown, put together from sections and tables."""

from collections.abc import Iterable, Sequence


def section(title: str, *parts: str, level: int = 2) -> str:
    """Return a heading and what stands below it; empty parts are left out."""
    return "\n\n".join(part for part in (f"{'#' * level} {title}", *parts) if part)


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table, or nothing where there is no row."""
    lines = [" | ".join(cell.replace("|", "\\|") for cell in row) for row in rows]
    if not lines:
        return ""
    heads = [" | ".join(header), " | ".join("---" for _ in header)]
    return "\n".join(f"| {line} |" for line in [*heads, *lines])


def code(words: Iterable[str], between: str = " ") -> str:
    """Return words as a page shows code."""
    return between.join(f"`{word}`" for word in words)
