"""What is asked of a trust many times is worked out once, and forgotten with it."""

from __future__ import annotations

import dataclasses
import gc

import pytest

from workbench.pillars.once import once_a_trust
from workbench.pillars.standings import standings
from workbench.trust.load import Trust


def test_a_question_is_worked_out_once_for_each_trust_and_what_else_is_asked(
    demo_trust: Trust,
) -> None:
    asked: list[tuple[str, int, int]] = []

    @once_a_trust
    def counted(trust: Trust, least: int, *, most: int = 9) -> int:
        asked.append((trust.name, least, most))
        return least + most

    other = dataclasses.replace(demo_trust, name="another")
    assert [counted(demo_trust, 1), counted(demo_trust, 1), counted(demo_trust, 1, most=2)] == [
        10, 10, 3,
    ]  # fmt: skip
    assert counted(other, 1) == 10
    assert asked == [(demo_trust.name, 1, 9), (demo_trust.name, 1, 2), ("another", 1, 9)]


def test_what_is_remembered_goes_with_its_trust(demo_trust: Trust) -> None:
    forgotten: list[bool] = []

    class Answer:
        def __del__(self) -> None:
            forgotten.append(True)

    @once_a_trust
    def answer(_: Trust) -> Answer:
        return Answer()

    passing = dataclasses.replace(demo_trust)
    assert isinstance(answer(passing), Answer)
    del passing
    gc.collect()
    assert forgotten == [True]


def test_an_error_is_not_remembered(demo_trust: Trust) -> None:
    tries: list[int] = []

    @once_a_trust
    def fickle(_: Trust) -> str:
        tries.append(1)
        if len(tries) == 1:
            raise ValueError("not yet")
        return "now"

    with pytest.raises(ValueError, match="not yet"):
        fickle(demo_trust)
    assert fickle(demo_trust) == "now"


def test_who_adds_to_the_standings_does_not_change_those_of_the_next(demo_trust: Trust) -> None:
    mine = standings(demo_trust)
    mine["rated"] = False
    mine["more"] = 1
    assert "more" not in standings(demo_trust)
    assert standings(demo_trust)["rated"].any()
