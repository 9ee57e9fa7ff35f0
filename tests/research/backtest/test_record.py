"""The record of a back-test sums up classes of trusts, says what chance allows, and names none."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from workbench.errors import BadInput
from workbench.measures.scoring import interval_masses
from workbench.parameters.research import load_research
from workbench.parameters.track_record import TrackRecord, load_track_record
from workbench.research.backtest.grades import GradeTest, size_class
from workbench.research.backtest.record import record_of, record_text, write_record
from workbench.research.backtest.run import Backtest
from workbench.research.backtest.trusts import SIZES, count_test
from workbench.scenario.answers import read_model

RULES = load_research().backtest
FIRST_URN, FIRST_UID = 910_001, 17_001


def backtest_of(trusts: dict[int, int], good: float = 0.8, chance: float = 0.8) -> Backtest:
    """So many trusts of each size, every school tested, a share of each class good."""
    sizes = np.repeat(list(trusts), list(trusts.values()))
    uid = np.repeat(FIRST_UID + np.arange(len(sizes)), sizes)
    of_size = pd.Series(np.repeat(sizes, sizes))
    place = of_size.groupby(of_size).cumcount()
    rows = pd.DataFrame({
        "trust_uid": pd.array(uid, dtype="Int64"),
        "model": chance,
        "last_grade_table": 0.5,
        "good": (place < good * of_size.groupby(of_size).transform("size")).astype("int64"),
        "size": size_class(of_size),
    })  # fmt: skip
    rows.index = pd.Index(FIRST_URN + np.arange(len(rows)), name="urn")
    days = dt.date(2018, 7, 31), dt.date(2022, 4, 30)
    test = GradeTest(*days, rows, pd.DataFrame(), 1000)
    seen = np.asarray(sizes)
    drawn = seen + np.random.default_rng(1).poisson(0.5, (400, len(sizes)))
    counts = pd.Series(sizes, FIRST_UID + np.arange(len(sizes)))
    later = count_test(SIZES, days[1], drawn, seen, classes=size_class(counts), seed=1)
    return Backtest("made by hand", "ended", RULES, test, (later,), "", None, None, "ab" * 32,
                    started=days[0])  # fmt: skip


@pytest.fixture(scope="module")
def found() -> Backtest:
    return backtest_of({1: 30, 2: 60, 4: 40, 8: 30, 12: 20})


@pytest.fixture(scope="module")
def kept(found: Backtest) -> TrackRecord:
    return record_of(found, read_model())


def test_sums_are_those_of_the_schools_of_each_class(kept: TrackRecord) -> None:
    """30 trusts of 1, 60 of 2, 40 of 4, 30 of 8, 20 of 12; four fifths were good, and forecast.

    Trusts of one school count in the sums; an interval of their one grade would say nothing.
    """
    assert [(one.least, one.most) for one in kept.grades.classes] == [
        (1, 2), (3, 5), (6, 10), (11, None),
    ]  # fmt: skip
    assert [one.trusts for one in kept.grades.classes] == [90, 40, 30, 20]
    assert [one.judged for one in kept.grades.classes] == [60, 40, 30, 20]
    assert [one.schools for one in kept.grades.classes] == [150, 160, 240, 240]
    assert [one.total.seen for one in kept.grades.classes] == [120, 128, 192, 192]
    for one in kept.grades.classes:
        assert one.total.forecast == pytest.approx(0.8 * one.schools, abs=0.6)
        assert one.total.allowed
        assert one.brier == pytest.approx(0.8 * 0.2**2 + 0.2 * 0.8**2)
        assert one.table == 0.25
    # A binomial of 240 at .8 has a standard deviation of 6.2, so 180 to 204 in 95%.
    assert abs(kept.grades.classes[-1].total.lower - 180) <= 1
    assert abs(kept.grades.classes[-1].total.upper - 204) <= 1


def test_more_or_fewer_than_chance_explains_are_told_apart() -> None:
    """Three quarters of 240 are within it; seven tenths and nine are not."""
    for good, allowed in ((0.75, True), (0.7, False), (0.9, False)):
        last = record_of(backtest_of({4: 40, 12: 20}, good=good), read_model()).grades.classes[-1]
        assert last.total.seen == round(good * 240)
        assert last.total.allowed is allowed


def test_single_counts_are_held_against_the_intervals_that_are_scored(
    found: Backtest, kept: TrackRecord
) -> None:
    assert kept.sizes is not None
    (sizes,) = found.sizes
    for one in kept.sizes.classes:
        here = sizes.counts.map(one.is_of).to_numpy(dtype=bool)
        (mass,) = interval_masses(sizes.drawn[:, here], sizes.counts.to_numpy()[here], (0.8,))
        assert one.held.seen == round(mass.seen * mass.count)
        assert one.held.forecast == pytest.approx(mass.model * mass.count, abs=0.06)
        assert one.held.lower <= one.held.forecast <= one.held.upper
        assert one.judged == one.trusts


def test_classes_of_few_trusts_or_of_schools_all_alike_are_left_out() -> None:
    """Nine trusts are too few; the next class goes too, or the nine could be worked out."""
    few = record_of(backtest_of({2: 60, 4: 40, 8: 30, 12: 9}), read_model())
    assert [one.least for one in few.grades.classes] == [1, 3]
    alike = record_of(backtest_of({2: 60, 4: 40}, good=1.0), read_model())
    assert alike.grades.classes == ()
    assert alike.sizes is not None
    assert [one.least for one in alike.sizes.classes] == [1, 3]


def test_a_record_is_read_back_as_written_and_written_alike_again(
    found: Backtest, kept: TrackRecord, tmp_path: Path
) -> None:
    file = tmp_path / "track_record.yaml"
    write_record(kept, file)
    assert load_track_record(file) == kept
    assert file.read_text(encoding="utf-8") == record_text(record_of(found, read_model()))
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def test_no_school_or_trust_is_in_a_record(kept: TrackRecord) -> None:
    text = record_text(kept)
    assert str(FIRST_URN) not in text
    assert str(FIRST_UID) not in text


def test_a_file_that_cannot_be_written_is_bad_input(kept: TrackRecord, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="the record cannot be written"):
        write_record(kept, tmp_path / "none" / "track_record.yaml")


def test_schools_in_no_trust_alone_leave_no_record() -> None:
    lone = backtest_of({4: 40})
    cases = lone.grades.cases.assign(trust_uid=pd.array([pd.NA] * 160, dtype="Int64"))
    test = GradeTest(lone.grades.origin, lone.grades.target, cases, pd.DataFrame(), 1)
    with pytest.raises(BadInput, match="no trust had a school with a new grade"):
        record_of(Backtest("", "ended", RULES, test, (), "", None, None, "ab" * 32), read_model())
