"""Words in a picture: what the font can draw, what fits, and names that stand clear."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.font_manager import findfont, get_font
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox

from workbench.charts.boxes import Box, Boxes, rows, touching
from workbench.charts.lettering import FONT, width
from workbench.charts.style import GREY, INK

NAME_SIZE = 8.5  # points: about 12 pixels where a picture is shown 640 wide
_BOX = "\N{WHITE SQUARE}"  # stands for whatever the font has no shape for
_MARK = 6.0  # points from the middle of a mark to its edge, and a little air
_ALONG = (
    0.5,
    0.45,
    0.55,
    0.4,
    0.6,
    0.35,
    0.65,
    0.3,
    0.7,
    0.25,
    0.75,
    0.2,
    0.8,
)  # parts of a line where its words may stand
_NEAR_END = (0.86, 0.8, 0.74, 0.68, 0.62, 0.56, 0.5, 0.44, 0.38)  # the same, its end first
_HALO = 3.0  # points of white around words near an end: else dashes join on to figures
_LINE_STEP = 5.0  # points, less than the height of a name
_ON_A_WORD = 100  # how much worse it is to cover a word than a bit of another line
_STEPS = (0.0, 11.0, -11.0, 22.0, -22.0, 33.0, -33.0)
Ends = tuple[tuple[float, float], tuple[float, float]]
Curve = Sequence[tuple[float, float]]
Line = tuple[tuple[float, float], tuple[float, float], str]  # from, to, and the words on it


@dataclass(frozen=True)
class Named:
    """A point of a picture with its name.

    Attributes:
        x: Place along the axis, in its unit.
        y: Place up the axis.
        name: What to write beside it.
        bold: Whether it is the one to see first.
    """

    x: float
    y: float
    name: str
    bold: bool = False


def drawable(words: str) -> str:
    """Return words on one line, with a box for each run of signs that the font cannot draw."""
    spaced = " ".join("".join(_plain(sign) for sign in words).split())
    drawn = "".join(sign if ord(sign) in _signs() else _BOX for sign in spaced)
    return re.sub(f"{_BOX}+", _BOX, drawn)


def fitted(words: str, points: float, size: float = NAME_SIZE, *, bold: bool = False) -> str:
    """Return words as drawn, cut at a word and ended by three dots where they are too wide.

    Args:
        words: What to write.
        points: Room for it, in points.
        size: Size of type, in points.
        bold: Whether it is written bold.
    """
    whole = drawable(words)
    if width(whole, size, bold=bold) <= points:
        return whole
    fewest, most = 0, len(whole)
    while fewest < most:  # the longest beginning that fits
        middle = (fewest + most + 1) // 2
        fits = width(_cut(whole, middle), size, bold=bold) <= points
        fewest, most = (middle, most) if fits else (fewest, middle - 1)
    at_word = whole[: fewest + 1].rfind(" ")
    return _cut(whole, at_word if at_word > fewest / 2 else fewest)


def fitted_names(
    names: Mapping[int, str], points: float, size: float = NAME_SIZE, *, bold: bool = False
) -> dict[int, str]:
    """Return each school's name cut to fit, with its URN where two would read alike.

    Args:
        names: Names by URN.
        points: Room for each, in points.
        size: Size of type, in points.
        bold: Whether they are written bold.
    """
    short = {urn: fitted(name, points, size, bold=bold) for urn, name in names.items()}
    alike = Counter(short.values())
    for urn, name in short.items():
        if alike[name] > 1:
            room = points - width(f" {urn}", size, bold=bold)
            short[urn] = f"{fitted(names[urn], room, size, bold=bold)} {urn}".strip()
    return short


def name_points(
    canvas: Canvas,
    axes: Axes,
    named: Sequence[Named],
    others: Sequence[tuple[float, float]] = (),
    lines: Sequence[Line] = (),
    *,
    near_end: bool = False,
    curves: Sequence[Curve] = (),
) -> tuple[Named, ...]:
    """Write names beside their points so that none covers another or a mark.

    Call it last: it lays the picture out to know where everything stands. A name that has to
    stand off is tied to its point by a thin line.

    Args:
        canvas: The picture.
        axes: Its axes, their limits set.
        named: Points with names, the most important first.
        others: Points without a name, to be left clear too.
        lines: Lines between points, each with words that stand on it.
        near_end: Whether those words stand near the end of their line, in a white halo, rather
            than at its middle: where many lines come from one point and cross.
        curves: Curves that no name may lie upon as long as there is a place beside them.

    Returns:
        Those for whose names there is no room.
    """
    canvas.draw_without_rendering()
    scale = 72 / canvas.dpi  # everything below is in points
    inside = _scaled(axes.get_window_extent(), scale)
    spots = [(one.x, one.y) for one in named] + list(others)
    middles = [axes.transData.transform(spot) * scale for spot in spots]
    taken = [_around(float(x), float(y), _MARK - 1) for x, y in middles]
    along = [_along_line(axes, (start, end), scale) for start, end, _ in lines]
    for place, (start, end, words) in enumerate(lines):
        crossing = rows([box for at, boxes in enumerate(along) if at != place for box in boxes])
        taken.append(_write_on_line(
            axes, (start, end), words, (rows(taken), crossing), scale, near_end=near_end,
        ))  # fmt: skip
    drawn = [box for boxes in along for box in boxes]
    drawn += [
        box
        for curve in curves
        for ends in pairwise(curve)
        for box in _along_line(axes, ends, scale)
    ]
    on_lines = rows(drawn)
    left = []
    for place, one in enumerate(named):
        name = fitted(one.name, 0.45 * (inside[2] - inside[0]), bold=one.bold)
        size = (width(name, NAME_SIZE, bold=one.bold), NAME_SIZE * 1.15)
        middle = float(middles[place][0]), float(middles[place][1])
        found = _clear_spot(middle, size, inside, (rows(taken), on_lines))
        if found is None:
            left.append(one)
            continue
        corner, off = found
        taken.append((*corner, corner[0] + size[0], corner[1] + size[1]))
        _write(axes, one, name, (corner[0] - middle[0], corner[1] - middle[1]), size, off=off)
    return tuple(left)


def _plain(sign: str) -> str:
    """Drop what has no shape and would join or turn its neighbours; keep what parts words."""
    kind = unicodedata.category(sign)
    if sign.isspace() or kind == "Cc":
        return " "
    return "" if kind in ("Cf", "Mn", "Me") else sign


@cache
def _signs() -> frozenset[int]:
    return frozenset(get_font(findfont(FONT)).get_charmap())


def _cut(words: str, length: int) -> str:
    return f"{words[:length].rstrip(' ,;:-')}\N{HORIZONTAL ELLIPSIS}"


def _scaled(box: Bbox, scale: float) -> Box:
    left, low, right, high = (float(end) * scale for end in box.extents)
    return left, low, right, high


def _around(x: float, y: float, reach: float) -> Box:
    return x - reach, y - reach, x + reach, y + reach


def _clear_spot(
    middle: tuple[float, float], size: tuple[float, float], inside: Box, held: tuple[Boxes, Boxes]
) -> tuple[tuple[float, float], bool] | None:
    """Return the lower left corner of the first clear place, and whether it stands off.

    What is held are words and marks, and lines: a name stands on a line where it must.
    """
    (x, y), (wide, high) = middle, size
    sides = [x + _MARK + 2, x - _MARK - 2 - wide]
    if x > (inside[0] + inside[2]) / 2:
        sides.reverse()
    centre = min(max(x - wide / 2, inside[0]), inside[2] - wide)
    tries = [(left, y - high / 2 + step, abs(step) > 0) for step in _STEPS[:1] for left in sides]
    levels = (y + _MARK + 1, y - _MARK - 1 - high)
    corners = (x - 0.2 * wide, x - 0.8 * wide)
    tries += [(left, low, False) for left in (centre, *corners) for low in levels]
    tries += [(left, y - high / 2 + step, True) for step in _STEPS[1:] for left in sides]
    boxes = rows([(left, low, left + wide, low + high) for left, low, _ in tries])
    within = (boxes[:, :2] >= inside[:2]).all(axis=1) & (boxes[:, 2:] <= inside[2:]).all(axis=1)
    taken, drawn = held
    free = within & ~touching(boxes, taken).any(axis=1)
    off_lines = free & ~touching(boxes, drawn).any(axis=1)
    for clear in (off_lines, free):
        if clear.any():
            left, low, off = tries[int(clear.argmax())]
            return (left, low), off
    return None


def _along_line(axes: Axes, ends: Ends, scale: float) -> list[Box]:
    """Return boxes along a line, close enough for no name to slip between them."""
    (x0, y0), (x1, y1) = (
        (float(x), float(y)) for x, y in (axes.transData.transform(end) * scale for end in ends)
    )
    steps = max(2, int(math.hypot(x1 - x0, y1 - y0) / _LINE_STEP))
    parts = [step / steps for step in range(steps + 1)]
    return [_around(x0 + part * (x1 - x0), y0 + part * (y1 - y0), 1.0) for part in parts]


def _write_on_line(
    axes: Axes, ends: Ends, words: str,
    held: tuple[Boxes, Boxes], scale: float, *, near_end: bool,
) -> Box:  # fmt: skip
    """Write words on a line where they cover least, near its middle or its end if they can.

    What is held are words and marks, and other lines: better on a line than on a word.
    """
    taken, others = held
    (x0, y0), (x1, y1) = ends
    wide, high = width(words, NAME_SIZE) + (2 * _HALO if near_end else 2), NAME_SIZE * 1.15
    spots = [
        (x0 + part * (x1 - x0), y0 + part * (y1 - y0))
        for part in (_NEAR_END if near_end else _ALONG)
    ]
    corners = [
        (float(x) - wide / 2, float(y) - high / 2)
        for x, y in (axes.transData.transform(spot) * scale for spot in spots)
    ]
    boxes = rows([(left, low, left + wide, low + high) for left, low in corners])
    covered = _ON_A_WORD * touching(boxes, taken).sum(axis=1) + touching(boxes, others).sum(axis=1)
    best = int(covered.argmin())
    axes.annotate(
        words, spots[best], ha="center", va="center", fontsize=NAME_SIZE, zorder=4,
        bbox={"boxstyle": _halo if near_end else "square,pad=0.05", "facecolor": "white",
              "edgecolor": "none"},
    ).set_in_layout(False)  # fmt: skip
    (left, low), air = corners[best], _HALO if near_end else 0.0
    return left - air, low - air, left + wide + air, low + high + air


def _halo(x: float, y: float, wide: float, high: float, size: float) -> Path:
    """Return a box wider than its words and hardly higher, so that it cuts no line beside its own.

    All in the unit of the picture, in which the type is of `size`.
    """
    room, little = size * _HALO / NAME_SIZE, 0.05 * size
    return Path.unit_rectangle().transformed(
        Affine2D()
        .scale(wide + 2 * room, high + 2 * little)
        .translate(x - room, y - little)
    )  # fmt: skip


def _write(
    axes: Axes, one: Named, name: str, corner: tuple[float, float], size: tuple[float, float],
    *, off: bool,
) -> None:  # fmt: skip
    axes.annotate(
        name, (one.x, one.y), xytext=(corner[0], corner[1] + size[1] / 2),
        textcoords="offset points", ha="left", va="center", fontsize=NAME_SIZE, color=INK,
        weight="bold" if one.bold else "normal", zorder=5, annotation_clip=False,
        bbox={"boxstyle": "square,pad=0.05", "facecolor": "white", "edgecolor": "none",
              "alpha": 0.75},
        arrowprops={"arrowstyle": "-", "color": GREY, "linewidth": 0.7, "shrinkA": 0,
                    "shrinkB": 4} if off else None,
    ).set_in_layout(False)  # fmt: skip
