"""A tornado: what the answer does as one factor at a time goes to the ends of what is believed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import pandas as pd
from scipy import stats

from workbench.growth.sensitivity import HIGH, LOW, Model, evaluated, problem
from workbench.measures.intervals import Interval
from workbench.measures.nested import Outcomes as YesNo
from workbench.measures.nested import nested_difference
from workbench.parameters.distributions import Floats

LEVEL = 0.95


@dataclass(frozen=True)
class Tornado:
    """One factor at a time.

    Attributes:
        table: One row a factor, widest swing first: `factor`; `low`, the change of the outcome as
            the factor goes to its 5th percentile, all others at their own value, and `low_lower`,
            `low_upper`, its interval at 95%; `high`, `high_lower`, `high_upper`, the same at the
            95th percentile; `swing`, the larger of the two changes, without its sign; `clear`,
            whether either interval leaves out no change at all.
        base: The mean outcome with every factor at its own value.
    """

    table: pd.DataFrame
    base: Interval


def tornado(model: Model, names: Sequence[str], centre: Floats) -> Tornado:
    """Move one factor at a time to its 5th and 95th percentile, on the same events.

    Args:
        model: Function of the unit cube whose outcomes lie between -1 and 1.
        names: Its D factors, in the order of its columns.
        centre: Where each factor's own value lies in the unit cube, length D.

    Raises:
        BadInput: No factor is given.
    """
    problem(names)
    rows = np.tile(centre, (2 * len(names) + 1, 1))
    for place in range(len(names)):
        rows[1 + 2 * place, place], rows[2 + 2 * place, place] = LOW, HIGH
    outcomes = evaluated(model, rows)
    found = []
    for place, name in enumerate(names):
        low, high = (_change(outcomes[row], outcomes[0]) for row in (1 + 2 * place, 2 + 2 * place))
        clear = any(end.lower > 0 or end.upper < 0 for end in (low, high))
        swing = max(abs(low.estimate), abs(high.estimate))
        found.append((name, *_ends(low), *_ends(high), swing, clear))
    table = pd.DataFrame(
        found,
        columns=[
            "factor", "low", "low_lower", "low_upper", "high", "high_lower", "high_upper",
            "swing", "clear",
        ],
    )  # fmt: skip
    table = table.sort_values("swing", ascending=False, kind="stable", ignore_index=True)
    return Tornado(table, _mean(outcomes[0]))


def _change(there: Floats, here: Floats) -> Interval:
    """Return the paired change; an event moves by one at most, as where outcomes are yes or no."""
    return nested_difference(cast(YesNo, there), cast(YesNo, here), 1, LEVEL)


def _mean(outcomes: Floats) -> Interval:
    """Return the mean with its t interval, which has no width where all events agree."""
    error = float(outcomes.std(ddof=1)) / np.sqrt(len(outcomes))
    half = float(stats.t.ppf(0.5 + LEVEL / 2, len(outcomes) - 1) * error)
    mean = float(outcomes.mean())
    return Interval(mean, mean - half, mean + half, LEVEL)


def _ends(change: Interval) -> tuple[float, float, float]:
    return change.estimate, change.lower, change.upper
