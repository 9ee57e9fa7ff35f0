"""Trusts forecast from what was known by a day: schools, good schools, the golden rule."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from workbench.errors import BadInput
from workbench.measures.forecasts import brier
from workbench.measures.futures import JointEvenness, joint_evenness
from workbench.measures.scoring import (
    Evenness,
    Mass,
    count_chances,
    evenness,
    interval_masses,
    pit_histogram,
    randomised_pit,
)
from workbench.parameters.research import BacktestRules
from workbench.research.backtest.cases import GOOD, known_by, latest_grades, speaking_for
from workbench.research.backtest.grades import GradeTest, size_class
from workbench.research.backtest.inputs import Inputs
from workbench.research.backtest.national_level import draw_log_odds, years_after
from workbench.research.backtest.trust_futures import simulate_sizes
from workbench.research.backtest.trust_growth import fit_told

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

EVERY = "every trust"
SIZES = "schools in the trust"
GOODS = "good or better among a trust's schools with a new grade"
FEWEST_TRUSTS = 20  # of a class of size, for its intervals to say anything
_MIDDLE = (0.025, 0.975)  # of futures, as ranges of sums have them
FEWEST_TESTED = 2  # schools of a trust with a new grade, for their number to be a forecast


@dataclass(frozen=True, eq=False)
class CountTest:
    """Counts forecast for trusts, beside those seen.

    Attributes:
        what: What is counted.
        day: When.
        trusts: How many trusts.
        forecast: Mean count forecast.
        seen: Mean count seen.
        histogram: Share of the probability integral transform in each tenth; 0.1 each if right.
        evenness: How far the randomised transform is from even, by values taken for independent.
        joint: The same among futures of all trusts together, in which years move all of them.
        masses: By class of size and for every trust: intervals beside the counts in them.
        drawn: Counts simulated, futures x trusts.
        counts: Counts seen, by trust in the same order.
        classes: Each trust's class of size, likewise.
    """

    what: str
    day: dt.date
    trusts: int
    forecast: float
    seen: float
    histogram: Floats
    evenness: Evenness
    joint: JointEvenness
    masses: dict[str, tuple[Mass, ...]]
    drawn: Integers
    counts: pd.Series
    classes: pd.Series

    def table(self) -> pd.DataFrame:
        """Return one row a class of size and interval: level, model, seen, difference, doubt."""
        rows = [
            (name, mass.count, mass.level, mass.model, mass.seen, mass.difference, mass.doubt)
            for name, masses in self.masses.items()
            for mass in masses
        ]
        return pd.DataFrame(
            rows, columns=["trusts", "count", "level", "model", "seen", "difference", "doubt"]
        )


@dataclass(frozen=True)
class RuleTest:
    """The golden rule forecast for trusts at the target.

    Attributes:
        trusts: Trusts with at least the minimum number of graded schools.
        met_at_origin: Share that met it at the origin.
        met_at_target: Share that met it at the target.
        forecast: Share forecast to meet it.
        lower: Lower end of the middle 95% of the share in futures of all trusts together.
        upper: Upper end.
        brier: Of the forecasts.
        persistence: Brier score of taking the state at the origin to last.
    """

    trusts: int
    met_at_origin: float
    met_at_target: float
    forecast: float
    lower: float
    upper: float
    brier: float
    persistence: float


def backtest_sizes(
    inputs: Inputs, rules: BacktestRules, origin: dt.date, target: dt.date, seed: int
) -> tuple[CountTest, ...]:
    """Forecast how many schools each trust has at every later list by the target.

    Args:
        inputs: What there is; lists after the origin are used but to score.
        rules: The declared numbers of the back-test.
        origin: The last day known; the last list by then is what trusts start from.
        target: The last day looked at.
        seed: Seed of the simulation.

    Raises:
        BadInput: There are not two lists by the origin, or none between it and the target.
        RunFailed: The process could not be fitted.
    """
    told = {day: table for day, table in inputs.members.items() if day <= origin}
    later = [day for day in inputs.members if origin < day <= target]
    if not later:
        raise BadInput(
            f"no list of trusts lies between {origin} and {target}",
            where=f"lists of: {', '.join(map(str, inputs.members)) or 'no day'}",
            rule="schools in trusts are counted in GIAS group links of a later day",
            mend="add group links of the target's day to the folder",
        )
    growth, calendar = fit_told(told, rules)
    start = max(told)
    sizes = told[start].groupby("trust_uid").size()
    years = [calendar.years(start, day) for day in later]
    simulated = simulate_sizes(
        growth, sizes, years, schools=_schools_there_are(inputs, start, int(sizes.sum())),
        draws=int(rules.draws.value), seed=seed,
    )  # fmt: skip
    classes, found = size_class(sizes), []
    for day, samples in zip(later, simulated, strict=True):
        counts = inputs.members[day].groupby("trust_uid").size()
        seen = np.asarray(counts.reindex(sizes.index).fillna(0), dtype=np.int64)
        found.append(count_test(SIZES, day, samples, seen, classes=classes, seed=seed))
    return tuple(found)


def _schools_there_are(inputs: Inputs, day: dt.date, in_trusts: int) -> float:
    """Return how many schools the list of all schools that speaks for a day has.

    A list that has no more than are in trusts is not of all schools: infinite then.
    """
    rows = speaking_for(inputs.visits, day)["rows"]
    return float(rows.max()) if len(rows) and rows.max() > in_trusts else np.inf


def backtest_good_schools(
    test: GradeTest, rules: BacktestRules, seed: int, *, fewest: int = FEWEST_TESTED
) -> CountTest | None:
    """Hold how many of a trust's newly graded schools were good against the forecasts of each.

    What a trust's schools have in common beyond the model, and all schools of a school year, is
    drawn in each future. None where no trust had so many.

    Args:
        test: The back-test of grades.
        rules: The declared numbers of the back-test.
        seed: Seed of the simulation.
        fewest: Newly graded schools below which a trust is not counted.
    """
    cases = test.cases[test.cases["trust_uid"].notna()]
    tested = cases.groupby("trust_uid")["good"].agg(["sum", "size"])
    tested = tested[tested["size"].ge(fewest)]
    if tested.empty:
        return None
    cases = cases[cases["trust_uid"].isin(tested.index)]
    place = tested.index.get_indexer(pd.Index(cases["trust_uid"]))
    samples = _drawn_sums(test, cases, place, rules, seed)
    classes = size_class(tested["size"])
    seen = np.asarray(tested["sum"], dtype=np.int64)
    return count_test(GOODS, test.target, samples, seen, classes=classes, seed=seed)


def backtest_golden_rule(
    test: GradeTest,
    inputs: Inputs,
    rules: BacktestRules,
    *,
    ratio: float,
    fewest: int,
    seed: int,
) -> RuleTest | None:
    """Forecast which trusts meet the golden rule at the target, from their schools at the origin.

    It is met with no school below good, or with so many good or better for each that is not. A
    school without a new grade is forecast to keep the last that was known, and in truth has the
    last that it had been given by the origin, published or not; schools without any known grade, or
    that join later, are left out. None where no trust has schools enough.

    Args:
        test: The back-test of grades.
        inputs: What there is.
        rules: The declared numbers of the back-test.
        ratio: Good schools asked for each that is not.
        fewest: Graded schools below which a trust is not counted.
        seed: Seed of the simulation.
    """
    days = [day for day in inputs.members if day <= test.origin]
    if not days:
        return None
    members = inputs.members[max(days)].set_index("urn")["trust_uid"]
    last = _last_bands(inputs, test.origin).reindex(members.index).dropna()
    schools = pd.DataFrame({"trust": members.reindex(last.index), "was": last.ge(GOOD)})
    asked = test.cases.reindex(schools.index)
    given = latest_grades(inputs.visits[inputs.visits["date"].le(pd.Timestamp(test.origin))])
    kept = given.set_index("urn")["band"].reindex(schools.index).ge(GOOD)
    schools["good"] = asked["good"].fillna(kept.astype("float64"))
    schools["model"] = asked["model"].fillna(schools["was"].astype("float64"))
    if "date" in asked:
        schools["date"] = asked["date"]
    size = schools.groupby("trust")["was"].transform("size")
    schools = schools[size.ge(fewest)]
    if schools.empty:
        return None
    names, place = np.unique(schools["trust"].to_numpy(), return_inverse=True)
    total = np.bincount(place)
    was, now = (np.bincount(place, schools[name].to_numpy(float)) for name in ("was", "good"))
    drawn = _drawn_sums(test, schools, place, rules, seed)
    before, after = _meets(was, total, ratio), _meets(now, total, ratio)
    futures = _meets(drawn, total, ratio)
    chance = futures.mean(axis=0)
    lower, upper = np.quantile(futures.mean(axis=1), _MIDDLE)
    own, stays = brier(chance, after), brier(before.astype(float), after)
    return RuleTest(
        len(names), float(before.mean()), float(after.mean()), float(chance.mean()),
        float(lower), float(upper), float(own or 0.0), float(stays or 0.0),
    )  # fmt: skip


def count_test(
    what: str, day: dt.date, samples: Integers, seen: Integers, *, classes: pd.Series, seed: int
) -> CountTest:
    """Return simulated counts held against those seen, for every trust and by class of size."""
    below, at_most = count_chances(samples, seen)
    even = evenness(randomised_pit(below, at_most, seed=seed))
    joint = joint_evenness(samples, seen, seed=seed)
    if even is None or joint is None:
        raise BadInput("there is no trust to count", rule="at least one trust")
    masses = {EVERY: interval_masses(samples, seen)}
    for name in classes.cat.categories:
        here = classes.eq(name).to_numpy()
        if here.sum() >= FEWEST_TRUSTS:
            masses[str(name)] = interval_masses(samples[:, here], seen[here])
    histogram = pit_histogram(below, at_most)
    means = float(samples.mean()), float(seen.mean())
    counts = pd.Series(seen, classes.index)
    return CountTest(
        what, day, len(seen), *means, histogram, even, joint, masses, samples, counts, classes
    )


def _drawn_sums(
    test: GradeTest, cases: pd.DataFrame, place: Integers, rules: BacktestRules, seed: int
) -> Integers:
    """Return how many of each group were good, draws x groups; `cases` have model and date."""
    levels = [each for each in (test.national, test.of_trusts) if each is not None]
    years = np.zeros(len(cases), dtype=np.int64)
    if levels:
        years = years_after(cases["date"], test.origin)
    return draw_log_odds(
        cases["model"].to_numpy(float), place, years, spread=test.trust_spread,
        levels=levels, draws=int(rules.draws.value), seed=seed,
    )  # fmt: skip


def _meets(good: Floats | Integers, total: Integers, ratio: float) -> npt.NDArray[np.bool_]:
    return np.asarray(good >= ratio * (total - good))


def _last_bands(inputs: Inputs, origin: dt.date) -> pd.Series:
    """Return the last band of each school that was known by a day, by URN."""
    return known_by(inputs.visits, origin).groupby("urn")["band"].last()
