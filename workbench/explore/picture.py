"""The one widget of our own: it draws what it is given and says what the address asks for."""

from __future__ import annotations

from pathlib import Path

import anywidget
from traitlets import Dict

_STATIC = Path(__file__).parent / "static"


def script() -> str:
    """Return the widget's script as one module, its parts in the order of their names."""
    parts = sorted(_STATIC.glob("*.js"))
    return "\n".join(part.read_text(encoding="utf-8") for part in parts)


class PictureWidget(anywidget.AnyWidget):
    """The verdict, the charts and their tables.

    Attributes:
        picture: All that is shown (`drawing.drawing`) with a serial number; one message a paint.
        notice: What is said above it: `text`, and `kind`, which is `refused` for what was refused.
        units: The unit of each control by its name, for what sliders say aloud.
        asked: What the address asks for, written by the page.
    """

    _esm = script()
    _css = (_STATIC / "explorer.css").read_text(encoding="utf-8")
    picture = Dict().tag(sync=True)
    notice = Dict().tag(sync=True)
    units = Dict().tag(sync=True)
    asked = Dict().tag(sync=True)
