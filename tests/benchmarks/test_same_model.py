"""Every version that `make bench` compares with the kernel is the same model.

Breaches and terms to secure are equal number for number; measures of each term within rounding, as
other tools add in another order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from benchmarks import numpy_model, plain_trust
from benchmarks.drawing import (
    addresses,
    blocks_drawn,
    blocks_needed,
    draw_in_bulk,
    draw_one_by_one,
)
from benchmarks.luck import Luck, drawn
from benchmarks.mesa_model import run_mesa
from benchmarks.numpy_model import run_numpy
from benchmarks.simpy_model import run_simpy
from benchmarks.trusts import demo_setting, with_draws, with_schools
from tests.growth.settings import random_setting
from tests.growth.test_oracle import VARIANTS
from workbench.growth.kernel import luck
from workbench.growth.oracle_parts import philox
from workbench.growth.setting import Setting
from workbench.growth.simulate import Trajectories, _room, run

ROUNDING = 1e-9
TRUSTS = 12
VERSIONS: dict[str, tuple[Callable[..., Trajectories], int]] = {
    "numpy": (run_numpy, 40),
    "simpy": (run_simpy, 3),
    "mesa": (run_mesa, 3),
}
versions = pytest.mark.parametrize("version", VERSIONS)


def differs(setting: Setting, version: str) -> list[str]:
    """What a version says otherwise than the kernel."""
    run_version, draws = VERSIONS[version]
    setting = with_draws(setting, draws)
    ours = run(setting, 2 * draws, record=True)
    theirs = run_version(setting, 2 * draws, record=True)
    close = np.allclose(ours.series, theirs.series, rtol=ROUNDING, atol=ROUNDING)
    same = {
        "breach": np.array_equal(ours.breach, theirs.breach),
        "secured": np.array_equal(ours.secured, theirs.secured),
        "series": close,
    }
    return [name for name, agrees in same.items() if not agrees]


@versions
@pytest.mark.parametrize("seed", range(TRUSTS))
def test_a_version_has_the_trajectories_of_the_kernel(version: str, seed: int) -> None:
    setting = random_setting(seed, draws=40, **VARIANTS[seed % len(VARIANTS)])
    assert differs(setting, version) == []


@versions
def test_a_version_has_the_demo_trust_of_the_kernel(version: str) -> None:
    assert differs(demo_setting(10, 800), version) == []


@versions
def test_a_version_takes_a_fall_of_exactly_the_limit_to_be_within_it(
    version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """0.8 - 0.1 is more than 0.7 as shares round; the kernel allows for that."""
    monkeypatch.setitem(VERSIONS, version, (VERSIONS[version][0], 100))
    setting = random_setting(31, draws=100, joiners=2, existing_fall=0.1, grace_terms=0)
    assert setting.existing == 10
    assert differs(setting, version) == []
    monkeypatch.setattr(plain_trust, "ROUNDING", 0.0)
    monkeypatch.setattr(numpy_model, "ROUNDING", 0.0)
    assert differs(setting, version) == ["breach"]


@versions
def test_the_comparison_notices_another_seed(version: str, monkeypatch: pytest.MonkeyPatch) -> None:
    run_version, draws = VERSIONS[version]

    def other(setting: Setting, replicates: int, *, record: bool) -> Trajectories:
        return run_version(replace(setting, seed=setting.seed + 1), replicates, record=record)

    monkeypatch.setitem(VERSIONS, version, (other, draws))
    assert "series" in differs(random_setting(2, draws=40), version)


@versions
def test_luck_shared_between_draws_is_refused(version: str) -> None:
    setting = replace(random_setting(1, draws=2), shared_luck=True)
    with pytest.raises(ValueError, match="shares luck"):
        VERSIONS[version][0](setting, 2)


def test_the_size_of_a_batch_changes_nothing() -> None:
    setting = random_setting(3, draws=25, **VARIANTS[2])
    whole, split = run_numpy(setting, 50, record=True), run_numpy(setting, 50, record=True, batch=7)
    assert np.allclose(whole.series, split.series, rtol=ROUNDING, atol=ROUNDING)
    assert whole.breach.tobytes() == split.breach.tobytes()


def test_weights_that_do_not_add_up_exactly_are_refused() -> None:
    with pytest.raises(ValueError, match="add up exactly"):
        run_numpy(random_setting(1, draws=2, weight_urgent=0.1), 2)


def test_luck_in_bulk_is_the_luck_at_its_address() -> None:
    """The reference is the oracle's Philox in plain integers."""
    setting = random_setting(3, draws=2)
    key = tuple(setting.keys()[1].tolist())
    words = philox((int(setting.school["key"][4]), 7, 9, 0), (key[0], key[1]))
    expected = [(word + 0.5) * 2.0**-32 for word in words]
    assert Luck(setting, 5, 40).school(7, 6)[:, 4, 4].tolist() == expected
    *_, tenth = drawn(setting, 5, 10)
    assert tenth.school[7][4] == expected


