"""School terms: three to an academic year, ordered, counted and printed one way."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from workbench.errors import BadInput

SEASONS = ("autumn", "spring", "summer")
TERMS_A_YEAR = len(SEASONS)
_FORM = re.compile(r"(\d{4})/(\d{2}) (autumn|spring|summer)")


@dataclass(frozen=True, order=True)
class Term:
    """One school term, such as autumn of the academic year 2026/27.

    Attributes:
        year: Calendar year in which the academic year begins.
        season: 0 autumn (September to December), 1 spring (January to March),
            2 summer (April to August).
    """

    year: int
    season: int

    @classmethod
    def parse(cls, text: str, *, where: str | None = None) -> Term:
        """Read `2026/27 autumn`.

        Raises:
            BadInput: The text is not a term, or its two years do not follow each other.
        """
        match = _FORM.fullmatch(text)
        if match is None or (int(match[1]) + 1) % 100 != int(match[2]):
            raise BadInput(
                f"{text!r} is not a school term",
                where=where,
                rule="an academic year and a season, with consecutive years",
                mend="write it like '2026/27 autumn' (autumn, spring or summer)",
            )
        return cls(int(match[1]), SEASONS.index(match[3]))

    @classmethod
    def of(cls, day: dt.date) -> Term:
        """Return the term that holds a day."""
        if day.month >= 9:
            return cls(day.year, 0)
        return cls(day.year - 1, 1 if day.month <= 3 else 2)

    @property
    def first_day(self) -> dt.date:
        """The term's first calendar day."""
        return (
            dt.date(self.year, 9, 1),
            dt.date(self.year + 1, 1, 1),
            dt.date(self.year + 1, 4, 1),
        )[self.season]

    def __add__(self, terms: int) -> Term:
        count = self.year * TERMS_A_YEAR + self.season + terms
        return Term(*divmod(count, TERMS_A_YEAR))

    def __sub__(self, other: Term) -> int:
        return (self.year - other.year) * TERMS_A_YEAR + self.season - other.season

    def __str__(self) -> str:
        return f"{self.year}/{(self.year + 1) % 100:02d} {SEASONS[self.season]}"
