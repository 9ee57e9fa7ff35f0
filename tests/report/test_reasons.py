"""Why the answer is what it is, on a page: from a real run with small samples."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from workbench.report import reasons
from workbench.scenario.effort import Effort
from workbench.scenario.why import Why, why
from workbench.trust.load import Trust

SMALL = Effort(
    events=10, paths=4, factors=3, size=128, futures=200, pairs=50, tornado_events=60,
    boxes=1, resamples=2,
)  # fmt: skip


@pytest.fixture(scope="module")
def answer(demo_trust: Trust) -> Why:
    """Why the steady plan breaks limits, from few samples."""
    return why(demo_trust, "steady", effort=SMALL)


def test_what_moves_the_answer_is_shown_alone_together_and_as_it_settles(answer: Why) -> None:
    alone = reasons.one_at_a_time(answer)
    together, settling = reasons.all_together(answer)
    names = answer.indices.table["label"].to_list()
    assert alone.data.iloc[:, 0].iloc[0] == answer.tornado.table["label"].iloc[0]
    assert set(together.data.iloc[:, 0]) == set(names)
    assert "settled" in settling.headline


def test_boxes_are_said_and_drawn_only_where_there_are_any(answer: Why) -> None:
    found = len(answer.failing.boxes), len(answer.holding.boxes)
    assert len(reasons.boxes(answer)) == sum(count > 0 for count in found)
    none = pd.DataFrame(columns=answer.failing.boxes.columns)
    empty = replace(answer.failing, boxes=none, limits=answer.failing.limits.iloc[:0])
    nothing = replace(answer, failing=empty, holding=empty)
    assert reasons.boxes(nothing) == ()
    assert reasons.sentences(nothing)[0].startswith("No set of assumptions was found")
