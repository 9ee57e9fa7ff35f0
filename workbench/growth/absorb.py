"""How many schools can be absorbed: the curve over joiners, the capacity, and what binds.

Every number of joiners meets the same luck (common random numbers), so the extra risk of growth is
a paired difference. The headline capacity is the largest n such that for every m from 1 to n the
upper bound of the extra risk is within the board's tolerance; the absolute answer stands beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from workbench.growth.setting import Setting
from workbench.growth.simulate import Breaches, Progress, run_curve
from workbench.measures.nested import Outcomes, nested_difference, nested_share
from workbench.parameters.limits import LIMITS

INTERVAL_LEVEL = 0.95


@dataclass(frozen=True)
class Answer:
    """A capacity, or None with the reason for none.

    Attributes:
        capacity: Largest number of joiners, or None.
        reason: `extra_risk_exceeds_tolerance` or `confidence_not_met` (at one more joiner),
            `not_shown_within_tolerance` (one more joiner is estimated to be within, but too few
            trajectories were run to be sure),
            `limit_of_search` (every number asked for is within), `limit_of_pace` (so is every
            school that can join within the horizon), and where there is none
            `already_beyond_limits` or `confidence_not_met_with_none`.
    """

    capacity: int | None
    reason: str


@dataclass(frozen=True)
class Absorption:
    """The answer to "how many schools can we absorb?".

    Attributes:
        headline: Capacity by extra risk.
        absolute: Capacity by the probability that every limit holds.
        tolerance: Extra risk the board accepts.
        confidence: Probability asked for in the absolute answer.
        curve: One row a number of joiners: joiners, probability (every limit holds), lower, upper,
            extra_risk, extra_lower, extra_upper; 95% intervals.
        binding: One row a limit: limit, first_share, any_share, among the futures that breach any
            limit when `binding_at` schools join.
        binding_at: Number of joiners `binding` describes: the first beyond the capacity.
        replicates: Trajectories for each number of joiners.
        draws: Draws of the parameters among them.
        seed: Seed of every stream.
    """

    headline: Answer
    absolute: Answer
    tolerance: float
    confidence: float
    curve: pd.DataFrame
    binding: pd.DataFrame
    binding_at: int
    replicates: int
    draws: int
    seed: int

    @property
    def capacity(self) -> int | None:
        """Capacity by extra risk, or None."""
        return self.headline.capacity

    @property
    def reason(self) -> str:
        """Why the capacity is what it is."""
        return self.headline.reason

    def as_json(self) -> dict[str, Any]:
        """Return the answer as plain data."""
        return {
            "capacity": self.capacity,
            "reason": self.reason,
            "criterion": {"kind": "extra risk", "tolerance": self.tolerance},
            "absolute": {**asdict(self.absolute), "confidence": self.confidence},
            "confidence": self.confidence,
            "seed": self.seed,
            "replicates": self.replicates,
            "draws": self.draws,
            "interval_level": INTERVAL_LEVEL,
            "binding_at": self.binding_at,
            "binding": self.binding.to_dict("records"),
            "curve": self.curve.to_dict("records"),
        }


def absorb_setting(
    setting: Setting,
    joiners: Sequence[int],
    replicates: int,
    *,
    tolerance: float,
    confidence: float,
    ceiling: float,
    threads: int = 1,
    progress: Progress | None = None,
) -> Absorption:
    """Simulate each number of joiners and read off the capacity.

    Args:
        setting: The trust with at least as many joiners as the largest number asked for.
        joiners: 0, 1, ... N.
        replicates: Trajectories for each number.
        tolerance: Extra risk accepted.
        confidence: Probability that every limit holds, for the absolute answer.
        ceiling: Probability of a breach with no joiner above which extra risk has no room to show.
        threads: Worker threads; the answer does not depend on it.
        progress: Called with the trajectories just finished.

    Raises:
        ValueError: `joiners` is not 0, 1, ... N.
    """
    if list(joiners) != list(range(len(joiners))) or not joiners:
        raise ValueError("joiners must be 0, 1, ... N: every smaller number decides the answer")
    breaches = run_curve(
        setting.with_joiners(len(joiners) - 1), replicates, threads=threads, progress=progress
    )
    events = replicates // len(setting.params)
    curve = absorption_curve(breaches, events)
    arriving = joiners_within_horizon(setting)
    headline = at_most(by_extra_risk(curve, tolerance, ceiling), arriving)
    at = min(len(joiners) - 1, 0 if headline.capacity is None else headline.capacity + 1)
    return Absorption(
        headline=headline,
        absolute=at_most(by_confidence(curve, confidence), arriving),
        tolerance=tolerance,
        confidence=confidence,
        curve=curve,
        binding=binding_limits(breaches[at]),
        binding_at=at,
        replicates=replicates,
        draws=len(setting.params),
        seed=setting.seed,
    )


def absorption_curve(breaches: Sequence[Breaches], events: int) -> pd.DataFrame:
    """Return the curve of `Absorption` from the breaches at 0, 1, ... N joiners."""
    beyond = [any_breach(breach) for breach in breaches]
    rows = []
    for n, now in enumerate(beyond):
        holds = nested_share(~now, events, INTERVAL_LEVEL)
        extra = nested_difference(now, beyond[0], events, INTERVAL_LEVEL)
        lower, upper = (0.0, 0.0) if n == 0 else (extra.lower, extra.upper)
        rows.append((n, holds.estimate, holds.lower, holds.upper, extra.estimate, lower, upper))
    columns = ["joiners", "probability", "lower", "upper"]
    return pd.DataFrame(rows, columns=[*columns, "extra_risk", "extra_lower", "extra_upper"])


def any_breach(breach: Breaches) -> Outcomes:
    """Return for each trajectory whether it breached any limit."""
    return np.asarray((breach >= 0).any(axis=1))


def by_extra_risk(curve: pd.DataFrame, tolerance: float, ceiling: float) -> Answer:
    """Return the largest n with the extra risk of every m <= n surely within tolerance."""
    if 1.0 - curve["probability"].iloc[0] > ceiling:
        return Answer(None, "already_beyond_limits")
    answer = _largest(curve["extra_upper"] <= tolerance, "extra_risk_exceeds_tolerance")
    if answer.reason == "limit_of_search" or answer.capacity is None:
        return answer
    beyond = curve["extra_risk"].iloc[answer.capacity + 1]
    return answer if beyond > tolerance else Answer(answer.capacity, "not_shown_within_tolerance")


def by_confidence(curve: pd.DataFrame, confidence: float) -> Answer:
    """Return the largest n with P(every limit holds) surely at the confidence for every m <= n."""
    within = curve["lower"] >= confidence
    if not within.iloc[0]:
        return Answer(None, "confidence_not_met_with_none")
    return _largest(within, "confidence_not_met")


def joiners_within_horizon(setting: Setting) -> int:
    """Return how many joiners are due before the last simulated term ends."""
    due = setting.school["join_term"][setting.school["existing"] == 0]
    return int((due < setting.terms).sum())


def at_most(answer: Answer, arriving: int) -> Answer:
    """Claim no more schools than the pace lets join: beyond them nothing was tried."""
    if answer.capacity is None or answer.capacity <= arriving:
        return answer
    return Answer(arriving, "limit_of_pace")


def _largest(within: pd.Series[bool], otherwise: str) -> Answer:
    beyond = np.flatnonzero(~within.to_numpy())
    if len(beyond) == 0:
        return Answer(len(within) - 1, "limit_of_search")
    return Answer(int(beyond[0]) - 1, otherwise)


def binding_limits(breach: Breaches) -> pd.DataFrame:
    """Return how often each limit went first, and went at all, among the futures that breach.

    Limits that go in the same term share the first place equally. Shares are 0 where no future
    breaches. Sorted by first place.
    """
    failed = breach[any_breach(breach)].astype(float)
    failed[failed < 0] = np.inf
    first = failed == failed.min(axis=1, keepdims=True) if len(failed) else failed.astype(bool)
    credit = first / first.sum(axis=1, keepdims=True) if len(failed) else failed
    count = max(1, len(failed))
    table = pd.DataFrame(
        {
            "limit": LIMITS,
            "first_share": credit.sum(axis=0) / count,
            "any_share": np.isfinite(failed).sum(axis=0) / count,
        }
    )
    return table.sort_values("first_share", ascending=False, kind="stable", ignore_index=True)
