"""Evidence from many sides in the demo trust: judgements by source, visits, boards' reports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from workbench.trust import demo_story as story
from workbench.trust.demo_draws import Draws, Row, working_day, yes_or_no
from workbench.trust.demo_standing import areas, band, in_trust, joined, place, schoolday

_SECOND_AREAS = {
    900001: "inclusion", 900004: "curriculum and teaching", 900008: "curriculum and teaching",
    900011: "post-16", 900012: "leadership and governance", 900013: "post-16",
}  # fmt: skip
_FIRST_AREAS = {
    900006: "attendance and behaviour", 900009: "early years", 900012: "achievement",
    900014: "personal development and wellbeing",
}  # fmt: skip
_STALE = (900007, 900014)  # nobody has looked at them since before Christmas
_ONE_AUTHOR = 900005  # its head wrote what staff, parents and pupils are said to think
_SEEN = {
    # What sources say that differ from the rest: disagreements to look into.
    (900006, "staff"): 3, (900006, "parents"): 0, (900006, "pupils"): 0,
    (900008, "staff"): 3, (900008, "data"): 1,
    (900012, "local board"): 2, (900012, "staff"): 1,
    (900013, "parents"): 1,
}  # fmt: skip
_SOURCES = (
    "staff", "parents", "pupils", "data", "trust visit", "local board", "peer review",
    "external review",
)  # fmt: skip


def judgement_rows(people: Sequence[Row], draws: Draws) -> list[Row]:
    """Write five to seven sources on one or two areas of each school, within the last year."""
    rows: list[Row] = []
    for urn in story.BY_URN:
        first = _FIRST_AREAS.get(urn, "curriculum and teaching")
        second = _SECOND_AREAS.get(urn, "")
        if first == second:
            first = "attendance and behaviour"
        for area in (first, second):
            sources = _SOURCES[: draws.whole(5, 7)]
            if draws.happens(0.3):
                sources = (*sources[:-1], _SOURCES[-1])
            for source in sources if area else ():
                rows.append((urn, area, _made(urn, draws), source,
                             _author(people, urn, source, draws),
                             _found(urn, area, source, draws)))  # fmt: skip
    return [(f"J{number:03d}", *row) for number, row in enumerate(rows, start=1)]


def _made(urn: int, draws: Draws) -> dt.date:
    if urn in _STALE:
        return schoolday(draws, dt.date(2025, 11, 10), dt.date(2025, 12, 12))
    first = dt.date(2026, 3, 2) if draws.happens(0.6) else dt.date(2026, 9, 7)
    return schoolday(draws, max(first, joined(urn)), dt.date(2026, 10, 23))


def _found(urn: int, area: str, source: str, draws: Draws) -> str:
    kinder = source in ("staff", "local board") and draws.happens(0.3)
    stricter = source in ("data", "pupils", "parents") and draws.happens(0.25)
    usual = place(urn, area) + kinder - stricter
    return band(_SEEN.get((urn, source), usual))


def _author(people: Sequence[Row], urn: int, source: str, draws: Draws) -> str:
    reviewer = draws.whole(1, 3)
    if urn == _ONE_AUTHOR and source in ("staff", "parents", "pupils"):
        return head_of(people, urn)
    if source == "peer review":
        others = [other for other in (900001, 900002, 900011) if other != urn]
        return head_of(people, draws.one_of(others))
    return {
        "staff": "STAFF-SURVEY",
        "parents": "PARENT-SURVEY",
        "pupils": "PUPIL-SURVEY",
        "data": "DATA-TEAM",
        "trust visit": "P002" if reviewer < 3 else "P003",
        "local board": f"BOARD-{urn}",
        "external review": f"EXT-{reviewer}",
    }[source]


def head_of(people: Sequence[Row], urn: int, day: dt.date = story.AS_OF) -> str:
    """Return the pseudonym of whoever led a school on a day."""
    on = day.isoformat()
    return next(
        str(row[5])
        for row in people
        if row[1] == "head" and row[2] == urn and row[4] == "filled"
        and str(row[6]) <= on and (row[7] == "" or str(row[7]) >= on)
    )  # fmt: skip


# School reviewed, day, and the schools that sent somebody; 0 stands for one beyond the trust.
_PEER_REVIEWS = (
    (900003, "2024-10-09", (900001, 900005)),
    (900008, "2024-11-20", (900002, 900004)),
    (900012, "2025-01-22", (900011, 0)),
    (900006, "2025-02-12", (900003, 900002)),
    (900001, "2025-03-12", (900007, 0)),
    (900011, "2025-05-14", (900012, 0)),
    (900014, "2025-06-18", (900004, 0)),
    (900013, "2025-11-12", (900011, 900002)),
    (900004, "2025-11-26", (900003, 900001)),
    (900002, "2026-01-21", (900007, 900004, 0)),
    (900006, "2026-02-25", (900001, 0)),
    (900012, "2026-03-18", (900011, 900003)),
    (900005, "2026-04-29", (900002, 900008)),
    (900009, "2026-05-20", (900004, 900001)),
    (900008, "2026-06-17", (900005, 900003)),
    (900011, "2026-10-07", (900013, 0)),
)
_HEADS_STAY_AWAY = (900009, 900013)


def peer_review_rows(people: Sequence[Row], draws: Draws) -> list[Row]:
    """Write sixteen peer reviews, within the trust and with schools beyond it."""
    rows: list[Row] = []
    for number, (reviewed, held, senders) in enumerate(_PEER_REVIEWS, start=1):
        day = dt.date.fromisoformat(held)
        for sender in senders:
            goes = draws.happens(0.9)
            other = draws.whole(1, 6)
            review = (f"PR{number:02d}", held, reviewed)
            if not sender:
                rows.append((*review, "", f"EXT-PEER-{other}", "no"))
            elif goes and sender not in _HEADS_STAY_AWAY:
                rows.append((*review, sender, head_of(people, sender, day), "yes"))
            else:
                rows.append((*review, sender, _deputy(people, sender, held), "no"))
    return rows


def _deputy(people: Sequence[Row], urn: int, held: str) -> str:
    specialists = (
        str(row[5])
        for row in people
        if row[1] == "specialist leader" and row[2] == urn and str(row[6]) <= held
    )
    return next(specialists, f"DEPUTY-{urn}")


_VISITS = (
    (900001, "2025-11-18", 900002), (900002, "2025-11-19", 900001),
    (900003, "2025-12-03", 900003), (900004, "2026-01-20", 900008),
    (900008, "2026-01-21", 900004), (900006, "2026-02-10", 900006),
    (900011, "2026-03-04", 900013), (900013, "2026-03-11", 900011),
    (900005, "2026-04-22", 900003), (900012, "2026-05-13", 900012),
    (900001, "2026-05-19", 900014), (900009, "2026-06-09", 900009),
    (900014, "2025-02-05", 900001), (900012, "2025-03-19", 900011),
    (900006, "2025-05-07", 900005), (900012, "2026-10-14", 900012),
    (900002, "2026-10-15", 900002),
)  # fmt: skip


def pupil_visit_rows(draws: Draws) -> list[Row]:
    """Write visits by pupils, to most schools within a year and to some by pupils of another."""
    rows: list[Row] = []
    for number, (visited, held, visiting) in enumerate(sorted(_VISITS, key=lambda v: v[1]), 1):
        area = draws.one_of(("inclusion", "personal development and wellbeing",
                             "attendance and behaviour"))  # fmt: skip
        assert area in areas(visited)
        rows.append((f"V{number:02d}", held, visited, visiting, draws.whole(4, 12), area))
    return rows


_REPORTS_DUE = (
    "2024-10-18", "2025-02-07", "2025-06-13", "2025-10-17", "2026-02-06", "2026-06-12",
    "2026-10-16",
)  # fmt: skip
_WEAK_BOARDS: Mapping[int, float] = {900006: 0.25, 900012: 0.3, 900009: 0.4, 900010: 0.4}


def board_report_rows(draws: Draws) -> list[Row]:
    """Write what local boards owed: most in time, some late, two never received."""
    return list(_board_reports(draws))


def _board_reports(draws: Draws) -> Iterator[Row]:
    for urn in story.BY_URN:
        for due in _REPORTS_DUE:
            day = dt.date.fromisoformat(due)
            late = draws.happens(0.15 + 0.15 * (urn in _WEAK_BOARDS))
            early = schoolday(draws, day - dt.timedelta(days=6), day)
            after = min(working_day(day + dt.timedelta(days=draws.whole(3, 20))), story.AS_OF)
            challenged = draws.happens(_WEAK_BOARDS.get(urn, 0.7))
            if not in_trust(urn, day - dt.timedelta(days=14)):
                continue
            never = (urn, due) in {(900012, "2026-06-12"), (900006, "2026-10-16")}
            received: object = "" if never else (after if late else early)
            yield (urn, due, received, yes_or_no(challenged) if received else "")
