"""Draw the brand images of the integration from their SVG sources (`./scripts/brand`)."""

from pathlib import Path

import resvg_py

HERE = Path(__file__).parent
TARGET = HERE.parents[2] / "custom_components/vendor_bridge/brand"
ICON_SIZE = 256
LOGO_HEIGHT = 192
DARK = ".ink { stroke: #f2f5fb }"


def write(name: str, svg: str, height: int, style: str = "") -> None:
    """Write a PNG image, and the one for dense screens beside it."""
    for suffix, factor in (("", 1), ("@2x", 2)):
        image = resvg_py.svg_to_bytes(
            svg_string=svg, height=height * factor, style_sheet=style, skip_system_fonts=True
        )
        (TARGET / f"{name}{suffix}.png").write_bytes(image)


def main() -> None:
    """Draw all of them."""
    icon = (HERE / "icon.svg").read_text()
    placed = icon.replace("<svg ", '<svg width="256" height="256" ', 1)
    logo = (HERE / "logo.svg").read_text().replace("<!-- ICON -->", placed)
    TARGET.mkdir(exist_ok=True)
    write("icon", icon, ICON_SIZE)
    write("logo", logo, LOGO_HEIGHT)
    write("dark_logo", logo, LOGO_HEIGHT, DARK)


main()
