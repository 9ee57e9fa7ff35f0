"""Controls at a scenario's own place give that scenario; each moves its own field and no other."""

from __future__ import annotations

import pytest

from workbench import paths
from workbench.errors import BadInput
from workbench.explore.plans import mix_with, plan_of, scenario_named, state_of, weak_share
from workbench.parameters.scenario import BANDS, Scenario, read_scenario, scenario_names
from workbench.scenario.arrivals import joiner_kinds

ALL = scenario_names(paths.scenarios())


def scenario(name: str) -> Scenario:
    return read_scenario(name, paths.scenarios())


@pytest.mark.parametrize("name", ["steady", "ambitious", "rescue"])
def test_a_scenario_left_alone_is_itself(name: str) -> None:
    plan = scenario(name)
    assert plan_of(plan, state_of(plan)) is plan


@pytest.mark.parametrize(
    ("moved", "part", "field", "value"),
    [
        ({"schools": 7}, "joiners", "schools", 7),
        ({"pace": 2.5}, "joiners", "a_year", 2.5),
        ({"leads": 1.5}, "policy", "further_leads", 1.5),
        ({"ahead": 3}, "policy", "hire_ahead_terms", 3),
        ({"intelligence": 40.0}, "policy", "intelligence_investment", 0.4),
        ({"slice": 6.5}, "policy", "top_slice_percent", 6.5),
        ({"ratio": 4.0}, "policy", "schools_per_lead", 4.0),
    ],
)
def test_a_control_moves_one_field(
    moved: dict[str, float], part: str, field: str, value: float
) -> None:
    plan = scenario("ambitious")
    changed = plan_of(plan, state_of(plan).but(**moved)).model_dump()
    assert changed[part].pop(field) == pytest.approx(value)
    original = plan.model_dump()
    original[part].pop(field)
    assert changed == original


@pytest.mark.parametrize("name", ["steady", "ambitious", "rescue"])
@pytest.mark.parametrize("weak", [0.0, 5.0, 50.0, 95.0, 100.0])
def test_the_mix_is_as_weak_as_asked(name: str, weak: float) -> None:
    plan = scenario(name)
    changed = plan_of(plan, state_of(plan).but(weak=weak))
    assert weak_share(changed.joiners) == pytest.approx(weak / 100)
    assert state_of(changed).weak == pytest.approx(weak)


def test_weak_kinds_keep_their_shares_of_one_another() -> None:
    mix = {(kind["phase"], kind["band"]): kind["share"]
           for kind in mix_with(scenario("ambitious").joiners, 0.8)}  # fmt: skip
    # 0.3 and 0.1 of 0.4 weak, 0.4 and 0.2 of 0.6 secure, by hand.
    assert mix["primary", "needs attention"] == pytest.approx(0.6)
    assert mix["secondary", "needs attention"] == pytest.approx(0.2)
    assert mix["primary", "secure"] == pytest.approx(0.2 * 2 / 3)


def test_a_mix_of_weak_schools_alone_is_made_sounder_with_the_same_schools() -> None:
    changed = plan_of(scenario("rescue"), state_of(scenario("rescue")).but(weak=50.0))
    sound = [kind for kind in changed.joiners.mix if kind.band == "secure"]
    assert [kind.pupils for kind in sound] == [880, 230, 820]
    assert sum(kind.share for kind in sound) == pytest.approx(0.5)


def test_half_weak_means_half_of_the_schools_that_come() -> None:
    changed = plan_of(scenario("ambitious"), state_of(scenario("ambitious")).but(weak=50.0))
    kinds = joiner_kinds(changed.joiners.mix, 10)
    assert sum(kind.band != "secure" for kind in kinds) == 5


def test_twelve_kinds_of_one_sort_still_make_a_mix_the_schema_allows() -> None:
    plan = scenario("rescue")
    kinds = tuple(
        plan.joiners.mix[0].model_copy(update={"share": 1 / 12, "pupils": 100 + n})
        for n in range(12)
    )
    many = plan.model_copy(update={"joiners": plan.joiners.model_copy(update={"mix": kinds})})
    assert weak_share(plan_of(many, state_of(many).but(weak=25.0)).joiners) == pytest.approx(0.25)


def test_the_schema_refuses_what_it_refuses_in_a_file() -> None:
    plan = scenario("steady")
    with pytest.raises(BadInput, match=r"joiners\.schools"):
        plan_of(plan, state_of(plan).but(schools=61))


def test_a_mix_whose_shares_add_up_to_a_little_more_than_one_is_wholly_weak() -> None:
    plan = scenario("rescue")
    kind = plan.joiners.mix[0].model_copy(update={"share": 0.3333335, "band": BANDS[0]})
    joiners = plan.joiners.model_copy(update={"mix": (kind,) * 3})
    assert weak_share(joiners) == 1.0


@pytest.mark.parametrize("path", ["./own.yaml", "plans/five.yaml", "steady.yaml"])
def test_a_path_is_no_name_to_start_from(path: str) -> None:
    with pytest.raises(BadInput, match="by its name") as caught:
        scenario_named(path)
    assert "copy the file" in str(caught.value.mend)
    assert scenario_named("steady") == scenario("steady")
