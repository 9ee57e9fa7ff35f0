"""Clustered least squares against other ways to the same numbers."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from workbench.errors import BadInput
from workbench.measures.clustered import ClusteredFit, Estimate, Floats, Ints, clustered_fit


def _data(
    sizes: tuple[int, ...] = (5, 9, 3, 14, 2, 7), seed: int = 4
) -> tuple[Floats, Floats, Ints]:
    draws = np.random.default_rng(seed)
    clusters = np.repeat(np.arange(len(sizes)), sizes)
    x = np.column_stack([
        np.ones(len(clusters)), draws.normal(size=len(clusters)), clusters % 2,
    ])  # fmt: skip
    y = x @ [1.0, 2.0, -0.5] + draws.normal(size=len(sizes))[clusters] + draws.normal(size=len(x))
    return x.astype(float), y, clusters


def _by_definition(x: Floats, y: Floats, clusters: Ints, contrast: Floats) -> tuple[float, float]:
    """CR2 and its degrees from whole n x n matrices (Pustejovsky and Tipton 2018, section 2)."""
    n = len(y)
    inverse = np.linalg.inv(x.T @ x)
    residue = np.eye(n) - x @ inverse @ x.T
    left = residue @ y
    meat, directions = 0.0, []
    for one in np.unique(clusters):
        own = clusters == one
        values, vectors = np.linalg.eigh(residue[np.ix_(own, own)])
        factor = np.where(values > 1e-9, 1 / np.sqrt(np.where(values > 1e-9, values, 1)), 0)
        half = (vectors * factor) @ vectors.T
        lever = half @ x[own] @ inverse @ contrast
        meat += float(lever @ left[own]) ** 2
        directions.append(residue[:, own] @ lever)
    product = np.array(directions) @ np.array(directions).T
    return float(np.sqrt(meat)), float(np.trace(product) ** 2 / (product**2).sum())


@pytest.mark.parametrize("column", [0, 1, 2])
def test_error_and_degrees_are_those_of_the_definition(column: int) -> None:
    x, y, clusters = _data()
    contrast = np.eye(3)[column]
    found = clustered_fit(x, y, clusters).estimate(contrast)
    error, degrees = _by_definition(x, y, clusters, contrast)
    assert found.error == pytest.approx(error, rel=1e-9)
    assert found.degrees == pytest.approx(degrees, rel=1e-9)
    assert found.value == pytest.approx(sm.OLS(y, x).fit().params[column], rel=1e-9)


def test_one_unit_a_cluster_is_the_hc2_error_of_statsmodels() -> None:
    x, y, _ = _data()
    found = clustered_fit(x, y, np.arange(len(y))[::-1])
    expected = sm.OLS(y, x).fit(cov_type="HC2").bse
    for column in range(3):
        assert found.estimate(np.eye(3)[column]).error == pytest.approx(expected[column], rel=1e-9)


def test_two_groups_of_single_units_have_the_error_of_two_means() -> None:
    # HC2 of two groups is s1^2/n1 + s2^2/n2, the variance of Welch's test (Bell and McCaffrey).
    draws = np.random.default_rng(1)
    first, second = draws.normal(size=12), draws.normal(3, 2, size=5)
    x = np.column_stack([np.ones(17), np.r_[np.zeros(12), np.ones(5)]])
    found = clustered_fit(x, np.r_[first, second], np.arange(17)).estimate(np.array([0.0, 1.0]))
    assert found.error**2 == pytest.approx(first.var(ddof=1) / 12 + second.var(ddof=1) / 5)
    assert 4 <= found.degrees < 16


def test_few_clusters_have_few_degrees_and_still_cover() -> None:
    cover = 0
    for seed in range(300):
        draws = np.random.default_rng(seed)
        clusters = np.repeat(np.arange(10), 8)
        x = np.column_stack([np.ones(80), (clusters < 4)]).astype(float)
        y = 2 * draws.normal(size=10)[clusters] + draws.normal(size=80)
        found = clustered_fit(x, y, clusters).estimate(np.array([0.0, 1.0]))
        assert found.degrees < 10
        cover += found.interval.lower <= 0 <= found.interval.upper
    # 95% of 300 with a standard error of 1.3 points.
    assert 0.91 <= cover / 300 <= 0.985


def test_detectable_effect_is_found_with_the_power_asked_for() -> None:
    one = Estimate(0.0, 0.5, 20.0)
    effect = one.detectable(0.8)
    # The chance that an estimate around that effect lies beyond the test's limit, by t.
    assert stats.t.sf((one.half - effect) / one.error, 20) == pytest.approx(0.8)
    assert effect > one.half


def test_what_one_cluster_decides_alone_has_no_interval() -> None:
    x = np.column_stack([np.ones(6), [1, 1, 0, 0, 0, 0]]).astype(float)
    y = np.array([1.0, 1.0, 2.0, 2.0, 2.0, 2.0])
    with pytest.raises(BadInput, match="no doubt"):
        clustered_fit(x, y, np.array([0, 0, 1, 1, 2, 2])).estimate(np.array([0.0, 1.0]))


def _twice(x: Floats, y: Floats, clusters: Ints) -> ClusteredFit:
    return clustered_fit(np.column_stack([x, x[:, 1]]), y, clusters)


def test_a_bad_table_is_refused() -> None:
    x, y, clusters = _data()
    with pytest.raises(BadInput, match="depend on each other"):
        _twice(x, y, clusters)
    with pytest.raises(BadInput, match="one cluster"):
        clustered_fit(x, y, np.zeros(len(y), dtype=np.int64))
    with pytest.raises(BadInput, match="missing"):
        clustered_fit(x, np.where(np.arange(len(y)) == 3, np.nan, y), clusters)
