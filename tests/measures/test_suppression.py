"""What is hidden in small tables solved by hand; readers attack in `properties/test_disclosure`."""

from __future__ import annotations

import dataclasses
import time

import numpy as np
import pandas as pd
import pytest

from workbench.errors import BadInput
from workbench.measures.suppression import (
    TOTAL,
    Published,
    attack,
    hidden_groups,
    publish_counts,
)


def hidden(published: Published) -> list[list[bool]]:
    return published.shown.isna().to_numpy().tolist()


def test_a_list_without_small_counts_is_shown_whole_with_its_sum() -> None:
    published = publish_counts(pd.Series([10, 20], index=["A", "B"], name="Pupils"))
    expected = pd.DataFrame({"Pupils": [10, 20, 30]}, index=["A", "B", TOTAL], dtype="Int64")
    pd.testing.assert_frame_equal(published.shown, expected)
    assert not published.refused


def test_one_small_count_takes_the_next_smallest_with_it() -> None:
    assert hidden(publish_counts(pd.Series([40, 3, 25, 60]))) == [
        [False], [True], [True], [False], [False],
    ]  # fmt: skip


def test_small_counts_that_are_few_together_take_another_with_them() -> None:
    """1 + 2 = 3 would leave a range of 3 only; with 25, of 28."""
    published = publish_counts(pd.Series([1, 2, 25, 60]))
    assert hidden(published) == [[True], [True], [True], [False], [False]]
    assert attack(published)[["lower", "upper"]].to_numpy().tolist() == [[0, 28]] * 3


def test_an_isolated_small_cell_takes_the_rectangle_with_the_least_likely_counts() -> None:
    counts = pd.DataFrame([[3, 90, 20], [80, 95, 85], [30, 99, 25]], list("abc"), list("xyz"))
    assert hidden(publish_counts(counts)) == [
        [True, False, True, False],
        [False, False, False, False],
        [True, False, True, False],
        [False, False, False, False],
    ]


def test_the_range_left_by_one_rectangle_is_known() -> None:
    """3 can fall to 0 (and 25 to 22) or rise by the 20 beside it: 0 to 23."""
    found = attack(publish_counts(pd.DataFrame([[3, 90, 20], [80, 95, 85], [30, 99, 25]])))
    first = found.iloc[0]
    assert (first["row"], first["column"], first["lower"], first["upper"]) == (0, 0, 0, 23)


def test_a_reader_of_a_table_without_companions_finds_the_cell() -> None:
    shown = publish_counts(pd.DataFrame([[30, 20], [30, 40]])).shown
    shown.iloc[0, 0] = pd.NA
    found = attack(Published(shown, refused=False))
    assert found[["lower", "upper"]].to_numpy().tolist() == [[30, 30]]


def test_nothing_bounds_a_cell_whose_sums_are_all_hidden() -> None:
    found = attack(publish_counts(pd.Series([3])))
    assert found["upper"].tolist() == [np.inf, np.inf]


@pytest.mark.parametrize(("safe", "expected"), [(False, True), (True, False)])
def test_zeros_and_the_cell_that_holds_all_are_hidden_unless_zeros_are_safe(
    safe: bool, expected: bool
) -> None:
    counts = pd.DataFrame([[0, 40, 0], [30, 35, 50], [45, 60, 70]])
    shown = publish_counts(counts, zero_is_safe=safe).shown
    assert shown.iloc[0, :3].isna().tolist() == [expected] * 3


def test_a_sum_below_the_threshold_is_hidden_with_its_cells_and_not_given_by_others() -> None:
    counts = pd.DataFrame([[1, 2, 1], [30, 35, 50], [45, 60, 70]])
    published = publish_counts(counts)
    assert published.shown.iloc[0].isna().all()
    assert published.shown[TOTAL].isna().sum() >= 2
    assert not published.refused
    found = attack(published)
    assert (found["upper"] - found["lower"] >= 10).all()


def test_one_small_school_and_one_rare_answer_leave_most_of_a_table() -> None:
    rng = np.random.default_rng(4)
    counts = pd.DataFrame(rng.integers(30, 90, (14, 5)))
    counts.iloc[3] = [4, 9, 6, 8, 2]
    counts.iloc[9, 2] = 3
    assert publish_counts(counts).shown.isna().to_numpy().sum() <= 18


