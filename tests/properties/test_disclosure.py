"""Two readers try to find the suppressed cells of 500 tables; the readers are written here anew.

The first solves linear programs over all cells of a table and its sums. The second knows the rule:
he looks for other tables that agree with what is shown and puts each through the rule.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from scipy import sparse
from scipy.optimize import linprog

from workbench.measures.suppression import TOTAL, Published, attack, publish_counts

Cells = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
THRESHOLD = 10
ENOUGH = 100_000  # more than any count here, for sums that nothing bounds


def random_counts(seed: int) -> pd.DataFrame | pd.Series[int]:
    """A list of 3 to 14 or a table of 2 x 2 to 6 x 5, with rare columns and small rows."""
    rng = np.random.default_rng([2024, seed])
    size = float(rng.choice([3, 6, 12, 25]))
    if seed % 5 == 0:
        return pd.Series(rng.poisson(size * rng.gamma(3, 1 / 3, rng.integers(3, 15))))
    rows, columns = rng.integers(2, 7), rng.integers(2, 6)
    means = size * rng.gamma(2, 0.5, (rows, 1)) * rng.gamma(2, 0.5, (1, columns))
    return pd.DataFrame(rng.poisson(means))


def balance(shown: pd.DataFrame) -> tuple[Cells, Cells]:
    """Every row and column of the whole table sums to its total: coefficients, one per entry."""
    rows, columns = shown.shape
    across = shown.columns[-1] == TOTAL
    lines = []
    for row in range(rows if across else 0):
        line = np.zeros((rows, columns), np.int64)
        line[row], line[row, -1] = 1, -1
        lines.append(line.ravel())
    for column in range(columns):
        line = np.zeros((rows, columns), np.int64)
        line[:, column], line[-1, column] = 1, -1
        lines.append(line.ravel())
    known = shown.fillna(-1).to_numpy(dtype=np.int64).ravel()
    return np.array(lines), known


def widths(shown: pd.DataFrame) -> npt.NDArray[np.float64]:
    """How far apart two tables can be in each suppressed entry, by one program of many blocks."""
    lines, known = balance(shown)
    hidden = np.flatnonzero(known < 0)
    if len(hidden) == 0:
        return np.empty(0)
    copies = 2 * len(hidden)
    cost = np.zeros((copies, len(known)))
    cost[np.arange(len(hidden)), hidden] = 1
    cost[len(hidden) + np.arange(len(hidden)), hidden] = -1
    limits = np.column_stack([np.maximum(known, 0), np.where(known < 0, ENOUGH, known)])
    found = linprog(  # type: ignore[call-overload] # the stubs know no sparse matrices
        cost.ravel(),
        A_eq=sparse.kron(sparse.eye(copies), sparse.csr_matrix(lines), format="csc"),
        b_eq=np.zeros(copies * len(lines)),
        bounds=np.tile(limits, (copies, 1)),
        method="highs",
    )
    assert found.success
    each = (cost * found.x.reshape(copies, -1)).sum(axis=1)
    return np.asarray(-each[len(hidden) :] - each[: len(hidden)])


def with_totals(cells: Cells, shown: pd.DataFrame) -> Cells:
    whole = np.vstack([cells, cells.sum(axis=0)])
    if shown.columns[-1] == TOTAL:
        whole = np.column_stack([whole, whole.sum(axis=1)])
    return whole


def alike(whole: Cells, across: bool, floor: int) -> tuple[Cells, Cells]:
    """The limits within which the rule sees no difference: small or not, and a sum's doubling."""
    doubling = np.floor(np.log2(np.maximum(whole, THRESHOLD) / THRESHOLD)).astype(np.int64)
    most = np.where(whole < THRESHOLD, THRESHOLD, THRESHOLD * 2 ** (doubling + 1)) - 1
    least = np.where(whole < THRESHOLD, floor, THRESHOLD * 2**doubling)
    rows, columns = len(whole) - 1, whole.shape[1] - across
    inner = np.zeros(whole.shape, bool)
    inner[:rows, :columns] = True
    return np.where(inner, np.minimum(least, THRESHOLD), least), np.where(
        inner & (whole >= THRESHOLD), ENOUGH, most
    )


def other_table(
    shown: pd.DataFrame, true: Cells, goal: npt.NDArray[np.float64], attempt: int, floor: int
) -> Cells | None:
    """A table that agrees with what is shown: alike to the rule, or near the true one, or any."""
    lines, known = balance(shown)
    whole = with_totals(true, shown)
    least, most = np.full(whole.shape, floor), np.full(whole.shape, ENOUGH)
    if attempt % 3 < 2:
        least, most = alike(whole, shown.columns[-1] == TOTAL, floor)
    if attempt % 3 > 0:
        reach = 2 + attempt
        least, most = np.maximum(least, whole - reach), np.minimum(most, whole + reach)
    limits = [np.where(known < 0, limit.ravel(), known) for limit in (least, most)]
    found = linprog(
        goal.ravel(), A_eq=lines, b_eq=np.zeros(len(lines)), bounds=list(zip(*limits, strict=True))
    )
    if found.x is None:
        return None
    table = np.asarray(np.rint(found.x), np.int64).reshape(whole.shape)
    return table[: len(true), : true.shape[1]]


