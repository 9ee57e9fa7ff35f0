"""Scales: reliability solved by hand and from exact one-factor data, and who counts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from workbench.errors import BadInput
from workbench.measures.scales import cronbach_alpha, mcdonald_omega, omega_of, scale

SMALL = pd.DataFrame({"a": [1, 2, 3, 4], "b": [1, 3, 2, 3], "c": [2, 2, 3, 4]})
LOADINGS = np.array([0.8, 0.7, 0.6, 0.5, 0.4])


def one_factor() -> np.ndarray:
    correlations = np.outer(LOADINGS, LOADINGS)
    np.fill_diagonal(correlations, 1.0)
    return correlations


def with_covariance(covariance: np.ndarray, n: int = 60) -> pd.DataFrame:
    """Data whose sample covariance is exactly the one given."""
    raw = np.random.default_rng(1).standard_normal((n, len(covariance)))
    raw -= raw.mean(axis=0)
    white = raw @ np.linalg.inv(np.linalg.cholesky(np.cov(raw, rowvar=False)).T)
    return pd.DataFrame(white @ np.linalg.cholesky(covariance).T)


def test_alpha_of_a_case_solved_by_hand() -> None:
    """Variances 5/3, 11/12, 11/12; sums 4, 7, 8, 11, variance 25/3; 3/2 (1 - 42/100) = .87."""
    assert cronbach_alpha(SMALL) == pytest.approx(0.87)


def test_omega_of_exact_one_factor_correlations() -> None:
    """The loadings add up to 3 and their squares to 1.9: omega is 9 / (9 + 5 - 1.9)."""
    found = omega_of(one_factor(), np.ones(5), 200)
    assert found == pytest.approx(9 / 12.1, abs=1e-5)


def test_omega_is_in_the_items_own_units() -> None:
    """With spreads 2, 1, 1, 1, 1: common (1.6 + 2.2)^2, unique 4 x .36 + .51 + .64 + .75 + .84."""
    spread = np.array([2.0, 1, 1, 1, 1])
    answers = with_covariance(one_factor() * np.outer(spread, spread))
    assert mcdonald_omega(answers) == pytest.approx(14.44 / (14.44 + 4.18), abs=1e-5)


def test_omega_equals_alpha_where_all_items_load_alike_and_exceeds_it_elsewhere() -> None:
    alike = np.full((4, 4), 0.5) + 0.5 * np.eye(4)
    answers = with_covariance(alike)
    assert mcdonald_omega(answers) == pytest.approx(cronbach_alpha(answers), abs=1e-5)
    unlike = with_covariance(one_factor())
    omega, alpha = mcdonald_omega(unlike), cronbach_alpha(unlike)
    assert omega is not None
    assert alpha is not None
    assert omega > alpha + 0.005


def test_an_item_that_all_answer_alike_adds_nothing_to_omega() -> None:
    answers = with_covariance(one_factor())
    more = answers.assign(constant=4.0)
    assert mcdonald_omega(more) == pytest.approx(mcdonald_omega(answers))


def test_reliability_is_none_where_it_cannot_be_worked_out() -> None:
    assert cronbach_alpha(SMALL[["a"]]) is None
    assert cronbach_alpha(SMALL.head(1)) is None
    assert cronbach_alpha(pd.DataFrame({"a": [3, 3, 3], "b": [4, 4, 4]})) is None
    assert mcdonald_omega(with_covariance(np.eye(2))) is None  # two items
    assert mcdonald_omega(SMALL.head(3)) is None  # no more people than items
    # One factor would need a negative square: .12 x -.14 / .43. The fit takes an item whole.
    improper = np.array([[1, 0.12, -0.14], [0.12, 1, 0.43], [-0.14, 0.43, 1]])
    assert omega_of(improper, np.ones(3), 10) is None
    twice = with_covariance(one_factor())[[0, 1, 2]]
    assert mcdonald_omega(twice.assign(copy=twice[0])) is None  # the factor is an item


def test_omega_is_the_same_every_time() -> None:
    rng = np.random.default_rng(4)
    answers = pd.DataFrame(rng.integers(1, 6, (40, 1)) + rng.normal(0, 1, (40, 4)))
    assert mcdonald_omega(answers) == mcdonald_omega(answers)


def test_only_complete_rows_count() -> None:
    gap = pd.concat([SMALL, pd.DataFrame({"a": [5], "b": [np.nan], "c": [5]})])
    found, whole = scale(gap, 0.9), scale(SMALL, 0.9)
    assert found == whole
    assert found is not None
    assert (found.items, found.n) == (3, 4)
    # Means 4/3, 7/3, 8/3, 11/3: mean 2.5, variance 25/27.
    assert found.mean == pytest.approx(2.5)
    half = stats.t.ppf(0.95, 3) * np.sqrt(25 / 27 / 4)
    assert found.interval.lower == pytest.approx(2.5 - half)
    assert found.interval.upper == pytest.approx(2.5 + half)


def test_one_respondent_leaves_all_answers_open() -> None:
    found = scale(SMALL.head(1))
    assert found is not None
    assert (found.interval.lower, found.interval.upper) == (1.0, 5.0)
    assert (found.n, found.alpha, found.omega) == (1, None, None)


def test_the_interval_stays_within_the_possible_answers() -> None:
    found = scale(pd.DataFrame({"a": [1, 5], "b": [2, 5]}))
    assert found is not None
    assert (found.interval.lower, found.interval.upper) == (1.0, 5.0)


def test_nobody_complete_gives_none() -> None:
    assert scale(pd.DataFrame({"a": [1.0, np.nan], "b": [np.nan, 2.0]})) is None


def test_impossible_answers_are_refused() -> None:
    with pytest.raises(BadInput, match="an answer of 7"):
        scale(pd.DataFrame({"a": [1, 7]}))
    assert scale(pd.DataFrame({"a": [1, 7]}), highest=10) is not None
    with pytest.raises(BadInput, match="without questions"):
        scale(pd.DataFrame(index=[0, 1]))
    with pytest.raises(BadInput, match="confidence"):
        scale(SMALL, confidence=95)
