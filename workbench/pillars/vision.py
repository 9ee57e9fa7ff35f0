"""The vision pillar: is there a vision of the trust's own, shared, spoken of, and worked by?"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from workbench.measures.intervals import proportion_interval
from workbench.pillars.indicator import Measured, counted, measured, not_enough
from workbench.pillars.measuring import Measure, measure, middle_day, share_of
from workbench.pillars.scope import Scope
from workbench.pillars.surveys import SurveyShare, Withheld, agreement, agreement_by_level
from workbench.terms import Term
from workbench.trust.contracts_people import STAKEHOLDERS
from workbench.trust.documents import read_language


def vision(scope: Scope) -> tuple[Measured, ...]:
    """Measure the vision pillar: one entry for each indicator that the level has, in order.

    Args:
        scope: The trust, or a school of it.
    """
    return measure(scope, "vision", MEASURES)


def _own_vision_kpis(scope: Scope) -> Measured:
    watched = _standing(scope, scope.rows("kpis"), since="adopted", until="retired")
    return share_of(
        scope,
        "own_vision_kpis",
        watched["origin"].eq("own vision").astype("boolean").where(watched["origin"].notna()),
        n_of="KPI",
        lacking="the indicators that the board watches, and where each comes from",
        estimated=False,
    )


def _vision_linked_priorities(scope: Scope) -> Measured:
    standing = _standing(scope, scope.rows("priorities"), since="set_on", until="closed")
    return share_of(
        scope,
        "vision_linked_priorities",
        standing["vision_linked"],
        n_of="priority|priorities",
        lacking="standing priorities of which it is said whether they follow from the vision",
        estimated=False,
    )


def _standing(scope: Scope, rows: pd.DataFrame, *, since: str, until: str) -> pd.DataFrame:
    """Rows that hold on the day described: begun, and not ended by then."""
    today = pd.Timestamp(scope.as_of)
    return rows[(rows[since] <= today) & ~(rows[until] <= today)]


def _staff_share_vision(scope: Scope) -> Measured:
    key = "staff_share_vision"
    found = agreement(scope, "staff_survey", "our_vision")
    if isinstance(found, Withheld):
        return not_enough(key, scope.indicator(key), found.reason)
    return _of_answers(scope, key, found)


def _vision_by_level(scope: Scope) -> Measured:
    key = "vision_by_level"
    levels = agreement_by_level(scope, "our_vision")
    shown = {level: found for level, found in levels.items() if isinstance(found, SurveyShare)}
    held = "; ".join(
        f"{level}: {found.reason}" for level, found in levels.items() if isinstance(found, Withheld)
    )
    if not shown:
        return not_enough(
            key, scope.indicator(key), "enough answers at any level of staff", note=held
        )
    least = min(shown, key=lambda level: shown[level].interval.estimate)
    note = f"{least}: the lowest of {counted(len(shown), 'level')} shown"
    return _of_answers(scope, key, shown[least], note=f"{note}; {held}" if held else note)


def _of_answers(scope: Scope, key: str, found: SurveyShare, note: str = "") -> Measured:
    """A share of answers to a survey as an indicator in per cent."""
    wave = f"{found.agree} of {found.n} in {found.wave}"
    return measured(
        key,
        scope.indicator(key),
        100 * found.interval.estimate,
        as_of=scope.as_of,
        n=found.n,
        n_of="answer",
        evidence_date=found.evidence_date,
        interval=found.interval.times(100),
        note=f"{note}; {wave}" if note else wave,
    )


def _stakeholders_consulted(scope: Scope) -> Measured:
    key = "stakeholders_consulted"
    consultations = scope.between(scope.rows("consultations"), "held", scope.years_ago(1))
    known = consultations[consultations["stakeholders"].notna()]
    if known.empty:
        # An empty year may be a year without questions or a register nobody keeps.
        return not_enough(
            key,
            scope.indicator(key),
            "a consultation on the vision in the last 12 months, and who was asked",
        )
    asked = set(known["stakeholders"])
    left = ", ".join(group for group in STAKEHOLDERS if group not in asked)
    return measured(
        key,
        scope.indicator(key),
        100 * len(asked) / len(STAKEHOLDERS),
        as_of=scope.as_of,
        n=len(STAKEHOLDERS),
        n_of="group",
        evidence_date=middle_day(known["held"]),
        note=f"not asked: {left}" if left else "every group was asked",
    )


def _our_language(scope: Scope) -> Measured:
    return _of_documents(scope, "our_language", "our_we", "my_i", "one that says our, we, my or I")


def _vision_talk(scope: Scope) -> Measured:
    return _of_documents(
        scope,
        "vision_talk",
        "vision_talk",
        "school_count_talk",
        "one that speaks of the vision, or counts schools or grades",
    )


def _of_documents(scope: Scope, key: str, hit: str, other: str, lacking: str) -> Measured:
    """The share of one count of words or sentences in two, over the documents that can be read.

    The documents listed are counted whole, so the share has no interval.
    """
    indicator = scope.indicator(key)
    listed = scope.between(read_language(scope.trust), "dated", scope.long_from)
    if listed.empty:
        return not_enough(key, indicator, f"a document dated {scope.in_the_long_years}")
    unread = listed["problem"].notna() & (listed["problem"] != "")
    first = "".join(listed.loc[unread, "problem"].head(1))  # the others are in the documents' list
    skipped = f"{counted(int(unread.sum()), 'document')} could not be read, the first: {first}"
    read = listed[~unread]
    if read.empty:
        return not_enough(key, indicator, f"a document that can be read: {skipped}")
    hits, total = int(read[hit].sum()), int(read[hit].sum() + read[other].sum())
    note = f"; {skipped}" if unread.any() else ""
    if total == 0:
        return not_enough(key, indicator, f"among the documents {lacking}", note=note[2:])
    return measured(
        key,
        indicator,
        100 * hits / total,
        as_of=scope.as_of,
        n=len(read),
        n_of="document",
        evidence_date=middle_day(read["dated"]),
        note=f"{hits} of {total}{note}",
    )


def _roles_linked_to_vision(scope: Scope) -> Measured:
    documents = scope.rows("role_documents")
    roles = documents[
        documents["kind"].eq("job description")
        & (documents["dated"] <= pd.Timestamp(scope.as_of))
    ]  # fmt: skip
    return share_of(
        scope,
        "roles_linked_to_vision",
        roles["vision_linked"],
        n_of="job description",
        lacking="job descriptions of which it is said whether they link the role to the vision",
        dates=roles["dated"],
    )


def _staff_retained(scope: Scope) -> Measured:
    key = "staff_retained"
    staffing = scope.rows("staffing")
    past = staffing[staffing["year_end"] <= pd.Timestamp(scope.as_of)]
    known = past[past["staff_at_start"].notna() & past["left_the_trust"].notna()]
    if known.empty:
        return not_enough(
            key, scope.indicator(key), "staff at the start of a year, and how many of them left"
        )
    years = known["year_end"].map(lambda day: Term.of(day.date()).year)
    latest = known[years == years.max()]
    start, left = int(latest["staff_at_start"].sum()), int(latest["left_the_trust"].sum())
    stayed = proportion_interval(start - left, start, confidence=scope.confidence)
    assert stayed is not None  # a year without staff at its start is refused by the checks
    silent = 0 if scope.urn is not None else len(scope.trust.schools) - latest["urn"].nunique()
    absent = f"; {counted(silent, 'school')} without figures for that year" if silent else ""
    return measured(
        key,
        scope.indicator(key),
        100 * stayed.estimate,
        as_of=scope.as_of,
        n=start,
        n_of="staff member",
        evidence_date=middle_day(latest["year_end"]),
        interval=stayed.times(100),
        note=f"{left} of {start} left{absent}",
    )


MEASURES: Mapping[str, Measure] = MappingProxyType({
    "own_vision_kpis": _own_vision_kpis,
    "vision_linked_priorities": _vision_linked_priorities,
    "staff_share_vision": _staff_share_vision,
    "stakeholders_consulted": _stakeholders_consulted,
    "our_language": _our_language,
    "vision_talk": _vision_talk,
    "vision_by_level": _vision_by_level,
    "roles_linked_to_vision": _roles_linked_to_vision,
    "staff_retained": _staff_retained,
})  # fmt: skip
