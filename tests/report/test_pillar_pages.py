"""The pillars on a page: what is written, in which order, and that a name stays a name."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest

from tests.pillars.made import beside, together, unknown, value
from tests.pillars.small import FIRST, small_trust
from tests.report.hostile import PAYLOADS
from workbench.parameters.pillars import PILLARS
from workbench.pillars.change import compare
from workbench.pillars.profile import Profile, profile
from workbench.pillars.reading import gaps
from workbench.pillars.scope import Scope, pillar_settings
from workbench.report.pillar_pages import (
    folded_parts,
    gaps_said,
    gaps_table,
    measured_table,
    missing_said,
    pillar_marks,
    pillar_questions,
    pillar_sections,
    ratings,
    table_parts,
)
from workbench.trust.load import Trust

WEAK = value("project_reviews_held", 40, (30, 50), n=20, n_of="review due|reviews due")
WORSE = value("steps_without_executive", 10, n=10, n_of="step")
UNSURE = value("days_to_deploy", 15, (10, 20), n=9, n_of="deployment")
STRONG = value("projects_ready", 98, (96, 99), n=200)
LACKING = unknown("days_to_deploy_slowest", "the table support")
HELD = unknown("staff_share_vision",
               "held back so that no other school's answers can be worked out")  # fmt: skip
FAILING = value("safeguarding_met", 50, n=2, n_of="school")


def test_a_section_sorts_indicators_and_asks_what_is_worst_first() -> None:
    found = str(pillar_sections(together(STRONG, WEAK, WORSE, UNSURE, LACKING)))
    places = [found.index(word) for word in (
        "<strong>Strong</strong>", "<strong>Weak</strong>", "<strong>Too close to call</strong>",
        "<strong>Not known</strong>", "<strong>Ask next:</strong>",
    )]  # fmt: skip
    assert places == sorted(places)
    asked = re.findall("<li>(.*?)</li>", found[places[-1] :])[:4]
    # 40% of reviews is where their scale begins, 0; 10% of steps are 0.1.
    assert asked[0] == (
        "Are projects looked at each term? Termly reviews of projects that were held: 40% of "
        "reviews (20 reviews due; likely 30% to 50%), where at least 95% is asked for."
    )
    assert asked[1].startswith("Would the process run if one leader were away?")
    assert asked[2].startswith("How swiftly is support mobilised?")
    assert asked[2].endswith("but too narrowly for the data to be sure.")
    assert found.count("<h3>") == len(PILLARS)
    assert "<h3>Vision: no score, none of its scored indicators applies here</h3>" in found


def test_what_fails_critically_is_asked_before_anything_else() -> None:
    asked = pillar_questions(together(WORSE, FAILING, LACKING))
    assert asked[0].startswith("Are children safe, as far as inspectors saw?")
    assert asked[-1].endswith("Nobody can say yet: it takes a table of support given to schools.")


def test_what_is_held_back_is_not_asked_for() -> None:
    assert pillar_questions(together(HELD)) == ()
    assert gaps_said(together(HELD)) == ()
    said = missing_said(together(HELD, WORSE))
    assert said == "Of 2 indicators that apply here 1 has no figure yet."


def test_missing_evidence_is_said_with_what_would_tell_most() -> None:
    assert missing_said(together(WORSE, WEAK)) == "All 2 indicators that apply here have a value."
    said = missing_said(together(WORSE, LACKING, beside("mean_effect")))
    assert said == (
        "Of 2 indicators that apply here 1 has no figure yet. Most would be gained by a table of "
        "support given to schools: 1 indicator waits for it."
    )
    assert gaps_said(together(LACKING)) == (
        "Missing: a table of support given to schools. It would tell days from need to support, "
        "slowest tenth.",
    )


def test_the_table_of_gaps_puts_first_what_tells_most() -> None:
    found = gaps_table(gaps(together(
        unknown("projects_ready", "the table projects"), unknown("days_to_deploy", "x"),
    )))  # fmt: skip
    assert list(found["Missing"]) == ["X", "A table of improvement projects"]
    assert list(found["Would tell"]) == [
        "Days from need to support", "Projects with diagnosis, owner and end"
    ]  # fmt: skip
    assert list(found["Pillars"]) == ["Process", "Process"]
    assert list(gaps_table(()).columns) == ["Missing", "Would tell", "Pillars"]


def test_the_table_of_scores_says_how_each_was_made() -> None:
    table = measured_table(together(WORSE, STRONG, LACKING)).set_index("Pillar")
    # (0.1 + 0.98) / 2 = 0.54; two thirds of the weight; without the steps 98, without projects 10.
    row = table.loc["Process"]
    assert (row["Score"], row["Weight measured"]) == ("54", "67%")
    assert re.fullmatch(r"31 to 54", str(row["By method"])), "geometric: root of 0.1 x 0.98 = 0.313"
    assert row["Leans most on"] in {
        "Projects with diagnosis, owner and end (10 without it)",
        "Steps that run without the executive (98 without it)",
    }
    assert table.loc["Vision", "Score"] == "Not known"
    assert list(table.index) == [name.capitalize() for name in PILLARS]


def test_marks_carry_the_score_and_where_it_stood_before() -> None:
    now = together(value("steps_without_executive", 80), FAILING)
    before = together(value("steps_without_executive", 60), value("qa_reviews_done", 100))
    marks = {mark.pillar: mark for mark in pillar_marks(now, compare(now, before))}
    assert marks["process"].score == pytest.approx(80)
    assert marks["process"].before == pytest.approx(60)
    assert marks["quality assurance"].held_down_by == ("schools where safeguarding is met",)
    assert marks["quality assurance"].before is None
    assert (marks["vision"].score, marks["vision"].measured) == (None, None)
    assert {mark.before for mark in pillar_marks(now, None)} == {None}


def test_ratings_are_counted_in_words() -> None:
    assert list(ratings(together(WORSE, WEAK, STRONG, LACKING, beside("mean_effect")))) == [
        "1 on track", "2 act", "1 not enough evidence"
    ]  # fmt: skip


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_hostile_name_or_note_stays_text(payload: str) -> None:
    failing = value("safeguarding_met", 50, note=f"not met at {payload}")
    found = together(failing, unknown("days_to_deploy", payload), beside("mean_effect", payload))
    page = str(pillar_sections(found))
    inert = {"p", "strong", "ul", "li", "h3", "div", "table", "caption", "thead", "tbody", "tr",
             "th", "td", "details", "summary"}  # fmt: skip
    assert set(re.findall(r"<\s*/?\s*([\w!-]+)", page)) <= inert
    for tag in re.findall(r"<[^>]*>", page):
        assert not re.search(r"\bon\w+\s*=|style\s*=|href|src", tag), tag


def test_a_school_named_with_a_script_stays_text_from_the_table_to_the_page() -> None:
    trust = small_trust()
    schools = trust.schools.assign(name="<script>alert(1)</script>")
    named = replace(trust, tables={**trust.tables, "schools": schools})
    for urn in (None, FIRST):
        page = str(pillar_sections(profile(Scope(named, pillar_settings(), urn))))
        assert "<script" not in page


@pytest.fixture(scope="module")
def real(demo_trust: Trust) -> Profile:
    return profile(Scope(demo_trust, pillar_settings()))


def test_every_indicator_of_the_demo_trust_is_on_the_page(real: Profile) -> None:
    page = str(pillar_sections(real))
    text = re.sub("<[^>]*>", " ", page)
    for one in real.indicators.values():
        assert one.indicator.name.replace("'", "&#39;") in text, one.key
    assert "_" not in text
    assert not re.search(r"\b(?:None|nan)\b", text)
    for question in pillar_questions(real):
        assert question.endswith(".")
        assert "  " not in question


def test_a_table_without_rows_is_left_out_and_a_long_one_can_be_folded() -> None:
    frame = pd.DataFrame({"School": ["Ash", "Beech"]})
    assert table_parts(frame.iloc[:0], "Schools") == folded_parts(frame.iloc[:0], "Schools") == ()
    [table] = table_parts(frame, "Schools")
    [folded] = folded_parts(frame, "Schools")
    assert "<summary>Schools (2)</summary>" in folded
    assert table in folded
