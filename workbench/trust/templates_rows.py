"""One worked row for each table: what a row filled in right looks like, for a made-up school.

A value that is not declared here follows from its column: the first of the listed words, `yes`,
a day, a term, the school of the example, and so on; a column may also be left blank on purpose.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from workbench.trust.columns import ColumnContract, TableContract

AS_OF = "2026-10-31"
SCHOOL, OTHER_SCHOOL = "900001", "900002"

_BY_KIND = {
    "code": "X001", "text": "Example", "date": "2026-09-14", "urn": SCHOOL,
    "term": "2026/27 autumn", "period": "2025/26",
}  # fmt: skip

_ANSWERED = {"wave": "2026/27 autumn", "respondent": "R0001"}

# Only what the column itself does not tell, or what the rules between cells ask for.
_DECLARED: Mapping[str, Mapping[str, str]] = MappingProxyType({
    "trust": {"trust_uid": "90001", "name": "Example Learning Trust", "as_of": AS_OF,
              "reserves_gbp": "450000", "annual_income_gbp": "12500000"},
    "schools": {"name": "Example Primary School", "phase": "primary", "type": "converter",
                "pupils": "210", "latitude": "52.5", "longitude": "-1.25",
                "joined": "2020-09-01", "opened": "2020-09-01", "fsm_percent": "24.5"},
    "inspections_oeif": {"inspection_date": "2024-03-12", "overall": "good", "category": "",
                         "quality_of_education": "good", "behaviour_and_attitudes": "good",
                         "personal_development": "outstanding",
                         "leadership_and_management": "good", "early_years": "good",
                         "sixth_form": "", "urn_at_inspection": ""},
    "inspections_report_card": {"inspection_date": "2026-03-10", "publication_date": "2026-04-21",
                                "category": "", "inclusion": "strong standard",
                                "curriculum_and_teaching": "expected standard",
                                "achievement": "expected standard",
                                "attendance_and_behaviour": "expected standard",
                                "personal_development_and_wellbeing": "strong standard",
                                "leadership_and_governance": "expected standard",
                                "early_years": "expected standard", "post_16": ""},
    "people": {"post_id": "POST01", "role": "head", "fte": "1", "status": "filled",
               "person": "P001", "since": "2021-09-01", "until": "", "days_a_term": "6"},
    "support": {"deployment_id": "D001", "provider_urn": OTHER_SCHOOL, "provider_post": "POST01",
                "recipient_urn": SCHOOL, "triggered": "2026-01-12", "started": "2026-02-02",
                "ended": "2026-05-22", "days": "12", "area": "curriculum and teaching"},
    "support_capacity": {"days_available": "8"},
    "returns": {"return_name": "autumn attendance", "due": "2026-10-16",
                "received": "2026-10-14", "staff_hours": "1.5", "captured_by": "P012"},
    "school_statistics": {"measure": "absence_percent", "value": "5.8", "unit": "percent",
                          "marker": "", "raw": "5.8", "source": "absence_2025_26.csv"},
    "kpis": {"kpi_id": "K01", "name": "Pupils who say that adults listen to them",
             "adopted": "2024-09-18", "retired": ""},
    "priorities": {"priority_id": "PR01", "description": "Reading in years 3 and 4",
                   "set_on": "2026-09-14", "closed": ""},
    "consultations": {"consultation_id": "C01", "held": "2026-03-04", "participants": "45"},
    "documents": {"document_id": "DOC01", "title": "Our vision", "dated": "2025-09-01",
                  "file": "our-vision.docx"},
    "skills": {"person": "P001", "level": "secure", "assessed": "2026-06-10"},
    "succession": {"role_id": "POST01", "candidate": "P012", "readiness": "within a year",
                   "reviewed": "2026-06-10"},
    "talent_audit": {"person": "P012", "employed_since": "2022-09-01", "audited": "2026-05-06",
                     "stretch_offered": "2026-09-07"},
    "executive_time": {"post_id": "POST01", "improvement_days": "20"},
    "role_documents": {"document_id": "RD01", "dated": "2025-05-01"},
    "networks": {"network": "Mathematics leads", "held": "2026-10-07"},
    "staffing": {"year_end": "2026-08-31", "staff_at_start": "32", "left_the_trust": "4"},
    "staff_survey": {**_ANSWERED, "level": "teacher"},
    "parent_survey": _ANSWERED,
    "pupil_survey": _ANSWERED,
    "source_judgements": {"judgement_id": "J001", "made": "2026-06-24", "source": "peer review",
                          "author": "P012", "band": "secure"},
    "peer_reviews": {"review_id": "PV01", "held": "2026-06-24", "reviewed_urn": SCHOOL,
                     "reviewer_urn": OTHER_SCHOOL, "reviewer": "P020"},
    "pupil_visits": {"visit_id": "V01", "held": "2026-05-13", "visited_urn": SCHOOL,
                     "visiting_urn": OTHER_SCHOOL, "pupils": "8"},
    "board_reports": {"due": "2026-07-10", "received": "2026-07-08"},
    "admissions": {"offers_made": "2026-04-16", "places": "30", "first_preferences": "34"},
    "attendance": {"begins": "2026-09-01", "ends": "2026-10-23", "pupils": "210",
                   "possible_sessions": "15960", "missed_sessions": "926",
                   "persistently_absent": "32"},
    "attainment": {"results": "2026-07-07", "pupils": "30", "value": "63.3", "spread": ""},
    "process_steps": {"step_id": "S01", "step": "A head asks for support by one form",
                      "reviewed": "2026-06-10"},
    "projects": {"project_id": "PJ01", "title": "Fluent reading by age seven",
                 "area": "achievement", "started": "2025-09-08", "stage": "closed",
                 "closed": "2026-07-10", "owner": "POST01", "sites": "4",
                 "fidelity_checked": "3", "decision_due": "2026-07-10", "decided": "2026-07-08",
                 "effect": "0.15", "effect_error": "0.08"},
    "project_reviews": {"project_id": "PJ01", "due": "2026-03-27", "held": "2026-03-24"},
    "qa_reviews": {"review_id": "QA01", "area": "inclusion", "planned": "2026-06-15",
                   "done": "2026-06-17", "reviewer": "P012", "band": "secure",
                   "second_reviewer": "P020", "second_band": "secure"},
    "qa_actions": {"action_id": "A01", "review_id": "QA01", "set_on": "2026-06-17",
                   "due": "2026-09-30", "closed": "2026-09-25"},
    "self_evaluations": {"made": "2026-06-01", "band": "secure"},
    "review_criteria": {"criterion_id": "CR01", "adopted": "2025-09-01",
                        "criterion": "Pupils with the greatest needs are taught by experts"},
    "forecasts": {"forecast_id": "F01", "event": "Attendance is above 95 percent in the summer",
                  "made": "2026-01-15", "probability": "0.6", "resolves": "2026-07-31",
                  "resolved": "2026-07-31"},
    "theory_of_the_case": {"claim_id": "T01", "stated": "2025-09-01",
                           "claim": "Heads who help another school come to care for it",
                           "refuted_if": "Commitment is no higher where heads have given support",
                           "indicator": "", "below": "", "above": "", "reviewed": "2026-09-14",
                           "schools_at_review": "6"},
})  # fmt: skip


def worked_row(table: TableContract) -> dict[str, str]:
    """Return a row that keeps every rule of the table, as the text a trust folder would hold."""
    declared = _DECLARED.get(table.name, {})
    return {
        column.name: declared.get(column.name, _by_column(column)) for column in table.columns
    }  # fmt: skip


def _by_column(column: ColumnContract) -> str:
    """Return a value that the column allows, where nothing else is declared."""
    if column.allowed:
        return column.allowed[0]
    if column.kind in {"integer", "number"}:
        return _middle(column)
    return _BY_KIND[column.kind]


def _middle(column: ColumnContract) -> str:
    """Return a whole number in the upper half of a column's range, such as 4 of 1 to 5."""
    if column.least is None or column.most is None:
        return "1"
    return str(round(column.least + 0.75 * (column.most - column.least)))
