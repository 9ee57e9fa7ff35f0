"""A made-up England as it may be published later: other days, other layouts, schools nobody knew.

What happened is known school by school, so that a back-test of the files can be worked out by hand.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.trust.published.synthetic import (
    LINKS_2020,
    MANAGEMENT_INFORMATION,
    REPORT_CARDS,
    card,
    link,
    oeif,
    rows_of,
    write_csv,
)

ORIGIN, TARGET = dt.date(2023, 8, 31), dt.date(2024, 8, 31)
WINDOW = dt.date(2020, 9, 1)  # three school years, that of the origin being the last
SCHOOLS, TRUSTS = 800, 150
LISTS = tuple(dt.date(year, 8, 15) for year in range(2020, 2025))
FIRST_URN, NEW_URN, OTHER_URN, FIRST_UID = 140_001, 150_001, 160_001, 17_001

_FIFTH = "The income deprivation affecting children index (IDACI) quintile"
# Management information of 2024 calls short inspections otherwise than that of 2018.
_NEWER = {
    "Date of latest section 8 inspection": "Date of latest ungraded inspection",
    "Section 8 inspection overall outcome": "Ungraded inspection overall outcome",
    "Previous full inspection overall effectiveness":
        "Previous graded inspection overall effectiveness",
    _FIFTH: "IDACI quintile",
}  # fmt: skip
_BESIDE = ("Local authority", "Parliamentary constituency", _FIFTH, "Ofsted region")
_ABSENCE = ("ESTAB", "PERCTOT", "LA", "PPERSABS10", "URN", "A column of 2023")


@dataclass(frozen=True)
class School:
    """What happened at a school: each inspection's day and grade, 1 to 4.

    Attributes:
        urn: Its number.
        secondary: Whether it is a secondary school.
        before: The graded inspection before the last.
        last: The last graded one by the origin.
        remains: A short one since, by the origin, after which it remains good; None without.
        later: The inspection between origin and target; None without.
        short: Whether that was a short one.
        absence: Absence in 2022/23, %; None where it is suppressed.
        fifth: Quintile of deprivation; blank where nothing says.
    """

    urn: int
    secondary: bool
    before: tuple[dt.date, int]
    last: tuple[dt.date, int]
    remains: dt.date | None
    later: tuple[dt.date, int] | None
    short: bool
    absence: float | None
    fifth: int | str = ""

    def known(self) -> list[tuple[dt.date, int]]:
        """Return what was known by the origin, in order."""
        return [self.before, self.last, *([(self.remains, 2)] if self.remains else [])]


def made_up_schools(seed: int = 7) -> list[School]:
    """Return schools whose lasting strength shows in grades and, more clearly, in absence."""
    luck, schools = np.random.default_rng(seed), []
    for number in range(SCHOOLS):
        strength = float(luck.normal())
        recent = luck.random() < 0.6
        last = _day(luck, 2020, 2022) if recent else _day(luck, 2016, 2018)
        before = _day(luck, 2014, 2016) if recent else _day(luck, 2011, 2013)
        grade = _grade(luck, strength)
        remains = None
        if not recent and grade == 2 and luck.random() < 0.4:
            remains = _day(luck, 2020, 2022)
        later, short = None, False
        if luck.random() < 0.6:
            found = _grade(luck, strength)
            later = _day(luck, 2023, 2023), found
            short = found == 2 and grade == 2 and bool(luck.random() < 0.5)
        absence = 6.0 - 1.5 * strength + 0.4 * float(luck.normal())
        schools.append(
            School(
                FIRST_URN + number, number % 5 == 0, (before, _grade(luck, strength)),
                (last, grade), remains, later, short,
                None if number % 40 == 0 else round(absence, 1),
                "" if number % 50 == 0 else int(np.clip(np.rint(absence / 2.0), 1, 5)),
            )
        )  # fmt: skip
    return schools


def made_up_members(seed: int = 8) -> dict[dt.date, dict[int, tuple[int, dt.date]]]:
    """Return each list's schools, with the trust and the day of joining of each."""
    luck = np.random.default_rng(seed)
    free = iter([*(FIRST_URN + luck.permutation(SCHOOLS)).tolist(),
                 *range(OTHER_URN, OTHER_URN + 5_000)])  # fmt: skip
    members: dict[int, tuple[int, dt.date]] = {}
    for uid in range(FIRST_UID, FIRST_UID + TRUSTS):
        for _ in range(min(int(luck.geometric(0.3)), 20)):
            members[next(free)] = uid, dt.date(2018, 9, 1)
    lists = {}
    for day in LISTS:
        lists[day] = dict(members)
        ended = set[int]()
        for uid in sorted({trust for trust, _ in members.values()}):
            own = [urn for urn, (trust, _) in members.items() if trust == uid]
            if luck.random() < 0.05 / len(own):
                ended.add(uid)
                continue
            for urn in own[1:]:
                if luck.random() < 0.015:
                    del members[urn]
            for _ in range(int(luck.poisson(0.15 * len(own)))):
                members[next(free)] = uid, dt.date(day.year, 9, 1)
        members = {urn: (uid, since) for urn, (uid, since) in members.items() if uid not in ended}
    return lists


