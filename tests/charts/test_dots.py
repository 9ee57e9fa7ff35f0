"""Twenty marks: always twenty, shared truly, and the headline counts what is drawn."""

from __future__ import annotations

import pandas as pd
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.charts.frames import ABOUT
from workbench.charts.dots import HOLDS, _Marks, first_limit_dots, shares_of_twenty, value_dots
from workbench.charts.figure import Figure

END = "2031/32 autumn"
COUNTS = st.dictionaries(st.text(min_size=1), st.integers(0, 10_000), max_size=6)


def outcomes(*limits: str) -> Figure:
    return first_limit_dots(pd.Series(list(limits), dtype="str"), horizon=END, **ABOUT)


def values(*levels: float) -> Figure:
    series = pd.Series(levels, dtype="float64")
    return value_dots(series, "reserves_share", limit=0.05, horizon=END, **ABOUT)


@given(COUNTS)
def test_marks_add_up_to_twenty_and_none_is_a_mark_from_its_share(counts: dict[str, int]) -> None:
    marks, total = shares_of_twenty(counts), sum(counts.values())
    assert sum(marks.values()) == (20 if total else 0)
    assert all(abs(marks[name] - 20 * counts[name] / max(total, 1)) < 1 for name in counts)


@given(COUNTS)
def test_marks_do_not_depend_on_the_order_of_unequal_counts(counts: dict[str, int]) -> None:
    assume(len(set(counts.values())) == len(counts))
    backwards = dict(reversed(counts.items()))
    assert shares_of_twenty(backwards) == shares_of_twenty(counts)


def test_the_commonest_first_break_is_named() -> None:
    figure = outcomes(*["", "reserves", "reserves", "golden rule"])
    assert figure.headline == (
        "Every limit holds in about 5 of 20 equally likely futures; most often broken first: "
        "reserves"
    )
    assert dict(zip(figure.data["Broken first"], figure.data["Futures in 20"], strict=True)) == {
        "Every limit holds": 5, "Reserves": 10, "Golden rule": 5,
    }  # fmt: skip


def test_limits_broken_equally_often_are_named_together() -> None:
    headline = outcomes("golden rule", "reserves").headline
    assert headline.endswith("most often broken first: golden rule and reserves")


def test_every_future_holding_is_said_without_certainty() -> None:
    assert outcomes("", "", "").headline == f"In all but a few futures every limit holds to {END}"


def test_every_future_breaking_is_said() -> None:
    figure = outcomes("overstretch", "overstretch")
    assert figure.headline.startswith("Every limit holds in none of 20")
    assert HOLDS not in figure.alt.split("Overstretch")[1]


def test_no_future_is_said_to_be_none() -> None:
    assert outcomes().headline == "No future was simulated"
    assert values().headline.startswith("No future was simulated")


def test_marks_beyond_the_limit_are_counted() -> None:
    figure = values(*[0.04] * 5 + [0.08] * 15)
    assert figure.headline.startswith(
        "5 futures of 20 end with reserves as a share of income below"
    )
    assert list(figure.data.iloc[:, 2]).count("yes") == 5
    assert "5 crosses below" in figure.alt


def test_one_mark_beyond_the_limit_reads_as_one() -> None:
    assert values(*[0.04] + [0.08] * 19).headline.startswith("1 future of 20 ends")


def test_no_mark_and_every_mark_beyond_the_limit_are_said() -> None:
    assert values(0.08, 0.09).headline.startswith("No futures of 20 end")
    assert values(0.01, 0.02).headline.startswith("20 futures of 20 end")


def test_a_future_on_the_limit_is_within_it() -> None:
    assert values(*[0.05] * 20).headline.startswith("No futures of 20")


@given(st.lists(st.integers(-3, 20), min_size=1, max_size=20))
def test_whole_numbers_within_reach_stand_at_their_own_value(levels: list[int]) -> None:
    marks = _Marks([float(level) for level in levels], [n < 0 for n in levels], 0.0, 1.0)
    assert marks.width == 1.0
    assert marks.columns == levels


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=20))
def test_a_mark_stands_near_its_value_and_on_its_side_of_the_limit(levels: list[float]) -> None:
    marks = _Marks(levels, [level < 5.0 for level in levels], 5.0, 0.1)
    for level, column, beyond in zip(levels, marks.columns, marks.beyond, strict=True):
        assert (column < 0) is beyond
        assert abs(5.0 + column * marks.width - level) <= marks.width * 1.001
