"""Rules that need more than one cell: across a row, across rows, across tables.

A rule judges only cells that are sound in themselves, so one mistake is reported once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

import pandas as pd

from workbench.terms import Term
from workbench.trust.columns import TableContract
from workbench.trust.contracts_evidence import PUPIL_GROUPS
from workbench.trust.faults import Fault, printable
from workbench.trust.layout import Grid
from workbench.trust.row_rules import ROW_RULES


@dataclass(frozen=True)
class Examined:
    """One table after its cells were judged.

    Attributes:
        grid: The table as it lies in its file.
        values: Typed values of the rows whose cells can be told apart; unsound cells missing.
        written: Whether each cell holds anything, sound or not; same shape.
        sound: Whether each cell holds a value that breaks no rule; same shape.
    """

    grid: Grid
    values: pd.DataFrame
    written: pd.DataFrame
    sound: pd.DataFrame

    @property
    def table(self) -> TableContract:
        """The table's contract."""
        return self.grid.table

    def fault(self, row: int, columns: Sequence[str], rule: str, message: str, mend: str) -> Fault:
        """Return a fault at cells of this table, quoting them as written."""
        cells = self.grid.cells
        value = " + ".join(str(cells.at[row, name]) for name in columns if name in cells)
        return Fault(
            self.grid.file, self.grid.sheet, row, " + ".join(columns), value, rule, message, mend
        )


# Codes that name a row of another table: table, column, the table named, its column.
CODES_REFERRED_TO = (
    ("support", "provider_post", "people", "post_id"),
    ("executive_time", "post_id", "people", "post_id"),
    ("skills", "person", "people", "person"),
    ("project_reviews", "project_id", "projects", "project_id"),
    ("qa_actions", "review_id", "qa_reviews", "review_id"),
)
_NEVER = pd.Timestamp.max.as_unit("s")

_WHILE_AHEAD = {
    "since": "leave the spell out until it begins",
    "started": "leave it blank until support starts",
    "ended": "leave it blank while support goes on",
    "received": "leave it blank until it arrives",
    "done": "leave it blank until the review is done",
    "held": "leave it out, or blank, until it is held",
    "closed": "leave it blank until then",
    "decided": "leave it blank until it is decided",
    "resolved": "leave it blank until it is known",
}


def crosscheck(examined: Mapping[str, Examined]) -> Iterator[Fault]:
    """Give every fault that needs more than one cell to see."""
    for one in examined.values():
        yield from _across_a_row(one)
        yield from _repeated(one)
    if "trust" in examined:
        yield from _more_than_one_trust(examined["trust"])
        yield from _after_as_of(examined)
    if "people" in examined:
        yield from _overlapping_spells(examined["people"])
        yield from _two_heads(examined["people"])
    if "attendance" in examined:
        yield from _overlapping_half_terms(examined["attendance"])
    if "attainment" in examined:
        yield from _groups_over_all(examined["attainment"])
    if "schools" in examined:
        yield from _unknown_schools(examined)
    for name, column, other, code in CODES_REFERRED_TO:
        if name in examined and other in examined:
            yield from _unknown_codes(examined[name], column, examined[other], code)


def _across_a_row(one: Examined) -> Iterator[Fault]:
    for rule in ROW_RULES:
        if rule.table != one.table.name:
            continue
        if one.grid.stray_headings and not set(rule.columns) <= set(one.grid.cells):
            continue  # a heading may be misspelt
        breaks = rule.breaks(one.values, one.written).fillna(False).astype(bool)
        for row in one.values.index[breaks]:
            yield one.fault(row, rule.columns, rule.key, rule.message, rule.mend)


def _repeated(one: Examined) -> Iterator[Fault]:
    """Rows that are copies of an earlier one, and rows that share a key but differ."""
    key = list(one.table.key)
    if not one.grid.cells.duplicated(key).any():
        return  # which is quickly seen, and holds of most tables
    whole = one.sound[key].all(axis=1)
    cells = one.grid.cells.loc[one.values.index[whole]]
    copies = cells.duplicated()
    if copies.any():
        first = cells.assign(row=cells.index).groupby(key)["row"].transform("first")
        for row in cells.index[copies]:
            yield one.fault(
                row, key, "row_repeated", f"the row repeats row {first[row]}",
                "take one of them out",
            )  # fmt: skip
    distinct = cells[~copies]
    clashing = distinct[distinct.duplicated(key, keep=False)]
    for _, group in clashing.groupby(key):
        rows = group.index
        for row in rows:
            other, more = rows[rows != row][0], len(rows) - 2
            yield one.fault(
                row, key, "key_repeated",
                f"the row has the same {' + '.join(key)} as row {other}"
                f"{f' and {more} more' if more else ''}, but differs",
                "keep the right one, or correct the key",
            )  # fmt: skip


