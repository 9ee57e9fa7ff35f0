"""The compiled model and the plain-Python oracle agree to the last bit on every trajectory."""

from typing import Any

import numpy as np
import pytest

from tests.growth.settings import random_setting
from workbench.growth.oracle import Oracle
from workbench.growth.setting import Setting
from workbench.growth.simulate import Trajectories, run

TRUSTS = 250
EACH = 4  # 250 random trusts x 4 trajectories = 1,000
VARIANTS: tuple[dict[str, Any], ...] = (
    {},
    {"gate": 1, "defer_terms": 1},
    {"gate": 4, "defer_terms": 4},
    {"offered": 1, "offer_chance": 0.3, "gate": 2},
    {"schools_per_lead": 9.0, "intelligence_investment": 0.7, "vision_revisit_terms": 0},
    {"gate": 3, "weight_urgent": 2.0, "hire_ahead_terms": 4, "apply": [1, 0, 1, 0, 1]},
)


def differences(setting: Setting, result: Trajectories) -> list[int]:
    """Replicates on which oracle and compiled model differ in any number."""
    differ = []
    for replicate in range(len(result.breach)):
        oracle = Oracle(setting, replicate, result.events)
        same = (
            np.array_equal(np.array(oracle.series), result.series[replicate])
            and list(oracle.breach.values()) == result.breach[replicate].tolist()
            and oracle.moves == result.moves[replicate].tolist()
            and oracle.secured() == result.secured[replicate].tolist()
        )
        if not same:
            differ.append(replicate)
    return differ


def test_oracle_and_compiled_model_agree_on_a_thousand_trajectories() -> None:
    compared = 0
    for seed in range(TRUSTS):
        setting = random_setting(seed, draws=2, **VARIANTS[seed % len(VARIANTS)])
        result = run(setting, EACH, record=True)
        assert differences(setting, result) == [], f"random trust {seed}"
        compared += EACH
    assert compared == 1000


def test_the_comparison_notices_a_difference_in_the_last_bit() -> None:
    setting = random_setting(1, draws=1)
    result = run(setting, 2, record=True)
    result.series[1, 7, 1] = np.nextafter(result.series[1, 7, 1], 2)
    assert differences(setting, result) == [1]


@pytest.mark.parametrize("threads", [2, 4])
def test_any_number_of_threads_gives_the_same_bytes(threads: int) -> None:
    setting = random_setting(3, draws=700)
    alone = run(setting, 1400, threads=1, record=True)
    together = run(setting, 1400, threads=threads, record=True)
    for name in ("breach", "secured", "series"):
        assert getattr(alone, name).tobytes() == getattr(together, name).tobytes()


def test_replicates_do_not_depend_on_how_many_are_run() -> None:
    few = run(random_setting(4, draws=60), 60, record=True)
    many = run(random_setting(4, draws=600), 600, record=True)
    assert few.series.tobytes() == many.series[:60].tobytes()


def test_a_joiner_more_leaves_the_luck_of_the_others_alone() -> None:
    """Common random numbers: until the extra school comes, nothing differs."""
    setting = random_setting(5, draws=40, hire_ahead_terms=0)
    last = int(setting.school["join_term"][-1])
    fewer = run(setting.with_joiners(setting.joiners - 1), 40, record=True)
    more = run(setting, 40, record=True)
    assert last > 0
    assert fewer.series[:, :last].tobytes() == more.series[:, :last].tobytes()
    assert fewer.series.tobytes() != more.series.tobytes()
