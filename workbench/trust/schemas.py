"""From a table's contract to a pandera schema over its text, and to typed values beyond it.

Only text that breaks no rule is turned into numbers, dates and truth values.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workbench.trust.columns import ColumnContract, TableContract
from workbench.trust.rules import Rule, rules_for

if TYPE_CHECKING:
    import pandera.pandas as pa


@cache
def schema(table: TableContract) -> pa.DataFrameSchema:
    """Return a table's pandera schema over text: one check a rule, blank cells as empty text."""
    import pandera.pandas as pa  # noqa: PLC0415 - slow to import, and a sound folder needs none

    return pa.DataFrameSchema({column.name: _column_schema(column) for column in table.columns})


def _column_schema(column: ColumnContract) -> pa.Column:
    import pandera.pandas as pa  # noqa: PLC0415 - as in `schema`

    checks = [
        pa.Check(_over_values(rule), name=rule.key, error=rule.key) for rule in rules_for(column)
    ]
    return pa.Column(str, checks=checks, required=False)


def _over_values(rule: Rule) -> Callable[[pd.Series[str]], pd.Series[bool]]:
    """Ask each different text once, however many rows hold it."""

    def check(column: pd.Series[str]) -> pd.Series[bool]:
        codes, values = pd.factorize(column)
        verdicts = rule.passes(pd.Series(values)).to_numpy(dtype=bool, na_value=False)
        if rule.key != "required":
            verdicts = verdicts | np.asarray(values == "")
        return pd.Series(verdicts[codes], index=column.index)

    return check


def _spoilt(table: TableContract, cells: pd.DataFrame) -> list[str]:
    """Return the columns in which some rule is broken; most tables have none.

    A rule that many columns share is asked once for all their texts, and column by column only
    where one of them breaks it.
    """
    spoilt: set[str] = set()
    filled: dict[str, list[str]] = {}
    sharing: dict[Callable[[pd.Series[str]], pd.Series[bool]], list[str]] = {}
    for column in table.columns:
        if column.name not in cells:
            continue
        texts = dict.fromkeys(cells[column.name])  # each text once, in order
        blank = "" in texts
        filled[column.name] = [text for text in texts if text != ""]
        for rule in rules_for(column):
            if rule.key != "required":
                sharing.setdefault(rule.passes, []).append(column.name)
            elif blank:
                spoilt.add(column.name)
    together: dict[tuple[str, ...], pd.Series[str]] = {}
    for passes, names in sharing.items():
        key = tuple(names)
        if key not in together:
            each_once = dict.fromkeys(text for name in names for text in filled[name])
            together[key] = pd.Series(list(each_once), dtype="str")
        if not _all_pass(passes, together[key]):
            alone = {name: pd.Series(filled[name], dtype="str") for name in names}
            spoilt.update(name for name, texts in alone.items() if not _all_pass(passes, texts))
    return [column.name for column in table.columns if column.name in spoilt]


def _all_pass(passes: Callable[[pd.Series[str]], pd.Series[bool]], texts: pd.Series[str]) -> bool:
    return texts.empty or bool(passes(texts).to_numpy(dtype=bool, na_value=False).all())


def broken(table: TableContract, cells: pd.DataFrame) -> pd.DataFrame:
    """Return the first rule each cell breaks: columns `row` (index label), `column`, `rule`.

    Only columns that some rule refuses go through the schema, which is slow to say that all is
    well: 39 tables take a third of the time.
    """
    none = pd.DataFrame({"row": [], "column": [], "rule": []})
    spoilt = _spoilt(table, cells)
    if not spoilt:
        return none
    from pandera.errors import SchemaErrors  # noqa: PLC0415 - as in `schema`

    try:
        schema(table).validate(cells[spoilt], lazy=True)
    except SchemaErrors as found:
        cases: pd.DataFrame = found.failure_cases
        if cases["index"].isna().any():
            raise  # a rule itself failed: no verdict on the cells can be trusted
        first = cases.sort_values("check_number", kind="stable").drop_duplicates(
            ["index", "column"]
        )
        return first.rename(columns={"index": "row", "check": "rule"})[["row", "column", "rule"]]
    return none


def typed(table: TableContract, cells: pd.DataFrame) -> pd.DataFrame:
    """Return text that breaks no rule as typed values; blank text becomes missing.

    Columns the cells lack are filled with missing values. URN columns come back nullable,
    since rows not yet set aside may lack one.
    """
    blank = pd.Series("", index=cells.index, dtype="str")
    return pd.DataFrame({
        column.name: _typed_column(column, cells.get(column.name, blank))
        for column in table.columns
    })  # fmt: skip


def _typed_column(column: ColumnContract, texts: pd.Series[str]) -> pd.Series:
    known = texts.where(texts != "")
    match column.kind:
        case "urn" | "integer":
            return known.astype("Int64")
        case "number":
            return pd.to_numeric(known).astype("float64")
        case "date":
            return pd.to_datetime(known, format="%Y-%m-%d").astype("datetime64[s]")
        case "yes/no":
            return known.str.casefold().map({"yes": True, "no": False}).astype("boolean")
        case "choice":
            return known.str.casefold().map({w.casefold(): w for w in column.choices}).astype("str")
        case _:
            return known
