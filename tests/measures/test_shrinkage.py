"""Empirical Bayes against published results, cases solved by hand, and coverage."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.meta_analysis import combine_effects

from workbench.errors import BadInput
from workbench.measures.shrinkage import Shrunken, between_variance, mean_of, shrink, shrink_shares

# D. B. Rubin, "Estimation in parallel randomized experiments", Journal of Educational Statistics 6,
# 1981: the effect of coaching in eight schools.
COACHING = pd.Series([28.0, 8, -3, 7, -1, 1, 18, 12], index=list("ABCDEFGH"))
COACHING_ERRORS = pd.Series([15.0, 10, 16, 11, 9, 11, 10, 18], index=list("ABCDEFGH"))
# B. Efron and C. Morris, "Data analysis using Stein's estimator and its generalizations", JASA 70,
# 1975, table 1: hits of 18 batters in 45 attempts, and the estimates of their averages.
HITS = np.array([18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7])
ESTIMATED = [0.290, 0.286, 0.281, 0.277, 0.273, 0.273, 0.268, 0.264, 0.259, 0.259]
ESTIMATED += [0.254] * 5 + [0.249, 0.244, 0.239]


def shrunk(y: list[float], s: list[float], centre: float | None = None) -> Shrunken:
    found = shrink(pd.Series(y), pd.Series(s), centre=centre)
    assert found is not None
    return found


def cell(found: Shrunken, unit: object, column: str) -> float:
    return float(found.units[column].to_dict()[unit])


def test_eight_schools_have_no_more_spread_than_chance() -> None:
    """The published pooled effect is 7.7 with standard error 4.1, and no variance between."""
    found = shrink(COACHING, COACHING_ERRORS)
    assert found is not None
    assert found.tau2 == 0
    assert (round(found.centre, 1), round(found.centre_error, 1)) == (7.7, 4.1)
    # All variance is chance, yet seven degrees of freedom do not prove it: the pull is 5/7.
    assert cell(found, "A", "shrunken") == pytest.approx(7.6856 + 2 / 7 * 20.3144, abs=1e-3)
    assert (found.units["lower"] < 0).all()


def test_estimates_match_the_published_batting_averages() -> None:
    x = np.sqrt(45) * np.arcsin(2 * HITS / 45 - 1)  # variance 1
    found = shrunk(x.tolist(), [1.0] * 18)
    kept = (found.units["shrunken"] - found.centre) / (found.units["estimate"] - found.centre)
    assert kept.round(3).eq(0.209).all()
    averages = (np.sin(found.units["shrunken"] / np.sqrt(45)) + 1) / 2
    assert averages.round(3).tolist() == ESTIMATED


def test_a_case_solved_by_hand() -> None:
    """Errors 1, squares 40 with 4 degrees: tau2 is 9, chance a tenth, the pull .1 x 2/4 = .05.

    The centre's variance is 10/5 = 2. For 4: .95 + .05^2 x 2 + 2/4 x 2/4 x .1^2 x 16 = .995.
    """
    found = shrunk([-4, -2, 0, 2, 4], [1] * 5)
    assert found.tau2 == pytest.approx(9)
    assert found.centre_error == pytest.approx(np.sqrt(2))
    assert cell(found, 4, "shrunken") == pytest.approx(3.8)
    assert cell(found, 4, "upper") - 3.8 == pytest.approx(1.959964 * np.sqrt(0.995))
    above = stats.norm.cdf(3.8 / np.sqrt(0.995))
    assert cell(found, 4, "probability_above_zero") == pytest.approx(above)


def test_a_given_centre_is_certain_and_leaves_one_more_degree() -> None:
    """Squares about 1 are 45 with 5 degrees: tau2 is 8, chance 1/9, the pull 1/9 x 3/5."""
    found = shrunk([-4, -2, 0, 2, 4], [1] * 5, centre=1.0)
    assert found.tau2 == pytest.approx(8)
    assert (found.centre, found.centre_error) == (1.0, 0.0)
    assert cell(found, 4, "shrunken") == pytest.approx(1 + 3 * (1 - 1 / 15))


def test_the_variance_between_units_is_that_of_the_meta_analysis() -> None:
    rng = np.random.default_rng(2)
    errors = rng.uniform(0.5, 2, 12)
    estimates = rng.normal(0, 2, 12) + errors * rng.standard_normal(12)
    expected = combine_effects(estimates, errors**2, method_re="iterated").tau2
    assert between_variance(estimates, errors) == pytest.approx(expected, rel=1e-5)


def test_fewer_than_four_units_are_left_as_they_are() -> None:
    found = shrunk([0.0, 1.0, 5.0], [1.0, 2.0, 3.0])
    assert found.units["shrunken"].tolist() == pytest.approx([0, 1, 5])
    assert found.units["upper"].tolist() == pytest.approx([1.959964, 4.919928, 10.879892])


def test_the_less_is_known_of_a_unit_the_further_it_is_drawn_in() -> None:
    found = shrunk([10, 10, -10, -10, 0, 0], [1, 5, 1, 5, 1, 5])
    assert cell(found, 1, "shrunken") < cell(found, 0, "shrunken") < 10


@pytest.mark.parametrize("spread", [0.0, 0.5, 2.0])
def test_intervals_cover_the_truth_whatever_the_spread(spread: float) -> None:
    rng, covered = np.random.default_rng(3), []
    for _ in range(300):
        errors = rng.uniform(0.3, 1.7, 8)
        true = rng.normal(0, spread, 8)
        units = shrunk(rng.normal(true, errors).tolist(), errors.tolist()).units
        covered.append(((units["lower"] <= true) & (true <= units["upper"])).mean())
    assert np.mean(covered) > 0.935


def test_nothing_to_weigh_gives_none() -> None:
    none = pd.Series([], dtype=float)
    assert shrink(none, none) is None
    assert shrink(pd.Series([3.0]), pd.Series([1.0])) is None
    alone = shrink(pd.Series([3.0]), pd.Series([1.0]), centre=0.0)
    assert alone is not None
    assert alone.units["shrunken"].tolist() == [3.0]


def test_units_without_an_estimate_are_left_out() -> None:
    found = shrunk([1, 2, np.nan, 4], [1, 1, np.nan, 1])
    assert found.units.index.tolist() == [0, 1, 3]


@pytest.mark.parametrize("error", [0.0, -1.0, np.nan, np.inf])
def test_estimates_that_cannot_be_weighed_are_refused(error: float) -> None:
    with pytest.raises(BadInput, match="cannot be weighed"):
        shrink(pd.Series([1.0, 2.0]), pd.Series([1.0, error]))


def test_series_of_different_units_are_refused() -> None:
    one, other = pd.Series([1, 2], index=[0, 1]), pd.Series([3, 4], index=[1, 0])
    for function in (shrink, shrink_shares):
        with pytest.raises(BadInput, match="same units"):
            function(one, other)
        with pytest.raises(BadInput, match="confidence"):
            function(one, one, confidence=95)


def test_shares_of_a_case_solved_by_hand() -> None:
    """Five units of 10 with 1, 3, 5, 7, 9: squares 10 x .4 / .25 = 16 with 4 degrees.

    The likeness is (16 - 4) / (50 - 10 - 4) = 1/3, so chance is (2/30) / (2/30 + 1/3) = 1/6 and
    the pull 1/6 x 2/4; the variance between units is .25 / 3.
    """
    found = shrink_shares(pd.Series([1, 3, 5, 7, 9]), pd.Series([10] * 5))
    assert found is not None
    assert found.centre == pytest.approx(0.5)
    assert found.tau2 == pytest.approx(0.25 / 3)
    # (1 - 1/3) / 50 + 1/3 x 500 / 2500 = .08, of .25
    assert found.centre_error == pytest.approx(np.sqrt(0.25 * 0.08))
    assert cell(found, 0, "shrunken") == pytest.approx(0.5 - 0.4 * 11 / 12)
    assert found.units["probability_above_centre"].is_monotonic_increasing
    assert cell(found, 2, "probability_above_centre") == pytest.approx(0.5)


@pytest.mark.parametrize("shape", [(3, 7), (1, 19), (2, 0.2), (200, 200)])
def test_intervals_of_shares_cover_the_truth(shape: tuple[float, float]) -> None:
    rng, covered = np.random.default_rng(4), []
    for _ in range(150):
        trials = rng.integers(3, 40, 8)
        true = rng.beta(*shape, 8)
        found = shrink_shares(pd.Series(rng.binomial(trials, true)), pd.Series(trials))
        assert found is not None
        units = found.units
        covered.append(((units["lower"] <= true) & (true <= units["upper"])).mean())
    assert np.mean(covered) > 0.93


def test_none_at_all_is_not_certainty() -> None:
    found = shrink_shares(pd.Series([0, 0, 0, 0, 0]), pd.Series([5, 6, 7, 8, 9]))
    assert found is not None
    assert (found.units["lower"] == 0).all()
    assert (found.units["upper"] > 0.02).all()
    assert found.centre == pytest.approx(0.5 / 36)


def test_units_without_trials_are_left_out() -> None:
    found = shrink_shares(pd.Series([0, 2]), pd.Series([0, 4]))
    assert found is not None
    assert found.units.index.tolist() == [1]
    assert found.units["shrunken"].tolist() == [0.5]
    assert shrink_shares(pd.Series([0]), pd.Series([0])) is None


@pytest.mark.parametrize(("successes", "trials"), [(3, 2), (-1, 2), (1, np.nan), (np.nan, 2)])
def test_impossible_counts_are_refused(successes: float, trials: float) -> None:
    with pytest.raises(BadInput, match="cannot be as given"):
        shrink_shares(pd.Series([successes]), pd.Series([trials]))


def test_the_range_of_a_mean_covers_the_truth_as_often_as_it_says() -> None:
    """Units all truly 0.1, each +- 0.1, all share the error of their centre.

    Taken for independent, six would cover it in 88% and twelve in 76% of cases. At 95%, 500 cases
    have an error of 1%. Fixed seed.
    """
    draw = np.random.default_rng(20261031)
    for count in (6, 12):
        held = 0
        for _ in range(500):
            seen = pd.Series(0.1 + 0.1 * draw.standard_normal(count))
            found = shrink(seen, pd.Series([0.1] * count))
            assert found is not None
            interval = mean_of(found, seen.index)
            assert interval.estimate == pytest.approx(found.units["shrunken"].mean())
            held += interval.lower <= 0.1 <= interval.upper
        assert 0.94 <= held / 500 < 0.99
