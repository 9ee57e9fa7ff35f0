"""One style for every chart, and SVG that is equal byte for byte for equal data."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Literal

import matplotlib as mpl
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure as Canvas

from workbench.charts.lettering import FONT
from workbench.charts.svg_size import smaller

# The first four colours of the Government Analysis Function's palette, and greys for context.
BLUE, TEAL, PLUM, ORANGE = "#12436D", "#28A197", "#801650", "#F46A25"
PALE_BLUE, MID_BLUE = "#C9DCEC", "#7FA8CC"
INK, GREY, PALE_GREY = "#0B0C0C", "#595959", "#D0D0D0"

WIDTH = 6.2  # inches; shown 640 pixels wide, and still readable on a telephone
_RC: dict[Any, Any] = {
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.labelsize": 10,
    "axes.linewidth": 0.8,
    "font.family": [FONT],
    "font.size": 10,
    "grid.color": PALE_GREY,
    "grid.linewidth": 0.6,
    "hatch.linewidth": 1.2,
    "svg.fonttype": "none",  # words stay words
    "svg.hashsalt": "trust-growth-workbench",
    "text.color": INK,
    "text.parse_math": False,  # a dollar in a school's name is a dollar
    "xtick.labelsize": 9.5,
    "ytick.labelsize": 9.5,
    "xtick.color": INK,
    "ytick.color": INK,
}
_TAG = re.compile(r"<[^>]*>")
_LONG = re.compile(r"(?<![\w#.])-?\d+\.\d{3,}")


@cache
def _style() -> dict[Any, Any]:
    """Seaborn's style with ticks, in the house's fonts and colours."""
    return {**sns.axes_style("ticks"), **_RC}


@contextmanager
def drawing(height: float) -> Iterator[tuple[Canvas, Axes]]:
    """Give a canvas with one pair of axes in the house style; `height` is in inches."""
    with mpl.rc_context(_style()):
        canvas = Canvas(figsize=(WIDTH, height), layout="constrained")
        axes = canvas.add_subplot()
        yield canvas, axes


def to_svg(canvas: Canvas) -> str:
    """Write a canvas as SVG: no date, no random identifier, no link, two decimals.

    Two decimals of a point are finer than any screen or printer, and keep the last bits of
    floating-point arithmetic, which differ between machines, out of the bytes.
    """
    page = io.StringIO()
    nothing = {"Date": None, "Creator": None, "Format": None, "Type": None}
    FigureCanvasSVG(canvas).print_svg(page, metadata=nothing)  # type: ignore[no-untyped-call]
    text = page.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", text, flags=re.DOTALL)
    text = _TAG.sub(lambda tag: _LONG.sub(_shorten, tag[0]), text)
    return smaller(re.sub(r">\s+<", "><", text).strip())


def _shorten(found: re.Match[str]) -> str:
    return f"{round(float(found[0]), 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def frame(axes: Axes, *, grid: Literal["x", "y"] | None = "y") -> None:
    """Leave only the axes that carry a scale, with a light grid along one of them."""
    sns.despine(ax=axes)
    if grid is not None:
        axes.grid(visible=True, axis=grid)
        axes.set_axisbelow(True)
