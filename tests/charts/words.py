"""Where the words of a picture stand: none may be cut off by its edge or lie upon another."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import combinations
from xml.etree import ElementTree

from workbench.charts.lettering import width

_SVG = "{http://www.w3.org/2000/svg}"
_RULE = re.compile(r"\.(\w+)\{([^}]*)\}")
_RISE, _FALL = 0.73, 0.16  # of the size of type: from the foot of a letter up, and below it
_TOUCH = 0.8  # points by which boxes of letters may overlap before ink does
_EDGE = 1.0


@dataclass(frozen=True)
class Words:
    """Words with the corners of their box, in points from the upper left."""

    text: str
    corners: tuple[tuple[float, float], ...]
    turned: bool

    @property
    def box(self) -> tuple[float, float, float, float]:
        xs, ys = zip(*self.corners, strict=True)
        return min(xs), min(ys), max(xs), max(ys)


def words_of(svg: str) -> list[Words]:
    """Read every text of a picture with its place."""
    root = ElementTree.fromstring(svg)
    rules = dict(_RULE.findall("".join(one.text or "" for one in root.iter(f"{_SVG}style"))))
    found: list[Words] = []

    def walk(one: ElementTree.Element, style: str) -> None:
        own = ";".join((style, rules.get(one.get("class", ""), ""), one.get("style", "")))
        if one.tag == f"{_SVG}text" and (one.text or "").strip():
            found.append(_placed(one, own))
        for child in one:
            walk(child, own)

    walk(root, "")
    return found


def check_words(svg: str) -> None:
    """Check that all words stand within the picture and clear of each other."""
    wide, high = map(float, ElementTree.fromstring(svg).attrib["viewBox"].split()[2:])
    words = words_of(svg)
    for one in words:
        left, top, right, foot = one.box
        inside = left >= -_EDGE and top >= -_EDGE and right <= wide + _EDGE and foot <= high + _EDGE
        assert inside, f"cut off: {one.text!r} at {one.box} of {wide} x {high}"
    for one, other in combinations([each for each in words if not each.turned], 2):
        across = min(one.box[2], other.box[2]) - max(one.box[0], other.box[0])
        down = min(one.box[3], other.box[3]) - max(one.box[1], other.box[1])
        assert min(across, down) <= _TOUCH, f"{one.text!r} lies upon {other.text!r}"


def _placed(one: ElementTree.Element, style: str) -> Words:
    said = dict(part.split(":", 1) for part in style.split(";") if ":" in part)
    size = float(said["font-size"].removesuffix("px"))
    text = one.text or ""
    long = width(text, size, bold=int(said.get("font-weight", "400")) >= 600)
    x, y = float(one.attrib["x"]), float(one.attrib["y"])
    x -= {"middle": long / 2, "end": long}.get(said.get("text-anchor", "start"), 0.0)
    corners = [(x, y - _RISE * size), (x + long, y - _RISE * size), (x + long, y + _FALL * size),
               (x, y + _FALL * size)]  # fmt: skip
    turn = re.fullmatch(r"rotate\((\S+) (\S+) (\S+)\)", one.get("transform", ""))
    if turn:
        angle, about = math.radians(float(turn[1])), (float(turn[2]), float(turn[3]))
        corners = [_turned(corner, angle, about) for corner in corners]
    return Words(text, tuple(corners), turned=turn is not None)


def _turned(
    corner: tuple[float, float], angle: float, about: tuple[float, float]
) -> tuple[float, float]:
    x, y = corner[0] - about[0], corner[1] - about[1]
    return (
        about[0] + x * math.cos(angle) - y * math.sin(angle),
        about[1] + x * math.sin(angle) + y * math.cos(angle),
    )
