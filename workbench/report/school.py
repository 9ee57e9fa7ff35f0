"""One school on one page, for the review of its quality: standing, role, support, gaps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup
from pandas.api.typing import NAType

from workbench.charts.wording import age, capital, count, day, number, signed
from workbench.pillars.capacity import CapacitySettings, capacity_settings, trust_capacity
from workbench.pillars.capacity_of_school import SchoolCapacity, school_capacity
from workbench.pillars.golden_rule import GoldenRuleVerdict, Role, judge
from workbench.pillars.indicator import Measured
from workbench.pillars.reach import road_minutes
from workbench.pillars.standings import Standing, standings
from workbench.report import html
from workbench.report.found import inspections_of
from workbench.trust.load import Trust

PRESETS = ("workbench", "article")


@dataclass(frozen=True)
class SchoolReview:
    """What is known of one school, and of its trust as far as it matters to the school.

    Attributes:
        trust: The trust.
        urn: The school.
        name: Its name.
        phase: Its phase.
        joined: The day it joined the trust.
        standing: Where it stands: judgement, tenure, days to give.
        inspections: Its inspections, as `inspections_of`.
        verdicts: The golden rule of the trust in each reading of it, by preset.
        capacity: The capacity pillar at the school.
        trust_indicators: The capacity pillar of the trust.
        settings: The declared numbers behind them.
    """

    trust: Trust
    urn: int
    name: str
    phase: str
    joined: dt.date
    standing: Standing
    inspections: pd.DataFrame
    verdicts: Mapping[str, GoldenRuleVerdict]
    capacity: SchoolCapacity
    trust_indicators: tuple[Measured, ...]
    settings: CapacitySettings

    @property
    def role(self) -> Role:
        """The school's role under the workbench's reading of the golden rule."""
        return self.capacity.role

    @property
    def verdict(self) -> GoldenRuleVerdict:
        """The trust under the workbench's reading of the golden rule."""
        return self.verdicts[PRESETS[0]]

    @property
    def judged(self) -> str:
        """The judgement that stands, in words."""
        rows = self.inspections[self.inspections["own"] & self.inspections["is_judgement"]]
        return "No judgement under its present URN" if rows.empty else str(rows["found"].iloc[-1])

    @property
    def evidence_age(self) -> str:
        """How old that judgement is."""
        when = self.standing.inspection_date
        return "no date" if when is None else age(when.date(), self.trust.as_of)


def review_school(trust: Trust, urn: int) -> SchoolReview:
    """Gather what a review of one school needs.

    Raises:
        BadInput: The trust has no such school.
    """
    settings = capacity_settings()
    capacity = school_capacity(trust, urn, settings)
    table = standings(trust)
    school = trust.schools[trust.schools["urn"] == urn].iloc[0]
    return SchoolReview(
        trust=trust,
        urn=urn,
        name=str(school["name"]),
        phase=str(school["phase"]),
        joined=school["joined"].date(),
        standing=next(iter(Standing.each(table[table["urn"] == urn]))),
        inspections=inspections_of(trust, urn),
        verdicts={name: judge(table, capacity_settings(name).policy) for name in PRESETS},
        capacity=capacity,
        trust_indicators=trust_capacity(trust, settings),
        settings=settings,
    )


def glance(review: SchoolReview) -> tuple[Markup, ...]:
    """Return the first words on a school as parts of a page."""
    facts = {
        "age of the judgement that stands": review.evidence_age,
        "its role under the golden rule": capital(review.role.name),
        "support received, recent terms": _value(review.capacity.indicators, "days_received"),
        "support lent to others, recent terms": _value(review.capacity.indicators, "days_lent"),
    }
    return (
        Markup("<p><strong>Inspectors:</strong> {}.</p>").format(review.judged),
        html.facts(facts),
        Markup("<p><strong>Why that role:</strong> {}.</p>").format(review.role.reason),
    )


def headline(review: SchoolReview, questions: int) -> str:
    """Return the finding on a school in one line, for the index."""
    unrated = not review.standing.rated
    judged = review.judged if unrated else f"{review.judged} ({review.evidence_age} ago)"
    return f"{capital(review.role.name)}. {judged}. {capital(count(questions, 'question'))} to ask."


def role_rows(review: SchoolReview) -> pd.DataFrame:
    """Return every school of the trust with its role: `urn, name, role, reason`."""
    names = review.trust.schools[["urn", "name"]]
    return review.verdict.roles.merge(names, on="urn", validate="one_to_one")


def readings_table(review: SchoolReview) -> pd.DataFrame:
    """Return the golden rule of the trust in every reading, with this school's role in each."""
    rows = []
    for verdict in review.verdicts.values():
        role = verdict.by_school[review.urn]
        for answer in (verdict.strict, verdict.lenient):
            possible = answer.possible_providers
            rows.append({
                "Reading of the rule": verdict.policy,
                "Unrated schools read": answer.reading + "ly",
                "This school": capital(role.name),
                "Providers": _between(answer.providers, answer.providers + possible),
                "Needed": number(answer.needed, int(answer.needed % 1 > 0)),
                "Verdict": capital(answer.verdict),
            })  # fmt: skip
    return pd.DataFrame(rows)


