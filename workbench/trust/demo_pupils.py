"""Pupils of the demo trust in numbers: who comes, what they reach, who chose the school."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from workbench.terms import Term
from workbench.trust import demo_story as story
from workbench.trust.demo_draws import Draws, Row
from workbench.trust.demo_standing import STANDINGS

HALF_TERMS = (
    ("2023-09-05", "2023-10-20"), ("2023-10-30", "2023-12-20"),
    ("2024-01-08", "2024-02-09"), ("2024-02-19", "2024-03-28"),
    ("2024-04-15", "2024-05-24"), ("2024-06-03", "2024-07-19"),
    ("2024-09-03", "2024-10-25"), ("2024-11-04", "2024-12-20"),
    ("2025-01-06", "2025-02-14"), ("2025-02-24", "2025-04-04"),
    ("2025-04-22", "2025-05-23"), ("2025-06-02", "2025-07-22"),
    ("2025-09-02", "2025-10-24"), ("2025-11-03", "2025-12-19"),
    ("2026-01-05", "2026-02-13"), ("2026-02-23", "2026-03-27"),
    ("2026-04-13", "2026-05-22"), ("2026-06-01", "2026-07-21"),
    ("2026-09-02", "2026-10-23"),
)  # fmt: skip
BANK_HOLIDAYS = (dt.date(2024, 5, 6), dt.date(2025, 5, 5), dt.date(2026, 5, 4))
_SEASONS = (0.1, 0.4, -0.3)  # as in school_statistics
_HALVES = ((-0.4, 0.4), (0.15, -0.15), (0.25, -0.25))
_NEW_CAUSE = {
    # Breakfast and a family worker since the autumn of 2025.
    900004: dict(enumerate((-0.6, -1.0, -1.3, -1.5, -1.6, -1.7, -1.9), start=12)),
    # The head left in the summer of 2026; an acting head has the school since.
    900012: dict(enumerate((0.3, 0.5, 0.9, 2.9), start=15)),
}


def attendance_rows(statistics: Sequence[Row], draws: Draws) -> list[Row]:
    """Write nineteen half-terms a school, about the level of its published absence.

    Args:
        statistics: Rows of `school_statistics`.
        draws: The table's stream.
    """
    published = {
        (int(str(row[0])), str(row[1]), str(row[2])): float(str(row[3]))
        for row in statistics
        if row[3] != ""
    }
    rows: list[Row] = []
    for school in story.SCHOOLS:
        for number, (begins, ends) in enumerate(HALF_TERMS):
            if begins < school.opened:
                continue
            term = Term.of(dt.date.fromisoformat(begins))
            formula = school.absence + _SEASONS[term.season] - 0.05 * (term - story.FIRST_TERM)
            absence = published.get((school.urn, str(term), "absence_percent"), formula)
            absence += _HALVES[term.season][number % 2] + draws.near(0.0, 0.3)
            absence += _NEW_CAUSE.get(school.urn, {}).get(number, 0.0)
            year = f"{min(term.year, 2025)}/{(min(term.year, 2025) + 1) % 100:02d}"
            pupils = int(published[school.urn, year, "pupils"])
            possible = pupils * 2 * _days(begins, ends)
            persistent = max(0.0, 2.9 * absence - 1.0 + draws.between(-1.0, 1.0))
            rows.append(
                (school.urn, begins, ends, pupils, possible, round(possible * absence / 100),
                 round(pupils * persistent / 100))
            )  # fmt: skip
    return rows


def _days(begins: str, ends: str) -> int:
    first, last = dt.date.fromisoformat(begins), dt.date.fromisoformat(ends)
    days = (first + dt.timedelta(days=number) for number in range((last - first).days + 1))
    return sum(day.weekday() < 5 and day not in BANK_HOLIDAYS for day in days)


class _Cohort(NamedTuple):
    urn: int
    results: str
    pupils: int
    disadvantaged: int


_SUMMERS = {
    "primary": ("2024-07-09", "2025-07-08", "2026-07-07"),
    "secondary": ("2024-08-22", "2025-08-21", "2026-08-20"),
}
_YEAR_GROUPS = {"primary": 7.0, "secondary": 6.3}
_TINY = (900007, "2026-07-07")  # a cohort with four disadvantaged pupils
_TOO_FEW = 6
_GAPS = {"key stage 2 expected": 19.0, "key stage 2 higher": 7.0, "attainment 8": 13.0,
         "grade 5 english and maths": 24.0}  # fmt: skip


def attainment_rows(schools: Sequence[Row], draws: Draws) -> list[Row]:
    """Write three summers: key stage 2 of primaries, key stage 4 of secondaries, by group."""
    rows: list[Row] = []
    for school, drawn in zip(story.SCHOOLS, schools, strict=True):
        for number, results in enumerate(_SUMMERS.get(school.phase, ())):
            if results < school.opened:
                continue
            cohort = _cohort(school, results, int(str(drawn[4])), draws)
            level = STANDINGS[school.urn].attainment + number * STANDINGS[school.urn].gain
            if school.phase == "primary":
                rows.extend(_shares(cohort, "key stage 2 expected", level, draws))
                rows.extend(_shares(cohort, "key stage 2 higher", 0.3 * level - 11.0, draws))
            else:
                rows.extend(_points(cohort, level, draws))
                higher = 2.2 * level - 57.0
                rows.extend(_shares(cohort, "grade 5 english and maths", higher, draws))
    return rows


def _cohort(school: story.School, results: str, roll: int, draws: Draws) -> _Cohort:
    groups = 5.0 if school.urn == 900012 else _YEAR_GROUPS[school.phase]
    pupils = round(roll / groups * draws.between(0.93, 1.07))
    disadvantaged = round(pupils * school.fsm / 100 * draws.between(1.1, 1.4))
    disadvantaged = 4 if (school.urn, results) == _TINY else max(_TOO_FEW, disadvantaged)
    return _Cohort(school.urn, results, pupils, disadvantaged)


def _shares(cohort: _Cohort, measure: str, level: float, draws: Draws) -> list[Row]:
    """Per cent of pupils who reach a standard, counted in whole pupils."""
    others = cohort.pupils - cohort.disadvantaged
    share = cohort.disadvantaged / cohort.pupils
    level += draws.near(0.0, 1.2)
    low, high = level - _GAPS[measure] * (1 - share), level + _GAPS[measure] * share
    reached = [
        round(count * max(2.0, min(98.0, percent + draws.near(0.0, 1.2))) / 100)
        for count, percent in ((cohort.disadvantaged, low), (others, high))
    ]
    groups = (
        ("all", cohort.pupils, sum(reached)),
        ("disadvantaged", cohort.disadvantaged, reached[0]),
        ("not disadvantaged", others, reached[1]),
    )
    return [
        (cohort.urn, cohort.results, measure, group, pupils, f"{100 * count / pupils:.1f}", "")
        for group, pupils, count in groups
    ]


def _points(cohort: _Cohort, level: float, draws: Draws) -> list[Row]:
    """Mean points of attainment 8, of all as the mean over both groups."""
    measure = "attainment 8"
    others = cohort.pupils - cohort.disadvantaged
    share = cohort.disadvantaged / cohort.pupils
    low = level - _GAPS[measure] * (1 - share) + draws.near(0.0, 0.8)
    high = level + _GAPS[measure] * share + draws.near(0.0, 0.5)
    mean = (cohort.disadvantaged * low + others * high) / cohort.pupils
    groups = (
        ("all", cohort.pupils, mean, draws.between(18.5, 20.5)),
        ("disadvantaged", cohort.disadvantaged, low, draws.between(17.0, 18.5)),
        ("not disadvantaged", others, high, draws.between(17.0, 18.5)),
    )
    return [
        (cohort.urn, cohort.results, measure, group, pupils, f"{value:.1f}", f"{spread:.1f}")
        for group, pupils, value, spread in groups
    ]


_OFFERS = {
    "primary": ("2024-04-16", "2025-04-16", "2026-04-16"),
    "secondary": ("2024-03-01", "2025-03-03", "2026-03-02"),
}
_GAIN_A_YEAR = {900004: 0.07, 900008: 0.04, 900012: -0.06, 900006: -0.05, 900013: -0.03}


def admission_rows(draws: Draws) -> list[Row]:
    """Write three years of places and first preferences; a special school admits otherwise."""
    rows: list[Row] = []
    for school in story.SCHOOLS:
        for number, offers in enumerate(_OFFERS.get(school.phase, ())):
            if offers < school.opened:
                continue
            if school.phase == "primary":
                places = 15 * max(1, round(school.pupils / 7 / 15 + 0.2))
            else:
                places = 10 * round(school.pupils / 5.6 / 10)
            asked = STANDINGS[school.urn].popularity + number * _GAIN_A_YEAR.get(school.urn, 0.0)
            rows.append(
                (school.urn, offers, places, round(places * asked * draws.between(0.95, 1.05)))
            )
    return rows
