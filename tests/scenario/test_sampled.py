"""The model of a trust as a function of its factors: their values, and what is asked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from workbench import paths
from workbench.growth.simulate import run
from workbench.parameters.scenario import read_scenario
from workbench.scenario.answers import read_model, read_settings
from workbench.scenario.sampled import Plan, label_of
from workbench.scenario.start import prepare
from workbench.trust.load import Trust

MODEL = read_model()


def plan(trust: Trust, joiners: int = 3, seed: int = 5, **assume: float) -> Plan:
    steady = read_scenario("steady", paths.scenarios()).model_copy(update={"assume": assume})
    return Plan(trust, steady, MODEL, read_settings(), joiners, seed)


def test_factors_are_what_is_uncertain_and_not_held(demo_trust: Trust) -> None:
    free, held = plan(demo_trust).quantities, plan(demo_trust, lead_span=5.6).quantities
    assert set(free) - set(held) == {"lead_span"}
    assert {"vision", "commitment", "intelligence", "process", "assurance"} <= set(free)
    assert "settle_terms" not in free  # fixed
    assert all(quantity.is_uncertain for quantity in free.values())


def test_the_centre_is_each_factors_own_value(demo_trust: Trust) -> None:
    one = plan(demo_trust)
    values, measured = one.values(one.centre()), one.measured
    assert measured  # the demo trust has pillars that are measured
    for name, quantity in one.quantities.items():
        if name not in measured:
            assert values[name].iloc[0] == pytest.approx(quantity.value, rel=1e-9), name
    still = one.prepared({}).setting.params
    for name in one.quantities:
        assert still[name][0] == pytest.approx(values[name].iloc[0], rel=1e-9), name


def test_what_is_believed_is_drawn_as_an_ordinary_simulation_draws_it(demo_trust: Trust) -> None:
    one = plan(demo_trust)
    ordinary = prepare(
        demo_trust, one.scenario, MODEL, read_settings(), joiners=3, replicates=40, seed=5
    ).setting
    values = one.values(one.believed(len(ordinary.params)))
    for name in one.quantities:
        assert np.array_equal(values[name], ordinary.params[name]), name
    again = one.values(one.again(len(ordinary.params)))
    assert not np.isclose(again["lead_span"], values["lead_span"]).any()


def test_factors_not_named_stand_still(demo_trust: Trust) -> None:
    one = plan(demo_trust)
    params = one.prepared({"lead_span": np.array([0.2, 0.8])}).setting.params
    for name in one.quantities:
        assert (np.ptp(params[name]) > 0) == (name == "lead_span"), name


def test_every_point_meets_the_same_events_or_its_own(demo_trust: Trust) -> None:
    one = plan(demo_trust)
    alike = np.tile([[0.5]], (6, 1))
    shared = one.asked(["lead_span"], 12, "time before a breach")(alike)
    apart = one.asked(["lead_span"], 12, "time before a breach", shared=False)(alike)
    assert shared.shape == (6, 12)
    assert (shared == shared[0]).all()
    assert not (apart == apart[0]).all()


def test_what_is_asked_is_read_off_the_breaches(demo_trust: Trust) -> None:
    one, rows = plan(demo_trust), np.array([[0.1], [0.9]])
    setting = one.prepared({"in_year_balance": rows[:, 0]}).setting
    with_them = run(setting, 40).breach
    without = run(setting.with_joiners(0), 40).breach
    answers: dict[str, Any] = {
        what: one.asked(["in_year_balance"], 20, what, shared=False)(rows).ravel()
        for what in ("every limit holds", "time before a breach", "extra risk")
    }
    holds = (with_them < 0).all(axis=1)
    assert answers["every limit holds"].tolist() == holds.astype(float).tolist()
    first = np.where(with_them < 0, setting.terms, with_them).min(axis=1)
    assert answers["time before a breach"] == pytest.approx(first / setting.terms)
    extra = (with_them >= 0).any(axis=1).astype(int) - (without >= 0).any(axis=1).astype(int)
    assert answers["extra risk"].tolist() == extra.tolist()


def test_factors_say_what_they_are_and_what_is_believed(demo_trust: Trust) -> None:
    one = plan(demo_trust)
    table = one.factors()
    assert table["factor"].tolist() == list(one.quantities)
    assert (table["low"] < table["value"]).all()
    assert (table["value"] < table["high"]).all()
    assert set(table.loc[table["measured"], "factor"]) == set(one.measured)
    span = table[table["factor"] == "exec_span"].iloc[0]
    # Triangular on 4 to 5 with its mode in the middle: the 5th percentile is 4 + sqrt(.05 / 2).
    assert span["low"] == pytest.approx(4 + np.sqrt(0.025))


def test_labels_leave_out_what_stands_aside_and_name_chances() -> None:
    known = {name.rsplit(".", 1)[-1]: quantity for name, quantity in MODEL.quantities()}
    made = {
        ("An open post is filled, at middling vision.", "probability a term"): (
            "Chance that an open post is filled"
        ),
        ("Chance of seeing a change.", "probability"): "Chance of seeing a change",
        ("Days of support it needs; a lower bound.", "days"): "Days of support it needs",
        ("Income of a secondary, all-through or other school.", "pounds"): (
            "Income of a secondary, all-through or other school"
        ),
    }
    for (description, unit), label in made.items():
        words = {"description": description, "unit": unit}
        assert label_of(known["lead_appoint"].model_copy(update=words)) == label
    labels = [label_of(quantity) for quantity in known.values() if quantity.is_uncertain]
    assert len(set(labels)) == len(labels)
