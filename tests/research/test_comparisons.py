"""Schools in funnels: like with like, no figure from a handful, and England where it is known."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.pillars.small import AS_OF, scope
from workbench.pillars.scope import Scope, pillar_settings
from workbench.research.comparisons import Compared, comparisons
from workbench.research.panel import Panel, panel_of_trust
from workbench.trust.load import Trust

Row = dict[str, Any]
PRIMARIES, SECONDARIES = (900001, 900002, 900003, 900004, 900005), (900006, 900007, 900008)
SCHOOLS = [
    {"urn": urn, "name": f"School {urn}", "phase": phase, "joined": "2018-09-01"}
    for urns, phases in (
        (PRIMARIES, ["primary"] * 4 + ["nursery"]),
        (SECONDARIES, ["secondary", "all-through", "16 plus"]),
    )
    for urn, phase in zip(urns, phases, strict=True)
]


def here(fewest: int = 3, /, **tables: list[Row]) -> Scope:
    """Return the trust, compared from three schools on unless a test asks for more."""
    found = scope(schools=SCHOOLS, **tables)
    pillars = found.settings.pillars
    least = pillars.windows.fewest_schools.model_copy(update={"value": fewest})
    windows = pillars.windows.model_copy(update={"fewest_schools": least})
    settings = replace(found.settings, pillars=pillars.model_copy(update={"windows": windows}))
    return replace(found, settings=settings)


def absence(urn: int, missed: int, pupils: int = 100, ends: str = "2026-07-20") -> Row:
    begins = dt.date.fromisoformat(ends) - dt.timedelta(days=40)
    return {"urn": urn, "begins": begins.isoformat(), "ends": ends, "pupils": pupils,
            "possible_sessions": 1000, "missed_sessions": missed}  # fmt: skip


def result(urn: int, value: float, pupils: int, measure: str, **more: Any) -> Row:
    return {"urn": urn, "results": "2026-08-20", "measure": measure, "group": "all",
            "pupils": pupils, "value": value} | more  # fmt: skip


def one(found: tuple[Compared, ...], key: str) -> Compared:
    return next(compared for compared in found if compared.key == key)


def test_absence_is_compared_within_a_phase_over_a_year_of_half_terms() -> None:
    # 5%, 6%, 7% of pupils as many: centre 6. Between pupils 9 points are declared, so that a school
    # of 100 has an error of 9 / 10. The first: 40 + 60 of 2000. Too old by a day: left out.
    rows = [
        absence(PRIMARIES[0], 40), absence(PRIMARIES[0], 60, ends="2025-11-01"),
        absence(PRIMARIES[1], 60), absence(PRIMARIES[4], 70),
        absence(PRIMARIES[1], 900, ends="2025-10-31"),
        *(absence(urn, 90) for urn in SECONDARIES),
    ]  # fmt: skip
    found = comparisons(here(attendance=rows))
    assert [compared.key for compared in found] == ["absence-primary", "absence-secondary"]
    primary = found[0]
    assert primary.funnel.centre == pytest.approx(6)
    assert primary.funnel.units["value"].to_dict() == pytest.approx(
        {PRIMARIES[0]: 5, PRIMARIES[1]: 6, PRIMARIES[4]: 7}
    )
    assert primary.funnel.units["error"].to_list() == pytest.approx([0.9] * 3)
    assert primary.size_factor == 81
    # 1 / error squared times the factor is the number of pupils.
    assert (primary.funnel.units["size"] * primary.size_factor).to_list() == pytest.approx(
        [100] * 3
    )
    assert primary.against == "3 schools of the trust"
    assert primary.left_out == "2 schools without a figure"
    assert primary.period == "September 2025 to July 2026"
    assert set(found[1].funnel.units.index) == set(SECONDARIES)
    assert found[1].left_out == ""


def test_fewer_schools_of_a_phase_than_declared_are_not_compared() -> None:
    rows = [absence(urn, 50) for urn in (*PRIMARIES[:2], *SECONDARIES)]
    assert [x.phase for x in comparisons(here(attendance=rows))] == ["secondary"]
    assert comparisons(here()) == ()


def test_three_schools_do_not_tell_how_far_schools_differ() -> None:
    # 40% beside 7.6% and 7.7%: the spread of the three is its own, and no limit would show it. So
    # as many are asked for as the parameters declare.
    rows = [absence(urn, missed) for urn, missed in zip(SECONDARIES, (76, 77, 400), strict=True)]
    [found] = comparisons(here(attendance=rows))
    assert (found.funnel.units["place"] == "within").all()
    declared = int(pillar_settings().pillars.windows.fewest_schools.value)
    assert comparisons(here(declared, attendance=rows)) == ()
    assert comparisons(scope(schools=SCHOOLS, attendance=rows)) == ()


KEY_STAGE_2 = "key stage 2 expected"


def test_a_school_with_too_few_pupils_is_withheld_and_counted() -> None:
    # Six pupils are enough and five are not. 60%, 80%, 70% of 30: 63 of 90, and with two of each
    # added 65 of 94: 0.6915, a standard deviation of 46.19 between pupils, 46.19 / root 30 = 8.43.
    rows = [
        result(PRIMARIES[0], 60, 30, KEY_STAGE_2), result(PRIMARIES[1], 80, 30, KEY_STAGE_2),
        result(PRIMARIES[2], 70, 30, KEY_STAGE_2), result(PRIMARIES[3], 100, 5, KEY_STAGE_2),
        result(SECONDARIES[1], 100, 5, KEY_STAGE_2),  # an all-through school is no primary
        result(PRIMARIES[4], 10, 30, KEY_STAGE_2, group="disadvantaged"),
        result(PRIMARIES[4], 10, 30, KEY_STAGE_2, results="2025-08-20"),
    ]  # fmt: skip
    [found] = comparisons(here(attainment=rows))
    assert set(found.funnel.units.index) == set(PRIMARIES[:3])
    assert found.funnel.units["error"].to_list() == pytest.approx([8.43] * 3, abs=0.01)
    assert found.left_out == "1 school without a figure; 1 school with too few pupils to show"
    assert (found.period, found.unit) == ("summer 2026", "% of pupils")
    enough = [*rows[:3], result(PRIMARIES[3], 100, 6, KEY_STAGE_2)]
    assert len(comparisons(here(attainment=enough))[0].funnel.units) == 4


def test_all_or_none_reaching_the_standard_still_have_an_error() -> None:
    rows = [result(urn, 100, 30, KEY_STAGE_2) for urn in PRIMARIES]
    [found] = comparisons(here(attainment=rows))
    assert (found.funnel.units["error"] > 0).all()
    assert (found.funnel.units["place"] == "within").all()


def test_points_take_the_schools_own_spread_and_else_the_declared_one() -> None:
    # 16 over 100 pupils and 20 over 300: root of (256 x 100 + 400 x 300) / 400 = 364: 19.08.
    rows = [
        result(SECONDARIES[0], 45, 100, "attainment 8", spread=16),
        result(SECONDARIES[1], 50, 300, "attainment 8", spread=20),
        result(SECONDARIES[2], 47, 100, "attainment 8"),
        result(PRIMARIES[0], 90, 100, "attainment 8", spread=1),  # not of the phase
    ]
    [found] = comparisons(here(attainment=rows))
    assert found.funnel.units["error"].to_list() == pytest.approx([1.908, 1.1015, 1.908], abs=1e-3)
    unsaid = [{**row, "spread": None} for row in rows[:3]]
    [declared] = comparisons(here(attainment=unsaid))
    assert declared.size_factor == pytest.approx(18**2)
    nothing = [{**row, "spread": 0} for row in rows[:3]]
    assert comparisons(here(attainment=nothing))[0].size_factor == pytest.approx(18**2)


def panel(own: int, others: int, of_others: float, **columns: Any) -> Panel:
    """Return primary schools of England: the trust's first ones at 12%, others about a level."""
    urns = [*PRIMARIES[:own], *range(800000, 800000 + others)]
    values = [12.0] * own + [of_others + 0.1 * (place % 3 - 1) for place in range(others)]
    frame = pd.DataFrame({"urn": urns, "absence_percent": values}).assign(
        phase="primary", pupils=400.0, absence_percent_period="2024/25"
    )
    return Panel(frame.assign(**columns), AS_OF, ("published",))


