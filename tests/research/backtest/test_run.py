"""The whole back-test on made-up schools, whose truth favours the model over its baselines."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import special

from workbench.cli.printing import print_json
from workbench.errors import BadInput
from workbench.parameters.golden_rule import load_golden_rule
from workbench.parameters.research import load_research
from workbench.parameters.track_record import load_track_record
from workbench.research.backtest.grades import GradeTest, spread_between
from workbench.research.backtest.inputs import Inputs
from workbench.research.backtest.made_up import ORIGIN, SOURCE, TARGET, made_up_inputs
from workbench.research.backtest.record import record_of
from workbench.research.backtest.run import Backtest, backtest, intervals, summary
from workbench.research.backtest.trusts import (
    backtest_golden_rule,
    backtest_good_schools,
    backtest_sizes,
)
from workbench.scenario.answers import read_model

RULES = load_research().backtest


def test_the_model_beats_what_was_fitted_to_the_same_past(found: Backtest) -> None:
    """Figures go with a planted trait that moves rates: a layer without them gains less."""
    brier = found.grades.scores(0.001)["brier"]
    assert all(brier["model"] < brier[name] for name in ("persistence", "marginal"))
    assert brier["model"] < brier["last_grade_table"]
    parts = found.grades.parts.set_index("part")["brier"]
    assert parts["model, figures ended"] < parts["model without figures"]
    assert brier["model"] == parts["model, figures ended"]


def test_the_made_up_truth_is_forecast_within_its_doubt(found: Backtest) -> None:
    """The share good or better, by the chance in what is learnt from and in what is asked.

    Were weak schools seen again sooner than others, 63.8% would be seen where 61.0% are forecast.
    """
    cases = found.grades.cases
    share = cases["good"].mean()
    doubt = np.sqrt(share * (1 - share) * (1 / len(cases) + 1 / found.grades.learnt_from))
    assert cases["model"].mean() == pytest.approx(share, abs=2 * doubt)
    assert found.grades.closed is not None
    assert found.grades.closed.empty
    assert found.grades.with_successors()["schools"].tolist() == ["graded again", "both"]


def test_a_year_may_move_schools_in_trusts_apart_from_all_others(found: Backtest) -> None:
    """Counts of trusts' good schools vary more from future to future than without it."""
    test = found.grades
    assert test.of_trusts is not None
    assert test.of_trusts.spread == pytest.approx(0.2 * np.sqrt(2 / np.pi), rel=0.05)
    alone = backtest_good_schools(replace(test, of_trusts=None), RULES, 1)
    assert alone is not None
    assert found.good_schools is not None
    assert found.good_schools.drawn.mean(axis=1).std() > 1.15 * alone.drawn.mean(axis=1).std()


def test_the_planted_growth_of_trusts_is_forecast_evenly(found: Backtest) -> None:
    assert [count.day.year for count in found.sizes] == [2015, 2016, 2017, 2018]
    for count in found.sizes:
        assert count.evenness.p_value > 0.001
        assert min(count.joint.p_value, count.joint.shape_p_value) > 0.01
        assert abs(count.histogram - 0.1).max() < 0.05
        assert all(abs(mass.difference) < 0.05 for mass in count.masses["every trust"])


def test_a_machine_gets_the_scores_by_name(found: Backtest) -> None:
    said = summary(found)
    names = {"model", "persistence", "marginal", "last_grade_table"}
    assert set(said["brier"]) == set(said["log_score"]) == names
    assert set(said["apart"]["brier"]) == {
        "last_grade_table_of_latest_year", "last_grade_table_in_hindsight",
    }  # fmt: skip
    assert said["schools"] == len(found.grades.cases) > 2000
    assert said["source"] == SOURCE
    assert len(said["pit"]) == 5
    assert sum(said["pit"][0]["histogram"]) == pytest.approx(1.0)
    assert 0 < said["pit"][0]["joint_p_value"] <= 1
    assert 0 < said["pit"][0]["joint_shape_p_value"] <= 1
    assert said["pit"][0]["intervals"][0]["doubt"] > 0
    assert said["gain"]["last_grade_table"]["lower"] < said["gain"]["last_grade_table"]["share"]


