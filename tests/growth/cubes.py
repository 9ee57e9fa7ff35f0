"""Functions of the unit cube whose sensitivity is known, for the tests of what measures it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from workbench.growth.sensitivity import Model, Outcomes
from workbench.parameters.distributions import Beta, Floats
from workbench.parameters.quantity import Quantity, Source

UNIFORM = Quantity(
    value=0.5,
    range=(0, 1),
    unit="share",
    description="Anything from 0 to 1, all alike.",
    source=Source(title="Made for a test"),
    verified=False,
    review=dt.date(2030, 1, 1),
    distribution=Beta(kind="beta", n=2),
)
"""Beta(1, 1): uniform, by the way of the parameters' own quantile functions."""


def ishigami(rows: Floats) -> Outcomes:
    """Ishigami and Homma (1990), a = 7, b = .1, on -pi to pi through a declared distribution."""
    x = np.pi * (2.0 * UNIFORM.draws(rows) - 1.0)
    level = np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2
    return np.asarray(level + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]))[:, None]


def sobol_g(rows: Floats) -> Outcomes:
    """Saltelli and Sobol (1995), a = 0, 1, 4.5, 9, 99, 99, 99, 99."""
    a = np.array([0, 1, 4.5, 9, 99, 99, 99, 99])
    return np.asarray(((np.abs(4.0 * rows - 2.0) + a) / (1.0 + a)).prod(axis=1))[:, None]


def chance_model(weights: Sequence[float], events: int, seed: int, *, shared: bool) -> Model:
    """Yes or no by chance p = .5 + sum of weights x (u - .5), on shared events or on others."""

    def model(rows: Floats) -> Outcomes:
        p = 0.5 + (rows - 0.5) @ np.asarray(weights)
        size = (1, events) if shared else (len(rows), events)
        luck = np.random.default_rng(seed).uniform(size=size)
        return np.asarray(luck < p[:, None], dtype=float)

    return model


def at(table: pd.DataFrame, factor: str, column: str) -> Any:
    """The one value of a factor in a table of one row a factor."""
    (value,) = table.loc[table["factor"] == factor, column]
    return value
