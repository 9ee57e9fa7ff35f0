"""What the published files together know of each school under each URN."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import pandas as pd

from workbench.trust.published.files import PublishedFile
from workbench.trust.published.lives import school_lives

_LATEST_FIRST = ("name", "phase", "type", "academy", "open_date", "close_date")


def combined_lives(
    files: Sequence[PublishedFile], read: Mapping[PublishedFile, pd.DataFrame] | None = None
) -> pd.DataFrame:
    """Return one row a school from every file that says when schools opened, closed or were open.

    Each value is the one of the latest file that has it.

    Args:
        files: The files.
        read: What `school_lives` says of some of them already.

    Returns:
        By `urn`: name, phase, type, academy, open_date, close_date, open_seen (the last day a file
        lists it as open) and source (the latest file that knows it).
    """
    ordered = sorted(files, key=lambda file: file.snapshot or dt.date.min, reverse=True)
    frames = []
    for file in ordered:
        day = pd.Timestamp(file.snapshot) if file.snapshot else pd.NaT
        known = (read or {}).get(file)
        said = (school_lives(file) if known is None else known).astype({"urn": "int64"})
        said["open_seen"] = pd.Series(day, said.index, dtype="datetime64[s]").where(
            said["is_open"].fillna(False)
        )
        frames.append(said.assign(source=file.relative))
    every = pd.concat(frames, ignore_index=True)
    # A closing day that a later file takes back, listing the school as open, is none.
    texts = ["name", "phase", "type"]
    every[texts] = every[texts].replace("", None)
    grouped = every.groupby("urn")
    out = grouped[[*_LATEST_FIRST, "source"]].first()
    out["open_seen"] = grouped["open_seen"].max()
    reopened = out["open_seen"].gt(out["close_date"])
    out["close_date"] = out["close_date"].where(~reopened)
    return out


def school_table(
    lives: pd.DataFrame, links: pd.DataFrame, chained: pd.DataFrame, snapshots: pd.DataFrame
) -> pd.DataFrame:
    """Return the table `schools` with three columns more, which its makers need.

    They are `linked` and `followed_by_some` (whether any predecessor or successor is listed,
    followed or not) and `open_by` (the first day it joined a trust).

    A school without a published opening day opened, as far as is known, on the day of its link to
    the one school it follows.

    Args:
        lives: As `combined_lives` returns them.
        links: As `links.classify_links` returns them.
        chained: As `links.chains` returns them, with every school of `lives`.
        snapshots: The table `snapshots`.
    """
    out = chained.join(lives)
    followed = links[links["followed"]].set_index("new_urn")["linked_on"]
    from_link = followed.reindex(out.index)
    words = pd.Series("link", out.index).where(from_link.notna(), "")
    out["open_from"] = words.mask(out["open_date"].notna(), "register")
    out["open_date"] = out["open_date"].fillna(from_link)
    out["sponsor_led"] = out["type"].eq("sponsor led").astype("boolean").mask(out["type"].isna())
    succession = ~links["reason"].str.contains("not a succession|the same school", regex=True)
    pairs = links[succession]
    joined = snapshots.groupby("urn")["joined"].min()
    return out.assign(
        linked=out.index.isin(pairs["new_urn"]),
        followed_by_some=out.index.isin(pairs["old_urn"]),
        open_by=joined.reindex(out.index),
    ).reset_index()
