"""The study of grades finds what was planted, not what selection and luck feign."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from workbench.errors import BadInput
from workbench.research.impact.grade_history import GradeHistory, grade_history
from workbench.research.impact.grade_study import grade_study, last_before
from workbench.research.impact.made_up_inspections import PlantedGrades, made_up_inspections
from workbench.research.impact.plan import Plan, declared_plan
from workbench.research.impact.recovery import recover_grades

School = tuple[int, int | None, str | None]

PLANTED = PlantedGrades(schools=1500, trusts=30)


def history(rows: list[tuple[int, str, int]], schools: list[School]) \
        -> GradeHistory:  # fmt: skip
    """Schools of one group from (URN, day, grade) and (URN, trust, day of joining)."""
    inspections = pd.DataFrame(rows, columns=["urn", "date", "grade"])
    table = pd.DataFrame(schools, columns=["urn", "trust_uid", "joined"])
    return grade_history(
        inspections.assign(date=pd.to_datetime(inspections["date"])),
        table.assign(
            group="primary",
            trust_uid=table["trust_uid"].astype("Int64"),
            joined=pd.to_datetime(table["joined"]),
        ),
    )


def few(plan: Plan | None = None) -> Plan:
    """The declared plan, asking for two schools and two trusts only."""
    return replace(plan or declared_plan(), fewest_schools=2, fewest_trusts=2)


# Two that join on 1 September 2012 after RI, Good and RI; others that never do.
WEAK = [("2008-01-01", 2), ("2011-01-01", 3)]
OTHERS = [(urn, day, grade) for urn in (11, 12, 13, 14) for day, grade in WEAK]
JOINED = [(urn, day, grade) for urn in (1, 2, 3) for day, grade in WEAK]
SCHOOLS: list[School] = [
    (1, 71, "2012-09-01"), (2, 72, "2012-09-01"), (3, 73, "2012-09-01"),
    (11, None, None), (12, None, None), (13, None, None), (14, None, None),
]  # fmt: skip
NEXT = [(1, "2014-03-01", 2), (2, "2014-03-01", 2), (3, "2014-04-01", 3),
        (11, "2014-01-01", 2), (12, "2014-01-01", 3), (13, "2014-01-01", 3),
        (14, "2014-01-01", 3)]  # fmt: skip


def test_the_effect_is_the_mean_less_that_of_equals() -> None:
    found = grade_study(history(JOINED + OTHERS + NEXT, SCHOOLS), few())
    # By hand: 2 of 3 that joined were good, 1 of 4 alike.
    assert found.overall.value == pytest.approx(100 * (2 / 3 - 1 / 4))
    assert found.by_since["since"].tolist() == [1]
    assert (found.schools, found.trusts, found.unmatched) == (3, 3, 0)


def test_a_school_with_another_grade_before_or_inspected_in_another_year_is_no_equal() -> None:
    odd = [(21, "2008-01-01", 3), (21, "2011-01-01", 3), (21, "2014-01-01", 2)]
    late = [(22, "2008-01-01", 2), (22, "2011-01-01", 3), (22, "2015-01-01", 2)]
    more = history(JOINED + OTHERS + NEXT + odd + late, [*SCHOOLS, (21, None, None),
                                                         (22, None, None)])  # fmt: skip
    assert grade_study(more, few()).overall.value == pytest.approx(100 * (2 / 3 - 1 / 4))


def test_a_much_older_grade_is_equal_only_where_its_age_does_not_count() -> None:
    old = [(21, "2004-01-01", 2), (21, "2007-01-01", 3), (21, "2014-01-01", 2)]
    more = history(JOINED + OTHERS + NEXT + old, [*SCHOOLS, (21, None, None)])
    assert grade_study(more, few()).overall.value == pytest.approx(100 * (2 / 3 - 2 / 5))
    aged = grade_study(more, few(), alike="last two grades and their age")
    assert aged.overall.value == pytest.approx(100 * (2 / 3 - 1 / 4))


def test_only_the_first_inspection_since_joining_counts() -> None:
    again = [(1, "2014-08-01", 4), (2, "2014-08-01", 4), (12, "2014-08-01", 1)]
    more = history(JOINED + OTHERS + NEXT + again, SCHOOLS)
    assert grade_study(more, few()).overall.value == pytest.approx(100 * (2 / 3 - 1 / 4))


def test_a_school_that_joins_later_is_an_equal_until_then() -> None:
    later: list[School] = [
        *SCHOOLS[:-1], (14, 74, "2014-02-01")
    ]  # fmt: skip
    found = grade_study(history(JOINED + OTHERS + NEXT, later), few())
    assert found.overall.value == pytest.approx(100 * (2 / 3 - 1 / 4))
    # Having joined on the day before its inspection it is none, but has equals of its own.
    before: list[School] = [*SCHOOLS[:-1], (14, 74, "2013-12-31")]
    found = grade_study(history(JOINED + OTHERS + NEXT, before), few())
    assert found.overall.value == pytest.approx(100 * (2 - 3 * 1 / 3 + 0 - 1 / 3) / 4)


def test_too_few_schools_or_trusts_are_refused() -> None:
    one: list[School] = [(urn, 71 if uid else None, day) for urn, uid, day in SCHOOLS]
    with pytest.raises(BadInput, match="too few schools"):
        grade_study(history(JOINED + OTHERS + NEXT, one), few())


def test_the_doubt_is_hc2_where_each_school_is_its_own_cluster() -> None:
    """Reference: HC2 of statsmodels, in one cell; the joined side is freed by trusts there."""
    numbers = np.random.default_rng(3).random((60, 1)) < 0.5
    rows: list[tuple[int, str, int]] = []
    schools: list[School] = []
    for urn, good in enumerate(numbers[:, 0], start=1):
        rows += [(urn, "2008-01-01", 2), (urn, "2011-01-01", 3), (urn, "2014-01-01", 3 - good)]
        schools.append((urn, 100 + urn, "2012-09-01") if urn <= 25 else (urn, None, None))
    found = grade_study(history(rows, schools), few())
    joins = np.arange(1, 61) <= 25
    fit = sm.OLS(100.0 * numbers[:, 0], sm.add_constant(joins.astype(float))).fit(cov_type="HC2")
    joined_part = 100.0**2 * numbers[joins, 0].var(ddof=1) / 25
    # Ours takes both sides for as unsure as the number of trusts makes the joined one.
    others = fit.bse[1] ** 2 - joined_part
    assert found.overall.value == pytest.approx(fit.params[1])
    assert found.overall.error**2 == pytest.approx(joined_part + others * 25 / 24)
    assert found.overall.degrees == pytest.approx(24)


def test_weak_grades_feign_an_effect_without_equals_and_none_with_them() -> None:
    nothing = made_up_inspections(replace(PLANTED, effect=0.0, effect_sd=0.0), seed=4)
    naive = grade_study(nothing, last_grades=(1, 2, 3, 4), alike="nothing")
    assert naive.overall.interval.lower > 20
    assert naive.before is not None
    assert naive.before.p_value < 0.001
    equal = grade_study(nothing)
    assert equal.overall.interval.lower < 0 < equal.overall.interval.upper
    assert equal.before is not None
    assert equal.before.p_value > 0.05


def test_intervals_cover_the_planted_effect() -> None:
    found = recover_grades(PLANTED, panels=60)
    # The benchmark tries 200: of 60, fewer than 53 would be found one time in a thousand.
    assert found.covered >= 53 / 60
    assert found.mean == pytest.approx(PLANTED.effect, abs=2.0)
    assert found.placebo_null >= 53 / 60


def test_those_before_a_day_had_not_joined_and_were_inspected() -> None:
    made = history(JOINED + OTHERS + NEXT, SCHOOLS)
    starts = np.searchsorted(made.school, np.arange(len(made.joined) + 1))
    day = int(pd.Timestamp("2013-01-01").to_datetime64().astype("datetime64[D]").astype(int))
    schools, at = last_before(made, starts, day)
    assert schools.tolist() == [3, 4, 5, 6]
    assert made.grade[at - 1].tolist() == [3, 3, 3, 3]


@pytest.mark.parametrize(
    ("rows", "schools", "said"),
    [
        ([(1, "2010-01-01", 5)], [(1, None, None)], "none of 1 to 4"),
        ([(1, "2010-01-01", 2)], [(1, None, None), (1, None, None)], "has two rows"),
        ([(1, "2010-01-01", 2)], [(1, None, "2012-09-01")], "joins no known trust"),
        ([(1, "2010-01-01", 2)], [(2, None, None)], "no school has a graded"),
    ],
)
def test_what_cannot_be_laid_out_is_refused(
    rows: list[tuple[int, str, int]], schools: list[School], said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        history(rows, schools)
