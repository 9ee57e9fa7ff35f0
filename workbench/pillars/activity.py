"""The improvement activity pillar: is what is done driven by need, tested, and does it work?"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType

import numpy as np
import pandas as pd
from scipy import special

from workbench.measures.intervals import Interval
from workbench.measures.shrinkage import Shrunken, mean_of, shrink
from workbench.pillars.indicator import Measured, counted, measured, not_applicable, not_enough
from workbench.pillars.measuring import Measure, due_by_now, measure, middle_day, share_of
from workbench.pillars.process import over_projects
from workbench.pillars.scope import Scope

_COUNTED = "closed project with an effect|closed projects with an effect"
_EFFECTS = "two closed projects with an effect and its standard error"


def activity(scope: Scope) -> tuple[Measured, ...]:
    """Measure the improvement activity pillar of a trust or school, in the declared order."""
    return measure(scope, "improvement activity", MEASURES)


def effects(scope: Scope) -> tuple[pd.DataFrame, Shrunken | None]:
    """Return the trust's closed projects with an effect, and their effects shrunk.

    One project says nothing of how projects differ, so from one there is nothing to shrink.
    """
    projects = scope.trust.tables["projects"]
    known = projects[projects["closed"].notna() & projects["effect"].notna()]
    known = known[known["effect_error"].notna()].set_index("project_id")
    if len(known) < 2:
        return known, None
    return known, shrink(known["effect"], known["effect_error"], scope.confidence)


def _need_diagnosed(scope: Scope) -> Measured:
    return over_projects(scope, "need_diagnosed", partial(_need, scope))


def _need(scope: Scope, projects: pd.DataFrame) -> Measured:
    other = projects.loc[projects["prompted_by"] != "diagnosed need", "prompted_by"]
    tally = other.value_counts().sort_index()
    return share_of(
        scope, "need_diagnosed", projects["prompted_by"].eq("diagnosed need"),
        n_of="project", lacking="projects of the recent terms",
        note=", ".join(f"{count} prompted by {what}" for what, count in tally.items()),
    )  # fmt: skip


def _baseline_and_comparator(scope: Scope) -> Measured:
    return over_projects(scope, "baseline_and_comparator", partial(_baseline, scope))


def _baseline(scope: Scope, projects: pd.DataFrame) -> Measured:
    said = projects["has_baseline"].notna() & projects["has_comparator"].notna()
    both = (projects["has_baseline"] & projects["has_comparator"]).where(said)
    return share_of(
        scope, "baseline_and_comparator", both,
        n_of="project",
        lacking="whether projects of the recent terms have a baseline and a comparator",
    )  # fmt: skip


def _fidelity_checked(scope: Scope) -> Measured:
    return over_projects(scope, "fidelity_checked", partial(_fidelity, scope))


def _fidelity(scope: Scope, projects: pd.DataFrame) -> Measured:
    """Sites are counted, not projects, so a large project counts by its size."""
    key = "fidelity_checked"
    known = projects[projects["sites"].notna() & projects["fidelity_checked"].notna()]
    sites, checked = int(known["sites"].sum()), int(known["fidelity_checked"].sum())
    if sites == 0:
        return not_enough(
            key, scope.indicator(key), "sites of projects and how many of them were checked"
        )
    hits = pd.Series([True] * checked + [False] * (sites - checked), dtype="boolean")
    silent = len(projects) - len(known)
    return share_of(
        scope, key, hits,
        n_of="site", lacking="sites",
        note=f"in {counted(len(known), 'project')}"
        + (f"; {counted(silent, 'more project')} not said" if silent else ""),
    )  # fmt: skip


def _pilots_decided(scope: Scope) -> Measured:
    projects = scope.trust.tables["projects"]
    pilots = projects[projects["is_pilot"].fillna(False).astype(bool)]
    due = scope.between(pilots, "decision_due", scope.long_from)
    due = due_by_now(scope, due, "decision_due", "decided")
    in_time = due["decided"].notna() & (due["decided"] <= due["decision_due"])
    return share_of(
        scope, "pilots_decided", in_time,
        n_of="pilot", lacking=f"pilots whose decision was due {scope.in_the_long_years}",
        dates=due["decision_due"],
    )  # fmt: skip


def _mean_effect(scope: Scope) -> Measured:
    key = "mean_effect"
    known, shrunken = effects(scope)
    if shrunken is None:
        return not_enough(key, scope.indicator(key), _EFFECTS)
    if scope.urn is None:
        reach = float(special.stdtrit(len(known) - 1, 0.5 + scope.confidence / 2))
        error = reach * shrunken.centre_error
        value = shrunken.centre
        interval = Interval(value, value - error, value + error, scope.confidence)
        return measured(
            key, scope.indicator(key), value,
            as_of=scope.as_of, n=len(known), n_of=_COUNTED,
            evidence_date=middle_day(known["closed"]), interval=interval,
            note=f"projects differ from each other by {np.sqrt(shrunken.tau2):.2f} "
            f"beyond what chance would do{_without_effect(scope, len(known))}",
        )  # fmt: skip
    own = known[known["urn"].eq(scope.urn).fillna(False).astype(bool)]
    if own.empty:
        return not_applicable(key, scope.indicator(key), "no project of it closed with an effect")
    interval = mean_of(shrunken, own.index, scope.confidence)
    return measured(
        key, scope.indicator(key), interval.estimate,
        as_of=scope.as_of, n=len(own), n_of=_COUNTED,
        evidence_date=middle_day(own["closed"]), interval=interval,
        note=f"shrunk towards the trust's mean of {shrunken.centre:.2f}; as reported "
        f"{own['effect'].mean():.2f}{_without_effect(scope, len(own))}",
    )  # fmt: skip


def _without_effect(scope: Scope, known: int) -> str:
    """Say how many closed projects have no effect: what did not work is measured least often."""
    silent = int(scope.rows("projects")["closed"].notna().sum()) - known
    if silent == 0:
        return ""
    have = "has" if silent == 1 else "have"
    return f"; {counted(silent, 'more closed project')} {have} no effect on record"


def _chance_above_zero(shrunken: Shrunken, projects: int) -> float:
    """Student's t with a degree of freedom less than projects, for their spread is estimated.

    G. Knapp and J. Hartung, "Improved tests for a random effects meta-regression with a single
    covariate", Statistics in Medicine 22, 2003; where the variance between is that of Paule and
    Mandel their scale is one.
    """
    return float(special.stdtr(projects - 1, shrunken.centre / shrunken.centre_error))


def _effect_probability(scope: Scope) -> Measured:
    key = "effect_probability"
    known, shrunken = effects(scope)
    if shrunken is None:
        return not_enough(key, scope.indicator(key), _EFFECTS)
    # The chance holds its doubt itself, but rests on too little with the fewest projects.
    few = len(known) < scope.settings.pillars.windows.fewest_for_interval.value
    return measured(
        key, scope.indicator(key), _chance_above_zero(shrunken, len(known)),
        as_of=scope.as_of, n=len(known), n_of=_COUNTED,
        evidence_date=middle_day(known["closed"]), estimated=few,
    )  # fmt: skip


MEASURES: Mapping[str, Measure] = MappingProxyType({
    "need_diagnosed": _need_diagnosed,
    "baseline_and_comparator": _baseline_and_comparator,
    "fidelity_checked": _fidelity_checked,
    "pilots_decided": _pilots_decided,
    "mean_effect": _mean_effect,
    "effect_probability": _effect_probability,
})  # fmt: skip
