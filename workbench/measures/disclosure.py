"""What a reader can work out about the cells that a published table of counts leaves out.

A table with its totals is a set of linear equations, so whoever knows the shown cells and that
counts are not negative finds the range of every suppressed cell by linear programming (L.
Willenborg and T. de Waal, "Elements of Statistical Disclosure Control", 2001, chapter 4; M.
Fischetti and J. J. Salazar, "Models and algorithms for optimizing cell suppression in tabular data
with linear constraints", JASA 95, 2000). `attack` does what that reader would do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from scipy.optimize import linprog

Counts = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
TOTAL = "Total"


@dataclass(frozen=True)
class Published:
    """A table of counts as readers may see it; which cells were small to begin with is not in it.

    Attributes:
        shown: Whole numbers, missing where suppressed; sums stand under the label `Total`, in a
            last row and, unless the counts were a list, in a last column.
        refused: True where nothing is shown but, at most, the sum over the whole table.
    """

    shown: pd.DataFrame
    refused: bool


@dataclass(frozen=True)
class Equations:
    """What is known of the suppressed entries: `lines @ hidden == sums`, whole numbers.

    Attributes:
        lines: One row for each line of the table that has a total, one column for each suppressed
            entry, in row-major order.
        sums: What the suppressed entries of each line must add up to, with their signs.
    """

    lines: Counts
    sums: Counts

    @property
    def ceiling(self) -> int:
        """Return a number above every bounded entry: a vertex is a sum of some of `sums`."""
        return 2 * int(np.abs(self.sums).sum()) + 1


def equations(table: Counts, hidden: Mask, row_totals: bool = True) -> Equations:
    """Write down what the shown entries say about the hidden ones.

    Args:
        table: Entries with the sums of the columns as the last row and, where `row_totals`, the
            sums of the rows as the last column; hidden entries are not read.
        hidden: The entries left out.
        row_totals: Whether the last column holds sums.
    """
    rows, columns = table.shape
    sign = np.ones(table.shape, np.int64)
    sign[-1] *= -1
    if row_totals:
        sign[:, -1] *= -1
    place = np.argwhere(hidden)
    lines = np.zeros((rows + columns, len(place)), np.int64)
    lines[place[:, 0], range(len(place))] = sign[hidden]
    lines[rows + place[:, 1], range(len(place))] = sign[hidden]
    known = np.where(hidden, 0, sign * table)
    sums = -np.concatenate([known.sum(axis=1), known.sum(axis=0)])
    first = 0 if row_totals else rows  # without sums of rows, nothing is known of a row
    used = np.flatnonzero(np.abs(lines[first:]).sum(axis=1)) + first
    return Equations(lines[used], sums[used])


def corners(
    known: Equations, wishes: npt.NDArray[np.float64], lowest: Counts, highest: Counts
) -> Counts | None:
    """Return, for each wish, the table within the equations and limits that has the least of it.

    The linear programs are solved as one with a block for each. The equations are those of a
    network, so that corners are whole numbers (A. J. Hoffman and J. B. Kruskal, "Integral boundary
    points of convex polyhedra", 1956).

    Args:
        known: Equations in n hidden entries.
        wishes: Costs, m x n.
        lowest: Least value of each entry, length n.
        highest: Greatest value of each entry, length n.

    Returns:
        Values, m x n; None where no table meets the limits.
    """
    many, entries = wishes.shape
    blocks = sparse.kron(sparse.eye(many), sparse.csr_matrix(known.lines), format="csc")
    found = linprog(  # type: ignore[call-overload] # the stubs know no sparse matrices
        wishes.ravel(),
        A_eq=blocks,
        b_eq=np.tile(known.sums, many),
        bounds=np.tile(np.column_stack([lowest, highest]), (many, 1)),
        method="highs",
    )
    if found.x is None:
        return None
    return np.asarray(np.rint(found.x), np.int64).reshape(many, entries)


def bounds(
    known: Equations, entries: npt.NDArray[np.intp]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the least and the greatest value that each of some hidden entries can have.

    Args:
        known: Equations of a table that exists, in n hidden entries.
        entries: Which of the n to bound.

    Returns:
        Lower and upper ends; the upper is infinite where nothing bounds the entry.
    """
    many, size = len(entries), known.lines.shape[1]
    if many == 0:
        return np.empty(0), np.empty(0)
    wishes = np.zeros((2 * many, size))
    wishes[np.arange(many), entries] = 1.0
    wishes[many + np.arange(many), entries] = -1.0
    limit = np.full(size, known.ceiling)
    # Two more than the ceiling leaves unbounded entries room to pass it together.
    tables = corners(known, wishes, np.zeros(size, np.int64), limit * (size + 2))
    assert tables is not None  # the true table is one
    lower = tables[np.arange(many), entries].astype(float)
    upper = tables[many + np.arange(many), entries].astype(float)
    return lower, np.where(upper > known.ceiling, np.inf, upper)


def attack(published: Published) -> pd.DataFrame:
    """Return what a reader who does not know the rule can say about each suppressed cell.

    Args:
        published: A table with its sums.

    Returns:
        One row for each suppressed cell or sum: `row`, `column`, `lower`, `upper` (infinite where
        nothing bounds it).
    """
    shown = published.shown
    hidden = shown.isna().to_numpy()
    table = shown.fillna(0).to_numpy(dtype=np.int64)
    known = equations(table, hidden, row_totals=shown.columns[-1] == TOTAL)
    place = np.argwhere(hidden)
    lower, upper = bounds(known, np.arange(len(place)))
    return pd.DataFrame(
        {
            "row": shown.index[place[:, 0]],
            "column": shown.columns[place[:, 1]],
            "lower": lower,
            "upper": upper,
        }
    )