def indicator_table(indicators: Iterable[Measured]) -> pd.DataFrame:
    """Return measured indicators as a reader needs them: value, rating, what it rests on."""
    return pd.DataFrame(
        [
            {
                "Indicator": one.indicator.name,
                "Value": one.shown.replace("_", " "),
                "Rating": one.rating,
                "Rests on": one.basis,
                "Note": "" if one.note in one.shown else one.note.replace("_", " "),
            }
            for one in indicators
        ]
    )


def support_table(review: SchoolReview) -> pd.DataFrame:
    """Return the support a school received or lent, newest first, with who gave and got it."""
    support = review.trust.support
    mine = (support["recipient_urn"] == review.urn) | (support["provider_urn"] == review.urn)
    rows = support[mine.fillna(False)].sort_values("triggered", ascending=False)
    names = dict(zip(review.trust.schools["urn"], review.trust.schools["name"], strict=True))
    return pd.DataFrame(
        [
            {
                "Support": _direction(row, review.urn, names),
                "Area": "not said" if pd.isna(row["area"]) else row["area"],
                "Days": f"{row['days']:g}",
                "Triggered": day(row["triggered"]),
                "Status": _status(row),
                "Impact reviewed": _yes_no(row["impact_reviewed"]),
            }
            for _, row in rows.iterrows()
        ],
        columns=["Support", "Area", "Days", "Triggered", "Status", "Impact reviewed"],
    )


def nearest_table(review: SchoolReview, most: int = 5) -> pd.DataFrame:
    """Return the provider schools nearest by road, with minutes and days they have declared."""
    roles = role_rows(review)
    giving = roles[roles["role"].isin(["provider", "possible provider"])]
    giving = giving[giving["urn"] != review.urn]
    minutes = road_minutes(review.trust.schools, review.settings.travel).loc[review.urn]
    days = standings(review.trust).set_index("urn")["spare_days"]
    near = giving.assign(minutes=giving["urn"].map(minutes.to_dict()), days=giving["urn"].map(days))
    near = near.dropna(subset="minutes").sort_values(["minutes", "urn"]).head(most)
    return pd.DataFrame({
        "School": near["name"],
        "Role": [capital(role) for role in near["role"]],
        "Minutes by road": [f"{value:.0f}" for value in near["minutes"]],
        "Days it can give this term": [
            "not known" if pd.isna(value) else f"{value:g}" for value in near["days"]
        ],
    })  # fmt: skip


def statistics_table(review: SchoolReview) -> pd.DataFrame:
    """Return the latest published number of each measure, or why there is none."""
    rows = review.trust.school_statistics
    rows = rows[rows["urn"] == review.urn].sort_values(["measure", "period"])
    latest = rows.drop_duplicates("measure", keep="last")
    return pd.DataFrame({
        "Measure": [_measure_words(str(measure)) for measure in latest["measure"]],
        "Period": latest["period"],
        "Value": [
            _MARKERS.get(str(marker), str(marker)) if pd.isna(value) else signed(f"{value:g}")
            for value, marker in zip(latest["value"], latest["marker"], strict=True)
        ],
        "Unit": latest["unit"],
    })  # fmt: skip


_MARKERS = {
    "z": "not applicable",
    "x": "not available",
    "c": "suppressed",
    "SUPP": "suppressed",
    "low": "rounds to nothing",
    "u": "unreliable",
    "LOWCOV": "too few covered",
    "NE": "no entries",
    "NP": "not published",
}
_SPELT = {
    "fsm": "free school meals",
    "eal": "English as an additional language",
    "sen": "SEN",
    "ehc": "EHC",
    "fte": "full-time equivalent",
}


def _measure_words(measure: str) -> str:
    plain = measure.removesuffix("_percent").removesuffix("_gbp")
    return capital(" ".join(_SPELT.get(word, word) for word in plain.split("_")))


def _value(indicators: Iterable[Measured], key: str) -> str:
    return next(
        one.shown if one.value is not None else "not known" for one in indicators if one.key == key
    )


def _between(low: int, high: int) -> str:
    return str(low) if low == high else f"{low} to {high}"


def _direction(row: pd.Series, urn: int, names: Mapping[int, str]) -> str:
    if row["recipient_urn"] == urn:
        giver = row["provider_urn"]
        return f"from {'a central lead' if pd.isna(giver) else names[int(giver)]}"
    return f"to {names[int(row['recipient_urn'])]}"


def _status(row: pd.Series) -> str:
    if pd.isna(row["started"]):
        return "waiting"
    if pd.isna(row["ended"]):
        return f"running since {day(row['started'])}"
    return f"ended {day(row['ended'])}"


def _yes_no(value: bool | NAType) -> str:
    return "not said" if pd.isna(value) else ("yes" if value else "no")
