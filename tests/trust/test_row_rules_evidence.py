"""Rules between cells of the pillars' own tables: each fires on its fault, and on nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.trust.folders import write_trust
from workbench.trust.crosschecks import CODES_REFERRED_TO
from workbench.trust.intake import check_folder
from workbench.trust.row_rules import EVIDENCE_RULES

# A sound row of each table, by hand; cells that are left out are blank.
SOUND: Mapping[str, Mapping[str, str]] = {
    "kpis": {"kpi_id": "K1", "name": "Reading", "origin": "own vision", "adopted": "2024-01-01",
             "retired": "2025-01-01"},
    "priorities": {"priority_id": "P1", "description": "Reading", "set_on": "2024-01-01",
                   "closed": "2025-01-01"},
    "talent_audit": {"person": "P1", "employed_since": "2024-01-01", "audited": "2025-01-01"},
    "succession": {"role_id": "R1", "candidate": "P1", "readiness": "ready now",
                   "reviewed": "2025-01-01"},
    "staffing": {"urn": "900001", "year_end": "2025-08-31", "staff_at_start": "20",
                 "left_the_trust": "3"},
    "peer_reviews": {"review_id": "V1", "held": "2025-01-01", "reviewed_urn": "900001",
                     "reviewer_urn": "900002", "reviewer": "P1", "head_took_part": "yes"},
    "attendance": {"urn": "900001", "begins": "2025-09-01", "ends": "2025-10-24", "pupils": "100",
                   "possible_sessions": "7000", "missed_sessions": "400",
                   "persistently_absent": "20"},
    "attainment": {"urn": "900001", "results": "2025-08-21", "measure": "attainment 8",
                   "group": "all", "pupils": "150", "value": "46.2", "spread": "18.5"},
    "projects": {"project_id": "PJ1", "urn": "900001", "title": "Reading", "area": "achievement",
                 "started": "2024-09-01", "stage": "closed", "closed": "2025-07-01",
                 "prompted_by": "diagnosed need", "sites": "4", "fidelity_checked": "4",
                 "is_pilot": "yes", "decision_due": "2025-06-30", "decided": "2025-06-20",
                 "decision": "scale up", "effect": "0.2", "effect_error": "0.1"},
    "project_reviews": {"project_id": "PJ1", "due": "2025-01-10"},
    "qa_reviews": {"review_id": "QA1", "urn": "900001", "area": "inclusion",
                   "planned": "2025-03-01", "done": "2025-03-03", "reviewer": "P1",
                   "band": "secure", "second_reviewer": "P2", "second_band": "strong"},
    "qa_actions": {"action_id": "A1", "review_id": "QA1", "urn": "900001", "set_on": "2025-03-03",
                   "due": "2025-06-30", "closed": "2025-06-01"},
    "forecasts": {"forecast_id": "F1", "urn": "900001", "event": "It rises", "made": "2025-01-01",
                  "probability": "0.6", "resolves": "2025-12-31", "resolved": "2025-12-31",
                  "happened": "no"},
    "theory_of_the_case": {"claim_id": "T1", "stated": "2024-01-01", "pillar": "vision",
                           "claim": "It is so", "refuted_if": "It is not",
                           "indicator": "our_language", "below": "0.5",
                           "reviewed": "2025-01-01", "schools_at_review": "3"},
    "people": {"post_id": "POST1", "role": "executive", "fte": "1", "status": "filled",
               "person": "P1", "since": "2020-01-01"},
    "skills": {"person": "P1", "skill": "coaching", "level": "secure", "assessed": "2025-01-01"},
    "executive_time": {"post_id": "POST1", "term": "2025/26 autumn", "improvement_days": "10"},
    "support": {"deployment_id": "D1", "provider_post": "POST1", "recipient_urn": "900001",
                "triggered": "2025-01-01", "days": "5"},
}  # fmt: skip

# Table, what is changed in its sound row, and the rule that must fire at which cells.
FAULTS = (
    ("kpis", {"retired": "2023-12-31"}, "retired_before_adopted", "retired"),
    ("priorities", {"closed": "2023-12-31"}, "closed_before_set_on", "closed"),
    ("talent_audit", {"audited": "2023-12-31"}, "audited_before_employed_since", "audited"),
    ("succession", {"candidate": "none-1"}, "readiness_of_nobody", "candidate + readiness"),
    ("succession", {"readiness": "no candidate"}, "readiness_of_nobody", "candidate + readiness"),
    ("staffing", {"left_the_trust": "21"}, "left_the_trust_over_staff_at_start", "left_the_trust"),
    ("peer_reviews", {"reviewer_urn": "900001"}, "reviewed_by_itself", "reviewer_urn"),
    ("peer_reviews", {"reviewer_urn": ""}, "head_from_nowhere", "reviewer_urn + head_took_part"),
    ("attendance", {"ends": "2025-08-31"}, "ends_before_begins", "ends"),
    ("attendance", {"missed_sessions": "7001"}, "missed_sessions_over_possible_sessions",
     "missed_sessions"),
    ("attendance", {"persistently_absent": "101"}, "persistently_absent_over_pupils",
     "persistently_absent"),
    ("attainment", {"measure": "key stage 2 higher"}, "spread_of_percent", "spread"),
    ("projects", {"closed": "2024-08-31"}, "closed_before_started", "closed"),
    ("projects", {"decided": "2024-08-31"}, "decided_before_started", "decided"),
    ("projects", {"fidelity_checked": "5"}, "fidelity_checked_over_sites", "fidelity_checked"),
    ("projects", {"closed": ""}, "closed_without_day", "stage + closed"),
    ("projects", {"stage": "deliver"}, "closed_without_day", "stage + closed"),
    ("projects", {"decided": ""}, "decision_without_day", "decision"),
    ("projects", {"effect_error": ""}, "effect_without_error", "effect"),
    ("projects", {"is_pilot": "no"}, "pilot_dates_of_no_pilot", "decision_due"),
    ("qa_reviews", {"done": ""}, "finding_before_review", "band"),
    ("qa_reviews", {"second_reviewer": ""}, "second_band_of_nobody", "second_band"),
    ("qa_reviews", {"second_reviewer": "P1"}, "second_reviewer_is_first", "second_reviewer"),
    ("qa_actions", {"due": "2025-03-02"}, "due_before_set_on", "due"),
    ("qa_actions", {"closed": "2025-03-02"}, "closed_before_set_on", "closed"),
    ("forecasts", {"resolves": "2024-12-31"}, "resolves_before_made", "resolves"),
    ("forecasts", {"resolved": "2024-12-31"}, "resolved_before_made", "resolved"),
    ("forecasts", {"happened": ""}, "resolved_without_outcome", "resolved + happened"),
    ("forecasts", {"resolved": ""}, "resolved_without_outcome", "resolved + happened"),
    ("theory_of_the_case", {"reviewed": "2023-12-31"}, "reviewed_before_stated", "reviewed"),
    ("theory_of_the_case", {"below": ""}, "test_without_indicator", "indicator + below + above"),
    ("theory_of_the_case", {"indicator": ""}, "test_without_indicator",
     "indicator + below + above"),
)  # fmt: skip

# What looks like a fault and is none: days that meet, counts that are equal, cells left blank.
NO_FAULTS = (
    ("kpis", {"retired": "2024-01-01"}),
    ("priorities", {"closed": ""}),
    ("talent_audit", {"audited": "2024-01-01"}),
    ("succession", {"candidate": "none-1", "readiness": "no candidate"}),
    ("staffing", {"left_the_trust": "20"}),
    ("peer_reviews", {"reviewer_urn": "", "head_took_part": "no"}),
    ("peer_reviews", {"reviewer_urn": "", "head_took_part": ""}),
    ("attendance", {"missed_sessions": "7000", "persistently_absent": "100"}),
    ("attainment", {"measure": "key stage 2 higher", "spread": ""}),
    ("attainment", {"spread": ""}),
    ("projects", {"closed": "2024-09-01", "decided": "2024-09-01"}),
    ("projects", {"stage": "deliver", "closed": "", "effect": "", "effect_error": ""}),
    ("projects", {"decision": "", "decided": "", "decision_due": "2027-01-01"}),
    ("projects", {"is_pilot": ""}),
    ("projects", {"fidelity_checked": "", "sites": ""}),
    ("qa_reviews", {"done": "", "band": "", "reviewer": "", "second_reviewer": "",
                    "second_band": ""}),
    ("qa_reviews", {"second_band": ""}),
    ("qa_actions", {"due": "2025-03-03", "closed": "2025-03-03"}),
    ("forecasts", {"resolved": "", "happened": ""}),
    ("theory_of_the_case", {"below": "", "above": "0.5"}),
    ("theory_of_the_case", {"below": "", "indicator": "", "reviewed": ""}),
)  # fmt: skip

# Table, column of the code, and the rule that must fire where no row has it.
UNKNOWN_CODES = (
    ("support", "provider_post", "post_unknown"),
    ("executive_time", "post_id", "post_unknown"),
    ("skills", "person", "person_unknown"),
    ("project_reviews", "project_id", "project_unknown"),
    ("qa_actions", "review_id", "review_unknown"),
)


def found(folder: Path, *tables: str, **changes: str) -> list[tuple[str, str | None, str]]:
    """Return table, column and rule of every fault; the first table's row takes the changes."""
    rows = {name: dict(SOUND[name]) for name in tables}
    rows[tables[0]].update(changes)
    texts = {name: f"{','.join(row)}\n{','.join(row.values())}\n" for name, row in rows.items()}
    faults = check_folder(write_trust(folder, **texts)).faults
    return [(fault.file.removesuffix(".csv"), fault.column, fault.rule) for fault in faults]


