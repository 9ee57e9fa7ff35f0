"""What the page is given says what the figures say, and its tables hold the figures drawn."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from workbench.charts.wording import in_twenty
from workbench.explore import words
from workbench.explore.axes import Axes
from workbench.explore.drawing import Shown, drawing, measure_shown
from workbench.explore.engine import Engine, Picture
from workbench.growth.absorb import Answer


def shown(engine: Engine, pinned: Picture | None = None) -> Shown:
    return Shown(
        settings=engine.settings, controls=engine.controls, measure="capacity_use", axes=Axes(),
        pinned=pinned, scenario=engine.scenario, futures=engine.futures,
    )  # fmt: skip


def with_answer(picture: Picture, capacity: int | None, reason: str) -> Picture:
    answer = replace(picture.absorption, headline=Answer(capacity, reason))
    return replace(picture, absorption=answer)


@pytest.mark.parametrize(
    ("capacity", "reason", "planned", "said"),
    [
        (
            6,
            "extra_risk_exceeds_tolerance",
            4,
            "Yes: 4 schools can join; 6 schools can be absorbed",
        ),
        (12, "limit_of_search", 4, "Yes: 4 schools can join; 12 or more schools can be absorbed"),
        (1, "extra_risk_exceeds_tolerance", 1, "Yes: 1 school can join; 1 school can be absorbed"),
        (2, "not_shown_within_tolerance", 5, "Too many: 2 of 5 schools can be absorbed"),
        (0, "extra_risk_exceeds_tolerance", 4, "No: not even one school can be absorbed"),
        (0, "not_shown_within_tolerance", 4, "Not sure: too few futures"),
        (0, "limit_of_pace", 4, "Not known: no school can join by"),
        (3, "limit_of_pace", 5, "Only 3 schools can join in time, and all can be absorbed"),
        (None, "already_beyond_limits", 4, "Not yet: limits are likely to be broken"),
        (6, "extra_risk_exceeds_tolerance", 0, "6 schools can be absorbed"),
    ],
)
def test_the_verdict_follows_the_answer(
    engine: Engine, capacity: int | None, reason: str, planned: int, said: str
) -> None:
    picture = with_answer(engine.first(engine.start.but(schools=planned)), capacity, reason)
    assert words.verdict(picture).startswith(said)


def test_the_odds_are_those_of_the_curve(engine: Engine) -> None:
    picture = engine.first(engine.start)
    row, none = picture.absorption.curve.iloc[4], picture.absorption.curve.iloc[0]
    said = words.odds(picture, engine.settings)
    assert f"With 4 schools joining, {in_twenty(1 - row['probability'])} futures" in said
    assert f"with none, {in_twenty(1 - none['probability'])}" in said
    assert f"Joining adds {round(100 * row['extra_risk'])} points".replace("-", "\u2212") in said
    alone = words.odds(engine.first(engine.start.but(schools=0)), engine.settings)
    assert "Joining adds" not in alone


def test_schools_that_cannot_join_in_time_are_not_said_to_join(engine: Engine) -> None:
    # From autumn 2027 to autumn 2031 there are four years, at 1.5 schools a year.
    picture = with_answer(engine.first(engine.start.but(schools=12)), 7, "limit_of_pace")
    assert picture.arriving == 7
    horizon = picture.terms[-1]
    assert f"With 12 schools planned, 7 join by {horizon}, " in words.odds(picture, engine.settings)
    assert "8 schools" not in " ".join(words.further(picture, engine.settings))
    risk, fan, holds = drawing(picture, shown(engine))["figures"]
    assert fan["headline"].endswith(" if 12 schools are planned and 7 join")
    for figure in (risk, holds):
        assert (len(figure["rows"]), figure["most"], figure["selected"]) == (8, 12, 12)
        assert figure["subtitle"].endswith(f"hatched, more schools than can join by {horizon}")
        assert "12 schools planned, 7 join by" in figure["alt"]
    assert all(risk["within"])
    [fast, _, _] = drawing(engine.first(engine.start.but(pace=12.0)), shown(engine))["figures"]
    assert (len(fast["rows"]), "hatched" in fast["subtitle"]) == (13, False)
    for arriving, said in ((0, "none joins"), (1, "1 joins"), (2, "2 join")):
        assert words.in_time(replace(picture, arriving=arriving)) == said


def test_the_number_of_futures_is_said_until_it_is_final(engine: Engine) -> None:
    assert "100 simulated futures for each number of schools; refining to 400" in words.shown(
        engine.first(engine.start), engine.futures
    )
    assert words.shown(engine.refined(engine.start), engine.futures).endswith("schools.")


def test_all_that_is_drawn_is_plain_data(engine: Engine) -> None:
    picture = engine.first(engine.start)
    drawn = drawing(picture, shown(engine, pinned=picture))
    assert json.loads(json.dumps(drawn, allow_nan=False)) == drawn
    assert len(json.dumps(drawn)) < 12_000, "one message a paint"


def test_tables_hold_the_figures_drawn(engine: Engine) -> None:
    picture = engine.first(engine.start)
    risk, fan, chance = drawing(picture, shown(engine))["figures"]
    curve = picture.absorption.curve[: picture.arriving + 1]
    assert [row[1] for row in risk["table"]["rows"]] == [
        round(100 * value, 1) for value in curve["extra_risk"]
    ]
    assert [row[1] for row in chance["table"]["rows"]] == [
        round(100 * value, 1) for value in curve["probability"]
    ]
    assert [row[0] for row in fan["table"]["rows"]] == list(picture.terms)
    middle = [row[3] for row in fan["table"]["rows"]]
    assert middle == [round(100 * value) for value in picture.fans["capacity_use"][2]]
    for figure in (risk, fan, chance):
        assert len(figure["table"]["columns"]) == len(figure["table"]["rows"][0])
        assert len(figure["table"]["decimals"]) == len(figure["table"]["columns"])


def test_a_picture_that_says_nothing_new_draws_the_same(engine: Engine) -> None:
    about = shown(engine)
    picture = engine.first(engine.start)
    assert drawing(picture, about) == drawing(picture, about)


def test_marks_within_are_those_the_answer_claims(engine: Engine) -> None:
    picture = with_answer(engine.first(engine.start), 2, "extra_risk_exceeds_tolerance")
    [risk, _, _] = drawing(picture, shown(engine))["figures"]
    assert [at for at, within in enumerate(risk["within"]) if within] == [0, 1, 2]


def test_the_limit_that_binds_is_named_only_where_a_number_was_too_many(engine: Engine) -> None:
    seen = with_answer(engine.first(engine.start), 1, "extra_risk_exceeds_tolerance")
    not_seen = with_answer(engine.first(engine.start), 12, "limit_of_search")
    assert drawing(seen, shown(engine))["figures"][0]["first_beyond"]["label"].endswith("first")
    assert drawing(not_seen, shown(engine))["figures"][0]["first_beyond"] is None


def test_what_is_pinned_stands_beside_and_says_what_differs(engine: Engine) -> None:
    pinned = engine.first(engine.start)
    moved = engine.first(engine.start.but(weak=75.0))
    drawn = drawing(moved, shown(engine, pinned))
    risk, fan, _ = drawn["figures"]
    assert "weak schools among them: 25%" in drawn["pinned"]
    assert "pace" not in drawn["pinned"]
    assert risk["pinned"] == [
        round(100 * value, 2) for value in pinned.absorption.curve["extra_risk"][:8]
    ]
    assert len(fan["pinned"]) == 5
    assert drawing(moved, shown(engine))["pinned"] == ""


def test_axes_hold_still_from_one_picture_to_the_next(engine: Engine) -> None:
    about = shown(engine)
    spans = [
        [figure["axis"] for figure in drawing(engine.first(state), about)["figures"]]
        for state in (engine.start, engine.start.but(slice=5.5), engine.start)
    ]
    assert spans[0] == spans[2] or spans[1] == spans[2]
    assert spans[1] == spans[2]


def test_the_fan_follows_the_limit_most_often_broken_first(engine: Engine) -> None:
    assert measure_shown(engine.first(engine.start)) in {
        "golden_margin", "capacity_use", "unmet_share", "reserves_share",
    }  # fmt: skip