def addresses_of_the_kernel(setting: Setting, patch: pytest.MonkeyPatch) -> list[tuple[int, ...]]:
    """Every address and key that the kernel's own code asks Philox of, run as plain Python."""
    asked: list[tuple[int, ...]] = []

    def noted(*address: int) -> tuple[int, int, int, int]:
        asked.append(tuple(map(int, address)))
        return 0, 0, 0, 0

    for name in ("_draw_four", "_draw_two", "_draw_posts", "unit"):
        patch.setattr(luck, name, getattr(luck, name).py_func)
    patch.setattr(luck, "philox", noted)
    names = np.ascontiguousarray(setting.school["key"])
    room = _room(setting, 1).luck
    luck.cast_lots.py_func(room, 0, names, setting.keys(), setting.terms)  # type: ignore[attr-defined]
    return asked


@pytest.mark.parametrize("terms", [1, 2, 4, 5, 15])
@pytest.mark.parametrize("offered", [0, 1])
def test_blocks_are_counted_as_the_kernel_draws_them(
    terms: int, offered: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    setting = random_setting(terms, draws=1, terms=terms, offered=offered)
    asked = addresses_of_the_kernel(setting, monkeypatch)
    assert len(asked) == len(set(asked)) == blocks_drawn(setting)


@pytest.mark.parametrize("draw", [draw_in_bulk, draw_one_by_one])
def test_drawing_alone_draws_the_blocks_of_the_kernel(
    draw: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reference is the oracle's Philox in plain integers."""
    setting = random_setting(3, draws=1, terms=5)
    trace = 0
    for *counter, key_0, key_1 in addresses_of_the_kernel(setting, monkeypatch):
        for word in philox((counter[0], counter[1], counter[2], counter[3]), (key_0, key_1)):
            trace ^= word
    names, posts, terms = addresses(setting)
    assert int(draw(names, posts, terms, 1, setting.keys())) == trace


def test_blocks_needed_are_among_those_drawn_at_every_address() -> None:
    setting = demo_setting(10, 800)
    needed, school_terms = blocks_needed(setting, 4, 2)
    schools, terms = len(setting.school), setting.terms
    lived = sum(terms - max(0, int(term)) for term in setting.school["join_term"])
    assert school_terms == lived  # no gate: each joins when it is planned to
    assert school_terms + schools < needed < blocks_drawn(setting)


@pytest.mark.parametrize("count", [8, 64])
def test_a_trust_of_another_size_has_its_own_schools_and_runs(count: int) -> None:
    setting = with_schools(demo_setting(10, 800), count)
    assert len(set(setting.school["key"].tolist())) == len(setting.school) == count
    assert len(np.unique(setting.place.round(6), axis=0)) == count
    assert (np.diff(setting.school["join_term"][setting.existing :]) >= 0).all()
    assert differs(setting, "numpy") == []