def _more_than_one_trust(one: Examined) -> Iterator[Fault]:
    cells = one.grid.cells
    distinct = cells[~cells.duplicated()]
    keys = distinct[list(one.table.key)].drop_duplicates()
    if len(keys) > 1:
        for row in keys.index:
            yield one.fault(
                row, one.table.key, "more_than_one_trust", "a trust folder describes one trust",
                "keep the row of the trust meant",
            )  # fmt: skip


def _after_as_of(examined: Mapping[str, Examined]) -> Iterator[Fault]:
    days = examined["trust"].values["as_of"].dropna().unique()
    if len(days) != 1:
        return
    for name, one in examined.items():
        if name == "trust":
            continue
        for column in one.table.known_by_as_of:
            begins = _first_days(one.values[column])
            mend = _WHILE_AHEAD.get(column, f"check {column}")
            for row in one.values.index[begins > days[0]]:
                yield one.fault(
                    row, (column,), "after_as_of",
                    f"{column} is after {days[0]:%Y-%m-%d}, the day the folder describes "
                    "(trust.as_of)", f"{mend}, or bring as_of up to date",
                )  # fmt: skip


def _first_days(values: pd.Series) -> pd.Series[pd.Timestamp]:
    """Return days as they are, and terms and academic years as their first day."""
    if pd.api.types.is_datetime64_dtype(values):
        return values
    written = values.dropna().unique()
    begins = {
        text: pd.Timestamp(Term.parse(text if " " in text else f"{text} autumn").first_day)
        for text in written
    }
    return values.map(begins).astype("datetime64[s]")


def _spells(one: Examined) -> pd.DataFrame:
    """Return the rows of people whose first and last day are sound, in the order they begin."""
    spells = one.values[one.sound["since"] & one.sound["post_id"]]
    spells = spells[(spells["until"].notna() & (spells["until"] >= spells["since"]))
                    | ~one.written.loc[spells.index, "until"]]  # fmt: skip
    ordered: pd.DataFrame = spells.sort_values(["post_id", "since"], kind="stable")
    return ordered


def _overlapping_spells(one: Examined) -> Iterator[Fault]:
    spells = _spells(one)
    before = spells.groupby("post_id").shift()
    ends = before["until"].fillna(_NEVER)
    overlap = (
        before["since"].notna() & (before["since"] < spells["since"]) & (spells["since"] < ends)
    )
    for row in spells.index[overlap].sort_values():
        yield one.fault(
            row, ("since",), "spells_overlap",
            "the spell begins before the post's earlier spell has ended",
            "write the day the earlier spell ended in its until, or correct since",
        )  # fmt: skip


def _two_heads(one: Examined) -> Iterator[Fault]:
    """Heads of one school at one time in two posts, unless each is part-time and they share.

    A head who acts stands beside a post that is vacant, so the two are never both filled.
    """
    spells = _spells(one)
    spells = spells[
        (spells["role"] == "head") & (spells["status"] == "filled") & spells["urn"].notna()
    ].sort_values("since", kind="stable")
    for _, heads in spells.groupby("urn"):
        if heads["post_id"].nunique() == 1:
            continue
        ends = heads["until"].fillna(_NEVER)
        for at, (row, head) in enumerate(heads.iterrows()):
            earlier = heads.iloc[:at]
            beside = earlier[
                (earlier["post_id"] != head["post_id"])
                & (ends.iloc[:at] > head["since"])
                & ((earlier["fte"] >= 1) | (head["fte"] >= 1))
            ]
            if len(beside):
                yield one.fault(
                    int(str(row)), ("post_id",), "two_heads",
                    f"the school has another head at the same time, in row {beside.index[0]}",
                    "write the day the earlier head left in until; where one acts for another, "
                    "make the post of the absent head vacant; where two share, give each one's fte",
                )  # fmt: skip


