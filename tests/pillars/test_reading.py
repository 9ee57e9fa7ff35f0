"""What indicators say: beyond doubt, too close to call, or not known and what it would take."""

from __future__ import annotations

import pytest

from tests.pillars.made import beside, together, unknown, value
from tests.pillars.small import FIRST, SECOND, one, scope
from workbench.pillars.indicator import Measured
from workbench.pillars.process import MEASURES
from workbench.pillars.profile import pillar_score
from workbench.pillars.reading import Certainty, certainty, gaps, read

# Asked for: at least 95% of projects ready, at most 15 days, 40 to 70% own indicators, a mean gap
# within half a band; nobody has set a line for network attendance.


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (value("projects_ready", 98, (96, 99)), "clear"),
        (value("projects_ready", 50, (20, 80)), "clear"),
        (value("projects_ready", 97, (90, 99)), "too close to call"),
        (value("projects_ready", 94, (90, 99)), "too close to call"),
        # A value on its line is within it: reaching down to it is still to meet it ...
        (value("projects_ready", 98, (95, 99)), "clear"),
        # ... and reaching up to it is perhaps to meet it.
        (value("projects_ready", 90, (80, 95)), "too close to call"),
        (value("days_to_deploy", 10, (8, 15)), "clear"),
        (value("days_to_deploy", 20, (16, 30)), "clear"),
        (value("days_to_deploy", 15, (15, 30)), "too close to call"),
        # The most that is asked for may be missed however well the few records look.
        (value("sles_trained_to_lead", 100, (61, 100)), "too close to call"),
        (value("self_evaluation_gap", 0, (-0.5, 0.5)), "clear"),
        (value("self_evaluation_gap", 1, (0.6, 1.4)), "clear"),
        (value("self_evaluation_gap", -1, (-1.4, -0.6)), "clear"),
        (value("self_evaluation_gap", 0, (-0.6, 0.2)), "too close to call"),
        (value("self_evaluation_gap", 0, (-2, 2)), "too close to call"),
        (value("own_vision_kpis", 50), "counted"),
        (value("steps_without_executive", 90), "counted"),
        # An estimate from too few records for a range is no count, and no surer than one with it.
        (value("days_to_deploy", 3, estimated=True), "too close to call"),
        (value("self_evaluation_gap", 3, estimated=True), "too close to call"),
        (value("network_attendance", 80, estimated=True), "no line"),
        (value("network_attendance", 80, (70, 90)), "no line"),
        (unknown("projects_ready", "x"), "no line"),
        (beside("projects_ready"), "no line"),
    ],
)
def test_certainty_is_of_the_side_of_the_limit(found: Measured, said: Certainty) -> None:
    assert certainty(found) == said


def test_indicators_are_sorted_by_what_they_say() -> None:
    strong = value("projects_ready", 98, (96, 99))
    weak = value("project_reviews_held", 40, (30, 50))
    counted = value("steps_without_executive", 20)
    unsure = value("days_to_deploy", 15, (10, 20))
    lacking = unknown("days_to_deploy_slowest", "x")
    found = read(pillar_score(scope(), "process", (strong, weak, counted, unsure, lacking)))
    assert found.strong == (strong,)
    assert found.weak == (weak, counted)
    assert found.uncertain == (unsure,)
    assert (found.unlined, found.unknown) == ((), (lacking,))


def test_watch_is_beyond_a_line_and_what_does_not_apply_is_nowhere() -> None:
    # At most 6 schools a lead, and 5 to watch from.
    watch = value("lead_span", 5.5)
    assert watch.rating == "watch"
    unlined = value("lead_vacancy_weeks", 3)
    found = read(pillar_score(scope(), "capacity", (watch, unlined, beside("executive_span"))))
    assert (found.weak, found.unlined) == ((watch,), (unlined,))
    assert found.strong == found.uncertain == found.unknown == ()


def test_gaps_are_told_by_the_weight_that_waits_for_them() -> None:
    # Days count twice; three of weight 1 wait for projects; kappa for both of its needs.
    projects = "the table projects"
    found = gaps(together(
        unknown("days_to_deploy", "support that began"),
        unknown("projects_ready", projects),
        unknown("need_diagnosed", projects), unknown("fidelity_checked", projects),
        unknown("reviewer_kappa", "second reviewers", projects),
        unknown("lead_vacancy_weeks", "the table people"),
        beside("mean_effect"), value("steps_without_executive", 50),
    ))  # fmt: skip
    assert [(gap.need, gap.weight) for gap in found] == [
        (projects, 4), ("support that began", 2), ("second reviewers", 1), ("the table people", 0),
    ]  # fmt: skip
    assert found[0].pillars == ("process", "improvement activity", "quality assurance")
    assert [one.key for one in found[0].indicators] == [
        "projects_ready", "need_diagnosed", "fidelity_checked", "reviewer_kappa"
    ]  # fmt: skip


def test_a_figure_held_back_is_no_gap_for_anyone_to_fill() -> None:
    held = unknown("staff_share_vision",
                   "held back so that no other school's answers can be worked out")  # fmt: skip
    few = unknown("commitment_scale", "fewer than 10 answers")
    assert [gap.need for gap in gaps(together(held, few))] == ["fewer than 10 answers"]


@pytest.mark.parametrize("begun", range(1, 6))
def test_fewer_records_never_make_surer(begun: int) -> None:
    # Six waits of 9 days and more lie on one side of 15 days; five or fewer bear no range.
    rows = [
        {"deployment_id": f"D{i}", "provider_urn": FIRST, "recipient_urn": SECOND,
         "triggered": "2026-05-01", "started": f"2026-05-{10 + i:02d}", "days": 3}
        for i in range(6)
    ]  # fmt: skip
    assert certainty(one(MEASURES, "days_to_deploy", support=rows)) == "clear"
    few = one(MEASURES, "days_to_deploy", support=rows[:begun])
    assert (few.rating, certainty(few)) == ("on track", "too close to call")
