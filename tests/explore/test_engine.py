"""Pictures rest on the growth model itself, and refine to the bytes of a straight run."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.explore.conftest import ALL, FIRST
from workbench import paths
from workbench.errors import BadInput
from workbench.explore.engine import FOLLOWED, Array, Engine, Picture
from workbench.parameters.explorer import ExplorerSizes
from workbench.scenario.answers import absorb, simulate
from workbench.scenario.results import QUANTILES
from workbench.trust.load import Trust


def same(one: Picture, other: Picture) -> bool:
    """Whether two pictures show the same figures."""
    return (
        one.absorption.curve.equals(other.absorption.curve)
        and one.absorption.binding.equals(other.absorption.binding)
        and all(np.array_equal(one.fans[name], other.fans[name]) for name in FOLLOWED)
    )


@pytest.mark.parametrize("moved", [{}, {"weak": 60.0, "leads": 1.0}, {"pace": 6.0, "ahead": 0}])
def test_a_refined_picture_equals_a_straight_run(
    engine: Engine, demo_trust: Trust, moved: dict[str, float]
) -> None:
    state = engine.start.but(**moved)
    engine.first(state)
    picture = engine.refined(state)
    straight = absorb(demo_trust, picture.plan, joiners=range(engine.most + 1), replicates=ALL)
    assert picture.final
    assert picture.absorption.curve.equals(straight.absorption.curve)
    assert picture.absorption.binding.equals(straight.absorption.binding)
    assert picture.absorption.as_json() == straight.absorption.as_json()
    result = simulate(demo_trust, picture.plan, replicates=ALL)
    for name in FOLLOWED:
        rows = result.fans[result.fans["measure"] == name]
        assert np.array_equal(rows[list(QUANTILES)].to_numpy().T, picture.fans[name])
    assert picture.terms == result.terms


def test_the_first_picture_is_the_first_futures_of_the_refined_one(
    engine: Engine, demo_trust: Trust, few: ExplorerSizes
) -> None:
    first = engine.first(engine.start)
    assert (first.absorption.replicates, first.final) == (FIRST, False)
    fewer = few.model_copy(update={"futures": few.futures.model_copy(update={"value": FIRST})})
    alone = Engine(demo_trust, "steady", fewer, seed=2026).refined(engine.start)
    assert first.absorption.curve.equals(alone.absorption.curve)


def test_neither_threads_nor_the_road_taken_change_a_picture(
    demo_trust: Trust, few: ExplorerSizes
) -> None:
    one = Engine(demo_trust, "steady", few, seed=2026, threads=1)
    three = Engine(demo_trust, "steady", few, seed=2026, threads=3)
    state = one.start.but(schools=6, weak=50.0)
    three.first(three.start)
    three.refined(three.start)
    three.first(state)
    assert same(one.refined(state), three.refined(state))


def test_moving_only_the_number_of_schools_keeps_the_curve(engine: Engine) -> None:
    before = engine.refined(engine.start)
    after = engine.first(engine.start.but(schools=2))
    assert after.absorption.curve.equals(before.absorption.curve)
    assert after.absorption.replicates == ALL, "known already"
    assert not np.array_equal(after.fans["capacity_use"], before.fans["capacity_use"])
    assert engine.refined(after.state).plan.joiners.schools == 2


def test_the_same_state_is_the_same_picture(engine: Engine) -> None:
    assert same(engine.first(engine.start), engine.first(engine.start))


def test_leaving_off_loses_nothing_and_adds_nothing(engine: Engine) -> None:
    first = engine.first(engine.start)
    steps = engine.refining(engine.start)
    works = next(steps)
    steps.send([work() for work in works])
    steps.close()
    assert same(engine.first(engine.start), first), "what was left off counts nothing"
    whole = Engine(engine.trust, "steady", engine.sizes, seed=2026).refined(engine.start)
    assert same(engine.refined(engine.start), whole)


def test_pieces_are_short(engine: Engine) -> None:
    sizes = [trajectories(piece) for piece in pieces(engine) if piece.shape[0] != len(QUANTILES)]
    assert sum(sizes) >= ALL * (engine.most + 2), "all futures of all numbers, and the fan's"
    assert max(sizes) <= 1600, "or a key would wait longer than 30 ms"


def trajectories(piece: Array) -> int:
    """How many were simulated: of a curve, which counts terms in whole numbers, or of a fan."""
    return int(np.prod(piece.shape[:2] if piece.dtype == np.int16 else piece.shape[:1]))


def pieces(engine: Engine) -> list[Array]:
    """What each piece of a refinement found."""
    steps, found = engine.refining(engine.start), []
    works = next(steps)
    while True:
        now = [work() for work in works]
        found += now
        try:
            works = steps.send(now)
        except StopIteration:
            return found


def test_weaker_joiners_are_no_safer(engine: Engine) -> None:
    def held(weak: float) -> float:
        curve = engine.refined(engine.start.but(weak=weak)).absorption.curve
        return float(curve["probability"].iloc[4])

    chances = [held(weak) for weak in (0.0, 50.0, 100.0)]
    assert chances == sorted(chances, reverse=True)
    assert chances[0] > chances[-1]


def test_more_leads_are_no_less_safe(engine: Engine) -> None:
    without, with_two = (
        float(engine.refined(engine.start.but(leads=n)).absorption.curve["probability"].iloc[4])
        for n in (0.0, 2.0)
    )
    assert with_two >= without


def test_a_control_out_of_reach_is_refused_before_anything_is_simulated(engine: Engine) -> None:
    with pytest.raises(BadInput, match="schools for each lead"):
        engine.first(engine.start.but(ratio=50))


def test_another_scenario_starts_elsewhere_and_a_missing_one_changes_nothing(
    engine: Engine,
) -> None:
    with pytest.raises(BadInput, match="there is no scenario"):
        engine.begin_from("nowhere")
    assert engine.scenario == "steady"
    engine.begin_from("ambitious")
    assert (engine.start.schools, engine.most) == (10, 15)
    assert engine.first(engine.start).plan.title == "Ambitious growth"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of scenarios that a test may edit; returns the file of the steady one."""
    folder = tmp_path / "scenarios"
    shutil.copytree(paths.scenarios(), folder)
    monkeypatch.setattr(paths, "scenarios", lambda: folder)
    return folder / "steady.yaml"


