"""Pictures that look alike have one digest, and those that do not have another."""

from __future__ import annotations

import io
from base64 import b64encode
from urllib.parse import quote

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure

from workbench.evidence.pictures import digest_of_picture

SVG, PNG = "data:image/svg+xml,", "data:image/png;base64,"
BESIDE = {"svg": "Creator", "png": "Comment"}


def drawn(kind: str, heights: list[float], *, salt: str | None, about: str) -> str:
    """Draw bars as a notebook would, with what a library draws at random and writes beside."""
    page, figure = io.BytesIO(), Figure(figsize=(2, 2))
    axes = figure.subplots()
    axes.bar(range(len(heights)), heights, hatch="/")
    axes.plot(heights, marker="o")
    with mpl.rc_context({"svg.hashsalt": salt}):
        figure.savefig(page, format=kind, metadata={BESIDE[kind]: about})
    if kind == "svg":
        return SVG + quote(page.getvalue().decode())
    return PNG + b64encode(page.getvalue()).decode()


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_a_picture_drawn_again_has_its_digest_and_one_of_another_bar_has_not(kind: str) -> None:
    one = drawn(kind, [1, 2, 3], salt=None, about="today")
    again = drawn(kind, [1, 2, 3], salt=None, about="tomorrow")
    assert one != again
    assert digest_of_picture(one) == digest_of_picture(again)
    other = drawn(kind, [1, 2, 3.2], salt=None, about="today")
    assert digest_of_picture(other) != digest_of_picture(one)


def test_names_are_forgotten_but_not_what_bears_them() -> None:
    def digest(first: str, second: str, used: str) -> str:
        parts = f'<a id="{first}" d="1"/><a id="{second}" d="2"/><use href="#{used}" fill="#abc"/>'
        return digest_of_picture(SVG + quote(f"<svg>{parts}</svg>"))

    assert digest("x1", "x2", "x1") == digest("abd", "x1", "abd")
    assert digest("x1", "x2", "x1") != digest("x1", "x2", "x2")


@pytest.mark.parametrize("broken", ["", "figure.png", PNG + "AAAA", PNG + "A", SVG + "%ff"])
def test_what_is_no_picture_has_a_digest_too(broken: str) -> None:
    assert len(digest_of_picture(broken)) == 64
    assert digest_of_picture(broken) != digest_of_picture(broken + "B")
