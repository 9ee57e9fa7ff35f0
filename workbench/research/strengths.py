"""What is known of each school by area: a strength, a need, neither, or nothing at all.

Evidence is the trust's own (judgements of several sources, quality reviews) within a window of
terms, and the inspection that stands. A strength needs somebody who says strong and nobody who
says that the area needs attention; a need is what anybody found. Unknown is not "no strength".

The two inspection eras are never equated. A report card speaks area by area. Of the older framework
only an outstanding judgement is read, and only as a strength recorded by inspectors, in the area
that the table below declares; its overall grade stands apart under "whole school", as the golden
rule reads it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from workbench.measures.sources import Finding as SourceFinding
from workbench.measures.sources import independent_families
from workbench.parameters.golden_rule import GoldenRulePolicy
from workbench.pillars.golden_rule import verdict_on
from workbench.pillars.once import once_a_trust
from workbench.pillars.standings import standings
from workbench.terms import Term
from workbench.trust.contract_parts import SUPPORT_AREAS
from workbench.trust.inspections import AREAS, OEIF, REPORT_CARD
from workbench.trust.load import Trust

Finding = Literal["strength", "secure", "need", "urgent need"]
State = Literal["strength", "secure", "need", "urgent need", "unknown", "not applicable"]

WHOLE_SCHOOL = "whole school"
HELP_AREAS = (*SUPPORT_AREAS, WHOLE_SCHOOL)
# Where an outstanding judgement of the older framework is read as a recorded strength.
AREA_OF_SUB_JUDGEMENT = {
    "quality_of_education": "curriculum and teaching",
    "behaviour_and_attitudes": "attendance and behaviour",
    "personal_development": "personal development and wellbeing",
    "leadership_and_management": "leadership and governance",
    "early_years": "early years",
    "sixth_form": "post-16",
}
_AREA_OF_CARD = {name: name.replace("_", " ").replace("post 16", "post-16") for name in AREAS}
_OF_BAND: dict[str, Finding] = {
    "urgent": "urgent need", "needs attention": "need", "secure": "secure", "strong": "strength",
}  # fmt: skip
_OF_CARD: dict[str, Finding] = {
    "urgent improvement": "urgent need", "needs attention": "need",
    "expected standard": "secure", "strong standard": "strength", "exceptional": "strength",
}  # fmt: skip
_WORST_FIRST: tuple[Finding, ...] = ("urgent need", "need", "strength", "secure")
_HAVE_EARLY_YEARS = ("nursery", "primary", "all-through", "special")
_HAVE_POST_16 = ("secondary", "all-through", "special", "16 plus")


@dataclass(frozen=True)
class Evidence:
    """One finding about one area of a school.

    Attributes:
        urn: The school.
        area: One of `HELP_AREAS`.
        finding: What was found.
        kind: The kind of source, such as "quality review"; several of a kind count once.
        authors: Who found it, each of whom alone would do; inspectors are one author.
        day: When; None where not known.
        words: The finding as a reader should see it.
    """

    urn: int
    area: str
    finding: Finding
    kind: str
    authors: tuple[str, ...]
    day: pd.Timestamp | None
    words: str


@dataclass(frozen=True)
class Known:
    """What is known of one area of a school.

    Attributes:
        urn: The school.
        area: One of `HELP_AREAS`.
        state: Strength, secure, need, urgent need, unknown or not applicable.
        how: How it is known, in words; empty where it is not.
        kinds: Kinds of source that say so, of different authors: one author's count once.
        disputed: Another source says the opposite: strong where this is a need.
    """

    urn: int
    area: str
    state: State
    how: str = ""
    kinds: int = 0
    disputed: bool = False


@once_a_trust
def known_by_area(
    trust: Trust, policy: GoldenRulePolicy, *, evidence_terms: int
) -> dict[tuple[int, str], Known]:
    """Return what is known of every school and area, by URN and area.

    Args:
        trust: The trust.
        policy: The golden rule's policy, for the row "whole school".
        evidence_terms: Terms, the present one included, for which the trust's own findings count.
    """
    found: dict[tuple[int, str], list[Evidence]] = {}
    for evidence in (
        *_of_sources(trust, evidence_terms), *_of_reviews(trust, evidence_terms),
        *_of_report_cards(trust), *_of_sub_judgements(trust), *_of_the_rule(trust, policy),
    ):  # fmt: skip
        found.setdefault((evidence.urn, evidence.area), []).append(evidence)
    phases = dict(zip(trust.schools["urn"], trust.schools["phase"], strict=True))
    return {
        (int(urn), area): _weighed(int(urn), area, found.get((int(urn), area), []), str(phase))
        for urn, phase in phases.items()
        for area in HELP_AREAS
    }


def _weighed(urn: int, area: str, evidence: list[Evidence], phase: str) -> Known:
    if not evidence:
        barred = (area == "early years" and phase not in _HAVE_EARLY_YEARS) or (
            area == "post-16" and phase not in _HAVE_POST_16
        )
        return Known(urn, area, "not applicable" if barred else "unknown")
    state = next(word for word in _WORST_FIRST if any(one.finding == word for one in evidence))
    saying = [one for one in evidence if one.finding == state]
    against = [one for one in evidence if one.finding == "strength" and state != "strength"]
    disputed = bool(against) and state in ("need", "urgent need")
    how = "; ".join(one.words for one in saying)
    if disputed:
        how += f"; but {'; '.join(one.words for one in against)}"
    return Known(urn, area, state, how, _independent(saying), disputed)


def _independent(saying: list[Evidence]) -> int:
    """Count kinds of source of different authors; the band, the same for all, plays no part."""
    return independent_families(
        SourceFinding(one.kind, author, band=0) for one in saying for author in one.authors
    )


def _recent(table: pd.DataFrame, column: str, trust: Trust, terms: int) -> pd.DataFrame:
    """Rows whose day lies within the window, oldest first."""
    start = pd.Timestamp((Term.of(trust.as_of) + (1 - terms)).first_day)
    kept = table[table[column].between(start, pd.Timestamp(trust.as_of))]
    return kept.sort_values([column, *kept.columns[:1]], kind="stable")


def _of_sources(trust: Trust, terms: int) -> Iterator[Evidence]:
    """Each source's latest judgement of each area."""
    rows = _recent(trust.tables["source_judgements"], "made", trust, terms)
    latest = rows.drop_duplicates(["urn", "area", "source"], keep="last")
    for _, row in latest.iterrows():
        words = f"{row['source']}: {row['band']} ({_month(row['made'])})"
        yield Evidence(
            int(row["urn"]), row["area"], _OF_BAND[row["band"]], row["source"], (row["author"],),
            row["made"], words,
        )  # fmt: skip