@pytest.mark.parametrize(
    ("before", "after"),
    [(r"distance_km: [\d.]+", "distance_km: 150"), (r"pupils: \d+", "pupils: 2000"),
     (r"schools: \d+", "schools: 20"), (r"gate: [a-z ]+", "gate: all"),
     (r"first_term: 20(\d\d)/\d\d", "first_term: 2029/30")],
)  # fmt: skip
def test_a_scenario_edited_meanwhile_is_simulated_afresh(
    own: Path, engine: Engine, before: str, after: str
) -> None:
    old = engine.refined(engine.start)
    text = own.read_text(encoding="utf-8")
    edited = re.sub(before, after, text)
    assert edited != text
    own.write_text(edited, encoding="utf-8")
    engine.begin_from("steady")
    anew = Engine(engine.trust, "steady", engine.sizes, seed=2026)
    assert same(engine.refined(engine.start), anew.refined(anew.start))
    assert not same(engine.refined(engine.start), old)
    assert len(engine.refined(engine.start).absorption.curve) == engine.most + 1


def test_other_words_in_a_scenario_cost_no_simulation(own: Path, engine: Engine) -> None:
    engine.refined(engine.start)
    text = own.read_text(encoding="utf-8")
    own.write_text(re.sub(r"title: .*", "title: Slow and steady", text), encoding="utf-8")
    engine.begin_from("steady")
    again = engine.first(engine.start)
    assert (again.plan.title, again.final) == ("Slow and steady", True)


def test_a_scenario_begun_from_between_two_pieces_changes_no_picture_of_the_other(
    engine: Engine,
) -> None:
    state = engine.start
    steps = engine.refining(state)
    works, begun = next(steps), False
    while True:
        found = [work() for work in works]
        if not begun:
            engine.begin_from("ambitious")
            begun = True
        try:
            works = steps.send(found)
        except StopIteration as stop:
            late = stop.value
            break
    whole = Engine(engine.trust, "steady", engine.sizes, seed=2026)
    assert same(late, whole.refined(state))
    ambitious = Engine(engine.trust, "ambitious", engine.sizes, seed=2026)
    assert same(engine.refined(state), ambitious.refined(state))


def test_a_seed_that_cannot_be_used_is_refused(demo_trust: Trust, few: ExplorerSizes) -> None:
    with pytest.raises(BadInput, match="seed"):
        Engine(demo_trust, "steady", few, seed=-1)


def test_a_trust_whose_reserves_are_not_known_is_still_pictured(
    demo_trust: Trust, few: ExplorerSizes
) -> None:
    row = demo_trust.tables["trust"].assign(reserves_gbp=float("nan"))
    poorer = replace(demo_trust, tables={**demo_trust.tables, "trust": row})
    engine = Engine(poorer, "steady", few, seed=2026)
    picture = engine.first(engine.start)
    assert "reserves" not in picture.judged
    assert any("Reserves are not known" in note for note in picture.notes)
    assert all(np.isfinite(fan).all() for fan in picture.fans.values())
