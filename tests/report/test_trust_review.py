"""A trust's review says what the data bear, and that nothing is known where they do not."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest

from tests.report import reviewed
from workbench.report import html, trust_charts, trust_pages
from workbench.report.trust import EARLIER_TERMS, PRESETS, TrustReview, review_trust
from workbench.trust.load import Trust

ALONE, YOUNGEST = 900001, 900010
SAID = (
    trust_pages.compared_said, trust_pages.trends_said, trust_pages.limitations,
    trust_pages.neighbours_said,
)  # fmt: skip
TABLES = (
    trust_pages.neighbours_table, trust_pages.surveys_table, trust_pages.readings_table,
    trust_pages.help_table, trust_pages.unmet_table,
)  # fmt: skip
FIGURES = (
    trust_charts.over_terms, trust_charts.funnels, trust_charts.trends, trust_charts.sides,
    trust_charts.help_map,
)  # fmt: skip
HTML_LIMIT = 500_000  # bytes of all pictures with their tables: what a slow line loads in seconds


@pytest.fixture(scope="module")
def full(demo_trust: Trust) -> TrustReview:
    return review_trust(demo_trust)


@pytest.fixture(scope="module")
def bare(demo_trust: Trust) -> TrustReview:
    return review_trust(reviewed.imported(demo_trust))


def check_whole(review: TrustReview) -> None:
    """Go through everything that a review says, sets in tables and draws."""
    for say in SAID:
        reviewed.well_said(say(review))
    reviewed.well_said(
        [review.headline, trust_pages.claims_said(review), trust_pages.sides_said(review)]
    )
    for part in (*trust_pages.glance(review), trust_pages.claims_parts(review)):
        reviewed.words_of(part)
    for table in TABLES:
        reviewed.well_set(table(review))
    reviewed.well_drawn([trust_charts.pillars(review), trust_charts.roles(review)])
    for draw in FIGURES:
        reviewed.well_drawn(draw(review))


def test_all_of_a_full_review_is_fit_to_read(full: TrustReview) -> None:
    check_whole(full)


def test_all_of_an_imported_trusts_review_is_fit_to_read(bare: TrustReview) -> None:
    check_whole(bare)


def test_a_full_review_draws_every_figure_and_stays_light(full: TrustReview) -> None:
    drawn = [draw(full) for draw in FIGURES]
    assert [len(one) for one in drawn] == [1, len(full.compared), 1, 1, 2]
    figures = [trust_charts.pillars(full), trust_charts.roles(full), *sum(drawn, ())]
    assert len({figure.key for figure in figures}) == len(figures)
    assert sum(len(html.figure_html(figure)) for figure in figures) < HTML_LIMIT


def test_an_imported_trust_has_no_figure_of_what_nobody_recorded(bare: TrustReview) -> None:
    assert trust_charts.trends(bare) == trust_charts.sides(bare) == ()
    assert len(trust_charts.funnels(bare)) == len(bare.compared)
    assert "cannot" in trust_pages.sides_said(bare) or "nothing" in trust_pages.sides_said(bare)
    assert trust_pages.trends_said(bare)[0].startswith("No trend can be shown")
    assert trust_pages.surveys_table(bare).empty
    assert trust_pages.claims_parts(bare) == ""
    assert "has not written down its theory" in trust_pages.claims_said(bare)


def test_the_glance_counts_schools_and_leads_with_the_finding(full: TrustReview) -> None:
    parts = trust_pages.glance(full)
    assert full.headline in parts[0].unescape()
    assert f"<dt>schools</dt><dd>{len(full.trust.schools)}</dd>" in parts[1]
    acts = sum(one.rating == "act" for one in full.profile.indicators.values())
    assert f"<dt>indicators that miss what is asked for</dt><dd>{acts}</dd>" in parts[1]


def test_each_claim_is_shown_with_its_verdict(full: TrustReview) -> None:
    said = reviewed.words_of(trust_pages.claims_parts(full))
    stated = [one.claim for one in full.claims]
    assert [one for one in said if one in stated] == stated
    for one in full.claims:
        assert f"{one.verdict.capitalize()}: {one.why.rstrip('.')}." in said
    assert trust_pages.claims_said(full).startswith(f"Of {len(full.claims)} claims: ")


def test_a_single_claim_is_one(full: TrustReview) -> None:
    due = [one for one in full.claims if one.due]
    alone = replace(full, claims=tuple(due[:1]))
    assert trust_pages.claims_said(alone).endswith("1 claim due for review.")
    reviewed.well_said([trust_pages.claims_said(alone)])


def test_every_reading_of_the_rule_has_its_row(full: TrustReview) -> None:
    table = trust_pages.readings_table(full)
    assert len(table) == 2 * len(PRESETS)
    assert table["Reading of the rule"].nunique() == len(PRESETS)
    answers = [one for held in full.verdicts.values() for one in (held.strict, held.lenient)]
    assert [said.lower() for said in table["Verdict"]] == [one.verdict for one in answers]
    assert [said.split(" to ")[0] for said in table["Providers"]] == [
        str(one.providers) for one in answers
    ]


def test_no_school_has_a_day_more_than_was_asked(full: TrustReview) -> None:
    rows = trust_pages.unmet_table(full)
    asked, unmet = (rows[name].astype(float) for name in ("Days asked", "Days unmet"))
    assert (unmet <= asked).all()
    assert rows["Area"].str[:1].str.isupper().all()
    assert len(trust_pages.help_table(full)) == len(full.matches[["URN", "Area"]].drop_duplicates())


def test_terms_before_are_those_asked_for(full: TrustReview) -> None:
    assert len(full.earlier) <= EARLIER_TERMS
    days = [one.scope.as_of for one in (*full.earlier, full.profile)]
    assert days == sorted(days)


def test_hostile_names_stay_text(demo_trust: Trust) -> None:
    review = review_trust(reviewed.hostile(demo_trust))
    check_whole(review)
    named = str(html.figure_html(trust_charts.roles(review)))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in named


def test_a_trust_of_one_school_is_reviewed(demo_trust: Trust) -> None:
    review = review_trust(reviewed.only(demo_trust, ALONE))
    check_whole(review)
    assert "<dt>schools</dt><dd>1</dd>" in trust_pages.glance(review)[1]
    assert not review.trends


def test_schools_without_a_place_are_not_put_on_a_map(demo_trust: Trust) -> None:
    nowhere = reviewed.schools_changed(demo_trust, latitude=math.nan, longitude=math.nan)
    review = review_trust(nowhere)
    check_whole(review)
    for figure in trust_charts.help_map(review):
        if figure.key == "support-links":
            assert "14 schools whose place is not known not drawn" in figure.subtitle


def test_a_school_that_just_joined_breaks_nothing(demo_trust: Trust) -> None:
    joined = demo_trust.schools["joined"].where(
        demo_trust.schools["urn"] != YOUNGEST, pd.Timestamp(demo_trust.as_of)
    )
    check_whole(review_trust(reviewed.schools_changed(demo_trust, joined=joined)))
