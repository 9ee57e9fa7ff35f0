"""Contracts on improvement work and its assurance: processes, projects, reviews, forecasts."""

from __future__ import annotations

from typing import get_args

from workbench.parameters.pillars import Pillar
from workbench.trust.columns import TableContract
from workbench.trust.contract_parts import (
    OWN_BANDS,
    SUPPORT_AREAS,
    choice,
    code,
    day,
    number,
    text,
    urn,
    whole,
    yes_no,
)

STAGES = ("diagnose", "plan", "deliver", "review", "closed")
PILLARS: tuple[str, ...] = get_args(Pillar)

PROCESS_STEPS = TableContract(
    "process_steps",
    "One row for each step of the trust's own process for mobilising support.",
    (
        code("step_id", "The step's own code.", required=True),
        text("step", "What is done.", required=True),
        day("reviewed", "Day the step was last looked at.", required=True),
        yes_no("runs_without_executive", "Does the step run when the chief executive is away?"),
        yes_no("written_down", "Is it written down where those who need it find it?"),
    ),
    key=("step_id",),
    born="reviewed",
    rewritten=("reviewed",),
)

PROJECTS = TableContract(
    "projects",
    "One row for each improvement project at a school, or pilot across schools.",
    (
        code("project_id", "The project's own code.", required=True),
        urn("School it is for; blank for a project across schools.", required=False),
        text("title", "The project in a few words.", required=True),
        choice("area", "What it is to improve.", SUPPORT_AREAS, required=True),
        day("started", "Day it began.", required=True),
        choice("stage", "Where it stands.", STAGES, required=True),
        day("closed", "Day it ended; blank while it runs."),
        choice("prompted_by", "What prompted it.",
               ("diagnosed need", "funding offered", "outside demand"), required=True),
        yes_no("has_diagnosis", "Is its diagnosis written down?"),
        code("owner", "Post that owns it; blank where nobody does."),
        yes_no("has_exit_criteria", "Is it said when it will stop?"),
        yes_no("has_baseline", "Was the state before it measured?"),
        yes_no("has_comparator", "Is there something to compare with?"),
        whole("sites", "Schools or classes where it runs.", "sites", 1, 500),
        whole("fidelity_checked", "Sites where somebody checked that it is done as designed.",
              "sites", 0, 500),
        yes_no("is_pilot", "Is it a pilot, to be scaled up or stopped?"),
        day("decision_due", "Day by which the pilot is to be scaled up or stopped.", ahead=True),
        day("decided", "Day that was decided; blank while it has not been."),
        choice("decision", "What was decided.", ("scale up", "stop"), known_with="decided"),
        number("effect", "Effect against matched schools or classes; positive is better.",
               "standard deviations", -5, 5, known_with="closed"),
        number("effect_error", "Standard error of the effect.", "standard deviations", 0, 5,
               above=True, known_with="closed"),
    ),
    key=("project_id",),
    born="started",
)  # fmt: skip

PROJECT_REVIEWS = TableContract(
    "project_reviews",
    "One row for each termly review that a project was due.",
    (
        code("project_id", "The project, as in `projects`.", required=True),
        day("due", "Day by which the review was due.", required=True, ahead=True),
        day("held", "Day it was held; blank while it has not been."),
    ),
    key=("project_id", "due"),
    born="due",
)

QA_REVIEWS = TableContract(
    "qa_reviews",
    "One row for each quality review of one area of a school, planned or done.",
    (
        code("review_id", "The review's own code.", required=True),
        urn("School reviewed."),
        choice("area", "Area reviewed.", SUPPORT_AREAS, required=True),
        day("planned", "Day it was planned for.", required=True, ahead=True),
        day("done", "Day it was done; blank while it has not been."),
        code("reviewer", "Pseudonym of the reviewer.", known_with="done"),
        yes_no("external", "Did somebody from outside the trust take part?", known_with="done"),
        choice("band", "What the reviewer found, in the trust's own four bands.", OWN_BANDS,
               known_with="done"),
        code("second_reviewer", "Pseudonym of a second reviewer who judged independently.",
             known_with="done"),
        choice("second_band", "What the second reviewer found.", OWN_BANDS, known_with="done"),
    ),
    key=("review_id",),
    born="planned",
)  # fmt: skip

