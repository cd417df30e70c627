"""Pictures, fetched with the account's sign-in as a profile says."""

import base64
import binascii
from typing import Final

from ..errors import CommandError, NotFoundError, UnexpectedAnswerError
from ..model import Device, Picture
from .filling import fill
from .means import Means
from .reading import Reader
from .scope import device_scope
from .templates import TemplateError

MARKS: Final = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)
"""How files begin that a browser shows. None of them can hold a script, as an SVG can."""

BOXED: Final = {
    (b"RIFF", b"WEBP"): "image/webp",
    (b"ftyp", b"avif"): "image/avif",
    (b"ftyp", b"heic"): "image/heic",
}
"""The like, where the second word stands four bytes behind the first."""


class Painter:
    """Fetches the pictures of one account."""

    def __init__(self, means: Means, reader: Reader) -> None:
        """Take what is needed to ask, and what knows the entities' attributes."""
        self._connection = means.connection
        self._selection = means.selection
        self._setup = means.setup
        self._reader = reader

    async def fetch(self, device: Device, key: str) -> Picture:
        """Return the picture of an entity. One that has not changed is not sent again."""
        plans = {plan.entity.key: plan for plan in self._selection.entities(device)}
        plan = plans.get(key)
        if plan is None or plan.picture is None:
            raise CommandError(f"{key} has no picture")
        scope = {
            "setup": self._setup,
            "device": device_scope(device),
            "now": self._reader.now(device, plan),
        }
        try:
            request = fill(plan.picture, scope)
        except TemplateError as error:  # what would name the picture is not there
            raise NotFoundError(str(error), request=plan.picture.label) from error
        content: bytes = (await self._connection.send(request)).data
        if plan.entity.options.get("image_encoding") == "b64":
            try:
                content = base64.b64decode(content)
            except binascii.Error:
                raise UnexpectedAnswerError("no base64", request=request.label) from None
        content_type = picture_type(content)
        if content_type is None:
            raise UnexpectedAnswerError("it is no picture", request=request.label)
        return Picture(content=content, content_type=content_type)


def picture_type(content: bytes) -> str | None:
    """Return what sort of picture a file is, by how it begins. What the vendor says of it may lie.

    None for what is none, or none that is safe to show: a browser runs the scripts in an SVG.
    """
    for mark, content_type in MARKS:
        if content.startswith(mark):
            return content_type
    boxed = content[:4], content[8:12]
    if content[4:8] == b"ftyp":
        boxed = content[4:8], content[8:12]
    return BOXED.get(boxed)
