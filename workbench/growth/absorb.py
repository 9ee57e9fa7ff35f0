"""How many schools can be absorbed: the curve over joiners, the capacity, and what binds.

Every number of joiners meets the same luck (common random numbers), so the extra risk of growth is
a paired difference. The headline capacity is the largest n such that for every m from 1 to n the
upper bound of the extra risk is within the board's tolerance. Most real trusts do not hold the
golden rule for years even with no joiner, so the absolute answer, the probability that every limit
holds, stands beside it and is often "none".

A run may stop at one of several looks declared beforehand, once more trajectories could not change
either answer. Every interval is then made at what its look may spend of the total error, so it
covers the truth at the level named whichever look was the last, and neither answer claims a number
beyond the true one with more than that error: see `workbench.measures.sequential`. The two answers
are two claims, each with its own error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from workbench.growth.ranges import Ranges
from workbench.growth.setting import Setting
from workbench.growth.simulate import Breaches, Progress, events_of, run_curve
from workbench.measures.nested import Outcomes, nested_difference, nested_share
from workbench.measures.sequential import Looks, settled, shown_in_order
from workbench.parameters.limits import LIMITS

INTERVAL_LEVEL = 0.95


@dataclass(frozen=True)
class Answer:
    """A capacity, or None with the reason for none.

    A number says how many schools can join; 0 is such a number, and is no None.

    Attributes:
        capacity: Largest number of joiners, or None.
        reason: Why no more can be claimed. With a number:
            `extra_risk_exceeds_tolerance`: one more joiner adds more risk than is accepted, by the
            estimate; `Stopping.headline_settled` says whether surely so;
            `not_shown_within_tolerance`: one more is estimated to be within, but too few
            trajectories were run to be sure;
            `confidence_not_met`: with one more, every limit is not surely kept at the confidence;
            `limit_of_search`: every number asked for is within;
            `limit_of_pace`: so is every school that can join within the horizon.
            With None:
            `already_beyond_limits`: so many futures break a limit with no joiner at all that extra
            risk has no room to show;
            `confidence_not_met_with_none`: every limit is not surely kept at the confidence, even
            with no joiner.
    """

    capacity: int | None
    reason: str


@dataclass(frozen=True)
class Stopping:
    """When a run stopped, and what it had spent of its error by then.

    Attributes:
        looks: Trajectories at each look declared before the run began; empty where the number was
            fixed, which is one look.
        taken: Looks taken, the last of them included.
        error: Chance, over all looks declared, that an interval misses the truth.
        spent: What the looks taken have spent of it.
        headline_settled: Whether more trajectories could change the headline no more: what is
            claimed is surely within, and one more joiner surely beyond.
        absolute_settled: The same of the absolute answer.
    """

    looks: tuple[int, ...] = ()
    taken: int = 1
    error: float = 1.0 - INTERVAL_LEVEL
    spent: float = 1.0 - INTERVAL_LEVEL
    headline_settled: bool = False
    absolute_settled: bool = False


AT_ONCE = Stopping()


@dataclass(frozen=True)
class Absorption:
    """The answer to "how many schools can we absorb?".

    Attributes:
        headline: Capacity by extra risk.
        absolute: Capacity by the probability that every limit holds.
        tolerance: Extra risk the board accepts.
        confidence: Probability asked for in the absolute answer.
        curve: One row a number of joiners: joiners, probability (every limit holds), lower, upper,
            extra_risk, extra_lower, extra_upper. Each interval covers its truth with probability
            1 - `stopping.error` whenever the run stopped, one number of joiners at a time.
        binding: One row a limit: limit, first_share, any_share, among the futures that breach any
            limit when `binding_at` schools join.
        binding_at: Number of joiners `binding` describes: the first beyond the capacity.
        replicates: Trajectories run for each number of joiners.
        draws: Draws of the parameters among them.
        seed: Seed of every stream.
        stopping: When the run stopped.
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
    stopping: Stopping = AT_ONCE

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
            "interval_level": 1.0 - self.stopping.error,
            "stopping": asdict(self.stopping),
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
    looks: Sequence[int] = (),
    error: float = 1.0 - INTERVAL_LEVEL,
    threads: int = 1,
    progress: Progress | None = None,
    ranges: Ranges | None = None,
) -> Absorption:
    """Simulate each number of joiners and read off the capacity.

    Args:
        setting: The trust with at least as many joiners as the largest number asked for.
        joiners: 0, 1, ... N.
        replicates: Trajectories for each number, at most.
        tolerance: Extra risk accepted.
        confidence: Probability that every limit holds, for the absolute answer.
        ceiling: Probability of a breach with no joiner above which extra risk has no room to show.
        looks: Smaller numbers of trajectories at which to stop if both answers are settled, each a
            multiple of K, the trajectories for each draw; none: all are run and looked at once.
        error: Chance, over all looks, that an interval misses the truth.
        threads: Worker threads; the answer does not depend on it.
        progress: Called with the trajectories just finished.
        ranges: What runs ranges of trajectories, in place of threads (`ranges.workers`).

    Raises:
        ValueError: `joiners` is not 0, 1, ... N, or draws cannot share the trajectories of a look.
        BadInput: The looks do not grow, or the error is not between 0 and 1.
    """
    if list(joiners) != list(range(len(joiners))) or not joiners:
        raise ValueError("joiners must be 0, 1, ... N: every smaller number decides the answer")
    plan = Looks((*looks, replicates), error)
    asked, events = setting.with_joiners(len(joiners) - 1), events_of(setting, replicates)
    arriving = joiners_within_horizon(setting)
    breaches = [np.empty((0, len(LIMITS)), np.int16) for _ in joiners]
    for look, size in enumerate(plan.sizes):
        part = first_draws(asked, size, events)
        breaches = continued(
            part, breaches, size, threads=threads, progress=progress, ranges=ranges
        )
        curve = absorption_curve(breaches, events, plan.level(look))
        tried = curve.iloc[: arriving + 1]  # more can never join: nothing is tried
        headline_settled = extra_risk_settled(tried, tolerance, ceiling)
        absolute_settled = confidence_settled(tried, confidence)
        if headline_settled and absolute_settled:
            break
    headline = at_most(by_extra_risk(tried, tolerance, ceiling), arriving, max(joiners))
    at = min(len(joiners) - 1, 0 if headline.capacity is None else headline.capacity + 1)
    return Absorption(
        headline=headline,
        absolute=at_most(by_confidence(tried, confidence), arriving, max(joiners)),
        tolerance=tolerance,
        confidence=confidence,
        curve=curve,
        binding=binding_limits(breaches[at]),
        binding_at=at,
        replicates=size,
        draws=size // events,
        seed=setting.seed,
        stopping=Stopping(
            looks=plan.sizes if looks else (),
            taken=look + 1,
            error=error,
            spent=plan.spent(look),
            headline_settled=headline_settled,
            absolute_settled=absolute_settled,
        ),
    )


