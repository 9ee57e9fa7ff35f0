"""Staff of the demo trust: who they are, what an audit asked them, who might follow whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from workbench.terms import Term
from workbench.trust import demo_story as story
from workbench.trust.demo_draws import Draws, Row, yes_or_no
from workbench.trust.demo_standing import STANDINGS, in_trust, joined, schoolday

_PUPILS_A_STAFF = {"primary": 10.0, "secondary": 17.0, "special": 3.4}
_CENTRAL_STAFF = 12
_STAYERS = 3  # of each school, besides its leaders: they have been there since it joined
Staff = Mapping[object, Sequence[str]]


def staff_of(people: Sequence[Row]) -> dict[object, list[str]]:
    """Return the pseudonyms of all staff by school, leaders first; the central team under ""."""
    staff: dict[object, list[str]] = {urn: [] for urn in ("", *story.BY_URN)}
    for row in people:
        left = str(row[7]) != "" and str(row[7]) < story.AS_OF.isoformat()
        if row[4] == "filled" and not left:
            staff[row[2]].append(str(row[5]))
    used = sum(row[4] == "filled" for row in people)
    numbers = iter(range(used + 1, 1_000))
    for urn, persons in staff.items():
        school = story.BY_URN.get(int(str(urn))) if urn else None
        size = round(school.pupils / _PUPILS_A_STAFF[school.phase]) if school else _CENTRAL_STAFF
        persons.extend(f"P{next(numbers):03d}" for _ in range(size - len(persons)))
    return staff


def talent_rows(people: Sequence[Row], staff: Staff, draws: Draws) -> list[Row]:
    """Write one row a member of staff; late joiners have hardly been audited yet."""
    since_by_person = {str(row[5]): str(row[6]) for row in people if row[5]}
    rows: list[Row] = []
    for urn, persons in staff.items():
        came = joined(int(str(urn))) if urn else dt.date(2016, 9, 1)
        asked = {900010: 0.0, 900013: 0.35, 900009: 0.5, 900012: 0.6}.get(int(str(urn or 0)), 0.84)
        others = 0
        for person in persons:
            if person in since_by_person:
                since = max(came, dt.date.fromisoformat(since_by_person[person]))
            else:
                others += 1
                year = draws.whole(min(came.year, 2026), 2026)
                since = came if others <= _STAYERS else max(came, dt.date(year, 9, 1))
            rows.append((person, urn, since, *_audit(since, asked, draws)))
    return rows


def _audit(since: dt.date, asked: float, draws: Draws) -> Row:
    """Day of the audit, whether the person could help others, day a stretch role was offered."""
    was_asked, recently = draws.happens(asked), draws.happens(0.86)
    could, offered = draws.happens(0.34), draws.happens(0.3)
    first = max(since, dt.date(2024, 11, 4) if recently else dt.date(2023, 9, 4))
    last = dt.date(2026, 10, 16) if recently else max(first, dt.date(2024, 10, 18))
    audited = schoolday(draws, first, min(last, story.AS_OF))
    stretch = schoolday(draws, audited, story.AS_OF)
    if not was_asked:
        return "", "", ""
    return audited, yes_or_no(could), stretch if could and offered else ""


def skill_rows() -> list[Row]:
    """Write what the three leads in post can do: nobody is secure in lateral thinking."""
    return [
        ("P002", "data analysis", "expert", "2025-11-12"),
        ("P002", "influencing", "secure", "2025-11-12"),
        ("P002", "coaching", "expert", "2025-11-12"),
        ("P002", "holding to account", "secure", "2025-11-12"),
        ("P002", "improvement at scale", "secure", "2025-11-12"),
        ("P002", "lateral thinking", "developing", "2025-11-12"),
        ("P003", "coaching", "secure", "2026-02-04"),
        ("P003", "influencing", "secure", "2026-02-04"),
        ("P003", "resource planning", "secure", "2026-02-04"),
        ("P003", "data analysis", "developing", "2026-02-04"),
        ("P003", "holding to account", "developing", "2026-02-04"),
        ("P003", "lateral thinking", "developing", "2026-02-04"),
        ("P005", "data analysis", "secure", "2026-06-10"),
        ("P005", "influencing", "secure", "2026-06-10"),
        ("P005", "coaching", "developing", "2026-06-10"),
        ("P005", "lateral thinking", "developing", "2026-06-10"),
    ]


def succession_rows() -> list[Row]:
    """Write six critical roles: three with somebody ready, one with nobody at all."""
    return [
        ("EXEC-1", "P002", "within a year", "2026-05-20"),
        ("EXEC-1", "P017", "later", "2026-05-20"),
        ("LEAD-1", "P003", "ready now", "2026-05-20"),
        ("LEAD-3", "P023", "within a year", "2026-05-20"),
        ("HEAD-900001", "P022", "ready now", "2026-05-20"),
        ("HEAD-900011", "P033", "ready now", "2025-06-11"),
        ("HEAD-900011", "P035", "later", "2025-06-11"),
        ("HEAD-900012", "none-1", "no candidate", "2026-09-16"),
    ]


def executive_time_rows() -> list[Row]:
    """Write days the executive spent in schools from day to day: falling, and still too many."""
    days = (24, 23, 22.5, 20, 21, 18.5, 17, 16, 14, 12.5)
    return [("EXEC-1", term, spent) for term, spent in zip(story.TERMS, days, strict=True)]


_NETWORKS = {
    "Heads' round table": (20, 0.93),
    "Subject and phase leaders": (34, 0.85),
    "Attendance and inclusion": (46, 0.8),
}


def network_rows(draws: Draws) -> list[Row]:
    """Write three networks that meet once a term, and which schools came."""
    rows: list[Row] = []
    for network, (day, usual) in _NETWORKS.items():
        for term in story.TERMS:
            held = term.first_day + dt.timedelta(days=day)
            held += dt.timedelta(days=max(0, 7 - held.weekday()) if held.weekday() >= 5 else 0)
            for urn in story.BY_URN:
                comes = draws.happens(usual + 0.3 * min(0.2, STANDINGS[urn].belonging))
                if in_trust(urn, held) and held <= story.AS_OF:
                    rows.append((network, held, urn, yes_or_no(comes)))
    return rows


def staffing_rows(staff: Staff, draws: Draws) -> list[Row]:
    """Write three years of staff who left the trust, of schools that were in it all year."""
    rows: list[Row] = []
    for urn in story.BY_URN:
        for year in (2024, 2025, 2026):
            at_start = max(8, round(len(staff[urn]) * draws.between(0.94, 1.05)))
            rate = 0.13 - 0.1 * STANDINGS[urn].belonging - 0.08 * STANDINGS[urn].climate
            rate += 0.03 * (urn == 900012 and year == 2026)
            left = sum(draws.happens(rate) for _ in range(at_start))
            if in_trust(urn, dt.date(year - 1, 9, 1)):
                rows.append((urn, f"{year}-08-31", at_start, left))
    return rows


def role_document_rows(draws: Draws) -> list[Row]:
    """Write fifty-odd documents of roles that were looked through, most of senior leaders."""
    rows: list[Row] = []
    number = 0
    for urn in ("", *story.BY_URN):
        came = joined(urn) if isinstance(urn, int) else dt.date(2019, 9, 1)
        new = urn in (900009, 900010, 900013)
        for kind, senior, named, linked in (
            ("job description", True, 0.75, 0.85),
            ("job description", False, 0.4, 0.7),
            ("appraisal", True, 0.65, 0.8),
            ("recruitment pack", draws.happens(0.5), 0.6, 0.9),
        ):
            begins = max(came, dt.date(2024, 9, 2) if kind == "appraisal" else dt.date(2021, 9, 1))
            dated = schoolday(draws, begins, dt.date(2026, 10, 16))
            fall = 0.45 if new else 0.0
            wide, vision = draws.happens(named - fall), draws.happens(linked - fall)
            looked = draws.happens(0.9)
            if not looked:
                continue
            number += 1
            rows.append((f"RD{number:02d}", kind, urn, yes_or_no(senior), dated,
                         yes_or_no(wide), yes_or_no(vision)))  # fmt: skip
    return rows


def returns_with_effort(returns: Sequence[Row], staff: Staff, draws: Draws) -> list[Row]:
    """Add to each return how long it took and who gathered it; blank while it has not arrived."""
    trained = {urn: (draws.happens(0.85), draws.happens(0.6)) for urn in story.BY_URN}
    rows: list[Row] = []
    for row in returns:
        urn, received = int(str(row[0])), row[3]
        second = draws.happens(0.25)
        usual = 5.5 if row[1] == "attendance" else 9.0
        term = Term.of(dt.date.fromisoformat(str(row[2])))
        usual *= 1.0 - 0.03 * (term - story.FIRST_TERM)  # the template saves time
        usual += 2.5 * (urn in (900009, 900010, 900013))
        hours = round(2 * draws.between(0.7, 1.4) * usual) / 2
        gathered = staff[urn][-2 if second else -1]
        able = trained[urn][second] and urn != 900010
        known = (hours, gathered, yes_or_no(able)) if received else ("", "", "")
        rows.append((*row, *known))
    return rows


def support_with_thanks(support: Sequence[Row], draws: Draws) -> list[Row]:
    """Add to each deployment whether its contribution was celebrated; blank while it runs."""
    rows: list[Row] = []
    for row in support:
        thanked = draws.happens(0.55)
        rows.append((*row, yes_or_no(thanked) if row[6] else ""))
    return rows