def test_the_summary_is_plain_json(found: Backtest, capsys: pytest.CaptureFixture[str]) -> None:
    print_json(summary(found))
    said = json.loads(capsys.readouterr().out)
    assert said["origin"] == "2014-08-31"
    assert said["golden_rule"]["trusts"] > 100


def test_nothing_after_the_origin_moves_a_forecast(found: Backtest) -> None:
    """What is seen later is turned round; each school's forecast stays as it was."""
    from workbench.research.backtest.grades import backtest_grades

    inputs = made_up_inputs()
    after = inputs.visits["date"].gt(pd.Timestamp(ORIGIN))
    turned = inputs.visits.assign(
        band=inputs.visits["band"].where(~after, 3 - inputs.visits["band"])
    )
    changed = Inputs(turned, inputs.figures, inputs.schools, inputs.members, inputs.sources)
    other = backtest_grades(changed, load_research().calibration, RULES, ORIGIN, TARGET).cases
    assert np.allclose(other["model"], found.grades.cases["model"], atol=1e-9)
    assert not (other["good"] == found.grades.cases["good"]).all()


def made_test(rows: list[tuple[int, int, float, float]]) -> tuple[GradeTest, Inputs]:
    """Schools as urn, trust, chance and outcome; every one was good."""
    frame = pd.DataFrame(rows, columns=["urn", "trust_uid", "model", "good"]).set_index("urn")
    members = frame.reset_index()[["urn", "trust_uid"]]
    visits = pd.DataFrame({"urn": frame.index, "date": pd.Timestamp("2018-01-01"), "band": 2,
                           "listed": pd.Timestamp("2018-07-31"), "history": False,
                           "rows": len(rows)})  # fmt: skip
    inputs = Inputs(visits, pd.DataFrame(), pd.DataFrame(), {dt.date(2018, 1, 1): members}, ())
    test = GradeTest(dt.date(2018, 7, 31), dt.date(2022, 4, 30), frame, pd.DataFrame(), 0)
    return test, inputs


def test_the_golden_rule_of_a_case_solved_by_hand() -> None:
    """Four schools, one of which may fall: met either way (3 to 1). Two of two: .5 x .5 to stay."""
    test, inputs = made_test(
        [(1, 70, 1.0, 1), (2, 70, 1.0, 1), (3, 70, 1.0, 1), (4, 70, 0.0, 0),
         (5, 71, 0.5, 1), (6, 71, 0.5, 0), (7, 71, 1.0, 1)]
    )  # fmt: skip
    rule = backtest_golden_rule(test, inputs, RULES, ratio=3.0, fewest=3, seed=1)
    assert rule is not None
    assert (rule.trusts, rule.met_at_origin, rule.met_at_target) == (2, 1.0, 0.5)
    assert rule.forecast == pytest.approx((1 + 0.25) / 2, abs=0.02)
    assert rule.brier == pytest.approx(0.25**2 / 2, abs=0.01)
    assert rule.persistence == 0.5
    # The first meets it for sure; the second in one future of four, which the middle 95% holds.
    assert (rule.lower, rule.upper) == (0.5, 1.0)
    assert backtest_golden_rule(test, inputs, RULES, ratio=3.0, fewest=5, seed=1) is None


def test_the_golden_rule_is_told_no_grade_that_only_a_later_list_has() -> None:
    """School 3 was found below good before the origin, which nobody could read until later.

    Its trust met the rule by what was known, and is forecast to go on meeting it.
    """
    test, inputs = made_test([(1, 70, 1.0, 1), (2, 70, 1.0, 1), (3, 70, 1.0, 1)])
    late = inputs.visits.iloc[[2]].assign(
        date=pd.Timestamp("2018-07-20"), band=0, listed=pd.Timestamp("2022-04-30"), rows=3
    )
    later = replace(inputs, visits=pd.concat([inputs.visits, late], ignore_index=True))
    asked = replace(test, cases=test.cases.iloc[:2])
    rule = backtest_golden_rule(asked, later, RULES, ratio=3.0, fewest=3, seed=1)

    assert rule is not None
    assert (rule.met_at_origin, rule.forecast) == (1.0, 1.0)
    assert rule.met_at_target == 0.0