@pytest.mark.parametrize("table", SOUND)
def test_a_sound_row_has_no_fault(tmp_path: Path, table: str) -> None:
    assert found(tmp_path, table) == []


@pytest.mark.parametrize(("table", "changes", "rule", "column"), FAULTS)
def test_a_row_that_contradicts_itself_is_reported_once_at_its_cells(
    tmp_path: Path, table: str, changes: dict[str, str], rule: str, column: str
) -> None:
    assert found(tmp_path, table, **changes) == [(table, column, rule)]


@pytest.mark.parametrize(("table", "changes"), NO_FAULTS)
def test_what_only_looks_like_a_contradiction_is_no_fault(
    tmp_path: Path, table: str, changes: dict[str, str]
) -> None:
    assert found(tmp_path, table, **changes) == []


@pytest.mark.parametrize(("table", "column", "rule"), UNKNOWN_CODES)
def test_a_code_that_no_row_has_is_a_fault_where_the_other_table_is_there(
    tmp_path: Path, table: str, column: str, rule: str
) -> None:
    [other] = [other for one, name, other, _ in CODES_REFERRED_TO if (one, name) == (table, column)]

    assert found(tmp_path, table, other) == []
    assert found(tmp_path, table, other, **{column: "GONE"}) == [(table, column, rule)]
    (tmp_path / f"{other}.csv").unlink()
    assert found(tmp_path, table, **{column: "GONE"}) == []


def test_every_rule_and_reference_between_codes_is_tried_here() -> None:
    assert {(rule.table, rule.key) for rule in EVIDENCE_RULES} == {
        (table, rule) for table, _, rule, _ in FAULTS
    }
    assert [(table, column) for table, column, *_ in CODES_REFERRED_TO] == [
        (table, column) for table, column, _ in UNKNOWN_CODES
    ]


@pytest.mark.parametrize("table", SOUND)
def test_an_unsound_cell_starts_no_second_fault(tmp_path: Path, table: str) -> None:
    for column in SOUND[table]:
        faults = found(tmp_path, table, **{column: "?"})

        assert faults == [(table, column, "word_for_blank")]


def test_an_unsound_readiness_starts_no_fault_about_nobody(tmp_path: Path) -> None:
    assert found(tmp_path, "succession", candidate="none-1", readiness="soon") == [
        ("succession", "readiness", "not_a_choice")
    ]
