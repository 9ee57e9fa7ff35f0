"""How robust an order of composites is to errors, weights and methods."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from workbench.errors import BadInput
from workbench.measures.composites import Composite


@dataclass(frozen=True)
class Ordering:
    """How robust an order of composites is, from their draws paired by index.

    Attributes:
        first: Probability of being the lowest; those that tie for it share it.
        ranks: Range of the rank in 95% of draws, 1 for the lowest; ties count both ways.
        pairs: Probability that the first of two is lower than the second, a tie counting half;
            keys in alphabetical order.
    """

    first: Mapping[str, float]
    ranks: Mapping[str, tuple[int, int]]
    pairs: Mapping[tuple[str, str], float]


def ordering(composites: Mapping[str, Composite]) -> Ordering:
    """Say how robust the order of composites is, lowest first.

    Draws of one index belong together: with one seed they share the method and the weights.

    Args:
        composites: At least one, all with the same number of draws.

    Raises:
        BadInput: There is none, or the numbers of draws differ.
    """
    keys = sorted(composites)
    if len({len(composites[key].draws) for key in keys}) != 1:
        raise BadInput(
            "these composites cannot be put in order",
            rule="at least one, all with the same number of draws",
            mend="draw all of them with the same number of draws and the same seed",
        )
    table = np.array([composites[key].draws for key in keys])
    lowest = table == table.min(axis=0)
    first = (lowest / lowest.sum(axis=0)).mean(axis=1)
    best = 1 + (table[:, None] > table).sum(axis=1)  # as if it came before those it ties with
    worst = (table[:, None] >= table).sum(axis=1)
    low = np.quantile(best, 0.025, axis=1, method="inverted_cdf")
    high = np.quantile(worst, 0.975, axis=1, method="inverted_cdf")
    pairs = {
        (keys[i], keys[j]): float(
            (table[i] < table[j]).mean() + 0.5 * (table[i] == table[j]).mean()
        )
        for i, j in combinations(range(len(keys)), 2)
    }
    return Ordering(
        first=dict(zip(keys, map(float, first), strict=True)),
        ranks={key: (int(low[i]), int(high[i])) for i, key in enumerate(keys)},
        pairs=pairs,
    )
