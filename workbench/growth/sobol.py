"""Sobol indices: how much of an answer's variance each factor explains, alone and with others.

First and total order after A. Saltelli and others, "Variance based sensitivity analysis of model
output", Computer Physics Communications 181, 2010, on one scrambled Sobol sequence, sampled and
analysed by SALib. That they have settled is shown, on growing beginnings of the same sequence, and
never assumed: after F. Sarrazin, F. Pianosi and T. Wagener, "Global sensitivity analysis of
environmental models: convergence and validation", Environmental Modelling and Software 79, 2016.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from SALib.analyze import sobol as analysis
from SALib.sample import sobol as sampling
from scipy import stats

from workbench.errors import BadInput
from workbench.growth.sensitivity import (
    Model,
    Noise,
    Outcomes,
    chance_between,
    evaluated,
    noise_of,
    problem,
    sampler_seed,
)
from workbench.measures.intervals import Interval
from workbench.parameters.distributions import Floats

SMALLEST = 64
RESAMPLES = 200
LEVEL = 0.95


@dataclass(frozen=True)
class Convergence:
    """Whether the indices have settled.

    Attributes:
        change: Largest change of any index between the last two sizes of the sample.
        widest: Largest half-width of any interval at the last size.
        tolerance: Largest change allowed; an interval may reach twice as far either side.
    """

    change: float
    widest: float
    tolerance: float

    @property
    def settled(self) -> bool:
        """Whether neither the last doubling nor the intervals leave the indices in doubt."""
        return self.change <= self.tolerance and self.widest <= 2.0 * self.tolerance

    @property
    def verdict(self) -> str:
        """Settled or not settled."""
        return "settled" if self.settled else "not settled"


@dataclass(frozen=True)
class Indices:
    """Sobol indices of an outcome.

    Attributes:
        table: One row a factor, largest total first: `factor`; `first`, the share of the variance
            that it explains alone; `first_lower`, `first_upper`; `total`, the share it has a part
            in, alone or with others; `total_lower`, `total_upper`; bootstrap intervals at 95%;
            `noise`, how much of the total is simulation noise (empty where there is one event
            only); `above_noise`, whether the total's lower bound is above it.
        convergence: One row a size, factor and order: `size` (N of the sequence), `factor`,
            `order` (`first` or `total`), `index`, `lower`, `upper`.
        settling: Whether they have settled.
        noise: How much of the variance is chance.
        floor: The largest `noise` of any factor: an index at or below it means nothing; None where
            there is one event only.
        size: N of the last size.
    """

    table: pd.DataFrame
    convergence: pd.DataFrame
    settling: Convergence
    noise: Noise
    floor: float | None
    size: int


def sobol(
    model: Model, names: Sequence[str], *, size: int, seed: int, tolerance: float = 0.05
) -> Indices:
    """Estimate first and total order of each factor, and show whether they have settled.

    Args:
        model: Function of the unit cube.
        names: Its D factors, in the order of its columns.
        size: N, a power of two, at least 128; the model is evaluated at N x (D + 2) rows.
        seed: Seed of the sequence and the bootstrap.
        tolerance: Largest change of an index in the last doubling that counts as settled.

    Raises:
        BadInput: The size is no such power, no factor is given, or the outcome never varies.
    """
    if size < 2 * SMALLEST or size & (size - 1):
        raise BadInput(
            f"a sample of {size} cannot show whether indices have settled",
            rule=f"the size is a power of two, at least {2 * SMALLEST}",
            mend=f"choose {2 * SMALLEST}, {4 * SMALLEST}, {8 * SMALLEST} or more",
        )
    about, start = problem(names), sampler_seed(seed)
    rows = sampling.sample(about, size, calc_second_order=False, seed=start)
    outcomes = evaluated(model, rows)
    block = len(names) + 2
    both = np.r_[0 : len(rows) : block, block - 1 : len(rows) : block]  # the two plain samples
    noise = noise_of(outcomes[both])
    sizes = [SMALLEST * 2**k for k in range(int(np.log2(size // SMALLEST)) + 1)]
    means = outcomes.mean(axis=1)
    convergence = pd.concat(
        [_at_size(about, means[: n * block], n, start) for n in sizes], ignore_index=True
    )
    last = convergence[convergence["size"] == size]
    chance = _noise_in_totals(outcomes, names, noise)
    return Indices(
        table=_table(last, chance),
        convergence=convergence,
        settling=_settling(convergence, sizes, tolerance),
        noise=noise,
        floor=None if noise.events == 1 else float(chance.max()),
        size=size,
    )


def part_of(model: Model, rows: Floats, redrawn: Floats) -> Interval | None:
    """Estimate the share of the variance that a group of factors has a part in (its total order).

    Half the mean squared difference of two outcomes that differ in that group alone, over the
    variance, both less what chance adds: M. J. W. Jansen, "Analysis of variance designs for model
    output", Computer Physics Communications 117, 1999.

    Args:
        model: Function of the unit cube.
        rows: Random rows, M x D.
        redrawn: The same rows with the group's columns drawn again.

    Returns:
        The share with its interval at 95%, at least 0; None where all the variance is chance.

    Raises:
        BadInput: The outcome never varies.
    """
    both = evaluated(model, np.vstack([rows, redrawn]))
    here, there = both[: len(rows)], both[len(rows) :]
    noise = noise_of(both)
    apart = 0.5 * (there.mean(axis=1) - here.mean(axis=1)) ** 2
    chance = 0.5 * chance_between(here, there) if noise.events > 1 else 0.0
    truth = noise.variance - noise.chance
    if truth <= 0.0:
        return None
    share = (float(apart.mean()) - chance) / truth
    half = float(stats.norm.ppf(0.5 + LEVEL / 2) * apart.std(ddof=1) / np.sqrt(len(rows)) / truth)
    lower, upper = max(0.0, share - half), max(0.0, share + half)
    return Interval(max(0.0, share), lower, upper, LEVEL)


def _at_size(about: dict[str, object], means: Floats, size: int, seed: int) -> pd.DataFrame:
    if np.ptp(means) == 0.0:
        raise BadInput(
            f"the outcome is the same at the first {size} points of the sample",
            rule="an outcome varies over the sampled factors",
            mend="ask at another number of joiners, or of another outcome",
        )
    found = analysis.analyze(
        about, means, calc_second_order=False, num_resamples=RESAMPLES, conf_level=LEVEL, seed=seed
    )
    parts = []
    for order, key in (("first", "S1"), ("total", "ST")):
        index, half = found[key], found[f"{key}_conf"]
        parts.append(
            pd.DataFrame(
                {
                    "size": size,
                    "factor": about["names"],
                    "order": order,
                    "index": index,
                    "lower": index - half,
                    "upper": index + half,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _noise_in_totals(outcomes: Outcomes, names: Sequence[str], noise: Noise) -> pd.Series[float]:
    """Return for each factor the share of the variance by which chance raises its total order."""
    if noise.events == 1:
        return pd.Series(np.nan, index=list(names))
    block = len(names) + 2
    plain = outcomes[::block]
    return pd.Series(
        {
            name: 0.5 * chance_between(plain, outcomes[place::block]) / noise.variance
            for place, name in enumerate(names, start=1)
        }
    )


def _table(last: pd.DataFrame, chance: pd.Series[float]) -> pd.DataFrame:
    columns = ["index", "lower", "upper"]
    first, total = (
        last[last["order"] == order].set_index("factor")[columns] for order in ("first", "total")
    )
    table = first.set_axis(["first", "first_lower", "first_upper"], axis=1).join(
        total.set_axis(["total", "total_lower", "total_upper"], axis=1)
    )
    table["noise"] = chance
    table["above_noise"] = table["total_lower"] > table["noise"].fillna(0.0)
    return table.sort_values("total", ascending=False, kind="stable").reset_index()


def _settling(convergence: pd.DataFrame, sizes: Sequence[int], tolerance: float) -> Convergence:
    at = {
        n: convergence[convergence["size"] == n].set_index(["order", "factor"]) for n in sizes[-2:]
    }
    before, last = (at[n] for n in sizes[-2:])
    change = float((last["index"] - before["index"]).abs().max())
    return Convergence(change, float((last["upper"] - last["index"]).max()), tolerance)
