"""Pictures, drawn pixel by pixel and written as PNG: what a camera sees, and covers of titles."""

from hashlib import blake2b
import struct
import zlib

type Color = tuple[int, int, int]

WIDTH, HEIGHT = 320, 180
_HORIZON = 110
_SCALE = 2
_DIGITS = {
    "0": (7, 5, 5, 5, 7),
    "1": (2, 6, 2, 2, 7),
    "2": (7, 1, 7, 4, 7),
    "3": (7, 1, 7, 1, 7),
    "4": (5, 5, 7, 1, 1),
    "5": (7, 4, 7, 1, 7),
    "6": (7, 4, 7, 5, 7),
    "7": (7, 1, 1, 1, 1),
    "8": (7, 5, 7, 5, 7),
    "9": (7, 5, 7, 1, 7),
    ":": (0, 2, 0, 2, 0),
    "-": (0, 0, 7, 0, 0),
}
"""Five rows of three pixels each, as bits."""
_GREEN: Color = (70, 110, 60)
_WALL: Color = (196, 178, 150)
_ROOF: Color = (120, 62, 52)
_LIT: Color = (255, 214, 120)
_DARK_PANE: Color = (70, 90, 110)
_COAT: Color = (52, 62, 96)
_SKIN: Color = (222, 184, 150)


class Picture:
    """A canvas of WIDTH by HEIGHT pixels."""

    def __init__(self) -> None:
        self._rows = [bytearray(3 * WIDTH) for _ in range(HEIGHT)]

    def box(self, left: int, top: int, width: int, height: int, color: Color) -> None:
        """Fill a rectangle; what is outside the canvas is left out."""
        left, right = max(0, left), min(WIDTH, left + width)
        line = bytes(color) * max(0, right - left)
        for row in self._rows[max(0, top) : max(0, top + height)]:
            row[3 * left : 3 * right] = line

    def disc(self, x: int, y: int, radius: int, color: Color) -> None:
        """Fill a circle."""
        for dy in range(-radius, radius + 1):
            half = int((radius * radius - dy * dy) ** 0.5)
            self.box(x - half, y + dy, 2 * half + 1, 1, color)

    def text(self, left: int, top: int, text: str, color: Color) -> None:
        """Write digits, colons and hyphens."""
        for character in text:
            for row, bits in enumerate(_DIGITS.get(character, ())):
                for column in range(3):
                    if bits & (4 >> column):
                        x, y = left + column * _SCALE, top + row * _SCALE
                        self.box(x, y, _SCALE, _SCALE, color)
            left += 4 * _SCALE

    def png(self) -> bytes:
        """Return it as a PNG file."""
        raw = b"".join(b"\0" + bytes(row) for row in self._rows)
        header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
        chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(raw, 6)), (b"IEND", b""))
        return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _shade(color: Color, light: float) -> Color:
    red, green, blue = (round(part * light) for part in color)
    return red, green, blue


def draw_yard(stamp: str, sun: float, *, lit: bool = False, visitor: bool = False) -> bytes:
    """Return what a camera sees in front of the house.

    ``stamp`` is written into the corner; ``sun`` is the sine of its elevation, from 0 to 1;
    ``lit``: a window is; ``visitor``: somebody stands at the door.
    """
    light = 0.25 + 0.75 * min(1.0, 2 * sun)
    picture = Picture()
    for row in range(_HORIZON):
        share = row / _HORIZON
        sky = (90 + int(100 * share), 140 + int(70 * share), 220)
        picture.box(0, row, WIDTH, 1, _shade(sky, light if sun else 0.12))
    if sun:
        picture.disc(262, 96 - int(80 * sun), 12, (255, 236, 150))
    else:
        picture.disc(262, 34, 9, (228, 228, 214))
    picture.box(0, _HORIZON, WIDTH, HEIGHT - _HORIZON, _shade(_GREEN, light))
    for row in range(30):
        picture.box(110 - row, 42 + row, 2 * row + 2, 1, _shade(_ROOF, light))
    picture.box(84, 72, 56, 60, _shade(_WALL, light))
    picture.box(94, 84, 14, 14, _LIT if lit or not sun else _DARK_PANE)
    picture.box(118, 96, 14, 36, _shade(_ROOF, 0.7 * light))
    if visitor:
        picture.box(196, 92, 26, 60, _shade(_COAT, light))
        picture.disc(209, 82, 11, _shade(_SKIN, light))
    picture.box(0, HEIGHT - 18, WIDTH, 18, (0, 0, 0))
    picture.text(6, HEIGHT - 14, stamp, (240, 240, 240))
    return picture.png()


def draw_cover(title: str) -> bytes:
    """Return the cover of a title: the same for the same title."""
    seed = blake2b(title.encode(), digest_size=12).digest()
    picture = Picture()
    picture.box(0, 0, WIDTH, HEIGHT, (seed[0] // 3, seed[1] // 3, seed[2] // 3))
    for number in range(4):
        color = (96 + seed[number] // 2, 96 + seed[number + 4] // 2, 96 + seed[number + 8] // 2)
        x, y = 40 + number * 80, 40 + seed[number + 2] * 100 // 255
        picture.disc(x, y, 16 + seed[number + 6] // 8, color)
    return picture.png()