def test_published_figures_are_held_against_the_rest_of_england() -> None:
    # Two schools at 12% where the others are about 6%: alone they would be their own centre.
    [found] = comparisons(here(), panel(2, 30, 6.0))
    assert found.funnel.centre == pytest.approx(6, abs=0.01)
    assert set(found.funnel.units.index) == set(PRIMARIES[:2])
    assert found.against == "30 primary schools of England"
    assert found.left_out == "3 schools without a figure"
    assert (found.funnel.units["place"] == "beyond 99.8%").all()
    assert (found.funnel.units["side"] == "above").all()
    assert found.source == "published figures of the Department for Education."


def test_own_figures_come_before_published_ones() -> None:
    rows = [absence(urn, 60) for urn in PRIMARIES]
    [found] = comparisons(here(attendance=rows), panel(2, 30, 6.0))
    assert found.source == "the trust's own attendance table."


def test_own_figures_that_bear_no_comparison_do_not_take_the_published_one_away() -> None:
    # One primary school is too few to compare; three secondary ones are enough, of their phase.
    rows = [absence(urn, 60) for urn in (PRIMARIES[0], *SECONDARIES)]
    scored = [result(SECONDARIES[0], 45, 100, "attainment 8")]
    found = comparisons(here(attendance=rows, attainment=scored), panel(2, 30, 6.0))
    assert {one.key: one.against for one in found} == {
        "absence-secondary": "3 schools of the trust",
        "absence-percent-primary": "30 primary schools of England",
    }


