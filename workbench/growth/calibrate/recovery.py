"""Whether planted numbers are found again, and intervals cover them as often as they say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

from workbench.errors import RunFailed
from workbench.growth.calibrate.chain import MOVES
from workbench.growth.calibrate.fit import Belief, fit
from workbench.growth.calibrate.form import Form, starting_numbers
from workbench.growth.calibrate.planted import Planted, planted_panel
from workbench.growth.calibrate.visits import read_visits
from workbench.measures.intervals import Interval, proportion_interval

Floats = npt.NDArray[np.float64]
Errors = Literal["held at the truth", "fitted with a belief", "held at what is believed"]

_LOW, _HIGH = "logit error_low", "logit error_high"


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

    def overall(self) -> Interval:
        """Return the share of all intervals that held the truth, with its Monte Carlo error.

        Misses of one panel go together, so that panels are counted, not intervals: 1.96 standard
        errors of the mean of their shares.
        """
        shares = self.by_panel
        mean = float(shares.mean())
        half = float(special.ndtri(0.975) * shares.std(ddof=1) / np.sqrt(len(shares)))
        return Interval(mean, mean - half, mean + half, 0.95)

    def table(self) -> pd.DataFrame:
        """Return one row a number: `coverage`, its Wilson interval, `bias` and `spread`."""
        panels = len(self.away)
        ends = [proportion_interval(round(share * panels), panels) for share in self.coverage]
        known = [one for one in ends if one is not None]
        return pd.DataFrame(
            {
                "coverage": self.coverage,
                "lower": [one.lower for one in known],
                "upper": [one.upper for one in known],
                "bias": self.bias,
                "spread": self.spread,
            },
            index=pd.Index(self.names, name="number"),
        )


def recover(
    planted: Planted, *, schools: int, years: float, panels: int, seed: int,
    confidence: float = 0.95, errors: Errors = "held at the truth", within: float = 0.7,
) -> Recovery:  # fmt: skip
    """Make panels, fit each, and hold the estimates against what was planted.

    A few hundred schools cannot tell errors of inspection from moves. So they are held at the
    truth, which nobody knows of real inspections; or each panel has errors of its own, drawn from
    what is believed of them, and they are fitted with that belief, as real ones are, or held at its
    middle. Intervals from a belief cover as often as they say over draws from it (D. B. Rubin,
    "Bayesianly justifiable and relevant frequency calculations for the applied statistician",
    Annals of Statistics 12, 1984, 1151-1172), if the normal law near the estimates is good enough.

    Args:
        planted: What every panel truly is.
        schools: Schools of a panel.
        years: Years a panel runs.
        panels: How many.
        seed: Seed of the first panel; the others follow.
        confidence: Nominal coverage.
        errors: What is done about the errors of inspection. Where they are fitted, they are among
            the numbers held against the truth.
        within: Standard deviation of the logarithms of what is believed of them.
    """
    covariates, fits = tuple(planted.effects), errors == "fitted with a belief"
    form = Form(covariates, errors="shared" if fits else planted.errors)
    known = np.log([planted.moves[move] for move in MOVES])
    names = form.names[: len(MOVES) + len(form.coefficients)] + ((_LOW, _HIGH) if fits else ())
    places = [form.names.index(name) for name in names]
    belief = _believed(form, planted, within) if fits else None
    away, refused = [], 0
    for number in range(panels):
        one = planted if errors == "held at the truth" else _drawn(planted, within, seed + number)
        frame = planted_panel(one, schools, years, seed + number)
        visits = read_visits(frame, covariates, means=[0.0] * len(covariates))
        try:
            fitted = fit(visits, form, belief=belief)
        except RunFailed:
            refused += 1
            continue
        truth = np.concatenate([known, *one.effects.values(), _logits(one.errors) if fits else []])
        away.append((fitted.estimates[places] - truth) / fitted.errors[places])
    reach = float(special.ndtri(0.5 + confidence / 2))
    return Recovery(names, np.array(away), reach, refused)


def _logits(errors: tuple[float, float]) -> Floats:
    return np.log(np.array(errors) / (1.0 - sum(errors)))


def _believed(form: Form, planted: Planted, within: float) -> Belief:
    """Return what is believed of the errors of inspection alone."""
    moves = [planted.moves[move] for move in MOVES]
    spread = np.full(len(form.names), np.inf)
    spread[form.slices()["errors"]] = within
    return Belief(starting_numbers(form, moves, planted.errors), spread)


def _drawn(planted: Planted, within: float, seed: int) -> Planted:
    """Return the same with errors of inspection drawn from what is believed of them."""
    stream = np.random.Generator(np.random.Philox(key=[seed, 1]))  # apart from the panel's own
    powers = np.exp(_logits(planted.errors) + within * stream.standard_normal(2))
    low, high = powers / (1.0 + powers.sum())
    return replace(planted, errors=(float(low), float(high)))
