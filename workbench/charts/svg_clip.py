"""Frames of an SVG that cut nothing off, taken away."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

_POINTED = re.compile(r"url\(#([^)]+)\)")
_NUMBER = re.compile(r"-?[\d.]+")
_HAIR = 1.0  # points by which a line's own width may stand over an edge
Box = tuple[float, float, float, float]


def drop_idle_clips(root: Element) -> None:
    """Take the clip off what lies within it anyway; a mark on the edge is then shown whole.

    Args:
        root: The picture: paths of absolute points, marks placed by `x` and `y`.
    """
    clips = {one.get("id", ""): one for one in root.iter("clipPath")}
    boxes = {name: box for name, one in clips.items() if (box := _box(one)) is not None}
    for one in root.iter():
        found = _POINTED.fullmatch(one.get("clip-path", ""))
        box = boxes.get(found[1]) if found else None
        if box and all(_within(point, box) for point in _points(one)):
            del one.attrib["clip-path"]
    used = {found[1] for one in root.iter() if (found := _POINTED.match(one.get("clip-path", "")))}
    for parent in root.iter("defs"):
        parent[:] = [one for one in parent if one.tag != "clipPath" or one.get("id") in used]


def _box(clip: Element) -> Box | None:
    if len(clip) != 1 or clip[0].tag != "rect":
        return None
    x, y, wide, high = (float(clip[0].attrib[name]) for name in ("x", "y", "width", "height"))
    return x, y, x + wide, y + high


def _points(one: Element) -> Iterator[tuple[float, float]]:
    """Yield every point of what is drawn; a point at infinity for what is not understood."""
    if one.tag == "g":
        for child in one:
            yield from _points(child)
    elif one.tag == "use":
        yield float(one.get("x", "0")), float(one.get("y", "0"))
    elif one.tag == "path" and "transform" not in one.attrib:
        numbers = [float(number) for number in _NUMBER.findall(one.get("d", ""))]
        yield from zip(numbers[::2], numbers[1::2], strict=True)
    else:
        yield math.inf, math.inf


def _within(point: tuple[float, float], box: Box) -> bool:
    (x, y), (left, top, right, foot) = point, box
    return left - _HAIR <= x <= right + _HAIR and top - _HAIR <= y <= foot + _HAIR
