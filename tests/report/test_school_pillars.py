"""What the pillars say of one school: fit to read for every school, however little is known."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest

from tests.report import reviewed
from workbench.report import html, school_charts, school_pillars
from workbench.report.pillar_pages import pillar_sections
from workbench.report.school import review_school
from workbench.report.school_pillars import SchoolPillars
from workbench.research.neighbours import NotEnough
from workbench.trust.load import Trust

WEAK, SOUND, UNRATED, SPECIAL = 900012, 900001, 900010, 900014
SAID = (
    school_pillars.compared_said, school_pillars.neighbours_said, school_pillars.help_lines,
)  # fmt: skip
TABLES = (
    school_pillars.surveys_table, school_pillars.neighbours_table, school_pillars.help_table,
)  # fmt: skip
FIGURES = (
    school_charts.sides, school_charts.trend, school_charts.funnels, school_charts.neighbours,
)  # fmt: skip


def of(trust: Trust, urn: int) -> SchoolPillars:
    return school_pillars.school_pillars(review_school(trust, urn))


def check_whole(found: SchoolPillars) -> None:
    """Go through everything that is said, set in tables and drawn of a school."""
    for say in SAID:
        reviewed.well_said(say(found))
    reviewed.well_said(
        [found.headline, school_pillars.trend_said(found), school_pillars.sides_said(found)]
    )
    for table in TABLES:
        reviewed.well_set(table(found))
    for part in school_pillars.glance(found, 2):
        reviewed.words_of(part)
    reviewed.well_drawn([school_charts.pillars(found)])
    for draw in FIGURES:
        reviewed.well_drawn(draw(found))


@pytest.fixture(scope="module")
def weak(demo_trust: Trust) -> SchoolPillars:
    return of(demo_trust, WEAK)


@pytest.mark.parametrize("urn", [WEAK, SOUND, UNRATED, SPECIAL])
def test_all_that_is_said_of_a_school_is_fit_to_read(demo_trust: Trust, urn: int) -> None:
    check_whole(of(demo_trust, urn))


@pytest.mark.parametrize("urn", [WEAK, SPECIAL])
def test_an_imported_school_says_what_is_not_known(demo_trust: Trust, urn: int) -> None:
    found = of(reviewed.imported(demo_trust), urn)
    check_whole(found)
    assert school_charts.trend(found) == school_charts.sides(found) == ()
    assert school_pillars.trend_said(found) == "There is no attendance by half-term to follow."
    assert school_pillars.sides_said(found).startswith("No source has judged the school")
    assert school_pillars.compared_said(found)[0].startswith("It cannot be compared")
    assert school_pillars.surveys_table(found).empty


def test_each_funnel_it_stands_in_is_said_and_drawn(demo_trust: Trust) -> None:
    primary = of(demo_trust, SOUND)
    assert primary.compared
    assert len(school_pillars.compared_said(primary)) == len(primary.compared)
    assert len(school_charts.funnels(primary)) == len(primary.compared)
    assert all(SOUND in one.funnel.units.index for one in primary.compared)


def test_one_of_three_schools_of_its_phase_is_not_compared(weak: SchoolPillars) -> None:
    assert weak.compared == ()
    assert school_pillars.compared_said(weak)[0].startswith("It cannot be compared")


def test_the_first_words_tell_of_absence_and_of_what_people_say(weak: SchoolPillars) -> None:
    lists = str(pillar_sections(weak.profile)).split("<strong>Ask next:</strong>")[1:]
    asked = sum(part.split("</ul>")[0].count("<li>") for part in lists)
    said = [reviewed.words_of(part) for part in school_pillars.glance(weak, 1)]
    assert said == [
        ["Pillars:", f" {school_charts.pillars(weak).headline}."],
        ["Absence over time:", f" {school_pillars.trend_said(weak)}"],
        ["What different people say:", f" {school_pillars.sides_said(weak)}"],
        ["Questions:", f" {1 + asked} questions to ask, below, {asked} of them from the pillars."],
    ]
    last = reviewed.words_of(school_pillars.glance(weak, 0)[-1])
    assert last[1] == f" {asked} questions to ask, below."


def test_what_is_set_beside_all_phases_says_so(weak: SchoolPillars) -> None:
    # Two other secondary schools are fewer than the four that a median asks for.
    assert weak.trend is not None
    assert not weak.trend.own_phase
    assert school_pillars.trend_said(weak).endswith(school_pillars.MIXED_PEERS)
    [figure] = school_charts.trend(weak)
    assert figure.subtitle.startswith("Absence against schools of all phases")
    own = replace(weak, trend=replace(weak.trend, own_phase=True))
    assert school_pillars.MIXED_PEERS not in school_pillars.trend_said(own)


def test_help_is_its_own_or_what_it_could_give(weak: SchoolPillars) -> None:
    rows = weak.matches
    assert (rows["URN"].eq(WEAK) | rows["Helper URN"].eq(WEAK)).all()
    needs = school_pillars.help_table(weak)["Needs help with"]
    own = weak.matches[weak.matches["URN"] == WEAK]
    assert needs.tolist() == [area.capitalize() for area in own["Area"]]


def test_a_special_school_without_neighbours_says_what_it_takes(demo_trust: Trust) -> None:
    found = of(demo_trust, SPECIAL)
    assert isinstance(found.neighbours, NotEnough)
    assert school_charts.neighbours(found) == ()
    assert school_pillars.neighbours_said(found)[0].startswith("Schools like it cannot be found")
    assert school_pillars.neighbours_table(found).empty


def test_a_hostile_name_stays_text(demo_trust: Trust) -> None:
    found = of(reviewed.hostile(demo_trust), int(demo_trust.schools["urn"].iloc[0]))
    check_whole(found)
    assert "<script" not in html.paragraphs(found.headline, *school_pillars.help_lines(found))


def test_the_only_school_of_a_trust_is_not_compared(demo_trust: Trust) -> None:
    found = of(reviewed.only(demo_trust, SOUND), SOUND)
    check_whole(found)
    assert school_charts.funnels(found) == ()


def test_a_school_that_just_joined_has_no_term_before(demo_trust: Trust) -> None:
    joined = demo_trust.schools["joined"].where(
        demo_trust.schools["urn"] != UNRATED, pd.Timestamp(demo_trust.as_of)
    )
    found = of(reviewed.schools_changed(demo_trust, joined=joined), UNRATED)
    assert found.change is None
    check_whole(found)


def test_a_school_without_a_place_is_reviewed(demo_trust: Trust) -> None:
    check_whole(
        of(reviewed.schools_changed(demo_trust, latitude=math.nan, longitude=math.nan), WEAK)
    )
