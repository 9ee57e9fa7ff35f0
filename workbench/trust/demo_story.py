"""The fixed part of the demo trust: who is who, when each school joined, what inspectors found.

Everything here is invented. The county lies in the North Sea, so that no school of the demo can
be mistaken for a real one on a map, and a test proves that no real school carries its names.
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from workbench.terms import Term

TRUST_UID = 90001
TRUST_NAME = "Merrowfen Learning Trust"
AS_OF = dt.date(2026, 10, 31)
FIRST_TERM = Term(2023, 0)
LAST_TERM = Term(2026, 0)
TERMS = tuple(FIRST_TERM + number for number in range(LAST_TERM - FIRST_TERM + 1))
CENTRE = (53.65, 1.35)  # latitude and longitude of the invented county, 60 km off the coast
RADIUS_KM = 17.0


class School(NamedTuple):
    """One school of the story; `pupils`, `fsm` and `absence` are the middle of what is drawn."""

    urn: int
    name: str
    phase: str
    type: str
    joined: str
    opened: str
    pupils: int
    fsm: float
    absence: float


SCHOOLS = (
    School(900001, "Quillmarsh Primary School", "primary", "converter",
           "2016-09-01", "2016-09-01", 410, 14.0, 5.2),
    School(900002, "Larkwhistle Primary School", "primary", "converter",
           "2016-09-01", "2016-09-01", 415, 9.0, 4.6),
    School(900003, "Tansybrook Primary School", "primary", "converter",
           "2017-04-01", "2017-04-01", 305, 18.0, 5.3),
    School(900004, "Saltpenny Primary School", "primary", "sponsor led",
           "2018-09-01", "2018-09-01", 235, 38.0, 6.5),
    School(900005, "Hollowthorn Primary School", "primary", "converter",
           "2019-01-01", "2019-01-01", 205, 16.0, 5.1),
    School(900006, "Wrenlock Primary School", "primary", "converter",
           "2019-09-01", "2018-09-01", 320, 31.0, 7.2),
    School(900007, "Cobblewick Primary School", "primary", "converter",
           "2020-09-01", "2020-09-01", 180, 12.0, 4.9),
    School(900008, "Mossgable Primary School", "primary", "sponsor led",
           "2022-09-01", "2017-09-01", 260, 42.0, 7.0),
    School(900009, "Thistledrift Primary School", "primary", "converter",
           "2026-01-01", "2014-04-01", 150, 11.0, 4.8),
    School(900010, "Pippinstow Primary School", "primary", "sponsor led",
           "2026-09-01", "2026-09-01", 190, 45.0, 7.4),
    School(900011, "Lanternhythe High School", "secondary", "converter",
           "2017-09-01", "2017-09-01", 1240, 19.0, 7.8),
    School(900012, "Copperwold High School", "secondary", "sponsor led",
           "2021-09-01", "2019-09-01", 870, 44.0, 11.6),
    School(900013, "Skylletmoor School", "secondary", "converter",
           "2025-09-01", "2013-09-01", 980, 23.0, 8.6),
    School(900014, "Dovelight Meadow School", "special", "converter",
           "2018-04-01", "2018-04-01", 115, 47.0, 10.9),
)  # fmt: skip

BY_URN = {school.urn: school for school in SCHOOLS}

OEIF_JUDGEMENTS = (
    "quality_of_education",
    "behaviour_and_attitudes",
    "personal_development",
    "leadership_and_management",
    "early_years",
    "sixth_form",
)
_WORDS = {
    "O": "outstanding",
    "G": "good",
    "R": "requires improvement",
    "I": "inadequate",
    "-": "",
}


class Oeif(NamedTuple):
    """An inspection before 10 November 2025; `judgements` in the order of OEIF_JUDGEMENTS."""

    urn: int
    date: str
    kind: str
    overall: str
    judgements: str
    urn_at_inspection: int | None = None

    def words(self) -> list[str]:
        """The six sub-judgements spelt out, blank where none was given."""
        return [_WORDS[letter] for letter in self.judgements]


OEIF = (
    Oeif(900001, "2018-03-14", "graded", "good", "---GG-"),
    Oeif(900001, "2022-11-09", "ungraded", "", "------"),
    Oeif(900002, "2017-06-21", "graded", "outstanding", "---OO-"),
    Oeif(900002, "2023-10-11", "graded", "good", "GOOGG-"),
    Oeif(900003, "2019-02-06", "graded", "good", "---GG-"),
    Oeif(900004, "2021-10-13", "graded", "requires improvement", "RGGRR-"),
    Oeif(900004, "2024-03-06", "graded", "good", "GGGGG-"),
    Oeif(900005, "2020-01-22", "graded", "good", "GGGGG-"),
    Oeif(900005, "2025-02-12", "ungraded", "", "------"),
    Oeif(900006, "2021-11-17", "graded", "good", "GGGGG-"),
    # 2024-25: sub-judgements, but no overall grade any more.
    Oeif(900007, "2025-03-19", "graded", "", "GOGGG-"),
    Oeif(900008, "2023-02-08", "graded", "requires improvement", "RGGRG-"),
    Oeif(900008, "2024-01-24", "monitoring", "", "------"),
    Oeif(900009, "2022-06-15", "graded", "good", "GGGGO-"),
    # Inspected before it joined, under the number it had then: unrated under its present one.
    Oeif(900010, "2023-11-22", "graded", "requires improvement", "RRGRR-", 890417),
    Oeif(900011, "2019-11-06", "graded", "good", "GGGG-G"),
    Oeif(900011, "2024-11-20", "graded", "", "GGGO-G"),
    Oeif(900012, "2023-05-10", "graded", "requires improvement", "RRGR--"),
    Oeif(900013, "2018-05-16", "graded", "good", "---G-G"),
    Oeif(900013, "2023-06-28", "ungraded", "", "------"),
    Oeif(900014, "2019-05-22", "graded", "outstanding", "---O--"),
)

REPORT_CARD_AREAS = (
    "inclusion",
    "curriculum_and_teaching",
    "achievement",
    "attendance_and_behaviour",
    "personal_development_and_wellbeing",
    "leadership_and_governance",
    "early_years",
    "post_16",
)
_STANDARDS = {
    "U": "urgent improvement",
    "N": "needs attention",
    "E": "expected standard",
    "S": "strong standard",
    "X": "exceptional",
    "-": "",
}


class ReportCard(NamedTuple):
    """An inspection since 10 November 2025; `areas` in the order of REPORT_CARD_AREAS."""

    urn: int
    date: str
    published: str
    category: str
    areas: str

    def words(self) -> list[str]:
        """The eight areas spelt out, blank where one does not apply."""
        return [_STANDARDS[letter] for letter in self.areas]


REPORT_CARDS = (
    ReportCard(900003, "2026-02-11", "2026-03-23", "", "ESEESEE-"),
    ReportCard(900006, "2026-05-06", "2026-06-15", "", "EEENEEE-"),
    ReportCard(900012, "2026-03-04", "2026-04-20", "requires significant improvement", "ENUNEN--"),
    ReportCard(900013, "2026-06-10", "2026-07-17", "", "ESEEEE-S"),
)

SPECIALIST_BASES = (
    900001, 900001, 900002, 900002, 900002, 900003, 900004, 900004, 900005, 900007,
    900009, 900011, 900011, 900011, 900011, 900013, 900013, 900014,
)  # fmt: skip


class Need(NamedTuple):
    """A school that was to be supported in one area, from one term to another."""

    urn: int
    area: str
    first: Term
    last: Term


NEEDS = (
    Need(900004, "curriculum and teaching", Term(2023, 0), Term(2023, 1)),
    Need(900008, "curriculum and teaching", Term(2023, 0), Term(2024, 2)),
    Need(900008, "leadership and governance", Term(2023, 1), Term(2024, 0)),
    Need(900006, "attendance and behaviour", Term(2024, 1), Term(2025, 2)),
    Need(900012, "achievement", Term(2023, 0), Term(2025, 2)),
    Need(900012, "leadership and governance", Term(2024, 2), Term(2025, 2)),
    Need(900013, "post-16", Term(2025, 0), Term(2025, 1)),
    Need(900009, "early years", Term(2025, 2), Term(2025, 2)),
)
