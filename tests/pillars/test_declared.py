"""What is declared is measured, what is measured is declared, and nothing is missing of either."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from workbench.parameters.pillars import PILLARS, Indicator, Pillar, load_pillars
from workbench.pillars import (
    activity,
    assurance,
    capacity,
    commitment,
    intelligence,
    process,
    vision,
)
from workbench.pillars.indicator import scored
from workbench.pillars.measuring import Measure
from workbench.pillars.profile import MEASURED_BY
from workbench.trust.contracts import TABLES

DECLARED = load_pillars().indicators
MEASURES: Mapping[Pillar, Mapping[str, Measure]] = {
    "vision": vision.MEASURES,
    "capacity": capacity.MEASURES,
    "collective commitment": commitment.MEASURES,
    "intelligence": intelligence.MEASURES,
    "process": process.MEASURES,
    "improvement activity": activity.MEASURES,
    "quality assurance": assurance.MEASURES,
}
# The indicators that the workbench promises, pillar by pillar. One may be added here; none may go.
REQUIRED: Mapping[Pillar, str] = {
    "vision": "own_vision_kpis vision_linked_priorities staff_share_vision stakeholders_consulted "
    "our_language vision_talk vision_by_level roles_linked_to_vision staff_retained",
    "capacity": "golden_rule executive_days weeks_to_fill_lead impact_reviewed lead_span "
    "executive_span support_days_ratio top_two_share ready_successors sles_trained_to_lead "
    "lead_skill_coverage talent_audit_coverage pairs_within_reach recipients_near_provider "
    "nearest_provider_minutes days_lent days_received days_waiting lead_vacancy_weeks",
    "collective commitment": "schools_giving_days giving_gini commitment_scale "
    "heads_in_peer_review job_descriptions_trust_wide appraisals_trust_wide "
    "recruitment_packs_trust_wide network_attendance contributions_celebrated "
    "stretch_roles_offered lenders_retained",
    "intelligence": "returns_on_time returns_on_template source_families source_disagreement "
    "evidence_age staff_hours pupil_voice capturers_trained top_two_capturers first_preferences "
    "disadvantaged_gap visits_to_others board_reports_on_time",
    "process": "days_to_deploy days_to_deploy_slowest projects_ready project_reviews_held "
    "steps_without_executive",
    "improvement activity": "need_diagnosed baseline_and_comparator fidelity_checked "
    "pilots_decided mean_effect effect_probability",
    "quality assurance": "safeguarding_met qa_reviews_done qa_reviews_external reviewer_kappa "
    "self_evaluation_gap actions_closed criteria_traceable forecast_skill",
}
EACH = pytest.mark.parametrize(("key", "indicator"), DECLARED.items(), ids=list(DECLARED))


@pytest.mark.parametrize("pillar", PILLARS)
def test_every_declaration_has_its_measure_and_every_measure_its_declaration(
    pillar: Pillar,
) -> None:
    own = [key for key, one in DECLARED.items() if one.pillar == pillar]
    assert sorted(MEASURES[pillar]) == sorted(own)


def test_no_key_is_measured_by_two_pillars() -> None:
    keys = [key for measures in MEASURES.values() for key in measures]
    assert len(keys) == len(set(keys)) == len(DECLARED)


@pytest.mark.parametrize("pillar", PILLARS)
def test_every_promised_indicator_is_there(pillar: Pillar) -> None:
    assert set(REQUIRED[pillar].split()) <= set(MEASURES[pillar])


def test_all_seven_pillars_go_into_a_profile() -> None:
    assert tuple(MEASURED_BY) == PILLARS == tuple(MEASURES)


@EACH
def test_inputs_are_tables_and_each_is_named_once(key: str, indicator: Indicator) -> None:
    read = (*indicator.inputs, *indicator.also_reads)
    assert set(read) <= set(TABLES)
    assert len(read) == len(set(read))


@EACH
def test_every_line_has_a_source_and_a_day_to_look_again(key: str, indicator: Indicator) -> None:
    if indicator.threshold is not None:
        assert len(indicator.threshold.source.title) > 10
        assert indicator.threshold.review.year >= 2027
        if indicator.threshold.source.title.startswith("Workbench proposal"):
            assert not indicator.threshold.verified, "nobody can have checked it against a source"


@EACH
def test_every_indicator_says_what_it_asks_and_how_it_is_worked_out(
    key: str, indicator: Indicator
) -> None:
    assert indicator.question.endswith("?")
    assert len(indicator.formula) > 15
    assert indicator.name[0].isupper()
    assert "_" not in indicator.name + indicator.question + indicator.unit
    assert indicator.unit.startswith("% of ") or "%" not in indicator.unit


@EACH
def test_lines_are_written_in_full_with_the_decimals_shown(key: str, indicator: Indicator) -> None:
    line = indicator.threshold
    if line is not None:
        for end in (line.limit, line.watch, *(line.limits or ())):
            assert end is None or round(end, indicator.decimals) == pytest.approx(end, abs=1e-12)


@EACH
def test_the_scale_gives_the_better_value_the_better_score(key: str, indicator: Indicator) -> None:
    if indicator.scale is None:
        return
    first, last = indicator.scale
    ends = (scored(first, indicator), scored(last, indicator))
    if indicator.direction == "within":
        assert indicator.threshold is not None
        assert indicator.threshold.limits is not None
        assert ends == (0, 0)
        assert scored(sum(indicator.threshold.limits) / 2, indicator) == 1
        return
    assert ends == (0, 1)
    limit = None if indicator.threshold is None else indicator.threshold.limit
    if limit is not None:
        score = scored(limit, indicator)
        assert score is not None
        assert score >= 0.5, "what is asked for counts as more good than bad"
    if indicator.unit.startswith("% of "):
        assert {first, last} <= set(range(101)), "a share lies between 0 and 100%"


@pytest.mark.parametrize("pillar", PILLARS)
@pytest.mark.parametrize("level", ["trust", "school"])
def test_every_pillar_has_indicators_at_both_levels_that_score(pillar: Pillar, level: str) -> None:
    own = [one for one in DECLARED.values() if one.pillar == pillar and level in one.levels]
    assert any(one.scale is not None for one in own)


def test_what_no_other_strength_makes_up_for_is_critical() -> None:
    assert {key for key, one in DECLARED.items() if one.critical} == {
        "golden_rule", "safeguarding_met"
    }  # fmt: skip


def test_windows_and_rules_of_the_profile_are_declared_with_range_and_source() -> None:
    pillars = load_pillars()
    for group in (pillars.windows, pillars.profile):
        for name, one in group:
            assert one.range[0] < one.range[1], name
            assert one.source.title, name
            assert one.unit, name
