"""What moves an answer: common ground of the screening, the indices and the tornado.

A model here is any function of the unit cube: rows of places (M x D, one column a factor) in, the
outcome of each of K chance events at each row (M x K) out. Every row meets the same K events, so
that two rows differ by their factors alone (common random numbers).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workbench.errors import BadInput
from workbench.parameters.distributions import Floats

Outcomes = npt.NDArray[np.float64]
Model = Callable[[Floats], Outcomes]
LOW, HIGH = 0.05, 0.95
"""The middle nine tenths of what is believed: how far a factor is moved where it is moved whole."""


@dataclass(frozen=True)
class Noise:
    """How much of the variance between rows is chance and not the factors.

    Attributes:
        variance: Variance between the rows of the mean over K events.
        independent: Share of it that would be chance if each row met events of its own: the mean
            over rows of p(1 - p)/(K - 1), over the variance. An upper bound here, since events are
            shared; None where K is 1.
        common: Share of it that is chance, given that all rows meet the same events. Events that
            spoil all rows alike shift every row and add nothing to the variance between them; what
            remains is how events and rows interact: the residual mean square of the two-way table
            of rows and events, over K. None where K is 1.
        shift: Standard error of the mean over all rows, from having met these K events and no
            others: what they spoil or spare in all rows alike. None where K is 1.
        rows: M.
        events: K.
    """

    variance: float
    independent: float | None
    common: float | None
    shift: float | None
    rows: int
    events: int

    @property
    def chance(self) -> float:
        """Variance of one row's mean that is chance; 0 where one event cannot tell."""
        return self.variance * (self.common or 0.0)


def noise_of(outcomes: Outcomes) -> Noise:
    """Tell chance from factors in the outcomes of K common events at M rows.

    The split of variance is that of a two-way table with one value a cell (H. Scheffe, "The
    analysis of variance", 1959, section 4.8).

    Args:
        outcomes: M x K.

    Raises:
        BadInput: There are fewer than two rows, or the outcome is the same at every row.
    """
    rows, events = outcomes.shape
    means = outcomes.mean(axis=1)
    if rows < 2 or np.ptp(means) == 0.0:
        raise BadInput(
            "the outcome is the same whatever the factors, so nothing can explain it",
            rule="an outcome varies over the sampled factors",
            mend="ask at another number of joiners, or of another outcome",
        )
    variance = float(means.var(ddof=1))
    if events == 1:
        return Noise(variance, None, None, None, rows, events)
    alone = float(outcomes.var(axis=1, ddof=1).mean()) / events
    shifts = outcomes.mean(axis=0)
    apart = outcomes - means[:, None] - shifts[None, :] + outcomes.mean()
    within = float((apart**2).sum()) / ((rows - 1) * (events - 1)) / events
    return Noise(
        variance,
        min(1.0, alone / variance),
        min(1.0, within / variance),
        float(shifts.std(ddof=1) / np.sqrt(events)),
        rows,
        events,
    )


def chance_between(here: Outcomes, there: Outcomes) -> float:
    """Return the variance that chance adds to the difference of two rows' means, on average.

    The K events are the same in both rows: only those whose outcome changes add any, so that a
    factor that changes few of them is seen the more sharply. From K alone, at least 2.

    Args:
        here: Outcomes at some rows, M x K.
        there: Outcomes at as many others, paired.
    """
    return float((there - here).var(axis=1, ddof=1).mean() / here.shape[1])


def evaluated(model: Model, rows: Floats) -> Outcomes:
    """Return the model's outcomes at rows of the unit cube, M x K.

    Raises:
        ValueError: The model gave no row of outcomes for each row of the sample, or a gap.
    """
    outcomes = np.asarray(model(rows), dtype=float)
    if outcomes.ndim != 2 or len(outcomes) != len(rows) or not np.isfinite(outcomes).all():
        raise ValueError(f"{len(rows)} rows gave outcomes of shape {outcomes.shape}, or gaps")
    return outcomes


def problem(names: Sequence[str]) -> dict[str, object]:
    """Describe the unit cube of some factors as SALib asks for it.

    Raises:
        BadInput: There is no factor, or a name stands twice.
    """
    if not names or len(set(names)) != len(names):
        raise BadInput(
            f"factors {list(names)} cannot be told apart"
            if names
            else "there is no factor to vary",
            rule="each factor has a name of its own, and there is at least one",
            mend="let at least one parameter vary",
        )
    bounds = [[0.0, 1.0]] * len(names)
    return {"num_vars": len(names), "names": list(names), "bounds": bounds, "groups": None}


def sampler_seed(seed: int) -> int:
    """Return a seed for a sampler that takes 0 to mean that none was given."""
    return seed + 1
