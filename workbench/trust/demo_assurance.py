"""Assurance in the demo trust: quality reviews, what they asked for, what schools said first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from workbench.trust import demo_story as story
from workbench.trust.demo_draws import Draws, Row, working_day, yes_or_no
from workbench.trust.demo_standing import STANDINGS, areas, band, in_trust, joined, place, schoolday

_ROUNDS = (
    ("2024-11-04", "2024-12-13"), ("2025-01-20", "2025-03-21"), ("2025-05-05", "2025-07-04"),
    ("2025-10-06", "2025-12-12"), ("2026-01-19", "2026-03-20"), ("2026-05-04", "2026-07-03"),
    ("2026-09-21", "2026-10-23"),
)  # fmt: skip
_AHEAD = ((900010, "inclusion", "2026-11-18"), (900007, "early years", "2026-12-02"))
_EVERY = 2  # a school is reviewed in every second round, one in need in each


def qa_review_rows(draws: Draws) -> list[Row]:
    """Write about fifty reviews over two years: most done, some late, half judged twice."""
    rows: list[Row] = []
    for number, (first, last) in enumerate(_ROUNDS):
        for turn, urn in enumerate(story.BY_URN):
            planned = schoolday(draws, dt.date.fromisoformat(first), dt.date.fromisoformat(last))
            area = draws.one_of(areas(urn))
            finding = _finding(urn, area, planned, draws)
            due = (number + turn) % _EVERY == 0 or urn in (900012, 900006)
            if due and in_trust(urn, planned):
                rows.append((urn, area, planned, *finding))
    rows.extend((urn, area, planned, *[""] * 6) for urn, area, planned in _AHEAD)
    rows.sort(key=lambda row: (str(row[2]), str(row[0])))
    return [(f"QA{number:02d}", *row) for number, row in enumerate(rows, start=1)]


def _finding(urn: int, area: str, planned: dt.date, draws: Draws) -> Row:
    """Day done, reviewer, whether anybody came from outside, and what was found, perhaps twice."""
    happened, late = draws.happens(0.9), draws.happens(0.2)
    done = working_day(planned + dt.timedelta(days=draws.whole(5, 30) if late else 0))
    inside = ["P002", "P003"] if planned >= dt.date(2024, 10, 1) else ["P002"]
    inside += ["P004"] if done < dt.date(2026, 3, 27) else []
    inside += ["P005"] if planned >= dt.date(2025, 9, 1) else []
    reviewer = draws.one_of(inside)
    external, twice = draws.happens(0.3), draws.happens(0.62)
    partner = draws.one_of([one for one in inside if one != reviewer])
    second = f"EXT-QA{draws.whole(1, 3)}" if external else partner
    found = [place(urn, area) + _slip(draws) for _ in range(2)]
    if not happened or done > story.AS_OF:
        return [""] * 6
    again = (second, band(found[1])) if twice else ("", "")
    return (done, reviewer, yes_or_no(external), band(found[0]), *again)


def _slip(draws: Draws) -> int:
    """How far a reviewer's band lies from the truth."""
    chance = draws.between(0, 1)
    return -1 if chance < 0.12 else int(chance > 0.88)


def qa_action_rows(reviews: Sequence[Row], draws: Draws) -> list[Row]:
    """Write what reviews asked for: more where they found less; some open past their day."""
    rows: list[Row] = []
    for review_id, urn, _, _, done, _, _, found, *_ in reviews:
        asked = {"strong": 0, "secure": 1, "needs attention": 2, "urgent": 3}.get(str(found), 0)
        for _ in range(asked):
            set_on = min(dt.date.fromisoformat(str(done)) + dt.timedelta(days=5), story.AS_OF)
            due = working_day(set_on + dt.timedelta(days=draws.one_of((56, 84, 112))))
            takes = draws.whole(30, 95) / 100 * (due - set_on)
            if draws.happens(0.16):
                takes += dt.timedelta(days=draws.whole(20, 70))
            closed, forgotten = working_day(set_on + takes), draws.happens(0.08)
            seen = draws.happens(0.84)
            shut = not forgotten and closed <= story.AS_OF
            end = (closed, yes_or_no(seen)) if shut else ("", "")
            rows.append((f"A{len(rows) + 1:03d}", review_id, urn, set_on, due, *end))
    return rows


