"""Returns and statistics of the demo trust's schools."""

from __future__ import annotations

import datetime as dt

from workbench.trust import demo_story as story
from workbench.trust.demo_draws import Draws, Row, working_day, yes_or_no


def return_rows(draws: Draws) -> list[Row]:
    """Write two returns a school and term: most on time, a few late, one never received."""
    rows: list[Row] = []
    for urn, school in story.BY_URN.items():
        for term in story.TERMS:
            for name, day in (("attendance", 38), ("progress and wellbeing", 52)):
                due = working_day(term.first_day + dt.timedelta(days=day))
                if due > story.AS_OF or due.isoformat() < school.joined:
                    continue
                early = due - dt.timedelta(days=draws.whole(0, 4))
                late = min(working_day(due + dt.timedelta(days=draws.whole(2, 12))), story.AS_OF)
                received: dt.date | str = late if draws.happens(0.06) else early
                template = draws.happens(0.93)
                if (urn, str(term)) == (900012, "2025/26 summer"):
                    received = working_day(due + dt.timedelta(days=16))
                if (urn, name, str(term)) == (900006, "progress and wellbeing", "2026/27 autumn"):
                    received = ""
                rows.append((urn, name, due, received, yes_or_no(template) if received else ""))
    return rows


def statistic_rows(schools: list[Row], draws: Draws) -> list[Row]:
    """Write nine terms of absence and three years of census, some of it with a marker."""
    rows: list[Row] = []
    for school, drawn in zip(story.SCHOOLS, schools, strict=True):
        rows.extend(_absence(school, draws))
        rows.extend(_census(school, int(str(drawn[4])), float(str(drawn[9])), draws))
    return rows


def _absence(school: story.School, draws: Draws) -> list[Row]:
    rows: list[Row] = []
    for number, term in enumerate(story.TERMS[:-1]):
        source = f"absence_{term.year}-{(term.year + 1) % 100:02d}_{str(term).split()[1]}.csv"
        season = (0.1, 0.4, -0.3)[term.season]
        absence = school.absence + season - 0.05 * number + draws.between(-0.4, 0.4)
        persistent = 2.9 * absence - 1.0 + draws.between(-1.5, 1.5)
        for measure, value in (
            ("absence_percent", absence),
            ("persistent_absence_percent", persistent),
        ):
            row = (school.urn, str(term), measure)
            marker = ""
            if school.phase == "special" and measure.startswith("persistent"):
                marker = "c"  # too few pupils to publish
            elif (school.urn, str(term)) == (900009, "2024/25 summer"):
                marker = "x"
            number_text = "" if marker else f"{value:.1f}"
            rows.append((*row, number_text, "percent", marker, marker or number_text, source))
    return rows


def _census(school: story.School, pupils: int, fsm: float, draws: Draws) -> list[Row]:
    rows: list[Row] = []
    for year in (2023, 2024, 2025):
        period = f"{year}/{(year + 1) % 100:02d}"
        roll = pupils if year == 2025 else round(pupils * draws.between(0.96, 1.03))
        ratio = draws.between(6.0, 7.0) if school.phase == "special" else draws.between(17.0, 21.5)
        teachers = roll / ratio
        values = (
            ("pupils", str(roll), "pupils"),
            ("fsm_percent", f"{fsm if year == 2025 else fsm - draws.between(0.2, 2.0):.1f}",
             "percent"),
            ("eal_percent", f"{draws.between(3.0, 16.0):.1f}", "percent"),
            ("sen_support_percent", f"{draws.between(11.0, 19.0):.1f}", "percent"),
            ("teachers_fte", f"{teachers:.1f}", "full-time equivalent"),
            ("pupil_teacher_ratio", f"{ratio:.1f}", "pupils per teacher"),
        )  # fmt: skip
        for measure, value, unit in values:
            source = f"workforce_{year}.csv" if "teacher" in measure else f"census_{year}.csv"
            marker = ""
            if school.phase == "special" and measure == "sen_support_percent":
                marker = "z"  # every pupil has a plan: the measure does not apply
            shown = "" if marker else value
            rows.append((school.urn, period, measure, shown, unit, marker, marker or value, source))
    return rows
