"""People of the demo trust, the days they can lend and the support they gave."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from workbench.terms import Term
from workbench.trust import demo_story as story
from workbench.trust.demo_draws import Draws, Row, working_day, yes_or_no


def people_rows(draws: Draws) -> list[Row]:
    """Write the posts: one executive, four leads (one vacant), heads and specialist leaders."""
    persons = (f"P{number:03d}" for number in range(1, 100))
    rows: list[Row] = [
        ("EXEC-1", "executive", "", 1.0, "filled", next(persons), "2019-09-01", "",
         "yes", "yes", 6),
        ("LEAD-1", "improvement lead", "", 1.0, "filled", next(persons), "2021-01-01", "",
         "yes", "yes", 52),
        # It took from the spring to the autumn to find somebody for this post.
        ("LEAD-2", "improvement lead", "", 0.8, "vacant", "", "2024-03-25", "2024-08-31",
         "", "", ""),
        ("LEAD-2", "improvement lead", "", 0.8, "filled", next(persons), "2024-09-01", "",
         "yes", "no", 40),
        # This lead left in the spring and has not been replaced.
        ("LEAD-3", "improvement lead", "", 1.0, "filled", next(persons), "2022-09-01", "2026-03-27",
         "yes", "yes", 52),
        ("LEAD-3", "improvement lead", "", 1.0, "vacant", "", "2026-03-28", "", "", "", ""),
        ("LEAD-4", "improvement lead", "", 1.0, "filled", next(persons), "2025-09-01", "",
         "yes", "yes", 50),
    ]  # fmt: skip
    for school in story.SCHOOLS:
        rows.extend(_head(school, persons, draws))
    for number, urn in enumerate(story.SPECIALIST_BASES, start=1):
        since = dt.date(draws.whole(2019, 2025), draws.one_of((1, 9)), 1)
        delivers, leads = draws.happens(0.85), draws.happens(0.3)
        days = 0 if urn == 900014 else draws.whole(3, 8)
        rows.append(
            (f"SLE-{number:02d}", "specialist leader", urn, draws.one_of((0.8, 1.0)), "filled",
             next(persons), max(since, dt.date.fromisoformat(story.BY_URN[urn].joined)), "",
             yes_or_no(delivers), yes_or_no(delivers and leads), days)
        )  # fmt: skip
    return rows


def _head(school: story.School, persons: Iterator[str], draws: Draws) -> list[Row]:
    post = f"HEAD-{school.urn}"

    def spell(since: object, until: str = "", days: int = 0, role: str = "") -> Row:
        trained = ("no", "no") if role == "new" else ("yes", yes_or_no(draws.happens(0.4)))
        return (
            post, "head", school.urn, 1.0, "filled", next(persons), since, until, *trained, days
        )  # fmt: skip

    if school.urn == 900012:  # the head left in the summer; a deputy acts until Easter
        left = spell("2021-09-01", "2026-08-31")
        vacancy = (post, "head", school.urn, 1.0, "vacant", "", "2026-09-01", "", "", "", "")
        acting = spell("2026-09-01", "2027-03-25", role="new")
        return [left, vacancy, (f"{post}-ACTING", *acting[1:])]
    if school.urn == 900006:  # a new head since September
        return [spell("2019-09-01", "2026-08-31", 1), spell("2026-09-01", role="new")]
    since = max(dt.date(draws.whole(2016, 2023), 9, 1), dt.date.fromisoformat(school.opened))
    return [spell(since, days=draws.whole(0, 3))]


def capacity_rows(people: list[Row], draws: Draws) -> list[Row]:
    """Days each school can lend a term: about what its own people have free."""
    free = {
        urn: sum(int(str(row[10] or 0)) for row in people if row[2] == urn) for urn in story.BY_URN
    }
    rows: list[Row] = []
    for urn, school in story.BY_URN.items():
        joined = Term.of(dt.date.fromisoformat(school.joined))
        for term in story.TERMS:
            if term - joined < 1:  # a joiner declares its days from its second term on
                continue
            spare = free[urn] if free[urn] == 0 else max(1, free[urn] + draws.whole(-2, 2))
            needy = urn in (900006, 900008, 900012, 900014)
            rows.append((urn, str(term), 0 if needy else spare))
    return rows


def support_rows(people: list[Row], draws: Draws) -> list[Row]:
    """Write the deployments: those the story asked for, one running, one not yet begun."""
    rows: list[Row] = []
    for need in story.NEEDS:
        for number in range(need.last - need.first + 1):
            term = need.first + number
            provider, post = _provider(people, need, term, draws)
            triggered = working_day(term.first_day + dt.timedelta(days=draws.whole(6, 16)))
            started = working_day(triggered + dt.timedelta(days=draws.whole(6, 32)))
            ended = working_day(started + dt.timedelta(days=draws.whole(35, 55)))
            reviewed = yes_or_no(draws.happens(0.8))
            rows.append(
                (provider, post, need.urn, triggered, started, ended, draws.whole(4, 14),
                 need.area, reviewed)
            )  # fmt: skip
    # This term: one deployment is running, one has been asked for and not yet begun.
    rows.append(("", "LEAD-1", 900012, "2026-09-07", "2026-09-21", "", 20, "achievement", ""))
    rows.append((900001, "SLE-01", 900006, "2026-10-12", "", "", 8, "attendance and behaviour", ""))
    rows.sort(key=lambda row: (str(row[3]), str(row[2])))
    return [(f"D{number:03d}", *row) for number, row in enumerate(rows, start=1)]


def _provider(
    people: list[Row], need: story.Need, term: Term, draws: Draws
) -> tuple[object, object]:
    """A central lead, or a specialist whose school had been in the trust for a year."""
    if need.area == "leadership and governance" or draws.happens(0.25):
        return "", draws.one_of(("LEAD-1", "LEAD-2")) if term >= Term(2024, 0) else "LEAD-1"
    able = [
        row
        for row in people
        if row[1] == "specialist leader"
        and row[8] == "yes"
        and row[10] != 0
        and row[2] != need.urn
        and Term.of(dt.date.fromisoformat(str(row[6]))) <= term
        and term - Term.of(dt.date.fromisoformat(story.BY_URN[int(str(row[2]))].joined)) >= 3
    ]
    chosen = draws.one_of(able)
    return chosen[2], chosen[0]
