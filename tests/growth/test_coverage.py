"""Over 1,000 seeds the simulator's 95% interval covers the truth 93.6 to 96.4% of the time.

The truth is known without simulating: a school on a chain of grades, by powers of its matrix, and
posts that empty and fill, by the binomial. The number of trajectories is fixed beforehand; what
stopping early does is for `tests/growth/test_absorb.py`.

Coverage of a share swings with the truth and the number of trials, because successes are whole
(Brown, Cai and DasGupta 2001, Interval estimation for a binomial proportion): at an unlucky pair it
lies outside these bounds for ever, whatever the simulator does. The pairs here are lucky ones: the
first test shows it by summing binomial chances, with no simulation.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from tests.growth.test_analytic import CHAIN, FILLED, LEAVES, POSTS, chained, posts
from workbench.growth.kernel.layout import SERIES
from workbench.growth.kernel.philox import uniforms
from workbench.growth.setting import Setting
from workbench.growth.simulate import run_range
from workbench.measures.nested import nested_share

Outcomes = npt.NDArray[np.bool_]

SEEDS = range(1_000)
LEAST, MOST = 936, 964  # two standard errors either side of 950
DRAWS, EVENTS = 100, 4
SCHOOL_TERM, POST_TERM = 6, 3  # terms after which the school and the posts are looked at
ENOUGH_POSTS = 5
# A chain on which schools rise twice as readily, for doubt about the parameters.
READIER = np.array(
    [[0.70, 0.30, 0, 0], [0.10, 0.60, 0.30, 0], [0, 0.25, 0.55, 0.20], [0, 0, 0.40, 0.60]]
)


def chance_secure(chain: npt.NDArray[np.float64]) -> float:
    """P(secure or better) of a school that needed attention at the start."""
    return float(np.linalg.matrix_power(chain, SCHOOL_TERM)[1, 2:].sum())


def chance_of_posts() -> float:
    """P(enough posts are filled), all of them having been at the start."""
    share = FILLED / (LEAVES + FILLED)
    filled = share + (1 - share) * (1 - LEAVES - FILLED) ** POST_TERM
    return float(stats.binom.sf(ENOUGH_POSTS - 1, POSTS, filled))


def drawn(settings: tuple[Setting, ...], which: npt.NDArray[np.int64]) -> Setting:
    """One setting whose m-th draw of the parameters is that of `settings[which[m]]`."""
    return replace(
        settings[0],
        params=np.concatenate([setting.params for setting in settings])[which],
        derived=np.concatenate([setting.derived for setting in settings])[which],
        below=settings[0].below.repeat(len(which), axis=0),
    )


def at_the_end(setting: Setting, seed: int, name: str) -> npt.NDArray[np.float64]:
    setting = replace(setting, seed=seed)
    result = run_range(setting, 0, DRAWS * EVENTS, EVENTS, record=True)
    return result.series[:, -1, SERIES.index(name)]


def covers(outcomes: Outcomes, truth: float) -> bool:
    interval = nested_share(outcomes, EVENTS)
    return interval.lower <= truth <= interval.upper


@pytest.mark.parametrize("truth", [chance_secure(CHAIN), chance_of_posts()])
def test_the_exact_coverage_lies_well_inside_at_the_truths_looked_at(truth: float) -> None:
    """Wilson's interval, summed over every number of successes."""
    trials, z = DRAWS * EVENTS, stats.norm.ppf(0.975)
    share = np.arange(trials + 1) / trials
    centre = (share + z * z / (2 * trials)) / (1 + z * z / trials)
    half = (
        z * np.sqrt(share * (1 - share) / trials + z * z / (4 * trials**2)) / (1 + z * z / trials)
    )
    inside = np.abs(centre - truth) <= half
    exact = stats.binom.pmf(np.arange(trials + 1), trials, truth)[inside].sum()
    assert 0.945 < exact < 0.955


def test_intervals_cover_the_chance_that_a_school_is_secure() -> None:
    """Parameters known: chance is all there is."""
    still = np.zeros(DRAWS, int)
    setting = drawn((chained(CHAIN, 1, terms=SCHOOL_TERM),), still)
    truth = chance_secure(CHAIN)
    hits = sum(covers(at_the_end(setting, s, "secure_share") > 0.5, truth) for s in SEEDS)
    assert LEAST <= hits <= MOST


def test_intervals_cover_the_chance_that_posts_are_filled() -> None:
    still = np.zeros(DRAWS, int)
    setting, truth = drawn((posts(POST_TERM),), still), chance_of_posts()
    hits = sum(covers(at_the_end(setting, s, "leads") >= ENOUGH_POSTS, truth) for s in SEEDS)
    assert LEAST <= hits <= MOST


def test_intervals_cover_a_mixture_when_the_parameters_are_in_doubt() -> None:
    """Either chain, two to one: the truth is the mixture. Fails if draws are taken for events."""
    either = tuple(chained(chain, 1, terms=SCHOOL_TERM) for chain in (CHAIN, READIER))
    truth = (2 * chance_secure(CHAIN) + chance_secure(READIER)) / 3
    hits = 0
    for seed in SEEDS:
        which = (uniforms(seed, "which chain", DRAWS) > 2 / 3).astype(int)
        outcomes = at_the_end(drawn(either, which), seed, "secure_share") > 0.5
        hits += covers(outcomes, truth)
    assert LEAST <= hits <= MOST