def first_draws(setting: Setting, replicates: int, events: int) -> Setting:
    """Return the setting with as many of its first draws as so many trajectories need.

    Parameters are drawn one after another from named streams, so these are the very draws that a
    run of this length alone would have made.

    Raises:
        ValueError: `replicates` is not a multiple of `events`.
    """
    if replicates % events:
        raise ValueError(f"{replicates} replicates are not a multiple of {events} events a draw")
    kept = slice(replicates // events)
    return replace(
        setting,
        params=setting.params[kept],
        derived=setting.derived[kept],
        below=setting.below[kept],
    )


def continued(
    setting: Setting,
    breaches: Sequence[Breaches],
    replicates: int,
    *,
    threads: int = 1,
    progress: Progress | None = None,
    ranges: Ranges | None = None,
) -> list[Breaches]:
    """Return the breaches at 0, 1, ... N joiners with the trajectories that were still to be run.

    Args:
        setting: What is simulated, with all N joiners.
        breaches: What was run before, the same number of trajectories for each number of joiners.
        replicates: Trajectories wanted for each number in all.
        threads: Worker threads; the result does not depend on it.
        progress: Called with the trajectories just finished.
        ranges: What runs ranges of trajectories, in place of threads (`ranges.workers`).
    """
    done = len(breaches[0])
    further = run_curve(
        setting, replicates, first=done, threads=threads, progress=progress, ranges=ranges
    )
    return [np.concatenate(parts) for parts in zip(breaches, further, strict=True)]


def absorption_curve(
    breaches: Sequence[Breaches], events: int, level: float = INTERVAL_LEVEL
) -> pd.DataFrame:
    """Return the curve of `Absorption` from the breaches at 0, 1, ... N joiners."""
    beyond = [any_breach(breach) for breach in breaches]
    rows = []
    for n, now in enumerate(beyond):
        holds = nested_share(~now, events, level)
        extra = nested_difference(now, beyond[0], events, level)
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


def extra_risk_settled(curve: pd.DataFrame, tolerance: float, ceiling: float) -> bool:
    """Return whether more trajectories could not change the answer by extra risk.

    So it is where a trust without joiners is surely beyond the ceiling; or surely not, and the
    first number not shown to be within tolerance is surely beyond it, or there is none such.
    """
    none = curve.iloc[0]
    if 1.0 - none["upper"] > ceiling:
        return True
    within, beyond = curve["extra_upper"] <= tolerance, curve["extra_lower"] > tolerance
    return bool(1.0 - none["lower"] <= ceiling and settled(within, beyond))


def confidence_settled(curve: pd.DataFrame, confidence: float) -> bool:
    """Return whether more trajectories could not change the answer by confidence."""
    return bool(settled(curve["lower"] >= confidence, curve["upper"] < confidence))


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


def at_most(answer: Answer, arriving: int, asked: int) -> Answer:
    """Claim no more schools than the pace lets join, where more were asked for."""
    if answer.capacity is None or answer.capacity < arriving or asked <= arriving:
        return answer
    return Answer(arriving, "limit_of_pace")


def _largest(within: pd.Series[bool], otherwise: str) -> Answer:
    shown = int(shown_in_order(within))
    return Answer(shown - 1, "limit_of_search" if shown == len(within) else otherwise)


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
