"""One school on one page, for the review of its quality: standing, role, support, gaps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup
from pandas.api.typing import NAType

from workbench.charts.wording import age, capital, count, day, number
from workbench.errors import BadInput
from workbench.pillars.capacity import capacity
from workbench.pillars.capacity_of_school import SchoolCapacity, school_capacity
from workbench.pillars.golden_rule import GoldenRuleVerdict, Role, verdict_on
from workbench.pillars.indicator import Measured
from workbench.pillars.once import once_a_trust
from workbench.pillars.reach import road_minutes
from workbench.pillars.scope import PillarSettings, Scope, pillar_settings
from workbench.pillars.standings import Standing, standings
from workbench.report import html
from workbench.report.found import inspections_of, latest_inspection_given, safeguarding_of
from workbench.report.found_left_out import left_out
from workbench.report.school_indicators import READINGS, shown
from workbench.terms import Term
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
    settings: PillarSettings

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
        if not rows.empty:
            return str(rows["found"].iloc[-1])
        return f"No judgement under its present URN {self.files_given}"

    @property
    def files_given(self) -> str:
        """How far the inspections reach that the workbench was given, in words."""
        last = latest_inspection_given(self.trust)
        if last is None:
            return "in the files given, which hold no inspection"
        return f"in the files given, whose latest inspection is of {day(last)}"

    @property
    def evidence_age(self) -> str:
        """How old that judgement is; empty where none stands."""
        when = self.standing.inspection_date
        return "" if when is None else age(when.date(), self.trust.as_of)

    @property
    def predecessor(self) -> tuple[str, dt.date] | None:
        """The last judgement under an earlier URN, in words, and its day."""
        rows = self.inspections[~self.inspections["own"] & self.inspections["is_judgement"]]
        if rows.empty:
            return None
        return str(rows["found"].iloc[-1]), rows["inspection_date"].iloc[-1].date()

    @property
    def support_window(self) -> tuple[Term, Term]:
        """First and last term in which support that ended is counted."""
        last = Term.of(self.trust.as_of)
        return last + (1 - int(self.settings.pillars.windows.recent_terms.value)), last


def review_school(trust: Trust, urn: int) -> SchoolReview:
    """Gather what a review of one school needs.

    Raises:
        BadInput: The trust has no such school.
    """
    if urn not in set(trust.schools["urn"]):
        raise BadInput(
            f"{urn} is not the URN of a school of the trust",
            where="urn",
            rule="a review is of one of the trust's schools",
            mend="name a URN of the table of schools",
        )
    settings = pillar_settings()
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
        verdicts={name: verdict_on(trust, pillar_settings(name).policy) for name in PRESETS},
        capacity=school_capacity(trust, urn, settings),
        trust_indicators=_of_trust(trust, settings),
        settings=settings,
    )


@once_a_trust
def _of_trust(trust: Trust, settings: PillarSettings) -> tuple[Measured, ...]:
    return capacity(Scope(trust, settings))


def glance(review: SchoolReview) -> tuple[Markup, ...]:
    """Return the first words on a school as parts of a page."""
    facts = {}
    if review.standing.rated:
        facts["age of the judgement that stands"] = review.evidence_age
    elif review.predecessor is not None:
        found, when = review.predecessor
        facts[f"under an earlier URN, on {day(when)}"] = found
    first, last = review.support_window
    for key, side, words in (
        ("days_received", "recipient_urn", "received"),
        ("days_lent", "provider_urn", "lent to other schools"),
    ):
        ended = f"support {words} that ended in {first} to {last}"
        facts[f"{ended}{_running(review, side)}"] = _value(review.capacity.indicators, key)
    safeguarding = safeguarding_of(review.trust, review.urn)
    lines = [
        ("Inspectors", review.judged),
        ("Safeguarding", capital(safeguarding)),
        ("Role under the golden rule", f"{capital(review.role.name)}: {review.role.reason}"),
        *(("Left out", line) for line in left_out(review.trust)),
    ]
    said = [
        Markup("<p><strong>{}:</strong> {}.</p>").format(name, words.rstrip("."))
        for name, words in lines
    ]
    return (*said[:2], html.facts(facts), *said[2:])


def support_counted(review: SchoolReview) -> str:
    """Return how the days of support are counted, so that a reader can count them again."""
    if support_table(review).empty:
        return "No deployment to or from the school is on record."
    first, last = review.support_window
    return (
        f"Days received and lent add up the days of every deployment below that ended from "
        f"{day(first.first_day)} to {day(review.trust.as_of)} ({first} to {last}), whenever it "
        "began. Deployments that are running or waiting are not in those sums."
    )


def headline(review: SchoolReview, questions: int) -> str:
    """Return the finding on a school in one line, for the index."""
    unrated = not review.standing.rated
    judged = review.judged if unrated else f"{review.judged} ({review.evidence_age} ago)"
    missed = safeguarding_of(review.trust, review.urn).startswith("not met")
    concern = " Safeguarding not met." if missed and "safeguarding" not in judged else ""
    return (
        f"{capital(review.role.name)}. {judged}.{concern} "
        f"{capital(count(questions, 'question'))} to ask."
    )


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
                "Schools without a judgement": READINGS[answer.reading],
                "This school": capital(role.name),
                "Providers": _between(answer.providers, answer.providers + possible),
                "Needed": number(answer.needed, int(answer.needed % 1 > 0)),
                "Verdict": capital(answer.verdict),
            })  # fmt: skip
    return pd.DataFrame(rows)


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
        "Days declared for this term": [
            "not known" if pd.isna(value) else f"{value:g}" for value in near["days"]
        ],
    })  # fmt: skip


def _value(indicators: Iterable[Measured], key: str) -> str:
    return next(
        shown(one) if one.value is not None else "not known" for one in indicators if one.key == key
    )


def _running(review: SchoolReview, side: str) -> str:
    """Say the days of support that run now, which no sum of ended support holds."""
    support = review.trust.support
    runs = (support[side] == review.urn) & support["started"].notna() & support["ended"].isna()
    days = float(support.loc[runs.fillna(False), "days"].sum())
    return f" ({days:g} more in support still running)" if days else ""


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
