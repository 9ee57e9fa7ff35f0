"""Who could join whom: as many weak schools as there is room for, then the shortest ways.

A trust takes no more schools than it has room for, and a school joins one trust or none. The
assignment is exact: a trust is as many places as it has room for, each school besides has a place
of its own that stands for none and is dearer than any saving, and a sparse linear assignment finds
the least sum of minutes (R. Jonker and A. Volgenant, "A shortest augmenting path algorithm for
dense and sparse linear assignment problems", Computing 38, 1987).

It is what could be done on paper. Governors, pupils' ways to school, faith and willingness decide.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

_LEAST = 1e-3  # minutes; the solver takes a weight of 0 for no edge at all


@dataclass(frozen=True, eq=False)
class Placement:
    """Which schools could join which trusts.

    Attributes:
        joined: One row a school that found a trust: urn, trust_uid, minutes; sorted by URN.
        left: One row a school that found none: urn, why, which is `no place known`, `no trust with
            room within reach` or `places within reach are taken`; sorted by URN.
    """

    joined: pd.DataFrame
    left: pd.DataFrame

    @property
    def minutes(self) -> float | None:
        """Mean minutes by road of those who found a trust; None where nobody did."""
        return float(self.joined["minutes"].mean()) if len(self.joined) else None


def place(
    schools: pd.DataFrame, near: pd.DataFrame, room: pd.Series, most_minutes: float
) -> Placement:
    """Assign schools to trusts with room.

    Args:
        schools: Those that look for a trust: urn, placed (whether their place is known).
        near: Which trusts are near: urn, trust_uid, minutes, each pair once.
        room: Schools each trust has room for, by UID; a trust that is not there has none.
        most_minutes: Farthest way that is taken.
    """
    places = near["trust_uid"].map(room).fillna(0).astype("int64")
    options = near.assign(places=places)
    options = options[
        options["urn"].isin(schools["urn"]) & (options["minutes"] <= most_minutes) & (places > 0)
    ].sort_values(["urn", "trust_uid"], ignore_index=True)
    joined = _least(options) if len(options) else options
    joined = joined[["urn", "trust_uid", "minutes"]].reset_index(drop=True)
    rest = schools[~schools["urn"].isin(joined["urn"])].sort_values("urn")
    reachable = rest["urn"].isin(options["urn"])
    why = np.select(
        [~rest["placed"].to_numpy(bool), ~reachable.to_numpy(bool)],
        ["no place known", "no trust with room within reach"],
        "places within reach are taken",
    )
    left = pd.DataFrame({"urn": rest["urn"].to_numpy(), "why": why})
    return Placement(joined, left.astype({"urn": "int64", "why": "str"}))


def _least(options: pd.DataFrame) -> pd.DataFrame:
    """Return the options that are taken."""
    urns, school = np.unique(options["urn"].to_numpy(), return_inverse=True)
    room = options.groupby("trust_uid")["places"].first().sort_index()
    sought = options["trust_uid"].value_counts().reindex(room.index)
    room = room.clip(upper=sought)  # no trust needs more places than schools that look at it
    first = np.concatenate([[0], np.cumsum(room.to_numpy())])
    trust = np.searchsorted(room.index.to_numpy(), options["trust_uid"].to_numpy())
    copies = room.to_numpy()[trust]
    rows = np.repeat(np.arange(len(options)), copies)
    which = np.arange(len(rows)) - np.repeat(np.cumsum(copies) - copies, copies)
    seats, count = int(first[-1]), len(urns)
    cost = options["minutes"].to_numpy(float) + _LEAST
    # One more school placed is worth more than every minute that all could save together.
    none = (count + 1) * float(cost.max())
    weights = csr_array(
        (
            np.concatenate([cost[rows], np.full(count, none)]),
            (
                np.concatenate([school[rows], np.arange(count)]),
                np.concatenate([first[trust[rows]] + which, seats + np.arange(count)]),
            ),
        ),
        shape=(count, seats + count),
    )
    matched, seat = min_weight_full_bipartite_matching(weights)
    taken = seat < seats
    uid = room.index.to_numpy()[np.searchsorted(first, seat[taken], side="right") - 1]
    chosen = pd.DataFrame({"urn": urns[matched[taken]], "trust_uid": uid})
    return chosen.merge(options, on=["urn", "trust_uid"], validate="one_to_one").sort_values("urn")
