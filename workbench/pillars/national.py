"""The golden rule over every trust of England, from published membership and judgements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd

from workbench.parameters.golden_rule import GoldenRulePolicy
from workbench.pillars.golden_rule import judge
from workbench.pillars.standings import terms_since
from workbench.terms import Term

VERDICTS = ("no recipients", "met", "failed", "undecided")


def golden_rule_national(
    membership: pd.DataFrame,
    judgements: pd.DataFrame,
    policies: Mapping[str, GoldenRulePolicy],
    *,
    as_of: dt.date,
    minimum_schools: int = 3,
) -> pd.DataFrame:
    """Judge every trust of a minimum size under each policy.

    Published files hold no spare days, and only the last judgement or two of each school. So a
    policy that asks for spare days leaves every sound school a possible provider, and a run of
    sound judgements may be older than published: one that seems too young is not known.

    Args:
        membership: One row a school: urn, trust_uid, trust_name, joined.
        judgements: One row a school, as `workbench.trust.inspections.standing_judgements` gives
            them: both eras side by side. A school that is not there is unrated.
        policies: Golden rule policies by name.
        as_of: The day of the membership.
        minimum_schools: Smallest trust judged.

    Returns:
        One row a trust and policy: trust_uid, trust_name, policy, schools, unrated, providers,
        possible_providers, then weight, needed and verdict as `strict_…` and `lenient_…`, and
        the `verdict` of both together.
    """
    schools = _standings(membership, judgements, Term.of(as_of))
    size = schools.groupby("trust_uid")["urn"].transform("size")
    judged = schools[size >= minimum_schools]
    trusts = [(int(str(uid)), table) for uid, table in judged.groupby("trust_uid")]
    return pd.DataFrame(
        _row(uid, table, name, policy) for name, policy in policies.items() for uid, table in trusts
    )


def summarise(national: pd.DataFrame) -> pd.DataFrame:
    """Count trusts by verdict: one row a policy and reading (strict, lenient, both).

    Args:
        national: What `golden_rule_national` returned.

    Returns:
        policy, reading, one column a verdict, and trusts.
    """
    readings = {"strict": "strict_verdict", "lenient": "lenient_verdict", "both": "verdict"}
    rows = []
    for policy, table in national.groupby("policy", sort=False):
        for reading, column in readings.items():
            counts = table[column].value_counts()
            found = {verdict: int(counts.get(verdict, 0)) for verdict in VERDICTS}
            rows.append({"policy": policy, "reading": reading, **found, "trusts": len(table)})
    return pd.DataFrame(rows)


def why_none_met(summary: pd.DataFrame, policies: Mapping[str, GoldenRulePolicy]) -> list[str]:
    """Say why no trust has met a policy, where spare days are the reason.

    Args:
        summary: What `summarise` returned.
        policies: Golden rule policies by name.

    Returns:
        One sentence a policy.
    """
    met = summary.groupby("policy", sort=False)["met"].sum()
    return [
        f"{name}: no trust is sure to have met it, for it asks providers for more than "
        f"{asked.value:g} spare days a term, and spare days are not published"
        for name in met.index[met == 0]
        if (asked := policies[name].spare_days) is not None
    ]


def _standings(membership: pd.DataFrame, judgements: pd.DataFrame, now: Term) -> pd.DataFrame:
    table = membership.merge(judgements, on="urn", how="left", validate="many_to_one")
    table["rated"] = table["rated"].eq(True)
    table["terms_in_trust"] = terms_since(table["joined"], now)
    table["terms_sustained"] = terms_since(table["performing_since"], now)
    return table


def _row(uid: int, schools: pd.DataFrame, name: str, policy: GoldenRulePolicy) -> dict[str, object]:
    sustained = schools["terms_sustained"]
    long_enough = sustained >= policy.sustained_terms.value
    verdict = judge(schools.assign(terms_sustained=sustained.where(long_enough)), policy)
    row: dict[str, object] = {
        "trust_uid": uid,
        "trust_name": schools["trust_name"].iloc[0],
        "policy": name,
        "schools": verdict.schools,
        "unrated": verdict.unrated,
        "providers": verdict.lenient.providers,
        "possible_providers": verdict.lenient.possible_providers,
    }
    for answer in (verdict.strict, verdict.lenient):
        row[f"{answer.reading}_weight"] = answer.weight
        row[f"{answer.reading}_needed"] = answer.needed
        row[f"{answer.reading}_verdict"] = answer.verdict
    row["verdict"] = verdict.verdict
    return row