def other_tables(
    published: Published, true: Cells, seed: int, floor: int, open_: Mask
) -> Iterator[Cells]:
    """Tables to try, the likeliest first; those cells that are still `open_` are gone after."""
    shown = published.shown
    if published.refused:
        yield from refusals(true, bool(shown.notna().to_numpy().any()))
    if true.shape[1] == 1:  # in a list, hidden counts may have changed places
        gaps = np.flatnonzero(shown.isna().to_numpy()[:-1, 0])
        for turn in range(1, len(gaps)):
            mixed = true.copy()
            mixed[gaps] = mixed[np.roll(gaps, turn)]
            yield mixed
    rng = np.random.default_rng(seed)
    for attempt in range(240):
        goal = 0.01 * rng.normal(size=shown.shape)
        left = np.argwhere(open_)
        if attempt > 5:
            row, column = rng.choice(left)
            goal[row, column] = 1 if rng.random() < 0.5 else -1
        else:
            goal[: len(true), : true.shape[1]] += np.where(open_, rng.normal(size=true.shape), 0)
        table = other_table(shown, true, goal, attempt, floor)
        if table is not None:
            yield table


def refusals(true: Cells, shown_total: bool) -> Iterator[Cells]:
    """Everybody in one cell, or next to nobody in the table."""
    for cell in range(true.size):
        table = np.zeros_like(true)
        table.flat[cell] = true.sum() if shown_total else 1
        yield table


def cells_found(
    counts: pd.DataFrame | pd.Series[int], published: Published, seed: int, safe: bool
) -> int:
    """How many suppressed cells keep one value only in all tables found that publish the same."""
    frame = counts.to_frame() if isinstance(counts, pd.Series) else counts
    true = frame.to_numpy()
    hidden = published.shown.isna().to_numpy()[: len(true), : true.shape[1]]
    open_ = hidden.copy()
    if not open_.any():
        return 0
    for other in other_tables(published, true, seed, int(safe), open_):
        if not (other != true)[open_].any():
            continue
        again = pd.DataFrame(other, index=frame.index, columns=frame.columns)
        counted = again.iloc[:, 0] if isinstance(counts, pd.Series) else again
        seen = publish_counts(counted, threshold=THRESHOLD, zero_is_safe=safe)
        if seen.shown.set_axis(published.shown.columns, axis=1).equals(published.shown):
            assert seen.refused == published.refused
            open_ &= other == true
            if not open_.any():
                return 0
    return int(open_.sum())


@pytest.mark.parametrize("start", range(0, 500, 100))
def test_neither_reader_finds_a_suppressed_cell(start: int) -> None:
    for seed in range(start, start + 100):
        counts = random_counts(seed)
        safe = seed % 4 == 3
        published = publish_counts(counts, threshold=THRESHOLD, zero_is_safe=safe)
        assert (widths(published.shown) >= THRESHOLD - 1e-6).all(), counts
        assert cells_found(counts, published, seed, safe) == 0, counts


DEGENERATE = {
    "all zero": np.zeros((3, 4), int),
    "nobody in a list": np.zeros((4, 1), int),
    "one row": np.array([[3, 40, 25, 11]]),
    "one column": np.array([[3], [40], [25]]),
    "one large cell": np.array([[30]]),
    "one small cell": np.array([[3]]),
    "all small": np.arange(12).reshape(3, 4) % 9,
    "one huge": np.array([[1, 2, 3], [4, 50_000, 6], [7, 8, 9]]),
    "everybody in one cell": np.array([[0, 0], [0, 40], [0, 0]]),
    "at the edge of the threshold": np.array([[0, 10], [10, 10]]),
    "a corner that only the rule knows": np.array([[9, 10, 50], [10, 0, 60], [70, 80, 90]]),
    "nines": np.full((3, 3), 9),
    "ones": np.ones((2, 2), int),
}


@pytest.mark.parametrize("safe", [False, True])
@pytest.mark.parametrize("case", DEGENERATE)
def test_neither_reader_finds_a_cell_of_an_odd_table(case: str, safe: bool) -> None:
    counts = pd.DataFrame(DEGENERATE[case])
    published = publish_counts(counts, threshold=THRESHOLD, zero_is_safe=safe)
    assert (widths(published.shown) >= THRESHOLD - 1e-6).all()
    assert cells_found(counts, published, 1, safe) == 0


def test_hiding_what_is_small_and_no_more_would_be_found_out() -> None:
    """The readers can tell: without companions both find the cell."""
    shown = publish_counts(pd.DataFrame([[30, 20], [30, 40]])).shown
    shown.iloc[0, 0] = pd.NA
    assert widths(shown).tolist() == [0.0]


def test_following_the_hidden_counts_would_be_found_out() -> None:
    """Of 20, 20, 9 and 60 the two smallest are 9 and the first 20, together 29.

    The shown 20 stands before the third, which is less, so 19 at most; it is small or the first is,
    and then the third would be 20 or more. So 9 it must be, and the rule hides one more.
    """
    counts = pd.Series([20, 20, 9, 60])
    published = publish_counts(counts)
    assert published.shown["Count"].isna().tolist() == [True, True, True, False, False]
    assert cells_found(counts, published, 1, False) == 0


def test_the_audit_finds_the_same_as_this_reader() -> None:
    for seed in range(40):
        published = publish_counts(random_counts(seed))
        found = attack(published)
        apart = (found["upper"] - found["lower"]).to_numpy()
        finite = np.isfinite(apart)
        here = widths(published.shown)
        assert np.allclose(apart[finite], here[finite], atol=1e-6)
        assert (here[~finite] > ENOUGH / 10).all()
