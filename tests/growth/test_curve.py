"""Running every number of joiners at once gives the bytes of running each on its own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.growth.settings import random_setting
from workbench.growth.kernel.layout import MOST_SCHOOLS
from workbench.growth.simulate import run, run_curve

JOINERS = 8
VARIANTS: tuple[dict[str, Any], ...] = (
    {"hire_ahead_terms": 0},
    {"hire_ahead_terms": 5, "schools_per_lead": 3.0},
    {"gate": 1, "defer_terms": 1},
    {"gate": 4, "defer_terms": 4},
    {"offered": 1, "offer_chance": 0.3, "gate": 2},
    {"gate": 3, "weight_urgent": 2.0, "apply": [1, 0, 1, 0, 1]},
)


@pytest.mark.parametrize("variant", range(len(VARIANTS)))
def test_a_curve_is_each_number_of_joiners_on_its_own(variant: int) -> None:
    parted = False
    for seed in range(variant, 60, len(VARIANTS)):
        setting = random_setting(seed, draws=10, joiners=JOINERS, **VARIANTS[variant])
        curve = run_curve(setting, 40)
        alone = [run(setting.with_joiners(n), 40).breach for n in range(JOINERS + 1)]
        for n in range(JOINERS + 1):
            np.testing.assert_array_equal(curve[n], alone[n], f"trust {seed}, {n} joiners")
        parted |= not np.array_equal(alone[0], alone[-1])
    assert parted, "joiners make no difference in any of these trusts: the test would see nothing"


def test_joiners_out_of_order_of_their_dates_part_from_the_trunk_in_time() -> None:
    setting = random_setting(4, draws=10, joiners=JOINERS)
    joining = setting.school["join_term"][setting.existing :]
    joining[:] = joining[::-1].copy()
    curve = run_curve(setting, 40)
    for n in range(JOINERS + 1):
        np.testing.assert_array_equal(curve[n], run(setting.with_joiners(n), 40).breach)


def test_a_curve_goes_on_where_an_earlier_look_stopped() -> None:
    setting = random_setting(9, draws=50, joiners=3)
    whole = run_curve(setting, 200)
    later = run_curve(setting, 200, first=72, threads=2)
    for n in range(4):
        np.testing.assert_array_equal(later[n], whole[n][72:])


def test_no_joiner_at_all_is_a_curve_of_one_point() -> None:
    setting = random_setting(5, draws=5, joiners=0)
    (only,) = run_curve(setting, 20)
    np.testing.assert_array_equal(only, run(setting, 20).breach)


def test_more_schools_than_compiled_code_has_room_for_are_refused() -> None:
    setting = random_setting(5, draws=5, joiners=MOST_SCHOOLS)
    with pytest.raises(ValueError, match="room for 376"):
        run(setting, 20)
    with pytest.raises(ValueError, match="room for 376"):
        run_curve(setting, 20)
