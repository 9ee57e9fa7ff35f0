"""A dated plan: the earliest term in which each next school can join within the risk accepted.

Schools are taken in the scenario's order, each at or after the one before, and each is given the
first term in which the extra risk of the plan so far is surely within the tolerance. A school that
joins late is judged over few terms and seems safe: none is given a term that leaves it fewer than
the declared number before the horizon.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from workbench.growth.absorb import any_breach, binding_limits
from workbench.growth.setting import Setting
from workbench.growth.simulate import Breaches, Progress
from workbench.measures.intervals import Interval
from workbench.parameters.levers import LeverSizes
from workbench.parameters.scenario import JoinerKind, Scenario
from workbench.scenario.changes import Plan
from workbench.scenario.trial import Trial, trial
from workbench.scenario.yardstick import Yardstick, yardstick
from workbench.terms import Term
from workbench.trust.load import Trust


@dataclass(frozen=True)
class DatedPlan:
    """When each school could join.

    Attributes:
        steps: One row a school: joiner, phase, band, planned and planned_index (the scenario's own
            term), term and index (the earliest that works; missing where none does), extra_risk,
            lower and upper of the plan up to this school (in the last term tried where none
            works), reason (empty where a term works), binds (the limit that goes first most often
            in futures that break one only with the plan; empty where there is none).
        tried: One row a term tried: joiner, term, index, extra_risk, lower, upper.
        proof: Extra risk of all dated schools together on fresh luck, or None where none is dated.
        tolerance: Extra risk accepted.
        last: The last term a school could be given.
        judged_terms: Terms that leaves before the horizon.
        replicates: Trajectories for each term tried.
    """

    steps: pd.DataFrame
    tried: pd.DataFrame
    proof: Interval | None
    tolerance: float
    last: str
    judged_terms: int
    replicates: int

    @property
    def dated(self) -> int:
        """Number of schools with a term."""
        return int(self.steps["term"].notna().sum())

    @property
    def proved(self) -> bool:
        """Whether the dated schools together are shown within the tolerance on fresh luck."""
        return self.proof is not None and self.proof.upper <= self.tolerance


@dataclass(frozen=True)
class Try:
    """One term tried for one school.

    Attributes:
        joiner: Its number.
        index: The term, counted from the first.
        extra: Extra risk of the plan up to this school, with it in this term.
        binds: The limit that goes first most often in futures that break one only with the plan.
    """

    joiner: int
    index: int
    extra: Interval
    binds: str


def dated_plan(
    trust: Trust,
    scenario: Scenario,
    sizes: LeverSizes,
    *,
    replicates: int,
    seed: int,
    joiners: int | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> DatedPlan:
    """Give each school of a plan the earliest term that keeps within the risk accepted.

    Args:
        trust: The trust.
        scenario: The plan: who joins, in which order, not before its first term.
        sizes: How many terms a school must be judged for, and how the proof is made.
        replicates: Trajectories for each term tried.
        seed: Seed of every stream.
        joiners: Schools to be dated; those of the plan if None, and at least one.
        threads: Worker threads (default: all cores); no answer depends on it.
        progress: Called with the trajectories just finished.
    """
    shared = trial(
        trust, scenario, sizes, replicates=replicates, seed=seed, threads=threads, progress=progress
    )
    prepared = shared.prepared(scenario)
    count = min(shared.most, max(1, scenario.joiners.schools if joiners is None else joiners))
    setting = prepared.setting.with_joiners(count)
    tries, given, reasons = earliest_terms(shared, setting)
    last = setting.terms - int(sizes.judged_terms.value)
    return DatedPlan(
        steps=_steps(
            setting,
            kinds=prepared.joiners,
            first=prepared.first,
            tries=tries,
            given=given,
            reasons=reasons,
        ),
        tried=_tried(tries, prepared.first),
        proof=_proof(shared, given) if given else None,
        tolerance=shared.settings.risk.tolerance.value,
        last=str(prepared.first + last),
        judged_terms=setting.terms - last,
        replicates=replicates,
    )


def earliest_terms(
    shared: Trial, setting: Setting
) -> tuple[tuple[Try, ...], tuple[int, ...], tuple[str, ...]]:
    """Return the terms tried, those given to the first joiners, and each joiner's reason.

    A reason is empty where a term is given; else `already_beyond_limits`, `joins_too_late`,
    `extra_risk_exceeds_tolerance` (by the estimate, in every term tried),
    `not_shown_within_tolerance` (in some term by its upper bound alone), or
    `waits_for_the_one_before`.
    """
    without = shared.run(setting.with_joiners(0)).breach
    measured = yardstick(shared, setting, any_breach(without))
    last = setting.terms - int(shared.sizes.judged_terms.value)
    due = setting.school["join_term"][setting.existing :]
    if measured.is_beyond:
        return (), (), ("already_beyond_limits",) * len(due)
    tries: list[Try] = []
    given: list[int] = []
    at = int(due.min())
    for joiner in range(1, len(due) + 1):
        while at <= last:
            breach = shared.run(at_terms(setting, [*given, at])).breach
            extra = measured.extra(any_breach(breach))
            tries.append(Try(joiner, at, extra, _binds(breach, without)))
            if extra.upper <= measured.tolerance:
                given.append(at)
                break
            at += 1
        if len(given) < joiner:
            reason = why([one for one in tries if one.joiner == joiner], measured)
            waiting = ("waits_for_the_one_before",) * (len(due) - joiner)
            return tuple(tries), tuple(given), (*("",) * len(given), reason, *waiting)
    return tuple(tries), tuple(given), ("",) * len(given)


def at_terms(setting: Setting, terms: Sequence[int]) -> Setting:
    """Return a setting with as many joiners as there are terms, each joining in its own."""
    kept = setting.with_joiners(len(terms))
    school = kept.school.copy()
    school["join_term"][kept.existing :] = terms
    return replace(kept, school=school)


def why(tries: Sequence[Try], measured: Yardstick) -> str:
    """Return why a joiner is given no term, from the terms tried for it."""
    if not tries:
        return "joins_too_late"
    above = all(one.extra.estimate > measured.tolerance for one in tries)
    return "extra_risk_exceeds_tolerance" if above else "not_shown_within_tolerance"


def _binds(breach: Breaches, without: Breaches) -> str:
    """Return the limit that most often goes first in futures that break one only with the plan."""
    only = breach[any_breach(breach) & ~any_breach(without)]
    return str(binding_limits(only)["limit"].iloc[0]) if len(only) else ""


def _proof(shared: Trial, given: Sequence[int]) -> Interval:
    fresh = shared.proof()
    setting = at_terms(fresh.setting(Plan(fresh.scenario)), given)
    broken = fresh.broken(setting)
    return yardstick(fresh, setting, broken(0)).extra(broken(len(given)))


def _steps(
    setting: Setting,
    *,
    kinds: Sequence[JoinerKind],
    first: Term,
    tries: Sequence[Try],
    given: Sequence[int],
    reasons: Sequence[str],
) -> pd.DataFrame:
    latest = {one.joiner: one for one in tries}
    rows = []
    for j, reason in enumerate(reasons):
        planned, one = int(setting.school["join_term"][setting.existing + j]), latest.get(j + 1)
        found = j < len(given)
        rows.append(
            {
                "joiner": j + 1,
                "phase": kinds[j].phase,
                "band": kinds[j].band,
                "planned": str(first + planned),
                "planned_index": planned,
                "term": str(first + given[j]) if found else None,
                "index": given[j] if found else None,
                "extra_risk": one.extra.estimate if one else np.nan,
                "lower": one.extra.lower if one else np.nan,
                "upper": one.extra.upper if one else np.nan,
                "reason": reason,
                "binds": one.binds if one else "",
            }
        )
    return pd.DataFrame(rows).astype({"index": "Int64", "term": "object"})


def _tried(tries: Sequence[Try], first: Term) -> pd.DataFrame:
    columns = ["joiner", "term", "index", "extra_risk", "lower", "upper"]
    rows = [
        (t.joiner, str(first + t.index), t.index, t.extra.estimate, t.extra.lower, t.extra.upper)
        for t in tries
    ]
    return pd.DataFrame(rows, columns=columns)
