"""Weak schools and the trusts with room that they can reach, counted by place and distance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from workbench.research.national_picture.assignment import Placement, place
from workbench.research.national_picture.country import in_place
from workbench.research.national_picture.room import READINGS
from workbench.research.national_picture.travel import Pace

OUTSIDE = "outside any trust"
HELD = "in a trust that holds the golden rule"
UNHELD = "in a trust not shown to hold it"
WHERE = (OUTSIDE, HELD, UNHELD)
ALL = "England"
NO_REGION = "region not known"
GROUPS = {
    "schools outside any trust": (OUTSIDE,),
    "those and schools in trusts not shown to hold the golden rule": (OUTSIDE, UNHELD),
}


def weak_schools(schools: pd.DataFrame, trusts: pd.DataFrame) -> pd.DataFrame:
    """Return the weak schools, where each is and whether its place is known.

    Args:
        schools: As `country.with_standing` returns them.
        trusts: As `trusts.trust_table` returns them.

    Returns:
        urn, name, phase, stage, region, latitude, longitude, trust_uid, trust_name, weight, where
        (one of `WHERE`), placed; sorted by URN.
    """
    weak = schools[schools["weak"]].sort_values("urn", ignore_index=True)
    held = weak["trust_uid"].isin(trusts.loc[trusts["holds"], "trust_uid"])
    outside = weak["trust_uid"].isna().to_numpy(bool)
    where = np.select([outside, held.to_numpy(bool)], [OUTSIDE, HELD], UNHELD)
    kept = ["urn", "name", "phase", "stage", "region", "latitude", "longitude", "trust_uid",
            "trust_name", "weight"]  # fmt: skip
    region = weak["region"].fillna(NO_REGION)
    out = weak[kept].assign(region=region, where=where, placed=in_place(weak))
    return out.astype({"where": "str"})


def within_reach(
    weak: pd.DataFrame, near: pd.DataFrame, room: pd.DataFrame, pace: Pace, minutes: Sequence[float]
) -> pd.DataFrame:
    """Count weak schools with a trust with room within each of some distances.

    Room and roads are both uncertain: `within` takes the estimated room and the usual roads,
    `within_low` only room that is sure and slow roads, `within_high` room that is possible and fast
    ones.

    Args:
        weak: As `weak_schools` returns them.
        near: Which trusts are near: urn, trust_uid, km.
        room: As `room.capacities` returns it.
        pace: Minutes a kilometre.
        minutes: The distances by road.

    Returns:
        One row a place (`where`), region (and all of it, `ALL`) and number of minutes: weak,
        placed (schools whose place is known, the only ones counted), within, within_low,
        within_high.
    """
    known = weak[weak["placed"]]
    said = {"within_low": ("sure", pace.slow), "within": ("estimated", pace.usual),
            "within_high": ("possible", pace.fast)}  # fmt: skip
    frames = []
    for most in minutes:
        counted = known[["urn", "where", "region"]].copy()
        for column, (reading, each) in said.items():
            able = room.loc[room[reading] > 0, "trust_uid"]
            hits = near[near["trust_uid"].isin(able) & (near["km"] * each <= most)]
            counted[column] = counted["urn"].isin(hits["urn"])
        both = pd.concat([counted, counted.assign(region=ALL)])
        sums = both.groupby(["where", "region"])[list(said)].sum()
        frames.append(sums.assign(minutes=most).reset_index())
    everyone = pd.concat([weak, weak.assign(region=ALL)])
    totals = everyone.groupby(["where", "region"], as_index=False).agg(
        weak=("urn", "size"), placed=("placed", "sum")
    )
    times = pd.DataFrame({"minutes": list(minutes)})
    out = totals.merge(times, how="cross")
    out = out.merge(pd.concat(frames), on=["where", "region", "minutes"], how="left")
    counts = ["weak", "placed", "within", "within_low", "within_high"]
    out[counts] = out[counts].fillna(0).astype("int64")  # no school with a place is none in reach
    order = {name: i for i, name in enumerate(WHERE)}
    out = out.sort_values(
        ["where", "region", "minutes"], ignore_index=True,
        key=lambda column: column.map(order) if column.name == "where" else column,
    )  # fmt: skip
    return out[["where", "region", "minutes", *counts]]


def placements(
    weak: pd.DataFrame,
    near: pd.DataFrame,
    rooms: dict[float, pd.DataFrame],
    pace: Pace,
    minutes: Sequence[float],
) -> tuple[pd.DataFrame, dict[str, Placement]]:
    """Assign weak schools to trusts with sure room, at each tolerance and distance.

    Args:
        weak: As `weak_schools` returns them.
        near: Which trusts are near: urn, trust_uid, km.
        rooms: What `room.capacities` read off at each tolerance, the board's own first.
        pace: Minutes a kilometre; the usual one is used.
        minutes: The distances by road.

    Returns:
        One row a group (`GROUPS`), tolerance and distance: group, tolerance, minutes, schools,
        placed (schools whose place is known), room (schools all trusts have room for), joined,
        none_in_reach, taken, mean_minutes; and, by group, the assignment itself at the board's own
        tolerance and the farthest distance.
    """
    by_road = near.assign(minutes=near["km"] * pace.usual)[["urn", "trust_uid", "minutes"]]
    rows, kept = [], {}
    for group, where in GROUPS.items():
        schools = weak[weak["where"].isin(where)]
        for i, (tolerance, found) in enumerate(rooms.items()):
            room = found.set_index("trust_uid")[READINGS[0]]
            for most in minutes:
                done = place(schools, by_road, room, most)
                if i == 0:
                    kept[group] = done
                why = done.left["why"].value_counts()
                rows.append({
                    "group": group, "tolerance": tolerance, "minutes": most,
                    "schools": len(schools), "placed": int(schools["placed"].sum()),
                    "room": int(room.sum()), "joined": len(done.joined),
                    "none_in_reach": int(why.get("no trust with room within reach", 0)),
                    "taken": int(why.get("places within reach are taken", 0)),
                    "mean_minutes": done.minutes,
                })  # fmt: skip
    return pd.DataFrame(rows).astype({"mean_minutes": "float64"}), kept
