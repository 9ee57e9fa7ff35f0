"""What each table of a trust folder holds: one contract a table, one declaration a column.

Everything that knows about a table reads it here: the checks, the typed frames, the data
dictionary in `data/README.md`, and the blank templates a school fills in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType

from workbench.trust.columns import ColumnContract, TableContract

OEIF_ENDS = dt.date(2025, 11, 9)
REPORT_CARDS_BEGIN = dt.date(2025, 11, 10)

PHASES = (
    "nursery", "primary", "secondary", "all-through", "special", "alternative provision", "16 plus",
)  # fmt: skip
SCHOOL_TYPES = ("sponsor led", "converter", "free school", "other")
OEIF_GRADES = ("outstanding", "good", "requires improvement", "inadequate")
REPORT_CARD_GRADES = (
    "urgent improvement", "needs attention", "expected standard", "strong standard", "exceptional",
)  # fmt: skip
ROLES = ("executive", "improvement lead", "head", "specialist leader")
SUPPORT_AREAS = (
    "inclusion", "curriculum and teaching", "achievement", "attendance and behaviour",
    "personal development and wellbeing", "leadership and governance", "early years", "post-16",
)  # fmt: skip
MARKERS = ("z", "x", "c", "low", "u", "SUPP", "LOWCOV", "NE", "NP")


def _urn(description: str, *, name: str = "urn", required: bool = True) -> ColumnContract:
    return ColumnContract(name, "urn", description, required)


def _oeif(name: str, judged: str) -> ColumnContract:
    return ColumnContract(
        name, "choice", f"Judgement on {judged}; blank where it was not given.", choices=OEIF_GRADES
    )


def _area(name: str, judged: str, *, required: bool = True) -> ColumnContract:
    where = "" if required else "; blank where the school has none"
    return ColumnContract(
        name, "choice", f"Grade for {judged}{where}.", required, choices=REPORT_CARD_GRADES
    )


def _yes_no(name: str, question: str) -> ColumnContract:
    return ColumnContract(name, "yes/no", question)


def _day(name: str, description: str, *, required: bool = False) -> ColumnContract:
    return ColumnContract(name, "date", description, required)


def _number(
    name: str,
    description: str,
    unit: str,
    least: float | None = None,
    most: float | None = None,
    *,
    required: bool = False,
    above: bool = False,
) -> ColumnContract:
    return ColumnContract(
        name, "number", description, required, least=least, most=most, above=above, unit=unit
    )


TRUST = TableContract(
    "trust",
    "The trust itself: exactly one row.",
    (
        ColumnContract("trust_uid", "integer", "The trust's group UID in GIAS.", True,
                       least=1, most=999_999),
        ColumnContract("name", "text", "The trust's name.", True),
        _day("as_of", "The day this folder describes: nothing in it is later knowledge.",
             required=True),
        _number("reserves_gbp", "Free reserves at the last year end; negative for a deficit.",
                "pounds", -1e9, 1e9),
        _number("annual_income_gbp", "Total income of the last full year.", "pounds", 0, 1e10),
    ),
    key=("trust_uid",),
    needed=True,
    single=True,
)  # fmt: skip

SCHOOLS = TableContract(
    "schools",
    "One row for each school in the trust on the day the folder describes.",
    (
        _urn("The school's current unique reference number."),
        ColumnContract("name", "text", "The school's name.", True),
        ColumnContract("phase", "choice", "Phase of education.", True, choices=PHASES),
        ColumnContract("type", "choice", "How the school came to be an academy.",
                       choices=SCHOOL_TYPES),
        ColumnContract("pupils", "integer", "Pupils on roll.", least=0, most=10_000, unit="pupils"),
        _number("latitude", "Latitude (WGS 84).", "degrees", 49, 61),
        _number("longitude", "Longitude (WGS 84); west of Greenwich is negative.", "degrees",
                -9, 3),
        _day("joined", "Day the school joined this trust.", required=True),
        ColumnContract("opened", "date", "Day the school opened under its current URN.",
                       earliest=dt.date(1000, 1, 1)),
        _number("fsm_percent", "Pupils eligible for free school meals.", "percent of pupils",
                0, 100),
    ),
    key=("urn",),
    needed=True,
)  # fmt: skip

INSPECTIONS_OEIF = TableContract(
    "inspections_oeif",
    "One row for each inspection before 10 November 2025, under whichever framework then held. "
    "Its words are never matched to report card grades.",
    (
        _urn("The school's current URN."),
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
        _oeif("quality_of_education", "the quality of education"),
        _oeif("behaviour_and_attitudes", "behaviour and attitudes"),
        _oeif("personal_development", "personal development"),
        _oeif("leadership_and_management", "leadership and management"),
        _oeif("early_years", "early years provision"),
        _oeif("sixth_form", "sixth form provision"),
        _yes_no("safeguarding_effective", "Were the arrangements for safeguarding effective?"),
        _urn("URN the school had when it was inspected, where that differs.",
             name="urn_at_inspection", required=False),
    ),
    key=("urn", "inspection_date"),
)  # fmt: skip

INSPECTIONS_REPORT_CARD = TableContract(
    "inspections_report_card",
    "One row for each inspection since 10 November 2025, which ends in a report card.",
    (
        _urn("The school's current URN."),
        ColumnContract("inspection_date", "date", "First day of the inspection.", True,
                       earliest=REPORT_CARDS_BEGIN,
                       mend="put inspections before 10 November 2025 in inspections_oeif"),
        _day("publication_date", "Day the report card was published."),
        ColumnContract("safeguarding", "choice", "Whether safeguarding standards were met.", True,
                       choices=("met", "not met")),
        ColumnContract("category", "choice", "Category of concern; blank for none.",
                       choices=("special measures", "requires significant improvement")),
        _area("inclusion", "inclusion"),
        _area("curriculum_and_teaching", "curriculum and teaching"),
        _area("achievement", "achievement"),
        _area("attendance_and_behaviour", "attendance and behaviour"),
        _area("personal_development_and_wellbeing", "personal development and wellbeing"),
        _area("leadership_and_governance", "leadership and governance"),
        _area("early_years", "early years", required=False),
        _area("post_16", "post-16 provision", required=False),
    ),
    key=("urn", "inspection_date"),
)  # fmt: skip

PEOPLE = TableContract(
    "people",
    "One row for each spell of a leadership post: a person in it, or a vacancy. No names: "
    "people are pseudonyms.",
    (
        ColumnContract("post_id", "code", "The post's own code, such as POST07.", True),
        ColumnContract("role", "choice", "What the post is for.", True, choices=ROLES),
        _urn("School the post is based at; blank for the central team.", required=False),
        _number("fte", "Share of full time.", "full-time equivalent", 0, 1.5, required=True,
                above=True),
        ColumnContract("status", "choice", "Whether someone is in post.", True,
                       choices=("filled", "vacant")),
        ColumnContract("person", "code",
                       "Pseudonym of the person, such as P012; blank while vacant."),
        _day("since", "First day of the spell.", required=True),
        _day("until", "Last day of the spell; blank while it is still so."),
        _yes_no("trained_to_deliver", "Is the person trained to deliver improvement work?"),
        _yes_no("trained_to_lead", "Is the person trained to lead improvement work?"),
        _number("days_a_term", "Days a term free for improvement work in other schools.",
                "days a term", 0, 65),
    ),
    key=("post_id", "since"),
)  # fmt: skip

SUPPORT = TableContract(
    "support",
    "One row for each deployment of support to a school.",
    (
        ColumnContract("deployment_id", "code", "The deployment's own code.", True),
        _urn("School that gives the support; blank for a central lead.", name="provider_urn",
             required=False),
        ColumnContract("provider_post", "code", "Post (people.post_id) that gives the support."),
        _urn("School that receives the support.", name="recipient_urn"),
        _day("triggered", "Day the need was recognised.", required=True),
        _day("started", "First day of support; blank while waiting."),
        _day("ended", "Last day of support; blank while it goes on."),
        _number("days", "Days of support given or planned.", "days", 0, 200, required=True,
                above=True),
        ColumnContract("area", "choice", "What the support is for.", choices=SUPPORT_AREAS),
        _yes_no("impact_reviewed", "Has the impact been reviewed?"),
    ),
    key=("deployment_id",),
)  # fmt: skip

SUPPORT_CAPACITY = TableContract(
    "support_capacity",
    "One row for each school and term: what the school could give to others.",
    (
        _urn("School that offers the days."),
        ColumnContract("term", "term", "School term.", True),
        _number("days_available", "Days its staff could give to other schools in the term.",
                "days a term", 0, 200, required=True),
    ),
    key=("urn", "term"),
)  # fmt: skip

RETURNS = TableContract(
    "returns",
    "One row for each data return the trust asked a school for.",
    (
        _urn("School asked for the return."),
        ColumnContract("return_name", "text", "Which return, such as 'autumn attendance'.", True),
        _day("due", "Day it was due.", required=True),
        _day("received", "Day it arrived; blank while it has not."),
        _yes_no("on_template", "Did it come on the trust's template?"),
    ),
    key=("urn", "return_name", "due"),
)  # fmt: skip

SCHOOL_STATISTICS = TableContract(
    "school_statistics",
    "One row for each school, period and measure: a published number, or the marker that "
    "stands for why there is none.",
    (
        _urn("School the number describes."),
        ColumnContract("period", "period", "Academic year or term.", True),
        ColumnContract("measure", "code", "Measure, in small letters joined by underscores, "
                       "such as absence_percent.", True),
        _number("value", "The number; blank where a marker stands for it.", "see column unit"),
        ColumnContract("unit", "text", "Unit of the value, such as percent or pupils.", True),
        ColumnContract("marker", "choice",
                       "Why there is no number: z not applicable, x not available, c or SUPP "
                       "suppressed, low rounds to nothing, u unreliable, LOWCOV too few covered, "
                       "NE no entries, NP not published.", choices=MARKERS),
        ColumnContract("raw", "text", "The value exactly as published.", verbatim=True),
        ColumnContract("source", "text", "File the value was read from."),
    ),
    key=("urn", "period", "measure"),
)  # fmt: skip

TABLES: Mapping[str, TableContract] = MappingProxyType({
    table.name: table
    for table in (
        TRUST, SCHOOLS, INSPECTIONS_OEIF, INSPECTIONS_REPORT_CARD, PEOPLE, SUPPORT,
        SUPPORT_CAPACITY, RETURNS, SCHOOL_STATISTICS,
    )
})  # fmt: skip
