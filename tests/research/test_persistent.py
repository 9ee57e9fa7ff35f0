"""Counts of persistently absent pupils are shown only where nobody can be made out."""

from __future__ import annotations

import pandas as pd

from tests.pillars.small import FIRST, SECOND, THIRD, Rows, scope
from workbench.measures.suppression import TOTAL, attack
from workbench.research.persistent import ABSENT, OTHERS, persistent_absence


def _rows(*absent: int | None, begins: str = "2026-09-02") -> Rows:
    return [
        {"urn": urn, "begins": begins, "ends": "2026-10-23", "pupils": pupils,
         "possible_sessions": 1000, "missed_sessions": 50, "persistently_absent": number}
        for (urn, pupils), number in zip(
            ((FIRST, 200), (SECOND, 300), (THIRD, 900)), absent, strict=True
        )
    ]  # fmt: skip


def _row(shown: pd.DataFrame, name: str) -> list[int | None]:
    [row] = shown.loc[[name]].to_numpy().tolist()
    return [None if value is pd.NA else int(value) for value in row]


def test_numbers_large_enough_are_shown_with_their_totals() -> None:
    found = persistent_absence(scope(attendance=_rows(20, 30, 90)))
    assert found is not None
    published, when = found
    assert when == "September to October 2026"
    assert _row(published.shown, str(FIRST)) == [20, 180, 200]
    assert _row(published.shown, TOTAL) == [140, 1260, 1400]


def test_a_small_number_is_held_back_and_cannot_be_subtracted_out() -> None:
    found = persistent_absence(scope(attendance=_rows(3, 30, 90)))
    assert found is not None
    shown = found[0].shown
    assert shown.columns[:2].tolist() == [ABSENT, OTHERS]
    # With the others shown, the roll would give it away.
    assert _row(shown, str(FIRST)) == [None, None, 200]
    ranges = attack(found[0])
    assert (ranges["upper"] - ranges["lower"] >= 6).all()


def test_a_school_without_a_number_and_earlier_half_terms_are_left_out() -> None:
    earlier = [{**row, "ends": "2026-07-20"} for row in _rows(9, 9, 9, begins="2026-06-01")]
    found = persistent_absence(scope(attendance=[*_rows(20, None, 90), *earlier]))
    assert found is not None
    assert list(found[0].shown.index) == [str(FIRST), str(THIRD), TOTAL]
    assert found[1] == "September to October 2026; without 1 school that gave no number"


def test_schools_that_open_on_different_days_are_of_one_half_term() -> None:
    first, second, third = _rows(20, 30, 90)
    rows = [{**first, "begins": "2026-09-04"}, second, {**third, "begins": "2026-09-01"}]
    found = persistent_absence(scope(attendance=rows))
    assert found is not None
    assert list(found[0].shown.index) == [str(FIRST), str(SECOND), str(THIRD), TOTAL]
    assert found[1] == "September to October 2026"


def test_without_attendance_there_is_nothing() -> None:
    assert persistent_absence(scope()) is None
    assert persistent_absence(scope(attendance=_rows(None, None, None))) is None
