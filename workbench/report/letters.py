"""Which letters paper can show, and where a word too long for its place may be broken."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_UNSEEN = "\u25a1"  # an empty square: the letters have no picture of a sign that stood here
_BREAK = "\u200b"  # what tells the template that a line may end here
_SHAPES = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


@cache
def letters_folder() -> Path:
    """Return the folder of the letters that reports are set in: those matplotlib brings along."""
    import matplotlib as mpl  # noqa: PLC0415 - a page is made without it

    return Path(mpl.get_data_path()) / "fonts" / "ttf"


def writable(text: str) -> str:
    """Return a text with an empty square for each sign that the letters cannot show.

    PDF/UA allows no sign without a picture of it, and signs that turn the direction of a line are
    left out. The sign of replacement is never printed: whoever reads a file back would take it for
    letters that cannot be told from one another.
    """
    if text.isascii() and text.isprintable():
        return text
    known = _known()
    shown = _SHAPES.sub("", text)
    if known.issuperset(shown):
        return shown
    return "".join(sign if sign in known else _UNSEEN for sign in shown)


def with_breaks(text: str, longest: int) -> str:
    """Return a text in which words of more letters than `longest` may be broken anywhere."""
    if len(text) <= longest:
        return text
    return re.sub(rf"\S{{{longest + 1},}}", lambda word: _BREAK.join(word[0]), text)


@cache
def _known() -> frozenset[str]:
    from matplotlib.ft2font import FT2Font  # noqa: PLC0415

    signs = FT2Font(str(letters_folder() / "DejaVuSans.ttf")).get_charmap()
    shown = {chr(sign) for sign in signs if sign >= ord(" ")} | {"\n", "\t"}
    return frozenset(shown - {"\ufffd"})