def _of_reviews(trust: Trust, terms: int) -> Iterator[Evidence]:
    """The latest quality review of each area; of two reviewers the lower band counts."""
    rows = _recent(trust.tables["qa_reviews"], "done", trust, terms)
    latest = rows[rows["band"].notna()].drop_duplicates(["urn", "area"], keep="last")
    order = list(_OF_BAND)
    for _, row in latest.iterrows():
        found = [
            (_named(row[f"{which}reviewer"], f"{which}reviewer not named"), row[f"{which}band"])
            for which in ("", "second_")
            if not pd.isna(row[f"{which}band"])
        ]
        band = min((theirs for _, theirs in found), key=order.index)
        authors = tuple(name for name, theirs in found if theirs == band)
        words = f"quality review: {band} ({_month(row['done'])})"
        yield Evidence(
            int(row["urn"]), row["area"], _OF_BAND[band], "quality review", authors, row["done"],
            words,
        )  # fmt: skip


def _named(author: Any, otherwise: str) -> str:
    return otherwise if pd.isna(author) else str(author)


def _of_report_cards(trust: Trust) -> Iterator[Evidence]:
    latest = standings(trust)
    for _, row in latest[latest["framework"].eq(REPORT_CARD)].iterrows():
        for name, area in _AREA_OF_CARD.items():
            grade = row[f"area_{name}"]
            if pd.isna(grade):
                continue
            day = row["inspection_date"]
            words = f"report card: {grade} ({_month(day)})"
            yield _inspected(int(row["urn"]), area, _OF_CARD[grade], day, words)


def _of_sub_judgements(trust: Trust) -> Iterator[Evidence]:
    """Outstanding judgements of the standing inspection, where it is of the older framework."""
    latest = standings(trust)
    standing = latest.loc[latest["framework"].eq(OEIF), ["urn", "inspection_date"]]
    rows = trust.inspections_oeif.merge(standing, on=["urn", "inspection_date"])
    for _, row in rows.iterrows():
        for name, area in AREA_OF_SUB_JUDGEMENT.items():
            if row[name] != "outstanding":
                continue
            day = row["inspection_date"]
            words = f"a strength recorded by inspectors under the older framework ({_month(day)})"
            yield _inspected(int(row["urn"]), area, "strength", day, words)


def _of_the_rule(trust: Trust, policy: GoldenRulePolicy) -> Iterator[Evidence]:
    """The school as a whole: provider or recipient by the golden rule.

    A report card already says by area what a recipient needs, so only a need found under the older
    framework is a need of the whole school.
    """
    table = standings(trust)
    verdict = verdict_on(trust, policy)
    for _, row in table.iterrows():
        urn = int(row["urn"])
        role = verdict.by_school[urn]
        words = f"{role.name} by the golden rule: {role.reason}"
        day = row["inspection_date"]
        if role.name in ("provider", "possible provider"):
            yield _inspected(urn, WHOLE_SCHOOL, "strength", day, words)
        elif role.name == "neutral":
            yield _inspected(urn, WHOLE_SCHOOL, "secure", day, words)
        elif role.name == "recipient" and row["framework"] == OEIF:
            grave = row["worst_judgement"] == "inadequate" or not pd.isna(row["category"])
            finding: Finding = "urgent need" if grave else "need"
            yield _inspected(urn, WHOLE_SCHOOL, finding, day, words)


def _inspected(
    urn: int, area: str, finding: Finding, day: pd.Timestamp | None, words: str
) -> Evidence:
    return Evidence(urn, area, finding, "inspection", ("inspectors",), day, words)


def _month(day: pd.Timestamp) -> str:
    return f"{day:%B %Y}"
