"""What a study of grades after joining found, in words: no school, no trust, no cause claimed."""

from __future__ import annotations

import pandas as pd

from workbench.charts.wording import capital, count, number, percent
from workbench.measures.clustered import Estimate
from workbench.measures.differences import told_apart
from workbench.measures.joint import Joint
from workbench.report.impact_before import before_sentence, departures_table, hangs_on_it
from workbench.report.impact_plan import GRADE_WORDS, last_grades
from workbench.research.impact.grade_analysis import GradeAnalysis
from workbench.research.impact.grade_study import GradeStudy

MEASURE, UNIT = "Good or better at the next inspection", "percentage points"
_STANDS = {
    1: "Weakly: outstanding schools were exempt from inspection, those in new trusts less so",
    2: "Weakly: short inspections that confirm good are not listed; new academies had full ones",
    3: "As planned: every next inspection is a full one and listed",
    4: "Hardly: nearly all had to join, and those that had not are few and unusual",
}


def headline(found: GradeAnalysis) -> str:
    """Return the finding in one sentence."""
    one = found.planned.overall
    said = f"{_signed(one.value)} {UNIT} ({ends(one)})"
    if not told_apart(one.interval):
        return (
            f"No effect of joining on the next grade told apart from none: {said}; an effect below "
            f"{number(one.detectable(found.plan.power), 1)} would mostly be missed"
        )
    doubt = ""
    if found.planned.departure is None:
        doubt = "; whether they were alike earlier cannot be seen"
    elif found.alike_before is False:
        doubt = "; but they were not alike earlier either"
    elif hangs_on_it(found.planned.departure):
        doubt = "; but none is told apart once a gap as in earlier grades is taken out"
    return (
        f"Schools at {last_grades(found.plan)} that joined were good or better at the next "
        f"inspection more often, by {said}, than schools alike that had not{doubt}"
    )


def gap_table(found: GradeAnalysis) -> pd.DataFrame:
    """Return what the effect would be if equals had differed before, and still did."""
    return departures_table(
        found.planned.departure, found.plan.grades.departs, unit=UNIT, period="year",
        power=found.plan.power, digits=1,
    )  # fmt: skip


def effects_frame(found: GradeAnalysis) -> pd.DataFrame:
    """Return since, estimate, low and high of each year, for a picture."""
    return found.planned.by_since[["since", "estimate", "low", "high"]].reset_index(drop=True)


def years_table(study: GradeStudy) -> pd.DataFrame:
    """Return each year's comparison, with the smallest effect that it would mostly find."""
    return pd.DataFrame(
        [
            {
                "Year": since_words(int(row["since"])),
                "Schools that joined": int(row["schools"]),
                "Good or better (%)": number(row["joined_percent"]),
                "Of schools alike (%)": number(row["others_percent"]),
                f"Difference ({UNIT})": _signed(row["estimate"]),
                "Interval": f"{_signed(row['low'])} to {_signed(row['high'])}",
                "Smallest effect mostly found": number(row["detectable"], 1),
            }
            for row in study.by_since.to_dict("records")
        ]
    )


def ways_table(found: GradeAnalysis) -> pd.DataFrame:
    """Return the average effect by each way of looking, the naive one last."""
    ways = {
        "As planned": found.planned,
        "Equals also by the age of the last grade": found.aged,
        "All schools, no equals: the change from the last grade": found.everyone,
    }
    return pd.DataFrame(
        [
            {
                "Way of looking": way,
                f"Effect ({UNIT})": _signed(one.overall.value),
                "Interval": ends(one.overall),
                "Smallest effect mostly found": number(one.overall.detectable(found.plan.power), 1),
                "Schools that joined": one.schools,
                "Trusts": one.trusts,
                "Before joining all zero?": _before(found, one.before),
            }
            for way, one in ways.items()
            if one is not None
        ]
    )


