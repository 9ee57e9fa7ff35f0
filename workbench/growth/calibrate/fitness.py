"""Grades seen beside grades expected, by the grade before and the years between.

R. Aguirre-Hernandez and V. T. Farewell, "A Pearson-type goodness-of-fit test for stationary and
time-continuous Markov regression models", Statistics in Medicine 21, 2002. Each grade is expected
given all grades before it in its series, which is what a hidden model knows.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from workbench.errors import BadInput
from workbench.growth.calibrate.chain import STATES
from workbench.growth.calibrate.fit import Fitted
from workbench.growth.calibrate.likelihood import follow
from workbench.growth.calibrate.visits import UNSEEN, Visits
from workbench.parameters.model import BANDS

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

EDGES = (1.5, 2.5, 3.5, 4.5)  # years between two inspections
FEWEST = 5.0  # a cell expected to hold fewer is counted with its neighbour


@dataclass(frozen=True, eq=False)
class Fitness:
    """How grades seen compare with those expected.

    Attributes:
        table: One row for each grade before and span of years: `before`, `years`, `inspections`,
            then `seen <band>` and `expected <band>`.
        statistic: Sum over cells of (seen - expected)2 / expected.
        cells: Cells less one for each row, as the rows' totals are given.
        numbers: Numbers fitted.
        p_between: Chances of a statistic this large were the model right: with as many degrees of
            freedom as cells less the numbers fitted, and as cells. The true one lies between.
    """

    table: pd.DataFrame
    statistic: float
    cells: int
    numbers: int
    p_between: tuple[float, float]


def expected_grades(fitted: Fitted, visits: Visits) -> Floats:
    """Return the chance of each grade at each visit, given all grades before it, R x 4."""
    numbers = fitted.numbers(visits.rows)
    followed = follow(fitted.form, visits, numbers)
    logs = np.stack([np.log(one.scale) for one in followed], axis=1)
    found = np.zeros((len(visits.band), STATES))
    running = np.log(numbers.share)[None, :].repeat(len(visits.urns), axis=0)
    for start, size in zip(visits.starts, visits.sizes, strict=True):
        rows = slice(start, start + size)
        powers = np.exp(running[:size] - running[:size].max(axis=1, keepdims=True))
        chance = powers / powers.sum(axis=1, keepdims=True)
        for which, one in enumerate(followed):
            found[rows] += chance[:, which, None] * one.expected[rows]
        running[:size] += logs[rows]
    return np.asarray(found @ numbers.seen)


def seen_and_expected(fitted: Fitted, visits: Visits, edges: Sequence[float] = EDGES) -> Fitness:
    """Return grades seen beside grades expected.

    Args:
        fitted: The model.
        visits: What it was fitted to, or another set on the same covariates.
        edges: Years at which spans end.

    Raises:
        BadInput: No school was seen twice.
    """
    before, years = _since_seen(visits)
    counted = (visits.band != UNSEEN) & (before != UNSEEN)
    if not counted.any():
        raise BadInput("no school was seen twice", rule="a grade is expected from one before it")
    expected = expected_grades(fitted, visits)[counted]
    span = np.searchsorted(np.asarray(edges), years[counted], side="right")
    key = before[counted] * (len(edges) + 1) + span
    rows = np.unique(key)
    seen_table, expected_table = np.zeros((2, len(rows), STATES))
    place = np.searchsorted(rows, key)
    np.add.at(seen_table, (place, visits.band[counted]), 1.0)
    np.add.at(expected_table, place, expected)
    statistic, cells = _pearson(seen_table, expected_table)
    count = len(fitted.estimates)
    p = (_tail(statistic, cells - count), _tail(statistic, cells))
    names = _spans(edges)
    table = pd.DataFrame({"before": [BANDS[row // len(names)] for row in rows]})
    table["years"] = [names[row % len(names)] for row in rows]
    table["inspections"] = seen_table.sum(axis=1).astype(int)
    for band, name in enumerate(BANDS):
        table[f"seen {name}"] = seen_table[:, band].astype(int)
        table[f"expected {name}"] = expected_table[:, band]
    return Fitness(table, statistic, cells, count, p)


def _since_seen(visits: Visits) -> tuple[Integers, Floats]:
    """Return the band last seen before each visit, and the years since."""
    before = np.full(len(visits.band), UNSEEN, dtype=np.int64)
    years = np.zeros(len(visits.band))
    held, since = np.full(len(visits.urns), UNSEEN, dtype=np.int64), np.zeros(len(visits.urns))
    for start, size in zip(visits.starts, visits.sizes, strict=True):
        rows = slice(start, start + size)
        since[:size] += visits.years[rows]
        before[rows], years[rows] = held[:size], since[:size]
        looked = visits.band[rows] != UNSEEN
        held[:size][looked] = visits.band[rows][looked]
        since[:size][looked] = 0.0
    return before, years


def _pearson(seen: Floats, expected: Floats) -> tuple[float, int]:
    """Return the statistic and its cells, with thin cells joined to the next band's."""
    total, cells = 0.0, 0
    for have, want in zip(seen, expected, strict=True):
        pooled: list[list[float]] = [[0.0, 0.0]]
        for one, other in zip(have, want, strict=True):
            if pooled[-1][1] >= FEWEST:
                pooled.append([0.0, 0.0])
            pooled[-1][0] += one
            pooled[-1][1] += other
        if len(pooled) > 1 and pooled[-1][1] < FEWEST:
            last = pooled.pop()
            pooled[-1] = [pooled[-1][0] + last[0], pooled[-1][1] + last[1]]
        total += sum((one - other) ** 2 / other for one, other in pooled if other > 0)
        cells += len(pooled) - 1
    return total, cells


def _tail(statistic: float, freedom: int) -> float:
    return float(stats.chi2.sf(statistic, freedom)) if freedom > 0 else 0.0


def _spans(edges: Sequence[float]) -> list[str]:
    inner = [f"{low:g} to {high:g}" for low, high in itertools.pairwise(edges)]
    return [f"under {edges[0]:g}", *inner, f"{edges[-1]:g} and more"]
