"""Agreement of judges against published results, and where it is undefined."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from workbench.errors import BadInput
from workbench.measures.agreement import (
    Level,
    krippendorff_alpha,
    krippendorff_interval,
    weighted_kappa,
)

# SAS/STAT user's guide, the FREQ procedure, agreement study: 88 patients' skin, two dermatologists.
SKIN = [[10, 4, 1, 0], [5, 10, 12, 2], [2, 4, 12, 5], [0, 2, 6, 13]]
SKIN_CATEGORIES = ["terrible", "poor", "marginal", "clear"]
# K. Krippendorff, "Computing Krippendorff's alpha-reliability", 2011: 4 observers, 12 units.
NONE = np.nan
OBSERVERS = pd.DataFrame(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, NONE, NONE, NONE],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NONE, 3],
        [NONE, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NONE],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NONE],
    ]
)


def unrolled(table: list[list[int]], categories: list[str]) -> tuple[list[str], list[str]]:
    pairs = [
        (one, other)
        for one, row in zip(categories, table, strict=True)
        for other, count in zip(categories, row, strict=True)
        for _ in range(count)
    ]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def test_linear_kappa_and_its_limits_match_the_published_table() -> None:
    """Weighted kappa .5082, standard error .0655, 95% limits .3798 and .6366."""
    found = weighted_kappa(*unrolled(SKIN, SKIN_CATEGORIES), SKIN_CATEGORIES, "linear")
    assert found is not None
    assert round(found.estimate, 4) == 0.5082
    assert (round(found.lower, 4), round(found.upper, 4)) == (0.3798, 0.6366)


def test_quadratic_kappa_of_a_case_solved_by_hand() -> None:
    """Pairs aa, ab, bb, cc, ca, cc: weights 0, 1/4, 0, 0, 1, 0 observed, together 1.25 of 6.

    First judge a 2, b 1, c 3; second a 2, b 2, c 2. By chance: (a, b) and (b, a) and (b, c) and
    (c, b) have 4 + 2 + 2 + 6 = 14 quarters, (a, c) and (c, a) 4 + 6 = 10 wholes: 13.5 of 36.
    """
    found = weighted_kappa(list("aabccc"), list("abbcac"), list("abc"))
    assert found is not None
    assert found.estimate == pytest.approx(1 - (1.25 / 6) / (13.5 / 36))


def test_the_order_of_categories_matters() -> None:
    pairs = unrolled(SKIN, SKIN_CATEGORIES)
    turned = ["clear", "terrible", "marginal", "poor"]
    right, wrong = weighted_kappa(*pairs, SKIN_CATEGORIES), weighted_kappa(*pairs, turned)
    assert right is not None
    assert wrong is not None
    assert right.estimate > wrong.estimate + 0.1


def test_missing_judgements_do_not_count() -> None:
    first: list[str | None] = [*list("aabccc"), "a", None]
    second: list[str | None] = [*list("abbcac"), None, "c"]
    whole = weighted_kappa(list("aabccc"), list("abbcac"), list("abc"))
    assert weighted_kappa(first, second, list("abc")) == whole


def test_kappa_is_none_where_it_is_undefined() -> None:
    assert weighted_kappa([], [], ["a", "b"]) is None
    assert weighted_kappa(["a", "a"], ["a", "a"], ["a", "b"]) is None
    assert weighted_kappa([None], ["a"], ["a", "b"]) is None


def test_full_agreement_of_few_pairs_is_not_certainty() -> None:
    """Of 4 in 4 the exact interval leaves 0.025^(1/4) open; chance agreement is 1/2."""
    found = weighted_kappa(list("abab"), list("abab"), ["a", "b"])
    assert found is not None
    assert (found.estimate, found.upper) == (1.0, 1.0)
    assert found.lower == pytest.approx((0.025**0.25 - 0.5) / 0.5)


def test_a_judge_who_never_varies_tells_nothing() -> None:
    found = weighted_kappa(list("aaaa"), list("abab"), ["a", "b", "c"])
    assert found is not None
    assert (found.lower, found.estimate, found.upper) == (-1.0, 0.0, 1.0)


@pytest.mark.parametrize(
    ("first", "second", "kappa"),
    [
        ("ad", "bc", 0.6),  # 1 less a mean square of 1 over one of (1 + 4 + 4 + 1) / 4
        ("ac", "bd", 2 / 3),  # (1 + 9 + 1 + 1) / 4
        ("ab", "ba", -1.0),  # (1 + 0 + 0 + 1) / 4
    ],
)
def test_two_pairs_that_disagree_in_step_are_not_certainty(
    first: str, second: str, kappa: float
) -> None:
    found = weighted_kappa(list(first), list(second), list("abcd"))
    assert found is not None
    assert found.estimate == pytest.approx(kappa)
    assert (found.lower, found.upper) == (-1.0, 1.0)


def test_judgements_that_cannot_be_paired_are_refused() -> None:
    with pytest.raises(BadInput, match="cannot be paired"):
        weighted_kappa(["a"], ["a", "b"], ["a", "b"])
    with pytest.raises(BadInput, match="'z' is not a category"):
        weighted_kappa(["a"], ["z"], ["a", "b"])
    with pytest.raises(BadInput, match="confidence"):
        weighted_kappa(["a"], ["b"], ["a", "b"], confidence=95)


@pytest.mark.parametrize(
    ("level", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)]
)
def test_alpha_matches_the_published_example(level: Level, alpha: float) -> None:
    found = krippendorff_alpha(OBSERVERS, level)
    assert found is not None
    assert round(found, 3) == alpha


def test_alpha_is_none_where_it_is_undefined() -> None:
    assert krippendorff_alpha(pd.DataFrame([[1, 1, 1], [1, 1, 1]]), "nominal") is None
    assert krippendorff_alpha(pd.DataFrame([[1, NONE], [NONE, 2]]), "ordinal") is None
    assert krippendorff_alpha(pd.DataFrame(), "interval") is None
    # A second value that was never paired with another judgement tells nothing apart.
    assert krippendorff_alpha(pd.DataFrame([[1, 2], [1, NONE]]), "interval") is None
    assert krippendorff_interval(pd.DataFrame([[1, 1], [1, 1]]), "nominal", seed=1) is None
    assert krippendorff_interval(pd.DataFrame([[1], [2]]), "nominal", seed=1) is None


def test_the_interval_of_alpha_depends_on_nothing_but_data_and_seed() -> None:
    one = krippendorff_interval(OBSERVERS, "ordinal", seed=5, draws=300)
    assert one == krippendorff_interval(OBSERVERS, "ordinal", seed=5, draws=300)
    assert one != krippendorff_interval(OBSERVERS, "ordinal", seed=6, draws=300)
    assert one is not None
    assert round(one.estimate, 3) == 0.815
    assert one.lower < 0.75
    assert 0.85 < one.upper <= 1


def test_the_interval_of_alpha_covers_the_truth_most_of_the_time() -> None:
    """Two judges each name the right one of two equal kinds with chance .9.

    They agree with chance .82, chance agreement is .5: alpha is .64.
    """
    rng, covered = np.random.default_rng(7), 0
    for seed in range(200):
        kind = rng.random(60) < 0.5
        given = np.array([np.where(rng.random(60) < 0.9, kind, ~kind) for _ in range(2)])
        ratings = pd.DataFrame(given.astype(float))
        found = krippendorff_interval(ratings, "nominal", seed=seed, draws=200)
        assert found is not None
        covered += found.lower <= 0.64 <= found.upper
    assert 0.89 * 200 <= covered <= 0.99 * 200
