"""A trust's review says what the data bear, and that nothing is known where they do not."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest

from tests.report import reviewed
from workbench.charts.support_network import CENTRE
from workbench.report import html, trust_charts, trust_pages, trust_places
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
SINGLE = (
    trust_charts.pillars, trust_charts.roles, trust_places.where_schools_lie,
    trust_places.support_now,
)  # fmt: skip
NETWORK_STATES = ("running", "waiting", "ended")
PICTURE_LIMIT, MEAN_LIMIT = 30_000, 14_000  # bytes
HTML_LIMIT = 250_000  # bytes of all pictures with their tables: what a slow line loads in seconds


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
    reviewed.well_said([trust_places.support_said(review)])
    reviewed.well_drawn([draw(review) for draw in SINGLE])
    for draw in FIGURES:
        reviewed.well_drawn(draw(review))


def test_all_of_a_full_review_is_fit_to_read(full: TrustReview) -> None:
    check_whole(full)


def test_all_of_an_imported_trusts_review_is_fit_to_read(bare: TrustReview) -> None:
    check_whole(bare)


def test_a_full_review_draws_every_figure_and_stays_light(full: TrustReview) -> None:
    drawn = [draw(full) for draw in FIGURES]
    assert [len(one) for one in drawn] == [1, len(full.compared), 1, 1, 2]
    figures = [*(draw(full) for draw in SINGLE), *sum(drawn, ())]
    assert len({figure.key for figure in figures}) == len(figures)
    sizes = [len(figure.svg) for figure in figures]
    assert max(sizes) < PICTURE_LIMIT
    assert sum(sizes) / len(sizes) < MEAN_LIMIT
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


def test_the_glance_says_the_golden_rule_in_another_reading_and_who_is_without_support(
    full: TrustReview,
) -> None:
    said = " ".join(word for part in trust_pages.glance(full) for word in reviewed.words_of(part))
    # The article counts three good schools for each weak one: the demo trust's 10 meet its 9.
    assert "is met in 'Article: three good schools for every weak one' (10 providers, 9" in said
    assert trust_places.support_said(full) in said


def test_a_page_and_its_figure_name_the_same_schools_where_sources_are_apart(
    full: TrustReview,
) -> None:
    [figure] = trust_charts.sides(full)
    said = trust_pages.sides_said(full)
    assert "at 6 of 14 schools" in said
    assert "at 6 of 14 schools" in figure.headline
    for name in full.names.values():
        assert (name in said) == (name in figure.headline)
    for part in ("in some area at", "only overall"):
        assert part in said
        assert part in figure.headline
    assert len(figure.alt) < 700


def test_support_is_told_by_what_runs_waits_and_has_ended(full: TrustReview) -> None:
    given = trust_places.deployments(full)
    states = {state: sum(one.state == state for one in given) for state in NETWORK_STATES}
    support = full.trust.support
    still = support[support["ended"].isna()]
    assert states["running"] == int(still["started"].notna().sum())
    assert states["waiting"] == int(still["started"].isna().sum())
    assert states["ended"] == int(full.scope.between(support, "ended").shape[0])
    central = support.loc[support["ended"].isna() & support["provider_urn"].isna()]
    assert sum(one.giver == CENTRE and one.state != "ended" for one in given) == len(central)


def test_the_worst_that_is_known_of_a_school_is_its_state(full: TrustReview) -> None:
    states = trust_places.school_states(full)
    assert set(states) == set(full.trust.schools["urn"])
    for row in full.areas.itertuples(index=False, name=None):
        known = set(row[2:])
        expected = "urgent need" if "urgent need" in known else "need" if "need" in known else None
        assert expected is None or states[row[0]] == expected
        assert states[row[0]] != "no need known" or known & {"strength", "secure"}


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


def test_needs_that_cannot_be_met_are_counted(full: TrustReview) -> None:
    needs, left = len(trust_pages.help_table(full)), len(trust_pages.unmet_table(full))
    assert trust_pages.unmet_said(full).startswith(
        f"Of {needs} needs the trust's own schools cannot meet {left} in full"
    )
    none = replace(full, help=replace(full.help, unmet=full.help.unmet.iloc[:0]))
    assert trust_pages.unmet_said(none) == (
        f"The trust's own schools could meet all {needs} needs."
    )
    bare = replace(full, matches=full.matches.iloc[:0])
    assert trust_pages.unmet_said(bare) == "No need is on record in any area."


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
