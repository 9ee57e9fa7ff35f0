"""One record of each inspection, from everything published about it.

The same inspection stands in several files, under its first day in some and its last in others,
and a converter's row often holds the grade of the school it replaced. Here records are joined by
URN and date, told apart by whose they are, and cut off at the day the membership describes.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

import pandas as pd

from workbench.trust.contracts import TABLES
from workbench.trust.published.ofsted import CARD_FIELDS, OEIF_FIELDS, Read, count

# First and last day of one inspection lie a few days apart; two gradings of one school never come
# nearer than three months in the published history, so within this many days they are one.
SAME_INSPECTION_DAYS = 14


def continues(urns: pd.Series, days: pd.Series) -> pd.Series:
    """Return whether each record is of the same inspection as the one before it.

    Args:
        urns: Whose record each is; in order of school and day, none missing.
        days: Its day.

    Returns:
        True where the school is that of the record before, within `SAME_INSPECTION_DAYS` of it.
    """
    same = urns.eq(urns.shift()) & days.diff().dt.days.le(SAME_INSPECTION_DAYS)
    return pd.Series(same, dtype=bool)


def combine_oeif(
    reads: Sequence[Read], opened: pd.Series, predecessors: pd.Series, as_of: dt.date
) -> tuple[pd.DataFrame, Counter[str]]:
    """Return the `inspections_oeif` table of some schools and what was left out, counted.

    A record is a predecessor's when the file says so or when it is dated before the school opened
    under its URN; it is kept with `urn_at_inspection` filled, never as the school's own grade, and
    left out where the predecessor cannot be named.

    Args:
        reads: What the files say, the file to trust most first.
        opened: Opening dates, by URN.
        predecessors: URN of the only predecessor, by URN.
        as_of: Last day an inspection may have.
    """
    notes: Counter[str] = Counter()
    records = pd.concat(
        [read.oeif.assign(rank=rank) for rank, read in enumerate(reads)], ignore_index=True
    )
    records = _owned(records, opened, predecessors, notes)
    late = records["inspection_date"].gt(pd.Timestamp(as_of))
    count(notes, f"older-framework inspection after {as_of}", late)
    merged = _merge(records[~late], notes)
    return merged[list(OEIF_FIELDS)].reset_index(drop=True), notes


def combine_cards(reads: Sequence[Read], as_of: dt.date) -> tuple[pd.DataFrame, Counter[str]]:
    """Return the `inspections_report_card` table of some schools and what was left out, counted.

    A card whose grades were revised after `as_of` is left out: what it said then is not published.

    Args:
        reads: What the files say, the file to trust most first.
        as_of: Last day an inspection, or a revised grade, may have.
    """
    notes: Counter[str] = Counter()
    frames = [read.cards for read in reads if len(read.cards)]
    if not frames:
        return TABLES["inspections_report_card"].empty(), notes
    cards = pd.concat(frames, ignore_index=True)
    theirs = cards["own"].eq("no") | _differs(cards["urn_at_inspection"], cards["urn"])
    count(notes, "report card of a predecessor", theirs)
    late = ~theirs & cards["inspection_date"].gt(pd.Timestamp(as_of))
    count(notes, f"report card of an inspection after {as_of}", late)
    revised = ~theirs & ~late & cards["revised"].gt(pd.Timestamp(as_of))
    count(notes, f"report card with a grade revised after {as_of}", revised)
    kept = cards[~theirs & ~late & ~revised].drop_duplicates(["urn", "inspection_date"])
    ordered = kept.sort_values(["urn", "inspection_date"])
    return ordered[list(CARD_FIELDS)].reset_index(drop=True), notes


def _owned(
    records: pd.DataFrame, opened: pd.Series, predecessors: pd.Series, notes: Counter[str]
) -> pd.DataFrame:
    """Return records with `urn_at_inspection` filled where, and only where, it differs."""
    days = pd.Series(opened.reindex(records["urn"]).to_numpy(), records.index)
    named_other = _differs(records["urn_at_inspection"], records["urn"])
    before = days.notna() & records["inspection_date"].lt(days) & records["own"].ne("yes")
    theirs = named_other | records["own"].eq("no") | before
    unsure = records["may_inherit"] & days.isna() & ~theirs
    count(
        notes, "grade that may be a predecessor's, the school's opening date being unknown", unsure
    )
    whose = records["urn_at_inspection"].where(named_other)
    whose = whose.fillna(records["urn"].map(predecessors).astype("Int64")).where(theirs)
    unnamed = theirs & whose.isna()
    count(notes, "grade of a predecessor whose URN is not known", unnamed)
    return records.assign(urn_at_inspection=whose)[~unsure & ~unnamed]


def _merge(records: pd.DataFrame, notes: Counter[str]) -> pd.DataFrame:
    """Return one row an inspection: its first day, and each field from the most trusted file."""
    if records.empty:
        return TABLES["inspections_oeif"].empty()
    whose = records["urn_at_inspection"].fillna(0)
    ordered = records.assign(whose=whose).sort_values(
        ["urn", "whose", "inspection_date", "rank"], kind="stable"
    )
    same = continues(ordered["urn"], ordered["inspection_date"])
    same &= ordered["whose"].eq(ordered["whose"].shift())
    ordered["inspection"] = (~same).cumsum()
    days = ordered.groupby("inspection")["inspection_date"].min()
    said = ordered.replace("", None).sort_values(
        ["inspection", "rank", "kind"], kind="stable", na_position="last"
    )  # `graded` sorts before `ungraded`
    disagree = said.groupby("inspection")["overall"].nunique().gt(1)
    count(notes, "inspection whose overall grade differs between files", disagree)
    merged = said.groupby("inspection")[[*OEIF_FIELDS, "whose"]].first()
    merged["kind"] = said.groupby("inspection")["kind"].min()
    merged["inspection_date"] = days
    merged = merged.sort_values(["urn", "inspection_date", "whose"], kind="stable")
    return merged.drop_duplicates(["urn", "inspection_date"])


def _differs(left: pd.Series, right: pd.Series) -> pd.Series:
    return left.notna() & left.fillna(0).ne(right)
