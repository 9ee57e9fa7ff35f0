"""Columns of the seven pillars' own tables in which a single cell is spoilt, by kind of value."""

from __future__ import annotations

NUMBERS = (
    "executive_time.improvement_days", "projects.effect", "attainment.value",
    "forecasts.probability", "theory_of_the_case.below",
)  # fmt: skip
WHOLE_NUMBERS = (
    "staffing.staff_at_start", "admissions.places", "attendance.pupils", "pupil_visits.pupils",
    "staff_survey.workload", "parent_survey.happy", "pupil_survey.enjoy",
)  # fmt: skip
DAYS = (
    "kpis.adopted", "priorities.set_on", "consultations.held", "documents.dated",
    "skills.assessed", "succession.reviewed", "talent_audit.audited", "networks.held",
    "staffing.year_end", "source_judgements.made", "peer_reviews.held", "pupil_visits.held",
    "board_reports.due", "admissions.offers_made", "attendance.begins", "attainment.results",
    "process_steps.reviewed", "project_reviews.held", "qa_reviews.planned", "qa_actions.closed",
    "self_evaluations.made", "review_criteria.adopted", "forecasts.made",
    "theory_of_the_case.stated", "role_documents.dated",
)  # fmt: skip
WORDS = (
    "kpis.origin", "consultations.stakeholders", "documents.kind", "skills.level",
    "succession.readiness", "staff_survey.level", "source_judgements.band", "projects.stage",
    "qa_reviews.band", "self_evaluations.area", "review_criteria.traces_to",
    "attainment.measure", "theory_of_the_case.pillar", "role_documents.kind",
)  # fmt: skip
TRUTHS = (
    "priorities.vision_linked", "networks.attended", "board_reports.challenge_recorded",
    "process_steps.written_down", "projects.has_baseline", "forecasts.happened",
    "talent_audit.could_support", "peer_reviews.head_took_part",
)  # fmt: skip
URNS = (
    "staffing.urn", "networks.urn", "peer_reviews.reviewed_urn", "pupil_visits.visiting_urn",
    "attendance.urn", "self_evaluations.urn", "board_reports.urn",
)  # fmt: skip
TEXTS = ("kpis.name", "priorities.description", "process_steps.step", "forecasts.event")
CODES = (
    "parent_survey.respondent", "qa_actions.action_id", "peer_reviews.reviewer",
    "talent_audit.person", "documents.document_id",
)  # fmt: skip
TERMS = ("executive_time.term", "staff_survey.wave")
NEEDED = (
    "skills.level", "networks.attended", "attainment.pupils", "staff_survey.respondent",
    "project_reviews.due", "qa_actions.due", "theory_of_the_case.claim", "admissions.places",
)  # fmt: skip
