"""The lines of the indicators are those of the sector's table: a line that moves is meant to."""

from __future__ import annotations

import pytest

from workbench.parameters.pillars import load_pillars

PILLARS = load_pillars()

# Direction and limit of each indicator that has one: those that the article or the workbench's own
# table of indicators gives (counts as they are, shares in per cent).
LINES: dict[str, tuple[str, float | tuple[float, float]]] = {
    "own_vision_kpis": ("within", (40, 70)),
    "vision_linked_priorities": ("up", 90),
    "staff_share_vision": ("up", 75),
    "stakeholders_consulted": ("up", 100),
    "executive_span": ("down", 5),
    "lead_span": ("down", 6),
    "support_days_ratio": ("up", 1.2),
    "impact_reviewed": ("up", 95),
    "recipients_near_provider": ("up", 80),
    "pairs_within_reach": ("up", 80),
    "executive_days": ("down", 0),
    "top_two_share": ("down", 40),
    "ready_successors": ("up", 1),
    "sles_trained_to_lead": ("up", 100),
    "lead_skill_coverage": ("up", 100),
    "talent_audit_coverage": ("up", 80),
    "days_waiting": ("down", 0),
    "nearest_provider_minutes": ("down", 20),
    "schools_giving_days": ("up", 80),
    "giving_gini": ("down", 0.3),
    "heads_in_peer_review": ("up", 90),
    "job_descriptions_trust_wide": ("up", 100),
    "returns_on_time": ("up", 95),
    "returns_on_template": ("up", 95),
    "source_families": ("up", 3),
    "source_disagreement": ("down", 1),
    "evidence_age": ("down", 1),
    "pupil_voice": ("up", 100),
    "visits_to_others": ("up", 50),
    "capturers_trained": ("up", 100),
    "top_two_capturers": ("down", 40),
    "board_reports_on_time": ("up", 95),
    "days_to_deploy": ("down", 15),
    "days_to_deploy_slowest": ("down", 30),
    "projects_ready": ("up", 95),
    "project_reviews_held": ("up", 95),
    "steps_without_executive": ("up", 90),
    "need_diagnosed": ("up", 90),
    "baseline_and_comparator": ("up", 60),
    "fidelity_checked": ("up", 80),
    "pilots_decided": ("up", 90),
    "effect_probability": ("up", 0.8),
    "safeguarding_met": ("up", 100),
    "qa_reviews_done": ("up", 95),
    "qa_reviews_external": ("up", 33),
    "reviewer_kappa": ("up", 0.6),
    "self_evaluation_gap": ("within", (-0.5, 0.5)),
    "actions_closed": ("up", 85),
    "criteria_traceable": ("up", 70),
    "forecast_skill": ("up", 0),
}


@pytest.mark.parametrize("key", LINES)
def test_a_line_is_the_one_agreed(key: str) -> None:
    one = PILLARS.indicator(key)
    assert one.threshold is not None
    line = one.threshold.limit if one.threshold.limits is None else one.threshold.limits
    assert (one.direction, line) == LINES[key]


def test_no_other_indicator_has_a_line_but_the_golden_rule_whose_preset_sets_it() -> None:
    lined = {key for key, one in PILLARS.indicators.items() if one.threshold is not None}
    assert lined - set(LINES) == {"golden_rule"}


def test_the_critical_ones_and_the_weights_are_those_agreed() -> None:
    critical = {key for key, one in PILLARS.indicators.items() if one.critical}
    assert critical == {"golden_rule", "safeguarding_met"}
    weights = {key: one.weight for key, one in PILLARS.indicators.items() if one.weight != 1}
    assert weights.keys() >= {"golden_rule", "safeguarding_met", "lead_span", "commitment_scale"}
    assert set(weights.values()) == {2}