def test_good_schools_are_counted_by_trust() -> None:
    """Certain forecasts of two trusts: two of two, one of two; a lone school is not counted."""
    test, _ = made_test(
        [(1, 70, 1.0, 1), (2, 70, 1.0, 1), (3, 71, 1.0, 1), (4, 71, 0.0, 0), (5, 72, 0.3, 0)]
    )
    count = backtest_good_schools(test, RULES, 1)
    assert count is not None
    assert (count.trusts, count.forecast, count.seen) == (2, 1.5, 1.5)
    assert all(mass.difference == 0.0 for mass in count.masses["every trust"])
    alone, _ = made_test([(1, 70, 0.5, 1)])
    assert backtest_good_schools(alone, RULES, 1) is None


def test_what_a_trusts_schools_have_in_common_is_found_and_widens_counts() -> None:
    """Planted variance .6 in log-odds over 400 trusts of 12; the mean count stays as forecast.

    To the first order it is found as the variance of the chances, .027, over that of a half, .0625.
    """
    rng = np.random.default_rng(1)
    trusts = np.repeat(np.arange(400), 12)
    common = np.sqrt(0.6) * rng.standard_normal(400)[trusts]
    chances = np.full(len(trusts), 0.5)
    seen = rng.random(len(trusts)) < special.expit(common)
    spread = spread_between(chances, seen, pd.Series(trusts))
    assert spread == pytest.approx(0.43, abs=0.12)
    assert spread_between(chances, rng.random(len(trusts)) < 0.5, pd.Series(trusts)) < 0.08
    rows = [(i, int(t), 0.7, float(i % 2)) for i, t in enumerate(trusts[:600])]
    test, _ = made_test(rows)
    alone = backtest_good_schools(test, RULES, 1)
    together = backtest_good_schools(replace(test, trust_spread=0.6), RULES, 1)
    assert alone is not None
    assert together is not None
    assert alone.forecast == pytest.approx(0.7 * 12, abs=0.05)
    assert together.forecast == pytest.approx(0.7 * 12, abs=0.1)
    # Six of twelve at .7 each are in the lowest tenth (binomial: 4% below, 12% at most), but not
    # where trusts differ.
    assert together.histogram[0] < 0.3 < alone.histogram[0]


def test_no_more_schools_are_in_trusts_than_the_list_of_all_schools_has() -> None:
    """A list with a hundred schools in no trust, and one that has not even those in trusts."""
    inputs = made_up_inputs()
    there = len(inputs.members[ORIGIN])
    most, none = (
        backtest_sizes(replace(inputs, visits=inputs.visits.assign(rows=rows)), RULES, ORIGIN,
                       TARGET, 1)[-1].drawn.sum(axis=1).max()
        for rows in (there + 100, there - 100)
    )  # fmt: skip
    assert there < most < there + 150
    assert none > there + 500


def test_sizes_without_a_later_list_are_refused_and_told_in_the_whole() -> None:
    inputs = made_up_inputs()
    with pytest.raises(BadInput, match="no list of trusts lies between"):
        backtest_sizes(inputs, RULES, TARGET, dt.date(2019, 1, 1), 1)
    short = backtest("demo", ORIGIN, dt.date(2015, 8, 30))
    assert short.sizes == ()
    assert "no list of trusts lies between" in short.no_sizes
    assert summary(short)["not_tested"] == short.no_sizes
    assert len(intervals(short)) > 0


