"""A tripwire finds the threshold that was planted, and is judged on draws it was not chosen on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.growth.test_mechanisms import made
from tests.scenario.trials import in_draws, sized
from workbench import paths
from workbench.growth.kernel.layout import SERIES
from workbench.growth.oracle import Oracle
from workbench.growth.setting import Setting
from workbench.growth.simulate import Trajectories, run
from workbench.parameters.scenario import read_scenario
from workbench.scenario.answers import read_model, read_settings
from workbench.scenario.start import prepare
from workbench.scenario.tripwires import (
    WATCHED,
    Tripwire,
    best_threshold,
    first_broken,
    found_in,
    present_values,
    tripwire_frame,
    tripwires,
)
from workbench.trust.load import Trust

TERMS, WITHIN, EVENTS = 15, 3, 4
NOW = dict.fromkeys(WATCHED, 0.0)


def futures(
    measure: str, threshold: float, *, high: bool = True, draws: int = 200, lag: int = 2,
    deaf: bool = False,
) -> Trajectories:  # fmt: skip
    """Futures in which a limit breaks some terms after a measure first reaches a threshold.

    Everything else is noise. Where it is `deaf`, that holds of every second draw alone, and in the
    others a limit breaks in a term of its own.
    """
    rng = np.random.default_rng(1)
    rows = draws * EVENTS
    series = rng.uniform(0.2, 0.4, (rows, TERMS, len(SERIES)))
    watched = np.round(rng.uniform(0, 1, (rows, TERMS)), 2)
    series[:, :, SERIES.index(measure)] = watched
    past = watched >= threshold if high else watched <= threshold
    crossing = np.where(past.any(axis=1), past.argmax(axis=1), 99)
    breach = np.full((rows, 5), -1, np.int16)
    breach[:, 1] = np.where(crossing + lag < TERMS, crossing + lag, -1)
    if deaf:
        odd = np.arange(rows) // EVENTS % 2 == 1
        breach[odd, 1] = rng.integers(0, TERMS, int(odd.sum()))
    secured, moves = np.zeros((rows, 1), np.int16), np.zeros((rows, 4, 3), np.int32)
    return Trajectories(breach, secured, series, moves, EVENTS)


def found(result: Trajectories, **options: Any) -> tuple[Tripwire, ...]:
    return found_in(result, NOW, **({"within": WITHIN, "skill": 0.2} | options))


@pytest.mark.parametrize(("measure", "high"), [("capacity_use", True), ("commitment", False)])
def test_the_planted_threshold_is_found_and_nothing_else(measure: str, high: bool) -> None:
    planted = 0.9 if high else 0.1
    (wire,) = found(futures(measure, planted, high=high))
    assert (wire.measure, wire.high_is_bad) == (measure, high)
    assert wire.threshold == pytest.approx(planted)
    assert wire.false_alarm == 0
    assert wire.then_broken == 1
    assert wire.terms_of_warning == 2
    assert (wire.judged, wire.within) == (400, WITHIN)
    assert wire.skill.estimate == pytest.approx(wire.hit_rate - wire.false_alarm)
    assert wire.skill.lower <= wire.skill.estimate <= wire.skill.upper


def test_a_limit_that_breaks_too_late_is_no_proof_of_a_warning() -> None:
    # Four terms from crossing to breach: a warning within three is never right at first crossing.
    late = found(futures("capacity_use", 0.9, lag=4), within=3, skill=-1.0)
    (wire,) = [one for one in late if one.measure == "capacity_use"]
    assert wire.then_broken < 0.2
    (right,) = found(futures("capacity_use", 0.9, lag=4), within=4)
    assert right.then_broken == 1
    assert right.terms_of_warning == 4


def test_what_held_only_where_it_was_chosen_is_not_kept() -> None:
    assert found(futures("capacity_use", 0.9)) != ()
    assert found(futures("capacity_use", 0.9, deaf=True)) == ()


def test_only_skill_beyond_doubt_is_kept() -> None:
    (wire,) = found(futures("capacity_use", 0.9))
    assert found(futures("capacity_use", 0.9), skill=wire.skill.lower - 1e-9) != ()
    assert found(futures("capacity_use", 0.9), skill=wire.skill.lower) == ()


def test_of_two_that_warn_as_one_the_surer_stays() -> None:
    result = futures("capacity_use", 0.9)
    result.series[:, :, SERIES.index("unmet_share")] = result.series[
        :, :, SERIES.index("capacity_use")
    ]
    assert len(found(result)) == 1
    result.series[:, 5:, SERIES.index("unmet_share")] = 0.0
    assert len(found(result, skill=0.05, overlap=0.99)) == 2
    assert len(found(result, skill=0.05, overlap=0.01)) == 1


def test_the_threshold_is_youdens_and_ties_go_to_the_sharpest() -> None:
    # Trust terms judged: two futures' terms 0 and 1 (within one term), those at 5 soon broken.
    values = np.array([[1.0, 5.0, 9.0], [2.0, 3.0, 9.0]])
    first = np.array([2, 99])
    assert best_threshold(values, first, within=1, high_is_bad=True) == 5
    assert best_threshold(-values, first, within=1, high_is_bad=False) == -5
    assert best_threshold(values, np.array([99, 99]), within=1, high_is_bad=True) is None
    assert best_threshold(values * 0, first, within=1, high_is_bad=True) is None


def test_terms_after_a_broken_limit_are_not_judged() -> None:
    # Only term 0 is judged of a future broken in term 1: its later calm does not count against it.
    values = np.array([[5.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]])
    assert best_threshold(values, np.array([1, 99]), within=1, high_is_bad=True) == 5


def test_the_first_broken_limit_is_the_earliest() -> None:
    breach = np.array([[-1, 4, 2, -1, -1], [-1, -1, -1, -1, -1]], np.int16)
    assert first_broken(breach).tolist() == [2, np.iinfo(np.int16).max]


def test_present_values_are_what_the_model_starts_from() -> None:
    setting = in_draws(made(2, 2, 2, 1, 0, leads=1.5, joiners=((3, 2),)), 3)
    now = present_values(setting)
    oracle = Oracle(setting, 0, 1)
    assert now["capacity_use"] == pytest.approx(5 / oracle.span)
    assert now["golden_margin"] == pytest.approx(3 - 3 * 2)
    assert now["leads"] == 1.5
    assert now["vacancies"] == 0
    assert now["commitment"] == pytest.approx(float(setting.params["commitment"][0]))
    assert now["reserves_share"] == pytest.approx(1e6 / oracle.income)
    school = setting.school.copy()
    school["days"][0], school["join_term"][1] = 0, -1
    assert present_values(replace(setting, school=school))["golden_margin"] == pytest.approx(1 - 6)


def differing(setting: Setting) -> Setting:
    """The same setting in three draws that start apart, so that a median is not a first value."""
    setting = in_draws(setting, 3)
    setting.params["commitment"] = [0.3, 0.7, 0.6]
    return setting


@pytest.mark.parametrize(
    ("bands", "leads", "held"),
    [
        ([2] * 14, 1.0, {}),  # the policy wants posts that no vacancy was declared for
        ([2, 2, 2, 1], 1.0, {"sle_trained": 0.0}),  # the golden rule counts untrained providers
        ([2, 1], 0.0, {}),
    ],
)
def test_present_values_are_those_of_the_compiled_model(
    bands: list[int], leads: float, held: dict[str, float]
) -> None:
    """Where nobody comes, goes or is inspected, the first term ends as it began."""
    idle = {"lead_appoint": 0.0, "commitment_recovery": 0.0}
    setting = differing(made(*bands, terms=1, leads=leads, held=idle, schools_per_lead=5.0))
    for name, value in held.items():
        setting.params[name] = value
    setting.school["since"] = 0
    now = present_values(setting)
    lived = run(setting, 3, record=True).series[:, 0]
    for measure in ("capacity_use", "golden_margin", "vacancies", "leads", "commitment"):
        assert now[measure] == pytest.approx(np.median(lived[:, SERIES.index(measure)])), measure


def test_posts_that_planned_growth_asks_for_are_vacant_at_the_start() -> None:
    growing = made(*[2] * 5, joiners=((1, 2),) * 5, leads=1, schools_per_lead=5.0,
                   hire_ahead_terms=3, executive_alone=4)  # fmt: skip
    assert present_values(growing)["vacancies"] == 1
    assert present_values(growing.with_joiners(0))["vacancies"] == 0


def wire(present: float, threshold: float, *, high: bool) -> Tripwire:
    (one,) = found(futures("capacity_use" if high else "commitment", 0.9 if high else 0.1,
                           high=high))  # fmt: skip
    return replace(one, present=present, threshold=threshold)


@pytest.mark.parametrize(
    ("present", "threshold", "high", "crossed"),
    [
        (0.8, 0.9, True, False), (0.9, 0.9, True, True), (1.0, 0.9, True, True),
        (0.2, 0.1, False, False), (0.1, 0.1, False, True), (0.0, 0.1, False, True),
    ],
)  # fmt: skip
def test_a_tripwire_is_crossed_at_its_threshold_and_on_the_side_of_trouble(
    present: float, threshold: float, high: bool, crossed: bool
) -> None:
    one = wire(present, threshold, high=high)
    assert one.is_crossed_now == crossed
    assert tripwire_frame([one])["crossed_now"].tolist() == [crossed]
    assert tripwire_frame([one])["warns"].tolist() == ["at or above" if high else "at or below"]


def test_tripwires_of_a_trust_have_a_present_value_and_a_table(demo_trust: Trust) -> None:
    steady = read_scenario("steady", paths.scenarios())
    options: dict[str, Any] = {"replicates": 400, "seed": 3}
    wires = tripwires(demo_trust, steady, sized(warning_skill=0.05), threads=2, **options)
    assert wires == tripwires(demo_trust, steady, sized(warning_skill=0.05), threads=1, **options)
    assert wires
    table = tripwire_frame(wires)
    assert not table.isna().any().any()
    assert (table["skill_lower"] > 0.05).all()
    assert table["skill"].is_monotonic_decreasing
    prepared = prepare(demo_trust, steady, read_model(), read_settings(),
                       joiners=steady.joiners.schools, **options)  # fmt: skip
    now = present_values(prepared.setting)
    shown = {one.measure: one.present for one in wires if one.measure in now}
    assert shown
    assert shown == {name: round(now[name], WATCHED[name].decimals) for name in shown}
    assert tripwire_frame(()).columns.tolist() == table.columns.tolist()
