"""Pillars start the growth model: measured where enough is known, else the declared prior."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from workbench import paths
from workbench.growth.draws import draw_parameters
from workbench.growth.kernel.philox import uniforms
from workbench.parameters.distributions import Floats
from workbench.parameters.scenario import Scenario, read_scenario
from workbench.scenario.answers import read_model, read_settings, simulate
from workbench.scenario.levels import PILLAR_OF, measured_levels, starting_levels
from workbench.scenario.people import Start
from workbench.scenario.start import Prepared, prepare
from workbench.trust.contracts import TABLES
from workbench.trust.load import Trust

MODEL = read_model()
DRAWS, SEED = 400, 11
PUBLISHED = ("trust", "schools", "inspections_oeif", "inspections_report_card", "school_statistics")


def drawn(held: Mapping[str, float] | None = None) -> dict[str, Floats]:
    return draw_parameters(MODEL, "report card", dict(held or {}), SEED, DRAWS)


def levels(trust: Trust, held: Mapping[str, float] | None = None) -> dict[str, Start]:
    return starting_levels(trust, MODEL, drawn(held), held=held or {}, seed=SEED)


def with_table(trust: Trust, table: str, **columns: Any) -> Trust:
    return replace(trust, tables={**trust.tables, table: trust.tables[table].assign(**columns)})


def published(trust: Trust) -> Trust:
    """The trust as an import leaves it."""
    tables = {
        name: trust.tables[name] if name in PUBLISHED else TABLES[name].empty() for name in TABLES
    }
    return replace(trust, tables=tables)


def started(trust: Trust, **assume: float) -> Prepared:
    return prepare(
        trust, assuming(**assume), MODEL, read_settings(), joiners=2, replicates=400, seed=SEED
    )


def assuming(**assume: float) -> Scenario:
    return read_scenario("steady", paths.scenarios()).model_copy(update={"assume": assume})


def test_the_demo_trusts_levels_are_measured_and_say_on_what(demo_trust: Trust) -> None:
    found = levels(demo_trust)
    assert list(found) == list(PILLAR_OF)
    for name, start in found.items():
        assert start.measured, name
        assert start.what == f"{name.capitalize()} of the trust"
        assert start.source.startswith("the pillar as measured: "), name
        assert start.values.shape == (DRAWS,)
        assert ((start.values >= 0) & (start.values <= 1)).all()


def test_a_level_takes_the_quantiles_of_its_pillars_score(demo_trust: Trust) -> None:
    # At the uniforms that the prior would have had, so that luck is shared with any other trust.
    scores = measured_levels(demo_trust)
    for name, start in levels(demo_trust).items():
        composite = scores[name].composite
        assert composite is not None
        luck = uniforms(SEED, f"parameter:{name}", DRAWS)
        assert start.values == pytest.approx(np.quantile(composite.draws, luck))
        assert np.corrcoef(stats_rank(start.values), stats_rank(luck))[0, 1] > 0.999
        assert float(np.median(start.values)) == pytest.approx(
            float(np.median(composite.draws)), abs=0.03
        )


def stats_rank(values: Floats) -> Floats:
    return np.asarray(pd.Series(values).rank(), dtype=np.float64)


def test_a_measured_level_and_a_prior_share_their_luck(demo_trust: Trust) -> None:
    prior = drawn()["vision"]
    if np.ptp(prior) > 0:
        measured = levels(demo_trust)["vision"].values
        assert np.corrcoef(stats_rank(prior), stats_rank(measured))[0, 1] > 0.99


def test_what_a_scenario_assumes_stands_against_what_was_measured(demo_trust: Trust) -> None:
    found = levels(demo_trust, {"vision": 0.9})
    assert set(found["vision"].values) == {0.9}
    assert (found["vision"].measured, found["vision"].source) == (False, "held by the scenario")
    assert found["process"].measured
    prepared = started(demo_trust, vision=0.9)
    assert set(prepared.setting.params["vision"]) == {0.9}


def test_a_trust_of_published_tables_keeps_the_priors_and_says_why(demo_trust: Trust) -> None:
    found = levels(published(demo_trust))
    prior = drawn()
    for name, start in found.items():
        if name == "assurance":
            continue
        assert not start.measured, name
        assert (start.values == prior[name]).all(), name
        assert start.source.startswith("declared prior: "), name
        assert "of" in start.source
        assert "scored indicators measured" in start.source, name
    note = next(note for note in started(published(demo_trust)).notes if "declared priors" in note)
    for name in ("vision", "commitment", "intelligence", "process"):
        assert f"{name} of the trust" in note


def test_safeguarding_alone_does_not_start_the_level_of_assurance(demo_trust: Trust) -> None:
    # Its weight is 2 of 9: less than the half that a score asks for.
    assurance = levels(published(demo_trust))["assurance"]
    assert not assurance.measured
    assert assurance.source.startswith("declared prior: 1 of 8 scored indicators measured")


def test_the_levels_reach_the_model_and_the_register(demo_trust: Trust) -> None:
    prepared = started(demo_trust)
    register = prepared.register().set_index("what")
    draws = len(prepared.setting.params)
    for name in PILLAR_OF:
        luck = uniforms(SEED, f"parameter:{name}", draws)
        composite = measured_levels(demo_trust)[name].composite
        assert composite is not None
        assert prepared.setting.params[name] == pytest.approx(
            np.quantile(composite.draws, luck), abs=1e-6
        )
        row = register.loc[f"{name.capitalize()} of the trust"]
        assert row["measured"]
        assert row["low"] <= row["value"] <= row["high"]


def test_data_of_a_pillar_move_its_level_and_no_other(demo_trust: Trust) -> None:
    steps = with_table(demo_trust, "process_steps", runs_without_executive=False)
    before, after = levels(demo_trust), levels(steps)
    assert after["process"].values.mean() < before["process"].values.mean() - 0.05
    for name in ("vision", "commitment", "intelligence", "assurance"):
        assert (after[name].values == before[name].values).all(), name


def test_results_of_the_growth_model_move_when_a_pillars_data_change(demo_trust: Trust) -> None:
    # Support that takes a day to begin, projects ready and steps that run by themselves, against
    # nothing of the kind: the same seed, the same luck, another process.
    def process_at(good: bool) -> Trust:
        support = demo_trust.tables["support"]
        wait = pd.to_timedelta(1 if good else 60, unit="D")
        triggered = (support["started"] - wait).fillna(support["triggered"])
        moved = with_table(demo_trust, "support", triggered=triggered)
        moved = with_table(moved, "process_steps", runs_without_executive=good)
        return with_table(moved, "projects", has_diagnosis=good, has_exit_criteria=good)

    good, poor = (process_at(well) for well in (True, False))
    assert levels(good)["process"].values.mean() > levels(poor)["process"].values.mean() + 0.3
    scenario = assuming()
    results = [
        simulate(trust, scenario, joiners=2, replicates=400, seed=SEED) for trust in (good, poor)
    ]
    assert results[0].hold.estimate != results[1].hold.estimate


def test_a_trust_is_measured_once_however_often_it_is_tried(demo_trust: Trust) -> None:
    assert measured_levels(demo_trust) is measured_levels(demo_trust)
    copy = replace(demo_trust)
    assert measured_levels(copy) is not measured_levels(demo_trust)


def test_a_cube_moves_a_measured_level_along_its_score_and_leaves_others_at_the_median(
    demo_trust: Trust,
) -> None:
    cube = {"vision": np.array([0.1, 0.9])}
    values = draw_parameters(MODEL, "report card", {}, SEED, 2, cube=cube)
    started = starting_levels(demo_trust, MODEL, values, held={}, seed=SEED, cube=cube)
    scores = measured_levels(demo_trust)
    for name, places in (("vision", [0.1, 0.9]), ("commitment", [0.5, 0.5])):
        composite = scores[name].composite
        assert composite is not None
        assert started[name].values == pytest.approx(np.quantile(composite.draws, places))
