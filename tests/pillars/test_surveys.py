"""What surveys may show: worked out by hand, and taken apart as a reader with a pencil would."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import pandas as pd
import pytest

from tests.pillars.small import FIRST, SECOND, THIRD, frame, scope, small_trust
from workbench.errors import BadInput
from workbench.measures.scales import Scale
from workbench.pillars.scope import Scope, pillar_settings
from workbench.pillars.surveys import (
    SOURCES,
    SurveyShare,
    Withheld,
    agreement,
    agreement_by_level,
    agreement_by_school,
    items_of,
    latest_wave,
    survey_scale,
    survey_summary,
)
from workbench.trust.contracts_evidence import COMMITMENT_ITEMS
from workbench.trust.load import Trust

NOW = "2026/27 autumn"
BEFORE = "2025/26 summer"
SETTINGS = pillar_settings()
COVER = "held back so that no other school's answers can be worked out"


def answers(
    wave: str, urn: int | None, points: Sequence[int | None], item: str = "our_vision", **more: Any
) -> list[dict[str, Any]]:
    """Return rows of a survey: one respondent for each number of points."""
    return [
        {"wave": wave, "respondent": f"R{urn or 0}{place:03d}", "urn": urn, item: point, **more}
        for place, point in enumerate(points)
    ]


def staff(sizes: Mapping[int | None, int], agree: int = 0) -> list[dict[str, Any]]:
    """Return answers to the present wave: as many from each school, the first few agreeing."""
    return [
        row
        for urn, size in sizes.items()
        for row in answers(NOW, urn, [5] * agree + [2] * (size - agree))
    ]


@cache
def unasked() -> Trust:
    return small_trust()


def asked(rows: list[dict[str, Any]]) -> Trust:
    """Return the small trust with a staff survey, without building its other tables again."""
    return replace(
        unasked(), tables={**unasked().tables, "staff_survey": frame("staff_survey", rows)}
    )


def shown(found: SurveyShare | Withheld) -> SurveyShare:
    assert isinstance(found, SurveyShare)
    return found


def row_of(summary: pd.DataFrame, source: str, figure: str) -> dict[Any, Any]:
    """Return the one row of a summary for a source and a figure."""
    wanted = summary["source"].eq(source) & summary["figure"].eq(figure)
    [row] = summary[wanted].to_dict("records")
    return row


def reason(found: object) -> str:
    assert isinstance(found, Withheld)
    return found.reason


def test_agreement_is_the_share_of_answers_of_4_or_5() -> None:
    # 3 fives and 6 fours agree, 2 threes and 1 one do not; the blank is no answer: 9 of 12.
    rows = answers(NOW, FIRST, [5, 5, 5, 4, 4, 4, 4, 4, 4, 3, 3, 1, None])
    found = shown(agreement(scope(staff_survey=rows), "staff_survey", "our_vision"))
    assert (found.agree, found.n, found.interval.estimate) == (9, 12, 0.75)
    # Wilson for 9 of 12: centre (9 + 1.9207) / (12 + 3.8415) = 0.68938; half
    # 1.95996 / 15.8415 * sqrt(9 * 3 / 12 + 0.96036) = 0.22168 (E. B. Wilson, JASA 22, 1927).
    assert found.interval.lower == pytest.approx(0.46770, abs=5e-5)
    assert found.interval.upper == pytest.approx(0.91106, abs=5e-5)


def test_only_the_latest_wave_up_to_the_day_counts() -> None:
    rows = [
        *answers(BEFORE, FIRST, [5] * 12),
        *answers(NOW, FIRST, [1] * 10),
        *answers("2026/27 spring", FIRST, [5] * 30),
    ]
    now = scope(staff_survey=rows)
    found = shown(agreement(now, "staff_survey", "our_vision"))
    assert (found.wave, found.agree, found.n) == (NOW, 0, 10)
    assert found.evidence_date == dt.date(2026, 9, 1)
    earlier = replace(now, trust=replace(now.trust, as_of=dt.date(2026, 7, 1)))
    assert shown(agreement(earlier, "staff_survey", "our_vision")).agree == 12
    assert str(latest_wave(earlier, "staff_survey")) == BEFORE
    first = replace(now, trust=replace(now.trust, as_of=dt.date(2025, 1, 1)))
    assert reason(agreement(first, "staff_survey", "our_vision")) == (
        "no staff survey up to 1 January 2025"
    )
    assert reason(agreement_by_level(first, "our_vision")["teacher"]).startswith("no staff survey")
    assert (
        agreement_by_school(first.trust, first.settings, "staff_survey", "our_vision")[
            "withheld"
        ].tolist()
        == ["no staff survey up to 1 January 2025"] * 3
    )
    assert reason(survey_scale(first, COMMITMENT_ITEMS)).startswith("no staff survey")


def test_nine_answers_give_no_figure_and_ten_do() -> None:
    nine = agreement(scope(staff_survey=staff({FIRST: 9})), "staff_survey", "our_vision")
    assert nine == Withheld("fewer than 10 answers", NOW)
    ten = agreement(scope(staff_survey=staff({FIRST: 10})), "staff_survey", "our_vision")
    assert shown(ten).n == 10


def test_a_blank_answer_does_not_make_a_group_large_enough() -> None:
    rows = answers(NOW, FIRST, [5] * 9 + [None])
    assert reason(agreement(scope(staff_survey=rows), "staff_survey", "our_vision")) == (
        "fewer than 10 answers"
    )


def test_a_statement_nobody_answered_has_no_figure() -> None:
    found = agreement(scope(staff_survey=staff({FIRST: 12})), "staff_survey", "workload")
    assert reason(found) == f"no answers in {NOW}"


def test_a_small_school_holds_back_the_smallest_other_one() -> None:
    rows = staff({FIRST: 30, SECOND: 12, THIRD: 5}, agree=4)
    trust = scope(staff_survey=rows)
    assert shown(agreement(trust, "staff_survey", "our_vision")).n == 47
    schools = [replace(trust, urn=urn) for urn in (FIRST, SECOND, THIRD)]
    first, second, third = (agreement(one, "staff_survey", "our_vision") for one in schools)
    assert shown(first).n == 30
    assert (reason(second), reason(third)) == (COVER, "fewer than 10 answers")
    found = agreement_by_school(trust.trust, trust.settings, "staff_survey", "our_vision")
    assert found["urn"].tolist() == [FIRST, SECOND, THIRD]
    assert found["agree"].isna().tolist() == found["n"].isna().tolist() == [False, True, True]
    assert (found["agree"][0], found["n"][0]) == (4, 30)
    assert found["withheld"].tolist() == ["", COVER, "fewer than 10 answers"]


def test_two_small_schools_that_do_not_reach_ten_hold_back_a_third() -> None:
    rows = staff({FIRST: 30, SECOND: 3, THIRD: 4})
    found = agreement_by_school(asked(rows), SETTINGS, "staff_survey", "our_vision")
    assert found["withheld"].tolist() == [COVER, "fewer than 10 answers", "fewer than 10 answers"]


def test_a_small_central_team_cannot_be_worked_out() -> None:
    sizes: dict[int | None, int] = {None: 8, FIRST: 30, SECOND: 20, THIRD: 40}
    found = agreement_by_school(asked(staff(sizes)), SETTINGS, "staff_survey", "our_vision")
    assert found["withheld"].tolist() == ["", COVER, ""]
    sizes[None] = 10  # ten answers may be worked out: they could be shown as well
    found = agreement_by_school(asked(staff(sizes)), SETTINGS, "staff_survey", "our_vision")
    assert found["withheld"].tolist() == ["", "", ""]


def test_the_central_team_is_the_first_cover() -> None:
    rows = staff({None: 11, FIRST: 30, SECOND: 10, THIRD: 5})
    found = agreement_by_school(asked(rows), SETTINGS, "staff_survey", "our_vision")
    assert found["withheld"].tolist() == ["", "", "fewer than 10 answers"]


def test_of_schools_of_one_size_the_first_urn_is_cover_whatever_the_order_of_rows() -> None:
    rows = staff({FIRST: 20, SECOND: 20, THIRD: 5})
    for order in (rows, rows[::-1]):
        found = agreement_by_school(asked(order), SETTINGS, "staff_survey", "our_vision")
        assert found["withheld"].tolist() == [COVER, "", "fewer than 10 answers"]


@pytest.mark.parametrize("seed", range(60))
def test_subtraction_recovers_no_small_group(seed: int) -> None:
    draw = random.Random(seed)
    groups = (None, FIRST, SECOND, THIRD)
    sizes: dict[int | None, int] = {urn: draw.choice((0, 3, 6, 9, 10, 14, 25)) for urn in groups}
    trust = asked(staff(sizes))
    total = agreement(Scope(trust, SETTINGS), "staff_survey", "our_vision")
    found = agreement_by_school(trust, SETTINGS, "staff_survey", "our_vision")
    open_schools = set(found.loc[found["withheld"] == "", "urn"])
    assert all(sizes[urn] >= 10 for urn in open_schools)
    if isinstance(total, Withheld):
        assert sum(sizes.values()) < 10
        assert not open_schools
        return
    left = {urn: n for urn, n in sizes.items() if n and urn not in open_schools}
    assert total.n - int(found["n"].sum()) == sum(left.values())
    assert not left or sum(left.values()) >= 10
    assert not any(n < 10 for n in left.values()) or len(left) > 1
    # Nothing is held back that need not be: without a small group every school is shown.
    if all(n == 0 or n >= 10 for n in sizes.values()):
        assert open_schools == {urn for urn in (FIRST, SECOND, THIRD) if sizes[urn]}


def levelled(sizes: Mapping[str | None, int]) -> list[dict[str, Any]]:
    """Return answers by level of staff: all but three of each level agree."""
    return [
        {"wave": NOW, "respondent": f"R{place}{number:03d}", "urn": FIRST, "level": level,
         "our_vision": 2 if number < 3 else 4}
        for place, (level, size) in enumerate(sizes.items())
        for number in range(size)
    ]  # fmt: skip


def test_levels_of_staff_are_held_back_as_schools_are() -> None:
    rows = levelled({"senior leader": 6, "middle leader": 12, "teacher": 60, "support staff": 30})
    found = agreement_by_level(scope(staff_survey=rows), "our_vision")
    assert reason(found["senior leader"]) == "fewer than 10 answers"
    assert reason(found["middle leader"]) == COVER.replace("school", "level")
    assert (shown(found["teacher"]).agree, shown(found["support staff"]).agree) == (57, 27)


def test_those_who_did_not_say_their_level_are_a_group_in_the_subtraction() -> None:
    sizes: dict[str | None, int] = {"senior leader": 20, "teacher": 60, None: 4}
    found = agreement_by_level(scope(staff_survey=levelled(sizes)), "our_vision")
    assert reason(found["senior leader"]) == COVER.replace("school", "level")
    assert reason(found["middle leader"]) == f"no answers in {NOW}"
    assert shown(found["teacher"]).n == 60


def test_levels_of_one_school_are_refused() -> None:
    with pytest.raises(BadInput, match="levels of staff of school"):
        agreement_by_level(scope(FIRST, staff_survey=staff({FIRST: 20})), "our_vision")


def test_a_statement_the_survey_does_not_have_is_refused() -> None:
    here = scope()
    with pytest.raises(BadInput, match="'level' is no statement of the staff survey"):
        agreement(here, "staff_survey", "level")
    with pytest.raises(BadInput, match="'happy' is no statement"):
        survey_scale(here, ("happy",))
    with pytest.raises(BadInput, match="'happy' is no statement"):
        agreement_by_school(here.trust, here.settings, "staff_survey", "happy")


def full(urn: int | None, people: Sequence[Sequence[int | None]]) -> list[dict[str, Any]]:
    """Return answers to the five statements on commitment, one row a person."""
    return [
        {"wave": NOW, "respondent": f"R{urn or 0}{place:03d}", "urn": urn,
         **dict(zip(COMMITMENT_ITEMS, points, strict=True))}
        for place, points in enumerate(people)
    ]  # fmt: skip


def test_a_scale_rests_on_those_who_answered_every_statement() -> None:
    # Eleven people with means 4, 3, 4, 3 and so on: (6 x 4 + 5 x 3) / 11; the twelfth left a blank.
    people: list[list[int | None]] = [[4 - place % 2] * 5 for place in range(11)]
    people.append([1, 1, 1, 1, None])
    found = survey_scale(scope(FIRST, staff_survey=full(FIRST, people)), COMMITMENT_ITEMS)
    assert isinstance(found, Scale)
    assert (found.n, found.items) == (11, 5)
    assert found.mean == pytest.approx(39 / 11)


def test_a_scale_of_nine_whole_answers_is_held_back() -> None:
    people: list[list[int | None]] = [[4] * 5 for _ in range(10)]
    people[0][4] = None
    here = scope(FIRST, staff_survey=full(FIRST, people))
    assert reason(survey_scale(here, COMMITMENT_ITEMS)) == (
        "fewer than 10 people who answered every statement"
    )
    assert isinstance(agreement(here, "staff_survey", "our_schools"), SurveyShare)


def test_a_scale_is_covered_as_a_share_is() -> None:
    people = {FIRST: 30, SECOND: 12, THIRD: 5}
    rows = [row for urn, n in people.items() for row in full(urn, [[4, 3, 4, 5, 2]] * n)]
    found = {urn: survey_scale(scope(urn, staff_survey=rows), COMMITMENT_ITEMS) for urn in people}
    assert isinstance(found[FIRST], Scale)
    assert reason(found[SECOND]) == COVER
    assert isinstance(survey_scale(scope(staff_survey=rows), COMMITMENT_ITEMS), Scale)


def test_a_school_held_back_on_one_statement_is_so_over_several() -> None:
    # On the first statement the third school has 9 answers, and the second is its cover. Over all
    # five the first school has 8 whole answers: cover enough, and yet the second stays held back.
    first: list[list[int | None]] = [[4] * 5 for _ in range(14)]
    for person, blank in enumerate((1, 1, 2, 2, 3, 4)):
        first[person][blank] = None
    rows = [
        *full(FIRST, first),
        *full(SECOND, [[5] * 5] * 11),
        *full(THIRD, [*[[4] * 5] * 9, *[[None, 4, 4, 4, 4]] * 9]),
    ]
    second = scope(SECOND, staff_survey=rows)
    assert reason(agreement(second, "staff_survey", "our_schools")) == COVER
    assert shown(agreement(second, "staff_survey", "time_to_give")).n == 11
    assert reason(survey_scale(second, COMMITMENT_ITEMS)) == COVER
    assert row_of(survey_summary(second), "staff", "all statements")["withheld"] == COVER


def test_a_school_that_did_not_answer_is_told_apart_from_one_held_back() -> None:
    here = scope(THIRD, staff_survey=full(FIRST, [[4] * 5] * 12))
    assert reason(survey_scale(here, COMMITMENT_ITEMS)) == f"no answers in {NOW}"
    assert reason(agreement(here, "staff_survey", "our_schools")) == f"no answers in {NOW}"


def test_a_summary_sets_the_three_sources_side_by_side() -> None:
    # Parents: 10 people say 5 and 1 (half of two statements agreed with), 2 say 4 and leave a blank
    # (all of one): (10 x 1/2 + 2 x 1) / 12 = 7/12. School improving: 10 fives, 2 fours: all agree.
    parents = [
        *answers(NOW, FIRST, [5] * 10, "school_improving", happy=1),
        *[row | {"respondent": f"X{place}"}
          for place, row in enumerate(answers(NOW, FIRST, [4] * 2, "school_improving"))],
    ]  # fmt: skip
    pupils = answers(NOW, FIRST, [4] * 6, "school_improving")
    found = survey_summary(scope(FIRST, parent_survey=parents, pupil_survey=pupils))
    assert found["source"].tolist() == ["staff", "staff", "parents", "parents", "pupils", "pupils"]
    improving = row_of(found, "parents", "school improving")
    assert (improving["share"], improving["n"], improving["wave"]) == (1.0, 12, NOW)
    overall = row_of(found, "parents", "all statements")
    assert (overall["share"], overall["n"]) == (pytest.approx(7 / 12), 12)
    assert row_of(found, "staff", "school improving")["withheld"] == (
        "no staff survey up to 31 October 2026"
    )
    held = row_of(found, "pupils", "school improving")
    assert held["withheld"] == "fewer than 10 answers"
    assert all(pd.isna(held[number]) for number in ("share", "lower", "upper", "n"))
    assert found["share"].isna().tolist() == (found["withheld"] != "").tolist()


def test_the_mean_over_statements_stays_within_the_possible() -> None:
    rows = answers(NOW, FIRST, [5] * 14 + [2], "happy")
    found = survey_summary(scope(FIRST, parent_survey=rows))
    mean = row_of(found, "parents", "all statements")
    assert mean["share"] == pytest.approx(14 / 15)
    assert mean["upper"] == 1.0
    assert 0.0 <= mean["lower"] < mean["share"]


def figures(trust: Trust) -> Iterator[SurveyShare | Withheld]:
    for urn in (None, *trust.schools["urn"]):
        for table in SOURCES.values():
            for item in items_of(table):
                yield agreement(Scope(trust, SETTINGS, urn), table, item)


def test_every_figure_on_the_demo_trust_rests_on_ten_answers_or_says_why_not(
    demo_trust: Trust,
) -> None:
    found = list(figures(demo_trust))
    assert found
    for one in found:
        assert one.reason if isinstance(one, Withheld) else one.n >= 10
