"""What could make an effect out of nothing: tried before an effect is believed.

- Schools whose number was low by bad luck rise with no support (regression to the mean).
- Supported schools may have been on another path already (placebo dates).
- What trusts share, and what schools keep, is no effect of support (mixed model).
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import statsmodels.formula.api as smf
from statsmodels.tools.sm_exceptions import ConvergenceWarning

from workbench.errors import BadInput, RunFailed
from workbench.measures.clustered import Estimate, clustered_fit
from workbench.research.impact.effects import Effects, group_time_effects
from workbench.research.impact.panel import NEVER, Floats, ImpactPanel, Ints
from workbench.research.impact.plan import Plan, declared_plan


@dataclass(frozen=True)
class Bounce:
    """How schools with a low number moved by the next period, with no support in either.

    Attributes:
        picked: Schools with the lowest numbers.
        others: The rest.
        period: The period in which they were picked.
        below: How far the picked schools lay below the mean of all, in the outcome's unit.
        risen: How much more they changed by the next period than the others did, with its doubt.
        correlation: Correlation of the two periods' numbers.
    """

    picked: int
    others: int
    period: int
    below: float
    risen: Estimate
    correlation: float


def bounce(panel: ImpactPanel, period: int, *, share: float, low_is_weak: bool = True) -> Bounce:
    """Pick the weakest never-supported schools of a period and see them in the next one.

    Numbers count from the mean of the school's group. Those that are partly luck lie nearer the
    mean the next time (F. Galton, "Regression towards mediocrity in hereditary stature", Journal of
    the Anthropological Institute 15, 1886; A. G. Barnett, J. C. van der Pols and A. J. Dobson,
    "Regression to the mean: what it is and how to deal with it", International Journal of
    Epidemiology 34, 2005, 215-220).

    Args:
        panel: The schools.
        period: The period to pick in; one must follow.
        share: Share of schools picked, between 0 and 1.
        low_is_weak: Whether a low number is a weak one; not so for absence.

    Raises:
        BadInput: There is no such period or none after it, or there are too few schools.
    """
    place = int(np.searchsorted(panel.periods, period))
    if place >= len(panel.periods) - 1 or panel.periods[place] != period or not 0 < share < 1:
        raise BadInput(
            f"a share of {share:g} cannot be picked in period {period} and seen in the next",
            rule="a period of the panel with one after it, and 0 < share < 1",
            mend=f"one of {', '.join(map(str, panel.periods[:-1]))}",
        )
    pair = panel.outcome[:, [place, place + 1]]
    kept = (panel.joined == NEVER) & np.isfinite(pair).all(axis=1)
    before, after = _within(pair[kept], panel.group[kept]).T
    number = int(np.floor(share * len(before)))
    if number < 2 or len(before) - number < 2:
        raise BadInput(
            f"{len(before)} schools never supported are too few to pick from",
            rule="two picked schools and two others, or more",
            mend="bring more schools, or pick another share",
        )
    sign = 1.0 if low_is_weak else -1.0
    low = np.zeros(len(before))
    low[np.argsort(sign * before, kind="stable")[:number]] = 1.0
    design = np.column_stack([np.ones(len(low)), low])
    fit = clustered_fit(design, after - before, panel.clusters[kept])
    return Bounce(
        picked=number,
        others=len(before) - number,
        period=period,
        below=float(before.mean() - before[low > 0].mean()),
        risen=fit.estimate(np.array([0.0, 1.0])),
        correlation=float(np.corrcoef(before, after)[0, 1]),
    )


def placebo(panel: ImpactPanel, plan: Plan | None = None) -> Effects:
    """Estimate the effect of a joining that did not happen, some periods before the true one.

    Periods from the true joining on are taken out, so that whatever is found is no effect. An
    interval that leaves zero out says that supported schools were on another path beforehand.

    Args:
        panel: The schools.
        plan: The analysis plan, which says how many; the declared one if none is given.

    Raises:
        BadInput: The history before joining is too short for any cohort.
    """
    plan = plan or declared_plan()
    earlier = plan.placebo_periods
    ever = panel.joined != NEVER
    place = np.searchsorted(panel.periods, panel.joined)
    after = ever[:, None] & (np.arange(len(panel.periods)) >= place[:, None])
    # A joining after the last period is shifted by what lies beyond, and stays a comparison.
    early_enough = ever & (place - earlier >= plan.base)
    shifted: Ints = np.where(
        early_enough & (place < len(panel.periods)),
        panel.periods[np.clip(place - earlier, 0, len(panel.periods) - 1)],
        panel.joined,
    )
    outcome = np.where(after, np.nan, panel.outcome)
    kept = ~ever | early_enough
    return group_time_effects(
        replace(
            panel,
            urn=panel.urn[kept],
            clusters=panel.clusters[kept],
            joined=shifted[kept],
            group=panel.group[kept],
            outcome=outcome[kept],
        ),
        plan,
    )


def _within(numbers: Floats, group: Ints) -> Floats:
    """Return numbers less the mean of each group, column by column."""
    frame = pd.DataFrame(numbers)
    return np.asarray(frame - frame.groupby(group).transform("mean"))


@dataclass(frozen=True)
class Parts:
    """Where the spread of an outcome lies, and the support's effect, by a mixed model.

    Attributes:
        trust: Standard deviation between trusts, in the outcome's unit.
        school: Between schools of one trust.
        luck: Of one school between periods.
        effect: The effect of support, were it the same everywhere and at once.
        error: Its standard error, by the model.
        rows: Numbers it rests on.
    """

    trust: float
    school: float
    luck: float
    effect: float
    error: float
    rows: int


def mixed_model(panel: ImpactPanel, *, most_schools: int) -> Parts:
    """Part the outcome's spread by trust and school, fitted by restricted maximum likelihood.

    Outcome = period + group + support + trust + school + luck, the last three normal and
    independent (N. M. Laird and J. H. Ware, "Random-effects models for longitudinal data",
    Biometrics 38, 1982, 963-974; statsmodels MixedLM). Its effect rests on more than the
    differences do: it also takes supported schools for comparable in level, so it is shown beside
    them and does not replace them.

    Args:
        panel: The schools.
        most_schools: Of schools that are never supported at most so many are used, evenly by URN,
            for time's sake.

    Raises:
        RunFailed: The fit does not settle.
    """
    never = np.flatnonzero(panel.joined == NEVER)
    if len(never) > most_schools:
        never = never[np.linspace(0, len(never) - 1, most_schools).astype(int)]
    chosen = np.sort(np.r_[np.flatnonzero(panel.joined != NEVER), never])
    count = len(panel.periods)
    rows = pd.DataFrame(
        {
            "outcome": panel.outcome[chosen].ravel(),
            "period": np.tile(panel.periods, len(chosen)),
            "supported": (panel.periods >= panel.joined[chosen][:, None]).ravel().astype(float),
            "trust": np.repeat(panel.clusters[chosen], count),
            "school": np.repeat(panel.urn[chosen], count),
            "group": np.repeat(panel.group[chosen], count),
        }
    ).dropna()
    groups = " + C(group)" if rows["group"].nunique() > 1 else ""
    with warnings.catch_warnings():
        # The next lines look whether it converged; a variance at its edge, zero, is an answer.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model = smf.mixedlm(
            f"outcome ~ C(period) + supported{groups}", rows, groups="trust", re_formula="1",
            vc_formula={"school": "0 + C(school)"},
        )  # fmt: skip
        fit = model.fit(reml=True, method=["lbfgs", "powell"])
    if not fit.converged:
        raise RunFailed(
            "the mixed model did not settle",
            rule="restricted maximum likelihood converges",
            mend="leave the mixed model out; the differences do not rest on it",
        )
    return Parts(
        trust=float(np.sqrt(fit.cov_re.iloc[0, 0])),
        school=float(np.sqrt(fit.vcomp[0])),
        luck=float(np.sqrt(fit.scale)),
        effect=float(fit.fe_params["supported"]),
        error=float(fit.bse_fe["supported"]),
        rows=len(rows),
    )
