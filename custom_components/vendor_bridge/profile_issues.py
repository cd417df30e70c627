"""Repair issues about profiles: raised while something is wrong, gone as soon as it is not."""

from collections.abc import Iterable, Mapping, Sequence
import re
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .bridge.errors import Mistake
from .const import DOMAIN
from .profile_extensions import OwnExtension
from .profile_files import OwnFile

BROKEN: Final = "broken_profile"
STALE: Final = "broken_profile_in_use"
MISSING: Final = "missing_profile"

MOST_MISTAKES: Final = 10
LONGEST_MISTAKE: Final = 300

# A stranger's text must stay a text in a dialog that shows Markdown.
_MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]()#+\-.!<>|~&:])")


_LEADING: Final = re.compile(r"([\[\]<>])")


def escape_markdown(text: str) -> str:
    """Return a text so that Markdown shows it as it is, on one line."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def without_links(text: str) -> str:
    """Return a profile's text: Markdown may format it, but not with links, images or HTML."""
    return _LEADING.sub(r"\\\1", text)


def describe_mistakes(mistakes: Sequence[Mistake]) -> str:
    """Return mistakes as a list in Markdown, cut where it would be too long to be read."""
    shown = [_line(mistake) for mistake in mistakes[:MOST_MISTAKES]]
    if len(mistakes) > MOST_MISTAKES:
        shown.append(f"- … {len(mistakes) - MOST_MISTAKES}")
    return "\n".join(shown)


def _line(mistake: Mistake) -> str:
    where = ".".join(str(part) for part in mistake.path)
    text = ": ".join(part for part in (where, mistake.message) if part)
    if mistake.hint:
        text += f" ({mistake.hint})"
    if len(text) > LONGEST_MISTAKE:
        text = text[: LONGEST_MISTAKE - 1] + "…"
    return f"- **{mistake.line}:{mistake.column}** {escape_markdown(text)}"


@callback
def async_report_files(hass: HomeAssistant, files: Mapping[str, OwnFile | OwnExtension]) -> None:
    """Raise an issue for each of the user's files that has mistakes, and close the others'."""
    wrong = {f"{BROKEN}_{file.name}": file for file in files.values() if file.mistakes}
    _close(hass, f"{BROKEN}_", wrong)
    for issue_id, file in wrong.items():
        ir.async_create_issue(
            hass,
            DOMAIN,
            issue_id,
            data={"file": file.name},
            is_fixable=True,
            severity=ir.IssueSeverity.ERROR if file.in_use is None else ir.IssueSeverity.WARNING,
            translation_key=BROKEN if file.in_use is None else STALE,
            translation_placeholders={
                "file": file.name,
                "count": str(len(file.mistakes)),
                "mistakes": describe_mistakes(file.mistakes),
            },
        )


@callback
def async_report_missing(hass: HomeAssistant, missing: Mapping[str, str]) -> None:
    """Raise an issue for each vendor that has an account but no profile.

    ``missing`` maps vendor id to the title of an account. Closes the issues of all others.
    """
    _close(hass, f"{MISSING}_", [f"{MISSING}_{vendor}" for vendor in missing])
    for vendor, title in missing.items():
        ir.async_create_issue(
            hass,
            DOMAIN,
            f"{MISSING}_{vendor}",
            data={"vendor": vendor},
            is_fixable=True,
            severity=ir.IssueSeverity.ERROR,
            translation_key=MISSING,
            translation_placeholders={
                "vendor": vendor,
                "account": escape_markdown(title),
                "folder": DOMAIN,
            },
        )


def _close(hass: HomeAssistant, prefix: str, keep: Iterable[str]) -> None:
    registry = ir.async_get(hass)
    kept = set(keep)
    for domain, issue_id in list(registry.issues):
        if domain == DOMAIN and issue_id.startswith(prefix) and issue_id not in kept:
            registry.async_delete(DOMAIN, issue_id)
