"""The command that says why: words, JSON that does not depend on threads, and progress."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from workbench import cli, paths
from workbench.cli import why as command
from workbench.cli.printing import progress
from workbench.growth.sobol import Convergence
from workbench.scenario import effort
from workbench.scenario.effort import Effort
from workbench.scenario.why import Why, why
from workbench.trust.load import Trust

SMALL = Effort(
    events=6, paths=2, factors=3, size=128, futures=120, pairs=20, tornado_events=12, boxes=1,
    resamples=2,
)  # fmt: skip
SMALLER = replace(SMALL, factors=2)
ASKED = (paths.demo(), "--scenario", "steady", "--joiners", 2)


@pytest.fixture(autouse=True)
def little_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Samples too small to tell anything but that they are used."""
    monkeypatch.setattr(effort, "FULL", SMALL)
    monkeypatch.setattr(effort, "REPORT", SMALLER)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli.app, ["why", *(str(argument) for argument in arguments)])


def test_it_says_what_moves_the_answer_and_how_surely(demo_trust: Trust) -> None:
    words = run(*ASKED).stdout
    assert demo_trust.name in words
    assert "2 schools joining" in words
    for part in (
        "Every limit holds: ", "Explained: ", "One assumption at a time", "All together, ",
        "settled: the last doubling to 128 points", "Simulation noise is ",
        "Assumptions not listed",
    ):  # fmt: skip
        assert part in words, part
    assert "The plan " in words or "No set of assumptions" in words


def test_json_is_the_librarys_answer_whatever_the_threads(demo_trust: Trust) -> None:
    one, two = (run(*ASKED, "--json", "--threads", n) for n in (1, 2))
    assert one.exit_code == 0, one.stderr
    assert one.stdout == two.stdout
    assert one.stderr == ""
    content = json.loads(one.stdout)
    answer = why(demo_trust, "steady", joiners=2, effort=SMALL)
    assert content["trajectories"] == answer.trajectories
    assert content["hold"]["estimate"] == answer.hold.estimate
    assert [row["factor"] for row in content["tornado"]] == list(answer.tornado.table["factor"])


def test_quick_is_the_lesser_effort() -> None:
    content = json.loads(run(*ASKED, "--json", "--quick").stdout)
    assert content["effort"]["factors"] == len(content["indices"]) == SMALLER.factors


def test_progress_is_of_all_there_is_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    totals: list[int | None] = []

    def noted(words: str, total: int | None = None) -> Any:
        totals.append(total)
        return progress(words, total)

    monkeypatch.setattr(command, "progress", noted)
    content = json.loads(run(*ASKED, "--json").stdout)
    if content["asked"] != "extra risk":
        assert totals == [content["trajectories"]]


def test_whether_the_indices_have_settled_is_said_either_way(demo_trust: Trust) -> None:
    answer: Why = why(demo_trust, "steady", joiners=1, asked="time before a breach", effort=SMALL)
    for change, words in ((0.01, "have settled"), (0.2, "have not settled")):
        found = replace(answer.indices, settling=Convergence(change, 0.01, 0.05))
        assert words in command.settled_sentences(found)[0]


def test_more_joiners_than_there_may_be_are_refused() -> None:
    result = run(*ASKED[:-1], 61)
    assert result.exit_code == 2
    assert "0 to 60 joiners" in result.stderr
