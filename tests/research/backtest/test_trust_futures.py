"""Trusts simulated on by rates that are given: what becomes of them, and how they hang together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from workbench.measures.futures import joint_evenness
from workbench.measures.lasting import LastingCounts
from workbench.measures.scoring import interval_masses
from workbench.measures.shocks import YearlyLevels
from workbench.research.backtest import trust_futures
from workbench.research.backtest.trust_growth import Rate, TrustGrowth

NONE = np.array([-30.0, 0.0])  # logarithm of a variance that is none, and its slope


def years(level: float, shock: float = 1e-9) -> YearlyLevels:
    """A level sure of itself, moved each year by shocks of this spread."""
    return YearlyLevels(
        np.array([shock]), np.ones(1), np.array([[level, 0.0]]), np.zeros((1, 2, 2))
    )


def growth(
    joining: float, ending: float, leaving: float, passing: float = 0.0, shock: float = 1e-9
) -> TrustGrowth:
    """A process without an effect of size, of whose trusts nothing is known."""
    varied = np.array([np.log(passing), 0.0]) if passing else NONE
    known = LastingCounts(
        np.zeros(1), 0.0, 0.0, np.zeros((2, 2)), NONE, varied, np.zeros(0, dtype=np.int64),
        np.zeros((1, 15)), np.zeros((1, 15)),
    )  # fmt: skip
    ends, leaves = (
        Rate(np.array([np.log(rate), 0.0]), years(0.0), np.zeros(4)) for rate in (ending, leaving)
    )
    return TrustGrowth(known, years(np.log(joining), shock), ends, leaves, dt.date(2018, 9, 1))


def simulate_sizes(
    process: TrustGrowth, sizes: Sequence[int] | npt.NDArray[np.int64], looks: list[float], *,
    draws: int, seed: int, schools: float = np.inf,
) -> npt.NDArray[np.int64]:  # fmt: skip
    named = pd.Series(np.asarray(sizes), range(70, 70 + len(sizes)))
    return trust_futures.simulate_sizes(
        process, named, looks, schools=schools, draws=draws, seed=seed
    )


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


def test_passing_factors_spread_counts_beyond_poisson() -> None:
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


def test_what_is_known_of_a_trust_moves_its_own_rate_alone() -> None:
    """Trust 70 was seen to grow at three times the rate; 71 was never seen."""
    process = growth(1.0, 1e-12, 1e-12)
    known = process.joining
    seen = LastingCounts(
        known.levels, 0.0, 0.0, known.covariance, NONE, NONE, np.array([70]), np.eye(15)[:1],
        np.full((1, 15), 3.0),
    )  # fmt: skip
    [after] = simulate_sizes(replace(process, joining=seen), [5, 5], [1.0], draws=4000, seed=12)
    assert (after - 5).mean(axis=0) == pytest.approx([3.0, 1.0], abs=0.12)


def test_a_years_shock_moves_all_trusts_of_a_future_together_and_the_next_year_anew() -> None:
    """A spread of .5 over 400 trusts: the mean of a future varies as exp(.25) - 1 of its square."""
    process = growth(2.0, 1e-12, 1e-12, shock=0.5)
    one, two = simulate_sizes(process, [3] * 400, [1.0, 2.0], draws=1500, seed=13)
    first, second = (one - 3).mean(axis=1), (two - one).mean(axis=1)
    assert first.var() / first.mean() ** 2 == pytest.approx(np.exp(0.25) - 1.0, rel=0.25)
    assert np.corrcoef(first, second)[0, 1] == pytest.approx(0.0, abs=0.1)


def test_trusts_share_the_schools_that_are_in_none() -> None:
    """300 trusts of 3 in a country of 1,500: 600 outside, of whom 1 in 2 wants in each year.

    The closed form is that of one decay: outside, 600 exp(-t / 2) are left after t years.
    """
    process, sizes = growth(1.0, 1e-12, 1e-12), [3] * 300
    one, four = simulate_sizes(process, sizes, [1.0, 4.0], draws=300, seed=21, schools=1500)
    assert one.sum(axis=1).mean() == pytest.approx(1500 - 600 * np.exp(-0.5), rel=0.005)
    assert four.sum(axis=1).mean() == pytest.approx(1500 - 600 * np.exp(-2.0), rel=0.005)


def test_no_rate_however_wild_fills_trusts_beyond_the_schools_there_are() -> None:
    """A trend told by few lists may have rates of thousands a year in some futures."""
    process = growth(1e5, 1e-12, 1e-12)
    [after] = simulate_sizes(process, [3] * 300, [2.0], draws=50, seed=22, schools=1500)
    assert after.sum(axis=1).mean() == pytest.approx(1500, rel=0.01)
    assert after.sum(axis=1).max() < 1500 + 5 * np.sqrt(600)


def test_trusts_that_have_ended_take_no_schools_from_those_that_go_on() -> None:
    """Those that go on take whatever there is, and free it again where they end in a quarter."""
    process = growth(1e5, 0.5, 1e-12)
    [after] = simulate_sizes(process, [3] * 300, [2.0], draws=100, seed=23, schools=1500)
    assert (after > 0).mean() == pytest.approx(np.exp(-1.0), abs=0.01)
    assert after.sum(axis=1).mean() == pytest.approx(1500 * np.exp(-0.5 / 4), rel=0.01)


def test_forecasts_of_the_process_itself_are_right() -> None:
    """Counts drawn from the process are even among its own futures, and fill their intervals."""
    process = growth(0.8, 0.05, 0.1, 0.6, shock=0.2)
    sizes = np.tile([1, 2, 4, 8, 15], 200)
    [samples] = simulate_sizes(process, sizes, [2.0], draws=400, seed=9)
    [[seen]] = simulate_sizes(process, sizes, [2.0], draws=1, seed=10)
    joint = joint_evenness(samples, seen, seed=11)
    assert joint is not None
    assert min(joint.p_value, joint.shape_p_value) > 0.01
    masses = interval_masses(samples, seen)
    assert all(abs(mass.difference) < 4 * mass.doubt for mass in masses)