def last_grades_table(found: GradeAnalysis) -> pd.DataFrame:
    """Return who joined by last grade, and what became of them and of schools alike."""
    rows = []
    for row in found.at_joining.to_dict("records"):
        grade, joined = int(row["grade"]), int(row["joined"])
        one = found.by_last.get(grade)
        few = joined < found.plan.fewest_schools
        rows.append({
            "Last grade": GRADE_WORDS[grade],
            "Schools that joined": f"under {found.plan.fewest_schools}" if few else str(joined),
            "Share of them": "" if few else percent(row["joined_share"]),
            "Share of others, same days": percent(row["others_share"]),
            f"Effect ({UNIT})": "too few" if one is None else _signed(one.overall.value),
            "Interval": "" if one is None else ends(one.overall),
            "Smallest effect mostly found": "" if one is None
            else number(one.overall.detectable(found.plan.power), 1),
            "Stands": _STANDS[grade],
        })  # fmt: skip
    return pd.DataFrame(rows)


def since_words(since: int) -> str:
    """Return a year since joining in words: 0 is the first after, -1 the last before."""
    return f"{_ordinal(since + 1)} year after" if since >= 0 else f"{_ordinal(-since)} year before"


def doubts(found: GradeAnalysis) -> tuple[str, ...]:
    """Return what could feign or hide an effect on grades, each with its number."""
    one, said = found.planned, []
    if found.planted is not None:
        said.append(
            f"Schools are made up; the planted effect is {_signed(found.planted.effect)} {UNIT}, "
            "and whether a school joins hangs on its last grade alone. Of real ones nobody knows."
        )
    asked = found.plan.grades
    joined = _joined(found, asked.last_grades)
    said.append(
        f"{count(joined, 'school')} joined when last at {last_grades(found.plan)}: {one.schools} "
        f"of {count(one.trusts, 'trust')} have an equal; {one.unmatched} were inspected but have "
        f"none, and {joined - one.schools - one.unmatched} were not inspected within "
        f"{count(asked.years_after, 'year')} or not yet: they are no part of this."
    )
    if found.everyone is not None:
        said.append(
            "Schools join after weak grades, and weak grades are partly bad luck: compared without "
            f"equals, joining seems to bring {_signed(found.everyone.overall.value)} {UNIT}, and "
            f"differences before joining are {_before(found, found.everyone.before)}. Selection "
            "and regression to the mean are in it, so it says little of joining."
        )
    if one.departure is not None:
        said.append(
            "Grades earlier than the two that make schools equals. "
            + before_sentence(
                one.before, one.departure, asked.departs, unit=UNIT, period="year",
                power=found.plan.power, level=found.plan.before_level, digits=1,
            )
        )  # fmt: skip
    said += [
        "A trust does little within months: a difference in the first year after joining says that "
        "schools differed when they joined, or that a new head or a new name counts.",
        "When the first inspection comes may itself hang on joining: new academies were seen in "
        "their third year. Only the same year since joining is compared; those seen may differ.",
        "Equal grades are not equal schools: leadership, intake, money, and a trust's choice of "
        "whom to take are not known here, and an inspector knows that a school has joined.",
        "A school that closed before an inspection, or that left its trust, is followed by its "
        "links alone; one that joined before the earliest membership file and left or closed "
        "before it passes for one that never joined.",
    ]
    said += [f"{capital(why)}: {n}." for why, n in found.history.notes.items() if n]
    if one.hidden:
        said.append(f"{capital(count(one.hidden, 'year'))} left out for too few schools or trusts.")
    return tuple(said)


def ends(one: Estimate) -> str:
    """Return the ends of an estimate's interval."""
    return f"{_signed(one.interval.lower)} to {_signed(one.interval.upper)}"


def _joined(found: GradeAnalysis, grades: tuple[int, ...]) -> int:
    table = found.at_joining
    return int(table.loc[table["grade"].isin(grades), "joined"].sum())


def _before(found: GradeAnalysis, test: Joint | None) -> str:
    if test is None:
        return "cannot be tested"
    p = "below 0.001" if test.p_value < 0.001 else number(test.p_value, 3)
    alike = test.p_value >= found.plan.before_level
    return f"{'not told apart from zero' if alike else 'not zero'} (p {p})"


def _signed(value: float) -> str:
    return f"{'+' if round(value, 1) > 0 else ''}{number(value, 1)}"


def _ordinal(place: int) -> str:
    return f"{place}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(place, 'th') }"
