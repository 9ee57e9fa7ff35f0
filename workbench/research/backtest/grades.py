"""Grades forecast from what was known by a day, and scored beside simpler forecasts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from workbench.growth.calibrate.fit import Fitted, fit
from workbench.growth.calibrate.forecast import next_grades
from workbench.growth.calibrate.form import Form
from workbench.growth.calibrate.proposal import declared_belief
from workbench.growth.calibrate.visits import read_visits
from workbench.measures.forecasts import brier
from workbench.measures.scoring import Gain, Group, gain, log_score, reliability_curve
from workbench.measures.shocks import YearlyLevels
from workbench.parameters.research import BacktestRules, CalibrationRules
from workbench.research.backtest.cases import GOOD, Cases, cases_after, cases_before, known_by
from workbench.research.backtest.closed import successors_after, what_became
from workbench.research.backtest.inputs import SECONDARY, Inputs
from workbench.research.backtest.layer import Figures, columns_of, figures_known, fit_layer
from workbench.research.backtest.national_level import national_level, years_after

Floats = npt.NDArray[np.float64]
Known = Literal["ended", "published"]

COVARIATES = ("secondary",)
LATEST_GRADES = 4  # of each school that the chain is fitted to
BASELINES = ("persistence", "marginal", "last_grade_table")
LATEST_YEAR, HINDSIGHT = "last_grade_table_of_latest_year", "last_grade_table_in_hindsight"
APART = (LATEST_YEAR, HINDSIGHT)
_NO_FIGURES = Figures(pd.DataFrame(), {})
SIZES = (
    ("in no trust", 0),
    ("trust of 1 or 2", 2),
    ("3 to 5", 5),
    ("6 to 10", 10),
    ("11 or more", 0),
)


@dataclass(frozen=True, eq=False)
class GradeTest:
    """The back-test of grades: each school's next grade, good or better.

    Attributes:
        origin: The last day known.
        target: The last day of a grade.
        cases: One row a school, by urn: date, band, last, good (0 or 1), trust_uid (missing in
            none), authority, size (its trust's class of size), and each forecast.
        parts: Scores of what the model is made of, and of the model under both readings of what was
            known: name, brier, gain (share below the last-grade table of the same past).
        learnt_from: Inspections the layer and the baselines were fitted to.
        trust_spread: Variance, on the scale of log-odds, of what schools of one trust had in common
            beyond the model, in the inspections learnt from.
        national: What all schools of a school year may have in common, on the same scale.
        of_trusts: What schools in trusts may have in common in a school year beyond that.
        closed: Schools that closed before they were graded again and whose successor was: columns
            as `cases`, of which none is one; None where nothing was looked for.
        became: How many schools asked about at the origin were graded again, closed, and so on, as
            `closed.what_became` counts them.
    """

    origin: dt.date
    target: dt.date
    cases: pd.DataFrame
    parts: pd.DataFrame
    learnt_from: int
    trust_spread: float = 0.0
    national: YearlyLevels | None = None
    of_trusts: YearlyLevels | None = None
    closed: pd.DataFrame | None = None
    became: pd.DataFrame | None = None

    def scores(self, least: float) -> dict[str, dict[str, float]]:
        """Return Brier and logarithmic scores by forecast, `model` first.

        Args:
            least: The least chance of the logarithmic score.
        """
        names = ("model", *BASELINES, *APART)
        seen = self.cases["good"]
        return {
            "brier": {name: _number(brier(self.cases[name], seen)) for name in names},
            "log_score": {
                name: _number(log_score(self.cases[name], seen, least=least)) for name in names
            },
        }

    def gains(self, rules: BacktestRules, seed: int) -> dict[str, Gain | None]:
        """Return by what share the model's Brier score is below each other forecast's."""
        seen = self.cases["good"].to_numpy(float)
        own = (self.cases["model"].to_numpy() - seen) ** 2
        clusters = self._clusters()
        return {
            name: gain(own, (self.cases[name].to_numpy() - seen) ** 2, clusters, seed=seed,
                       draws=int(rules.resamples.value))
            for name in (*BASELINES, *APART)
        }  # fmt: skip

    def by_size(self) -> pd.DataFrame:
        """Return scores by the size of trust a school was in at the origin."""
        groups = {str(name): each for name, each in self.cases.groupby("size", observed=True)}
        return _scored(groups, "size").rename(columns={"count": "schools"})

    def with_successors(self) -> pd.DataFrame:
        """Return scores without and with closed schools whose successor was graded, and of both.

        Returns:
            One row each: schools (which), count, seen, forecast, brier, table and gain; those of
            no school are left out.
        """
        later = self.cases.iloc[:0] if self.closed is None else self.closed
        groups = {
            "graded again": self.cases,
            "closed, successor graded": later,
            "both": pd.concat([self.cases, later]),
        }
        return _scored({name: group for name, group in groups.items() if len(group)}, "schools")

    def reliability(self, groups: int = 10) -> tuple[Group, ...]:
        """Return the model's forecasts in groups beside what happened."""
        return reliability_curve(self.cases["model"], self.cases["good"], groups)

    def reliability_table(self, groups: int = 10) -> pd.DataFrame:
        """Return the same as a table: forecast, seen, lower, upper, schools."""
        rows = [
            (g.forecast, g.seen.estimate, g.seen.lower, g.seen.upper, g.count)
            for g in self.reliability(groups)
        ]
        return pd.DataFrame(rows, columns=["forecast", "seen", "lower", "upper", "schools"])

    def _clusters(self) -> npt.NDArray[np.str_]:
        """Return each school's trust, else its local authority, else itself."""
        trust = self.cases["trust_uid"].astype("str").where(self.cases["trust_uid"].notna())
        own = pd.Series(self.cases.index.astype("str"), self.cases.index)
        return trust.fillna(self.cases["authority"]).fillna("school " + own).to_numpy(np.str_)


def backtest_grades(
    inputs: Inputs,
    beliefs: CalibrationRules,
    rules: BacktestRules,
    origin: dt.date,
    target: dt.date,
    *,
    known: Known = "ended",
) -> GradeTest:
    """Forecast every grade after the origin, and keep what happened beside it.

    The model is the growth model's own chain of true bands, fitted to grades by the origin with the
    believed errors of inspection, and a layer over it (`layer`), fitted to the grades of the last
    school years. Baselines are fitted to the same grades: that the last grade stays; the share good
    or better of all; and of those with the same last grade.

    Args:
        inputs: What there is; nothing after the origin is used but to score.
        beliefs: What was believed of rates and errors of inspection before they were fitted.
        rules: The declared numbers of the back-test.
        origin: The last day known.
        target: The last day of a grade.
        known: Whether a figure is known once the school year that it describes has ended, or only
            when it is published. The other reading is scored beside it.

    Raises:
        BadInput: The files tell too little of one of the days.
        RunFailed: A fit did not end.
    """
    test = cases_after(inputs, origin, target)
    others = successors_after(inputs, origin, target, test)
    every = test.with_others(others)
    past = cases_before(
        inputs, origin, int(rules.window_years.value), int(rules.fewest_visits.value)
    )
    chain = fit_chain(inputs, beliefs, origin)
    both = _Both(past, every, *(chain_chances(chain, inputs, each) for each in (past, every)))
    forecasts: dict[str, Floats] = {"chain alone": both.told_every}
    learnt = np.empty(0)
    for name, months in {"ended": 0, "published": int(rules.publication_months.value)}.items():
        figures = figures_known(inputs, origin, months)
        forecasts[f"layer alone, figures {name}"] = _layered(
            both, inputs, figures, rules, chained=False
        )[1]
        before, after = _layered(both, inputs, figures, rules)
        forecasts[f"model, figures {name}"] = after
        learnt = before if name == known else learnt
    forecasts["model without figures"] = _layered(both, inputs, _NO_FIGURES, rules)[1]
    own = _places(inputs, origin, past.asked.index)["trust_uid"]
    spread = spread_between(learnt, past.outcomes, own)
    years, within = years_after(past.asked["date"], origin), own.notna().to_numpy()
    national, of_trusts = (
        national_level(learnt[here], years[here], own[here], spread=spread,
                       scale=rules.year_shock.value) if here.any() else None
        for here in (np.ones(len(own), dtype=bool), within)
    )  # fmt: skip
    cases = every.asked[["date", "band", "last"]].assign(good=every.outcomes)
    tables = _baselines(past, past.in_latest_year(origin), test, cases["last"])
    cases = cases.join(tables).assign(model=forecasts[f"model, figures {known}"])
    cases = cases.join(_places(inputs, origin, cases.index))
    main = cases.index.isin(test.asked.index)
    parts = _parts({name: each[main] for name, each in forecasts.items()}, cases[main])
    return GradeTest(
        origin, target, cases[main], parts, len(past.asked), spread, national,
        of_trusts, cases[~main], what_became(inputs, origin, target, test, others),
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Both:
    """What is learnt from and what is asked, with what the chain says of each."""

    past: Cases
    every: Cases
    told_past: Floats
    told_every: Floats


def _layered(
    both: _Both, inputs: Inputs, figures: Figures, rules: BacktestRules, *, chained: bool = True
) -> tuple[Floats, Floats]:
    """Return the chances of what the layer is fitted to, and of what is asked."""
    columns = [
        columns_of(cases, inputs.schools, figures, rules.fading_years.value,
                   told if chained else None)
        for cases, told in ((both.past, both.told_past), (both.every, both.told_every))
    ]  # fmt: skip
    layer = fit_layer(columns[0], both.past.outcomes, rules.penalty.value)
    return layer.chances(columns[0]), layer.chances(columns[1])


def spread_between(chances: Floats, outcomes: npt.ArrayLike, trusts: pd.Series) -> float:
    """Return the variance of what outcomes within a trust have in common, in log-odds; 0 or more.

    By moments: what squared sums of residuals have beyond chance, over what one unit of variance
    would give pairs of schools (N. E. Breslow and D. G. Clayton, "Approximate inference in
    generalized linear mixed models", JASA 88, 1993, to the first order, hence somewhat too low).

    Args:
        chances: Forecast of each outcome.
        outcomes: 0 or 1.
        trusts: The trust of each; missing where none.
    """
    apart = np.asarray(outcomes, dtype=float) - chances
    by_chance = chances * (1.0 - chances)
    each = pd.DataFrame({"apart": apart, "by_chance": by_chance, "alone": by_chance**2})
    sums = each.groupby(trusts.to_numpy(dtype=float, na_value=np.nan)).sum()
    beyond = float((sums["apart"] ** 2 - sums["by_chance"]).sum())
    unit = float((sums["by_chance"] ** 2 - sums["alone"]).sum())
    return max(beyond / unit, 0.0) if unit > 0 else 0.0


def fit_chain(inputs: Inputs, beliefs: CalibrationRules, origin: dt.date) -> Fitted:
    """Fit the growth model's chain to the latest grades of every school that were known by a day.

    Schools that are asked about later are not told apart: who was to be seen again was not known.
    """
    whole = _as_visits(known_by(inputs.visits, origin), inputs)
    whole = whole[whole.groupby("urn").cumcount(ascending=False) < LATEST_GRADES]
    form = Form(COVARIATES, errors=beliefs.errors)
    return fit(read_visits(whole, COVARIATES), form, belief=declared_belief(form, beliefs))


def chain_chances(chain: Fitted, inputs: Inputs, cases: Cases) -> Floats:
    """Return the chain's chance that each case is good or better, in order of URN."""
    told = _as_visits(cases.told, inputs)
    told = told[told.groupby("urn").cumcount(ascending=False) < LATEST_GRADES]
    visits = read_visits(told, COVARIATES, list(chain.means))
    waits = cases.asked["waited"].reindex(visits.urns).to_numpy()
    grades = next_grades(chain, visits, waits)
    by_urn = pd.Series(grades[:, GOOD:].sum(axis=1), visits.urns)
    return np.asarray(by_urn.reindex(cases.asked.index))


def _as_visits(rows: pd.DataFrame, inputs: Inputs) -> pd.DataFrame:
    phase = inputs.schools["phase"].reindex(rows["urn"])
    secondary = phase.isin(SECONDARY).to_numpy(dtype=float)
    return rows[["urn", "date", "band"]].assign(secondary=secondary)


def _baselines(past: Cases, latest: Cases, test: Cases, last: pd.Series) -> pd.DataFrame:
    """Return simpler forecasts by last band, fitted to the same past, and one to what happened."""
    share = float(past.outcomes.mean())
    tables = {
        name: pd.Series(each.outcomes, each.asked["last"].to_numpy()).groupby(level=0).mean()
        for name, each in (("last_grade_table", past), (LATEST_YEAR, latest), (HINDSIGHT, test))
    }
    out = pd.DataFrame({"persistence": last.ge(GOOD).astype("float64"), "marginal": share})
    for name, table in tables.items():
        out[name] = last.map(table).fillna(share)
    return out


def _places(inputs: Inputs, origin: dt.date, urns: pd.Index) -> pd.DataFrame:
    """Return the trust of each school by the last list before the origin, and its size."""
    out = pd.DataFrame({"authority": inputs.schools["authority"].reindex(urns)}, index=urns)
    days = [day for day in inputs.members if day <= origin]
    members = inputs.members[max(days)] if days else pd.DataFrame({"urn": [], "trust_uid": []})
    uid = members.set_index("urn")["trust_uid"]
    out["trust_uid"] = uid.reindex(urns).astype("Int64")
    counts = out["trust_uid"].map(uid.value_counts()).fillna(0).astype("int64")
    out["size"] = size_class(counts)
    return out


def size_class(counts: pd.Series) -> pd.Series:
    """Return the class of size of trusts, by their number of schools."""
    names = [name for name, _ in SIZES]
    edges = [-1, *(most for _, most in SIZES[:-1]), np.inf]
    return pd.Series(pd.cut(counts, edges, labels=names), counts.index)


def _scored(groups: Mapping[str, pd.DataFrame], what: str) -> pd.DataFrame:
    """Return scores of each group of cases beside those of the last-grade table."""
    rows = [
        (name, len(group), group["good"].mean(), group["model"].mean(),
         *(_number(brier(group[each], group["good"])) for each in ("model", "last_grade_table")))
        for name, group in groups.items()
    ]  # fmt: skip
    out = pd.DataFrame(rows, columns=[what, "count", "seen", "forecast", "brier", "table"])
    return out.assign(gain=1.0 - out["brier"] / out["table"])


def _parts(forecasts: Mapping[str, Floats], cases: pd.DataFrame) -> pd.DataFrame:
    seen = cases["good"]
    table = _number(brier(cases["last_grade_table"], seen))
    rows = [(name, _number(brier(chances, seen))) for name, chances in forecasts.items()]
    out = pd.DataFrame(rows, columns=["part", "brier"])
    return out.assign(gain=1.0 - out["brier"] / table)


def _number(score: float | None) -> float:
    """Return a score that exists: there is at least one case."""
    return float("nan") if score is None else score
