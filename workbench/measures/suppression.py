"""Small counts left out of published tables, with others that keep them from being subtracted out.

Protected are the people behind a count below the threshold, such as the respondents of a small
school: how many they are stays open. Zeros count as small unless declared safe, for a zero says of
everybody that they did not. `publish_counts` protects against two readers of a table with its sums:

- One knows that counts are not negative and uses linear programming: no suppressed cell has a range
  narrower than the threshold (L. Willenborg and T. de Waal, "Elements of Statistical Disclosure
  Control", 2001; M. Fischetti and J. J. Salazar, JASA 95, 2000).
- The other also knows this code and the threshold, and runs it on every table that may be the true
  one: at least two values of each suppressed cell lead to what is published. A choice that follows
  the hidden counts would say more than the cells do. So in a table the choice follows a coarse code
  of the counts, and no pattern is used before tables are found that lead to the same.

Leaving out a second cell where one would be found by subtraction (secondary suppression) is the
practice of the Office for National Statistics and of the Department for Education.

Limits of the promise. It holds for one table at a time: what shares cells with another table can be
found from the two together. It holds against readers without another source, such as somebody who
is counted. It leaves a range, not a flat likelihood; and the second reader may be left with as few
as two values.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache

import numpy as np
import pandas as pd

from workbench.errors import BadInput
from workbench.measures.companions import Rule, accepted_level, with_sums
from workbench.measures.disclosure import TOTAL, Counts, Mask, Published, attack

__all__ = ["TOTAL", "Published", "attack", "hidden_groups", "publish_counts"]

LARGEST = 10**7  # beyond it the linear programs are no longer exact
Shown = tuple[int | None, ...]


def publish_counts(
    counts: pd.DataFrame | pd.Series[int], *, threshold: int = 10, zero_is_safe: bool = False
) -> Published:
    """Leave out small counts and sums, and as many others as keep the small ones from being found.

    A list loses its smallest counts; a table loses rectangles with small likely counts. Where no
    pattern protects, nothing is shown but the sum over the whole table, if that is not small.

    Args:
        counts: Whole numbers of people, without sums; a list (series) or a table.
        threshold: Counts below it are small.
        zero_is_safe: Show zeros; then a cell that holds all of its row may be shown too.

    Raises:
        BadInput: Missing, negative or broken counts, sums among them, or labels that repeat.
    """
    cells = _checked(counts, threshold)
    rule = Rule(threshold, zero_is_safe)
    table = with_sums(cells)
    if 1 in cells.shape:
        line = np.array(_hidden_in_list([int(count) for count in cells.ravel()], rule))
        hidden = np.broadcast_to(line[:, None] if cells.shape[1] == 1 else line, table.shape)
        refused = bool(line[:-1].all())
    else:
        hidden = _hidden_in_table(table, rule)
        refused = bool(hidden.ravel()[:-1].all())
    shown = pd.DataFrame(table, index=[*counts.index, TOTAL], dtype="Int64").mask(hidden)
    if isinstance(counts, pd.Series):
        name = "Count" if counts.name is None else counts.name
        return Published(shown.iloc[:, :1].set_axis([name], axis=1), refused)
    return Published(shown.set_axis([*counts.columns, TOTAL], axis=1), refused)


def hidden_groups(
    sizes: Mapping[str, int],
    threshold: int,
    *,
    order: Sequence[str] | None = None,
    already: Collection[str] = (),
) -> frozenset[str]:
    """Return the groups whose mean or percentage must not be shown beside that of all together.

    Hidden are groups of fewer people than the threshold, and as many more as leave at least two
    groups and at least `threshold` people to be found by subtraction; where that cannot be, all.

    Args:
        sizes: People behind each group's figure; a group of none is no company and stays out.
        threshold: Groups of fewer people are hidden.
        order: Groups in the order in which they are hidden for the others' sake; the smallest
            first, then by name, unless given.
        already: Groups hidden for another reason.
    """
    people = {group: n for group, n in sizes.items() if n > 0}
    first = sorted(people, key=lambda group: (people[group], group)) if order is None else order
    hidden = {group for group, n in people.items() if n < threshold or group in already}
    for group in first:
        enough = len(hidden) >= 2 and sum(people[one] for one in hidden) >= threshold
        if not hidden or enough:
            break
        if group in people:
            hidden.add(group)
    return frozenset(hidden)


def _checked(counts: pd.DataFrame | pd.Series[int], threshold: int) -> Counts:
    if threshold < 2:
        raise BadInput(
            f"a threshold of {threshold} hides nobody",
            rule="threshold >= 2",
            mend="write 10 for fewer than 10 people",
        )
    frame = counts.to_frame() if isinstance(counts, pd.Series) else counts
    for labels in (frame.index, frame.columns):
        if not labels.is_unique or TOTAL in labels or len(labels) == 0:
            raise BadInput(
                f"counts cannot be labelled {', '.join(map(str, labels)) or 'by nothing'}",
                rule=f"labels are there, do not repeat, and none is {TOTAL}",
                mend="give the counts without their sums, one label each",
            )
    if frame.isna().to_numpy().any():
        raise BadInput(
            "a count is missing",
            rule="every cell has a count; a missing one is not zero",
            mend="leave out its row, or count it",
        )
    cells = frame.to_numpy(dtype=float)
    if (cells < 0).any() or (cells != np.rint(cells)).any() or cells.sum() > LARGEST:
        raise BadInput(
            f"counts from {cells.min():g} to {cells.max():g} cannot be published",
            rule=f"whole numbers from 0, {LARGEST:,} in all at most",
            mend="count people",
        )
    return cells.astype(np.int64)


def _hidden_in_table(table: Counts, rule: Rule) -> Mask:
    """Return what to hide of a table with its sums, at least 2 x 2 without them.

    A refused table cannot be told: where zeros are not safe, it may hold all its people in any one
    cell; where they are, nothing is shown and it may hold one person, in any cell.
    """
    total = int(table[-1, -1])
    if total == 0 and rule.zero_is_safe:
        return np.zeros(table.shape, bool)
    hidden = accepted_level(table, rule) if total >= rule.threshold else None
    if hidden is None or (hidden.ravel()[:-1].all() and not rule.zero_is_safe):
        hidden = np.ones(table.shape, bool)
        hidden[-1, -1] = total < rule.threshold or rule.zero_is_safe
    return hidden


def _hidden_in_list(counts: list[int], rule: Rule) -> list[bool]:
    """Return what to hide of a list and, last, of its sum; refused as tables are."""
    total = sum(counts)
    if total < rule.threshold:
        nobody = total == 0 and rule.zero_is_safe
        return [not nobody] * (len(counts) + 1)
    place = [at for at, count in enumerate(counts) if count > 0 or not rule.zero_is_safe]
    kept = tuple(counts[at] for at in place)
    size = _first_accepted(kept, rule, len(kept))
    if size is None:
        return [True] * len(counts) + [rule.zero_is_safe]
    hidden = {place[at] for at in _smallest_first(kept)[:size]}
    return [at in hidden for at in range(len(counts))] + [False]


def _smallest_first(counts: tuple[int, ...]) -> list[int]:
    return sorted(range(len(counts)), key=lambda at: (counts[at], at))


def _first_accepted(counts: tuple[int, ...], rule: Rule, most: int) -> int | None:
    """Return how many of the smallest to hide, at most `most`; None where that protects nobody.

    With the sum shown, each of two or more hidden counts lies between zero and their sum.
    """
    order = _smallest_first(counts)
    small = sum(count < rule.threshold for count in counts)
    if small == 0:
        return 0
    for size in range(max(small, 2), most + 1):
        hidden = order[:size]
        left = sum(counts[at] for at in hidden)
        shown = tuple(None if at in hidden else count for at, count in enumerate(counts))
        if left >= rule.threshold and _two_values_each(shown, left, rule):
            return size
    return None


@lru_cache(maxsize=4096)
def _two_values_each(shown: Shown, left: int, rule: Rule) -> bool:
    """Say whether lists that publish the same leave two values to each hidden count.

    They are looked for from what is shown alone, so that the answer is the same on each of them.
    """
    hidden = [at for at, count in enumerate(shown) if count is None]
    seen: dict[int, set[int]] = {at: set() for at in hidden}
    for values in _possible(shown, left, rule):
        if all(len(seen[at] | {values[at]}) == len(seen[at]) or len(seen[at]) > 1 for at in hidden):
            continue
        full = tuple(values[at] if count is None else count for at, count in enumerate(shown))
        small = sum(count < rule.threshold for count in full)
        if (
            1 <= small <= len(hidden)
            and set(_smallest_first(full)[: len(hidden)]) == set(hidden)
            and _first_accepted(full, rule, len(hidden) - 1) is None
        ):
            for at in hidden:
                seen[at].add(values[at])
            if all(len(found) > 1 for found in seen.values()):
                return True
    return False


def _possible(shown: Shown, left: int, rule: Rule) -> Iterator[dict[int, int]]:
    """Yield lists of hidden counts with the given sum, filled up one after the other.

    Each hidden count is filled first or last, to the top that the smallest shown count allows or to
    below the threshold; and alone to the top.
    """
    hidden = [at for at, count in enumerate(shown) if count is None]
    least = min((count for count in shown if count is not None), default=left)
    first = next((at for at, count in enumerate(shown) if count == least), len(shown))
    floor = int(rule.zero_is_safe)
    top = {at: min(least - (at > first), left) for at in hidden}
    low = {at: min(rule.threshold - 1, left) for at in hidden}
    for one in hidden:
        others = [at for at in hidden if at != one]
        for tops in (top, low, {**low, one: top[one]}):
            for order in ([one, *others], [*others, one], [one, *others[::-1]]):
                spare = left - floor * len(hidden)
                filled = dict.fromkeys(hidden, floor)
                for at in order:
                    added = max(0, min(tops[at] - floor, spare))
                    filled[at] += added
                    spare -= added
                if spare == 0:
                    yield filled
