"""Trusts whose growth is planted, found again."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from workbench.errors import BadInput, RunFailed
from workbench.measures.lasting import variance
from workbench.parameters.research import load_research
from workbench.research.backtest.trust_growth import differences, fit_told, fit_trust_growth

DAY, RULES = dt.date(2018, 9, 1), load_research().backtest
SCALE = RULES.year_shock.value


def members(*pairs: tuple[int, int]) -> pd.DataFrame:
    return pd.DataFrame(pairs, columns=["urn", "trust_uid"])


def planted(seed: int, trusts: int = 1500, years: int = 3) -> tuple[pd.DataFrame, np.ndarray]:
    """Changes of trusts over years at a rate that halves by year, and sizes at the end."""
    rng = np.random.default_rng(seed)
    size, rows = rng.geometric(0.25, trusts), []
    for year in range(-years, 0):
        factor = rng.gamma(2.0, 0.5, trusts)
        rate = 0.2 * size**0.8 * factor * 0.5 ** (year + 0.5)
        joined, left = rng.poisson(rate), np.minimum(rng.poisson(0.02 * size), size - 1)
        ended = rng.random(trusts) < 0.06 / size
        frame = pd.DataFrame({"size": size, "joined": joined, "left": left, "ended": ended})
        frame["trust_uid"] = np.arange(trusts) + 70
        start, end = (dt.date(2018 + year + step, 9, 1) for step in (0, 1))
        rows.append(frame.assign(start=start, end=end, years=1.0))
        size = np.where(ended, 1, size + joined - left)
    return pd.concat(rows, ignore_index=True), size


def test_differences_count_what_joined_left_and_ended() -> None:
    """School 3 moves from 71 to 70; 4 goes nowhere; 72 is listed no more; 73 is new."""
    before = members((1, 70), (2, 70), (3, 71), (4, 71), (5, 72), (8, 71))
    after = members((1, 70), (2, 70), (3, 70), (6, 70), (7, 73), (8, 71))
    found = differences({dt.date(2019, 9, 1): after, DAY: before}).set_index("trust_uid")
    assert found.index.tolist() == [70, 71, 72]
    assert found["size"].tolist() == [2, 3, 1]
    assert found["joined"].tolist() == [2, 0, 0]
    assert found["left"].tolist() == [0, 2, 1]
    assert found["ended"].tolist() == [False, False, True]
    assert found["years"].tolist() == pytest.approx([0.9993] * 3, abs=1e-4)


def test_one_list_is_too_few() -> None:
    with pytest.raises(BadInput, match="fewer than two lists"):
        differences({DAY: members((1, 70))})


def test_planted_rates_are_found_again() -> None:
    """Twice the rate a year earlier: a slope of -0.69 a year; a passing factor of variance 0.5."""
    found = fit_trust_growth(planted(seed=3)[0], RULES)
    level, trend = found.joining_years.line
    slope = found.joining.by_size
    assert level - slope * found.joining.middle == pytest.approx(np.log(0.2), abs=0.25)
    assert trend == pytest.approx(-np.log(2.0), abs=0.15)
    assert slope == pytest.approx(0.8, abs=0.1)
    assert variance(found.joining.passing, np.log([4.0])) == pytest.approx([0.5], abs=0.2)
    assert variance(found.joining.lasting, np.log([4.0]))[0] < 0.12
    assert found.ending.numbers == pytest.approx([np.log(0.06), -1.0], abs=0.5)
    assert found.leaving.numbers == pytest.approx([np.log(0.02), 1.0], abs=0.3)


def test_years_that_differ_are_shocks_and_years_that_do_not_are_none() -> None:
    """Leaving three times as common in the second of three years, and not."""
    changes = planted(seed=6)[0]
    second = changes["start"].eq(sorted(changes["start"].unique())[1])
    shaken = changes.assign(left=changes["left"].where(~second, 3 * changes["left"]))
    even, uneven = (fit_trust_growth(each, RULES).leaving.years for each in (changes, shaken))
    assert even.spread < 0.6 * uneven.spread


def test_one_period_tells_no_trend_and_leaves_shocks_to_the_prior() -> None:
    found = fit_trust_growth(planted(seed=4, years=1)[0], RULES)
    assert found.joining_years.line[1] == 0.0
    assert found.joining_years.spread == pytest.approx(SCALE * np.sqrt(2 / np.pi), rel=0.05)


def test_trusts_that_nobody_joins_tell_no_rate() -> None:
    changes = planted(seed=5, trusts=50)[0].assign(joined=0)
    with pytest.raises(RunFailed, match="none did"):
        fit_trust_growth(changes, RULES)
    with pytest.raises(RunFailed, match="no trust ended"):
        fit_trust_growth(planted(seed=5, trusts=50)[0].assign(ended=False), RULES)


def test_lists_are_brought_up_to_their_day_before_they_are_compared() -> None:
    """Half of the schools of September 2017 are entered late: no year has more joined for that."""
    rng, days = np.random.default_rng(7), [dt.date(2016 + i, 9, 2) for i in range(3)]
    trusts, urn = np.repeat(np.arange(70, 370), 3), 1
    frame = pd.DataFrame({"urn": range(10_000, 10_900), "trust_uid": trusts,
                          "joined": pd.Timestamp("2015-09-01")})  # fmt: skip
    lists, late = {}, frame.iloc[:0]
    for day in days:
        if day > days[0]:
            joined = rng.choice(np.arange(70, 370), 300)
            new = pd.DataFrame({"urn": range(urn, urn + 300), "trust_uid": joined,
                                "joined": pd.Timestamp(day.year, 9, 1)})  # fmt: skip
            kept = new if day != days[1] else new.iloc[:150]
            frame, late = pd.concat([frame, late, kept]), new.iloc[len(kept) :]
            frame = frame[frame["trust_uid"].ne(70 + urn // 300)].iloc[1:]
            urn += 300
        lists[day] = frame.astype({"urn": "int64"})
    found, year = fit_told(lists, RULES)
    assert year.by_day is not None
    assert found.joining.levels[0] - found.joining.levels[1] == pytest.approx(0.0, abs=0.3)
    plain = fit_trust_growth(differences(lists), RULES)
    assert plain.joining.levels[0] - plain.joining.levels[1] < -0.7
