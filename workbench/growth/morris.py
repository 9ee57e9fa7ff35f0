"""Morris screening: which of many factors matter at all, for few runs of the model.

Elementary effects after M. D. Morris, "Factorial sampling plans for preliminary computational
experiments", Technometrics 33, 1991; mean absolute effects after F. Campolongo, J. Cariboni and
A. Saltelli, "An effective screening design for sensitivity analysis of large models",
Environmental Modelling and Software 22, 2007. Sampled and analysed by SALib.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from SALib.analyze import morris as analysis
from SALib.sample import morris as sampling

from workbench.growth.sensitivity import (
    HIGH,
    LOW,
    Model,
    Noise,
    Outcomes,
    chance_between,
    evaluated,
    noise_of,
    problem,
    sampler_seed,
)
from workbench.parameters.distributions import Floats

LEVELS = 4
STEP = LEVELS / (2.0 * (LEVELS - 1))  # of the range: the step Morris advises for an even grid


@dataclass(frozen=True)
class Screening:
    """Which factors matter.

    Attributes:
        table: One row a factor, the most influential first: `factor`; `mu_star`, the mean absolute
            change of the outcome as the factor moves over its whole believed range (5th to 95th
            percentile), all others being anywhere in theirs; `lower` and `upper`, its bootstrap
            interval at 95%; `mu`, the same with its sign (both signs cancel); `sigma`, the spread
            of the effects, large where the effect is bent or depends on other factors; `floor`,
            the mu_star that simulation noise alone would give, at or below which nothing is shown
            (empty where there is one event only).
        noise: How much of the variance over the sampled rows is chance.
    """

    table: pd.DataFrame
    noise: Noise


def screen(model: Model, names: Sequence[str], *, paths: int, seed: int) -> Screening:
    """Screen factors by paths through the unit cube that move one factor at a time.

    The grid's ends are the 5th and 95th percentiles and not the ends of the belief, where hardly
    anybody believes a value and a third of a distribution's width would be one step.

    Args:
        model: Function of the unit cube.
        names: Its D factors, in the order of its columns.
        paths: Paths; the model is evaluated at paths x (D + 1) rows.
        seed: Seed of the sample and the bootstrap.

    Raises:
        BadInput: No factor is given, or the outcome never varies.
    """
    about, start = problem(names), sampler_seed(seed)
    grid = sampling.sample(about, paths, num_levels=LEVELS, seed=start)
    outcomes = evaluated(model, LOW + (HIGH - LOW) * grid)
    noise = noise_of(outcomes)
    found = analysis.analyze(
        about, grid, outcomes.mean(axis=1), num_levels=LEVELS, num_resamples=1000, seed=start
    )
    level, half = np.asarray(found["mu_star"], float), np.asarray(found["mu_star_conf"], float)
    table = pd.DataFrame(
        {
            "factor": list(names),
            "mu_star": level,
            "lower": np.maximum(0.0, level - half),
            "upper": level + half,
            "mu": np.asarray(found["mu"], float),
            "sigma": np.asarray(found["sigma"], float),
            "floor": _floors(grid, outcomes),
        }
    )
    table = table.sort_values("mu_star", ascending=False, kind="stable", ignore_index=True)
    return Screening(table, noise)


def _floors(grid: Floats, outcomes: Outcomes) -> list[float | None]:
    """Return the mean absolute effect that chance alone gives each factor: sd sqrt(2 / pi)."""
    factors = grid.shape[1]
    if outcomes.shape[1] < 2:
        return [None] * factors
    first = np.flatnonzero(np.arange(len(grid) - 1) % (factors + 1) < factors)  # within a path
    moved = np.abs(grid[first + 1] - grid[first]).argmax(axis=1)
    return [
        float(np.sqrt(chance_between(outcomes[at], outcomes[at + 1]) * 2.0 / np.pi)) / STEP
        for at in (first[moved == factor] for factor in range(factors))
    ]