@pytest.mark.parametrize("safe", [False, True])
@pytest.mark.parametrize("small", [[[1, 2], [0, 3]], [[1, 2, 3]], [[4], [5]], [[3]]])
def test_a_table_of_hardly_anybody_is_refused_with_its_sum(
    small: list[list[int]], safe: bool
) -> None:
    published = publish_counts(pd.DataFrame(small), zero_is_safe=safe)
    assert published.refused
    assert published.shown.isna().to_numpy().all()


def test_a_refused_table_still_gives_a_sum_that_is_not_small() -> None:
    published = publish_counts(pd.DataFrame([[0, 0], [0, 40]]))
    assert published.refused
    assert published.shown.iloc[2, 2] == 40
    assert published.shown.notna().to_numpy().sum() == 1


def test_nobody_at_all_is_told_only_where_zeros_are_safe() -> None:
    nobody = pd.DataFrame(np.zeros((2, 3), int))
    assert publish_counts(nobody).refused
    assert publish_counts(nobody, zero_is_safe=True).shown.notna().to_numpy().all()


def test_readers_are_not_told_which_cells_were_small() -> None:
    assert [field.name for field in dataclasses.fields(Published)] == ["shown", "refused"]


@pytest.mark.parametrize(
    ("counts", "match"),
    [
        (pd.Series([1.5, 2]), "cannot be published"),
        (pd.Series([-1, 2]), "cannot be published"),
        (pd.Series([10**7, 2]), "cannot be published"),
        (pd.Series([1.0, None]), "missing"),
        (pd.Series([1, 2], index=["A", "A"]), "labelled"),
        (pd.Series([1, 2], index=["A", TOTAL]), "labelled"),
        (pd.DataFrame(index=["A"]), "labelled"),
    ],
)
def test_what_is_no_table_of_counts_is_refused(
    counts: pd.DataFrame | pd.Series[int], match: str
) -> None:
    with pytest.raises(BadInput, match=match):
        publish_counts(counts)


def test_a_threshold_that_hides_nobody_is_refused() -> None:
    with pytest.raises(BadInput, match="hides nobody"):
        publish_counts(pd.Series([1, 2]), threshold=1)


SIZES = [
    ([40, 25, 30], ""),
    ([40, 3, 30], "BC"),  # the other hidden figure would follow from the sum
    ([40, 3, 4, 30], "BCD"),  # 3 and 4 are 7 people together
    ([40, 6, 4, 30], "BC"),
    ([3, 4], "AB"),  # that is as much as can be hidden
    ([40, 0, 30], ""),  # nobody to protect
    ([40, 0, 9, 30], "CD"),  # nobody is no company
    ([9], "A"),
    ([25, 25, 9], "AC"),  # the first of equals
]


@pytest.mark.parametrize(("sizes", "expected"), SIZES)
def test_small_groups_are_hidden_in_company(sizes: list[int], expected: str) -> None:
    assert hidden_groups(dict(zip("ABCD", sizes, strict=False)), 10) == set(expected)


def test_groups_are_hidden_for_others_in_the_order_given_and_after_those_hidden_already() -> None:
    sizes = {"A": 40, "B": 3, "C": 30, "": 12}
    assert hidden_groups(sizes, 10, order=["", "A", "C"]) == {"B", ""}
    assert hidden_groups(sizes, 10, already=["A"]) == {"A", "B"}
    # One hidden for another reason would be found by subtraction however many it has.
    assert hidden_groups({"A": 40, "B": 30, "C": 20}, 10, already=["A"]) == {"A", "C"}


def test_hidden_groups_are_two_and_enough_people_or_all() -> None:
    rng = np.random.default_rng(11)
    for _ in range(500):
        drawn = rng.poisson(rng.choice([4, 10, 20]), rng.integers(1, 9))
        sizes = {str(place): int(n) for place, n in enumerate(drawn)}
        hidden = hidden_groups(sizes, 10)
        assert hidden >= {group for group, n in sizes.items() if 0 < n < 10}
        if hidden and hidden < {group for group, n in sizes.items() if n > 0}:
            assert len(hidden) >= 2
            assert sum(sizes[group] for group in hidden) >= 10


def test_publishing_is_fast_enough_to_be_done_for_every_table() -> None:
    """Bounds several times what it takes, as machines differ."""
    rng = np.random.default_rng(2)
    start = time.process_time()
    for _ in range(5):
        publish_counts(pd.DataFrame(rng.poisson(rng.gamma(2, 10, (14, 1)), (14, 5))))
    assert (time.process_time() - start) / 5 < 1.0
    start = time.process_time()
    for _ in range(20):
        publish_counts(pd.Series(rng.poisson(12, 14)))
    assert (time.process_time() - start) / 20 < 0.1
