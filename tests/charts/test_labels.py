"""Words in a picture fit their room, are drawable, and tell two schools apart."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.path import Path
from matplotlib.text import Annotation, Text
from matplotlib.transforms import Bbox

from tests.charts.drawn import HOSTILE
from workbench.charts import labels
from workbench.charts.boxes import Boxes, touching
from workbench.charts.labels import Named, drawable, fitted, fitted_names, name_points
from workbench.charts.lettering import width
from workbench.charts.style import drawing


def test_what_the_font_lacks_becomes_one_box() -> None:
    assert drawable("A \u5b66\u6821\u202e\nB\t$c$") == "A \u25a1 B $c$"


@given(st.text(max_size=150), st.floats(40, 200))
def test_whatever_is_written_fits_and_stays_on_one_line(words: str, points: float) -> None:
    cut = fitted(words, points)
    assert width(cut, 8.5) <= points
    assert "\n" not in cut


def test_a_name_that_fits_is_whole_and_one_that_does_not_ends_at_a_word() -> None:
    assert fitted("Alder School", 100) == "Alder School"
    assert fitted("Alder Primary School of the Hill", 95) == "Alder Primary\u2026"


def test_names_cut_alike_are_told_apart_by_urn() -> None:
    names = {1: "Alder Primary School East", 2: "Alder Primary School West", 3: "Birch"}
    short = fitted_names(names, 90)
    assert len(set(short.values())) == 3
    assert short[1].endswith(" 1")
    assert short[3] == "Birch"


def test_names_of_points_in_one_place_do_not_cover_each_other() -> None:
    with drawing(3) as (canvas, axes):
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1)
        left = name_points(canvas, axes, [Named(0.5, 0.5, f"School {n}") for n in range(40)])
        canvas.draw_without_rendering()
        boxes = [Text.get_window_extent(text) for text in axes.texts]  # without its thin line
    assert 0 < len(left) < 38
    assert len(boxes) + len(left) == 40
    apart = [a.y0 >= b.y1 - 3 or b.y0 >= a.y1 - 3 or a.x0 >= b.x1 - 3 or b.x0 >= a.x1 - 3
             for n, a in enumerate(boxes) for b in boxes[:n]]  # fmt: skip
    assert all(apart)


def test_every_place_for_a_name_is_looked_at_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Box by box, the names of sixty schools in one place took ten times the rest of a map."""
    looked: list[int] = []

    def counted(ones: Boxes, others: Boxes) -> npt.NDArray[np.bool_]:
        looked.append(len(others))
        return touching(ones, others)

    monkeypatch.setattr(labels, "touching", counted)
    with drawing(3) as (canvas, axes):
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1)
        name_points(canvas, axes, [Named(0.5, 0.5, f"School {n}") for n in range(60)])
    assert 60 <= len(looked) <= 2 * 60
    assert max(looked) >= 60


def test_words_near_the_end_of_lines_that_cross_stand_apart_in_white() -> None:
    lines = [((0.0, y), (1.0, 1 - y), "8") for y in (0.0, 0.5, 0.55, 1.0)]
    with drawing(3) as (canvas, axes):
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1)
        name_points(canvas, axes, (), lines=lines, near_end=True)
        canvas.draw_without_rendering()
        drawn = list(axes.texts)
        boxes = [Text.get_window_extent(one) for one in drawn]
        white = [one.get_bbox_patch() for one in drawn]
        wide = [None if one is None else one.get_window_extent() for one in white]
    point = canvas.dpi / 72
    assert len(drawn) == 4
    assert all(one.xy[0] > 0.5 for one in drawn if isinstance(one, Annotation))
    for box, around in zip(boxes, wide, strict=True):
        assert around is not None
        assert around.x0 < box.x0 - 2 * point < box.x1 + 2 * point < around.x1
    assert not any(Bbox.intersection(a, b) for n, a in enumerate(boxes) for b in boxes[:n])


def test_a_name_keeps_off_curves_where_there_is_room() -> None:
    curve = [(0.0, 0.5), (0.25, 0.5), (0.55, 0.5), (0.56, 0.9)]
    for curves, clear in (((), False), ((curve,), True)):
        with drawing(3) as (canvas, axes):
            axes.set_xlim(0, 1)
            axes.set_ylim(0, 1)
            # Right of the middle, where a name would stand on the left of its point.
            assert not name_points(canvas, axes, [Named(0.6, 0.5, "School")], curves=curves)
            canvas.draw_without_rendering()
            box = Text.get_window_extent(axes.texts[0])
            path = Path(axes.transData.transform(curve))
        assert path.intersects_bbox(box, filled=False) is not clear


def test_a_hostile_name_stands_beside_its_point() -> None:
    with drawing(3) as (canvas, axes):
        assert not name_points(canvas, axes, [Named(0.5, 0.5, HOSTILE)])
