"""One row a trust: size, golden rule, leads its span asks for, how its schools lie, its room."""

from __future__ import annotations

import math

import pandas as pd

from workbench.growth.kernel.layout import PHASES
from workbench.parameters.golden_rule import GoldenRulePolicy
from workbench.parameters.model import ModelParameters
from workbench.parameters.research import NationalRules
from workbench.pillars.national import golden_rule_national
from workbench.research.national_picture.country import Country
from workbench.research.national_picture.room import Room
from workbench.research.national_picture.travel import Pace, clusters_of

HOLDS = ("no recipients", "met")


def trust_table(
    country: Country,
    schools: pd.DataFrame,
    policy: tuple[str, GoldenRulePolicy],
    *,
    model: ModelParameters,
    rules: NationalRules,
    pace: Pace,
) -> pd.DataFrame:
    """Return what public data says of each trust, without any simulation.

    Args:
        country: The country.
        schools: Its schools, as `country.with_standing` returns them.
        policy: Name and reading of the golden rule.
        model: Where the spans of leadership are declared.
        rules: What a cluster is.
        pace: Minutes a kilometre.

    Returns:
        One row a trust, by UID: trust_uid, trust_name, schools, one count a stage, rated, weak,
        golden_rule, golden_rule_strict, golden_rule_lenient (verdicts), holds (whether the lenient
        reading is met or has no school in need), leads_asked, and the fields of `Clusters`.
    """
    verdicts = golden_rule_national(
        country.membership,
        country.judgements,
        {policy[0]: policy[1]},
        as_of=country.as_of,
        minimum_schools=1,
    ).set_index("trust_uid")
    plan, sizes = model.plan, (int(rules.cluster_fewest.value), int(rules.cluster_most.value))
    rows = []
    for key, own in schools.dropna(subset=["trust_uid"]).groupby("trust_uid", sort=True):
        uid, lie = int(str(key)), clusters_of(own, pace, rules.near_minutes.value, sizes)
        count = len(own)
        alone = count <= plan.exec_span.value
        rows.append({
            "trust_uid": uid,
            "trust_name": str(own["trust_name"].iloc[0]),
            "schools": count,
            **{stage: int(own["stage"].eq(stage).sum()) for stage in PHASES},
            "rated": int(own["rated"].sum()),
            "weak": int(own["weak"].sum()),
            "golden_rule": verdicts.loc[uid, "verdict"],
            "golden_rule_strict": verdicts.loc[uid, "strict_verdict"],
            "golden_rule_lenient": verdicts.loc[uid, "lenient_verdict"],
            "holds": verdicts.loc[uid, "lenient_verdict"] in HOLDS,
            "leads_asked": 0 if alone else math.ceil(count / plan.lead_span.value),
            "placed": lie.placed,
            "clusters": lie.clusters,
            "in_clusters_of_size": lie.in_size,
            "alone": lie.alone,
            "widest_minutes": lie.widest,
            "nearest_minutes": lie.to_nearest,
        })  # fmt: skip
    floats = {"widest_minutes": "float64", "nearest_minutes": "float64"}
    return pd.DataFrame(rows).astype(floats)


def with_room(trusts: pd.DataFrame, room: Room, found: pd.DataFrame) -> pd.DataFrame:
    """Add each trust's room, the chance that it holds its limits, and what breaks most often.

    Args:
        trusts: What `trust_table` returned.
        room: The simulated curves.
        found: What `room.capacities` read off them.

    Returns:
        The same with room_sure, room_estimated, room_possible, reason, hold, hold_lower,
        hold_upper, breaks_most (limit; missing where none breaks), breaks_share, replicates,
        draws.
    """
    names = {name: f"room_{name}" for name in ("sure", "estimated", "possible")}
    most = room.broken.loc[room.broken.groupby("trust_uid")["share"].idxmax()]
    most = most.assign(limit=most["limit"].where(most["share"] > 0.0))
    most = most.rename(columns={"limit": "breaks_most", "share": "breaks_share"})
    out = trusts.merge(found.rename(columns=names), on="trust_uid", validate="one_to_one")
    out = out.merge(most, on="trust_uid", validate="one_to_one")
    return out.assign(replicates=room.replicates, draws=room.draws)
