"""The pillar of collective commitment: do schools and their people act for each other's pupils?"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from workbench.measures.concentration import gini
from workbench.pillars import commitment_people
from workbench.pillars.golden_rule import verdict_on
from workbench.pillars.indicator import Measured, counted, measured, not_applicable, not_enough
from workbench.pillars.measuring import Measure, measure, middle_day, share_of
from workbench.pillars.scope import Scope
from workbench.pillars.surveys import Withheld, latest_wave, survey_scale
from workbench.terms import Term
from workbench.trust.contracts_evidence import COMMITMENT_ITEMS

_LEAST_GIVERS = 2  # one school alone can be neither even nor uneven


def commitment(scope: Scope) -> tuple[Measured, ...]:
    """Measure collective commitment: one entry for each indicator that the level has, in order.

    Args:
        scope: The trust, or a school of it.
    """
    return measure(scope, "collective commitment", MEASURES)


def _schools_giving_days(scope: Scope) -> Measured:
    key = "schools_giving_days"
    verdict = verdict_on(scope.trust, scope.settings.policy)
    able = verdict.schools_as("provider")
    possible = len(verdict.schools_as("possible provider"))
    if not able and not possible:
        return not_applicable(key, scope.indicator(key), "no school is judged able to give support")
    given = _given(scope)
    running = given[
        (given["started"] <= pd.Timestamp(scope.as_of))
        & ~(given["ended"] < pd.Timestamp(scope.recent_from))
    ]
    gave = pd.Series(able, dtype="int64").isin(running["provider_urn"].dropna())
    unsure = f"{counted(possible, 'more school')} may be able to give: not enough is known"
    return share_of(
        scope,
        key,
        gave,
        n_of="provider school",
        lacking=f"which schools can provide ({counted(possible, 'school')} may be able to)",
        note=unsure if possible else "",
        estimated=False,
    )


def _given(scope: Scope) -> pd.DataFrame:
    """Deployments that a school of the trust gives."""
    support = scope.rows("support", "provider_urn")
    return support[support["provider_urn"].notna()]


def _giving_gini(scope: Scope) -> Measured:
    """Both sides of each share are counted over the same terms: those a school declared days for.

    Days of deployments that still run are planned in part, so they count once those have ended.
    """
    key = "giving_gini"
    declared = scope.rows("support_capacity")
    terms = {str(scope.term + -back) for back in range(scope.recent_terms)}
    declared = declared[declared["term"].isin(terms) & declared["days_available"].notna()]
    able = declared.groupby("urn")["days_available"].sum()
    ended = scope.between(_given(scope), "ended")
    # Typed as text, so that none at all still meets the declared terms.
    terms_of = [str(Term.of(day.date())) for day in ended["ended"]]
    ended = ended.assign(term=pd.Series(terms_of, index=ended.index, dtype="str"))
    counted_in = ended.merge(
        declared[["urn", "term"]], left_on=["provider_urn", "term"], right_on=["urn", "term"]
    )
    days = counted_in.groupby("urn")["days"].sum().reindex(able.index, fill_value=0.0)
    if (able > 0).sum() < _LEAST_GIVERS:
        return not_enough(
            key, scope.indicator(key), "the days that two schools or more could give of late"
        )
    uneven = gini(days.to_numpy(float), able.to_numpy(float))
    if uneven is None:
        return not_enough(
            key, scope.indicator(key), "ended deployments by schools that declared days to give"
        )
    silent = len(scope.trust.schools) - len(able)
    left = len(ended) - len(counted_in)
    notes = [
        f"{days.sum():g} of {able.sum():g} days that could be given",
        f"{counted(silent, 'school')} declared none and {'is' if silent == 1 else 'are'} left out"
        if silent
        else "",
        f"{counted(left, 'deployment')} left out, given in a term without a declaration"
        if left
        else "",
    ]
    return measured(
        key,
        scope.indicator(key),
        uneven,
        as_of=scope.as_of,
        n=len(able),
        n_of="school",
        evidence_date=middle_day(counted_in["ended"]),
        note="; ".join(note for note in notes if note),
    )


def _commitment_scale(scope: Scope) -> Measured:
    """Whether the statements hang together is judged once, on everybody's answers."""
    key = "commitment_scale"
    indicator = scope.indicator(key)
    found = survey_scale(scope, COMMITMENT_ITEMS)
    if isinstance(found, Withheld):
        return not_enough(key, indicator, found.reason)
    whole = survey_scale(Scope(scope.trust, scope.settings), COMMITMENT_ITEMS)
    least = scope.settings.pillars.windows.least_omega.value
    omega = None if isinstance(whole, Withheld) else whole.omega
    if isinstance(whole, Withheld) or omega is None:
        return not_enough(key, indicator, "answers that show how reliable the scale is")
    alpha = "" if whole.alpha is None else f", alpha {whole.alpha:.2f}"
    reliable = (
        f"omega {omega:.2f}{alpha} over {whole.items} statements and "
        f"{counted(whole.n, 'answer')} of the whole trust"
    )
    if omega < least:
        return not_enough(
            key, indicator, f"a scale whose statements hang together (omega {least:g} or more)",
            note=reliable,
        )  # fmt: skip
    wave = latest_wave(scope, "staff_survey")
    return measured(
        key,
        indicator,
        found.mean,
        as_of=scope.as_of,
        n=found.n,
        n_of="respondent",
        evidence_date=None if wave is None else wave.first_day,
        interval=found.interval,
        note=f"{wave}; {reliable}",
    )


