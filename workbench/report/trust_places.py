"""Where a trust's schools lie and who supports whom there, as figures."""

from __future__ import annotations

import pandas as pd

from workbench.charts.figure import Figure
from workbench.charts.school_map import school_map
from workbench.charts.support_network import CENTRE, Deployment, network_said, support_network
from workbench.charts.wording import day
from workbench.pillars.capacity_support import ended_recently, support_known
from workbench.report.trust import TrustReview
from workbench.terms import Term

_WORST_FIRST = ("urgent need", "need")
_GOOD = ("strength", "secure")


def where_schools_lie(review: TrustReview) -> Figure:
    """Return the schools by coordinates, each with the worst that is known of it in any area."""
    trust = review.trust
    found = school_states(review)
    schools = trust.schools[["urn", "name", "phase", "latitude", "longitude"]]
    return school_map(
        schools.assign(state=[found[int(urn)] for urn in schools["urn"]]),
        trust=trust.name,
        as_of=day(trust.as_of),
        source="the trust's own tables and Ofsted's inspections.",
    )


def support_now(review: TrustReview) -> Figure:
    """Return who supports whom, in days, and the schools in need that nobody supports."""
    trust, first = review.trust, Term.of(review.scope.recent_from)
    return support_network(
        deployments(review),
        review.names,
        _needs(review),
        trust=trust.name,
        as_of=day(trust.as_of),
        recent=f"{first} to {review.scope.term}",
        source="the trust's table of deployments, and its own evidence of needs.",
    )


def support_said(review: TrustReview) -> str:
    """Say how much support runs or waits, and which schools in need have none."""
    return f"{network_said(deployments(review), review.names, _needs(review))}."


def school_states(review: TrustReview) -> dict[int, str]:
    """Return the worst that is known of each school in any area, by URN."""
    states: dict[int, str] = {}
    for row in review.areas.itertuples(index=False, name=None):
        urn, known = int(row[0]), set(row[2:])
        worst = next((state for state in _WORST_FIRST if state in known), None)
        states[urn] = worst or ("no need known" if known & set(_GOOD) else "nothing known")
    return states


def _needs(review: TrustReview) -> dict[int, str]:
    found = school_states(review)
    return {urn: found[urn] for urn in sorted(found) if found[urn] in _WORST_FIRST}


def deployments(review: TrustReview) -> tuple[Deployment, ...]:
    """Return the deployments that run, wait, or ended in the recent terms."""
    known = support_known(review.scope)
    running = known[known["ended"].isna() & known["started"].notna()]
    waiting = known[known["ended"].isna() & known["started"].isna()]
    ended = ended_recently(review.scope)
    return tuple(
        Deployment(
            giver=CENTRE if pd.isna(row["provider_urn"]) else int(row["provider_urn"]),
            receiver=int(row["recipient_urn"]),
            area="not said" if pd.isna(row["area"]) else str(row["area"]),
            days=float(row["days"]),
            state=state,
        )
        for state, rows in (("running", running), ("waiting", waiting), ("ended", ended))
        for row in rows.to_dict("records")
    )
