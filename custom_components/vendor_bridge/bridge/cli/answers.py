"""``--answers``: what the vendor answered to each request, for whoever writes a profile."""

import json

from ..client import VendorClient
from ..http.samples import Sample
from ..profile.client import ProfileClient
from .output import error


def print_answers(client: VendorClient) -> None:
    """Print the last good and the last bad answer to each request, beside the output itself.

    What they were asked with is not shown, and no credentials are: nothing of a sign-in, either.
    """
    if not isinstance(client, ProfileClient):
        return
    connection = client.connection
    for label, exchanges in connection.exchanges.last.items():
        kept = connection.exchanges.samples.get(label)
        samples = [one for one in (kept.good, kept.bad) if one is not None] if kept else []
        if not samples:
            reason = exchanges[-1].reason
            _print(f"{label}: {reason or 'answered; what a sign-in tells is not shown'}")
        for sample in samples:
            _print(connection.scrubbed(_as_text(label, sample)))


def _print(text: str) -> None:
    for line in ("", *text.split("\n")):
        error(line)


def _as_text(label: str, sample: Sample) -> str:
    data = sample.data
    body = data if isinstance(data, str) else json.dumps(data, indent=2, ensure_ascii=False)
    kind = sample.content_type or "of no kind"
    return f"{label}: {sample.status}, {sample.size} bytes, {kind}, from {sample.url}\n{body}"
