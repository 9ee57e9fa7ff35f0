"""Write the demo trust: fourteen invented schools, three years of history, real faults of life.

The story (`demo_story`) is fixed; places, sizes, days and statistics are drawn. Each table has a
stream of its own, so changing one table leaves the bytes of the others alone.
"""

from __future__ import annotations

import csv
import math
from pathlib import Path

from workbench.trust import demo_story as story
from workbench.trust.contracts import TABLES
from workbench.trust.demo_assurance import (
    criterion_rows,
    forecast_rows,
    qa_action_rows,
    qa_review_rows,
    self_evaluation_rows,
)
from workbench.trust.demo_documents import document_rows, write_documents
from workbench.trust.demo_draws import Draws, Row
from workbench.trust.demo_evidence import (
    board_report_rows,
    judgement_rows,
    peer_review_rows,
    pupil_visit_rows,
)
from workbench.trust.demo_improvement import process_step_rows, project_review_rows, project_rows
from workbench.trust.demo_people import capacity_rows, people_rows, support_rows
from workbench.trust.demo_pupils import admission_rows, attainment_rows, attendance_rows
from workbench.trust.demo_records import return_rows, statistic_rows
from workbench.trust.demo_staff import (
    executive_time_rows,
    network_rows,
    returns_with_effort,
    role_document_rows,
    skill_rows,
    staff_of,
    staffing_rows,
    succession_rows,
    support_with_thanks,
    talent_rows,
)
from workbench.trust.demo_surveys import parent_survey_rows, pupil_survey_rows, staff_survey_rows
from workbench.trust.demo_vision import (
    consultation_rows,
    kpi_rows,
    priority_rows,
    theory_rows,
)

DEMO_SEED = 20261031
_KM_A_DEGREE = 111.2


def write_demo(folder: Path, seed: int = DEMO_SEED) -> None:
    """Write every table of the demo trust as a CSV file (UTF-8, line feeds), and its documents.

    Args:
        folder: Where to write; made where it is absent, files of the same names replaced.
        seed: Seeds the drawn part; the committed `data/demo` has the default.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tables = demo_tables(seed)
    for name, table in TABLES.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(table.names)
            writer.writerows(tables[name])
    write_documents(folder / "documents")


def demo_tables(seed: int) -> dict[str, list[Row]]:
    """Return the rows of every table; each table has a stream of draws of its own."""

    def draws(stream: str) -> Draws:
        return Draws(seed, stream)

    people = people_rows(draws("people"))
    schools = _schools(draws("schools"))
    statistics = statistic_rows(schools, draws("school_statistics"))
    staff = staff_of(people)
    reviews = qa_review_rows(draws("qa_reviews"))
    support = support_rows(people, draws("support"))
    returns = return_rows(draws("returns"))
    return {
        "trust": _trust(),
        "schools": schools,
        "inspections_oeif": _inspections_oeif(),
        "inspections_report_card": _report_cards(),
        "people": people,
        # Columns that came later have streams of their own: the older ones keep their values.
        "support": support_with_thanks(support, draws("support celebrated")),
        "support_capacity": capacity_rows(people, draws("support_capacity")),
        "returns": returns_with_effort(returns, staff, draws("returns effort")),
        "school_statistics": statistics,
        "kpis": kpi_rows(),
        "priorities": priority_rows(draws("priorities")),
        "consultations": consultation_rows(draws("consultations")),
        "documents": document_rows(),
        "skills": skill_rows(),
        "succession": succession_rows(),
        "talent_audit": talent_rows(people, staff, draws("talent_audit")),
        "executive_time": executive_time_rows(),
        "role_documents": role_document_rows(draws("role_documents")),
        "networks": network_rows(draws("networks")),
        "staffing": staffing_rows(staff, draws("staffing")),
        "staff_survey": staff_survey_rows(staff, draws("staff_survey")),
        "parent_survey": parent_survey_rows(draws("parent_survey")),
        "pupil_survey": pupil_survey_rows(draws("pupil_survey")),
        "source_judgements": judgement_rows(people, draws("source_judgements")),
        "peer_reviews": peer_review_rows(people, draws("peer_reviews")),
        "pupil_visits": pupil_visit_rows(draws("pupil_visits")),
        "board_reports": board_report_rows(draws("board_reports")),
        "admissions": admission_rows(draws("admissions")),
        "attendance": attendance_rows(statistics, draws("attendance")),
        "attainment": attainment_rows(schools, draws("attainment")),
        "process_steps": process_step_rows(),
        "projects": project_rows(),
        "project_reviews": project_review_rows(draws("project_reviews")),
        "qa_reviews": reviews,
        "qa_actions": qa_action_rows(reviews, draws("qa_actions")),
        "self_evaluations": self_evaluation_rows(draws("self_evaluations")),
        "review_criteria": criterion_rows(),
        "forecasts": forecast_rows(draws("forecasts")),
        "theory_of_the_case": theory_rows(),
    }


def _trust() -> list[Row]:
    return [(story.TRUST_UID, story.TRUST_NAME, story.AS_OF, 2410000, 43600000)]


def _schools(draws: Draws) -> list[Row]:
    places: list[tuple[float, float]] = []
    rows: list[Row] = []
    for school in story.SCHOOLS:
        place = _place(draws, places)
        places.append(place)
        pupils = round(school.pupils * draws.between(0.97, 1.03))
        fsm = round(school.fsm * draws.between(0.95, 1.05), 1)
        rows.append(
            (school.urn, school.name, school.phase, school.type, pupils,
             f"{place[0]:.4f}", f"{place[1]:.4f}", school.joined, school.opened, fsm)
        )  # fmt: skip
    return rows


def _place(draws: Draws, taken: list[tuple[float, float]]) -> tuple[float, float]:
    """A place in the county, at least 2 km from every other."""
    latitude, longitude = story.CENTRE
    km_east = _KM_A_DEGREE * math.cos(math.radians(latitude))
    while True:
        east, north = (draws.between(-story.RADIUS_KM, story.RADIUS_KM) for _ in range(2))
        if east * east + north * north > story.RADIUS_KM**2:
            continue
        place = (round(latitude + north / _KM_A_DEGREE, 4), round(longitude + east / km_east, 4))
        if all(
            math.hypot((place[0] - a) * _KM_A_DEGREE, (place[1] - b) * km_east) >= 2.0
            for a, b in taken
        ):
            return place


def _inspections_oeif() -> list[Row]:
    return [
        (
            found.urn, found.date, found.kind, found.overall, "", *found.words(),
            "yes" if found.kind == "graded" else "", found.urn_at_inspection or "",
        )
        for found in story.OEIF
    ]  # fmt: skip


def _report_cards() -> list[Row]:
    return [
        (card.urn, card.date, card.published, "met", card.category, *card.words())
        for card in story.REPORT_CARDS
    ]
