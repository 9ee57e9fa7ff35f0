"""Which predecessor links of the register can be followed, and why the others cannot.

A link is followed only where it says that one school became one other. Splits, mergers and
amalgamations, schools that stayed open and circles are listed with their reason: none is chosen.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

# The register shows a closed school for some weeks: open still a term later means that it stayed.
REGISTER_LAG_DAYS = 92
_FORMS = ("predecessor", "successor")


def classify_links(
    links: pd.DataFrame, lives: pd.DataFrame, as_of: pd.Timestamp | None
) -> pd.DataFrame:
    """Return each pair of predecessor and successor once, followed or with the reason why not.

    Args:
        links: As `gias.urn_links` reads them.
        lives: What is known of each school, by `urn`: open_date, open_seen, academy, known.
        as_of: The day the links describe; None where nothing dates them.

    Returns:
        The columns of the table `links`; `followed` pairs are one to one and run in no circle.
    """
    pairs = _pairs(links)
    old, new = lives.reindex(pairs["old_urn"]), lives.reindex(pairs["new_urn"])
    opened = pd.Series(new["open_date"].to_numpy(), pairs.index)
    began = opened.fillna(pairs["linked_on"])
    seen = pd.Series(old["open_seen"].to_numpy(), pairs.index)
    both_seen = pd.Series(new["open_seen"].to_numpy(), pairs.index)
    stayed = (began.notna() & seen.gt(began + pd.Timedelta(days=REGISTER_LAG_DAYS))) | (
        began.isna() & seen.notna() & both_seen.ge(seen)
    )
    planned = pairs["linked_on"].gt(pd.NaT if as_of is None else as_of)
    never = opened.isna() & both_seen.isna() & planned
    backwards = pd.Series(old["open_date"].to_numpy(), pairs.index).gt(began)
    reasons = {
        "the same school": pairs["new_urn"].eq(pairs["old_urn"]),
        "in a circle": _circles(pairs),
        "split": pairs["published"].str.contains("split") | _several(pairs, "old_urn"),
        "merged": pairs["published"].str.contains("merged"),
        "amalgamated": pairs["published"].str.contains("amalgam") | _several(pairs, "new_urn"),
        "the older school stayed open": stayed,
        "the newer school is not open yet": never,
        "the older school opened later": backwards,
    }
    pairs["reason"] = _joined(reasons, pairs["succession"])
    pairs["followed"] = pairs["reason"].eq("")
    pairs["kind"] = _kinds(old, new, pairs.index).where(pairs["followed"], "")
    return pairs.drop(columns="succession")


def chains(followed: pd.DataFrame, urns: pd.Index) -> pd.DataFrame:
    """Return the chain of each school, from links that are one to one and run in no circle.

    Args:
        followed: new_urn and old_urn of the links to follow.
        urns: Schools to have a row, besides those of the links.

    Returns:
        By `urn`: chain (URN of the first school), place (0 for that), predecessor and successor.
    """
    before = dict(zip(followed["new_urn"], followed["old_urn"], strict=True))
    after = {old: new for new, old in before.items()}
    everyone = sorted({*map(int, urns), *before, *after})
    rows: dict[int, tuple[int, int]] = {}
    for first in everyone:
        urn: int | None = None if first in before else first
        place = 0
        while urn is not None:
            rows[urn] = (first, place)
            urn, place = after.get(urn), place + 1
    index = pd.Index(everyone, name="urn", dtype="int64")
    return pd.DataFrame(
        {
            "chain": [rows[urn][0] for urn in everyone],
            "place": [rows[urn][1] for urn in everyone],
            "predecessor": pd.array([before.get(urn, pd.NA) for urn in everyone], dtype="Int64"),
            "successor": pd.array([after.get(urn, pd.NA) for urn in everyone], dtype="Int64"),
        },
        index=index,
    )


def _joined(reasons: Mapping[str, pd.Series], succession: pd.Series) -> pd.Series:
    """Return each pair's reasons in one text; blank where there is none."""
    out = pd.Series("", succession.index, dtype="str")
    for word, flag in reasons.items():
        more = (out + "; " + word).str.removeprefix("; ")
        out = out.mask(flag, more)
    return out.where(succession, "not a succession")


def _pairs(links: pd.DataFrame) -> pd.DataFrame:
    """Return one row a pair, whichever side or sides list it."""
    known = links.dropna(subset=["urn", "linked_urn"])
    words = known["link"].str.casefold().str.split().str.join(" ")
    backward = words.str.startswith(_FORMS[0])
    succession = backward | words.str.startswith(_FORMS[1])
    sides = pd.DataFrame(
        {
            "new_urn": known["urn"].where(backward | ~succession, known["linked_urn"]),
            "old_urn": known["linked_urn"].where(backward | ~succession, known["urn"]),
            "published": words,
            "linked_on": known["date"],
            "succession": succession,
        }
    ).astype({"new_urn": "int64", "old_urn": "int64"})
    grouped = sides.groupby(["new_urn", "old_urn", "succession"], as_index=False)
    return grouped.agg(
        published=("published", lambda texts: "; ".join(sorted(set(texts)))),
        linked_on=("linked_on", "max"),
    )


def _several(pairs: pd.DataFrame, column: str) -> pd.Series:
    """Say which pairs share a school with another pair of two different schools."""
    real = pairs["succession"] & pairs["new_urn"].ne(pairs["old_urn"])
    counts = pairs.loc[real, column].value_counts()
    return pairs[column].map(counts).fillna(0).gt(1)


def _circles(pairs: pd.DataFrame) -> pd.Series:
    """Say which pairs lie on a circle: both schools in one strongly connected component."""
    real = pairs[pairs["succession"] & pairs["new_urn"].ne(pairs["old_urn"])]
    out = pd.Series(False, index=pairs.index)
    if real.empty:
        return out
    codes, _ = pd.factorize(np.concatenate([real["new_urn"], real["old_urn"]]))
    new, old = codes[: len(real)], codes[len(real) :]
    size = int(codes.max()) + 1
    graph = coo_array((np.ones(len(real), dtype=np.int8), (new, old)), shape=(size, size))
    _, component = connected_components(graph.tocsr(), directed=True, connection="strong")
    out[real.index] = component[new] == component[old]
    return out


def _kinds(old: pd.DataFrame, new: pd.DataFrame, index: pd.Index) -> pd.Series:
    was = old["academy"].eq(True).fillna(False).to_numpy(dtype=bool)
    now = new["academy"].eq(True).fillna(False).to_numpy(dtype=bool)
    words = np.where(now & was, "academy to academy", np.where(now, "converted", "other"))
    return pd.Series(words, index=index, dtype="str")
