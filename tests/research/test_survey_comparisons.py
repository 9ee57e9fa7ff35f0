"""Schools by what staff say: exact limits, and nobody shown whose figure is held back."""

from __future__ import annotations

import pytest
from scipy import stats

from tests.pillars.small import FIRST, SECOND, THIRD, Rows, scope
from workbench.pillars.surveys import agreement_by_school
from workbench.research.survey_comparisons import survey_comparisons
from workbench.trust.load import Trust


def _answers(**by_school: tuple[int, int]) -> Rows:
    """Answers to our_vision: agreeing and others, by school."""
    urns = {"first": FIRST, "second": SECOND, "third": THIRD}
    marks = [
        (urns[name], mark)
        for name, (agree, others) in by_school.items()
        for mark in [5] * agree + [2] * others
    ]
    return [
        {"wave": "2026/27 autumn", "respondent": f"R{number}", "urn": urn, "our_vision": mark}
        for number, (urn, mark) in enumerate(marks)
    ]


def test_schools_stand_in_exact_binomial_limits_around_all_answers() -> None:
    # 31 of 40, 20 of 40 and 13 of 40 agree: 64 of 120.
    rows = _answers(first=(31, 9), second=(20, 20), third=(13, 27))
    [found] = survey_comparisons(scope(staff_survey=rows))
    middle = 64 / 120
    assert found.funnel.centre == pytest.approx(middle)
    assert found.funnel.units["value"].tolist() == [31 / 40, 0.5, 13 / 40]
    # The limits are of 2.5% and 0.1% on either side.
    assert 0.001 < stats.binom.sf(30, 40, middle) < 0.025
    assert 0.001 < stats.binom.cdf(13, 40, middle) < 0.025
    assert found.funnel.units["place"].tolist() == ["beyond 95%", "within", "beyond 95%"]
    assert found.left_out == ""


def test_too_few_schools_with_a_figure_are_not_compared() -> None:
    rows = _answers(first=(30, 10), second=(20, 20), third=(3, 3))
    assert survey_comparisons(scope(staff_survey=rows)) == ()
    assert survey_comparisons(scope()) == ()


def test_only_schools_that_may_be_shown_are_in_it(demo_trust: Trust) -> None:
    at = scope()
    found = survey_comparisons(type(at)(demo_trust, at.settings))
    assert [one.key for one in found] == ["staff-share-vision", "parents-better"]
    rows = agreement_by_school(demo_trust, at.settings, "staff_survey", "our_vision")
    held_back = set(rows.loc[rows["n"].isna(), "urn"])
    assert held_back
    assert not held_back & set(found[0].funnel.units.index)
    assert found[0].left_out == f"{len(held_back)} schools without a figure or held back"
