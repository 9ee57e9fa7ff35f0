"""What binds people to the whole trust: their roles, their chances, and whether they stay."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from workbench.pillars.indicator import Measured, counted, not_applicable, not_enough
from workbench.pillars.measuring import Measure, share_of
from workbench.pillars.scope import Scope


def _job_descriptions_trust_wide(scope: Scope) -> Measured:
    documents = _documents(scope, "job description")
    senior = documents[documents["senior"].fillna(False).astype(bool)]
    unsaid = int(documents["senior"].isna().sum())
    return share_of(
        scope,
        "job_descriptions_trust_wide",
        senior["trust_wide"],
        n_of="senior job description",
        lacking="senior job descriptions of which it is said whether they name other schools",
        dates=senior["dated"],
        note=f"{counted(unsaid, 'job description')} left out, not said whether senior"
        if unsaid
        else "",
    )


def _appraisals_trust_wide(scope: Scope) -> Measured:
    documents = scope.between(_documents(scope, "appraisal"), "dated", scope.years_ago(1))
    return share_of(
        scope,
        "appraisals_trust_wide",
        documents["trust_wide"],
        n_of="appraisal",
        lacking="appraisals of the last 12 months, and whether they have a trust-wide objective",
        dates=documents["dated"],
    )


def _recruitment_packs_trust_wide(scope: Scope) -> Measured:
    documents = scope.between(_documents(scope, "recruitment pack"), "dated", scope.years_ago(1))
    return share_of(
        scope,
        "recruitment_packs_trust_wide",
        documents["trust_wide"],
        n_of="recruitment pack",
        lacking="recruitment packs of the last 12 months, and whether they name other schools",
        dates=documents["dated"],
    )


def _documents(scope: Scope, kind: str) -> pd.DataFrame:
    """Documents on roles of one kind, dated by the day described."""
    documents = scope.rows("role_documents")
    return documents[documents["kind"].eq(kind) & (documents["dated"] <= pd.Timestamp(scope.as_of))]


def _stretch_roles_offered(scope: Scope) -> Measured:
    key = "stretch_roles_offered"
    today = pd.Timestamp(scope.as_of)
    audit = scope.rows("talent_audit")
    staff = audit[audit["employed_since"] <= today]
    asked = staff[(staff["audited"] <= today) & staff["could_support"].notna()]
    able = asked[asked["could_support"].astype(bool)]
    if asked.empty:
        return not_enough(
            key, scope.indicator(key), "an audit of which staff could support other schools"
        )
    if able.empty:
        return not_applicable(
            key, scope.indicator(key), "no one audited is said to be able to support other schools"
        )
    silent = len(staff) - len(asked)
    unknown = f"not known of {counted(silent, 'more staff member')} whether they could support"
    return share_of(
        scope,
        key,
        (able["stretch_offered"] <= today).astype("boolean"),
        n_of="able staff member",
        lacking="staff who could support other schools",
        dates=able["audited"],
        note=unknown if silent else "",
        estimated=False,
    )


def _lenders_retained(scope: Scope) -> Measured:
    """A lender is whoever filled the post on the day the deployment started."""
    support = scope.rows("support", "provider_urn")
    first, last = (pd.Timestamp(day) for day in (scope.long_from, scope.years_ago(1)))
    ended = support[support["ended"].between(first, last)]
    filled = scope.trust.people.query("status == 'filled'").dropna(subset="person")
    held = ended.merge(filled, left_on="provider_post", right_on="post_id")
    held = held[(held["since"] <= held["started"]) & ~(held["until"] < held["started"])]
    lent_until = held.groupby("person")["ended"].max()
    later = lent_until + pd.DateOffset(years=1)
    spells = filled.merge(later.rename("later"), left_on="person", right_index=True)
    there = spells["since"].le(spells["later"]) & ~spells["until"].lt(spells["later"])
    stayed = lent_until.index.isin(spells.loc[there, "person"])
    nameless = len(ended) - held["deployment_id"].nunique()
    note = f"{counted(nameless, 'deployment')} left out, not known who gave the days"
    return share_of(
        scope,
        "lenders_retained",
        pd.Series(stayed, index=lent_until.index, dtype="boolean"),
        n_of="lender",
        lacking=f"who gave the days of deployments that ended one to {scope.long_years} years ago",
        dates=later,
        note=note if nameless else "",
    )


MEASURES: Mapping[str, Measure] = MappingProxyType({
    "job_descriptions_trust_wide": _job_descriptions_trust_wide,
    "appraisals_trust_wide": _appraisals_trust_wide,
    "recruitment_packs_trust_wide": _recruitment_packs_trust_wide,
    "stretch_roles_offered": _stretch_roles_offered,
    "lenders_retained": _lenders_retained,
})  # fmt: skip
