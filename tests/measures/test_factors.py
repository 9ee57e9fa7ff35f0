"""One factor by maximum likelihood against another program, and where there is none."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from statsmodels.multivariate.factor import Factor

from workbench.measures.factors import one_factor


def correlations(loadings: list[float], people: int, seed: int) -> npt.NDArray[np.float64]:
    """Correlations of items that one factor drives, as so many people answer them."""
    luck, strength = np.random.default_rng(seed), np.array(loadings)
    factor = luck.normal(size=(people, 1))
    own = luck.normal(size=(people, len(loadings))) * np.sqrt(1 - strength**2)
    found: npt.NDArray[np.float64] = np.corrcoef(factor * strength + own, rowvar=False)
    return found


@pytest.mark.parametrize(
    ("loadings", "people"),
    [([0.8, 0.7, 0.6, 0.5], 60), ([0.9, 0.3, 0.5], 400), ([0.7] * 8, 25)],
)
def test_the_fit_is_that_of_statsmodels(loadings: list[float], people: int) -> None:
    seen = correlations(loadings, people, seed=people)
    found = one_factor(seen)
    assert found is not None
    model = Factor(n_factor=1, corr=seen, nobs=people, method="ml")
    model.fit(start=(np.full((len(seen), 1), 0.7), np.full(len(seen), 0.5)))
    assert found.unique == pytest.approx(model.uniqueness, abs=1e-5)
    assert np.abs(found.loadings) == pytest.approx(np.abs(model.loadings[:, 0]), abs=1e-5)


def test_exact_correlations_give_back_their_loadings() -> None:
    loadings = np.array([0.9, 0.7, 0.5, 0.3])
    seen = np.outer(loadings, loadings)
    np.fill_diagonal(seen, 1.0)
    found = one_factor(seen)
    assert found is not None
    assert found.loadings == pytest.approx(loadings, abs=1e-4)
    assert found.unique == pytest.approx(1 - loadings**2, abs=1e-4)


def test_correlations_that_cannot_be_have_no_fit() -> None:
    assert one_factor(np.full((3, 3), np.nan)) is None
