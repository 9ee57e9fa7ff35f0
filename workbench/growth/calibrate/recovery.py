"""Whether planted numbers are found again, and intervals cover them as often as they say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

from workbench.errors import RunFailed
from workbench.growth.calibrate.chain import MOVES
from workbench.growth.calibrate.fit import fit
from workbench.growth.calibrate.form import Form
from workbench.growth.calibrate.planted import Planted, planted_panel
from workbench.growth.calibrate.visits import read_visits

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Recovery:
    """What fitting many panels made from the same planted numbers found.

    Attributes:
        names: The numbers that were planted.
        away: How far each estimate was from the truth, in its standard errors, panels x numbers.
        reach: Half width of the intervals in standard errors.
        refused: Panels that could not be fitted.
    """

    names: tuple[str, ...]
    away: Floats
    reach: float
    refused: int

    @property
    def coverage(self) -> Floats:
        """Share of panels whose interval held the truth, for each number."""
        return np.asarray((np.abs(self.away) <= self.reach).mean(axis=0))

    @property
    def by_panel(self) -> Floats:
        """Share of its intervals that held the truth, for each panel."""
        return np.asarray((np.abs(self.away) <= self.reach).mean(axis=1))

    @property
    def bias(self) -> Floats:
        """Mean distance from the truth in standard errors, for each number; 0 is right."""
        return np.asarray(self.away.mean(axis=0))

    @property
    def spread(self) -> Floats:
        """Standard deviation of the distance in standard errors, for each number; 1 is right."""
        return np.asarray(self.away.std(axis=0, ddof=1))

    def table(self) -> pd.DataFrame:
        """Return one row a number: `coverage`, `bias` and `spread`."""
        return pd.DataFrame(
            {"coverage": self.coverage, "bias": self.bias, "spread": self.spread},
            index=pd.Index(self.names, name="number"),
        )


def recover(
    planted: Planted, *, schools: int, years: float, panels: int, seed: int,
    confidence: float = 0.95,
) -> Recovery:  # fmt: skip
    """Make panels, fit each, and hold the estimates against what was planted.

    The errors of inspection are held at the truth: a few hundred schools cannot tell them from
    moves. Larger panels can.

    Args:
        planted: What every panel truly is.
        schools: Schools of a panel.
        years: Years a panel runs.
        panels: How many.
        seed: Seed of the first panel; the others follow.
        confidence: Nominal coverage.
    """
    covariates = tuple(planted.effects)
    form = Form(covariates, errors=planted.errors)
    truth = np.concatenate(
        [np.log([planted.moves[move] for move in MOVES]), *planted.effects.values()]
    )
    away, refused = [], 0
    for number in range(panels):
        frame = planted_panel(planted, schools, years, seed + number)
        visits = read_visits(frame, covariates, means=[0.0] * len(covariates))
        try:
            fitted = fit(visits, form)
        except RunFailed:
            refused += 1
            continue
        first = slice(len(truth))
        away.append((fitted.estimates[first] - truth) / fitted.errors[first])
    reach = float(special.ndtri(0.5 + confidence / 2))
    return Recovery(form.names[: len(truth)], np.array(away), reach, refused)
