"""What every figure must keep to, and names that no picture may break on."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

from tests.charts.words import check_words
from workbench.charts.figure import Figure

HOSTILE = (
    "St $\\frac{$ <script>alert(1)</script> & Sons "
    "\u202e\U0001f9d1\u200d\U0001f3eb \u5b66\u6821 \U0001fae8 "
    "of the Long and Winding Name That Goes On Well Beyond the Edge of Any Picture"
)


def sound(draw: Callable[[], Figure]) -> Figure:
    """Draw twice, and check what holds for every figure of the workbench."""
    figure = draw()
    assert figure.svg == draw().svg
    assert ElementTree.fromstring(figure.svg).tag.endswith("svg")
    assert "<script" not in figure.svg
    check_words(figure.svg)
    assert not [name for name in figure.data.columns if "_" in str(name)]
    words = (figure.headline, figure.subtitle, figure.alt, figure.source)
    assert all(text and "nan" not in text.split() for text in words)
    assert figure.headline.rstrip(".") not in figure.alt
    return figure
