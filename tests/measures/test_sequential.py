"""Stopping early keeps its level: on a made-up model whose truth is known, over many seeds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pytest

from workbench.errors import BadInput
from workbench.measures.nested import difference_ends, share_ends
from workbench.measures.sequential import Looks, settled, shown_in_order

EVENTS = 4
LOOKS = Looks((400, 1000, 2500, 5000, 10_000), 0.05)
TOLERANCE = 0.1
SEEDS = 1000
# Two standard errors of a share of 5% seen in so many seeds: what chance may add to a true 5%.
SLACK = 2 * (0.05 * 0.95 / SEEDS) ** 0.5


@dataclass(frozen=True)
class Made:
    """A trust without joiners breaches with probability p, and n joiners add h_n g (1 - p).

    p and g are drawn from Beta distributions, once a draw; a future breaches where its uniform,
    which all numbers of joiners share, lies below. The truth is h_n E[g] (1 - E[p]).
    """

    base: tuple[float, float]
    growth: tuple[float, float]
    extra: tuple[float, ...]

    @property
    def weights(self) -> npt.NDArray[np.float64]:
        means = [a / (a + b) for a, b in (self.base, self.growth)]
        weights: npt.NDArray[np.float64] = np.array(self.extra) / ((1 - means[0]) * means[1])
        assert weights.max() <= 1
        return weights

    def samples(self, seed: int) -> Iterator[npt.NDArray[np.float64]]:
        """Yield differences of draw means, seeds x numbers x draws, some seeds at a time."""
        rng, draws = np.random.default_rng(seed), LOOKS.sizes[-1] // EVENTS
        for _ in range(SEEDS // 50):
            p, g = rng.beta(*self.base, (50, draws)), rng.beta(*self.growth, (50, draws))
            luck = rng.random((50, draws, EVENTS))
            without = (luck < p[..., None]).mean(axis=-1)
            yield np.stack(
                [
                    (luck < (1 - (1 - p) * (1 - h * g))[..., None]).mean(axis=-1) - without
                    for h in self.weights
                ],
                axis=1,
            )


@dataclass(frozen=True)
class Seen:
    """Shares of the seeds."""

    over: float
    missed_at_stop: float
    missed_ever: float
    stopped_early: float


def follow(made: Made, level: Callable[[int], float]) -> Seen:
    """Run the stopping rule with each look's interval at a level of its own.

    An interval misses where it leaves out the true extra risk of a number of joiners: at the look
    the run stopped at, or at any of the five; the worst number counts.
    """
    truth, capacity = np.array(made.extra), int(shown_in_order(np.array(made.extra) <= TOLERANCE))
    over, early = 0, 0
    at_stop, ever = np.zeros(len(truth)), np.zeros(len(truth))
    for apart in made.samples(seed=7):
        done = np.zeros(len(apart), bool)
        missed = np.zeros(apart.shape[:2], bool)
        for look, size in enumerate(LOOKS.sizes):
            _, lower, upper = difference_ends(apart[..., : size // EVENTS], EVENTS, level(look))
            misses = (truth < lower) | (upper < truth)
            missed |= misses
            last = look == len(LOOKS.sizes) - 1
            stops = ~done & (settled(upper <= TOLERANCE, lower > TOLERANCE) | last)
            over += int((shown_in_order(upper <= TOLERANCE)[stops] > capacity).sum())
            at_stop += misses[stops].sum(axis=0)
            early += 0 if last else int(stops.sum())
            done |= stops
        ever += missed.sum(axis=0)
    return Seen(over / SEEDS, at_stop.max() / SEEDS, ever.max() / SEEDS, early / SEEDS)


# The first number beyond the tolerance lies beyond by a hair, where a false claim is likeliest; the
# one after is far beyond, so that a run stops as soon as the claim is made.
MODELS = {
    "middling": Made((2, 6), (2, 2), (0.05, 0.1001, 0.3)),
    "skewed": Made((1, 20), (0.5, 2), (0.02, 0.1001, 0.18)),
}


@pytest.mark.parametrize("name", MODELS)
def test_a_run_that_may_stop_early_claims_too_much_and_misses_at_most_5_times_in_100(
    name: str,
) -> None:
    seen = follow(MODELS[name], LOOKS.level)
    assert seen.over <= 0.05 + SLACK
    assert seen.missed_at_stop <= 0.05 + SLACK
    assert seen.missed_ever <= 0.05 + SLACK


def test_runs_do_stop_early_where_the_answer_is_plain() -> None:
    plain = Made((2, 6), (2, 2), (0.03, 0.25))
    assert follow(plain, LOOKS.level).stopped_early > 0.95


def test_looking_five_times_at_95_per_cent_fails_the_same_test() -> None:
    """So the test can fail: five chances at 5% are far more than 5%."""
    seen = follow(MODELS["middling"], lambda _: 0.95)
    assert seen.over > 0.05 + SLACK
    assert seen.missed_at_stop > 0.05 + SLACK
    assert seen.missed_ever > 0.1


def test_intervals_of_a_share_hold_at_every_look_together() -> None:
    rng, draws = np.random.default_rng(3), LOOKS.sizes[-1] // EVENTS
    missed = 0
    for _ in range(SEEDS // 50):
        holds = rng.random((50, draws, EVENTS)) < rng.beta(3, 1.5, (50, draws))[..., None]
        means = holds.mean(axis=-1)
        ever = np.zeros(50, bool)
        for look, size in enumerate(LOOKS.sizes):
            part = means[:, : size // EVENTS]
            _, lower, upper = share_ends(part, EVENTS, LOOKS.level(look))
            ever |= (lower > 3 / 4.5) | (upper < 3 / 4.5)
        missed += int(ever.sum())
    assert missed / SEEDS <= 0.05 + SLACK


def test_the_error_is_spent_in_proportion_to_what_each_look_adds() -> None:
    looks = Looks((100, 250, 1000), 0.04)
    assert [looks.spends(i) for i in range(3)] == pytest.approx([0.004, 0.006, 0.03])
    assert [looks.spent(i) for i in range(3)] == pytest.approx([0.004, 0.01, 0.04])
    assert Looks((10_000,), 0.05).level(0) == 0.95  # one look spends all: the usual interval


def test_claims_are_shown_in_order_up_to_the_first_that_is_not() -> None:
    shown = np.array([[1, 1, 0, 1], [0, 1, 1, 1], [1, 1, 1, 1]], bool)
    assert shown_in_order(shown).tolist() == [2, 0, 4]


@pytest.mark.parametrize(
    ("shown", "refuted", "is_settled"),
    [
        ([1, 1, 0], [0, 0, 1], True),  # two are shown, the third is refuted
        ([1, 1, 0], [0, 0, 0], False),  # the third may still be shown
        ([1, 0, 0], [0, 0, 1], False),  # the second may still be shown, and the claim become two
        ([1, 1, 1], [0, 0, 0], True),  # nothing is left to show
    ],
)
def test_a_claim_is_settled_where_the_next_one_is_refuted_or_none_is_left(
    shown: list[int], refuted: list[int], is_settled: bool
) -> None:
    assert settled(shown, refuted) == is_settled


@pytest.mark.parametrize("sizes", [(), (100, 100), (200, 100), (0, 100)])
def test_looks_that_do_not_grow_are_refused(sizes: tuple[int, ...]) -> None:
    with pytest.raises(BadInput, match="looks at"):
        Looks(sizes, 0.05)


@pytest.mark.parametrize("error", [0.0, 1.0, 5.0])
def test_an_error_that_is_no_chance_is_refused(error: float) -> None:
    with pytest.raises(BadInput, match="cannot be spent"):
        Looks((100,), error)
