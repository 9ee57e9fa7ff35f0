"""Which joining is a school's first: known, or left out and counted; every school is invented."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.research.history.published import (
    write_academies,
    write_history,
    write_snapshot,
    write_urn_links,
)
from workbench import paths
from workbench.research.impact.grade_history import NEVER_JOINED, GradeHistory, published_grades


@pytest.fixture
def found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GradeHistory:
    """900001 becomes 900101 as it joins; 900002 joined as it opened, 900006 long after."""
    monkeypatch.setattr(paths, "outputs", lambda: tmp_path / "outputs")
    source = tmp_path / "published"
    source.mkdir()
    write_history(source, [
        (900001, "Good", "20120101"), (900001, "Requires improvement", "20170101"),
        (900101, "Good", "20211001"), (900002, "Good", "20160101"),
        (900003, "Inadequate", "20150101"), (900006, "Good", "20140101"),
    ])  # fmt: skip
    old = [(900002, 70, "01-04-2015"), (900006, 70, "01-09-2017")]
    write_snapshot(source, "20180902", old)
    write_snapshot(source, "20190917", [*old, (900101, 70, "01-03-2019")])
    write_academies(source, "20191231", [
        (900002, "Academy converter", "01-04-2015"), (900006, "Academy converter", "01-04-2012"),
        (900101, "Academy converter", "01-03-2019"),
    ])  # fmt: skip
    write_urn_links(source, "20200110", [
        (900101, 900001, "Predecessor", "01-03-2019"), (900001, 900101, "Successor", "01-03-2019"),
    ])  # fmt: skip
    return published_grades(source)


def test_a_school_keeps_its_grades_through_its_new_urn(found: GradeHistory) -> None:
    first = found.school == 0
    assert found.grade[first].tolist() == [2, 3, 2]
    joined = np.datetime64("2019-03-01").astype("int64")
    assert found.joined[0] == joined
    assert (found.day[first] < joined).tolist() == [True, True, False]
    assert found.cluster[0] == 70


def test_an_early_joining_counts_only_as_the_academy_opened(found: GradeHistory) -> None:
    assert found.notes == {"school left out: it may have been in another trust before": 1}
    # 900001 to 900003 are left, 900006 is neither a school that joined nor one to compare with.
    assert len(found.joined) == 3
    assert found.joined[1] == np.datetime64("2015-04-01").astype("int64")
    assert found.joined[2] == NEVER_JOINED
    assert found.cluster[2] < 0, "in no trust: a cluster of its own"
