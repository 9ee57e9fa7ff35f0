"""From a table's contract to a pandera schema over its text, and to typed values beyond it.

Only text that breaks no rule is turned into numbers, dates and truth values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Set
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from workbench.trust.columns import ColumnContract, TableContract
from workbench.trust.rules import Rule, rules_for

if TYPE_CHECKING:
    import pandera.pandas as pa

Passes = Callable[["pd.Series[str]"], "pd.Series[bool]"]


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


def suspects(tables: Iterable[tuple[TableContract, pd.DataFrame]]) -> frozenset[Passes]:
    """Return the rules, by their functions, that some text of some table breaks; often none.

    A rule that many columns share is asked once for all their texts: asked column by column, 39
    tables take three times as long.

    Args:
        tables: Contracts with their cells, blank ones as empty text.
    """
    filled: list[list[str]] = []
    sharing: dict[Passes, list[int]] = {}
    for table, cells in tables:
        for column, rules in _asked(table, cells):
            for rule in rules:
                sharing.setdefault(rule.passes, []).append(len(filled))
            filled.append(_filled(cells[column.name]))
    pooled: dict[tuple[int, ...], pd.Series[str]] = {}
    for places in {tuple(places) for places in sharing.values()}:
        each_once = dict.fromkeys(text for place in places for text in filled[place])
        pooled[places] = pd.Series(list(each_once), dtype="str")
    return frozenset(
        passes for passes, places in sharing.items() if not _all_pass(passes, pooled[tuple(places)])
    )


def _asked(
    table: TableContract, cells: pd.DataFrame
) -> Iterator[tuple[ColumnContract, list[Rule]]]:
    """Give each column that is there, with the rules that are asked of filled cells."""
    for column in table.columns:
        if column.name in cells:
            yield column, [rule for rule in rules_for(column) if rule.key != "required"]


def _filled(column: pd.Series[str]) -> list[str]:
    return [text for text in dict.fromkeys(column.tolist()) if text != ""]


def _all_pass(passes: Passes, texts: pd.Series[str]) -> bool:
    return texts.empty or bool(passes(texts).to_numpy(dtype=bool, na_value=False).all())


def _spoilt(table: TableContract, cells: pd.DataFrame, suspected: Set[Passes]) -> list[str]:
    """Return the columns in which some rule is broken; most tables have none."""
    spoilt = []
    for column, rules in _asked(table, cells):
        doubtful = [rule.passes for rule in rules if rule.passes in suspected]
        texts = pd.Series(_filled(cells[column.name]) if doubtful else [], dtype="str")
        if (column.required and "" in set(cells[column.name].tolist())) or not all(
            _all_pass(passes, texts) for passes in doubtful
        ):
            spoilt.append(column.name)
    return spoilt


def broken(table: TableContract, cells: pd.DataFrame, suspected: Set[Passes]) -> pd.DataFrame:
    """Return the first rule each cell breaks: columns `row` (index label), `column`, `rule`.

    Args:
        table: The table's contract.
        cells: Its text, blank cells as empty text.
        suspected: What `suspects` found over tables of which this is one.

    Only columns that some rule refuses go through the schema, which is slow to say that all is
    well: 39 tables take a third of the time.
    """
    none = pd.DataFrame({"row": [], "column": [], "rule": []})
    spoilt = _spoilt(table, cells, suspected)
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
    values = {
        column.name: _typed_column(column, cells.get(column.name, blank))
        for column in table.columns
    }
    return pd.DataFrame(values, index=cells.index)


def _typed_column(column: ColumnContract, texts: pd.Series[str]) -> Any:
    """Return an array of typed values; by way of Python's own text, which is read faster."""
    words = texts.to_numpy(dtype=object)
    missing = words == ""
    known = np.where(missing, np.nan, words) if missing.any() else words
    match column.kind:
        case "urn" | "integer":
            whole = np.array([int(word) if word else 0 for word in words], dtype=np.int64)
            return pd.arrays.IntegerArray(whole, missing)
        case "number":
            return np.asarray(pd.to_numeric(known), dtype=np.float64)
        case "date":
            return pd.to_datetime(known, format="%Y-%m-%d").astype("datetime64[s]")
        case "yes/no":
            agreed = np.array([word.casefold() == "yes" for word in words], dtype=bool)
            return pd.arrays.BooleanArray(agreed, missing)
        case "choice":
            as_listed = {word.casefold(): word for word in column.choices} | {"": np.nan}
            return pd.array([as_listed[word.casefold()] for word in words], dtype="str")
        case _:
            return pd.array(known, dtype="str") if missing.any() else texts.array
