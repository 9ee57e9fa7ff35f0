"""The words for an effect claim no more than the numbers do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from workbench.report import impact as words
from workbench.research.impact.analysis import Analysis, Subject, analyse, subject_of
from workbench.research.impact.made_up import Planted, made_up_panel
from workbench.research.impact.panel import impact_panel


@pytest.fixture(scope="module")
def found() -> Analysis:
    return analyse(subject_of("demo", ""))


def _of(planted: Planted, seed: int = 2026) -> Subject:
    panel = impact_panel(made_up_panel(planted, seed=seed))
    return replace(subject_of("demo", ""), panel=panel, planted=planted)


def test_an_effect_that_every_check_bears_out_is_said_to_be(found: Analysis) -> None:
    assert words.headline(found).endswith("and no check speaks against it")
    table = words.ways_table(found)
    assert table["Way of looking"].tolist() == list(found.estimates())
    assert words.periods_table(found)["Period"].tolist()[3] == "The period of joining"


def test_no_effect_is_no_proof_of_none() -> None:
    none = analyse(_of(Planted(effect=0.0, effect_sd=0.0)))
    said = words.headline(none)
    assert said.startswith("No effect of joining told apart from none")
    smallest = none.plain.overall().detectable(none.plan.power)
    assert f"an effect below {smallest:.2f} would mostly be missed" in said


def test_luck_alone_leaves_doubts() -> None:
    lucky = Planted(effect=0.0, effect_sd=0.0, cohorts=(4,), picked_low=True)
    said = words.headline(analyse(_of(lucky)))
    assert "but doubts remain: at equal earlier numbers" in said


def test_ways_that_differ_are_both_the_answer(found: Analysis) -> None:
    none = analyse(_of(Planted(effect=0.0, effect_sd=0.0)))
    said = words.headline(replace(found, plain=none.plain))
    assert said.startswith("The answer hangs on what is assumed")
    assert "at equal earlier numbers" in said


def test_two_periods_are_said_to_be_two() -> None:
    two = analyse(_of(Planted(periods=2, cohorts=(2,), effect=4.0)))
    assert two.two_periods
    assert "Placebo" in two.missing
    assert words.headline(two).endswith("two periods cannot tell")
    assert any("only two periods" in one for one in words.doubts(two))


def test_a_share_changes_in_percentage_points(found: Analysis) -> None:
    assert words.unit_of(replace(found.subject, unit="% of pupils")) == "percentage points"
    assert words.unit_of(found.subject) == "points"


def test_paths_that_differed_before_speak_against_an_effect() -> None:
    lucky = analyse(_of(Planted(effect=4.0, effect_sd=0.0, cohorts=(4,), picked_low=True)))
    before = lucky.plain.before()
    assert before is not None
    assert before.p_value < 0.05, "schools picked on a low number fell just before"
    assert "differences before joining" in words.headline(lucky)
    assert any("paths differed before" in one for one in words.doubts(lucky))
