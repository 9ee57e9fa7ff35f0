"""Sobol indices: analytic values through our own mapping, noise, and settling shown."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.growth.cubes import at, chance_model, ishigami, sobol_g
from workbench.errors import BadInput
from workbench.growth.sensitivity import Outcomes
from workbench.growth.sobol import Convergence, part_of, sobol
from workbench.parameters.distributions import Floats

# Analytic values: T. Ishigami and T. Homma (1990), a = 7, b = .1; A. Saltelli and I. M. Sobol
# (1995), a = 0, 1, 4.5, 9 and four of 99.
ISHIGAMI = {"first": [0.313905, 0.442411, 0.0], "total": [0.557589, 0.442411, 0.243684]}
SOBOL_G = {
    "first": [0.716192, 0.179048, 0.0236758, 0.00716192],
    "total": [0.787144, 0.242198, 0.0343169, 0.0104604],
}


def test_ishigami_through_a_declared_distribution() -> None:
    found = sobol(ishigami, list("abc"), size=4096, seed=1)
    table = found.table.set_index("factor").loc[list("abc")]
    for order, values in ISHIGAMI.items():
        assert table[order].to_numpy() == pytest.approx(values, abs=0.01), order
    assert found.noise.variance == pytest.approx(13.844588, rel=0.01)
    assert found.settling.settled
    assert found.floor is None


def test_sobol_g() -> None:
    table = sobol(sobol_g, list("abcdefgh"), size=4096, seed=1).table.set_index("factor")
    for order, values in SOBOL_G.items():
        assert table.loc[list("abcd"), order].to_numpy() == pytest.approx(values, abs=0.01), order
        assert table.loc[list("efgh"), order].to_numpy() == pytest.approx([0.0] * 4, abs=0.01)
    assert list(table.index[:4]) == list("abcd")


def test_convergence_grows_on_beginnings_of_one_sequence() -> None:
    """The indices at 128 points are those of a sample of 128 points."""
    whole = sobol(ishigami, list("abc"), size=512, seed=4)
    small = sobol(ishigami, list("abc"), size=128, seed=4)
    assert sorted(set(whole.convergence["size"])) == [64, 128, 256, 512]
    pd.testing.assert_frame_equal(
        whole.convergence[whole.convergence["size"] <= 128], small.convergence
    )
    last = whole.convergence[whole.convergence["size"] == 512]
    before = whole.convergence[whole.convergence["size"] == 256]
    moved = np.abs(last["index"].to_numpy() - before["index"].to_numpy()).max()
    assert whole.settling.change == pytest.approx(moved)
    assert whole.settling.widest == pytest.approx((last["upper"] - last["index"]).max())


@pytest.mark.parametrize(
    ("change", "widest", "settled"),
    [(0.05, 0.1, True), (0.051, 0.1, False), (0.05, 0.101, False)],
)
def test_settled_asks_for_a_small_last_change_and_narrow_intervals(
    change: float, widest: float, *, settled: bool
) -> None:
    found = Convergence(change, widest, 0.05)
    assert found.settled is settled
    assert found.verdict == ("settled" if settled else "not settled")


def test_few_points_of_a_rough_function_are_not_called_settled() -> None:
    assert not sobol(ishigami, list("abc"), size=128, seed=2).settling.settled


def test_noise_in_a_total_is_what_a_factor_without_effect_shows() -> None:
    """With events of its own each row is noisy: the total of no effect is the noise itself."""
    noisy = chance_model([0.0, 0.8], 20, 7, shared=False)
    found = sobol(noisy, ["none", "much"], size=512, seed=2)
    table = found.table
    assert found.noise.common == pytest.approx(0.155, abs=0.04)  # .0099 of .0099 + .8^2 / 12
    assert at(table, "none", "total") == pytest.approx(at(table, "none", "noise"), rel=0.15)
    assert not at(table, "none", "above_noise")
    assert at(table, "much", "above_noise")
    assert found.floor == table["noise"].max()


def test_common_events_take_the_noise_out_of_a_factor_without_effect() -> None:
    found = sobol(chance_model([0.0, 0.8], 20, 7, shared=True), ["none", "much"], size=128, seed=2)
    table = found.table
    assert [at(table, "none", name) for name in ("first", "total", "noise")] == [0.0] * 3
    assert not at(table, "none", "above_noise")


def test_the_part_of_a_group_is_its_total_order() -> None:
    """Ishigami's third factor alone: .243684; redrawing everything: 1."""
    rng = np.random.default_rng(5)
    rows, others = rng.uniform(size=(2, 20_000, 3))
    third = rows.copy()
    third[:, 2] = others[:, 2]
    part, whole = part_of(ishigami, rows, third), part_of(ishigami, rows, others)
    assert part is not None
    assert whole is not None
    assert part.estimate == pytest.approx(0.243684, abs=0.02)
    assert part.lower < 0.243684 < part.upper
    assert whole.estimate == pytest.approx(1.0, abs=0.03)


def test_the_part_of_a_group_leaves_noise_out() -> None:
    """Of p = .5 + .6 (u1 - .5) + .3 (u2 - .5) the second has .09 / .45 of the variance."""
    rows, others = np.random.default_rng(6).uniform(size=(2, 4000, 2))
    second = np.column_stack([rows[:, 0], others[:, 1]])
    part = part_of(chance_model([0.6, 0.3], 10, 3, shared=False), rows, second)
    assert part is not None
    assert part.estimate == pytest.approx(0.2, abs=0.05)


def test_a_group_that_does_nothing_has_no_part() -> None:
    rows = np.random.default_rng(6).uniform(size=(50, 3))
    part = part_of(ishigami, rows, rows)
    assert part is not None
    assert (part.estimate, part.upper) == (0.0, 0.0)


def test_noise_is_that_of_the_two_plain_samples() -> None:
    """Of each block of D + 2 rows the first and the last are random points of the cube."""
    seen: list[Floats] = []

    def spy(rows: Floats) -> Outcomes:
        seen.append(ishigami(rows)[:, 0])
        return ishigami(rows)

    noise = sobol(spy, list("abc"), size=128, seed=3).noise
    plain = np.concatenate([seen[0][::5], seen[0][4::5]])
    assert noise.variance == pytest.approx(plain.var(ddof=1), rel=1e-12)


@pytest.mark.parametrize("size", [64, 100, 129, 0])
def test_a_size_that_cannot_show_settling_is_refused(size: int) -> None:
    with pytest.raises(BadInput, match="cannot show"):
        sobol(ishigami, list("abc"), size=size, seed=1)


def test_an_outcome_that_never_varies_is_refused() -> None:
    def flat(rows: Floats) -> Outcomes:
        return np.ones((len(rows), 3))

    with pytest.raises(BadInput, match="nothing can explain"):
        sobol(flat, ["a"], size=128, seed=1)


def test_the_same_seed_gives_the_same_indices() -> None:
    first, again = (sobol(ishigami, list("abc"), size=128, seed=0).table for _ in range(2))
    assert first.equals(again)
