"""Funnels: limits worked by hand, limits against the binomial distribution, and coverage."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from workbench.errors import BadInput
from workbench.measures.funnels import (
    binomial_funnel,
    limits_over,
    overdispersed_funnel,
    overdispersion,
)

LIMITS = ["lower_95", "upper_95", "lower_998", "upper_998"]

# Four units with z of -3, -1, 1, 3 and weights 1, 1, 4, 4: sum w - sum w2 / sum w is
# 10 - 34/10 = 6.6.
VALUES = pd.Series([-3.0, -1.0, 0.5, 1.5], index=["a", "b", "c", "d"])
ERRORS = pd.Series([1.0, 1.0, 0.5, 0.5], index=["a", "b", "c", "d"])


def test_variance_between_units_worked_by_hand() -> None:
    """Squared z add up to 20: phi 5, tau2 (20 - 3) / 6.6."""
    phi, tau2 = overdispersion([-3, -1, 1, 3], [1, 1, 4, 4], 0)
    assert (phi, tau2) == pytest.approx((5, 17 / 6.6))


def test_variance_between_winsorised_units_worked_by_hand() -> None:
    """Drawn in to their 10% and 90% quantiles, the ends are -+2.4: squared z add up to 13.52."""
    phi, tau2 = overdispersion([-3, -1, 1, 3], [1, 1, 4, 4], 0.1)
    assert (phi, tau2) == pytest.approx((3.38, 10.52 / 6.6))


def test_less_variance_than_chance_gives_none_between_units() -> None:
    assert overdispersion([-0.5, 0.5, 0, 0], [1, 2, 3, 4], 0)[1] == 0


def test_a_funnel_of_units_that_differ_worked_by_hand() -> None:
    """Centre 0, tau2 10.52 / 6.6 = 1.5939: 95% limits of the first -+1.96 x 1.6106 = 3.1567."""
    funnel = overdispersed_funnel(VALUES, ERRORS, centre=0)
    assert (funnel.kind, funnel.centre, funnel.confidences) == ("overdispersed", 0, (0.95, 0.998))
    assert (funnel.phi, funnel.tau2) == pytest.approx((3.38, 1.593939), abs=1e-6)
    first = funnel.units.loc["a"]
    assert (first["value"], first["error"], first["size"]) == (-3, 1, 1)
    assert first["z"] == pytest.approx(-3 / 1.610571, abs=1e-5)
    assert funnel.units[LIMITS].to_numpy()[0].tolist() == pytest.approx(
        [-1.959964 * 1.610571, 1.959964 * 1.610571, -3.090232 * 1.610571, 3.090232 * 1.610571],
        abs=1e-5,
    )
    assert funnel.units["place"].eq("within").all()
    assert funnel.units["side"].tolist() == ["below", "below", "above", "above"]


def test_the_centre_is_the_mean_weighted_by_precision() -> None:
    """(-3 - 1 + 4 x 0.5 + 4 x 1.5) / 10 = 0.4."""
    assert overdispersed_funnel(VALUES, ERRORS).centre == pytest.approx(0.4)


def test_a_reference_sets_centre_and_variance_for_the_units_placed() -> None:
    own = pd.Series([9.0, 0.4], index=["far", "near"]), pd.Series([1.0, 0.1], index=["far", "near"])
    placed = overdispersed_funnel(*own, reference=(VALUES, ERRORS))
    whole = overdispersed_funnel(VALUES, ERRORS)
    assert (placed.centre, placed.tau2, placed.phi) == (whole.centre, whole.tau2, whole.phi)
    assert placed.units["place"].to_dict() == {"far": "beyond 99.8%", "near": "within"}


@pytest.mark.parametrize(
    ("distance", "place"),
    [(1.95, "within"), (1.97, "beyond 95%"), (3.08, "beyond 95%"), (3.10, "beyond 99.8%")],
)
@pytest.mark.parametrize("sign", [1, -1])
def test_places_change_at_the_limits(distance: float, place: str, sign: int) -> None:
    value, error = pd.Series([sign * distance]), pd.Series([1.0])
    even = pd.Series([0.0, 0.0]), pd.Series([1.0, 1.0])
    unit = overdispersed_funnel(value, error, reference=even).units.iloc[0]
    assert (unit["place"], unit["side"]) == (place, "above" if sign > 0 else "below")


@pytest.mark.parametrize(("winsorise", "inside"), [(0.0, 0.95), (0.1, 0.894)])
def test_limits_hold_the_stated_share_of_units_that_differ(winsorise: float, inside: float) -> None:
    """20,000 units that differ by a standard deviation of 2, ten times the usual chance error.

    Nothing drawn in: 95%. With 10% drawn in at each end, squared z shrink to .8 - 2c f(c) + .2 c2
    = .6787 at c = 1.2816, and 1.96 x root .6787 = 1.615 standard deviations hold 89.4%.
    """
    rng = np.random.default_rng(9)
    errors = pd.Series(rng.uniform(0.19, 0.21, 20_000))
    values = pd.Series(5 + rng.normal(0, 2, 20_000) + rng.normal(0, 1, 20_000) * errors)
    funnel = overdispersed_funnel(values, errors, winsorise=winsorise)
    assert (funnel.units["place"] == "within").mean() == pytest.approx(inside, abs=0.01)
    chance_only = values.sub(funnel.centre).abs().le(1.96 * errors).mean()
    assert chance_only < 0.2


def test_binomial_limits_worked_by_hand() -> None:
    """Ten trials at one half: at most 1 has probability 11/1024, at most 2 56/1024.

    The tail of .025 is passed (56 - 25.6) / 45 = .67556 before 2; the upper limit mirrors it.
    """
    unit = binomial_funnel(pd.Series([1]), pd.Series([10]), centre=0.5).units.iloc[0]
    lower = (2 - (56 - 25.6) / 45) / 10
    assert (unit["lower_95"], unit["upper_95"]) == pytest.approx((lower, 1 - lower))
    assert unit["z"] == pytest.approx((0.1 - 0.5) / math.sqrt(0.025))
    assert (unit["place"], unit["side"], unit["size"]) == ("beyond 95%", "below", 10)


@pytest.mark.parametrize("centre", [0.02, 0.3, 0.5, 0.85, 0.999])
@pytest.mark.parametrize("trials", [1, 2, 7, 30, 400])
def test_a_count_is_beyond_a_limit_where_it_or_more_extreme_has_less_than_the_tail(
    centre: float, trials: int
) -> None:
    counts = pd.Series(range(trials + 1))
    funnel = binomial_funnel(counts, pd.Series(trials, index=counts.index), centre=centre)
    lower_tail, upper_tail = binom.cdf(counts, trials, centre), binom.sf(counts - 1, trials, centre)
    tail = np.minimum(lower_tail, upper_tail)
    expected = np.select([tail < 0.001, tail < 0.025], ["beyond 99.8%", "beyond 95%"], "within")
    assert funnel.units["place"].tolist() == expected.tolist()
    assert funnel.units[LIMITS].ge(0).all(axis=None)
    assert funnel.units[LIMITS].le(1).all(axis=None)


def test_binomial_limits_hold_at_least_the_stated_share() -> None:
    rng = np.random.default_rng(10)
    trials = pd.Series(rng.integers(5, 300, 5000))
    funnel = binomial_funnel(pd.Series(rng.binomial(trials, 0.2)), trials)
    place = funnel.units["place"]
    assert 0.945 <= place.eq("within").mean() <= 0.975
    assert place.eq("beyond 99.8%").mean() <= 0.003
    assert (funnel.tau2, funnel.phi) == (0, None)


def test_the_binomial_centre_is_the_pooled_proportion() -> None:
    """Fourteen in 100, not the mean of 5 in 10 and 9 in 90."""
    assert binomial_funnel(pd.Series([5, 9]), pd.Series([10, 90])).centre == pytest.approx(0.14)


@pytest.mark.parametrize(("successes", "centre"), [(0, 0.0), (5, 1.0)])
def test_where_all_or_none_succeed_all_are_within(successes: int, centre: float) -> None:
    funnel = binomial_funnel(pd.Series([successes] * 3), pd.Series([5] * 3))
    assert funnel.centre == centre
    assert funnel.units["z"].eq(0).all()
    assert funnel.units["place"].eq("within").all()


def test_curves_pass_through_the_limits_of_the_units() -> None:
    for funnel in (
        binomial_funnel(pd.Series([3, 30, 70]), pd.Series([10, 120, 200])),
        overdispersed_funnel(VALUES, ERRORS),
    ):
        curves = limits_over(funnel, funnel.units["size"].to_numpy())
        units = funnel.units.drop_duplicates("size").set_index("size")[LIMITS]
        drawn = curves.drop_duplicates("size").set_index("size")
        pd.testing.assert_frame_equal(drawn, units)


def test_curves_of_counts_are_drawn_at_whole_trials() -> None:
    funnel = binomial_funnel(pd.Series([3]), pd.Series([10]))
    assert limits_over(funnel, [0.2, 1.2, 2.9, 3.1, 7])["size"].tolist() == [1, 3, 7]


def test_curves_narrow_as_size_grows_but_never_below_the_variance_between_units() -> None:
    funnel = overdispersed_funnel(VALUES, ERRORS, centre=0)
    upper = limits_over(funnel, np.geomspace(0.1, 1e9, 50))["upper_95"]
    assert upper.is_monotonic_decreasing
    assert upper.iloc[-1] == pytest.approx(1.959964 * math.sqrt(funnel.tau2), rel=1e-5)


def test_a_unit_without_trials_is_refused_by_name() -> None:
    trials = pd.Series([10, 0, 0], index=["a", "b", "c"])
    with pytest.raises(BadInput, match="no trials") as refused:
        binomial_funnel(pd.Series([1, 0, 0], index=trials.index), trials)
    assert refused.value.where == "b, c"


@pytest.mark.parametrize(("successes", "trials"), [(11, 10), (-1, 10), (1.5, 10), (1, 10.5)])
def test_impossible_counts_are_refused(successes: float, trials: float) -> None:
    with pytest.raises(BadInput, match="the counts cannot be"):
        binomial_funnel(pd.Series([1, successes]), pd.Series([10, trials]))


def test_missing_numbers_are_refused_by_name() -> None:
    with pytest.raises(BadInput, match="trials are missing") as refused:
        binomial_funnel(pd.Series([1, 2], [7, 8]), pd.Series([10, None], [7, 8], dtype="Int64"))
    assert refused.value.where == "8"
    with pytest.raises(BadInput, match="values are missing"):
        overdispersed_funnel(VALUES.replace(0.5, math.nan), ERRORS)


def test_a_long_list_of_refused_units_is_cut() -> None:
    with pytest.raises(BadInput) as refused:
        binomial_funnel(pd.Series([0] * 8), pd.Series([0] * 8))
    assert refused.value.where == "0, 1, 2, 3, 4 and 3 more"


def test_errors_of_zero_are_refused() -> None:
    with pytest.raises(BadInput, match="standard error"):
        overdispersed_funnel(VALUES, ERRORS * 0)


def test_columns_of_different_units_are_refused() -> None:
    with pytest.raises(BadInput, match="belong together"):
        overdispersed_funnel(VALUES, ERRORS.iloc[::-1])
    with pytest.raises(BadInput, match="belong together"):
        binomial_funnel(pd.Series([], dtype=float), pd.Series([], dtype=float))


@pytest.mark.parametrize("centre", [0.0, 1.0, 50.0, math.nan])
def test_an_impossible_centre_is_refused(centre: float) -> None:
    with pytest.raises(BadInput, match="centre"):
        binomial_funnel(pd.Series([1]), pd.Series([10]), centre=centre)


def test_one_unit_shows_no_variance_between_units() -> None:
    with pytest.raises(BadInput, match="1 units"):
        overdispersed_funnel(VALUES.iloc[:1], ERRORS.iloc[:1])
    with pytest.raises(BadInput, match="winsorised"):
        overdispersion([1, 2], [1, 1], 0.5)


@pytest.mark.parametrize("size", [0.0, -1.0, math.nan, math.inf])
def test_impossible_sizes_are_refused(size: float) -> None:
    with pytest.raises(BadInput, match="size"):
        limits_over(overdispersed_funnel(VALUES, ERRORS), [1.0, size])
