"""The letters of every picture: one family, and how wide words stand in it."""

from __future__ import annotations

from functools import lru_cache

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

FONT = "DejaVu Sans"
# Verdana is a sister of DejaVu, as wide, and on every machine that lacks it.
FAMILIES = (FONT, "Verdana", "sans-serif")


@lru_cache(maxsize=8192)
def width(words: str, size: float, *, bold: bool = False) -> float:
    """Return how wide drawable words stand, in points, at a size of type in points."""
    font = FontProperties(family=FONT, size=size, weight="bold" if bold else "normal")
    wide, _, _ = text_to_path.get_text_width_height_descent(words, font, ismath=False)
    return float(wide)
