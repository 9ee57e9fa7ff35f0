"""Composite indicators: reference means, and what no weighting may hide."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.errors import BadInput
from workbench.measures.composites import (
    Composite,
    Part,
    arithmetic_mean,
    composite,
    geometric_mean,
    harmonic_mean,
    normalise,
)
from workbench.measures.ordering import ordering

PARTS = [
    Part("attendance", 0.8, 0.7, 0.9, 2.0),
    Part("staffing", 0.4, 0.2, 0.5, 1.0),
    Part("safety", 0.6, 0.6, 0.6, 1.0),
]
STORED = [0.543845849918, 0.772676623177, 0.596632818949, 0.682563547015]
scores = st.floats(0, 1)
several = st.lists(st.tuples(scores, st.floats(0.1, 10)), min_size=1, max_size=6)


def built(parts: list[Part], **options: float) -> Composite:
    found = composite(parts, seed=int(options.pop("seed", 1)), **options)  # type: ignore[arg-type]
    assert found is not None
    return found


def exact(*values: float) -> list[Part]:
    return [Part(f"p{i}", value, value, value, 1.0) for i, value in enumerate(values)]


def test_means_match_the_reference_values() -> None:
    """The geometric mean of 1, 2, 3 is 6^(1/3), with weights 1, 1, 2 it is 18^(1/4)."""
    assert geometric_mean([1, 2, 3], [1, 1, 1]) == pytest.approx(1.8171206, abs=5e-8)
    assert geometric_mean([1, 2, 3], [1, 1, 2]) == pytest.approx(2.0597671, abs=5e-8)
    assert harmonic_mean([1, 2, 3], [2, 1, 1]) == pytest.approx(1.4117647, abs=5e-8)  # 24/17
    assert arithmetic_mean([1, 2, 3], [1, 1, 2]) == pytest.approx(2.25)


@given(several)
def test_harmonic_is_at_most_geometric_is_at_most_arithmetic(
    pairs: list[tuple[float, float]],
) -> None:
    x, w = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    assert harmonic_mean(x, w) <= geometric_mean(x, w) + 1e-12
    assert geometric_mean(x, w) <= arithmetic_mean(x, w) + 1e-12


def test_one_zero_does_not_wipe_out_the_rest() -> None:
    assert geometric_mean([0, 1], [1, 1]) == pytest.approx(0.1)  # (.01 x 1)^(1/2)
    assert geometric_mean([0, 0], [1, 1]) == harmonic_mean([0, 0], [1, 1]) == 0.0


def test_scores_are_placed_between_worst_and_best_either_way() -> None:
    assert normalise(30, worst=20, best=60) == 0.25
    assert normalise(5, worst=20, best=0) == 0.75
    assert normalise(70, worst=20, best=60) == 1.0
    assert normalise(70, worst=60, best=20) == 0.0
    for wrong in ((1, 2, 2), (np.nan, 0, 1), (1, 0, np.inf)):
        with pytest.raises(BadInput, match="cannot be placed"):
            normalise(*wrong)


def test_the_score_is_the_mean_with_declared_weights() -> None:
    found = built(PARTS)
    assert found.score == pytest.approx((2 * 0.8 + 0.4 + 0.6) / 4)
    assert found.lower < found.score < found.upper
    assert (found.measured_share, found.capped_by) == (1.0, ())
    assert len(found.draws) == 2000
    with pytest.raises(ValueError, match="read-only"):
        found.draws[0] = 1.0


def test_no_parts_give_none() -> None:
    assert composite([], seed=1) is None
    assert composite([], missing_weight=2.0, seed=1) is None


def test_remove_one_and_methods_are_those_solved_by_hand() -> None:
    found = built(PARTS)
    assert found.without == pytest.approx({"attendance": 0.5, "safety": 2 / 3, "staffing": 2.2 / 3})
    assert found.methods == pytest.approx(
        {
            "arithmetic mean, declared weights": 0.65,
            "arithmetic mean, equal weights": 0.6,
            "geometric mean, declared weights": (0.64 * 0.4 * 0.6) ** 0.25,
            "geometric mean, equal weights": (0.8 * 0.4 * 0.6) ** (1 / 3),
        }
    )
    assert built(PARTS[:1]).without == {}


def test_where_all_is_known_and_weights_are_fixed_only_the_method_is_open() -> None:
    found = built(exact(0.2, 0.8), weight_spread=0.0)
    assert found.draws[::2] == pytest.approx(0.5)
    assert found.draws[1::2] == pytest.approx(0.4)
    assert (found.lower, found.upper) == pytest.approx((0.4, 0.5))


def test_equal_scores_leave_nothing_open_whatever_the_weights() -> None:
    found = built(exact(0.5, 0.5, 0.5))
    assert found.draws == pytest.approx(0.5)


def test_drawn_scores_have_the_parts_interval() -> None:
    """A single part has the weight to itself and the same mean either way: its own draws."""
    draws = built([Part("a", 0.5, 0.4, 0.8, 1.0)], draws=40_000).draws
    tails = np.quantile(draws, [0.025, 0.5, 0.975])
    assert tails == pytest.approx([0.4, 0.5, 0.8], abs=0.005)
    loose = built([Part("a", 0.5, 0.4, 0.8, 1.0, confidence=0.8)], draws=40_000).draws
    assert np.quantile(loose, [0.1, 0.9]) == pytest.approx([0.4, 0.8], abs=0.005)
    edge = built([Part("a", 0.0, 0.0, 0.3, 1.0)], draws=40_000).draws
    assert edge.min() == 0.0
    assert np.quantile(edge, 0.975) == pytest.approx(0.3, abs=0.01)


def test_drawn_weights_are_about_the_declared_ones_with_the_stated_spread() -> None:
    """With scores 1 and 0 the arithmetic mean is the first weight: mean .2, sd .4 x .3."""
    parts = [Part("a", 1, 1, 1, 1.0), Part("b", 0, 0, 0, 4.0)]
    weights = built(parts, weight_spread=0.3, draws=80_000).draws[::2]
    assert weights.mean() == pytest.approx(0.2, abs=0.003)
    assert weights.std() == pytest.approx(0.12, abs=0.003)


@settings(max_examples=40, deadline=None)
@given(st.lists(scores, min_size=1, max_size=5), st.floats(0, 1), st.floats(0.1, 100))
def test_a_failing_critical_part_cannot_be_bought_off(
    others: list[float], floor: float, weight: float
) -> None:
    failing = Part("safety", 0.3, 0.2, 0.4, 1.0, critical_failed=True)
    rest = [replace(part, weight=weight) for part in exact(*others)]
    found = built([failing, *rest], floor=floor, draws=50, missing_weight=1.0)
    assert found.capped_by == ("safety",)
    assert max(found.score, found.upper, found.draws.max(), *found.methods.values()) <= floor
    assert all(score <= floor for key, score in found.without.items() if key != "safety")
    mean = arithmetic_mean(others, [weight] * len(others))
    assert found.without["safety"] == pytest.approx(mean)


def test_a_floor_changes_nothing_where_nothing_critical_fails() -> None:
    assert built(PARTS, floor=0.1) == built(PARTS)


@settings(max_examples=40, deadline=None)
@given(several, st.floats(0, 0.5), st.floats(0.1, 5))
def test_what_is_missing_widens_and_never_narrows(
    pairs: list[tuple[float, float]], half: float, missing: float
) -> None:
    parts = [
        Part(f"p{i}", score, max(0.0, score - half), min(1.0, score + half), weight)
        for i, (score, weight) in enumerate(pairs)
    ]
    known, gap = built(parts, draws=200), built(parts, draws=200, missing_weight=missing)
    assert gap.score == known.score
    assert gap.lower <= known.lower
    assert gap.upper >= known.upper
    weight = sum(part.weight for part in parts)
    assert gap.measured_share == pytest.approx(weight / (weight + missing))


def test_half_of_the_weight_missing_leaves_about_half_of_the_range_open() -> None:
    found = built([Part("a", 0.5, 0.5, 0.5, 1.0)], missing_weight=1.0, weight_spread=0.0)
    straight = np.quantile(found.draws[::2], [0.025, 0.975])
    assert straight == pytest.approx([0.2625, 0.7375], abs=0.02)
    assert found.upper - found.lower > 0.45


def test_a_part_more_leaves_the_draws_of_the_others_alone() -> None:
    """With weights fixed at 2, 1 and 1 the arithmetic draws differ by the constant part alone."""
    two, three = built(PARTS[:2], weight_spread=0.0), built(PARTS, weight_spread=0.0)
    assert three.draws[::2] * 4 - 0.6 == pytest.approx(two.draws[::2] * 3)


def test_the_order_of_parts_does_not_matter_and_the_seed_does() -> None:
    one, other = built(PARTS), built(PARTS[::-1])
    assert (one.draws == other.draws).all()
    assert one == other
    assert not (one.draws == built(PARTS, seed=2).draws).all()


def test_draws_are_the_same_everywhere() -> None:
    """Stored once: a change of streams would change every published composite."""
    found = built(PARTS, draws=4)
    assert found.draws == pytest.approx(STORED)


def test_units_with_the_same_parts_share_weights_but_not_errors() -> None:
    certain = exact(0.2, 0.9)
    one = composite(certain, seed=1, of="one")
    other = composite(certain, seed=1, of="other")
    assert one is not None
    assert other is not None
    assert (one.draws == other.draws).all()
    unsure = [Part("a", 0.5, 0.3, 0.7, 1.0)]
    first, second = (composite(unsure, seed=1, of=name) for name in ("one", "other"))
    assert first is not None
    assert second is not None
    assert abs(np.corrcoef(first.draws, second.draws)[0, 1]) < 0.1


def drawn(*draws: float) -> Composite:
    return replace(built(PARTS), draws=np.array(draws))


def test_an_ordering_is_read_off_draw_by_draw() -> None:
    """The lowest are a; b; a and b alike; c. Of a and b, a is lower in draws 1 and 4."""
    found = ordering(
        {
            "b": drawn(0.5, 0.1, 0.2, 0.6),
            "a": drawn(0.1, 0.5, 0.2, 0.5),
            "c": drawn(0.9, 0.9, 0.9, 0.1),
        }
    )
    assert found.first == pytest.approx({"a": 0.375, "b": 0.375, "c": 0.25})
    assert found.pairs == pytest.approx({("a", "b"): 0.625, ("a", "c"): 0.75, ("b", "c"): 0.75})
    assert found.ranks == {"a": (1, 2), "b": (1, 3), "c": (1, 3)}


def test_ranks_leave_out_the_rarest_draws_and_ties_count_both_ways() -> None:
    rare = ordering({"a": drawn(*[0.1] * 99, 0.9), "b": drawn(*[0.5] * 100)})
    assert rare.ranks == {"a": (1, 1), "b": (2, 2)}
    tied = ordering({"a": drawn(0.5), "b": drawn(0.5)})
    assert tied.ranks == {"a": (1, 2), "b": (1, 2)}
    assert tied.pairs == {("a", "b"): 0.5}


def test_composites_of_different_lengths_cannot_be_ordered() -> None:
    with pytest.raises(BadInput, match="put in order"):
        ordering({"a": drawn(0.5), "b": drawn(0.5, 0.6)})
    with pytest.raises(BadInput, match="put in order"):
        ordering({})


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ("score", 1.2),
        ("lower", 0.9),
        ("upper", np.nan),
        ("weight", 0.0),
        ("key", ""),
        ("confidence", 95.0),
    ],
)
def test_parts_that_cannot_be_are_refused(change: str, value: object) -> None:
    with pytest.raises(BadInput, match="cannot be"):
        replace(PARTS[0], **{change: value})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "options",
    [
        {"missing_weight": -1.0},
        {"floor": 1.5},
        {"weight_spread": 1.0},
        {"draws": 1},
        {"confidence": 95},
    ],
)
def test_options_that_cannot_be_are_refused(options: dict[str, float]) -> None:
    with pytest.raises(BadInput, match="cannot be built"):
        built(PARTS, **options)


def test_a_key_given_twice_and_a_failing_part_without_a_floor_are_refused() -> None:
    with pytest.raises(BadInput, match="cannot be built"):
        built([PARTS[0], PARTS[0]])
    with pytest.raises(BadInput, match="needs a floor: attendance"):
        built([replace(PARTS[0], critical_failed=True)])


@pytest.mark.parametrize(
    ("x", "w"), [([], []), ([1], [1, 2]), ([1, np.nan], [1, 1]), ([1, 2], [0, 0]), ([1], [-1])]
)
def test_scores_that_cannot_be_added_up_are_refused(x: list[float], w: list[float]) -> None:
    for mean in (arithmetic_mean, geometric_mean, harmonic_mean):
        with pytest.raises(BadInput, match="added up"):
            mean(x, w)
    with pytest.raises(BadInput, match="added up"):
        geometric_mean([-1, 2], [1, 1])
