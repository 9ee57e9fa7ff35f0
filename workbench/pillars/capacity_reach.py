"""Capacity as schools: enough that can give for those that need, and near enough to reach them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from workbench.pillars.golden_rule import GoldenRuleVerdict, verdict_on
from workbench.pillars.indicator import Measured, counted, measured, not_applicable, not_enough
from workbench.pillars.measuring import Measure, middle_day
from workbench.pillars.reach import nearest, road_minutes
from workbench.pillars.scope import Scope
from workbench.pillars.standings import standings

_NEAR = "nearest_provider_minutes"


def verdict_of(scope: Scope) -> GoldenRuleVerdict:
    """Return the golden rule's verdict on the whole trust, also where the scope is one school."""
    return verdict_on(scope.trust, scope.settings.policy)


def _golden_rule(scope: Scope) -> Measured:
    key = "golden_rule"
    indicator = scope.indicator(key)
    table = standings(scope.trust)
    verdict = verdict_of(scope)
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
        as_of=scope.as_of,
        n=verdict.schools,
        n_of="school",
        evidence_date=middle_day(dates),
        limit=scope.settings.policy.ratio.value,
        note=bound + note,
    )


def _recipients_near(scope: Scope) -> Measured:
    key = "recipients_near_provider"
    indicator, verdict = scope.indicator(key), verdict_of(scope)
    recipients, providers = verdict.schools_as("recipient"), verdict.schools_as("provider")
    limit = _near_limit(scope)
    unknown = _not_measurable(scope, key, verdict)
    if unknown is not None or limit is None:
        return unknown or not_enough(key, indicator, f"a limit for {_NEAR}")
    minutes = road_minutes(scope.trust.schools, scope.settings.travel)
    if minutes.loc[[*recipients, *providers]].isna().all(axis="columns").any():
        return not_enough(key, indicator, "latitude and longitude of every school")
    found = [nearest(minutes, urn, providers) for urn in recipients]
    near = sum(pair is not None and pair[1] <= limit for pair in found)
    return measured(
        key, indicator, 100 * near / len(recipients),
        as_of=scope.as_of, n=len(recipients), n_of="recipient school", evidence_date=scope.as_of,
        note=f"within {limit:g} minutes by road",
    )  # fmt: skip


def _pairs_near(scope: Scope) -> Measured:
    key = "pairs_within_reach"
    indicator, verdict = scope.indicator(key), verdict_of(scope)
    recipients, providers = verdict.schools_as("recipient"), verdict.schools_as("provider")
    limit = _near_limit(scope)
    unknown = _not_measurable(scope, key, verdict)
    if unknown is not None or limit is None:
        return unknown or not_enough(key, indicator, f"a limit for {_NEAR}")
    if not providers:
        return not_applicable(key, indicator, "no school is judged able to provide support")
    minutes = road_minutes(scope.trust.schools, scope.settings.travel).loc[recipients, providers]
    if minutes.isna().to_numpy().any():
        return not_enough(key, indicator, "latitude and longitude of every school")
    near = int((minutes <= limit).to_numpy().sum())
    return measured(
        key, indicator, 100 * near / minutes.size,
        as_of=scope.as_of, n=minutes.size, n_of="pair", evidence_date=scope.as_of,
        note=f"{near} of {minutes.size} within {limit:g} minutes by road; "
        f"{counted(len(providers), 'provider')}, {counted(len(recipients), 'recipient')}",
    )  # fmt: skip


def _schools_near(scope: Scope) -> Measured:
    """What needs no judgement and no people: so that a trust just imported has it too."""
    key = "schools_near_another"
    indicator, limit = scope.indicator(key), _near_limit(scope)
    schools = scope.trust.schools
    if limit is None:
        return not_enough(key, indicator, f"a limit for {_NEAR}")
    if len(schools) < 2:
        return not_applicable(key, indicator, "the trust has one school")
    minutes = road_minutes(schools, scope.settings.travel).to_numpy(np.float64, copy=True)
    np.fill_diagonal(minutes, np.nan)
    if np.isnan(minutes).all(axis=1).any():
        return not_enough(key, indicator, "latitude and longitude of every school")
    ways = np.nanmin(minutes, axis=1)
    near = int((ways <= limit).sum())
    alone = [str(name) for name, way in zip(schools["name"], ways, strict=True) if way > limit]
    return measured(
        key, indicator, 100 * near / len(ways),
        as_of=scope.as_of, n=len(ways), n_of="school", evidence_date=scope.as_of,
        note=f"{near} of {len(ways)} within {limit:g} minutes by road of another"
        + (f"; further away: {', '.join(alone)}" if alone else ""),
    )  # fmt: skip


def _not_measurable(scope: Scope, key: str, verdict: GoldenRuleVerdict) -> Measured | None:
    indicator = scope.indicator(key)
    if not verdict.schools_as("recipient"):
        unrated = [verdict.by_school[urn] for urn in verdict.schools_as("unrated")]
        if unrated:  # one of them may need support
            lacking = dict.fromkeys(what for role in unrated for what in role.lacking)
            schools = counted(len(unrated), "school")
            return not_enough(key, indicator, *(f"{what} of {schools}" for what in lacking))
        return not_applicable(key, indicator, "no school is judged to need support")
    if verdict.schools_as("possible provider"):
        return not_enough(key, indicator, "which schools can provide")
    return None


def _near_limit(scope: Scope) -> float | None:
    line = scope.indicator(_NEAR).threshold
    return None if line is None else line.limit


def _nearest_provider(scope: Scope) -> Measured:
    indicator, verdict, urn = scope.indicator(_NEAR), verdict_of(scope), scope.urn
    assert urn is not None  # declared for schools only
    providers = [other for other in verdict.schools_as("provider") if other != urn]
    if any(other != urn for other in verdict.schools_as("possible provider")):
        return not_enough(_NEAR, indicator, "which schools can provide")
    if not providers:
        return not_applicable(_NEAR, indicator, "the trust has no other provider")
    place = "latitude and longitude of this school and of providers"
    minutes = road_minutes(scope.trust.schools, scope.settings.travel)
    if minutes.loc[[urn, *providers]].isna().all(axis="columns").any():
        return not_enough(_NEAR, indicator, place)
    found = nearest(minutes, urn, providers)
    if found is None:
        return not_enough(_NEAR, indicator, place)
    closest, way = found
    name = scope.trust.schools.set_index("urn")["name"][closest]
    return measured(
        _NEAR, indicator, way,
        as_of=scope.as_of, n=len(providers), n_of="provider", evidence_date=scope.as_of,
        note=f"{name} ({closest})",
    )  # fmt: skip


MEASURES: Mapping[str, Measure] = MappingProxyType({
    "golden_rule": _golden_rule,
    "recipients_near_provider": _recipients_near,
    "pairs_within_reach": _pairs_near,
    "schools_near_another": _schools_near,
    "nearest_provider_minutes": _nearest_provider,
})  # fmt: skip
