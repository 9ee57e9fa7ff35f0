"""Seven pillars side by side: scores by hand, and what no score may hide."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest

from tests.pillars.made import beside, together, unknown, value
from tests.pillars.small import FIRST, scope
from workbench.measures.intervals import Interval
from workbench.parameters.pillars import PILLARS
from workbench.pillars.indicator import Measured
from workbench.pillars.profile import (
    MEASURED_BY,
    PillarScore,
    Profile,
    fails,
    part,
    pillar_score,
    profile,
)
from workbench.pillars.scope import Scope, pillar_settings
from workbench.trust.contracts import TABLES
from workbench.trust.load import Trust

SETTINGS = pillar_settings()
# Scores by hand: 15 days on the scale 45 to 5 are 30 of 40, 0.75, and count twice; 50% of projects
# are 0.5; 70% of reviews on the scale 40 to 100 are 0.5; 100% of steps are 1.
DAYS = value("days_to_deploy", 15, (10, 25))
READY = value("projects_ready", 50, (20, 80))
HELD = value("project_reviews_held", 70, (55, 85))
STEPS = value("steps_without_executive", 100)
SLOWEST = unknown("days_to_deploy_slowest", "support that began in the recent terms")


def process(*found: Measured) -> PillarScore:
    return pillar_score(scope(), "process", found)


def score(*found: Measured) -> float:
    composite = process(*found).composite
    assert composite is not None
    return composite.score


def test_a_score_is_the_weighted_mean_on_the_declared_scales() -> None:
    # (2 x 0.75 + 0.5 + 0.5 + 1) / 5 = 0.7.
    found = process(DAYS, READY, HELD, STEPS)
    assert found.composite is not None
    assert found.composite.score == pytest.approx(0.7)
    assert (found.measured_share, found.why_not) == (1, "")
    assert found.composite.lower < 0.7 < found.composite.upper
    # Without the steps: (1.5 + 0.5 + 0.5) / 4 = 0.625.
    assert found.composite.without["steps_without_executive"] == pytest.approx(0.625)


def test_what_is_not_measured_is_left_out_and_widens_the_range() -> None:
    # Without the slowest tenth, of weight 1 in 6: the score stays, 5 / 6 of the weight is measured.
    whole, lacking = process(DAYS, READY, HELD, STEPS), process(DAYS, READY, HELD, STEPS, SLOWEST)
    assert whole.composite is not None
    assert lacking.composite is not None
    assert lacking.composite.score == pytest.approx(0.7)
    assert lacking.measured_share == pytest.approx(5 / 6)
    width = lacking.composite.upper - lacking.composite.lower
    assert width > whole.composite.upper - whole.composite.lower


def test_what_does_not_apply_has_no_weight() -> None:
    # Days 1.5 and steps 1 over 3: 0.8333, all of the weight that applies.
    found = process(DAYS, STEPS, beside("projects_ready"), beside("project_reviews_held"))
    assert found.composite is not None
    assert found.composite.score == pytest.approx(2.5 / 3)
    assert found.measured_share == 1


def test_below_the_declared_share_of_weight_there_is_no_score() -> None:
    # Half of the weight is declared as enough. One of two is half; one of three is a third.
    lacking = [unknown("projects_ready", "x"), unknown("project_reviews_held", "x")]
    assert process(STEPS, lacking[0]).composite is not None
    found = process(STEPS, *lacking)
    assert found.composite is None
    assert found.measured_share == pytest.approx(1 / 3)
    assert found.why_not == (
        "1 of 3 scored indicators measured, less than the 50% of their weight that a score asks for"
    )


def test_without_an_indicator_that_applies_there_is_no_score() -> None:
    found = process(beside("days_to_deploy"), beside("projects_ready"))
    assert (found.composite, found.measured_share) == (None, None)
    assert found.why_not == "none of its scored indicators applies here"


def test_an_indicator_without_a_scale_is_shown_and_not_counted() -> None:
    vacancy = value("lead_vacancy_weeks", 31)
    ratio = value("support_days_ratio", 1, limit=1.2)
    found = pillar_score(scope(), "capacity", (vacancy, ratio))
    assert [one.key for one in found.scored] == ["support_days_ratio"]
    assert found.composite is not None
    assert found.composite.score == pytest.approx(0.5)


ALL_GOOD = [
    value(key, number)
    for key, number in (
        ("qa_reviews_done", 100), ("qa_reviews_external", 50), ("reviewer_kappa", 1),
        ("self_evaluation_gap", 0), ("actions_closed", 100), ("criteria_traceable", 100),
        ("forecast_skill", 0.5),
    )
]  # fmt: skip


def test_a_failing_critical_indicator_caps_whatever_the_others_say() -> None:
    failing = value("safeguarding_met", 90)
    found = pillar_score(scope(), "quality assurance", (failing, *ALL_GOOD))
    assert found.composite is not None
    # Uncapped it would be (2 x 0.9 + 7) / 9 = 0.98; the declared cap is 0.4.
    assert found.composite.score == found.composite.upper == 0.4
    assert found.composite.draws.max() <= 0.4
    assert found.composite.capped_by == ("safeguarding_met",)
    assert max(found.composite.methods.values()) <= 0.4
    met = pillar_score(scope(), "quality assurance", (value("safeguarding_met", 100), *ALL_GOOD))
    assert met.composite is not None
    assert met.composite.score == 1
    assert met.composite.capped_by == ()


def test_a_critical_indicator_not_known_does_not_fail_and_is_not_passed() -> None:
    lacking = unknown("safeguarding_met", "x")
    found = pillar_score(scope(), "quality assurance", (lacking, *ALL_GOOD))
    assert found.composite is not None
    assert found.composite.capped_by == ()
    assert found.composite.lower < 0.95, "its two ninths of the weight may be anything"


def test_only_a_critical_indicator_beyond_its_limit_fails() -> None:
    assert fails(value("safeguarding_met", 99))
    assert not fails(value("safeguarding_met", 100))
    assert not fails(value("actions_closed", 0))
    assert not fails(unknown("safeguarding_met", "x"))


def test_a_part_spans_the_scores_of_its_interval() -> None:
    # 25 days are 20 of 40: 0.5; 10 days 0.875.
    assert (part(DAYS).lower, part(DAYS).score, part(DAYS).upper) == (0.5, 0.75, 0.875)
    assert (part(STEPS).lower, part(STEPS).upper) == (1, 1)


def test_an_estimate_without_a_range_may_have_any_score() -> None:
    few = part(value("days_to_deploy", 15, estimated=True))
    assert (few.lower, few.score, few.upper) == (0, 0.75, 1)


def test_a_part_is_as_sure_as_its_interval() -> None:
    loose = replace(DAYS, interval=Interval(15, 10, 25, 0.8))
    assert (part(loose).confidence, part(DAYS).confidence) == (0.8, 0.95)


def test_how_well_it_works_counts_once() -> None:
    # The chance that the mean effect is above zero says the same again: shown, rated, not counted.
    chance = value("effect_probability", 0.5)
    assert (chance.rating, chance.score) == ("act", None)
    assert value("mean_effect", 0.1).indicator.weight == 2


def test_a_range_over_both_sides_of_two_limits_reaches_full_marks_between_them() -> None:
    # Limits -0.5 to 0.5, scale -2 to 2: 1.25 scores (2 - 1.25) / 1.5 = 0.5, and so does -1.25.
    wide = part(value("self_evaluation_gap", -1.25, (-1.25, 1.25)))
    assert (wide.lower, wide.score, wide.upper) == (0.5, 0.5, 1)
    outside = part(value("self_evaluation_gap", 1.25, (1.1, 1.4)))
    assert (outside.lower, outside.upper) == pytest.approx((0.4, 0.6))


def test_the_order_of_scored_pillars_is_told_with_its_doubt() -> None:
    strong = [value("need_diagnosed", 100), value("fidelity_checked", 100)]
    found = together(value("projects_ready", 10), value("steps_without_executive", 10), *strong)
    assert found.order is not None
    assert found.order.first["process"] > 0.99
    assert found.order.pairs["improvement activity", "process"] < 0.01
    assert together(READY).order is None, "one scored pillar has no order"


def test_a_profile_holds_the_pillars_in_their_order_and_finds_what_fails() -> None:
    found = together(value("safeguarding_met", 50), READY)
    assert tuple(found.pillars) == PILLARS
    assert [one.key for one in found.failing] == ["safeguarding_met"]
    assert set(found.indicators) == {"safeguarding_met", "projects_ready"}
    assert set(found.scored) == {"process", "quality assurance"}


def test_the_same_day_gives_the_same_profile(demo_trust: Trust) -> None:
    first, again = (profile(Scope(demo_trust, SETTINGS, FIRST)) for _ in range(2))
    assert first.indicators == again.indicators
    for name, found in first.scored.items():
        assert (found.draws == again.scored[name].draws).all()


def measured_all(trust: Trust, urn: int | None = None) -> dict[str, Measured]:
    here = Scope(trust, SETTINGS, urn)
    return {one.key: one for measured_by in MEASURED_BY.values() for one in measured_by(here)}


def emptied(trust: Trust, names: Sequence[str]) -> Trust:
    bare = {name: TABLES[name].empty() for name in names}
    return replace(trust, tables={**trust.tables, **bare}, absent=tuple(names))


def spoilt(trust: Trust, seed: int) -> tuple[Trust, int]:
    """Empty some tables, thin out others and blank optional cells; and choose a school."""
    draw = np.random.default_rng(seed)
    tables = dict(trust.tables)
    for name, contract in TABLES.items():
        if contract.needed:
            continue
        frame = tables[name]
        kept = draw.choice([0.0, 0.1, 0.5, 1.0], p=[0.15, 0.15, 0.3, 0.4])
        frame = frame[draw.random(len(frame)) < kept].reset_index(drop=True)
        blank = draw.choice([0.0, 0.2, 0.6, 1.0])
        optional = [column.name for column in contract.columns if not column.required]
        tables[name] = frame.assign(
            **{column: frame[column].mask(draw.random(len(frame)) < blank) for column in optional}
        )
    return replace(trust, tables=tables), int(draw.choice(trust.schools["urn"]))


def numbers(found: Profile) -> Iterator[tuple[str, float | None]]:
    for key, one in found.indicators.items():
        yield key, one.value
        if one.interval is not None:
            yield from ((key, one.interval.lower), (key, one.interval.upper))
            assert one.interval.lower <= one.interval.estimate <= one.interval.upper, key
            assert one.value == pytest.approx(one.interval.estimate), key
    for name, pillar in found.scored.items():
        yield from ((name, pillar.score), (name, pillar.lower), (name, pillar.upper))
        assert 0 <= pillar.lower <= pillar.score <= pillar.upper <= 1


@pytest.mark.parametrize("seed", range(12))
def test_no_trust_however_thin_gives_an_error_or_a_number_out_of_nothing(
    demo_trust: Trust, seed: int
) -> None:
    trust, urn = spoilt(demo_trust, seed)
    for place in (None, urn):
        found = profile(Scope(trust, SETTINGS, place))
        for key, number in numbers(found):
            assert number is None or math.isfinite(number), key
        for one in found.indicators.values():
            if any(trust.tables[name].empty for name in one.indicator.inputs):
                assert one.value is None, f"{one.key} without its table"
            if one.value is None:
                assert one.n is None, one.key
                assert one.missing or one.note, one.key
            else:
                assert one.n is not None, one.key
                assert not one.missing, one.key
        for pillar in found.pillars.values():
            share = pillar.measured_share
            enough = share is not None and share >= SETTINGS.pillars.profile.least_measured.value
            assert (pillar.composite is not None) == enough, pillar.pillar
            assert bool(pillar.why_not) != enough, pillar.pillar
            if pillar.composite is not None and any(map(fails, pillar.indicators)):
                assert pillar.composite.upper <= SETTINGS.pillars.profile.floor.value


@pytest.mark.parametrize("day", [dt.date(2019, 9, 2), dt.date(2022, 9, 15), dt.date(2033, 2, 28)])
def test_full_tables_with_nothing_in_the_window_give_reasons_and_no_error(
    demo_trust: Trust, day: dt.date
) -> None:
    moved = replace(demo_trust, as_of=day)
    for place in (None, FIRST):
        for key, number in numbers(profile(Scope(moved, SETTINGS, place))):
            assert number is None or math.isfinite(number), key


OPTIONAL = sorted(name for name, contract in TABLES.items() if not contract.needed)
GROUPS = [OPTIONAL[start::5] for start in range(5)] + [
    OPTIONAL[start : start + 7] for start in range(0, len(OPTIONAL), 7)
]


@pytest.fixture(scope="module")
def as_it_is(demo_trust: Trust) -> dict[str, Measured]:
    return measured_all(demo_trust)


@pytest.mark.parametrize("gone", GROUPS, ids="+".join)
def test_removing_tables_changes_only_what_reads_them(
    demo_trust: Trust, as_it_is: dict[str, Measured], gone: list[str]
) -> None:
    for key, one in measured_all(emptied(demo_trust, gone)).items():
        read = {*one.indicator.inputs, *one.indicator.also_reads}
        if not read & set(gone):
            assert one == as_it_is[key], key
        if set(one.indicator.inputs) & set(gone):
            assert one.value is None, key
            assert one.rating == "not enough evidence", key


def test_silence_buys_nothing_where_a_critical_indicator_is_not_known() -> None:
    good = tuple(value(key, 100) for key in ("qa_reviews_done", "actions_closed"))
    met = pillar_score(scope(), "quality assurance", (*good, value("safeguarding_met", 100)))
    silent = pillar_score(scope(), "quality assurance", (*good, unknown("safeguarding_met")))
    assert met.composite is not None
    assert silent.composite is not None
    floor = scope().settings.pillars.profile.floor.value
    assert met.composite.lower > floor
    assert silent.composite.lower <= floor
