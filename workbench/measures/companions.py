"""Which cells of a table with totals to leave out beside the small ones.

Every choice depends on nothing but a coarse code of the table: which cells are small, and a band of
each sum. Two tables with one code lose the same cells, whatever the exact counts. So the reader who
simulates the rule learns the code at most, and a pattern is accepted only where tables of the same
code and the same shown cells leave at least two values to every suppressed one.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.csgraph import maximum_flow

from workbench.measures.disclosure import Counts, Equations, Mask, bounds, corners, equations

Floats = npt.NDArray[np.float64]
Values = TypeVar("Values", Counts, Mask)
PLENTY = 10**7  # capacity of what nothing limits; a flow must fit 32 bits
BANDS = 40  # doublings of the threshold


@dataclass(frozen=True)
class Rule:
    """What the reader may know of how cells were left out.

    Attributes:
        threshold: Counts below it are small.
        zero_is_safe: Whether zeros may be shown.
    """

    threshold: int
    zero_is_safe: bool

    @property
    def edges(self) -> Counts:
        """Return the lower ends of the bands of sums: small, then doubling from the threshold."""
        doubled = self.threshold * 2 ** np.arange(BANDS, dtype=np.int64)
        return np.concatenate([np.zeros(1, np.int64), doubled])

    def refuses(self, table: Counts) -> bool:
        """Say whether one cell holds everybody, which must not be told where zeros are not safe.

        That such tables are refused keeps the reader of a refusal from telling anything: everybody
        may be in any one cell.
        """
        return not self.zero_is_safe and int((table[:-1, :-1] > 0).sum()) <= 1

    def code(self, table: Counts) -> Counts:
        """Return -1 for a zero that may be shown, 0 for small, else 1, or a sum's band from 1."""
        band = np.searchsorted(self.edges, table, side="right") - 1
        band[:-1, :-1] = np.minimum(band[:-1, :-1], 1)
        return np.where((table == 0) & self.zero_is_safe, -1, band)

    def limits(self, code: Counts, ceiling: int) -> tuple[Counts, Counts]:
        """Return the least and greatest entries that a code allows, below a ceiling."""
        edges, band = self.edges, np.maximum(code, 0)
        least = np.where(code == 0, int(self.zero_is_safe), edges[band])
        greatest = np.where(code < 0, 0, edges[band + 1] - 1)
        inner = greatest[:-1, :-1]
        inner[code[:-1, :-1] > 0] = max(ceiling, self.threshold)
        return least, greatest


def with_sums(inner: npt.ArrayLike) -> Counts:
    """Return a table with the sums of its rows and columns as last column and row."""
    cells = np.asarray(inner)
    rows = np.column_stack([cells, cells.sum(axis=1)])
    return np.vstack([rows, rows.sum(axis=0)])


def likely_table(code: Counts, rule: Rule) -> Counts:
    """Return a table that looks like those of a code: rows and columns independent, small if small.

    Small cells are put at a third of the threshold at most, so that the pattern suits tables with
    less to hide behind than the average.
    """
    middle = np.where(code > 0, 1.4 * rule.edges[np.maximum(code, 0)], rule.threshold / 3)
    middle[code < 0] = 0.0
    down, across = middle[:-1, -1], middle[-1, :-1]
    likely = np.outer(down, across) / max(across.sum(), 1.0)
    inner = code[:-1, :-1]
    small, big = np.minimum(likely, rule.threshold / 3), np.maximum(likely, rule.threshold)
    cells = np.select([inner < 0, inner == 0], [0.0, small], big)
    return with_sums(np.rint(cells).astype(np.int64))


@dataclass(frozen=True)
class Room:
    """How far entries can move in a table, as amounts that may be passed around its lines.

    Attributes:
        up: Greatest rise of each entry; sums count downwards, so that every line adds up to zero.
        down: Greatest fall.
    """

    up: Counts
    down: Counts

    @staticmethod
    def of(table: Counts) -> Room:
        """Return the room of a table where any count may grow and none may fall below zero."""
        up, down = np.full(table.shape, PLENTY), np.minimum(table, PLENTY)
        for margin in ((-1, slice(None, -1)), (slice(None, -1), -1)):
            up[margin], down[margin] = down[margin], PLENTY
        return Room(up, down)

    def of_rectangles(self, row: int, column: int) -> Counts:
        """Return how wide each rectangle with a corner here leaves its corners, by far corner."""
        rises, falls = (other_corners(room, row, column) for room in (self.up, self.down))
        rise = np.minimum(rises[0], np.minimum(falls[1], falls[2]))
        fall = np.minimum(falls[0], np.minimum(rises[1], rises[2]))
        own_rise, own_fall = self.up[row, column], self.down[row, column]
        return np.asarray(np.minimum(rise, own_rise) + np.minimum(fall, own_fall))

    def of_paths(self, hidden: Mask, row: int, column: int) -> int:
        """Return the exact width of an entry: the greatest flow through the other hidden ones."""
        rows, columns = hidden.shape
        others = hidden.copy()
        others[row, column] = False
        arcs = np.zeros((rows + columns, rows + columns), np.int32)
        arcs[:rows, rows:] = np.where(others, self.down, 0)
        arcs[rows:, :rows] = np.where(others, self.up, 0).T
        network = sparse.csr_array(arcs)
        rise = maximum_flow(network, row, rows + column).flow_value
        fall = maximum_flow(network, rows + column, row).flow_value
        return int(min(rise, self.up[row, column]) + min(fall, self.down[row, column]))


