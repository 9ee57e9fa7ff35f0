"""Rules that need more than one cell: across a row, across rows, across tables.

A rule judges only cells that are sound in themselves, so one mistake is reported once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.trust.columns import TableContract
from workbench.trust.faults import Fault
from workbench.trust.layout import Grid

OEIF_JUDGEMENTS = (
    "overall", "quality_of_education", "behaviour_and_attitudes", "personal_development",
    "leadership_and_management", "early_years", "sixth_form",
)  # fmt: skip


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


@dataclass(frozen=True)
class RowRule:
    """A rule between the cells of one row: `breaks(values, written)` marks the rows at fault."""

    table: str
    key: str
    columns: tuple[str, ...]
    breaks: Callable[[pd.DataFrame, pd.DataFrame], pd.Series[bool]]
    message: str
    mend: str


def _more_days_than_worked(values: pd.DataFrame, _: pd.DataFrame) -> pd.Series[bool]:
    both = values["started"].notna() & values["ended"].notna()
    known = values[both]
    days = np.busday_count(
        known["started"].to_numpy().astype("datetime64[D]"),
        known["ended"].to_numpy().astype("datetime64[D]") + np.timedelta64(1, "D"),
    )
    worked = pd.Series(days, index=known.index, dtype="float64").reindex(values.index)
    return (values["days"] > worked) & (values["started"] <= values["ended"])


ROW_RULES = (
    RowRule(
        "inspections_oeif", "graded_without_grade", ("overall",),
        lambda v, w: (v["kind"] == "graded") & ~w[list(OEIF_JUDGEMENTS)].any(axis=1),
        "a graded inspection has neither an overall judgement nor any other",
        "fill in its judgements, or correct the kind",
    ),
    RowRule(
        "inspections_report_card", "published_before_inspected", ("publication_date",),
        lambda v, _: v["publication_date"] < v["inspection_date"],
        "the report card is published before the inspection", "check both dates",
    ),
    RowRule(
        "people", "person_in_vacancy", ("person",),
        lambda v, w: (v["status"] == "vacant") & w["person"],
        "a vacant post names a person", "leave person blank, or write filled as the status",
    ),
    RowRule(
        "people", "person_missing", ("person",),
        lambda v, w: (v["status"] == "filled") & ~w["person"],
        "a filled post names no person",
        "write the pseudonym, such as P012, or vacant as the status",
    ),
    RowRule(
        "people", "until_before_since", ("until",), lambda v, _: v["until"] < v["since"],
        "the spell ends before it begins", "check since and until",
    ),
    RowRule(
        "support", "provider_is_recipient", ("provider_urn",),
        lambda v, _: v["provider_urn"] == v["recipient_urn"],
        "the school that gives the support is the one that receives it",
        "correct one of the two URNs",
    ),
    RowRule(
        "support", "started_before_triggered", ("started",),
        lambda v, _: v["started"] < v["triggered"],
        "the support starts before its need was recognised", "check triggered and started",
    ),
    RowRule(
        "support", "ended_without_start", ("started",), lambda v, w: w["ended"] & ~w["started"],
        "the support has ended but has no start", "fill in started, or leave ended blank",
    ),
    RowRule(
        "support", "ended_before_started", ("ended",), lambda v, _: v["ended"] < v["started"],
        "the support ends before it starts", "check started and ended",
    ),
    RowRule(
        "support", "more_days_than_worked", ("days",), _more_days_than_worked,
        "there are more days of support than working days between started and ended",
        "check days, started and ended",
    ),
    RowRule(
        "school_statistics", "value_and_marker", ("value", "marker"),
        lambda v, w: w["value"] & w["marker"],
        "there is both a number and a marker for having none", "keep one of the two",
    ),
    RowRule(
        "school_statistics", "no_value_no_marker", ("value", "marker"),
        lambda v, w: ~w["value"] & ~w["marker"],
        "there is neither a number nor a marker for having none",
        "fill in value, or write the marker that says why there is none",
    ),
)  # fmt: skip

REFERENCES = {
    "inspections_oeif": ("urn",),
    "inspections_report_card": ("urn",),
    "people": ("urn",),
    "support": ("provider_urn", "recipient_urn"),
    "support_capacity": ("urn",),
    "returns": ("urn",),
    "school_statistics": ("urn",),
}
KNOWN_BY_AS_OF = {
    "schools": "joined",
    "inspections_oeif": "inspection_date",
    "inspections_report_card": "inspection_date",
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
    if "schools" in examined:
        yield from _unknown_schools(examined)


def _across_a_row(one: Examined) -> Iterator[Fault]:
    for rule in ROW_RULES:
        misspelt = one.grid.stray_headings and not set(rule.columns) <= set(one.grid.cells)
        if rule.table != one.table.name or misspelt:
            continue
        breaks = rule.breaks(one.values, one.written).fillna(False).astype(bool)
        for row in one.values.index[breaks]:
            yield one.fault(row, rule.columns, rule.key, rule.message, rule.mend)


def _repeated(one: Examined) -> Iterator[Fault]:
    """Rows that are copies of an earlier one, and rows that share a key but differ."""
    key = list(one.table.key)
    whole = one.sound[key].all(axis=1)
    cells = one.grid.cells.loc[one.values.index[whole]]
    copies = cells.duplicated()
    first = cells.assign(row=cells.index).groupby(key)["row"].transform("first")
    for row in cells.index[copies]:
        yield one.fault(
            row, key, "row_repeated", f"the row repeats row {first[row]}", "take one of them out"
        )
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
    for name, column in KNOWN_BY_AS_OF.items():
        one = examined.get(name)
        if one is None:
            continue
        for row in one.values.index[one.values[column] > days[0]]:
            yield one.fault(
                row, (column,), "after_as_of",
                f"{column} is after {days[0]:%Y-%m-%d}, the day the folder describes (trust.as_of)",
                f"check {column}, or bring as_of up to date",
            )  # fmt: skip


def _overlapping_spells(one: Examined) -> Iterator[Fault]:
    spells = one.values[one.sound["since"] & one.sound["post_id"]]
    spells = spells[(spells["until"].notna() & (spells["until"] >= spells["since"]))
                    | ~one.written.loc[spells.index, "until"]]  # fmt: skip
    spells = spells.sort_values(["post_id", "since"], kind="stable")
    before = spells.groupby("post_id").shift()
    ends = before["until"].fillna(pd.Timestamp.max.as_unit("s"))
    overlap = (
        before["since"].notna() & (before["since"] < spells["since"]) & (spells["since"] < ends)
    )
    for row in spells.index[overlap].sort_values():
        yield one.fault(
            row, ("since",), "spells_overlap",
            "the spell begins before the post's earlier spell has ended",
            "write the day the earlier spell ended in its until, or correct since",
        )  # fmt: skip


def _unknown_schools(examined: Mapping[str, Examined]) -> Iterator[Fault]:
    """References to schools that no row of `schools` names, sound or not.

    A school row whose own URN cannot be read would make every reference to it look unknown;
    so the unknown URNs referred to most often, one for each such row, are put down to it.
    """
    texts = examined["schools"].grid.cells["urn"]
    readable = texts.str.fullmatch("[1-9][0-9]{5}")
    known = set(texts[readable].astype("int64"))
    unknown = {
        (name, column): one.values[column].dropna()[lambda urns: ~urns.isin(known)]
        for name, columns in REFERENCES.items()
        if (one := examined.get(name)) is not None
        for column in columns
    }
    counts = Counter(urn for urns in unknown.values() for urn in urns)
    excused = {urn for urn, _ in counts.most_common(int((~readable).sum()))}
    for (name, column), urns in unknown.items():
        for row, urn in zip(map(int, urns.index), urns, strict=True):
            if urn not in excused:
                yield examined[name].fault(
                    row, (column,), "school_unknown", f"no row of schools has the URN {urn}",
                    "correct the URN, or add the school to schools",
                )  # fmt: skip
