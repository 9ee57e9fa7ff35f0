"""What became of each trust: births, mergers, break-ups and closures between snapshots."""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.research.history.membership import MULTI, SINGLE


def trust_lives(
    snapshots: pd.DataFrame, spelled: pd.DataFrame, groups: pd.DataFrame
) -> pd.DataFrame:
    """Return one row for each multi-academy trust.

    Args:
        snapshots: The table `snapshots`.
        spelled: What `membership.spells` returns.
        groups: The list of groups (`gias.groups`), possibly empty.

    Returns:
        The columns of the table `trusts`. A trust ends as `merged` where those of its last schools
        that are in a multi-academy trust in the next snapshot are all in one other.
    """
    multi = snapshots[snapshots["group_type"].eq(MULTI)]
    out = _seen(multi)
    official = groups[groups["type"].str.casefold().eq(MULTI)].dropna(subset=["uid"])
    official = official.astype({"uid": "int64"}).drop_duplicates("uid").set_index("uid")
    out = out.reindex(out.index.union(official.index))
    for name, column in (("trust_name", "name"), ("company_number", "company_number")):
        out[name] = out[name].fillna(official[column])
    for name, column in (("incorporated", "incorporated"), ("closed", "closed")):
        out[name] = official[column].reindex(out.index)
    out["status"] = official["status"].str.casefold().reindex(out.index)
    days = np.sort(snapshots["snapshot"].unique())
    out["how"], out["former_uid"] = _began(out, snapshots, days[0])
    out["how_left"], out["merged_into"] = _ended(out, spelled, days[-1])
    return out.rename_axis("trust_uid").reset_index()


def _seen(multi: pd.DataFrame) -> pd.DataFrame:
    ordered = multi.sort_values("snapshot")
    grouped = ordered.groupby("trust_uid")
    sizes = ordered.groupby(["trust_uid", "snapshot"]).size().rename("schools").reset_index()
    ends = sizes.groupby("trust_uid")["schools"].agg(["first", "last"]).astype("Int64")
    return pd.DataFrame(
        {
            "trust_name": grouped["trust_name"].last(),
            "company_number": grouped["company_number"].last(),
            "first_seen": grouped["snapshot"].min(),
            "last_seen": grouped["snapshot"].max(),
            "schools_first": ends["first"],
            "schools_last": ends["last"],
        }
    )


def _began(
    out: pd.DataFrame, snapshots: pd.DataFrame, first: np.datetime64
) -> tuple[pd.Series, pd.Series]:
    """Return how each trust began, and the UID its company had before."""
    named = snapshots[snapshots["company_number"].fillna("").ne("")]
    last = named.sort_values("snapshot").drop_duplicates(["trust_uid"], keep="last")
    mine = out.reset_index(names="trust_uid")[["trust_uid", "company_number", "first_seen"]]
    known = mine[mine["company_number"].fillna("").ne("") & mine["first_seen"].notna()]
    found = known.merge(
        last[["trust_uid", "company_number", "group_type", "snapshot"]],
        on="company_number", suffixes=("", "_former"),
    )  # fmt: skip
    found = found[
        found["trust_uid"].ne(found["trust_uid_former"])
        & found["snapshot"].lt(found["first_seen"])
        & found["first_seen"].gt(first)
    ]
    # Of several listed last on one day a multi-academy trust counts first, as in `memberships.how`.
    found = found.assign(multi=found["group_type"].eq(MULTI))
    order = ["snapshot", "multi", "trust_uid_former"]
    latest = found.sort_values(order).drop_duplicates("trust_uid", keep="last")
    former = latest.set_index("trust_uid")["trust_uid_former"].reindex(out.index)
    kind = latest.set_index("trust_uid")["group_type"].reindex(out.index)
    words = np.select(
        [
            out["first_seen"].isna(), out["first_seen"].eq(first), kind.eq(MULTI), kind.eq(SINGLE),
        ],
        ["never seen", "first snapshot", "renumbered", "was single-academy"],
        "new",
    )  # fmt: skip
    return pd.Series(words, out.index), former.astype("Int64")


def _ended(
    out: pd.DataFrame, spelled: pd.DataFrame, latest: np.datetime64
) -> tuple[pd.Series, pd.Series]:
    """Return what became of each trust, and the one it merged into."""
    final = spelled.merge(
        out["last_seen"].rename("end"), left_on="trust_uid", right_index=True, how="left"
    )
    final = final[final["last_seen"].eq(final["end"])]
    moved = final[final["to_uid"].notna()].groupby("trust_uid")["to_uid"]
    places = moved.nunique().reindex(out.index).fillna(0)
    whither = moved.first().reindex(out.index).astype("Int64")
    same = final["how_left"].eq("trust renumbered").groupby(final["trust_uid"]).any()
    same = same.reindex(out.index).eq(True)
    words = np.select(
        [
            out["last_seen"].isna(), out["last_seen"].eq(latest), same, places.eq(1), places.gt(1),
        ],
        ["never seen", "listed", "renumbered", "merged", "broken up"],
        "no school left",
    )  # fmt: skip
    how = pd.Series(words, out.index)
    return how, whither.where(how.isin(["merged", "renumbered"]))
