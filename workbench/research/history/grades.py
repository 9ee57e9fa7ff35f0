"""Every published inspection once, counted for the school that was inspected.

A converter's row often shows the grade of the school before it. Such a grade goes to the
predecessor that was open on the day, along links that can be followed; where they cannot, it is
listed and counted for nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

import pandas as pd

from workbench.trust.published.inspections import SAME_INSPECTION_DAYS, continues
from workbench.trust.published.ofsted import CARD_AREAS, Read

GRADES = MappingProxyType({"outstanding": 1, "good": 2, "requires improvement": 3, "inadequate": 4})
_SAID = ("grade", "kind", "category")


def owned(records: pd.DataFrame, schools: pd.DataFrame) -> pd.DataFrame:
    """Return records with the URN each is counted for, or the reason why for none.

    Args:
        records: urn, date, urn_at_inspection, own (`yes`, `no` or blank), may_inherit.
        schools: The table `schools`, by `urn` (open_date, open_from, predecessor, place), with
            `linked` (whether any predecessor is listed, followed or not) and `open_by` (the first
            day it joined a trust).

    Returns:
        The records with `owner` (Int64), `inherited` and `fault` (blank where there is an owner).
    """
    listed = schools.reindex(records["urn"])
    opened = pd.Series(listed["open_date"].to_numpy(), records.index)
    linked = pd.Series(listed["linked"].eq(True).to_numpy(dtype=bool), records.index)
    academy = pd.Series(listed["academy"].eq(True).to_numpy(dtype=bool, na_value=False),
                        records.index)  # fmt: skip
    named = records["urn_at_inspection"]
    other = (named.notna() & named.ne(records["urn"])).fillna(False)
    # The day of a link is not always that of the opening: it says nothing against a file that
    # lists each school under its own URN.
    certain = pd.Series(listed["open_from"].eq("register").to_numpy(dtype=bool), records.index)
    before = records["date"].lt(opened) & records["own"].ne("yes")
    before &= certain | records["may_inherit"]
    theirs = records["own"].eq("no") | before
    since = _open_by(records, other | theirs, listed)
    unsure = records["may_inherit"] & opened.isna() & (linked | academy) & ~theirs & ~other
    unsure &= ~records["date"].ge(since)
    walked = _walk(records["urn"], records["date"], schools, theirs & ~other)
    owner = records["urn"].astype("Int64").where(~theirs, walked).where(~other, named)
    fault = pd.Series("", records.index, dtype="str")
    fault = fault.mask(theirs & ~other & walked.isna() & linked,
                       "of a predecessor, and no link to it can be followed")  # fmt: skip
    fault = fault.mask(theirs & ~other & walked.isna() & ~linked,
                       "of a predecessor that no link names")  # fmt: skip
    fault = fault.mask(unsure, "perhaps of a predecessor: the school's opening day is not known")
    owner = owner.where(fault.eq(""))
    inherited = owner.notna() & owner.ne(records["urn"])
    return records.assign(owner=owner, inherited=inherited.astype(bool), fault=fault)


def merged(records: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return each inspection once, and those whose grades differ between files.

    Records of one school within `SAME_INSPECTION_DAYS` are one inspection: files give its first day
    or its last. Each value is the one of the file trusted most (`rank`, lowest first).

    Args:
        records: owner, date, grade, kind, category, source, rank, inherited.

    Returns:
        One row an inspection: urn, date (the first), grade, kind, category, source, files,
        inherited (whether only later schools' rows give it); and of those with several grades
        urn, date, grades (each with its file).
    """
    ordered = records.sort_values(["owner", "date", "rank"], kind="stable").reset_index(drop=True)
    ordered["inspection"] = (~continues(ordered["owner"], ordered["date"])).cumsum()
    days = ordered.groupby("inspection")["date"].min()
    # A row of the school itself says more than one of its successor's, where they differ.
    said = ordered.replace("", None).sort_values(["inspection", "inherited", "rank"], kind="stable")
    grouped = said.groupby("inspection")
    out = grouped[["owner", *_SAID, "source"]].first().rename(columns={"owner": "urn"})
    out["date"] = days
    out["files"] = grouped["source"].nunique()
    out["inherited"] = grouped["inherited"].all()
    differ = grouped["grade"].nunique().gt(1)
    disputed = said[said["inspection"].map(differ) & said["grade"].notna()]
    words = disputed["grade"].astype("str") + " " + disputed["source"]
    listed = words.groupby(disputed["inspection"]).agg(lambda texts: "; ".join(sorted(set(texts))))
    disputes = out.loc[listed.index, ["urn", "date"]].assign(grades=listed)
    return out.reset_index(drop=True), disputes.reset_index(drop=True)


