"""Moves of the controls become pictures, one for each move, and refusals are said in words."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Callable, Generator
from concurrent.futures import Executor
from pathlib import Path

import numpy as np
import pytest

from workbench import paths
from workbench.errors import BadInput
from workbench.explore.engine import Array, Engine, Picture, Works
from workbench.explore.page import Explorer, explorer
from workbench.explore.picture import script
from workbench.explore.refine import Refiner
from workbench.parameters.scenario import read_scenario


@pytest.fixture
def screen(engine: Engine) -> Explorer:
    return Explorer(engine)


@pytest.fixture
def own_scenarios(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "scenarios"
    shutil.copytree(paths.scenarios(), folder)
    monkeypatch.setattr(paths, "scenarios", lambda: folder)
    return folder


def query(screen: Explorer) -> dict[str, str]:
    return dict(screen.picture.picture["query"])


def test_a_move_gives_one_picture_of_the_new_state(screen: Explorer) -> None:
    before = screen.picture.picture["serial"]
    screen.panel.sliders["weak"].value = 55.0
    assert screen.picture.picture["serial"] == before + 1
    assert query(screen)["weak"] == "55"
    assert screen.shown.plan.joiners.mix != screen.engine.base.joiners.mix


def test_the_verdict_moves_with_the_controls(screen: Explorer) -> None:
    before = screen.picture.picture["verdict"]
    screen.panel.sliders["schools"].value = 12
    assert screen.picture.picture["verdict"] != before
    assert "12 schools" in screen.picture.picture["odds"]


def test_reset_puts_all_back_with_one_picture(screen: Explorer) -> None:
    start = query(screen)
    axes = [figure["axis"] for figure in screen.picture.picture["figures"]]
    screen._axes.holding("extra", [-20.0, 80.0])  # as extremes on the way would
    for name, value in (("weak", 80.0), ("pace", 6.0), ("ahead", 5)):
        screen.panel.sliders[name].value = value
    before = screen.picture.picture["serial"]
    assert [figure["axis"] for figure in screen.picture.picture["figures"]] != axes
    screen.panel.reset.click()
    assert query(screen) == start
    assert [figure["axis"] for figure in screen.picture.picture["figures"]] == axes
    assert screen.picture.picture["serial"] == before + 1
    assert screen.panel.state(screen.state) == screen.engine.start
    assert {name: one.value for name, one in screen.panel.sliders.items()} == vars(screen.state)


def test_a_state_goes_to_the_address_and_comes_back(screen: Explorer) -> None:
    for name, value in (("weak", 80.0), ("leads", 1.5), ("ahead", 5), ("schools", 9)):
        screen.panel.sliders[name].value = value
    asked, state = query(screen), screen.state
    screen.panel.reset.click()
    screen.picture.asked = asked
    assert screen.state == state
    assert query(screen) == asked
    assert not screen.picture.notice.get("kind")


def test_what_a_browser_says_back_is_no_move(screen: Explorer) -> None:
    screen.picture.asked = {"schools": "99", "leads": "0.3", "weak": "33.333333"}
    before, notice = screen.picture.picture["serial"], screen.picture.notice
    for name, value in (("slice", 5.000000000000001), ("leads", 0.30000000000000004), ("weak", 33)):
        screen.panel.sliders[name].value = value
    assert screen.picture.picture["serial"] == before
    assert screen.picture.notice == notice
    assert (screen.state.leads, screen.state.weak) == (0.3, 33.333333)
    screen.panel.sliders["weak"].value = 34
    assert (screen.state.weak, screen.state.leads) == (34, 0.3)
    assert screen.picture.notice["text"] == "", "gone with a move of the reader's own"


def test_a_scenario_nobody_moved_is_still_that_scenario(screen: Explorer) -> None:
    screen.panel.sliders["slice"].value = 5.000000000000001
    screen.panel.report.click()
    assert "nothing runs here" in screen.picture.notice["text"].lower(), "not: it has no name"


def test_an_address_may_name_the_scenario(screen: Explorer) -> None:
    screen.picture.asked = {"scenario": "ambitious", "schools": "14"}
    assert screen.engine.scenario == screen.panel.start.value == "ambitious"
    assert screen.state.schools == 14
    assert screen.panel.sliders["schools"].max == 15


def test_a_bad_address_is_refused_in_words_and_the_default_shown(screen: Explorer) -> None:
    screen.picture.asked = {"scenario": "nowhere", "pace": "fast", "sloces": "3"}
    notice = screen.picture.notice
    assert notice["kind"] == "refused"
    for said in ("there is no scenario 'nowhere'", "pace = 'fast'", "'sloces'"):
        assert said in notice["text"]
    assert screen.state == screen.engine.start


def test_starting_elsewhere_moves_the_sliders_within_their_new_reach(screen: Explorer) -> None:
    screen.panel.start.value = "ambitious"
    assert screen.panel.sliders["schools"].value == 10
    screen.panel.sliders["schools"].value = 15
    screen.panel.start.value = "steady"
    assert (screen.panel.sliders["schools"].max, screen.state.schools) == (12, 4)
    assert query(screen)["scenario"] == "steady"


def test_a_plan_slower_than_a_step_of_the_slider_can_be_opened(
    engine: Engine, own_scenarios: Path
) -> None:
    text = (own_scenarios / "steady.yaml").read_text(encoding="utf-8")
    slow = re.sub("a_year: .*", "a_year: 0.25", text).replace("title: ", "title: Slowly, ", 1)
    (own_scenarios / "slow.yaml").write_text(slow, encoding="utf-8")
    screen = Explorer(engine)
    screen.picture.asked = {"scenario": "slow"}
    slider = screen.panel.sliders["pace"]
    assert not screen.picture.notice.get("kind")
    assert (screen.state.pace, slider.value, slider.min) == (0.25, 0.25, 0.25)
    assert slider.readout_format == ".2f", "or a quarter would be shown as 0.3"
    slider.value = 1.0
    assert screen.state.pace == 1.0
    screen.picture.asked = {"scenario": "steady"}
    assert (slider.min, slider.readout_format) == (0.5, ".1f")


def test_an_address_that_names_a_file_is_refused_in_words(
    screen: Explorer, own_scenarios: Path
) -> None:
    screen.picture.asked = {"scenario": str(own_scenarios / "rescue.yaml")}
    assert "by its name" in screen.picture.notice["text"]
    assert screen.engine.scenario == screen.panel.start.value == "steady"


def test_what_is_pinned_is_refined_and_stays_until_it_is_taken_away(screen: Explorer) -> None:
    screen.panel.pin.click()
    screen.panel.sliders["weak"].value = 75.0
    assert "weak schools among them: 25%" in screen.picture.picture["pinned"]
    assert screen.panel.pin.description == "Take the comparison away"
    screen.panel.pin.click()
    assert screen.picture.picture["pinned"] == ""


def test_following_another_measure_changes_the_fan_alone(screen: Explorer) -> None:
    before = screen.picture.picture["figures"]
    screen.panel.follow.value = "reserves_share"
    after = screen.picture.picture["figures"]
    assert after[1]["key"] == "fan-reserves-share"
    assert [after[0], after[2]] == [before[0], before[2]]


def test_a_saved_plan_can_be_started_from(screen: Explorer, own_scenarios: Path) -> None:
    screen.panel.sliders["schools"].value = 6
    screen.panel.title.value = "Six in all"
    screen.panel.save.click()
    assert read_scenario("six-in-all", own_scenarios).joiners.schools == 6
    assert "'Six in all', in the file six-in-all.yaml" in screen.picture.notice["text"]
    assert ("Six in all", "six-in-all") in screen.panel.start.options
    assert screen.panel.start.value == "steady"
    screen.panel.start.value = "six-in-all"
    assert screen.state.schools == 6


def test_a_page_opened_later_offers_what_was_saved_meanwhile(
    screen: Explorer, own_scenarios: Path
) -> None:
    text = (own_scenarios / "steady.yaml").read_text(encoding="utf-8")
    later = text.replace("title: ", "title: Later, ", 1)
    (own_scenarios / "later.yaml").write_text(later, encoding="utf-8")
    before = screen.picture.picture["serial"]
    screen.picture._handle_custom_msg({"kind": "opened"}, [])
    assert ("Later, Steady growth", "later") in screen.panel.start.options
    assert (screen.panel.start.value, screen.picture.picture["serial"]) == ("steady", before)
    (own_scenarios / "steady.yaml").unlink()
    screen.picture.asked = {"scenario": "nowhere"}
    screen.picture._handle_custom_msg({"kind": "opened"}, [])
    assert screen.panel.start.value == "steady", "it is what is shown, wherever its file is"
    screen.picture.asked = {"scenario": "later"}
    assert screen.panel.start.value == "later"


def test_a_name_that_is_taken_or_missing_is_refused_in_words(
    screen: Explorer, own_scenarios: Path
) -> None:
    for title in ("", "ab", " ../x "):
        screen.panel.title.value = title
        screen.panel.save.click()
        said = "Give it a name of three letters or more, in 'Name for saving'."
        assert screen.picture.notice["text"] == said
    screen.panel.title.value = "Rescue"
    screen.panel.save.click()
    assert "already" in screen.picture.notice["text"]
    assert screen.picture.notice["kind"] == "refused"
    assert len(list(own_scenarios.glob("*.yaml"))) == 3
    screen.panel.sliders["weak"].value = 30.0
    assert screen.picture.notice["text"] == "", "gone with the next move"


def test_two_scenarios_of_one_title_can_both_be_chosen(
    screen: Explorer, own_scenarios: Path
) -> None:
    shutil.copy(own_scenarios / "rescue.yaml", own_scenarios / "again.yaml")
    other = Explorer(screen.engine)
    names = [name for _, name in other.panel.start.options]
    titles = [title for title, _ in other.panel.start.options]
    assert {"again", "rescue"} <= set(names)
    assert len(set(titles)) == len(titles)


def test_a_move_is_refined_beside_the_messages(engine: Engine) -> None:
    async def wait() -> bool:
        screen = Explorer(engine)
        screen.panel.sliders["weak"].value = 60.0
        for _ in range(400):
            await asyncio.sleep(0.01)
            if screen.picture.picture["final"]:
                return query(screen)["weak"] == "60"
        return False

    assert asyncio.run(wait())


def test_a_picture_of_where_the_controls_no_longer_stand_is_not_shown(screen: Explorer) -> None:
    late = screen.engine.refined(screen.state)
    screen.panel.sliders["weak"].value = 60.0
    before = screen.picture.picture["serial"]
    screen._refined(late)
    assert (screen.picture.picture["serial"], query(screen)["weak"]) == (before, "60")


def test_what_is_left_off_as_its_last_piece_ends_is_not_done(engine: Engine) -> None:
    def steps() -> Generator[Works, list[Array], Picture]:
        yield (lambda: np.zeros(1),)
        return engine.first(engine.start)

    async def leave_off_late() -> list[Picture]:
        refiner, done = Refiner(engine), list[Picture]()
        loop = asyncio.get_running_loop()
        ran = loop.run_in_executor
        waited = list[asyncio.Future[Array]]()

        def noted(pool: Executor, work: Callable[[], Array]) -> asyncio.Future[Array]:
            waited.append(ran(pool, work))
            return waited[-1]

        loop.run_in_executor = noted  # type: ignore[method-assign, assignment]
        refiner.begin(steps, done.append)
        while not (waited and waited[0].done()):
            await asyncio.sleep(0)
        refiner.leave_off()  # the piece has ended, and the task waits for its turn
        for _ in range(20):
            await asyncio.sleep(0)
        return done

    assert asyncio.run(leave_off_late()) == []


def test_every_control_is_named_for_those_who_do_not_see_it(screen: Explorer) -> None:
    assert set(screen.picture.units) == set(screen.panel.sliders)
    for name, slider in screen.panel.sliders.items():
        assert f"workbench-control-{name}" in slider._dom_classes
        assert slider.description


def test_a_trust_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        explorer(tmp_path / "nothing")


def test_the_script_fetches_nothing_and_writes_no_markup() -> None:
    text = script().replace("http://www.w3.org/2000/svg", "")
    for word in ("http", "fetch(", "innerHTML", "outerHTML", "insertAdjacent", "document.write",
                 "eval(", "import "):  # fmt: skip
        assert word not in text
