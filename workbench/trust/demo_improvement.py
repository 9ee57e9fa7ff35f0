"""Improvement work of the demo trust: how support is mobilised, and the projects it runs."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from workbench.trust import demo_story as story
from workbench.trust.demo_draws import Draws, Row, working_day
from workbench.trust.demo_standing import schoolday


def process_step_rows() -> list[Row]:
    """Write the twelve steps from a sign of need to the end of support."""
    steps = (
        ("Spot a need in the termly review of every school", "2026-06-24", "yes", "yes"),
        ("Check it against at least two other sources", "2026-06-24", "yes", "no"),
        ("Agree the diagnosis with the head and the local board", "2026-06-24", "yes", "yes"),
        ("Decide that support is to be given", "2025-11-05", "no", "yes"),
        ("Match the need to a school or lead with free days", "2026-06-24", "no", "no"),
        ("Ask the lending school to release its people", "2025-11-05", "no", "no"),
        ("Write a plan with aims, days and a last day", "2026-06-24", "yes", "yes"),
        ("Hold the first visit and agree the plan", "2026-06-24", "yes", "yes"),
        ("Review progress each half-term", "2026-06-24", "yes", "yes"),
        ("Measure the impact when the plan ends", "2025-11-05", "yes", "yes"),
        ("Thank those who gave, in public", "2024-09-18", "yes", "no"),
        ("Write down what was learnt for the next plan", "2024-09-18", "yes", "no"),
    )
    return [(f"S{number:02d}", *step) for number, step in enumerate(steps, start=1)]


class _Project(NamedTuple):
    """One project; `written` answers in order: diagnosis, exit criteria, baseline, comparator."""

    urn: object
    title: str
    area: str
    started: str
    stage: str
    closed: str
    prompted_by: str
    written: str
    owner: str
    sites: object
    checked: object
    decision_due: str = ""
    decided: str = ""
    decision: str = ""
    effect: object = ""
    effect_error: object = ""

    def row(self, number: int) -> Row:
        """The project as the table has it."""
        diagnosed, ends, baseline, comparator = (
            {"y": "yes", "n": "no"}[letter] for letter in self.written
        )
        return (
            f"PJ{number:02d}", self.urn, self.title, self.area, self.started, self.stage,
            self.closed, self.prompted_by, diagnosed, self.owner, ends, baseline, comparator,
            self.sites, self.checked, "yes" if self.decision_due else "no", self.decision_due,
            self.decided, self.decision, self.effect, self.effect_error,
        )  # fmt: skip


_PROJECTS = (
    _Project("", "Phonics coaching across six primaries", "early years", "2023-09-18", "closed",
             "2024-07-12", "diagnosed need", "yyyy", "LEAD-1", 6, 6,
             "2024-07-31", "2024-09-27", "scale up", 0.18, 0.07),
    _Project(900004, "Rebuild the curriculum in foundation subjects", "curriculum and teaching",
             "2023-10-02", "closed", "2024-12-13", "diagnosed need", "yyyy", "HEAD-900004", 8, 7,
             effect=0.24, effect_error=0.10),
    _Project("", "Tablets for every pupil in year 7", "curriculum and teaching", "2023-11-06",
             "closed", "2025-03-28", "funding offered", "nnny", "LEAD-3", 2, 0,
             "2024-12-20", "2025-03-28", "stop", 0.02, 0.08),
    _Project(900008, "Reading across the curriculum", "curriculum and teaching", "2024-01-15",
             "closed", "2025-07-11", "diagnosed need", "yyyy", "LEAD-1", 7, 6,
             effect=0.15, effect_error=0.09),
    _Project("", "Breakfast clubs and family workers", "attendance and behaviour", "2025-04-28",
             "closed", "2026-07-10", "diagnosed need", "yyyy", "LEAD-4", 3, 2,
             "2026-03-27", "2026-06-17", "scale up", 0.21, 0.09),
    _Project(900006, "Calm corridors", "attendance and behaviour", "2025-01-20", "review", "",
             "diagnosed need", "yyyn", "HEAD-900006", 11, 6),
    _Project("", "Mental health first aid", "personal development and wellbeing", "2025-02-03",
             "closed", "2025-12-12", "funding offered", "nyyn", "", 9, 3),
    _Project(900012, "Mathematics recovery in years 10 and 11", "achievement", "2024-11-04",
             "deliver", "", "diagnosed need", "yyyy", "LEAD-1", 10, 9),
    _Project("", "Tutoring with an outside provider", "achievement", "2024-10-07", "closed",
             "2025-07-18", "funding offered", "nyyy", "LEAD-3", 4, 1,
             "2025-07-31", "2025-07-16", "stop", -0.03, 0.06),
    _Project(900013, "Study skills in the sixth form", "post-16", "2025-10-13", "review", "",
             "diagnosed need", "yyyn", "HEAD-900013", 5, 4),
    _Project("", "Oracy in eight classrooms", "curriculum and teaching", "2025-09-15", "deliver",
             "", "diagnosed need", "yyyy", "LEAD-2", 8, 5, "2026-07-24"),
    _Project(900012, "Readiness for the monitoring visit", "leadership and governance",
             "2026-04-27", "deliver", "", "outside demand", "ynyn", "LEAD-1", 1, 1),
    _Project(900009, "Outdoor learning in reception", "early years", "2026-04-20", "plan", "",
             "diagnosed need", "yynn", "HEAD-900009", 2, 0),
    _Project("", "Shared inclusion bases", "inclusion", "2026-06-08", "plan", "",
             "outside demand", "nnyn", "", 3, 0, "2027-03-26"),
    _Project(900010, "First hundred days", "leadership and governance", "2026-09-14", "diagnose",
             "", "diagnosed need", "nynn", "LEAD-4", 1, 0),
)  # fmt: skip


def project_rows() -> list[Row]:
    """Write fifteen projects at every stage, half of them with evidence one could rest on."""
    return [project.row(number) for number, project in enumerate(_PROJECTS, start=1)]


_REVIEWS_DUE = (
    "2023-12-15", "2024-03-22", "2024-07-12", "2024-12-13", "2025-03-28", "2025-07-11",
    "2025-12-12", "2026-03-20", "2026-07-10", "2026-10-16",
)  # fmt: skip


def project_review_rows(draws: Draws) -> list[Row]:
    """Write the termly review of each project while it ran: three in four were held."""
    rows: list[Row] = []
    for number, project in enumerate(_PROJECTS, start=1):
        for due in _REVIEWS_DUE:
            if not project.started < due <= (project.closed or story.AS_OF.isoformat()):
                continue
            day = dt.date.fromisoformat(due)
            usual = 0.8 if project.owner else 0.35
            was_held, late = draws.happens(usual), draws.happens(0.15)
            held = schoolday(draws, day - dt.timedelta(days=9), day)
            after = min(working_day(day + dt.timedelta(days=draws.whole(3, 15))), story.AS_OF)
            rows.append((f"PJ{number:02d}", due, (after if late else held) if was_held else ""))
    return rows
