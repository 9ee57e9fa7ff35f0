"""What the demo trust says it wants: indicators, priorities, consultations, its theory."""

from __future__ import annotations

import datetime as dt

from workbench.trust import demo_story as story
from workbench.trust.demo_draws import Draws, Row, yes_or_no
from workbench.trust.demo_standing import joined, schoolday


def kpi_rows() -> list[Row]:
    """Write the indicators the board watches: six of fourteen in force are its own."""
    own, outside, duty = "own vision", "external accountability", "statutory duty"
    kpis = (
        ("Pupils who took part in a project beyond their school", own, "2022-09-28", ""),
        ("Pupils who say that adults act on what they say", own, "2022-09-28", ""),
        ("Staff who say that our vision is theirs", own, "2023-09-27", ""),
        ("Schools that gave and took support in the year", own, "2022-09-28", ""),
        ("Pupils who read for pleasure each week", own, "2024-09-25", ""),
        ("Staff who grew into a larger role with us", own, "2024-09-25", ""),
        ("Key stage 2 expected standard", outside, "2017-09-27", ""),
        ("Attainment 8", outside, "2017-09-27", ""),
        ("Report card areas at the expected standard or better", outside, "2025-12-10", ""),
        ("Grade 5 in English and mathematics", outside, "2019-09-25", ""),
        ("Persistent absence", outside, "2021-09-29", ""),
        ("Safeguarding audits completed", duty, "2017-09-27", ""),
        ("Reserves as a share of income", duty, "2018-09-26", ""),
        ("Exclusions and suspensions", duty, "2019-09-25", ""),
        ("Schools judged good or outstanding", outside, "2017-09-27", "2025-12-10"),
        ("Number of schools in the trust", own, "2017-09-27", "2022-09-28"),
    )
    return [(f"K{number:02d}", *kpi) for number, kpi in enumerate(kpis, start=1)]


_TRUST_PRIORITIES = (
    ("Make our vision known to every new colleague by half-term", "2025-09-10", "2026-07-15", True),
    ("Every school gives and takes support", "2025-09-10", "", True),
    ("Fill the vacant post of an improvement lead", "2026-04-22", "", False),
    ("Cut the weeks between a sign of need and the first day of support", "2026-02-11", "", True),
    ("Prepare all schools for report cards", "2025-11-19", "2026-07-15", False),
    ("Read for pleasure in every classroom", "2026-09-09", "", True),
)
_SCHOOL_PRIORITIES = {
    900001: ("Oracy in every subject", "Share the reading curriculum with two other schools"),
    900002: ("Stretch for high attainers", "Lend two specialists each term"),
    900003: ("Writing in key stage 2", "Inclusion of pupils with support plans"),
    900004: ("Keep attendance rising", "Deepen the curriculum in foundation subjects"),
    900005: ("Mathematics fluency", "Ask parents and pupils for themselves"),
    900006: ("Calm corridors and playgrounds", "Attendance of families in the new estate"),
    900007: ("Mixed-age curriculum", "Work with a second small school"),
    900008: ("Reading across the curriculum", "Leadership of subjects"),
    900009: ("Early reading in reception",),
    900010: ("Diagnose first: what pupils can and cannot do",),
    900011: ("Options for every learner in the sixth form", "Attendance in year 10"),
    900012: ("Mathematics in years 10 and 11", "Attendance", "A head in post", "Behaviour"),
    900013: ("Study skills in the sixth form", "Join the networks of the trust"),
    900014: ("Communication for every pupil", "Outreach to primary schools"),
}
_LINKED = {900010: 0.4, 900012: 0.55, 900013: 0.5, 900009: 0.5}


def priority_rows(draws: Draws) -> list[Row]:
    """Write the priorities of the trust and of each school."""
    rows: list[Row] = [
        ("", text, set_on, closed, yes_or_no(linked))
        for text, set_on, closed, linked in _TRUST_PRIORITIES
    ]
    for urn, texts in _SCHOOL_PRIORITIES.items():
        for text in texts:
            first = dt.date(2025, 9, 3) if draws.happens(0.4) else dt.date(2026, 9, 2)
            first = max(first, joined(urn))
            set_on = schoolday(draws, first, first + dt.timedelta(days=40))
            met, linked = draws.happens(0.35), draws.happens(_LINKED.get(urn, 0.97))
            closed = "2026-07-15" if met and set_on < dt.date(2026, 1, 1) else ""
            rows.append((urn, text, set_on, closed, yes_or_no(linked)))
    return [(f"PRI{number:02d}", *row) for number, row in enumerate(rows, start=1)]


def consultation_rows(draws: Draws) -> list[Row]:
    """Write who was asked about the vision: everybody within a year but the community."""
    asked = (
        ("2023-03-15", "community", "", 25),
        ("2025-06-18", "staff", "", 300),
        ("2025-11-12", "pupils", "", 160),
        ("2025-11-26", "heads", "", 13),
        ("2026-01-21", "trustees", "", 9),
        ("2026-02-11", "parents", 900001, 45),
        ("2026-03-04", "staff", "", 240),
        ("2026-04-29", "parents", 900011, 70),
        ("2026-06-10", "local boards", "", 30),
        ("2026-09-30", "pupils", 900012, 28),
    )
    rows: list[Row] = []
    for number, (held, group, urn, usual) in enumerate(asked, start=1):
        people = usual if group in ("heads", "trustees") else round(usual * draws.between(0.9, 1.1))
        rows.append((f"CON{number:02d}", held, group, urn, people))
    return rows


def theory_rows() -> list[Row]:
    """Write the claims the trust rests on, each with what would refute it."""
    now, before = len(story.SCHOOLS), len(story.SCHOOLS) - 3
    return [
        ("T1", "2022-09-28", "vision", "A vision that staff call ours moves schools without being "
         "told to", "Fewer than three in four staff say that they share our vision",
         "staff_share_vision", 75, "", "2026-06-24", before + 2),
        ("T2", "2022-09-28", "capacity", "Three schools that can give for each that needs it are "
         "enough", "There are fewer than three such schools for each weighted school in need",
         "golden_rule", 3, "", "2026-09-23", now),
        ("T3", "2023-09-27", "capacity", "One improvement lead can know six schools well",
         "There are more than six schools for each lead in post", "lead_span", "", 6,
         "2026-09-23", now),
        ("T4", "2024-09-25", "process", "Support that starts within three weeks stops a slide",
         "Half of all support starts later than three weeks after the sign of need",
         "days_to_deploy", "", 21, "2025-06-25", before),
        ("T5", "2024-09-25", "intelligence", "Three independent sources show a need that one "
         "hides", "Judgements rest on fewer than three independent kinds of source",
         "source_families", 3, "", "2026-06-24", before + 2),
        ("T6", "2025-09-24", "intelligence", "Few returns on one template cost schools little and "
         "come in time", "Fewer than nineteen in twenty returns arrive in time",
         "returns_on_time", 95, "", "", before + 1),
        ("T7", "2025-09-24", "quality assurance", "What a review asks for is done when somebody "
         "comes back to look", "Fewer than 85 in 100 actions are verified as done in time",
         "actions_closed", 85, "", "2026-06-24", before + 2),
        ("T8", "2025-09-24", "collective commitment", "Schools that give gain as much as schools "
         "that take", "Schools that lent specialists lose more staff in the next two years than "
         "schools that did not", "", "", "", "", before + 1),
    ]  # fmt: skip
