"""Choosing between plans when the future is in doubt: regret, robustness and dominance.

Every plan is valued in the same M draws of what is uncertain. A draw's value is itself a mean of K
chance events, so that it carries noise; what that does to each figure is said beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from workbench.errors import BadInput
from workbench.measures.paired import mean_over_draws

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Regret:
    """How much a plan leaves behind the best plan of each draw.

    Attributes:
        mean: Mean over the draws. The best of several noisy values is too high on average, so that
            this errs upwards.
        at_least: The same with the best plan chosen on one half of the events and valued on the
            other: this errs downwards. The truth lies between the two.
        p90: What nine draws in ten do not exceed; errs upwards.
        worst: The largest over the draws; errs upwards.
        best_share: Share of draws in which no plan is better.
    """

    mean: float
    at_least: float
    p90: float
    worst: float
    best_share: float


def regrets(values: Floats, halves: tuple[Floats, Floats]) -> tuple[Regret, ...]:
    """Return the regret of each plan (L. J. Savage, "The theory of statistical decision", 1951).

    Args:
        values: Value of each plan in each draw, plans x M; more is better.
        halves: The same from the first and from the second half of the events.

    Raises:
        BadInput: There is no plan or no draw, or the halves have another shape.
    """
    if not values.size or any(half.shape != values.shape for half in halves):
        raise BadInput(
            "regret needs every plan's value in every draw, and from both halves of the events",
            rule="all three tables have one row a plan and one column a draw",
            mend="simulate an even number of events for each draw",
        )
    behind = values.max(axis=0) - values
    split = [
        np.take_along_axis(valued, chosen.argmax(axis=0)[None, :], axis=0)[0] - valued
        for chosen, valued in (halves, halves[::-1])
    ]
    least = (split[0] + split[1]).mean(axis=1) / 2.0
    return tuple(
        Regret(
            float(plan.mean()),
            float(min(plan.mean(), max(0.0, low))),
            float(np.quantile(plan, 0.9)),
            float(plan.max()),
            float((plan <= 0.0).mean()),
        )
        for plan, low in zip(behind, least, strict=True)
    )


@dataclass(frozen=True)
class Robustness:
    """In how many draws a plan meets a requirement.

    Attributes:
        met: Share of draws that meet it as simulated.
        surely: Share that still meet it at the cautious end of each draw's own interval.
        perhaps: Share that meet it at the generous end.
        with_half: `met`, had each draw had half as many events. The noise of a draw's value takes
            `met` away from the truth by about as much again as from `with_half` to `met`, for the
            distance falls about as 1 / K.
    """

    met: float
    surely: float
    perhaps: float
    with_half: float


def robustness(
    values: Floats, half_values: Floats, error: Floats, required: float, level: float = 0.95
) -> Robustness:
    """Return the share of draws whose value is at least what is required (satisficing).

    H. A. Simon, "Rational choice and the structure of the environment", Psychological Review 63
    (1956); as a share of sampled futures: R. J. Lempert and M. T. Collins, "Managing the risk of
    uncertain threshold responses", Risk Analysis 27 (2007).

    Args:
        values: Value of the plan in each draw, length M; more is better.
        half_values: The same from half of the events, either half: 2 x M.
        error: Standard error of each draw's value, length M.
        required: The least value that is enough.
        level: Confidence level of each draw's own interval.
    """
    enough = required - 1e-9  # values are means of counts: rounding must not decide
    reach = float(stats.norm.ppf(0.5 + level / 2)) * error
    return Robustness(
        float((values >= enough).mean()),
        float((values - reach >= enough).mean()),
        float((values + reach >= enough).mean()),
        float((half_values >= enough).mean()),
    )


def share_error(shares: Floats, events: int) -> Floats:
    """Return the standard error of shares of K events, with two imagined events a side.

    Without them a share of 0 or 1 would seem certain (A. Agresti and B. A. Coull, "Approximate is
    better than exact", The American Statistician 52, 1998).
    """
    drawn = (shares * events + 2.0) / (events + 4.0)
    return np.asarray(np.sqrt(drawn * (1.0 - drawn) / (events + 4.0)))


def undominated(values: Floats) -> npt.NDArray[np.bool_]:
    """Return which plans no other plan matches in every measure and beats in one (Pareto).

    Args:
        values: Value of each plan in each measure, plans x measures; more is better.
    """
    beaten = [
        any(bool((other >= own).all() and (other > own).any()) for other in values)
        for own in values
    ]
    return ~np.asarray(beaten, dtype=np.bool_)


@dataclass(frozen=True)
class Order:
    """How the values of one plan over the draws stand to those of another.

    Attributes:
        better: Share of draws in which the first is better.
        worse: Share in which it is worse.
        above: The most by which the share of draws at or below a value is smaller for the first.
        below: The most by which it is larger: 0 where the first dominates as simulated.
        lead_lower: Lower end of the interval of its mean lead, paired draw by draw.
    """

    better: float
    worse: float
    above: float
    below: float
    lead_lower: float

    @property
    def dominates(self) -> bool:
        """Whether the first is at no level behind, and its mean lead is more than luck."""
        return self.below == 0.0 and self.lead_lower > 0.0


def first_order(values: Floats, others: Floats, level: float = 0.95) -> Order:
    """Compare the distributions of two plans' values: first-order stochastic dominance.

    The first dominates where at every value its share of draws at or below it is no larger (J. P.
    Quirk and R. Saposnik, "Admissibility and measurable utility functions", Review of Economic
    Studies 29, 1962): its worst value is no worse than the other's worst, its second worst no worse
    than the second worst, and so on to the best. That is asked of the draws as they were simulated,
    with no allowance: a test that could not tell the two apart would be no proof that the first is
    nowhere behind. Noise within draws can therefore hide dominance. It could also feign it between
    plans that differ in a few events alone, so that the mean lead must be beyond doubt as well.

    Args:
        values: Value of the first plan in each draw, length M; more is better.
        others: Value of the second in the same draws, length M.
        level: Confidence level of the interval of the mean lead.
    """
    at = np.unique(np.concatenate([values, others]))
    first, second = _at_or_below(values, at), _at_or_below(others, at)
    return Order(
        float((values > others).mean()),
        float((values < others).mean()),
        float(max(0.0, (second - first).max())),
        float(max(0.0, (first - second).max())),
        mean_over_draws(values - others, level).lower,
    )


def _at_or_below(values: Floats, at: Floats) -> Floats:
    return np.asarray(np.searchsorted(np.sort(values), at, side="right") / len(values))
