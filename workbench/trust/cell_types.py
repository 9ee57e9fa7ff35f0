"""How single cells are written: what a spreadsheet program changed, and stray spaces."""

from __future__ import annotations

import re

import pandas as pd

from workbench.trust import cell_letters
from workbench.trust.columns import ColumnContract
from workbench.trust.faults import Fault
from workbench.trust.placement import Findings, Outline

_SPACES = " \t\r\n"
_HARD_SPACES = "[\u00a0\u2007\u202f]"
_UNTIDY = re.compile(rf"{_HARD_SPACES}|\A[{_SPACES}]|[{_SPACES}]\Z")
_CHANGED = {
    cell_letters.NUMBER: "a number",
    cell_letters.DATE: "a date",
    cell_letters.BOOLEAN: "TRUE/FALSE",
}


def judge_types(
    outline: Outline, cells: pd.DataFrame, letters: pd.DataFrame, found: Findings
) -> None:
    """Report cells of a workbook that do not hold what they show, or what was typed.

    Args:
        outline: Where the table is.
        cells: Text of the contract's columns.
        letters: Type letters of the same cells.
        found: What is found is added here.
    """
    for name in outline.places:
        column = outline.table.column(name)
        suspects = {cell_letters.UNCACHED, *_changing(column)}
        if column.kind == "number":
            suspects.add(cell_letters.PERCENT)
        suspect = letters[name].isin(suspects)
        for row in map(int, cells.index[suspect]):
            if (row, name) not in found.covered:
                letter, value = str(letters.at[row, name]), str(cells.at[row, name])
                found.faults.append(_type_fault(outline, row, column, letter, value))


def _changing(column: ColumnContract) -> tuple[str, ...]:
    """Return the types a spreadsheet program gives to text it took for something else."""
    if column.kind == "code":
        return cell_letters.NUMBER, cell_letters.DATE, cell_letters.BOOLEAN
    if column.kind == "text" and not column.verbatim:
        return cell_letters.DATE, cell_letters.BOOLEAN
    return ()


def _type_fault(
    outline: Outline, row: int, column: ColumnContract, letter: str, value: str
) -> Fault:
    if letter == cell_letters.UNCACHED:
        return outline.fault(
            row, column.name, value=value, rule="formula_without_value",
            message="the cell holds a formula that was saved without its result",
            mend="open the file in a spreadsheet program and save it, or write the value",
        )  # fmt: skip
    if letter == cell_letters.PERCENT:
        return outline.fault(
            row, column.name, value=value, rule="percent_format",
            message=f"the cell shows {float(value) * 100:.6g}% and holds {value}",
            mend="format the column as Number, and write 25 for 25 percent",
        )  # fmt: skip
    return outline.fault(
        row, column.name, value=value, rule="changed_by_spreadsheet",
        message=f"the spreadsheet program holds this as {_CHANGED[letter]}, so what was typed "
        "may be lost",
        mend="format the column as Text, and type the value again",
    )  # fmt: skip


def tidied(outline: Outline, cells: pd.DataFrame, found: Findings) -> pd.DataFrame:
    """Return the cells without hard and outer spaces, noting each cell that had any."""
    tidy = {}
    for name in outline.places:
        texts = cells[name]
        if all(_UNTIDY.search(text) is None for text in set(texts.tolist())):
            tidy[name] = texts
            continue
        clean = texts.str.replace(_HARD_SPACES, " ", regex=True).str.strip(_SPACES)
        if outline.table.column(name).verbatim:
            clean = texts.where(clean != "", "")
        tidy[name] = clean
        changed = cells.index[(clean != texts) & (clean != "")]
        found.faults.extend(
            outline.fault(
                row, name, value=str(texts[row]), rule="untidy_space",
                message="the cell has spaces around it or hard spaces in it, and is read without",
                mend="nothing, or type it afresh", effect="noted",
            )
            for row in map(int, changed)
            if row not in found.misshapen
        )  # fmt: skip
    return pd.DataFrame(tidy, index=cells.index, dtype="str")