def _heads_in_peer_review(scope: Scope) -> Measured:
    """A school without a review in the register took no part; one whose part is unsaid may have."""
    key = "heads_in_peer_review"
    reviews = scope.between(scope.rows("peer_reviews"), "held", scope.years_ago(1))
    sent = reviews[reviews["reviewer_urn"].notna()]
    if not sent["head_took_part"].notna().any():
        return not_enough(
            key, scope.indicator(key),
            "peer reviews of the last 12 months, and whether heads took part",
        )  # fmt: skip
    sent = sent.assign(
        yes=sent["head_took_part"].fillna(False), unsaid=sent["head_took_part"].isna()
    )
    found = sent.groupby("reviewer_urn").agg(
        yes=("yes", "any"), unsaid=("unsaid", "any"), held=("held", "max")
    )
    found = found.reindex(scope.trust.schools["urn"])
    took_part = found["yes"].fillna(False).astype("boolean")
    in_doubt = found["unsaid"].fillna(False).astype(bool) & ~took_part.astype(bool)
    return share_of(
        scope,
        key,
        took_part.mask(in_doubt),
        n_of="school",
        lacking="which heads took part in peer reviews",
        dates=found["held"],
        estimated=False,
    )


def _network_attendance(scope: Scope) -> Measured:
    invitations = scope.between(scope.rows("networks"), "held")
    return share_of(
        scope,
        "network_attendance",
        invitations["attended"],
        n_of="invitation",
        lacking="meetings of networks in the recent terms, and who came",
        dates=invitations["held"],
    )


def _contributions_celebrated(scope: Scope) -> Measured:
    ended = scope.between(scope.rows("support", "provider_urn"), "ended")
    return share_of(
        scope,
        "contributions_celebrated",
        ended["celebrated"],
        n_of="deployment",
        lacking="deployments ended in the recent terms, and whether they were celebrated",
        dates=ended["ended"],
    )


MEASURES: Mapping[str, Measure] = MappingProxyType({
    **commitment_people.MEASURES,
    "schools_giving_days": _schools_giving_days,
    "giving_gini": _giving_gini,
    "commitment_scale": _commitment_scale,
    "heads_in_peer_review": _heads_in_peer_review,
    "network_attendance": _network_attendance,
    "contributions_celebrated": _contributions_celebrated,
})  # fmt: skip
