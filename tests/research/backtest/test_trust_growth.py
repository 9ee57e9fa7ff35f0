"""Trusts whose growth is planted: found again, and simulated on."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from workbench.errors import BadInput, RunFailed
from workbench.measures.scoring import count_chances, evenness, interval_masses, randomised_pit
from workbench.research.backtest.trust_growth import (
    TrustGrowth,
    differences,
    fit_trust_growth,
    simulate_sizes,
)

DAY = dt.date(2018, 9, 1)


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
    """Twice the rate a year earlier: a slope of -0.69 a year; a lasting factor of variance 0.5."""
    found = fit_trust_growth(planted(seed=3)[0])
    errors = np.sqrt(np.diag(found.joining_covariance))
    assert np.abs(found.joining - [np.log(0.2), 0.8, -np.log(2.0)]).max() < 0.12
    assert (errors < 0.08).all()
    assert found.spreads[:2] == pytest.approx([0.5, 0.5], abs=0.25)
    assert found.ending == pytest.approx([np.log(0.06), -1.0], abs=0.5)
    assert found.leaving == pytest.approx([np.log(0.02), 1.0], abs=0.3)


def test_one_period_tells_no_trend() -> None:
    found = fit_trust_growth(planted(seed=4, years=1)[0])
    assert found.joining[2] == 0.0
    assert found.joining_covariance[2].tolist() == [0.0, 0.0, 0.0]


def test_trusts_that_nobody_joins_tell_no_rate() -> None:
    changes = planted(seed=5, trusts=50)[0].assign(joined=0)
    with pytest.raises(RunFailed, match="none did"):
        fit_trust_growth(changes)
    with pytest.raises(RunFailed, match="no trust ended"):
        fit_trust_growth(planted(seed=5, trusts=50)[0].assign(ended=False))


def growth(joining: float, ending: float, leaving: float, spread: float = 0.0) -> TrustGrowth:
    """A process without an effect of size, and sure of its numbers."""
    spreads = np.full(4, spread)
    return TrustGrowth(
        np.array([np.log(joining), 0.0, 0.0]), np.zeros((3, 3)), spreads,
        np.array([np.log(ending), 0.0]), np.array([np.log(leaving), 0.0]), np.zeros(4), DAY,
    )  # fmt: skip


def test_simulated_sizes_follow_the_rates_given() -> None:
    """Two join a year, none leaves or ends: Poisson of 4 after two years, whatever the size."""
    [after] = simulate_sizes(growth(2.0, 1e-12, 1e-12), [3] * 200, [2.0], draws=200, seed=1)
    joined = after - 3
    assert joined.mean() == pytest.approx(4.0, abs=0.05)
    assert joined.var() == pytest.approx(4.0, abs=0.15)


def test_trusts_end_at_their_rate_and_do_not_come_back() -> None:
    """A rate of one half a year: exp(-1/2) and exp(-1) are left after one and two years."""
    one, two = simulate_sizes(growth(1e-12, 0.5, 1e-12), [3] * 300, [1.0, 2.0], draws=200, seed=2)
    assert (one > 0).mean() == pytest.approx(np.exp(-0.5), abs=0.01)
    assert (two > 0).mean() == pytest.approx(np.exp(-1.0), abs=0.01)
    assert (two[one == 0] == 0).all()


def test_leaving_never_empties_a_trust() -> None:
    [after] = simulate_sizes(growth(1e-12, 1e-12, 50.0), [2, 30], [1.0], draws=50, seed=3)
    assert (after == 1).all()


def test_lasting_factors_spread_counts_beyond_poisson() -> None:
    """A variance of 0.5 adds half the squared mean: 2 + 0.5 x 4 = 4 of a mean of 2."""
    [after] = simulate_sizes(growth(2.0, 1e-12, 1e-12, 0.5), [3] * 400, [1.0], draws=300, seed=4)
    assert (after - 3).mean() == pytest.approx(2.0, abs=0.03)
    assert (after - 3).var() == pytest.approx(4.0, abs=0.15)


def test_the_same_seed_gives_the_same_futures() -> None:
    process = growth(1.0, 0.05, 0.1, 0.5)
    one, same, other = (
        simulate_sizes(process, [1, 5, 12], [1.0], draws=20, seed=seed) for seed in (7, 7, 8)
    )
    assert (one == same).all()
    assert (one != other).any()


def test_forecasts_of_the_process_itself_are_right() -> None:
    """Counts drawn from the process are even under its own forecasts, and fill their intervals."""
    process = growth(0.8, 0.05, 0.1, 0.6)
    sizes = np.tile([1, 2, 4, 8, 15], 200)
    [samples] = simulate_sizes(process, sizes, [2.0], draws=400, seed=9)
    [[seen]] = simulate_sizes(process, sizes, [2.0], draws=1, seed=10)
    even = evenness(randomised_pit(*count_chances(samples, seen), seed=11))
    assert even is not None
    assert even.p_value > 0.01
    assert all(abs(mass.difference) < 0.05 for mass in interval_masses(samples, seen))