def write_later(folder: Path, schools: Sequence[School], encoding: str = "utf-8-sig") -> Path:
    """Write lists of grades of 2023, 2024 and 2026, five lists of trusts, and absence.

    Args:
        folder: Where to.
        schools: What happened.
        encoding: Of the lists of grades.
    """
    inspected = "Management_information_-_state-funded_schools_-_latest_inspections_as_at_"
    asked, after = ([_row(each, later=later) for each in schools] for later in (False, True))
    # A school that opened since, and one under a new URN with the grade of the old.
    opened = [_graded(NEW_URN + n, dt.date(2024, 3, 5), 1 + n % 4) for n in range(40)]
    opened += [
        _graded(NEW_URN + 100 + n, dt.date(2023, 11, 7), 3)
        | {"Does the latest full inspection relate to the URN of the current school?": "No",
           "URN at time of latest full inspection": FIRST_URN + n}
        for n in range(20)
    ]  # fmt: skip
    _write(folder / f"{inspected}31_Aug_2023.csv", asked, 1, encoding, {})
    _write(folder / f"{inspected}31_Aug_2024.csv", after + opened, 2, encoding, _NEWER)
    cards = [_carded(each) for each in schools]
    write_csv(
        folder / f"{inspected}31_Jul_2026.csv", REPORT_CARDS, rows_of(REPORT_CARDS, cards, "NULL"),
        above=("State-funded schools: most recent inspections", "As at 31 July 2026"),
    )  # fmt: skip
    for day, members in made_up_members().items():
        records = [
            link(urn, uid, f"{since:%d-%m-%Y}", **{"Group Name": f"Côte\u2019s Trust {uid}"})
            for urn, (uid, since) in members.items()
        ]
        name = f"grouplinks_edubaseallacademiesandfree{day:%Y%m%d}.csv"
        write_csv(folder / name, LINKS_2020, rows_of(LINKS_2020, records, ""), drop_last=True)
    figures = [
        (1, "SUPP" if each.absence is None else each.absence, 201, "x", each.urn, "NE")
        for each in schools
    ]
    write_csv(folder / "2022-2023" / "england_abs.csv", _ABSENCE, figures, encoding="utf-8-sig")
    return folder


def _row(school: School, *, later: bool) -> dict[str, object]:
    last, before, short = school.last, school.before, None
    if school.remains is not None:
        short = school.remains, "School remains Good"
    if later and school.later is not None:
        if school.short:
            short = school.later[0], "School remains Good (Concerns) - S5 Next"
        else:
            last, before = school.later, school.last
    row = _graded(school.urn, *last) | {
        "Ofsted phase": "Secondary" if school.secondary else "Primary",
        "Previous inspection start date": f"{before[0]:%d/%m/%Y}",
        "Previous full inspection overall effectiveness": before[1],
        "Local authority": f"Area {school.urn % 30}",
        "Parliamentary constituency": "Ynys Môn, East",
        # Half of the schools have it in either list alone, each with a name of its own.
        _FIFTH: school.fifth if later == bool(school.urn % 2) else "",
    }
    if short is not None:
        row["Date of latest section 8 inspection"] = f"{short[0]:%d/%m/%Y}"
        row["Section 8 inspection overall outcome"] = short[1]
    return row


def _graded(urn: int, day: dt.date, grade: int) -> dict[str, object]:
    return {
        "URN": urn, "School name": f"St Zoë\u2019s {urn}", "Ofsted phase": "Primary",
        "Type of education": "Academy Converter", "Inspection start date": f"{day:%d/%m/%Y}",
        "Publication date": f"{day:%d/%m/%Y}", "Overall effectiveness": grade,
    }  # fmt: skip


def _carded(school: School) -> dict[str, object]:
    """Return a row of 2026: a report card of some, and no grade overall since September 2024."""
    if school.urn % 7 == 0:
        return oeif(school.urn, "12/03/2025", "Not judged")
    graded = school.later if school.later is not None and not school.short else school.last
    row = oeif(school.urn, f"{graded[0]:%d/%m/%Y}", str(graded[1]))
    urgent = {"Inclusion": "Urgent improvement"} if school.urn % 2 else {}
    return row | (card(school.urn, "14/01/2026", **urgent) if school.urn % 3 == 0 else {})


def _write(
    path: Path, records: Sequence[Mapping[str, object]], seed: int, encoding: str,
    names: Mapping[str, str],
) -> None:  # fmt: skip
    """Write management information with columns in another order and some nobody asked for."""
    header = [*MANAGEMENT_INFORMATION, *_BESIDE]
    order = np.random.default_rng(seed).permutation(len(header))
    rows = rows_of(header, records, "NULL")
    write_csv(
        path, [names.get(header[place], header[place]) for place in order],
        [[row[place] for place in order] for row in rows], encoding=encoding,
    )  # fmt: skip


def _day(luck: np.random.Generator, first: int, last: int) -> dt.date:
    """Return a day between September of one year and June after September of another."""
    start, end = dt.date(first, 9, 5), dt.date(last + 1, 6, 30)
    return start + dt.timedelta(days=int(luck.integers((end - start).days)))


def _grade(luck: np.random.Generator, strength: float) -> int:
    good = luck.random() < 1.0 / (1.0 + math.exp(-1.0 - 1.4 * strength))
    rare = luck.random() < 0.2
    return (1 if rare else 2) if good else (4 if rare else 3)
