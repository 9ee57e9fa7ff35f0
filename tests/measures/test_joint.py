"""A test of several estimates together keeps its promise and, with many clusters, is Wald's."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from workbench.measures.clustered import cluster_pulls, clustered_fit
from workbench.measures.joint import joint_test


def test_with_many_units_it_is_walds_of_statsmodels() -> None:
    """Reference: HC2 and wald_test of statsmodels, each unit a cluster of its own."""
    rng = np.random.default_rng(5)
    design = np.column_stack([np.ones(3000), rng.normal(size=(3000, 3))])
    outcome = 0.03 * design[:, 1] + rng.normal(size=3000) * (1 + np.abs(design[:, 2]))
    fit = clustered_fit(design, outcome, np.arange(3000))
    contrasts = np.eye(4)[:, 1:]
    found = joint_test(contrasts.T @ fit.coefficients, cluster_pulls(fit, contrasts))
    wald = sm.OLS(outcome, design).fit(cov_type="HC2").wald_test(contrasts.T, use_f=True)
    assert found is not None
    assert found.numbers == 3
    assert found.statistic == pytest.approx(float(np.squeeze(wald.statistic)), rel=0.02)
    assert found.p_value == pytest.approx(float(wald.pvalue), rel=0.05)


def test_of_nothing_it_finds_something_no_more_often_than_it_says() -> None:
    rng = np.random.default_rng(7)
    small = 0
    for _ in range(400):
        units = rng.normal(size=(30, 3))
        pulls = (units - units.mean(axis=0)) / np.sqrt(30 * 29)
        found = joint_test(units.mean(axis=0), pulls)
        assert found is not None
        small += found.p_value < 0.05
    # Cautious, so below 5%; of 400, 35 or more would be found one time in a thousand at 5%.
    assert 0 < small < 35


def test_one_estimate_or_too_few_clusters_cannot_be_tested() -> None:
    assert joint_test(np.array([1.0]), np.ones((5, 1))) is None
    assert joint_test(np.array([1.0, 2.0]), np.ones((5, 2))) is None
