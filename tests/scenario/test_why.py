"""Why: every part is there, agrees with the others, and does not depend on threads."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from workbench.errors import BadInput
from workbench.measures.intervals import Interval
from workbench.scenario.effort import FULL, REPORT, Effort
from workbench.scenario.why import Why, _outcome, why
from workbench.trust.load import Trust

SMALL = Effort(
    events=6, paths=2, factors=3, size=128, futures=120, pairs=20, tornado_events=12, boxes=2,
    resamples=2,
)  # fmt: skip


@pytest.fixture(scope="module")
def answer(demo_trust: Trust) -> Why:
    return why(
        demo_trust, "steady", joiners=1, asked="time before a breach", effort=SMALL, threads=1
    )


def test_the_effort_says_how_many_trajectories_are_run(answer: Why) -> None:
    assert answer.trajectories == SMALL.trajectories(len(answer.factors))
    assert REPORT.trajectories(80) < FULL.trajectories(80) / 3


def test_progress_hears_of_every_trajectory(demo_trust: Trust, answer: Why) -> None:
    heard: list[int] = []
    again = why(
        demo_trust, "steady", joiners=1, asked="time before a breach", effort=SMALL, threads=2,
        progress=heard.append,
    )  # fmt: skip
    assert sum(heard) == again.trajectories
    assert json.dumps(again.as_json(), default=float) == json.dumps(answer.as_json(), default=float)


def test_every_factor_is_screened_and_the_first_go_on(answer: Why) -> None:
    screened = answer.screening.table
    assert set(screened["factor"]) == set(answer.factors["factor"])
    assert screened["chosen"].tolist() == [True] * 3 + [False] * (len(screened) - 3)
    chosen = set(screened.loc[screened["chosen"], "factor"])
    assert set(answer.indices.table["factor"]) == chosen
    assert set(answer.indices.convergence["factor"]) == chosen
    assert set(answer.tornado.table["factor"]) == set(answer.factors["factor"])


def test_noise_and_what_is_left_out_are_reported(answer: Why) -> None:
    noise = answer.indices.noise
    assert noise.events == SMALL.events
    assert noise.rows == 2 * SMALL.size
    assert noise.common is not None
    assert 0 < noise.common < 1
    assert answer.indices.floor == answer.indices.table["noise"].max()
    assert answer.rest is not None
    assert answer.rest.lower <= answer.rest.estimate <= answer.rest.upper


def test_every_table_names_its_factors_in_plain_words(answer: Why) -> None:
    labels = dict(zip(answer.factors["factor"], answer.factors["label"], strict=True))
    tables = (
        answer.screening.table, answer.indices.table, answer.indices.convergence,
        answer.tornado.table, answer.failing.limits, answer.holding.limits,
    )  # fmt: skip
    for table in tables:
        assert list(table["label"]) == [labels[name] for name in table["factor"]]
        assert not table["label"].isna().any()


def test_boxes_are_of_the_futures_that_fail_and_that_hold(answer: Why) -> None:
    assert answer.failing.base == pytest.approx(1 - answer.hold.estimate)
    assert answer.holding.base == pytest.approx(answer.hold.estimate)
    assert answer.failing.rows == SMALL.futures


def test_plain_data_are_plain(answer: Why) -> None:
    content = json.loads(json.dumps(answer.as_json(), allow_nan=False))
    assert content["joiners"] == 1
    assert content["settling"]["verdict"] in {"settled", "not settled"}
    assert len(content["indices"]) == 3


def test_where_hardly_any_future_holds_the_time_before_a_breach_is_explained() -> None:
    for share, asked in ((0.01, "time before a breach"), (0.3, "every limit holds"),
                         (0.995, "time before a breach")):  # fmt: skip
        what, notes = _outcome(None, Interval(share, share, share, 0.95))
        assert what == asked
        assert bool(notes) == (asked == "time before a breach")
    assert _outcome("extra risk", Interval(0.0, 0.0, 0.0, 0.95)) == ("extra risk", ())


@pytest.mark.parametrize(
    "wrong",
    [{"events": 1}, {"factors": 0}, {"paths": 1}, {"pairs": 121}, {"tornado_events": 1},
     {"size": 100}],
)  # fmt: skip
def test_efforts_that_cannot_answer_are_refused(demo_trust: Trust, wrong: dict[str, int]) -> None:
    with pytest.raises(BadInput):
        why(demo_trust, "steady", joiners=1, effort=replace(SMALL, **wrong))


@pytest.mark.parametrize("joiners", [-1, 10_000])
def test_numbers_of_joiners_out_of_range_are_refused(demo_trust: Trust, joiners: int) -> None:
    with pytest.raises(BadInput, match="joiners"):
        why(demo_trust, "steady", joiners=joiners, effort=SMALL)


def test_a_level_is_that_of_events_of_ones_own(answer: Why) -> None:
    """The chance of holding comes from M x K different events, so its interval is not K's."""
    assert answer.hold.upper - answer.hold.lower < 1 / np.sqrt(SMALL.events)
    assert isinstance(answer.factors, pd.DataFrame)
