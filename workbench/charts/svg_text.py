"""Words of an SVG kept as words: small, sharp, and as wide in any font as they were laid out."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from workbench.charts.lettering import FAMILIES, width

FAMILY_RULE = f"text{{font-family:{','.join(FAMILIES)}}}"
_PLACED = re.compile(r"translate\((-?[\d.]+) (-?[\d.]+)\)")
_TURNED = re.compile(r"rotate\((-?[\d.]+)[^)]*\)")
_SAID_ONCE = ("font-family", "text-anchor:start")
_FEWEST_LETTERS = 4  # of words whose width is said: a number or two may stand a hair wider
_BOLD = 600  # weight of type from which it is drawn bold


def write_text(one: Element) -> None:
    """Say a text by its place, its turn and its width, and leave out what is so anyway.

    Where the reader's machine lacks the font, the width keeps words clear of their neighbours.

    Args:
        one: A `text` as matplotlib writes it, placed by `x` and `y` or by a translation.
    """
    said = dict(one.attrib)
    move = said.pop("transform", "")
    placed, turned = _PLACED.search(move), _TURNED.search(move)
    if placed:
        said |= {"x": placed[1], "y": placed[2]}
    said |= {axis: tenth(said[axis]) for axis in ("x", "y")}
    if turned and float(turned[1]):
        said["transform"] = f"rotate({turned[1]} {said['x']} {said['y']})"
    parts = said.pop("style").split(";")
    style = dict(part.split(":", 1) for part in parts)
    words = one.text or ""
    if len(words) >= _FEWEST_LETTERS:
        bold = int(style.get("font-weight", "400")) >= _BOLD
        size = float(style["font-size"].removesuffix("px"))
        said["textLength"] = f"{width(words, size, bold=bold):.0f}"
    said["style"] = ";".join(part for part in parts if not part.startswith(_SAID_ONCE))
    one.attrib = said


def tenth(number: str) -> str:
    """Write a place to the tenth."""
    return f"{round(float(number), 1) + 0.0:.1f}".removesuffix(".0")
