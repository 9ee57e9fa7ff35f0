"""What each table of a trust folder holds: one contract a table, one declaration a column.

Everything that knows about a table reads it here: the checks, the typed frames, the data
dictionary in `data/README.md`, and the blank templates a school fills in. This module holds who
the trust and its schools are, and the support they give; the others are grouped beside it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType

from workbench.trust.columns import ColumnContract, TableContract
from workbench.trust.contract_parts import (
    MARKERS,
    OEIF_ENDS,
    OEIF_GRADES,
    PHASES,
    REPORT_CARDS_BEGIN,
    ROLES,
    SCHOOL_TYPES,
    SUPPORT_AREAS,
    area,
    code,
    day,
    number,
    oeif,
    urn,
    yes_no,
)
from workbench.trust.contracts_evidence import EVIDENCE
from workbench.trust.contracts_improvement import IMPROVEMENT
from workbench.trust.contracts_people import PEOPLE_AND_VISION

TRUST = TableContract(
    "trust",
    "The trust itself: exactly one row.",
    (
        ColumnContract("trust_uid", "integer", "The trust's group UID in GIAS.", True,
                       least=1, most=999_999),
        ColumnContract("name", "text", "The trust's name.", True),
        day("as_of", "The day this folder describes: nothing in it is later knowledge.",
             required=True),
        number("reserves_gbp", "Free reserves at the last year end; negative for a deficit.",
                "pounds", -1e9, 1e9),
        number("annual_income_gbp", "Total income of the last full year.", "pounds", 0, 1e10),
    ),
    key=("trust_uid",),
    needed=True,
    single=True,
)  # fmt: skip

SCHOOLS = TableContract(
    "schools",
    "One row for each school in the trust on the day the folder describes.",
    (
        urn("The school's current unique reference number.", refers=False),
        ColumnContract("name", "text", "The school's name.", True),
        ColumnContract("phase", "choice", "Phase of education.", True, choices=PHASES),
        ColumnContract("type", "choice", "How the school came to be an academy.",
                       choices=SCHOOL_TYPES),
        ColumnContract("pupils", "integer", "Pupils on roll.", least=0, most=10_000, unit="pupils"),
        number("latitude", "Latitude (WGS 84).", "degrees", 49, 61),
        number("longitude", "Longitude (WGS 84); west of Greenwich is negative.", "degrees",
                -9, 3),
        day("joined", "Day the school joined this trust.", required=True),
        day("opened", "Day the school opened under its current URN.",
            earliest=dt.date(1000, 1, 1), ahead=True),
        number("fsm_percent", "Pupils eligible for free school meals.", "percent of pupils",
                0, 100),
    ),
    key=("urn",),
    born="joined",
    needed=True,
)  # fmt: skip

INSPECTIONS_OEIF = TableContract(
    "inspections_oeif",
    "One row for each inspection before 10 November 2025, under whichever framework then held. "
    "Its words are never matched to report card grades.",
    (
        urn("The school's current URN."),
        ColumnContract("inspection_date", "date", "First day of the inspection.", True,
                       latest=OEIF_ENDS,
                       mend="put inspections since 10 November 2025 in inspections_report_card"),
        ColumnContract("kind", "choice", "Sort of inspection.",
                       choices=("graded", "ungraded", "monitoring")),
        ColumnContract("overall", "choice",
                       "Overall effectiveness; blank where none was given, as since "
                       "September 2024.", choices=OEIF_GRADES),
        ColumnContract("category", "choice",
                       "Category of concern; blank for none, or where the source has none.",
                       choices=("special measures", "serious weaknesses")),
        oeif("quality_of_education", "the quality of education"),
        oeif("behaviour_and_attitudes", "behaviour and attitudes"),
        oeif("personal_development", "personal development"),
        oeif("leadership_and_management", "leadership and management"),
        oeif("early_years", "early years provision"),
        oeif("sixth_form", "sixth form provision"),
        yes_no("safeguarding_effective", "Were the arrangements for safeguarding effective?"),
        urn("URN the school had when it was inspected, where that differs.",
            name="urn_at_inspection", required=False, refers=False),
    ),
    key=("urn", "inspection_date"),
    born="inspection_date",
)  # fmt: skip

INSPECTIONS_REPORT_CARD = TableContract(
    "inspections_report_card",
    "One row for each inspection since 10 November 2025, which ends in a report card.",
    (
        urn("The school's current URN."),
        ColumnContract("inspection_date", "date", "First day of the inspection.", True,
                       earliest=REPORT_CARDS_BEGIN,
                       mend="put inspections before 10 November 2025 in inspections_oeif"),
        day("publication_date", "Day the report card was published.", ahead=True),
        ColumnContract("safeguarding", "choice", "Whether safeguarding standards were met.", True,
                       choices=("met", "not met")),
        ColumnContract("category", "choice", "Category of concern; blank for none.",
                       choices=("special measures", "requires significant improvement")),
        area("inclusion", "inclusion"),
        area("curriculum_and_teaching", "curriculum and teaching"),
        area("achievement", "achievement"),
        area("attendance_and_behaviour", "attendance and behaviour"),
        area("personal_development_and_wellbeing", "personal development and wellbeing"),
        area("leadership_and_governance", "leadership and governance"),
        area("early_years", "early years", required=False),
        area("post_16", "post-16 provision", required=False),
    ),
    key=("urn", "inspection_date"),
    born="inspection_date",
)  # fmt: skip

PEOPLE = TableContract(
    "people",
    "One row for each spell of a leadership post: a person in it, or a vacancy. No names: "
    "people are pseudonyms.",
    (
        ColumnContract("post_id", "code", "The post's own code, such as POST07.", True),
        ColumnContract("role", "choice", "What the post is for.", True, choices=ROLES),
        urn("School the post is based at; blank for the central team.", required=False),
        number("fte", "Share of full time.", "full-time equivalent", 0, 1.5, required=True,
                above=True),
        ColumnContract("status", "choice", "Whether someone is in post.", True,
                       choices=("filled", "vacant")),
        ColumnContract("person", "code",
                       "Pseudonym of the person, such as P012; blank while vacant."),
        day("since", "First day of the spell.", required=True),
        day("until", "Last day of the spell; blank while it is still so.", ahead=True),
        yes_no("trained_to_deliver", "Is the person trained to deliver improvement work?"),
        yes_no("trained_to_lead", "Is the person trained to lead improvement work?"),
        number("days_a_term", "Days a term free for improvement work in other schools.",
                "days a term", 0, 65),
    ),
    key=("post_id", "since"),
    born="since",
)  # fmt: skip

SUPPORT = TableContract(
    "support",
    "One row for each deployment of support to a school.",
    (
        ColumnContract("deployment_id", "code", "The deployment's own code.", True),
        urn("School that gives the support; blank for a central lead.", name="provider_urn",
             required=False),
        ColumnContract("provider_post", "code", "Post (people.post_id) that gives the support."),
        urn("School that receives the support.", name="recipient_urn"),
        day("triggered", "Day the need was recognised.", required=True),
        day("started", "First day of support; blank while waiting."),
        day("ended", "Last day of support; blank while it goes on."),
        number("days", "Days of support given or planned.", "days", 0, 200, required=True,
                above=True),
        ColumnContract("area", "choice", "What the support is for.", choices=SUPPORT_AREAS),
        yes_no("impact_reviewed", "Has the impact been reviewed?", known_with="ended"),
        yes_no("celebrated", "Was the contribution celebrated, at an event or in writing?",
               known_with="ended"),
    ),
    key=("deployment_id",),
    born="triggered",
)  # fmt: skip

SUPPORT_CAPACITY = TableContract(
    "support_capacity",
    "One row for each school and term: what the school could give to others.",
    (
        urn("School that offers the days."),
        ColumnContract("term", "term", "School term.", True),
        number("days_available", "Days its staff could give to other schools in the term.",
                "days a term", 0, 200, required=True),
    ),
    key=("urn", "term"),
    born="term",
)  # fmt: skip

RETURNS = TableContract(
    "returns",
    "One row for each data return the trust asked a school for.",
    (
        urn("School asked for the return."),
        ColumnContract("return_name", "text", "Which return, such as 'autumn attendance'.", True),
        day("due", "Day it was due.", required=True, ahead=True),
        day("received", "Day it arrived; blank while it has not."),
        yes_no("on_template", "Did it come on the trust's template?", known_with="received"),
        number("staff_hours", "Hours that staff of the school spent on it.", "hours", 0, 500,
               known_with="received"),
        code("captured_by", "Pseudonym of whoever gathered it, such as P012.",
             known_with="received"),
        yes_no("capturer_trained", "Is whoever gathered it trained to do so?",
               known_with="received"),
    ),
    key=("urn", "return_name", "due"),
    born="due",
)  # fmt: skip

SCHOOL_STATISTICS = TableContract(
    "school_statistics",
    "One row for each school, period and measure: a published number, or the marker that "
    "stands for why there is none.",
    (
        urn("School the number describes."),
        ColumnContract("period", "period", "Academic year or term.", True),
        ColumnContract("measure", "code", "Measure, in small letters joined by underscores, "
                       "such as absence_percent.", True),
        number("value", "The number; blank where a marker stands for it.", "see column unit"),
        ColumnContract("unit", "text", "Unit of the value, such as percent or pupils.", True),
        ColumnContract("marker", "choice",
                       "Why there is no number: z not applicable, x not available, c or SUPP "
                       "suppressed, low rounds to nothing, u unreliable, LOWCOV too few covered, "
                       "NE no entries, NP not published.", choices=MARKERS),
        ColumnContract("raw", "text", "The value exactly as published.", verbatim=True),
        ColumnContract("source", "text", "File the value was read from."),
    ),
    key=("urn", "period", "measure"),
    born="period",
)  # fmt: skip

TABLES: Mapping[str, TableContract] = MappingProxyType({
    table.name: table
    for table in (
        TRUST, SCHOOLS, INSPECTIONS_OEIF, INSPECTIONS_REPORT_CARD, PEOPLE, SUPPORT,
        SUPPORT_CAPACITY, RETURNS, SCHOOL_STATISTICS,
        *PEOPLE_AND_VISION, *EVIDENCE, *IMPROVEMENT,
    )
})  # fmt: skip
