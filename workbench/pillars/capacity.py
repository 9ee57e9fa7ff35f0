"""The capacity pillar of a trust: can its people and schools carry the improvement it needs?

Nothing missing becomes zero: an indicator whose inputs are absent says what is missing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from workbench import paths
from workbench.measures.intervals import proportion_interval
from workbench.parameters.golden_rule import GoldenRulePolicy, load_golden_rule
from workbench.parameters.load import load_yaml
from workbench.parameters.model import ModelParameters, Support
from workbench.parameters.pillars import Pillars, load_pillars
from workbench.pillars.golden_rule import GoldenRuleVerdict, judge
from workbench.pillars.indicator import Measured, counted, measured, not_applicable, not_enough
from workbench.pillars.reach import nearest, road_minutes, travel_share
from workbench.pillars.standings import standings
from workbench.terms import Term
from workbench.trust.load import Trust
from workbench.trust.people import spells_on


@dataclass(frozen=True)
class CapacitySettings:
    """The declared numbers that the capacity pillar reads.

    Attributes:
        pillars: Indicators and their thresholds.
        policy: The golden rule's policy.
        travel: Road factor, road speed and working day, from the growth model's parameters.
    """

    pillars: Pillars
    policy: GoldenRulePolicy
    travel: Support


def capacity_settings(preset: str = "workbench") -> CapacitySettings:
    """Read the settings from the parameter files, with one golden rule preset."""
    model = load_yaml(paths.parameters() / "model.yaml", ModelParameters)
    return CapacitySettings(load_pillars(), load_golden_rule().policy(preset), model.support)


def trust_capacity(trust: Trust, settings: CapacitySettings) -> tuple[Measured, ...]:
    """Measure the capacity pillar of a trust: one entry per indicator, in the declared order."""
    table = standings(trust)
    verdict = judge(table, settings.policy)
    pillars = settings.pillars
    return (
        _golden_rule(trust, table, verdict, settings),
        _executive_span(trust, pillars),
        _lead_span(trust, pillars),
        _lead_vacancy(trust, pillars),
        _support_days(trust, settings),
        _impact_reviewed(trust, pillars),
        _recipients_near(trust, verdict, settings),
    )


def in_post(trust: Trust, role: str) -> pd.DataFrame:
    """Return the filled posts of a role on the day the trust is described."""
    return _spells(trust, role, "filled")


def _spells(trust: Trust, role: str, status: str) -> pd.DataFrame:
    people = spells_on(trust.people, trust.as_of)
    return people[(people["role"] == role) & (people["status"] == status)]


def _golden_rule(
    trust: Trust, table: pd.DataFrame, verdict: GoldenRuleVerdict, settings: CapacitySettings
) -> Measured:
    key = "golden_rule"
    indicator = settings.pillars.indicator(key)
    strict, lenient = verdict.strict, verdict.lenient
    note = "; ".join(
        f"{answer.reading} reading: {answer.verdict}, {counted(answer.providers, 'provider')}"
        + (f" and {answer.possible_providers} possible" if answer.possible_providers else "")
        + f" where {answer.needed:g} are needed"
        for answer in (strict, lenient)
    )
    if verdict.verdict == "undecided":
        return not_enough(key, indicator, *verdict.lacking, note=note)
    if strict.weight == 0:
        return not_applicable(key, indicator, "no school needs support under this policy")
    dates = table.loc[table["rated"], "inspection_date"]
    # A settled verdict holds whichever possible providers are real: show the side it rests on.
    providers, bound = strict.providers, ""
    if strict.possible_providers:
        failed = strict.verdict == "failed"
        providers += strict.possible_providers if failed else 0
        bound = "at most; " if failed else "at least; "
    return measured(
        key,
        indicator,
        providers / strict.weight,
        as_of=trust.as_of,
        n=verdict.schools,
        n_of="school",
        evidence_date=middle_day(dates),
        limit=settings.policy.ratio.value,
        note=bound + note,
    )


def _executive_span(trust: Trust, pillars: Pillars) -> Measured:
    key = "executive_span"
    indicator = pillars.indicator(key)
    executives = float(in_post(trust, "executive")["fte"].sum())
    if trust.people.empty:
        return not_enough(key, indicator, "the table people")
    if not in_post(trust, "improvement lead").empty:
        return not_applicable(key, indicator, "improvement leads are in post")
    if executives == 0:
        return not_enough(key, indicator, "an executive in post in the table people")
    schools = len(trust.schools)
    return measured(
        key, indicator, schools / executives,
        as_of=trust.as_of, n=schools, n_of="school", evidence_date=trust.as_of,
    )  # fmt: skip


def _lead_span(trust: Trust, pillars: Pillars) -> Measured:
    key = "lead_span"
    indicator = pillars.indicator(key)
    if trust.people.empty:
        return not_enough(key, indicator, "the table people")
    leads = in_post(trust, "improvement lead")
    if leads.empty:
        return not_applicable(key, indicator, "no lead is in post: see the executive's span")
    schools, fte = len(trust.schools), float(leads["fte"].sum())
    return measured(
        key, indicator, schools / fte,
        as_of=trust.as_of, n=len(leads), n_of="filled lead post", evidence_date=trust.as_of,
        note=f"{schools} schools, {fte:g} full-time equivalent in post",
    )  # fmt: skip


def _lead_vacancy(trust: Trust, pillars: Pillars) -> Measured:
    key = "lead_vacancy_weeks"
    indicator = pillars.indicator(key)
    vacant = _spells(trust, "improvement lead", "vacant")
    posts = len(vacant) + len(in_post(trust, "improvement lead"))
    if posts == 0:
        return not_enough(key, indicator, "improvement lead posts in the table people")
    days = 0 if vacant.empty else (pd.Timestamp(trust.as_of) - vacant["since"].min()).days
    return measured(
        key, indicator, days / 7,
        as_of=trust.as_of, n=posts, n_of="lead post", evidence_date=trust.as_of,
        note=f"{len(vacant)} of {posts} lead posts vacant",
    )  # fmt: skip


def _support_days(trust: Trust, settings: CapacitySettings) -> Measured:
    key = "support_days_ratio"
    indicator = settings.pillars.indicator(key)
    leads = in_post(trust, "improvement lead")
    absent = [
        f"the table {name}"
        for name in ("support", "support_capacity", "people")
        if trust.tables[name].empty
    ]
    if leads["days_a_term"].isna().any():
        absent.append("days_a_term of every lead in post")
    if absent:
        return not_enough(key, indicator, *absent)
    now = Term.of(trust.as_of)
    work = _open_this_term(trust.support, now)
    if work.empty:
        return not_applicable(key, indicator, "no support has been asked for this term")
    asked = _days_with_travel(work, trust.schools, settings.travel)
    if asked is None:
        return not_enough(key, indicator, "latitude and longitude of every school in support")
    declared = trust.support_capacity.query("term == @now_text", local_dict={"now_text": str(now)})
    available = float(declared["days_available"].sum() + leads["days_a_term"].sum())
    silent = len(trust.schools) - len(declared)
    result = measured(
        key, indicator, available / asked,
        as_of=trust.as_of, n=len(declared), n_of="declaring school",
        evidence_date=now.first_day,
        note=f"{available:g} days available, {asked:.0f} asked for with travel"
        + (f"; at least: {counted(silent, 'school')} did not declare" if silent else ""),
    )  # fmt: skip
    if silent and result.rating != "on track":
        return not_enough(
            key, indicator, f"days_available of {counted(silent, 'school')}", note=result.note
        )
    return result


def _open_this_term(support: pd.DataFrame, now: Term) -> pd.DataFrame:
    """Deployments waiting, running, or ended this term; each counts with all its days."""
    return support[support["ended"].isna() | (support["ended"] >= pd.Timestamp(now.first_day))]


def _days_with_travel(work: pd.DataFrame, schools: pd.DataFrame, travel: Support) -> float | None:
    """Days of deployments and their travel; a central lead travels the mean way from any school."""
    minutes = road_minutes(schools, travel)
    total = 0.0
    for provider, recipient, days in zip(
        work["provider_urn"], work["recipient_urn"], work["days"], strict=True
    ):
        ways = minutes[recipient].drop(recipient)
        way = ways.mean(skipna=False) if pd.isna(provider) else ways[provider]
        if pd.isna(way):
            return None
        total += float(days) * (1 + travel_share(float(way), travel))
    return total


def _impact_reviewed(trust: Trust, pillars: Pillars) -> Measured:
    key = "impact_reviewed"
    indicator = pillars.indicator(key)
    if trust.support.empty:
        return not_enough(key, indicator, "the table support")
    ended = ended_recently(trust, pillars)
    known = ended[ended["impact_reviewed"].notna()]
    if known.empty:
        return not_enough(key, indicator, "ended deployments with impact_reviewed filled in")
    confidence = pillars.windows.confidence.value
    share = proportion_interval(
        int(known["impact_reviewed"].sum()), len(known), confidence=confidence
    )
    assert share is not None  # known is not empty
    silent = len(ended) - len(known)
    return measured(
        key, indicator, 100 * share.estimate,
        as_of=trust.as_of, n=len(known), n_of="ended deployment",
        evidence_date=middle_day(known["ended"]),
        interval=share.times(100),
        note=f"{silent} more {'does' if silent == 1 else 'do'} not say" if silent else "",
    )  # fmt: skip


def ended_recently(trust: Trust, pillars: Pillars) -> pd.DataFrame:
    """Return the deployments that ended within the recent terms, the present one included."""
    back = int(pillars.windows.recent_terms.value) - 1
    start = pd.Timestamp((Term.of(trust.as_of) + -back).first_day)
    ended = trust.support["ended"]
    return trust.support[(ended >= start) & (ended <= pd.Timestamp(trust.as_of))]


def _recipients_near(
    trust: Trust, verdict: GoldenRuleVerdict, settings: CapacitySettings
) -> Measured:
    key = "recipients_near_provider"
    indicator = settings.pillars.indicator(key)
    recipients, providers = verdict.schools_as("recipient"), verdict.schools_as("provider")
    if not recipients:
        return not_applicable(key, indicator, "no school is judged to need support")
    if verdict.schools_as("possible provider"):
        return not_enough(key, indicator, "which schools can provide")
    line = settings.pillars.indicator("nearest_provider_minutes").threshold
    if line is None or line.limit is None:
        return not_enough(key, indicator, "a limit for nearest_provider_minutes")
    minutes = road_minutes(trust.schools, settings.travel)
    if minutes.loc[[*recipients, *providers]].isna().all(axis="columns").any():
        return not_enough(key, indicator, "latitude and longitude of every school")
    found = [nearest(minutes, urn, providers) for urn in recipients]
    near = sum(pair is not None and pair[1] <= line.limit for pair in found)
    return measured(
        key, indicator, 100 * near / len(recipients),
        as_of=trust.as_of, n=len(recipients), n_of="recipient school", evidence_date=trust.as_of,
        note=f"within {line.limit:g} minutes by road",
    )  # fmt: skip


def middle_day(days: pd.Series) -> dt.date | None:
    """Return the middle day of several (the later of two middle ones); None for no day."""
    known = days.dropna().sort_values()
    return None if known.empty else known.iloc[len(known) // 2].date()
