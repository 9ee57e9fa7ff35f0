"""Years counted by shares of joining, and lists brought up to their own day."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from workbench.research.backtest.joining_year import caught_up, joining_year

FIRST, LAST = dt.date(2016, 8, 4), dt.date(2019, 9, 17)


def listed(*rows: tuple[int, int, str]) -> pd.DataFrame:
    out = pd.DataFrame(rows, columns=["urn", "trust_uid", "joined"])
    return out.assign(joined=pd.to_datetime(out["joined"]).astype("datetime64[s]"))


def seasonal(dates: dict[str, int]) -> dict[dt.date, pd.DataFrame]:
    """Two lists, the later with schools that joined on these days."""
    days = [day for day, count in dates.items() for _ in range(count)]
    return {FIRST: listed((1, 70, "2015-01-01")),
            LAST: listed(*((i + 2, 70, day) for i, day in enumerate(days)))}  # fmt: skip


def test_a_period_with_two_septembers_is_longer_than_its_days() -> None:
    """Six in ten on 1 September, four on 1 April: August to November next year is 1.6 years."""
    year = joining_year(seasonal({"2017-09-01": 300, "2018-09-01": 300, "2018-04-01": 400}))
    assert year.years(dt.date(2016, 8, 4), dt.date(2017, 11, 9)) == pytest.approx(1.6)
    assert year.years(dt.date(2017, 11, 9), dt.date(2018, 8, 31)) == pytest.approx(0.4)
    assert year.years(dt.date(2018, 8, 31), dt.date(2018, 9, 1)) == pytest.approx(0.6)
    assert year.years(LAST, dt.date(2022, 9, 17)) == pytest.approx(3.0)


def test_days_before_the_first_list_and_few_days_tell_no_season() -> None:
    """Days of opening before there were trusts, and a handful of joinings, count for nothing."""
    for dates in ({"2010-09-01": 500}, {"2017-09-01": 150}):
        year = joining_year(seasonal(dates))
        assert year.by_day is None
        assert year.years(FIRST, LAST) == pytest.approx((LAST - FIRST).days / 365.25)
    bare = {FIRST: pd.DataFrame({"urn": [1], "trust_uid": [70]}),
            LAST: pd.DataFrame({"urn": [1], "trust_uid": [70]})}  # fmt: skip
    assert joining_year(bare).by_day is None


def test_the_end_of_february_is_a_day_of_every_year() -> None:
    year = joining_year(seasonal({"2018-02-28": 200, "2019-03-01": 200}))
    assert year.years(dt.date(2020, 2, 27), dt.date(2020, 2, 29)) == pytest.approx(0.5)


def test_schools_entered_late_are_added_to_the_list_of_their_day() -> None:
    """2 joined on the first and moved to 71; 3 joined after the list; 4 a year before; 5 left."""
    day, after = dt.date(2018, 9, 2), dt.date(2019, 9, 17)
    before = listed((1, 70, "2016-01-01"), (2, 70, "2016-01-01"), (5, 70, "2016-01-01"))
    later = listed((1, 70, "2016-01-01"), (2, 71, "2018-09-01"), (3, 71, "2018-10-01"),
                   (4, 71, "2017-09-01"), (6, 70, "2018-09-01"))  # fmt: skip
    found = caught_up({day: before, after: later})
    assert found[day].set_index("urn")["trust_uid"].to_dict() == {1: 70, 5: 70, 2: 71, 6: 70}
    assert found[after] is later
    bare = {day: before[["urn", "trust_uid"]], after: later[["urn", "trust_uid"]]}
    assert caught_up(bare)[day] is bare[day]


def test_a_trust_that_joins_evenly_keeps_its_years() -> None:
    days = pd.date_range("2016-10-01", "2019-09-01").strftime("%Y-%m-%d")
    year = joining_year(seasonal(dict.fromkeys(days, 1)))
    some = [year.years(dt.date(2017, 1, 1), dt.date(2017, month, 1)) for month in (4, 7, 10)]
    assert some == pytest.approx(np.array([0.25, 0.5, 0.75]), abs=0.01)
