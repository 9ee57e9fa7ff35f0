"""Capacity as support: days that can be given, were given and are waited for, and by whom."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from workbench.measures.concentration import top_share
from workbench.measures.intervals import proportion_interval
from workbench.parameters.model import Support
from workbench.pillars.capacity_people import in_post
from workbench.pillars.indicator import Measured, counted, measured, not_applicable, not_enough
from workbench.pillars.measuring import Measure, middle_day
from workbench.pillars.reach import road_minutes, travel_share
from workbench.pillars.scope import Scope
from workbench.terms import Term


def support_known(scope: Scope) -> pd.DataFrame:
    """Return the table `support` as it was known on the day described.

    Deployments triggered later are left out; a start or an end that lies ahead is blank.
    """
    today = pd.Timestamp(scope.as_of)
    support = scope.trust.support
    known = support[support["triggered"] <= today]
    return known.assign(
        **{day: known[day].where(known[day] <= today) for day in ("started", "ended")}
    )


def days_of_term(support: pd.DataFrame, now: Term) -> pd.Series:
    """Return how many of each deployment's days fall to the present term.

    Its days are spread evenly over the terms it touches, from that of its start to that of its end.
    One that goes on has no known end: its days are spread over the terms so far, the present one
    included, so that what a long one still takes is rather over- than underestimated. One that
    waits has all its days in the present term, and one that ended in an earlier term has none.

    Args:
        support: Columns started, ended and days, as known on the day described.
        now: The present term.
    """
    begins = [now if pd.isna(day) else Term.of(day.date()) for day in support["started"]]
    ends = [now if pd.isna(day) else Term.of(day.date()) for day in support["ended"]]
    shares = [
        1 / max(1, end - begin + 1) if end - now >= 0 else 0.0
        for begin, end in zip(begins, ends, strict=True)
    ]
    return support["days"].astype("float64") * shares


def ended_recently(scope: Scope) -> pd.DataFrame:
    """Return the trust's deployments that ended in the recent terms, the present one included."""
    return scope.between(scope.trust.support, "ended")


def _support_days(scope: Scope) -> Measured:
    key = "support_days_ratio"
    indicator, trust, now = scope.indicator(key), scope.trust, scope.term
    leads = in_post(trust, "improvement lead")
    if leads["days_a_term"].isna().any():
        return not_enough(key, indicator, "days_a_term of every lead in post")
    known = support_known(scope)
    work = known.assign(days=days_of_term(known, now))
    work = work[work["days"] > 0]
    if work.empty:
        return not_applicable(key, indicator, "no support has been asked for this term")
    asked = _days_with_travel(work, trust.schools, scope.settings.travel)
    if asked is None:
        return not_enough(key, indicator, "latitude and longitude of every school in support")
    declared = trust.support_capacity[trust.support_capacity["term"] == str(now)]
    available = float(declared["days_available"].sum() + leads["days_a_term"].sum())
    silent = len(trust.schools) - len(declared)
    result = measured(
        key, indicator, available / asked,
        as_of=scope.as_of, n=len(declared), n_of="declaring school",
        evidence_date=now.first_day,
        note=f"{available:g} days available, {asked:.0f} asked for with travel"
        + (f"; at least: {counted(silent, 'school')} did not declare" if silent else ""),
    )  # fmt: skip
    if silent and result.rating != "on track":
        return not_enough(
            key, indicator, f"days_available of {counted(silent, 'school')}", note=result.note
        )
    return result


def _days_with_travel(work: pd.DataFrame, schools: pd.DataFrame, travel: Support) -> float | None:
    """Days of deployments and their travel; None where a place is not known.

    A central lead travels the mean way from any other school; in a trust of one school there is no
    other to travel from, and no travel is counted.
    """
    minutes = road_minutes(schools, travel)
    total = 0.0
    for provider, recipient, days in zip(
        work["provider_urn"], work["recipient_urn"], work["days"], strict=True
    ):
        ways = minutes[recipient].drop(recipient)
        if ways.empty:
            way = 0.0
        else:
            way = ways.mean(skipna=False) if pd.isna(provider) else ways[provider]
        if pd.isna(way):
            return None
        total += float(days) * (1 + travel_share(float(way), travel))
    return total


def _impact_reviewed(scope: Scope) -> Measured:
    key = "impact_reviewed"
    ended = ended_recently(scope)
    known = ended[ended["impact_reviewed"].notna()]
    share = proportion_interval(
        int(known["impact_reviewed"].sum()), len(known), confidence=scope.confidence
    )
    if share is None:
        return not_enough(
            key, scope.indicator(key), "ended deployments with impact_reviewed filled in"
        )
    silent = len(ended) - len(known)
    return measured(
        key, scope.indicator(key), 100 * share.estimate,
        as_of=scope.as_of, n=len(known), n_of="ended deployment",
        evidence_date=middle_day(known["ended"]),
        interval=share.times(100),
        note=f"{silent} more {'does' if silent == 1 else 'do'} not say" if silent else "",
    )  # fmt: skip


def _top_two(scope: Scope) -> Measured:
    key = "top_two_share"
    ended = ended_recently(scope)
    named = ended[ended["provider_post"].notna()]
    by_post = named.groupby("provider_post")["days"].sum()
    share = top_share(by_post.to_numpy(float))
    if share is None:
        return not_enough(
            key, scope.indicator(key), "which post gave the support that ended in the recent terms"
        )
    silent = len(ended) - len(named)
    unsaid = f"; {counted(silent, 'more deployment')} without a named post" if silent else ""
    return measured(
        key, scope.indicator(key), 100 * share,
        as_of=scope.as_of, n=len(named), n_of="ended deployment",
        evidence_date=middle_day(named["ended"]),
        note=f"{counted(len(by_post), 'post')} gave {by_post.sum():g} days in all{unsaid}",
    )  # fmt: skip


def _days_lent(scope: Scope) -> Measured:
    return _days(scope, "days_lent", "provider_urn")


def _days_received(scope: Scope) -> Measured:
    return _days(scope, "days_received", "recipient_urn")


def _days(scope: Scope, key: str, side: str) -> Measured:
    own = scope.between(scope.rows("support", side), "ended")
    return measured(
        key, scope.indicator(key), float(own["days"].sum()),
        as_of=scope.as_of, n=len(own), n_of="ended deployment",
        evidence_date=middle_day(own["ended"]),
    )  # fmt: skip


def _days_waiting(scope: Scope) -> Measured:
    key = "days_waiting"
    known = support_known(scope)
    waiting = known[(known["recipient_urn"] == scope.urn) & known["started"].isna()]
    since = waiting["triggered"].min()
    return measured(
        key, scope.indicator(key), float(waiting["days"].sum()),
        as_of=scope.as_of, n=len(waiting), n_of="waiting deployment",
        evidence_date=scope.as_of,
        note="" if waiting.empty else f"waiting since {since.day} {since:%B %Y}",
    )  # fmt: skip


MEASURES: Mapping[str, Measure] = MappingProxyType({
    "support_days_ratio": _support_days,
    "impact_reviewed": _impact_reviewed,
    "top_two_share": _top_two,
    "days_lent": _days_lent,
    "days_received": _days_received,
    "days_waiting": _days_waiting,
})  # fmt: skip
