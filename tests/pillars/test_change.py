"""Change from one day to another: what is told apart from noise, and what is not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.pillars.made import beside, together, unknown, value
from tests.pillars.small import AS_OF, FIRST, THIRD, scope
from workbench.measures.intervals import Interval
from workbench.parameters.pillars import PILLARS
from workbench.pillars.change import (
    IndicatorChange,
    change_since_last_term,
    compare,
    profiles_over,
)
from workbench.pillars.indicator import Measured
from workbench.pillars.measuring import share_of
from workbench.pillars.profile import PillarScore, Profile
from workbench.pillars.scope import Scope

HERE = scope()
KEYS = ("need_diagnosed", "baseline_and_comparator", "fidelity_checked", "pilots_decided")


def share(key: str, hits: int, of: int) -> Measured:
    truths = pd.Series([True] * hits + [False] * (of - hits), dtype="boolean")
    return share_of(HERE, key, truths, n_of="project", lacking="x")


def declaring(group: str, **values: float) -> Scope:
    """Return the small trust measured with other declared numbers."""
    here = scope()
    pillars = here.settings.pillars
    old = getattr(pillars, group)
    new = {name: getattr(old, name).model_copy(update={"value": x}) for name, x in values.items()}
    changed = pillars.model_copy(update={group: old.model_copy(update=new)})
    return replace(here, settings=replace(here.settings, pillars=changed))


def moved(now: Measured, before: Measured) -> IndicatorChange:
    [found] = compare(together(now), together(before)).indicators
    return found


def test_two_shares_are_told_apart_by_newcombes_interval() -> None:
    # 56 of 70 less 48 of 80: 0.2, from 0.0524 to 0.3339 (R. G. Newcombe, Statistics in Medicine 17,
    # 1998, 873-890, table II, method 10).
    found = moved(share("projects_ready", 56, 70), share("projects_ready", 48, 80))
    assert found.by == pytest.approx(20)
    assert found.interval is not None
    assert found.interval.lower == pytest.approx(5.24, abs=0.01)
    assert found.interval.upper == pytest.approx(33.39, abs=0.01)
    assert (found.told_apart, found.better) == (True, True)
    fewer = moved(share("projects_ready", 8, 10), share("projects_ready", 6, 10))
    assert (fewer.told_apart, fewer.better) == (False, True), "the same move on ten records"


def test_fewer_days_are_better_and_no_move_is_neither() -> None:
    slow, swift = value("days_to_deploy", 30, (25, 35)), value("days_to_deploy", 10, (8, 13))
    assert moved(swift, slow).better is True
    assert moved(slow, swift).better is False
    assert (moved(slow, slow).better, moved(slow, slow).told_apart) == (None, False)


def test_between_two_limits_nearer_is_better() -> None:
    # Limits 40 to 70: 85 is farther out than 75; from 45 to 65 nothing is better or worse.
    far, near = value("own_vision_kpis", 85), value("own_vision_kpis", 75)
    assert moved(near, far).better is True
    assert moved(far, near).better is False
    assert moved(value("own_vision_kpis", 45), value("own_vision_kpis", 65)).better is None


@pytest.mark.parametrize(
    ("before", "now", "noticed"),
    [
        (50, 59, False),  # 0.09 of the scale
        (50, 60, True),  # a tenth
        (60, 50, True),
        (88, 91, True),  # over the line of 90
        (91, 95, False),
    ],
)
def test_what_was_counted_whole_is_noticed_by_its_line_or_a_tenth_of_its_scale(
    before: float, now: float, noticed: bool
) -> None:
    found = moved(value("steps_without_executive", now), value("steps_without_executive", before))
    assert (found.interval, found.told_apart) == (None, noticed)


def test_without_a_scale_or_line_a_count_is_never_noticed() -> None:
    found = moved(value("lead_vacancy_weeks", 50), value("lead_vacancy_weeks", 1))
    assert (found.told_apart, found.by, found.better) == (False, 49, False)


def test_a_value_without_a_range_has_the_other_ones_doubt_whatever_the_confidence() -> None:
    # At 90% the counted value takes 90% as well.
    loose = declaring("windows", confidence=0.9)
    now, before = value("days_to_deploy", 10), value("days_to_deploy", 20, (15, 30))
    before = replace(before, interval=Interval(20, 15, 30, 0.9))
    for first, last in ((now, before), (before, now)):
        [found] = compare(together(first, here=loose), together(last, here=loose)).indicators
        assert found.interval is not None
        assert found.interval.confidence == 0.9
        # The doubt of the one that has it: 10 up and 5 down of 20.
        ends = (found.interval.lower, found.interval.upper)
        assert sorted(abs(end - found.by) for end in ends) == [5, 10]


def test_an_estimate_without_a_range_is_told_apart_from_nothing() -> None:
    # A month's wait of one deployment, then three days' of another: over the line, and still noise.
    few, slow = (value("days_to_deploy", days, estimated=True) for days in (3, 30))
    ranged = value("days_to_deploy", 30, (25, 35))
    for now, before in ((few, slow), (few, ranged), (ranged, few)):
        found = moved(now, before)
        assert (found.interval, found.told_apart) == (None, False)
    assert moved(few, slow).better is True
    [pillar] = compare(together(few), together(slow)).pillars
    assert not pillar.told_apart


def test_only_indicators_known_on_both_days_are_compared() -> None:
    now = together(value("steps_without_executive", 80), value("projects_ready", 50, (30, 70)),
                   unknown("days_to_deploy", "x"))  # fmt: skip
    before = together(value("steps_without_executive", 50), value("days_to_deploy", 20),
                      beside("projects_ready"))  # fmt: skip
    found = compare(now, before)
    assert [one.now.key for one in found.indicators] == ["steps_without_executive"]
    assert [one.key for one in found.gained] == ["projects_ready"]
    assert [one.key for one in found.lost] == ["days_to_deploy"]


def test_a_pillar_is_compared_like_with_like() -> None:
    # Steps went from 60 to 80; a bad new indicator and a good lost one leave that as it is: + 0.2.
    now = together(value("steps_without_executive", 80), value("projects_ready", 0))
    before = together(value("steps_without_executive", 60), value("days_to_deploy", 5))
    [found] = compare(now, before).pillars
    assert (found.pillar, found.compared) == ("process", 1)
    assert found.interval.estimate == pytest.approx(0.2)
    assert found.told_apart, "counted whole on both days"
    apart = together(value("projects_ready", 0)), together(value("days_to_deploy", 5))
    assert compare(*apart).pillars == ()


def test_a_pillar_without_a_score_on_one_day_is_not_compared() -> None:
    thin = together(value("steps_without_executive", 80), unknown("projects_ready", "x"),
                    unknown("days_to_deploy", "x"))  # fmt: skip
    whole = together(value("steps_without_executive", 80))
    assert compare(thin, whole).pillars == compare(whole, thin).pillars == ()


def noise(draw: np.random.Generator, rates: Sequence[float]) -> tuple[Measured, ...]:
    """Measure four shares of 40 records each, all by chance about their rates."""
    return tuple(
        share(key, int(draw.binomial(40, rate)), 40) for key, rate in zip(KEYS, rates, strict=True)
    )


def unscored(*found: Measured) -> Profile:
    """Return a profile of indicators alone, which is quick to make."""
    pillars = {
        name: PillarScore(name, tuple(x for x in found if x.indicator.pillar == name), None, None)
        for name in PILLARS
    }
    return Profile(HERE, pillars, None)


def test_noise_is_told_apart_about_as_often_as_the_confidence_leaves() -> None:
    # Two terms, four indicators of 40 records each, one underlying share: 95% intervals should err
    # in 5% of 4 x 150 comparisons, give or take 0.9%. Fixed seed.
    draw = np.random.default_rng(20261031)
    told, terms = 0, 150
    for _ in range(terms):
        rates = draw.uniform(0.2, 0.9, len(KEYS)).tolist()
        found = compare(unscored(*noise(draw, rates)), unscored(*noise(draw, rates)))
        told += sum(one.told_apart for one in found.indicators)
    assert 0.02 < told / (terms * len(KEYS)) < 0.065


def test_noise_moves_a_pillar_no_oftener_than_that() -> None:
    draw, terms, told = np.random.default_rng(20261031), 50, 0
    here = declaring("profile", draws=200)
    for _ in range(terms):
        rates = draw.uniform(0.2, 0.9, len(KEYS)).tolist()
        now, before = (together(*noise(draw, rates), here=here) for _ in range(2))
        told += sum(one.told_apart for one in compare(now, before).pillars)
    assert told / terms < 0.07


def test_a_real_fall_is_told_apart_most_of_the_time() -> None:
    # 90% to 55% on 40 records: a difference of 35 points with an error of 9.
    draw = np.random.default_rng(7)
    told = [
        moved(share(KEYS[0], int(draw.binomial(40, 0.55)), 40),
              share(KEYS[0], int(draw.binomial(40, 0.9)), 40))
        for _ in range(60)
    ]  # fmt: skip
    assert sum(one.told_apart and one.better is False for one in told) > 50


def dated_criteria() -> Scope:
    """Return a trust that adopted a second criterion this term, one that serves no child."""
    rows = [
        {"criterion_id": name, "criterion": "x", "adopted": day, "traces_to": origin}
        for name, day, origin in (
            ("C1", "2026-05-01", "own vision"), ("C2", "2026-09-10", "other"),
        )
    ]  # fmt: skip
    return scope(review_criteria=rows)


def test_the_term_before_is_looked_at_without_hindsight() -> None:
    found = change_since_last_term(dated_criteria())
    assert found is not None
    assert (found.before, found.now) == (dt.date(2026, 8, 31), AS_OF)
    [traced] = [one for one in found.indicators if one.now.key == "criteria_traceable"]
    assert (traced.before.value, traced.now.value) == (100, 50)
    assert (traced.told_apart, traced.better) == (True, False)


def test_profiles_go_back_as_far_as_the_trust_or_the_school() -> None:
    days = [found.scope.as_of for found in profiles_over(dated_criteria(), 2)]
    assert days == [dt.date(2026, 3, 31), dt.date(2026, 8, 31), AS_OF]
    young = scope(THIRD, schools=[
        {"urn": FIRST, "name": "Old", "phase": "primary", "joined": "2018-09-01"},
        {"urn": THIRD, "name": "New", "phase": "primary", "joined": "2026-04-15"},
    ])  # fmt: skip
    assert [found.scope.as_of for found in profiles_over(young, 2)] == [dt.date(2026, 8, 31), AS_OF]


def test_a_school_or_trust_that_was_not_there_has_nothing_to_compare_with() -> None:
    new = {"urn": FIRST, "name": "New", "phase": "primary", "joined": "2026-09-01"}
    old = {"urn": THIRD, "name": "Old", "phase": "primary", "joined": "2018-09-01"}
    assert change_since_last_term(scope(FIRST, schools=[new, old])) is None
    assert change_since_last_term(scope(THIRD, schools=[new, old])) is not None
    assert change_since_last_term(scope(schools=[new])) is None
