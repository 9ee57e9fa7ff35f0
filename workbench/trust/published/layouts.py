"""Where each published layout keeps its inspections: column names, one block an inspection.

One row of Ofsted's management information holds up to four inspections of a school (the latest, the
one before, a short one since, a report card). A block names the columns of one of them, with the
spellings used over the years; the first spelling a file has is the one read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from workbench.trust.published import kinds


@dataclass(frozen=True)
class Block:
    """The columns of one inspection in a row.

    Args:
        sort: `graded`, `ungraded`, or blank where the file does not say which it lists.
        columns: For each field of the trust tables, the column names that may hold it. Two fields
            stand beside those: `own` says whether the inspection was of the current URN,
            `outcome` is an ungraded inspection's finding.
        may_inherit: Whether a predecessor's grade often stands here unmarked, as it does in the
            older files, so that a grade counts only where the school's opening date is known.
    """

    sort: str
    columns: Mapping[str, tuple[str, ...]]
    may_inherit: bool = False


def _graded(which: str, prefix: str = "") -> dict[str, tuple[str, ...]]:
    """Return the judgement columns of the inspection framework of 2019 under one prefix."""
    whole = (f"{which} full inspection", f"{which} graded inspection")

    def named(*tails: str) -> tuple[str, ...]:
        return tuple(f"{prefix}{tail}" if prefix else tail[0].upper() + tail[1:] for tail in tails)

    return {
        "category": named("category of concern"),
        "quality_of_education": named("quality of education"),
        "behaviour_and_attitudes": named("behaviour and attitudes"),
        "personal_development": named("personal development"),
        "leadership_and_management": named(
            "effectiveness of leadership and management", "leadership and management"
        ),
        "early_years": named("early years provision (where applicable)", "early years provision"),
        "sixth_form": named("sixth form provision (where applicable)", "sixth form provision",
                            "16 - 19 study programmes"),
        "safeguarding_effective": named("safeguarding is effective?"),
        "own": tuple(f"Does the {name} relate to the URN of the current school?" for name in whole),
        "urn_at_inspection": tuple(f"URN at time of {article}{name}"
                                   for name in whole for article in ("", "the ")),
    }  # fmt: skip


_UNGRADED = Block(
    "ungraded",
    {
        "inspection_date": ("Date of latest ungraded inspection",
                            "Date of latest section 8 inspection"),
        "outcome": ("Ungraded inspection overall outcome", "Section 8 inspection overall outcome"),
        "own": ("Does the ungraded inspection relate to the URN of the current school?",
                "Does the section 8 inspection relate to the URN of the current school?"),
        "urn_at_inspection": ("URN at time of the ungraded inspection",
                              "URN at time of the section 8 inspection"),
    },
)  # fmt: skip

_LATEST = Block(
    "graded",
    {
        **_graded("latest"),
        "inspection_date": ("Inspection start date",),
        "overall": ("Overall effectiveness",),
    },
)

_PREVIOUS = Block(
    "graded",
    {
        **_graded("previous", "Previous "),
        "inspection_date": ("Previous inspection start date",),
        "overall": ("Previous full inspection overall effectiveness",
                    "Previous graded inspection overall effectiveness",
                    "Previous overall effectiveness"),
    },
)  # fmt: skip

_LATEST_OEIF = Block(
    "graded",
    {
        **_graded("latest OEIF", "Latest OEIF "),
        "inspection_date": ("Inspection start date of latest OEIF graded inspection",),
        "overall": ("Latest OEIF overall effectiveness",),
    },
)

# Before 2015 there were four other judgements; those whose question has changed since are not read.
_EARLY_LATEST = Block(
    "graded",
    {
        "inspection_date": ("Latest inspection date",),
        "overall": ("Overall effectiveness: how good is the school", "Overall effectiveness"),
        "category": ("Category",),
        "leadership_and_management": (
            "Leadership and management",
            "The effectiveness of leadership and management in embedding ambition and driving "
            "improvement",
        ),
        "early_years": (
            "Effectiveness of the Early Years provision",
            "Overall effectiveness of the Early Years Foundation stage",
        ),
        "sixth_form": (
            "Effectiveness of the sixth form provision",
            "Overall effectiveness of the sixth form",
        ),
    },
    may_inherit=True,
)

_EARLY_PREVIOUS = Block(
    "graded",
    {
        "inspection_date": ("Previous inspection date",),
        "overall": ("Previous overall effectiveness",),
        "category": ("Previous category",),
    },
    may_inherit=True,
)

BLOCKS: Mapping[kinds.Kind, tuple[Block, ...]] = MappingProxyType({
    kinds.REPORT_CARDS: (_LATEST_OEIF, _UNGRADED),
    kinds.MANAGEMENT_INFORMATION: (_LATEST, _PREVIOUS, _UNGRADED),
    kinds.EARLY_MANAGEMENT_INFORMATION: (_EARLY_LATEST, _EARLY_PREVIOUS),
    kinds.OFSTED_GRADES: (
        Block("graded", {"inspection_date": ("Inspection date",),
                         "overall": ("Overall effectiveness",)}, may_inherit=True),
    ),
    kinds.SCHOOL_INFORMATION: (
        Block("", {"inspection_date": ("OFSTEDLASTINSP",), "overall": ("OFSTEDRATING",)}),
    ),
    kinds.RATINGS_HISTORY: (
        Block("graded", {"inspection_date": ("Inspection Date",), "overall": ("Rating",)}),
    ),
})  # fmt: skip

REPORT_CARD = Block(
    "graded",
    {
        "inspection_date": ("Inspection start date",),
        "publication_date": ("Publication date",),
        "safeguarding": ("Safeguarding standards",),
        "category": ("Category of concern",),
        "inclusion": ("Inclusion",),
        "curriculum_and_teaching": ("Curriculum and teaching",),
        "achievement": ("Achievement",),
        "attendance_and_behaviour": ("Attendance and behaviour",),
        "personal_development_and_wellbeing": ("Personal development and wellbeing",),
        "leadership_and_governance": ("Leadership and governance",),
        "early_years": ("Early years (where applicable)", "Early years"),
        "post_16": ("Post-16 provision (where applicable)", "Post-16 provision"),
        "own": ("Does the latest full inspection relate to the URN of the current school?",),
        "urn_at_inspection": ("URN at time of latest full inspection",),
    },
)
AREA_DATE = " - date of grade"
