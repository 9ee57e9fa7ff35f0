"""Grades of a folder of published files, and what is said of them."""

from __future__ import annotations

import pytest

from workbench.report import impact_grades as words
from workbench.research.impact.grade_analysis import GradeAnalysis, analyse_grades


@pytest.fixture(scope="module")
def found() -> GradeAnalysis:
    return analyse_grades("demo")


def test_who_joins_by_last_grade_adds_up(found: GradeAnalysis) -> None:
    table = found.at_joining
    assert table["joined_share"].sum() == pytest.approx(1.0)
    assert table["others_share"].sum() == pytest.approx(1.0)
    weak = table[table["grade"].eq(3)]
    assert (weak["joined_share"] > 1.5 * weak["others_share"]).all(), "schools join when weak"


def test_the_planted_effect_is_within_the_interval_and_the_naive_one_far_off(
    found: GradeAnalysis,
) -> None:
    assert found.planted is not None
    interval = found.planned.overall.interval
    assert interval.lower < found.planted.effect < interval.upper
    assert found.everyone is not None
    assert found.everyone.overall.interval.lower > 2 * found.planted.effect


def test_the_headline_claims_no_cause_and_the_doubts_name_selection(found: GradeAnalysis) -> None:
    said = words.headline(found)
    assert said.startswith("Schools at requires improvement that joined were good or better")
    assert "because" not in said
    assert any("regression to the mean" in one for one in words.doubts(found))
    assert any("not equal schools" in one for one in words.doubts(found))


def test_every_estimate_stands_with_the_smallest_effect_it_would_find(
    found: GradeAnalysis,
) -> None:
    for table in (words.ways_table(found), words.years_table(found.planned)):
        assert table["Smallest effect mostly found"].str.fullmatch(r"\d+\.\d").all()


def test_few_schools_are_not_counted_out(found: GradeAnalysis) -> None:
    table = words.last_grades_table(found).set_index("Last grade")
    assert table.at["Inadequate", "Schools that joined"] == "under 10"
    assert table.at["Inadequate", "Share of them"] == ""


@pytest.mark.parametrize(
    ("since", "said"), [(0, "1st year after"), (2, "3rd year after"), (-1, "1st year before")]
)
def test_years_are_counted_from_joining(since: int, said: str) -> None:
    assert words.since_words(since) == said
