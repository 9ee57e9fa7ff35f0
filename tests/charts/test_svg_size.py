"""Smaller pictures are the same pictures: each point where it was, each word where it stood."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure as Canvas
from matplotlib.path import Path

from workbench.charts import style, svg_size
from workbench.charts.lettering import width
from workbench.charts.svg_path import relative

_HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
    '<defs><style type="text/css">*{stroke-linejoin: round}</style></defs>'
)


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
    assert relative("M1.04 1L2 1.26", decimals=1) == "M1 1l1 .3"
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


def test_words_stay_words_with_place_turn_and_width() -> None:
    plain = "font-size: 10px; font-family: 'DejaVu Sans'; text-anchor: middle; fill: #112233"
    out = small(
        f'<text style="{plain}" x="3.14" y="5" transform="rotate(-0 3.14 5)">Schools</text>',
        f'<text style="{plain}" transform="translate(7 8) rotate(-90)">St A &amp; B</text>',
    )
    flat, turned = ElementTree.fromstring(out).findall("{http://www.w3.org/2000/svg}text")
    assert (flat.text, flat.get("x"), flat.get("y"), flat.get("transform")) == (
        "Schools", "3.1", "5", None
    )  # fmt: skip
    assert float(flat.attrib["textLength"]) == pytest.approx(width("Schools", 10), abs=0.5)
    assert (turned.text, turned.get("transform")) == ("St A & B", "rotate(-90 7 8)")
    assert "fill:#123" in out
    assert out.count("DejaVu") == 1


def test_a_number_within_words_is_left_as_written() -> None:
    with style.drawing(1.0) as (canvas, axes):
        axes.set_title("0.12345 of it")
        assert ">0.12345 of it</text>" in style.to_svg(canvas)


@pytest.mark.parametrize(("end", "cut"), [("20 15", False), ("20 45", True)])
def test_a_clip_stays_only_where_it_cuts(end: str, cut: bool) -> None:
    clip = '<defs><clipPath id="frame"><rect x="0" y="0" width="30" height="20"/></clipPath></defs>'
    out = small(clip, f'<path d="M1 1L{end}" clip-path="url(#frame)"/>')
    assert ('clip-path="url(#a)"' in out) is cut
    assert ("<clipPath" in out) is cut


def test_marks_at_the_edge_are_shown_whole_and_those_beyond_stay_hidden() -> None:
    with style.drawing(2.0) as (canvas, axes):
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1)
        axes.scatter([0.2, 1.0], [0.5, 0.5], color="red")
        assert "<clipPath" not in style.to_svg(canvas)
        axes.scatter([1.6], [0.5], color="blue")
        assert "<clipPath" in style.to_svg(canvas)


def test_shapes_are_finer_than_places() -> None:
    shape = '<defs><path id="mark" d="M0 0L1.23 0"/></defs>'
    out = small(shape, '<use xlink:href="#mark" x="4.56" y="0"/><path d="M0 0L1.23 0"/>')
    assert 'd="M0 0h1.23"' in out
    assert 'd="M0 0h1.2"' in out
    assert 'x="4.6"' in out


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


@pytest.mark.parametrize("words", ["<script>", "a & b", '"quoted"', "x /> y", "<!-- z -->"])
def test_texts_that_look_like_markup_stay_text(words: str) -> None:
    with style.drawing(1.0) as (canvas, axes):
        axes.set_title(words)
        svg = style.to_svg(canvas)
    assert "<script" not in svg
    [title] = [
        one for one in ElementTree.fromstring(svg).iter() if one.text and words[:3] in one.text
    ]
    assert title.text == words
