"""Who was in which trust and when: what each snapshot of group links changes from the one before.

The register keeps only open links, so a school's leaving shows as its absence, and its day is known
only where something else published gives it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

MULTI, SINGLE = "multi-academy trust", "single-academy trust"
MOVES = ("moved trust", "trust merged", "trust renumbered")


def spells(snapshots: pd.DataFrame, schools: pd.DataFrame, trusts: pd.DataFrame) -> pd.DataFrame:
    """Return each school's unbroken times in multi-academy trusts.

    Two snapshots in a row with the school in the same trust are one time. A day of leaving is the
    joining day of the trust it went to, else the school's published closing or its successor's
    opening, else its trust's closing, where that lies between joining and the next snapshot; else
    the next snapshot stands for it. A time whose school is later said to have been elsewhere (or
    there all along) from the same day or before lasts no day: it leaves on the day it joined.

    Args:
        snapshots: The table `snapshots`.
        schools: The table `schools` (close_date, open_date, predecessor, successor, chain), by
            `urn`, with `followed_by_some` (whether any successor is listed, followed or not).
        trusts: The columns trust_uid and closed of the list of groups.

    Returns:
        The columns of the table `memberships`.
    """
    days = np.sort(snapshots["snapshot"].unique())
    members = snapshots[snapshots["group_type"].eq(MULTI)].copy()
    members["at"] = np.searchsorted(days, members["snapshot"].to_numpy())
    members = members.sort_values(["urn", "at", "joined"]).reset_index(drop=True)
    last = members.groupby("urn")[["trust_uid", "at"]].shift()
    begins = last["trust_uid"].ne(members["trust_uid"]) | last["at"].ne(members["at"] - 1)
    members["spell"] = begins.cumsum()
    grouped = members.groupby("spell")
    out = grouped.agg(
        urn=("urn", "first"), trust_uid=("trust_uid", "first"), trust_name=("trust_name", "last"),
        company_number=("company_number", "last"), joined=("joined", "last"),
        published_first=("joined", "first"), first=("at", "min"), last=("at", "max"),
    ).reset_index(drop=True)  # fmt: skip
    out["first_joined"] = out["published_first"].where(out["published_first"].ne(out["joined"]))
    out["first_seen"], out["last_seen"] = days[out["first"]], days[out["last"]]
    still = out["last"].eq(len(days) - 1)
    out["gone_by"] = pd.Series(days[np.minimum(out["last"] + 1, len(days) - 1)]).mask(still)
    before = pd.Series(days[np.maximum(out["first"] - 1, 0)]).mask(out["first"].eq(0))
    late = out["joined"].le(before).astype("boolean")
    out["listed_late"] = late.mask(out["first"].eq(0) | out["joined"].isna())
    out["chain"] = schools["chain"].reindex(out["urn"]).to_numpy()
    out = _neighbours(out, snapshots, days)
    merged = _merged(out)
    out["how"] = _how(out, schools, merged)
    out["how_left"] = _how_left(out, schools, merged, still)
    return _leaving(out, schools, trusts, still)


def movements(spelled: pd.DataFrame) -> pd.DataFrame:
    """Return each change between one snapshot and the next, from what `spells` returns."""
    arrivals = spelled[spelled["how"].ne("first snapshot")]
    changed = arrivals["from_uid"].notna()
    gone = spelled[spelled["how_left"].ne("still in") & spelled["to_uid"].isna()]
    came = pd.DataFrame(
        {
            "from_snapshot": arrivals["seen_before"], "to_snapshot": arrivals["first_seen"],
            "urn": arrivals["urn"], "move": np.where(changed, "changed", "joined"),
            "from_uid": arrivals["from_uid"], "to_uid": arrivals["trust_uid"],
            "how": arrivals["how"], "date": arrivals["joined"],
            "listed_late": arrivals["listed_late"], "chain": arrivals["chain"],
        }
    )  # fmt: skip
    went = pd.DataFrame(
        {
            "from_snapshot": gone["last_seen"], "to_snapshot": gone["gone_by"],
            "urn": gone["urn"], "move": "left", "from_uid": gone["trust_uid"],
            "to_uid": pd.array([pd.NA] * len(gone), dtype="Int64"), "how": gone["how_left"],
            "date": gone["left"].where(gone["left_exact"].fillna(False)),
            "listed_late": gone["left"].le(gone["last_seen"]).astype("boolean")
            .where(gone["left_exact"].fillna(False)), "chain": gone["chain"],
        }
    )  # fmt: skip
    return pd.concat([came, went], ignore_index=True)


def _neighbours(out: pd.DataFrame, snapshots: pd.DataFrame, days: np.ndarray) -> pd.DataFrame:
    """Add the trust in the snapshot just before and just after, of either type."""
    by_day = {"before": out["first"] - 1, "after": out["last"] + 1}
    listed = snapshots.assign(at=np.searchsorted(days, snapshots["snapshot"].to_numpy()))
    keys = ["urn", "at"]
    multi = listed[listed["group_type"].eq(MULTI)].drop_duplicates(keys, keep="last")
    single = listed[listed["group_type"].eq(SINGLE)].drop_duplicates(keys, keep="last")
    for side, at in by_day.items():
        wanted = pd.MultiIndex.from_arrays([out["urn"], at])
        names = ("from", "from_single") if side == "before" else ("to", "to_single")
        for name, table in zip(names, (multi, single), strict=True):
            found = table.set_index(keys)[["trust_uid", "company_number"]].reindex(wanted)
            out[f"{name}_uid"] = found["trust_uid"].astype("Int64").array
            out[f"{name}_company"] = found["company_number"].to_numpy()
    out["next_joined"] = out.groupby("urn")["joined"].shift(-1)
    earliest = out.groupby("urn")["first"].transform("min")
    out["been_before"] = out["first"].gt(earliest)
    out["seen_before"] = pd.Series(days[np.maximum(out["first"] - 1, 0)]).mask(out["first"].eq(0))
    return out


def _merged(out: pd.DataFrame) -> pd.Series:
    """Return the trust that each trust went into whole, by UID.

    That is: it has no school in the next snapshot, and those of its schools that are in a
    multi-academy trust then are all in that one.
    """
    end = out.groupby("trust_uid")["last"].transform("max")
    ended = out[out["last"].eq(end) & out["to_uid"].notna()]
    places = ended.groupby("trust_uid")["to_uid"].agg(["nunique", "first"])
    return places.loc[places["nunique"].eq(1), "first"].astype("Int64")


def _ends(out: pd.DataFrame) -> pd.Series:
    """Return the last snapshot with a school in each trust, by UID."""
    return out.groupby("trust_uid")["last"].max().astype("Int64")


def _at(values: pd.Series, uids: pd.Series) -> pd.Series:
    """Return the value of each trust, missing for those without one."""
    found = values.reindex(uids.astype("Int64").fillna(-1).astype("int64"))
    return pd.Series(found.array, uids.index)


def _same_company(left: pd.Series, right: pd.Series) -> pd.Series:
    return left.notna() & left.ne("") & left.eq(right)


def _how(out: pd.DataFrame, schools: pd.DataFrame, merged: pd.Series) -> pd.Series:
    whole = _at(merged, out["from_uid"]).eq(out["trust_uid"]).fillna(False)
    gone = _at(_ends(out), out["from_uid"]).eq(out["first"] - 1)
    before = schools["predecessor"].reindex(out["urn"]).to_numpy()
    known = pd.MultiIndex.from_arrays([before, out["first"] - 1]).isin(_listed(out))
    moved = out["from_uid"].notna()
    renumbered = moved & _same_company(out["from_company"], out["company_number"])
    single = out["from_single_uid"].notna()
    grown = single & _same_company(out["from_single_company"], out["company_number"])
    return pd.Series(
        np.select(
            [
                out["first"].eq(0), renumbered, moved & whole & gone.fillna(False), moved, grown,
                single, out["been_before"], known,
            ],
            ["first snapshot", "trust renumbered", "trust merged", "moved trust",
             "trust became multi-academy", "from a single-academy trust", "returned", "new URN"],
            "new academy",
        ),
        index=out.index,
    )  # fmt: skip


def _listed(out: pd.DataFrame) -> pd.MultiIndex:
    """Return every school and snapshot that has it in a multi-academy trust."""
    counts = (out["last"] - out["first"] + 1).to_numpy()
    urns = np.repeat(out["urn"].to_numpy(), counts)
    ends = np.cumsum(counts)
    steps = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)
    return pd.MultiIndex.from_arrays([urns, np.repeat(out["first"].to_numpy(), counts) + steps])


def _how_left(
    out: pd.DataFrame, schools: pd.DataFrame, merged: pd.Series, still: pd.Series
) -> pd.Series:
    moved = out["to_uid"].notna()
    whole = _at(merged, out["trust_uid"]).eq(out["to_uid"]).fillna(False)
    end = _at(_ends(out), out["trust_uid"]).eq(out["last"])
    listed = schools.reindex(out["urn"])
    after, several = listed["successor"], listed["followed_by_some"].eq(True).to_numpy(dtype=bool)
    closed = listed["close_date"]
    return pd.Series(
        np.select(
            [
                still, moved & _same_company(out["to_company"], out["company_number"]),
                moved & whole & end, moved, out["to_single_uid"].notna(),
                after.notna().to_numpy(), several, closed.notna().to_numpy(),
            ],
            ["still in", "trust renumbered", "trust merged", "moved trust",
             "to a single-academy trust", "new URN", "merged or split", "closed"],
            "not known",
        ),
        index=out.index,
    )  # fmt: skip


def _leaving(
    out: pd.DataFrame, schools: pd.DataFrame, trusts: pd.DataFrame, still: pd.Series
) -> pd.DataFrame:
    """Fill the day of leaving, and say whether it was published."""
    successors = schools["successor"].reindex(out["urn"])
    opened = schools["open_date"].reindex(successors.fillna(-1).astype("int64")).to_numpy()
    closed = trusts.drop_duplicates("trust_uid").set_index("trust_uid")["closed"]
    said = [
        out["next_joined"],
        pd.Series(schools["close_date"].reindex(out["urn"]).to_numpy(), out.index),
        pd.Series(opened, out.index),
        pd.Series(closed.reindex(out["trust_uid"]).to_numpy(), out.index),
    ]
    left = pd.Series(pd.NaT, index=out.index, dtype="datetime64[s]")
    # A school's move or closing may be listed late, so before the last snapshot that has it there;
    # a trust may close long after its schools went.
    joined = out["joined"].fillna(out["first_seen"])
    for day, after in zip(said, [joined, joined, joined, out["last_seen"]], strict=True):
        left = left.fillna(day.where(day.gt(after) & day.le(out["gone_by"])))
    out["left_exact"] = left.notna().astype("boolean").mask(still)
    # Where the register now says that another trust had the school from that very day, it never
    # was in this one.
    replaced = out["next_joined"].le(out["joined"])
    left = left.mask(replaced, out["joined"])
    out["left"] = left.fillna(out["gone_by"]).mask(still)
    return out
