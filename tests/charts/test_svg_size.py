"""Smaller pictures are the same pictures: each point where it was, each glyph where it stood."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure as Canvas
from matplotlib.path import Path

from workbench.charts import style, svg_size
from workbench.charts.svg_path import relative

_HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
    '<defs><style type="text/css">*{stroke-linejoin: round}</style></defs>'
)
_GLYPHS = (
    '<defs><path id="one" d="M0 0L10 0z"/><path id="two" d="M0 0L0 10z"/><path id="gap"/></defs>'
)


def word(*places: tuple[str, float], down: int = 2) -> str:
    uses = "".join(
        f'<use xlink:href="#{glyph}" transform="translate({x} 0)"/>' for glyph, x in places
    )
    return f'<g id="text" style="fill: #112233" transform="translate(1 {down})">{uses}</g>'


def small(*parts: str) -> str:
    return svg_size.smaller(f"{_HEAD}{''.join(parts)}</svg>")


def followed(path: str) -> list[tuple[float, float]]:
    """Walk a path of relative commands as a browser does; return where each command ends."""
    at, start, ends = np.zeros(2), np.zeros(2), []
    for letter, numbers in re.findall(r"([Mmlhvqcz])([^Mmlhvqcz]*)", path):
        steps = [float(one) for one in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", numbers)]
        size = {"M": 2, "m": 2, "l": 2, "h": 1, "v": 1, "q": 4, "c": 6, "z": 0}[letter]
        for first in range(0, len(steps), size or 1):
            one = steps[first : first + size]
            move = {"h": [one[0], 0], "v": [0, one[0]]}.get(letter, one[-2:])
            at = np.array(move) if letter == "M" else at + move
            ends.append((round(float(at[0]), 6), round(float(at[1]), 6)))
        start = at if letter in "Mm" else start
        at = start if letter == "z" else at
    return ends


def test_a_path_is_told_step_by_step() -> None:
    # By hand: from 10,10 to 10.5,10 is h.5, on to 10.5,9.75 is v-.25, then a step both ways.
    assert relative("M10 10L10.5 10L10.5 9.75L9 12L8 13z") == "M10 10h.5v-.25l-1.5 2.25-1 1z"
    assert relative("M1 1L2 2zM5 5Q6 7 8 9C1 1 2 2 3 3") == "M1 1l1 1zm4 4q1 2 3 4c-7-8-6-7-5-6"


def test_a_long_path_ends_where_it_did() -> None:
    points = np.random.default_rng(20260901).normal(0, 300, (500, 2)).round(2)
    absolute = "".join(f"{'L' if n else 'M'}{x} {y}" for n, (x, y) in enumerate(points))
    assert followed(relative(absolute)) == [(float(x), float(y)) for x, y in points]


def test_groups_that_say_nothing_go_and_names_grow_short() -> None:
    out = small('<g id="figure_1"><g id="patch_1"><path d="M0 0L1 1"/></g></g>')
    assert out.endswith('</defs><path d="M0 0l1 1"/></svg>')


def test_neighbours_of_one_style_share_it_and_nothing_is_drawn_earlier() -> None:
    red, blue = (f'<path d="M{{}} 0L9 9" style="fill: #{c}"/>' for c in ("ff0000", "0000ff"))
    out = small(*(red.format(n) for n in range(3)), blue.format(3), red.format(4))
    assert re.findall(r'd="M(\d)', out) == ["0", "1", "2", "3", "4"]
    assert out.count("fill:#f00") == 1


def test_a_group_that_shows_through_is_not_merged() -> None:
    seen = '<g style="opacity: 0.5"><path d="M0 0L9 9"/></g>'
    names = re.findall(r'<g class="a"|<g style="opacity', small(seen, seen))
    assert len(names) == 2


def test_a_word_written_twice_is_drawn_once_where_it_stood() -> None:
    again = word(("one", 0), ("two", 5), ("one", 11), ("gap", 15), ("two", 20))
    later = word(("two", 0), ("gap", 5), ("one", 20), ("two", 25), ("one", 31), down=9)
    root = ElementTree.fromstring(small(_GLYPHS, again, later))
    ns = {"s": "http://www.w3.org/2000/svg"}
    [held] = root.findall("s:defs/s:g", ns)
    assert [use.get("x") for use in held] == [None, "5", "11"]
    places = [[(one.get("href"), one.get("x")) for one in run] for run in root.findall("s:g", ns)]
    name = f"#{held.get('id')}"
    assert places[0][0] == (name, None)
    assert places[1][1] == (name, "20")


def test_short_words_and_lone_ones_are_written_out() -> None:
    out = small(_GLYPHS, word(("one", 0), ("two", 5)), word(("one", 0), ("two", 5)))
    assert out.count("<use ") == 4


def test_every_name_that_is_used_is_defined() -> None:
    with mpl.rc_context(style._RC), style.drawing(2.0) as (canvas, axes):
        axes.bar([1, 2, 3], [3, 1, 2], hatch="//")
        axes.scatter([1, 2, 3], [3, 1, 2], alpha=0.5)
        axes.set_title("School and school and School")
        svg = style.to_svg(canvas)
    used = set(re.findall(r'href="#(\w+)"|url\(#(\w+)\)', svg))
    defined = re.findall(r'id="(\w+)"', svg)
    assert {one or other for one, other in used} == set(defined)
    assert len(defined) == len(set(defined))
    assert "opacity:0.5" in svg


def test_a_marker_path_of_matplotlib_is_understood_whole() -> None:
    """Every command that the picture may hold is one that is told step by step."""
    canvas = Canvas(figsize=(3, 3))
    axes = canvas.add_subplot()
    for place, marker in enumerate("oDsX^x_.8|"):
        axes.scatter(place, 0, marker=marker)
    curve = Path([(0, 0), (1, 2), (2, 0)], [Path.MOVETO, Path.CURVE3, Path.CURVE3])
    axes.scatter(3, 3, marker=curve)
    paths = re.findall(r' d="([^"]*)"', style.to_svg(canvas))
    assert paths
    assert not [one for one in paths if re.search(r"[^Mmlhvqcz\d .-]", one)]


@pytest.mark.parametrize("words", ["<script>", "a & b", '"quoted"'])
def test_texts_that_look_like_markup_stay_out(words: str) -> None:
    with style.drawing(1.0) as (canvas, axes):
        axes.set_title(words)
        assert words not in style.to_svg(canvas)