def records_of(reads: Sequence[tuple[str, Read]]) -> pd.DataFrame:
    """Return the older-framework records of several files in one frame.

    Args:
        reads: Each file's name and what it says, the file to trust most first.
    """
    frames = [
        pd.DataFrame(
            {
                "urn": read.oeif["urn"].astype("int64"),
                "date": read.oeif["inspection_date"],
                "grade": read.oeif["overall"].map(GRADES).astype("Int64"),
                "kind": read.oeif["kind"], "category": read.oeif["category"],
                "urn_at_inspection": read.oeif["urn_at_inspection"], "own": read.oeif["own"],
                "may_inherit": read.oeif["may_inherit"].astype(bool), "source": name, "rank": rank,
            }
        )
        for rank, (name, read) in enumerate(reads)
    ]  # fmt: skip
    return pd.concat(frames, ignore_index=True)


def report_cards_of(reads: Sequence[tuple[str, Read]]) -> pd.DataFrame:
    """Return report cards as one row an area judged, in the shape `owned` takes.

    Args:
        reads: As for `records_of`.
    """
    frames = []
    for name, read in reads:
        facts = read.cards[["urn", "inspection_date", "urn_at_inspection", "own"]]
        for area in ("safeguarding", *CARD_AREAS):
            judged = facts.assign(area=area, judgement=read.cards[area], source=name)
            frames.append(judged[judged["judgement"].fillna("").ne("")])
    cards = pd.concat(frames, ignore_index=True).rename(columns={"inspection_date": "date"})
    cards = cards.assign(may_inherit=False).drop_duplicates(["urn", "date", "area"])
    return cards.astype({"urn": "int64"})


def _open_by(records: pd.DataFrame, theirs: pd.Series, listed: pd.DataFrame) -> pd.Series:
    """Return a day by which each record's school is sure to have been open under its URN.

    That is the first day it joined a trust or was inspected under that URN.
    """
    sure = records[~records["may_inherit"] & ~theirs]
    first = sure.groupby("urn")["date"].min() - pd.Timedelta(days=SAME_INSPECTION_DAYS)
    inspected = pd.Series(first.reindex(records["urn"]).to_numpy(), records.index)
    joined = pd.Series(listed["open_by"].to_numpy(), records.index)
    return inspected.where(~joined.lt(inspected) & inspected.notna(), joined)


def _walk(urns: pd.Series, days: pd.Series, schools: pd.DataFrame, wanted: pd.Series) -> pd.Series:
    """Return the predecessor that was open on each day, along links that can be followed."""
    at: pd.Series = urns.astype("Int64").where(wanted)
    out = pd.Series(pd.NA, urns.index, dtype="Int64")
    for step in range(int(schools["place"].max() or 0) + 1):
        here = schools.reindex(at.fillna(-1).astype("int64"))
        opened = pd.Series(here["open_date"].to_numpy(), urns.index)
        # The school asked about is never its own predecessor, whatever its opening day.
        there = at.notna() & ~days.lt(opened) & (step > 0)
        out = out.where(~there, at)
        at = pd.Series(here["predecessor"].array, urns.index, dtype="Int64").where(~there)
    return out.where(wanted)
