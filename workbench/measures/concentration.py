"""How unevenly something is shared out, such as who gives and who carries the load."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from workbench.errors import BadInput

Floats = npt.NDArray[np.float64]


def gini(values: npt.ArrayLike, capacity: npt.ArrayLike | None = None) -> float | None:
    """Return the Gini coefficient: 0 where all give alike, towards 1 where one gives all.

    Half the mean difference between two units drawn at random, over the mean (C. Gini, "Variabilita
    e mutabilita", 1912); a unit may be drawn twice, so n units reach at most 1 - 1/n. With
    `capacity`, half the mean difference of what is given for each unit of capacity, every unit
    counted by its capacity: 0 where all give in proportion to what they could. It is worked out as
    1 less twice the area below the Lorenz curve of gifts against capacity.

    None with no values, and where the total of values or of capacity is 0.

    Args:
        values: What each unit gives, none negative.
        capacity: What each could give, none negative; by default the same for all.

    Raises:
        BadInput: A value is missing or negative, or the two differ in length.
    """
    given = _amounts(values, "value")
    able = np.ones_like(given) if capacity is None else _amounts(capacity, "capacity")
    if len(able) != len(given):
        raise BadInput(
            f"{len(given)} values cannot be held against {len(able)} capacities",
            rule="one capacity for each value",
            mend="give both for the same units in the same order",
        )
    if given.sum() == 0 or able.sum() == 0:
        return None
    # What gives without capacity gives without bound; what neither gives nor could is no matter.
    rate = np.divide(given, able, out=np.full_like(given, np.inf), where=able > 0)
    order = np.argsort(rate, kind="stable")
    width = able[order] / able.sum()
    height = np.cumsum(given[order]) / given.sum()
    below = np.concatenate([[0.0], height[:-1]])
    return float(np.clip(1.0 - (width * (height + below)).sum(), 0.0, 1.0))


def top_share(values: npt.ArrayLike, top: int = 2) -> float | None:
    """Return the share of the total that the largest `top` hold, 0 to 1; None where that is 0.

    The concentration ratio of industrial economics. With `top` units or fewer it is 1.

    Args:
        values: What each unit holds, none negative.
        top: How many of the largest.

    Raises:
        BadInput: A value is missing or negative, or `top` is below 1.
    """
    if top < 1:
        raise BadInput(f"the largest {top} cannot be", rule="at least 1", mend="ask for 1 or more")
    held = np.sort(_amounts(values, "value"))[::-1]
    total = held.sum()
    return float(held[:top].sum() / total) if total > 0 else None


def _amounts(values: npt.ArrayLike, what: str) -> Floats:
    amounts = np.asarray(values, dtype=float).ravel()
    wrong = ~(np.isfinite(amounts) & (amounts >= 0))
    if wrong.any():
        raise BadInput(
            f"a {what} of {amounts[wrong][0]:g} cannot be shared out",
            where=f"position {int(np.flatnonzero(wrong)[0]) + 1}",
            rule="finite and not negative",
            mend="leave out what is not known",
        )
    return amounts