def test_results_entered_a_day_apart_are_of_one_year_and_the_last_counts() -> None:
    rows = [
        result(PRIMARIES[0], 60, 30, KEY_STAGE_2, results="2026-07-07"),
        result(PRIMARIES[1], 80, 30, KEY_STAGE_2, results="2026-07-08"),
        result(PRIMARIES[2], 10, 30, KEY_STAGE_2, results="2026-07-07"),
        result(PRIMARIES[2], 70, 30, KEY_STAGE_2, results="2026-07-09"),
        result(PRIMARIES[3], 90, 30, KEY_STAGE_2, results="2025-07-08"),
    ]
    [found] = comparisons(here(attainment=rows))
    assert found.funnel.units["value"].to_dict() == {
        PRIMARIES[0]: 60, PRIMARIES[1]: 80, PRIMARIES[2]: 70,
    }  # fmt: skip
    assert found.left_out == "2 schools without a figure"


def test_without_others_enough_or_own_schools_there_is_no_published_comparison() -> None:
    for own, others in ((2, 0), (2, 1), (2, 2), (0, 30)):
        assert comparisons(here(), panel(own, others, 6.0)) == ()
    assert comparisons(here(), panel(2, 30, 6.0, pupils=5.0)) == (), "too few pupils"
    missing = panel(2, 30, 6.0, absence_percent=np.nan)
    assert comparisons(here(), missing) == ()


def test_only_the_commonest_year_is_compared() -> None:
    years = ["2023/24"] + ["2024/25"] * 31
    [found] = comparisons(here(), panel(2, 30, 6.0, absence_percent_period=years))
    assert (found.period, len(found.funnel.units)) == ("2024/25", 1)


def test_the_demo_trust_is_compared_without_a_number_missing(demo_trust: Trust) -> None:
    found = comparisons(Scope(demo_trust, pillar_settings()), panel_of_trust(demo_trust))
    assert found
    for compared in found:
        units = compared.funnel.units
        assert np.isfinite(units[["value", "error", "lower_998", "upper_998"]].to_numpy()).all()
        assert compared.size_factor > 0
        assert "_" not in compared.against + compared.left_out + compared.measure
