"""The command that says what to do: a table for each question, and JSON with all of it."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from workbench import cli, paths
from workbench.cli.plan import print_dated
from workbench.measures.intervals import Interval
from workbench.parameters.levers import load_lever_sizes
from workbench.parameters.scenario import read_scenario
from workbench.scenario.dated_plan import DatedPlan, dated_plan
from workbench.scenario.frontier import absorption_frontier
from workbench.trust.load import Trust

ASKED = (paths.demo(), "--scenario", "steady", "--replicates", 40)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli.app, ["plan", *(str(argument) for argument in arguments)])


@pytest.fixture(scope="module")
def content() -> dict[str, Any]:
    result = run(*ASKED, "--json")
    assert result.exit_code == 0, result.stderr
    assert result.stderr == ""
    return dict(json.loads(result.stdout))


def test_words_answer_each_question(demo_trust: Trust) -> None:
    words = run(*ASKED).stdout
    assert demo_trust.name in words
    for part in (
        "Schools that can join, by what joins", "6 a year", "The earliest term in which",
        "Extra risk accepted: ", "What to watch:", "What each change is worth",
        "1 more lead in post", "What buys further schools:", "3 or more",
    ):  # fmt: skip
        assert part in words, part
    assert not {"nan", "None"} & set(words.split()), "what is missing is said in words"


def test_json_holds_all_of_it(content: dict[str, Any]) -> None:
    assert set(content) == {
        "trust", "uid", "scenario", "replicates", "seed", "frontier", "dated_plan", "tripwires",
        "levers", "packages",
    }  # fmt: skip
    assert (content["replicates"], content["seed"]) == (40, 2026)
    assert [one["further"] for one in content["packages"]["cheapest"]] == [1, 2, 3]
    for one in content["packages"]["cheapest"]:
        assert (one["proved"] is None) == bool(one["reason"])
    assert {"lever", "capacity", "extra_schools", "pounds"} <= set(content["levers"][0])


def test_its_parts_are_the_librarys(content: dict[str, Any], demo_trust: Trust) -> None:
    plan, sizes = read_scenario("steady", paths.scenarios()), load_lever_sizes()
    drawn: dict[str, Any] = {"replicates": 40, "seed": 2026}
    frontier = absorption_frontier(demo_trust, plan, sizes, **drawn)
    told = [(row["mix"], row["pace"], row["reason"]) for row in content["frontier"]]
    assert told == list(frontier[["mix", "pace", "reason"]].itertuples(index=False, name=None))
    steps = dated_plan(demo_trust, plan, sizes, **drawn).steps
    assert [row["reason"] for row in content["dated_plan"]["steps"]] == steps["reason"].tolist()


def dated(upper: float) -> DatedPlan:
    row = {
        "joiner": 1, "phase": "primary", "band": "secure", "planned": "2027/28 autumn",
        "term": "2027/28 autumn", "extra_risk": 0.02, "lower": 0.01, "upper": 0.03, "reason": "",
        "binds": "",
    }  # fmt: skip
    proof = Interval(0.06, 0.02, upper, 0.95)
    frame = pd.DataFrame([row])
    return DatedPlan(frame, frame, proof, 0.1, "2029/30 spring", 6, 40)


@pytest.mark.parametrize(("upper", "said"), [(0.11, True), (0.09, False)])
def test_a_plan_that_does_not_hold_on_fresh_futures_says_so(
    upper: float, said: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    print_dated(dated(upper))
    assert (
        "is not shown to keep within the extra risk accepted" in capsys.readouterr().out
    ) is said


def test_json_says_whether_the_dated_plan_holds_on_fresh_futures(content: dict[str, Any]) -> None:
    told = content["dated_plan"]
    kept = told["proof"] is not None and told["proof"]["upper"] <= told["tolerance"]
    assert told["proved"] is kept


def test_the_answer_does_not_depend_on_threads(content: dict[str, Any]) -> None:
    assert json.loads(run(*ASKED, "--json", "--threads", 1).stdout) == content
