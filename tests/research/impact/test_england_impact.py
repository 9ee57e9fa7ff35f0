"""Joining a trust, over the published files of England: counts by hand-written SQL, and sense."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from workbench.research.impact.analysis import subject_of
from workbench.research.impact.effects import group_time_effects
from workbench.research.impact.grade_analysis import last_grades_at_joining
from workbench.research.impact.grade_history import NEVER_JOINED, GradeHistory, published_grades
from workbench.research.impact.grade_study import grade_study


@pytest.fixture(scope="module")
def grades(england_panel: Path) -> GradeHistory:
    return published_grades(england_panel)


def test_schools_that_joined_at_requires_improvement_are_those_that_sql_counts(
    england_panel: Path, grades: GradeHistory
) -> None:
    table = {
        name: f"'{england_panel / name}.parquet'"
        for name in ("memberships", "schools", "inspections")
    }
    row = (
        duckdb.connect(":memory:")
        .execute(
            f"""
        with first as (
            select chain, urn, how, joined from {table["memberships"]}
            qualify row_number() over (partition by chain order by first_seen, joined) = 1
        ), sure as (
            select f.chain, f.joined
            from first f join {table["schools"]} s using (urn)
            left join {table["schools"]} p on p.urn = s.predecessor
            where f.how in ('new academy', 'from a single-academy trust')
               or (f.how = 'first snapshot' and abs(s.open_date - f.joined) <= 31
                   and not coalesce(p.academy, false))
        ), last as (
            select s.chain, arg_max(i.grade, (i.date, -i.grade)) as grade
            from sure s join {table["inspections"]} i using (chain)
            where i.grade is not null and i.date < s.joined group by s.chain
        )
        select count(*) filter (where grade = 3), count(*) from last
        """
        )
        .fetchone()
    )
    assert row is not None
    found = last_grades_at_joining(grades).set_index("grade")["joined"]
    assert found.sum() == pytest.approx(row[1], abs=3), "two grades on one day may fall either way"
    assert found[3] == pytest.approx(row[0], abs=3)
    assert found[3] > 500


def test_england_shows_selection_and_a_comparison_of_equals(grades: GradeHistory) -> None:
    shares = last_grades_at_joining(grades)
    inadequate = shares[shares["grade"].eq(4)]
    assert (inadequate["joined_share"] > 2 * inadequate["others_share"]).all()
    naive = grade_study(grades, last_grades=(1, 2, 3, 4), alike="nothing")
    assert naive.before is not None
    assert naive.before.p_value < 0.001, "schools that join were on another path"
    equal = grade_study(grades)
    assert equal.schools > 200
    assert equal.trusts > 100
    assert 0 < equal.overall.error < 10
    assert (equal.by_since["schools"] >= 10).all()
    assert (grades.joined < NEVER_JOINED).sum() > 4000


def test_absence_of_england_has_an_effect_with_its_doubt(england_built: Path) -> None:
    subject = subject_of(str(england_built), "absence_percent")
    overall = group_time_effects(subject.panel).overall()
    assert abs(overall.value) < 2, "percentage points of sessions: schools differ by less"
    assert 0 < overall.error < 1
