"""Boxes in a picture, many at a time: which of them touch."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Box = tuple[float, float, float, float]  # left, foot, right, top
Boxes = npt.NDArray[np.float64]  # n x 4


def rows(boxes: Sequence[Box]) -> Boxes:
    """Return boxes as the rows of an array, n x 4; of none as well."""
    return np.array(boxes, dtype=np.float64).reshape(-1, 4)


def touching(ones: Boxes, others: Boxes) -> npt.NDArray[np.bool_]:
    """Return which of some boxes touch or overlap which of others, ones x others.

    Args:
        ones: n x 4.
        others: m x 4, in the same unit.
    """
    left, foot, right, top = (ones[:, end, None] for end in range(4))
    beside = (left <= others[:, 2]) & (others[:, 0] <= right)
    above = (foot <= others[:, 3]) & (others[:, 1] <= top)
    return np.asarray(beside & above, dtype=bool)
