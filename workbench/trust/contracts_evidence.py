"""Contracts on evidence from many sides: surveys, visits, reviews, boards, pupils' numbers."""

from __future__ import annotations

from workbench.trust.columns import ColumnContract, TableContract
from workbench.trust.contract_parts import (
    OWN_BANDS,
    SUPPORT_AREAS,
    choice,
    code,
    day,
    item,
    number,
    term,
    urn,
    whole,
    yes_no,
)

STAFF_LEVELS = ("senior leader", "middle leader", "teacher", "support staff")
SOURCES = (
    "staff", "parents", "pupils", "peer review", "trust visit", "local board", "data",
    "external review",
)  # fmt: skip
ATTAINMENT_MEASURES = (
    "key stage 2 expected", "key stage 2 higher", "attainment 8", "grade 5 english and maths",
)  # fmt: skip
PUPIL_GROUPS = ("all", "disadvantaged", "not disadvantaged")


def _survey(whom: str, *columns: ColumnContract) -> TableContract:
    return TableContract(
        f"{whom}_survey",
        f"One row for each {whom} who answered a wave of the survey. No names: the respondent is a "
        "number of the wave, and no one is followed from wave to wave.",
        (
            term("wave", "Term in which the survey was held."),
            code("respondent", "Number of the answer within the wave, such as R0123.",
                 required=True),
            urn("School; blank for the central team.", required=False),
            *columns,
        ),
        key=("wave", "respondent"),
        born="wave",
        born_at_end=True,
    )  # fmt: skip


STAFF_SURVEY = _survey(
    "staff",
    choice("level", "The respondent's level.", STAFF_LEVELS),
    item("our_vision", "I share our trust's vision: it is ours, not one leader's"),
    item("vision_in_my_role", "I can say how my role serves our vision"),
    item("our_schools", "I care about the success of our other schools as of my own"),
    item("willing_to_give", "I am willing to give time to other schools of our trust"),
    item("gain_from_others", "My school gains from working with our other schools"),
    item("time_to_give", "I am given the time to work with our other schools"),
    item("part_of_something", "I feel part of something bigger than my school"),
    item("workload", "My workload is manageable"),
    item("development", "I get the professional development I need"),
    item("school_improving", "My school is getting better"),
)
COMMITMENT_ITEMS = (
    "our_schools", "willing_to_give", "gain_from_others", "time_to_give", "part_of_something",
)  # fmt: skip

PARENT_SURVEY = _survey(
    "parent",
    item("happy", "My child is happy at this school"),
    item("safe", "My child is safe at this school"),
    item("taught_well", "My child is taught well"),
    item("informed", "The school tells me how my child is doing"),
    item("school_improving", "The school is getting better"),
)

PUPIL_SURVEY = _survey(
    "pupil",
    item("enjoy", "I enjoy school"),
    item("safe", "I feel safe at school"),
    item("learn", "I learn a lot in lessons"),
    item("listened_to", "Adults listen to what pupils say"),
    item("school_improving", "My school is getting better"),
)

SOURCE_JUDGEMENTS = TableContract(
    "source_judgements",
    "One row for each judgement of one area of a school by one source, in the trust's own four "
    "bands; never an inspection grade.",
    (
        code("judgement_id", "The judgement's own code.", required=True),
        urn("School judged."),
        choice("area", "Area judged.", SUPPORT_AREAS, required=True),
        day("made", "Day the judgement was made.", required=True),
        choice("source", "What it rests on.", SOURCES, required=True),
        code("author", "Pseudonym of the person or body that made it.", required=True),
        choice("band", "The judgement.", OWN_BANDS, required=True),
    ),
    key=("judgement_id",),
    born="made",
)

PEER_REVIEWS = TableContract(
    "peer_reviews",
    "One row for each peer review and school that sent a reviewer.",
    (
        code("review_id", "The review's own code.", required=True),
        day("held", "Day it was held.", required=True),
        urn("School reviewed.", name="reviewed_urn"),
        urn("School that sent a reviewer; blank for a school outside the trust.",
            name="reviewer_urn", required=False),
        code("reviewer", "Pseudonym of the reviewer.", required=True),
        yes_no("head_took_part", "Was the reviewer the head of the sending school?"),
    ),
    key=("review_id", "reviewer"),
    born="held",
)  # fmt: skip

PUPIL_VISITS = TableContract(
    "pupil_visits",
    "One row for each visit on which pupils reviewed a school and said what they found.",
    (
        code("visit_id", "The visit's own code.", required=True),
        day("held", "Day of the visit.", required=True),
        urn("School visited.", name="visited_urn"),
        urn("School the visiting pupils come from.", name="visiting_urn"),
        whole("pupils", "How many pupils visited.", "pupils", 1, 100),
        choice("area", "What they looked at.", SUPPORT_AREAS),
    ),
    key=("visit_id",),
    born="held",
)

BOARD_REPORTS = TableContract(
    "board_reports",
    "One row for each report a local board owed the trust.",
    (
        urn("School of the local board."),
        day("due", "Day the report was due.", required=True, ahead=True),
        day("received", "Day it arrived; blank while it has not."),
        yes_no("challenge_recorded", "Does it record a challenge to the school's own account?",
               known_with="received"),
    ),
    key=("urn", "due"),
    born="due",
)  # fmt: skip

ADMISSIONS = TableContract(
    "admissions",
    "One row for each school and year of entry.",
    (
        urn("School."),
        day("offers_made", "Day offers were made, such as 2026-04-16.", required=True),
        whole("places", "Places offered for the normal year of entry.", "places", 1, 1_000,
              required=True),
        whole("first_preferences", "Applications that put the school first.", "applications", 0,
              5_000, required=True),
    ),
    key=("urn", "offers_made"),
    born="offers_made",
)  # fmt: skip

ATTENDANCE = TableContract(
    "attendance",
    "One row for each school and half-term.",
    (
        urn("School."),
        day("begins", "First day of the half-term.", required=True),
        day("ends", "Last day of the half-term.", required=True),
        whole("pupils", "Pupils on roll.", "pupils", 1, 10_000, required=True),
        whole("possible_sessions", "Sessions that pupils could have attended.", "sessions", 1,
              2_000_000, required=True),
        whole("missed_sessions", "Sessions missed.", "sessions", 0, 2_000_000, required=True),
        whole("persistently_absent", "Pupils who missed a tenth or more of their sessions.",
              "pupils", 0, 10_000),
    ),
    key=("urn", "begins"),
    born="ends",
)  # fmt: skip

ATTAINMENT = TableContract(
    "attainment",
    "One row for each school, summer, measure and group of pupils.",
    (
        urn("School."),
        day("results", "Day of the results, such as 2026-08-20.", required=True),
        choice("measure", "What was measured.", ATTAINMENT_MEASURES, required=True),
        choice("group", "Which pupils.", PUPIL_GROUPS, required=True),
        whole("pupils", "Pupils counted.", "pupils", 1, 2_000, required=True),
        number("value", "Per cent of pupils; points for attainment 8.", "percent or points", 0,
               100, required=True),
        number("spread", "Standard deviation between pupils, for points; blank for per cent.",
               "points", 0, 50),
    ),
    key=("urn", "results", "measure", "group"),
    born="results",
)  # fmt: skip

EVIDENCE = (
    STAFF_SURVEY, PARENT_SURVEY, PUPIL_SURVEY, SOURCE_JUDGEMENTS, PEER_REVIEWS, PUPIL_VISITS,
    BOARD_REPORTS, ADMISSIONS, ATTENDANCE, ATTAINMENT,
)  # fmt: skip