_ROSY = {900006: 0.8, 900012: 0.75, 900013: 0.5, 900008: 0.15, 900004: 0.1, 900014: 0.05}


def self_evaluation_rows(draws: Draws) -> list[Row]:
    """Write how schools judged themselves this summer: most a little rosy, some honest."""
    rows: list[Row] = []
    for urn in story.BY_URN:
        made = schoolday(draws, dt.date(2026, 6, 15), dt.date(2026, 7, 10))
        if not in_trust(urn, made):
            made = joined(urn) + dt.timedelta(days=37)
        for area in areas(urn):
            chance = draws.between(0, 1)
            rosy = _ROSY.get(urn, 0.5 if STANDINGS[urn].band < 3 else 0.1)
            better = int(chance < rosy) - int(chance > 0.95)
            rows.append((urn, area, made, band(place(urn, area) + better)))
    return rows


def criterion_rows() -> list[Row]:
    """Write the fifteen criteria that reviews judge by."""
    needs, own, framework = "pupils' needs", "own vision", "inspection framework"
    criteria = (
        ("Pupils who find reading hard are found and helped within three weeks", needs),
        ("Pupils can say what they are learning and why it matters", needs),
        ("Work of disadvantaged pupils is as ambitious as that of others", needs),
        ("Pupils say that adults act on what they tell them", needs),
        ("Absence of every pupil is known by name, with a plan", needs),
        ("Support plans of pupils with special needs are followed in class", needs),
        ("The school gives something to another school of ours", own),
        ("The school takes something from another school of ours", own),
        ("Every pupil takes part in one project beyond the school each year", own),
        ("Leaders can say how their plan serves our vision", own),
        ("The curriculum is sequenced in every subject", framework),
        ("Behaviour policy is applied by all staff", framework),
        ("Leaders know strengths and weaknesses by inspection area", framework),
        ("Safeguarding records are complete", framework),
        ("Displays follow the trust's house style", "other"),
    )
    return [
        (f"C{number:02d}", text, source, "2024-09-02" if number < 12 else "2021-09-01")
        for number, (text, source) in enumerate(criteria, start=1)
    ]


_EVENTS = (
    "Absence of the next full term is below that of a year before",
    "Next inspection finds every area at the expected standard or better",
    "Share of pupils at the expected standard rises in summer",
    "Post of a subject leader is filled by the first day of term",
    "Support ends on the day planned",
    "First preferences rise at the next offers",
)
_OPEN = 5


def forecast_rows(draws: Draws) -> list[Row]:
    """Write forecasts of two years: a little too sure, yet better than the base rate."""
    rows: list[Row] = []
    for urn in story.BY_URN:
        for _ in range(3):
            made = schoolday(draws, dt.date(2024, 10, 7), dt.date(2026, 5, 29))
            resolves = made + dt.timedelta(days=draws.whole(60, 150))
            chance = draws.between(0.05, 0.95)
            said = max(0.05, min(0.95, 0.5 + 0.9 * (chance - 0.5) + draws.near(0.0, 0.3)))
            event, happened = draws.one_of(_EVENTS), draws.happens(chance)
            if not in_trust(urn, made):
                continue
            rows.append((urn, event, made, f"{said:.2f}", resolves, resolves, yes_or_no(happened)))
    for urn in (900012, 900006, 900008, 900010, 900004)[:_OPEN]:
        made = schoolday(draws, dt.date(2026, 9, 7), dt.date(2026, 10, 16))
        said = draws.between(0.3, 0.8)
        rows.append((urn, _EVENTS[0], made, f"{said:.2f}", "2027-01-15", "", ""))
    rows.sort(key=lambda row: (str(row[2]), str(row[0])))
    return [(f"F{number:02d}", *row) for number, row in enumerate(rows, start=1)]