def _of_one_key(one: Examined, columns: Sequence[str]) -> pd.DataFrame:
    """Return the rows whose cells in the columns are sound and whose key is not repeated."""
    rows = one.values[one.sound[[*one.table.key, *columns]].all(axis=1)].drop_duplicates()
    distinct: pd.DataFrame = rows[~rows.duplicated(list(one.table.key), keep=False)]
    return distinct


def _overlapping_half_terms(one: Examined) -> Iterator[Fault]:
    """Half-terms of one school that share a day: its sessions would count twice."""
    rows = _of_one_key(one, ("begins", "ends"))
    rows = rows[rows["ends"] >= rows["begins"]].sort_values(["urn", "begins"], kind="stable")
    by_school = rows.groupby("urn")
    last = by_school["ends"].cummax().groupby(rows["urn"]).shift()
    for row in rows.index[last >= rows["begins"]].sort_values():
        yield one.fault(
            row, ("begins",), "half_terms_overlap",
            "the half-term begins before an earlier one of the school has ended",
            "correct begins, or the ends of the earlier half-term",
        )  # fmt: skip


def _groups_over_all(one: Examined) -> Iterator[Fault]:
    """Two groups that make up a school's pupils at most, and yet are more than all of them.

    Each of the three rows is at fault, since nothing says which of the counts is wrong.
    """
    rows = _of_one_key(one, ("pupils",))
    for _, results in rows.groupby(["urn", "results", "measure"]):
        pupils = results.set_index("group")["pupils"]
        if len(pupils) == len(PUPIL_GROUPS) and pupils.drop("all").sum() > pupils["all"]:
            for row in results.index:
                yield one.fault(
                    row, ("pupils",), "groups_over_all",
                    "disadvantaged and other pupils are together more than all pupils of the "
                    "school's results",
                    "correct the pupils of one of the three groups",
                )  # fmt: skip


def _unknown_schools(examined: Mapping[str, Examined]) -> Iterator[Fault]:
    """References to schools that no row of `schools` names, sound or not."""
    texts = examined["schools"].grid.cells["urn"]
    readable = texts.str.fullmatch("[1-9][0-9]{5}")
    references = {
        (name, column): one.values[column]
        for name, one in examined.items()
        for column in one.table.references
    }
    known = frozenset(texts[readable].astype("int64"))
    for name, column, row, urn in _unknown(references, known, int((~readable).sum())):
        yield examined[name].fault(
            row, (column,), "school_unknown", f"no row of schools has the URN {urn}",
            "correct the URN, or add the school to schools",
        )  # fmt: skip


def _unknown_codes(one: Examined, column: str, other: Examined, code: str) -> Iterator[Fault]:
    """Codes of a table that no row of the other table has, sound or not."""
    what = "post" if code == "post_id" else code.removesuffix("_id")
    references = {(one.table.name, column): one.values[column]}
    known = frozenset(other.grid.cells[code])
    unread = int((~other.sound[code] & other.written[code]).sum())
    for _, name, row, value in _unknown(references, known, unread):
        yield one.fault(
            row, (name,), f"{what}_unknown",
            f"no row of {other.table.name} has the {code} {printable(value)}",
            f"correct the {what}, or add it to {other.table.name}",
        )  # fmt: skip


def _unknown(
    references: Mapping[tuple[str, str], pd.Series], known: Set[Any], unreadable: int
) -> Iterator[tuple[str, str, int, Any]]:
    """Give references to what no row names, as table, column, row and value.

    A row whose own code cannot be read would make every reference to it look unknown; so the
    unknown codes referred to most often, one for each such row, are put down to it.
    """
    unknown = {
        place: values.dropna()[lambda codes: ~codes.isin(known)]
        for place, values in references.items()
    }
    counts = Counter(code for codes in unknown.values() for code in codes)
    excused = {code for code, _ in counts.most_common(unreadable)}
    for (name, column), codes in unknown.items():
        for row, code in zip(map(int, codes.index), codes, strict=True):
            if code not in excused:
                yield name, column, row, code