@pytest.fixture(scope="module")
def real(england: Path) -> Backtest:
    """The back-test of England that the methods page reports, told what was published by then."""
    return backtest(
        england, dt.date(2018, 7, 31), dt.date(2022, 4, 30), known="published",
        membership_origin=dt.date(2019, 9, 17), membership_target=dt.date(2022, 9, 30),
    )  # fmt: skip


def test_the_committed_record_is_what_the_files_of_england_give(real: Backtest) -> None:
    """To rounding: one in counts that lie on an edge, and half a school in means of draws.

    A miss means that the model has changed since: the record's first lines say how to make it anew.
    """
    made, kept = record_of(real, read_model()), load_track_record()
    assert kept is not None
    assert made.sizes is not None
    assert kept.sizes is not None
    assert made.made_by == kept.made_by
    assert (made.grades.origin, made.grades.target) == (kept.grades.origin, kept.grades.target)
    pairs = [
        *zip(made.grades.classes, kept.grades.classes, strict=True),
        *zip(made.sizes.classes, kept.sizes.classes, strict=True),
    ]
    for new, old in pairs:
        assert (new.least, new.most, new.trusts, new.judged) == (
            old.least, old.most, old.trusts, old.judged,
        )  # fmt: skip
        assert new.total.seen == old.total.seen
        for a, b in ((new.total, old.total), (new.held, old.held)):
            assert a.forecast == pytest.approx(b.forecast, abs=0.5)
            assert (a.lower, a.upper, a.seen) == pytest.approx((b.lower, b.upper, b.seen), abs=1)
    for now, then in zip(made.grades.classes, kept.grades.classes, strict=True):
        assert now.schools == then.schools
        assert (now.brier, now.table) == pytest.approx((then.brier, then.table), abs=0.0005)
        assert now.by_table == pytest.approx(then.by_table, abs=0.5)


def test_real_grades_of_2018_to_2022_are_forecast_better_than_by_tables(real: Backtest) -> None:
    """The bar is 4% of the last-grade table's Brier score, whichever way figures count as known."""
    parts = real.grades.parts.set_index("part")["gain"]
    assert len(real.grades.cases) == 9951
    assert parts["model, figures ended"] > 0.10
    assert parts["model, figures published"] > 0.04
    gains = real.grades.gains(RULES, 1)
    same, latest = gains["last_grade_table"], gains["last_grade_table_of_latest_year"]
    assert same is not None
    assert same.lower > 0.04
    assert latest is not None
    assert latest.share > 0.04
    for count in real.counts:
        assert min(count.joint.p_value, count.joint.shape_p_value) > 0.05
        assert max(abs(mass.difference) for mass in count.masses["every trust"]) < 0.05
    for count in real.sizes:
        small = [m for name, ms in count.masses.items() if "11" not in name for m in ms]
        assert max(abs(mass.difference) for mass in small) < 0.08
    assert load_golden_rule().minimum_schools.value == 3
    assert real.golden_rule is not None
    assert real.golden_rule.brier < 0.6 * real.golden_rule.persistence
    assert real.golden_rule.lower < real.golden_rule.met_at_target < real.golden_rule.upper


def test_schools_of_england_that_closed_are_counted_and_change_little(real: Backtest) -> None:
    """A school closed under its URN where the register says so, or one other followed it."""
    assert real.grades.became is not None
    every = real.grades.became.set_index("last").loc["every band"]
    assert (every["asked"], every["graded"]) == (21739, 9951)
    assert 1400 < every["closed"] < 1700
    assert every["successors_graded"] < 50
    gains = real.grades.with_successors().set_index("schools")["gain"]
    assert gains["both"] == pytest.approx(gains["graded again"], abs=0.005)


@pytest.mark.xfail(
    strict=True,
    reason="sizes of trusts of 11 or more miss by up to 8 points: docs/methods/backtest.md",
)
def test_intervals_of_sizes_are_right_to_five_points_in_every_class(real: Backtest) -> None:
    masses = [one for count in real.sizes for each in count.masses.values() for one in each]
    assert max(abs(mass.difference) for mass in masses) < 0.05
