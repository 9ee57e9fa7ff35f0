"""The kinds of published file the workbench knows, and the headers each is known by.

Names of files and folders are never trusted to say what a file is; its header is. One declaration a
kind: the headers it must have (each with the spellings used over the years), who publishes it, and
how its dates are written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from workbench.trust.published.text import heading

DFE = "Department for Education"
OFSTED = "Ofsted"

# Day first, as English bodies publish, or ISO as a workbook's true dates are read. The three cannot
# be taken for one another.
UK_DATES = ("%d-%m-%Y", "%d/%m/%Y", "%Y-%m-%d")


@dataclass(frozen=True)
class Kind:
    """One kind of published file.

    Args:
        name: Short name, as sidecars give it.
        title: What it is, for people.
        producer: Who publishes it.
        headers: Columns it must have; each entry lists the spellings that count.
        dated_by: Columns whose latest date dates a snapshot that has no date in its name.
        date_formats: How its dates are written.
        yearly: Whether it describes one academic year, which its content does not name.
    """

    name: str
    title: str
    producer: str
    headers: tuple[tuple[str, ...], ...]
    dated_by: tuple[str, ...] = ()
    date_formats: tuple[str, ...] = UK_DATES
    yearly: bool = False

    def fits(self, header: frozenset[str]) -> bool:
        """Say whether a header, in the form of `text.heading`, has every column of this kind."""
        return all(any(heading(name) in header for name in names) for names in self.headers)


def _all(*names: str) -> tuple[tuple[str, ...], ...]:
    return tuple((name,) for name in names)


GROUP_LINKS = Kind(
    "gias_group_links",
    "GIAS group links: which schools are in which trust, and since when",
    DFE,
    (*_all("URN", "Group Name", "Group Type", "Group Status", "Joined date"),
     ("Linked UID", "Group UID")),
    dated_by=("Joined date",),
)  # fmt: skip

GROUPS = Kind(
    "gias_groups",
    "GIAS groups: trusts, sponsors and federations",
    DFE,
    _all("Group UID", "Group Name", "Group Type", "Group Status"),
    dated_by=("Incorporated on (open date)", "Closed Date", "Open date"),
)

URN_LINKS = Kind(
    "gias_urn_links",
    "GIAS links: predecessor and successor schools",
    DFE,
    _all("URN", "LinkURN", "LinkType"),
)

ESTABLISHMENTS = Kind(
    "gias_establishments",
    "GIAS establishments: the record of each school (academies or all data)",
    DFE,
    _all("URN", "EstablishmentName", "TypeOfEstablishment (name)", "EstablishmentStatus (name)",
         "PhaseOfEducation (name)", "OpenDate"),
    dated_by=("LastChangedDate", "OpenDate"),
)  # fmt: skip

COORDINATES = Kind(
    "school_coordinates",
    "Latitude and longitude of schools",
    DFE,
    _all("URN", "Latitude", "Longitude"),
)

REPORT_CARDS = Kind(
    "ofsted_report_cards",
    "Ofsted management information, state-funded schools, since November 2025",
    OFSTED,
    _all("URN", "Inspection start date", "Safeguarding standards", "Inclusion",
         "Curriculum and teaching", "Leadership and governance"),
    dated_by=("Publication date", "Publication date of latest OEIF graded inspection",
              "Ungraded inspection publication date", "Inspection start date"),
)  # fmt: skip

MANAGEMENT_INFORMATION = Kind(
    "ofsted_management_information",
    "Ofsted management information, state-funded schools, September 2015 to 2025",
    OFSTED,
    _all("URN", "Inspection start date", "Overall effectiveness"),
    dated_by=("Publication date", "Inspection start date"),
)

EARLY_MANAGEMENT_INFORMATION = Kind(
    "ofsted_management_information_to_2015",
    "Ofsted management information, maintained schools and academies, to August 2015",
    OFSTED,
    (*_all("URN", "Latest inspection date"),
     ("Overall effectiveness: how good is the school", "Overall effectiveness")),
    dated_by=("Latest inspection date",),
)  # fmt: skip

OFSTED_GRADES = Kind(
    "ofsted_grades",
    "Ofsted overall effectiveness at one date, one row for each school",
    OFSTED,
    _all("URN", "Inspection date", "Overall effectiveness"),
    dated_by=("Publication date", "Inspection date"),
)

RATINGS_HISTORY = Kind(
    "ofsted_ratings_history",
    "Ofsted ratings history: every graded inspection listed for each school",
    OFSTED,
    _all("URN", "Rating", "Inspection Date"),
    dated_by=("Inspection Date",),
    date_formats=("%Y%m%d", *UK_DATES),
)

SCHOOL_INFORMATION = Kind(
    "dfe_school_information",
    "DfE school information: each school's last Ofsted rating and its date",
    DFE,
    _all("URN", "SCHNAME", "OFSTEDRATING", "OFSTEDLASTINSP"),
    dated_by=("OFSTEDLASTINSP",),
)

SCHOOL_CENSUS = Kind(
    "school_census",
    "School census: pupils and their characteristics",
    DFE,
    _all("URN", "NOR", "NUMFSM", "PSENELK"),
    yearly=True,
)

SCHOOL_WORKFORCE = Kind(
    "school_workforce",
    "School workforce: teachers, support staff and pay",
    DFE,
    _all("URN", "Total Number of Teachers (Full-Time Equivalent)", "Pupil: Teacher Ratio"),
    yearly=True,
)

SCHOOL_ABSENCE = Kind(
    "school_absence",
    "Pupil absence: overall and persistent",
    DFE,
    _all("URN", "PERCTOT", "PPERSABS10"),
    yearly=True,
)

# Performance tables as DfE names their columns, or with the words of trimmed copies in circulation.
KEY_STAGE_2 = Kind(
    "key_stage_2",
    "Key stage 2: pupils at the expected and the higher standard",
    DFE,
    (("URN",), ("TELIG", "KS2 Pupils"), ("PTRWM_EXP", "Overall Meet Std")),
    yearly=True,
)

# Progress 8 is not asked for: it was not published for 2024-25 and 2025-26.
KEY_STAGE_4 = Kind(
    "key_stage_4",
    "Key stage 4: Progress 8 and Attainment 8",
    DFE,
    (("URN",), ("TPUP", "KS4 Pupils"), ("ATT8SCR", "Attainment 8")),
    yearly=True,
)

# A file is the first kind it fits, so a kind whose headers include another's stands before it.
KINDS: tuple[Kind, ...] = (
    GROUP_LINKS, GROUPS, URN_LINKS, ESTABLISHMENTS, COORDINATES, REPORT_CARDS,
    MANAGEMENT_INFORMATION, EARLY_MANAGEMENT_INFORMATION, OFSTED_GRADES, RATINGS_HISTORY,
    SCHOOL_INFORMATION, SCHOOL_CENSUS, SCHOOL_WORKFORCE, SCHOOL_ABSENCE, KEY_STAGE_2,
    KEY_STAGE_4,
)  # fmt: skip

INSPECTION_KINDS: tuple[Kind, ...] = (
    REPORT_CARDS, MANAGEMENT_INFORMATION, EARLY_MANAGEMENT_INFORMATION, OFSTED_GRADES,
    SCHOOL_INFORMATION, RATINGS_HISTORY,
)  # fmt: skip

STATISTIC_KINDS: tuple[Kind, ...] = (
    SCHOOL_CENSUS, SCHOOL_WORKFORCE, SCHOOL_ABSENCE, KEY_STAGE_2, KEY_STAGE_4,
)  # fmt: skip

BY_NAME: Mapping[str, Kind] = MappingProxyType({kind.name: kind for kind in KINDS})


def kind_of(header: list[str]) -> Kind | None:
    """Return the kind of file a header belongs to, or None."""
    names = frozenset(heading(name) for name in header)
    return next((kind for kind in KINDS if kind.fits(names)), None)
