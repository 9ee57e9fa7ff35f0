"""Boxes touch as matplotlib's own do, many at a time."""

from __future__ import annotations

import numpy as np
from matplotlib.transforms import Bbox

from workbench.charts.boxes import rows, touching


def test_boxes_touch_where_matplotlib_says_that_they_meet() -> None:
    draws = np.random.default_rng(7).integers(0, 6, (60, 2, 2)).astype(float)
    boxes = [(float(a[0]), float(a[1]), float(a[0] + b[0]), float(a[1] + b[1])) for a, b in draws]
    found = touching(rows(boxes[:20]), rows(boxes[20:]))
    asked = [
        [Bbox.intersection(Bbox.from_extents(*one), Bbox.from_extents(*other)) is not None
         for other in boxes[20:]]
        for one in boxes[:20]
    ]  # fmt: skip
    assert found.tolist() == asked
    assert found.any()
    assert not found.all()


def test_boxes_that_share_an_edge_or_a_corner_touch() -> None:
    found = touching(rows([(0, 0, 1, 1)]), rows([(1, 0, 2, 1), (1, 1, 2, 2), (1.01, 0, 2, 1)]))
    assert found.tolist() == [[True, True, False]]


def test_no_box_touches_nothing() -> None:
    assert touching(rows([(0, 0, 1, 1)]), rows([])).shape == (1, 0)
    assert touching(rows([(0, 0, 1, 1)]), rows([])).any(axis=1).tolist() == [False]