def other_corners(values: Values, row: int, column: int) -> tuple[Values, Values, Values]:
    """Return the values at the three other corners of each rectangle, by its far corner."""
    return values, values[row, None, :], values[:, column, None]


def rectangles_of(flags: Mask, row: int, column: int) -> Mask:
    """Say, by far corner, of which rectangles the three other corners are all flagged."""
    far, along, beside = other_corners(flags, row, column)
    found = np.asarray(far & along & beside)
    found[row], found[:, column] = False, False
    return found


def pattern(code: Counts, rule: Rule, cautious: bool) -> Mask:
    """Choose the entries to leave out: the small ones and companions, from the code alone.

    Each entry left out must lie on rectangles or longer loops of such entries. The rectangle with
    the least likely count to be lost is added until that is so; one with two opposite corners at or
    above the threshold protects for certain and is preferred.

    Args:
        code: Of a table with its sums.
        rule: Threshold and zeros.
        cautious: Trust only rectangles that protect for certain.
    """
    likely = likely_table(code, rule)
    guess = Room.of(likely)
    certain = Room.of(np.where(code > 0, rule.threshold, 0))
    hidden, usable = np.asarray(code == 0), np.asarray(code >= 0)
    queue = [(int(row), int(column)) for row, column in np.argwhere(hidden)]
    for row, column in queue:  # grows while it is read
        sure = certain.of_rectangles(row, column) >= rule.threshold
        allowed = rectangles_of(usable, row, column)
        while True:
            if (rectangles_of(hidden, row, column) & sure).any():
                break
            if not cautious and guess.of_paths(hidden, row, column) >= rule.threshold:
                break
            loss = sum(other_corners(np.where(hidden, 0, likely + 1), row, column))
            open_ = allowed & (loss > 0)
            choice = open_ & sure if (open_ & sure).any() else open_
            if not choice.any():
                break
            far = np.unravel_index(np.where(choice, loss, np.inf).argmin(), choice.shape)
            for entry in product((row, int(far[0])), (column, int(far[1]))):
                if not hidden[entry]:
                    hidden[entry] = True
                    queue.append(entry)
    return hidden


def withstands_programming(table: Counts, hidden: Mask, threshold: int) -> bool:
    """Say whether linear programming leaves every hidden entry a range of at least the threshold.

    Rectangles settle most entries, for they leave at least their own width; the rest are bounded.
    """
    room = Room.of(table)
    open_: list[int] = []
    for number, (row, column) in enumerate(np.argwhere(hidden)):
        whole = rectangles_of(hidden, row, column)
        if not (room.of_rectangles(row, column)[whole] >= threshold).any():
            open_.append(number)
    lower, upper = bounds(equations(table, hidden), np.array(open_, np.intp))
    return bool((upper - lower >= threshold).all())


def _wishes(known: Equations) -> Floats:
    """Return a few costs that point all ways (multiples of irrational numbers), then each entry."""
    size = known.lines.shape[1]
    entry, turn = np.arange(1, size + 1), np.arange(1, 5)[:, None]
    spread = (entry * 0.618034 + entry**2 * 1.414214 * turn) % 1.0 - 0.5
    return np.vstack([spread, -spread, np.eye(size), -np.eye(size)])


def withstands_simulation(table: Counts, hidden: Mask, rule: Rule, level: int) -> bool:
    """Say whether tables that lose the same entries by the same rule leave two values to each.

    The tables are looked for from the code and the shown entries alone, so that the answer is the
    same on each of them, which is what makes each of them publish the same.

    Args:
        table: With its sums.
        hidden: What `pattern` chose at this level.
        rule: Threshold and zeros.
        level: Tables that an earlier level accepts do not count.
    """
    known, code = equations(table, hidden), rule.code(table)
    other = table.copy()
    least, _ = rule.limits(code, 0)
    ceiling = known.ceiling + 2 * int(least[hidden].sum()) + 4 * rule.threshold
    lowest, highest = (limit[hidden] for limit in rule.limits(code, ceiling))
    wishes = _wishes(known)
    seen_least, seen_most = np.full(len(lowest), ceiling + 1), np.full(len(lowest), -1)
    for some in (wishes[:8], wishes[8:]):
        tables = corners(known, some, lowest, highest)
        if tables is None:
            return False
        for values in tables:
            news = (values != seen_least) & (seen_most <= seen_least)
            if not news.any():
                continue
            other[hidden] = values
            if rule.refuses(other):
                continue
            if level == 0 or accepted_level(other, rule, level) is None:
                seen_least = np.minimum(seen_least, values)
                seen_most = np.maximum(seen_most, values)
        if (seen_most > seen_least).all():
            return True
    return False


def accepted_level(table: Counts, rule: Rule, levels: int = 2) -> Mask | None:
    """Return the entries to leave out, by the first pattern that withstands both attacks.

    The last pattern to fall back on is not among them: a refusal is for the caller to publish.

    Args:
        table: With its sums, at least 2 x 2 without them.
        rule: Threshold and zeros.
        levels: How many patterns to try: the lighter one, then the cautious one.

    Returns:
        None where none withstands.
    """
    if rule.refuses(table):
        return None
    code = rule.code(table)
    for level in range(levels):
        hidden = pattern(code, rule, cautious=level > 0)
        if not hidden.any():
            return hidden
        if withstands_programming(table, hidden, rule.threshold) and withstands_simulation(
            table, hidden, rule, level
        ):
            return hidden
    return None
