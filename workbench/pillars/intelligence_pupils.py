"""Intelligence from pupils and parents: whose voice is heard, who chooses, who is left behind.

The gap of a school is given where both of its groups have enough pupils, and in neither all did
alike: a group of which nobody or everybody reached the mark would tell each pupil's result. The
trust's is pooled over exactly the schools whose own gap is given: so no subtraction brings back
what was held back.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd
from scipy import special

from workbench.measures.differences import difference
from workbench.measures.intervals import Interval, proportion_interval
from workbench.pillars.indicator import Measured, counted, measured, not_applicable, not_enough
from workbench.pillars.measuring import Measure, middle_day, share_of
from workbench.pillars.scope import Scope
from workbench.terms import Term

# The measure by which schools of a phase are compared, of those that the table `attainment` holds.
MAIN_MEASURES: Mapping[str, str] = MappingProxyType({
    "primary": "key stage 2 expected",
    "secondary": "attainment 8",
    "all-through": "attainment 8",
})  # fmt: skip
_IN_POINTS = ("attainment 8",)
_WORSE, _BETTER = "disadvantaged", "not disadvantaged"
_VISIT = "a visit of pupils to a school in the last 12 months"


def _pupil_voice(scope: Scope) -> Measured:
    visits = _visits(scope)
    schools = scope.rows("schools")["urn"]
    latest = visits.groupby("visited_urn")["held"].max()
    # The table is kept, so that where no visit is on record none was made.
    return share_of(
        scope, "pupil_voice", schools.isin(latest.index), n_of="school", lacking=_VISIT,
        dates=None if latest.empty else schools.map(latest),
        note=f"{counted(len(visits), 'visit')} in the last 12 months", estimated=False,
    )  # fmt: skip


def _visits_to_others(scope: Scope) -> Measured:
    visits = _visits(scope)
    return share_of(
        scope, "visits_to_others", visits["visited_urn"] != visits["visiting_urn"],
        n_of="visit", lacking=_VISIT, dates=visits["held"],
    )  # fmt: skip


def _visits(scope: Scope) -> pd.DataFrame:
    return scope.between(scope.rows("pupil_visits", "visited_urn"), "held", scope.years_ago(1))


def _first_preferences(scope: Scope) -> Measured:
    key = "first_preferences"
    offers = scope.rows("admissions")
    offers = offers[offers["offers_made"] <= pd.Timestamp(scope.as_of)].sort_values("offers_made")
    if offers.empty:
        return not_enough(key, scope.indicator(key), "places and first preferences of any year")
    offers = offers.assign(year=[Term.of(day.date()).year for day in offers["offers_made"]])
    offers = offers.drop_duplicates(["urn", "year"], keep="last").set_index("urn")
    newest = int(offers["year"].max())
    # Phases make their offers on different days: a school may still be a year behind another.
    now = offers[offers["year"] >= newest - 1].groupby(level="urn").tail(1)
    late, stale = int((now["year"] < newest).sum()), offers.index.nunique() - len(now)
    notes = (
        _against_last_year(offers, now),
        f"{counted(late, 'school')} still with the offers of the year before" if late else "",
        f"{counted(stale, 'school')} with older offers only left out" if stale else "",
    )
    return measured(
        key, scope.indicator(key), _preferred(now),
        as_of=scope.as_of, n=int(now["places"].sum()), n_of="place",
        evidence_date=middle_day(now["offers_made"]),
        note="; ".join(part for part in notes if part),
    )  # fmt: skip


def _against_last_year(offers: pd.DataFrame, now: pd.DataFrame) -> str:
    """Say the change since the year before, of the schools that have both years."""
    wanted = offers["year"] == offers.index.map(now["year"].to_dict()) - 1
    before = offers[wanted]
    if before.empty:
        return "nothing on the year before"
    change = _preferred(now.loc[before.index]) - _preferred(before)
    return f"{change:+.1f} on the year before, {counted(len(before), 'school')} compared"


def _preferred(offers: pd.DataFrame) -> float:
    return 100 * float(offers["first_preferences"].sum()) / float(offers["places"].sum())


def _gap(scope: Scope) -> Measured:
    key = "disadvantaged_gap"
    indicator, schools = scope.indicator(key), scope.rows("schools")
    main = schools.set_index("urn")["phase"].map(MAIN_MEASURES).dropna()
    if main.empty:
        return not_applicable(key, indicator, "no main measure of attainment for this phase")
    fewest = int(scope.settings.pillars.windows.fewest_pupils.value)
    results = _latest_results(scope, main, fewest)
    if results.empty:
        return not_enough(
            key, indicator,
            f"results of at least {fewest} disadvantaged and {fewest} other pupils of a school, "
            "who did not all do alike",
        )  # fmt: skip
    pupils = results.groupby("measure")["pupils"].sum()
    measure = str(pupils.idxmax())
    pooled = results[results["measure"] == measure]
    worse, better = (
        _pooled(pooled[pooled["group"] == name], measure, scope.confidence)
        for name in (_WORSE, _BETTER)
    )
    gap = difference(better, worse)
    certain = bool(np.isfinite([gap.lower, gap.upper]).all())
    return measured(
        key, indicator, gap.estimate,
        as_of=scope.as_of, n=int(pupils[measure]), n_of="pupil",
        evidence_date=middle_day(pooled["results"]),
        interval=gap if certain else None,
        note=_about_gap(scope, measure, pooled, main, certain),
        own_unit="points" if measure in _IN_POINTS else "percentage points",
    )  # fmt: skip


def _about_gap(
    scope: Scope, measure: str, pooled: pd.DataFrame, main: pd.Series, certain: bool
) -> str:
    of_phase = int((main == measure).sum())
    counted_in = pooled["urn"].nunique()
    others, left_out = len(scope.rows("schools")) - of_phase, of_phase - counted_in
    disadvantaged = int(pooled.loc[pooled["group"] == _WORSE, "pupils"].sum())
    parts = (
        f"{measure}; {disadvantaged} disadvantaged pupils",
        "" if scope.urn else f"pooled by pupils over {counted(counted_in, 'school')}",
        f"{counted(left_out, 'more school')} of that phase left out, without results, with too "
        "few pupils in a group or with a group who all did alike" if left_out else "",
        f"{counted(others, 'school')} of other phases not in it" if others else "",
        "" if certain else "no range: the spread between pupils is not given",
    )  # fmt: skip
    return "; ".join(part for part in parts if part)


def _latest_results(scope: Scope, main: pd.Series, fewest: int) -> pd.DataFrame:
    """Return the rows of both groups, of schools where both may be shown.

    Rows are of each school's main measure, in the latest year that any school has of it.
    """
    table = scope.rows("attainment")
    known = table[table["results"] <= pd.Timestamp(scope.as_of)]
    known = known[known["measure"] == known["urn"].map(main)]
    year = pd.Series([Term.of(day.date()).year for day in known["results"]], known.index, dtype=int)
    known = known[year == year.groupby(known["measure"]).transform("max")]
    known = known[known["results"] == known.groupby("urn")["results"].transform("max")]
    groups = known[known["group"].isin([_WORSE, _BETTER])]
    shown = groups[(groups["pupils"] >= fewest) & ~_all_alike(groups)]
    return shown[shown.groupby("urn")["group"].transform("nunique") == 2]


def _all_alike(groups: pd.DataFrame) -> pd.Series[bool]:
    """Mark groups of which nobody or everybody reached the mark, or nobody has a point."""
    pupils = groups["pupils"].astype("float64")
    reached = _reached(groups)
    of_all = (reached == 0) | (reached == pupils)
    return of_all.mask(groups["measure"].isin(_IN_POINTS), groups["value"] == 0)


def _reached(groups: pd.DataFrame) -> pd.Series[float]:
    """How many pupils a share in per cent stands for, to the nearest whole one."""
    return (groups["value"] * groups["pupils"].astype("float64") / 100).round()


def _pooled(group: pd.DataFrame, measure: str, confidence: float) -> Interval:
    """Return the value of all pupils of a group, over schools, with its interval.

    Per cent: Wilson's interval of the pupils counted. Points: the t interval of a mean, from the
    spread within schools and between their means; infinitely wide where no spread is given.
    """
    pupils = group["pupils"].to_numpy(float)
    total = float(pupils.sum())
    if measure not in _IN_POINTS:
        reached = int(_reached(group).sum())
        share = proportion_interval(reached, int(total), confidence=confidence)
        assert share is not None  # groups without pupils have been left out
        return share.times(100)
    means, spreads = group["value"].to_numpy(float), group["spread"].to_numpy(float)
    mean = float(pupils @ means / total)
    squares = float((pupils - 1) @ spreads**2 + pupils @ (means - mean) ** 2)
    if np.isnan(squares):
        return Interval(mean, -np.inf, np.inf, confidence)
    half = float(special.stdtrit(total - 1, 0.5 + confidence / 2)) * np.sqrt(
        squares / (total - 1) / total
    )
    return Interval(mean, mean - half, mean + half, confidence)


MEASURES: Mapping[str, Measure] = MappingProxyType({
    "pupil_voice": _pupil_voice,
    "visits_to_others": _visits_to_others,
    "first_preferences": _first_preferences,
    "disadvantaged_gap": _gap,
})  # fmt: skip