QA_ACTIONS = TableContract(
    "qa_actions",
    "One row for each action that a quality review asked for.",
    (
        code("action_id", "The action's own code.", required=True),
        code("review_id", "The review, as in `qa_reviews`.", required=True),
        urn("School that is to act."),
        day("set_on", "Day it was asked for.", required=True),
        day("due", "Day by which it was to be done.", required=True, ahead=True),
        day("closed", "Day the school said it was done; blank while it is open."),
        yes_no("verified", "Has somebody other than the school seen that it was done?",
               known_with="closed"),
    ),
    key=("action_id",),
    born="set_on",
)  # fmt: skip

SELF_EVALUATIONS = TableContract(
    "self_evaluations",
    "One row for each area of a school as it judged itself.",
    (
        urn("School."),
        choice("area", "Area judged.", SUPPORT_AREAS, required=True),
        day("made", "Day the school judged itself.", required=True),
        choice("band", "The judgement, in the trust's own four bands.", OWN_BANDS, required=True),
    ),
    key=("urn", "area", "made"),
    born="made",
)

REVIEW_CRITERIA = TableContract(
    "review_criteria",
    "One row for each criterion that the trust's quality reviews judge by.",
    (
        code("criterion_id", "The criterion's own code.", required=True),
        text("criterion", "What is looked for.", required=True),
        choice("traces_to", "What it was taken from.",
               ("pupils' needs", "own vision", "inspection framework", "other"), required=True),
        day("adopted", "Day it was adopted.", required=True),
    ),
    key=("criterion_id",),
    born="adopted",
)  # fmt: skip

FORECASTS = TableContract(
    "forecasts",
    "One row for each forecast that somebody made about a school, to be proved right or wrong.",
    (
        code("forecast_id", "The forecast's own code.", required=True),
        urn("School."),
        text("event", "What was forecast to happen.", required=True),
        day("made", "Day it was made.", required=True),
        number("probability", "How likely it was said to be.", "probability", 0, 1, required=True),
        day("resolves", "Day by which it would be known.", required=True, ahead=True),
        day("resolved", "Day it was known; blank while it is not."),
        yes_no("happened", "Did it happen?", known_with="resolved"),
    ),
    key=("forecast_id",),
    born="made",
)

THEORY = TableContract(
    "theory_of_the_case",
    "One row for each claim of the trust's theory of how it improves schools, and what would "
    "refute it.",
    (
        code("claim_id", "The claim's own code.", required=True),
        day("stated", "Day it was stated.", required=True),
        choice("pillar", "The pillar it is about.", PILLARS, required=True),
        text("claim", "What the trust holds to be so.", required=True, longest=400),
        text("refuted_if", "What would show that it is not so.", required=True, longest=400),
        code("indicator", "Key of the indicator that tells, from `parameters/pillars.yaml`."),
        number("below", "Refuted where the indicator is below this.", "the indicator's unit"),
        number("above", "Refuted where the indicator is above this.", "the indicator's unit"),
        day("reviewed", "Day it was last reviewed; blank where it has not been."),
        whole("schools_at_review", "Schools in the trust when it was last reviewed, or stated.",
              "schools", 1, 500, required=True),
    ),
    key=("claim_id",),
    born="stated",
    rewritten=("reviewed",),
)  # fmt: skip

IMPROVEMENT = (
    PROCESS_STEPS, PROJECTS, PROJECT_REVIEWS, QA_REVIEWS, QA_ACTIONS, SELF_EVALUATIONS,
    REVIEW_CRITERIA, FORECASTS, THEORY,
)  # fmt: skip
