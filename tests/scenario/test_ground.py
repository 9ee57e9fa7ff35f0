"""Plans that share a ground are set up as if each were prepared alone, and leads can be added."""

from __future__ import annotations

import numpy as np
import pytest

from workbench import paths
from workbench.parameters.scenario import Scenario, read_scenario
from workbench.scenario.answers import read_model, read_settings
from workbench.scenario.ground import Ground, ground_of
from workbench.scenario.start import Prepared, joined, prepare
from workbench.trust.load import Trust

SEED, FUTURES = 7, 400


def plan(name: str = "steady", **policy: float) -> Scenario:
    read = read_scenario(name, paths.scenarios())
    return read.model_copy(update={"policy": read.policy.model_copy(update=policy)})


def ground(trust: Trust, scenario: Scenario) -> Ground:
    return ground_of(trust, scenario, read_model(), replicates=FUTURES, seed=SEED)


def alone(trust: Trust, scenario: Scenario) -> Prepared:
    return prepare(
        trust, scenario, read_model(), read_settings(), joiners=5, replicates=FUTURES, seed=SEED
    )


@pytest.mark.parametrize("name", ["steady", "ambitious", "rescue"])
def test_plans_on_one_ground_are_as_if_prepared_alone(demo_trust: Trust, name: str) -> None:
    shared = ground(demo_trust, plan("steady"))
    one = joined(shared, plan(name, schools_per_lead=4.0), read_settings(), joiners=5)
    other = alone(demo_trust, plan(name, schools_per_lead=4.0))
    for part in ("params", "derived", "policy", "school"):
        left, right = getattr(one.setting, part), getattr(other.setting, part)
        assert left.dtype == right.dtype
        for field in left.dtype.names:
            assert left[field].tobytes() == right[field].tobytes()
    for part in ("below", "place"):
        assert np.array_equal(getattr(one.setting, part), getattr(other.setting, part))
    assert (one.notes, one.joiners, one.first) == (other.notes, other.joiners, other.first)


def test_a_scenario_of_another_start_or_assumption_needs_another_ground(demo_trust: Trust) -> None:
    shared = ground(demo_trust, plan())
    for changed in ({"start": "2027/28 autumn"}, {"assume": {"rise_attention": 0.3}}):
        other = plan().model_copy(update=changed)
        assert not shared.carries(other)
        with pytest.raises(ValueError, match="another ground"):
            joined(shared, other, read_settings(), joiners=1)


def test_further_leads_are_in_post_from_the_first_term_and_said(demo_trust: Trust) -> None:
    without, more = alone(demo_trust, plan()), alone(demo_trust, plan(further_leads=1.5))
    assert np.array_equal(more.setting.params["leads"], without.setting.params["leads"] + 1.5)
    assert more.setting.params["lead_vacancies"].tolist() == [1.0] * 100
    assert any("1.5 more improvement leads" in note for note in more.notes)
    assert not any("more improvement leads" in note for note in without.notes)
    one = alone(demo_trust, plan(further_leads=1.0))
    assert any("1 more improvement lead in post" in note for note in one.notes)


def test_the_shared_ground_is_left_as_it_was(demo_trust: Trust) -> None:
    shared = ground(demo_trust, plan())
    before = shared.params["leads"].copy()
    joined(shared, plan(further_leads=3.0), read_settings(), joiners=2)
    assert np.array_equal(shared.params["leads"], before)
