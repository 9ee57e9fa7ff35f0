"""Words and columns that the contracts of several tables share."""

from __future__ import annotations

import datetime as dt
from typing import TypedDict, Unpack

from workbench.trust.columns import ColumnContract

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


OWN_BANDS = ("urgent", "needs attention", "secure", "strong")  # the trust's own judgement
AGREEMENT = "1 strongly disagree to 5 strongly agree"


class Options(TypedDict, total=False):
    """What a column may say beyond its name and meaning; see `ColumnContract`."""

    required: bool
    earliest: dt.date
    latest: dt.date
    longest: int
    ahead: bool
    refers: bool
    known_with: str
    mend: str


def urn(description: str, *, name: str = "urn", **options: Unpack[Options]) -> ColumnContract:
    """Return a column of URNs, needed in every row unless told otherwise."""
    options.setdefault("required", True)
    return ColumnContract(name, "urn", description, **options)


def text(name: str, description: str, **options: Unpack[Options]) -> ColumnContract:
    """Return a column of words for people to read."""
    return ColumnContract(name, "text", description, **options)


def code(name: str, description: str, **options: Unpack[Options]) -> ColumnContract:
    """Return a column of identifiers."""
    return ColumnContract(name, "code", description, **options)


def term(name: str, description: str, **options: Unpack[Options]) -> ColumnContract:
    """Return a column of school terms, needed in every row unless told otherwise."""
    options.setdefault("required", True)
    return ColumnContract(name, "term", description, **options)


def choice(
    name: str, description: str, choices: tuple[str, ...], **options: Unpack[Options]
) -> ColumnContract:
    """Return a column of listed words."""
    return ColumnContract(name, "choice", description, choices=choices, **options)


def oeif(name: str, judged: str) -> ColumnContract:
    """Return a column of grades of the older inspection framework."""
    return choice(name, f"Judgement on {judged}; blank where it was not given.", OEIF_GRADES)


def area(name: str, judged: str, *, required: bool = True) -> ColumnContract:
    """Return a column of report card grades."""
    where = "" if required else "; blank where the school has none"
    return choice(name, f"Grade for {judged}{where}.", REPORT_CARD_GRADES, required=required)


def yes_no(name: str, question: str, **options: Unpack[Options]) -> ColumnContract:
    """Return a column of yes and no."""
    return ColumnContract(name, "yes/no", question, **options)


def day(name: str, description: str, **options: Unpack[Options]) -> ColumnContract:
    """Return a column of days."""
    return ColumnContract(name, "date", description, **options)


def number(
    name: str,
    description: str,
    unit: str,
    least: float | None = None,
    most: float | None = None,
    *,
    above: bool = False,
    **options: Unpack[Options],
) -> ColumnContract:
    """Return a column of numbers with their unit and range."""
    return ColumnContract(
        name, "number", description, unit=unit, least=least, most=most, above=above, **options
    )


def whole(
    name: str, description: str, unit: str, least: int, most: int, **options: Unpack[Options]
) -> ColumnContract:
    """Return a column of whole numbers with their unit and range."""
    return ColumnContract(
        name, "integer", description, unit=unit, least=least, most=most, **options
    )


def item(name: str, statement: str) -> ColumnContract:
    """Return a column of answers to one statement of a survey."""
    return whole(name, f"'{statement}': {AGREEMENT}; blank for no answer.", "points", 1, 5)
