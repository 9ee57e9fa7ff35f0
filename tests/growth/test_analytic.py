"""The compiled model against results known without it: a chain, queues, counts and money by hand.

Everything goes through `run`, by settings small enough to work out on paper. A chance is judged at
four standard errors of its simulation, so that a right model fails once in 16,000 comparisons.

Erlang's formulae for waiting lines (three servers, two erlangs: B 4/19, C 4/9) have no counterpart
here and are not tested: days of support are shared out anew each term in a fixed order, nobody
arrives by a Poisson process, and no school that has joined leaves. The queues there are, posts that
fall vacant and schools that wait for days, are checked against what holds of them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from tests.growth.test_mechanisms import made
from workbench.growth.kernel.layout import SERIES
from workbench.growth.setting import Setting
from workbench.growth.simulate import run

SURE = 4.0  # standard errors
# Rows of a chain of grades, worst first; our own arithmetic gives the values beside its tests.
CHAIN = np.array(
    [[0.85, 0.15, 0, 0], [0.10, 0.75, 0.15, 0], [0, 0.25, 0.65, 0.10], [0, 0, 0.40, 0.60]]
)
NEUTRAL = dict.fromkeys(
    (
        "support_rise_odds", "unsupported_fall_odds", "overstretch_fall_odds",
        "lending_fall_odds", "turnover_fall_odds", "dip_odds", "joining_odds", "frail_odds",
    ),
    1.0,
)  # fmt: skip
STEADY = dict.fromkeys(
    (
        "vision_decay", "commitment_recovery", "sle_training", "sle_attrition",
        "pipeline_training", "pipeline_attrition", "lead_leaves",
    ),
    0.0,
)  # fmt: skip


def chained(chain: npt.NDArray[np.float64], *bands: int, terms: int, **held: float) -> Setting:
    """A trust whose schools follow a chain, each on its own, and nothing else."""
    setting = made(*bands, terms=terms, held=NEUTRAL | held, vision_revisit_terms=0)
    derived = setting.derived.copy()
    up, down = np.diag(chain, 1), np.diag(chain, -1)
    derived["rise"][0] = [*(up / (1 - up)), 0.0]
    derived["fall"][0] = [0.0, *(down / (1 - down))]
    derived["frail"] = 1.0
    school = setting.school.copy()
    school["join_term"] = 0  # `secured` counts from joining
    return replace(setting, derived=derived, school=school)


def series(setting: Setting, replicates: int, name: str) -> npt.NDArray[np.float64]:
    return run(setting, replicates, record=True).series[:, :, SERIES.index(name)]


def surely(seen: npt.NDArray[np.float64], expected: float) -> None:
    """Independent values agree in their mean with an expectation."""
    error = seen.std(ddof=1) / np.sqrt(seen.size)
    assert abs(seen.mean() - expected) < SURE * error, f"{seen.mean():g}, not {expected:g}"


# --- the chain of grades -------------------------------------------------------------------------


@pytest.mark.parametrize("start", range(4))
def test_bands_after_any_number_of_terms_are_those_of_the_chain(start: int) -> None:
    """By powers of its matrix. Fails if two moves happen in a term, or luck is shared or reused."""
    secure = series(chained(CHAIN, *[start] * 10, terms=12), 3_000, "secure_share")
    chances = np.eye(4)[start]
    for t in range(12):
        chances = chances @ CHAIN
        expected = chances[2:].sum()
        error = np.sqrt(expected * (1 - expected) / (10 * 3_000))
        assert abs(secure[:, t].mean() - expected) <= SURE * error, t


def test_in_the_long_run_bands_are_as_common_as_the_chain_says() -> None:
    """8/29, 12/29, 36/145 and 9/145, by detailed balance."""
    setting = chained(CHAIN, *[1] * 10, terms=400)
    late = (
        run(setting, 1_000, record=True).moves
        - run(replace(setting, terms=100), 1_000, record=True).moves
    )
    shares = late[:, :, 0] / late[:, :, 0].sum(axis=1, keepdims=True)
    for band, expected in enumerate((8 / 29, 12 / 29, 36 / 145, 9 / 145)):
        surely(shares[:, band], expected)


@pytest.mark.parametrize(("start", "expected"), [(1, 17.5), (2, 22.5), (3, 25.0)])
def test_terms_to_the_first_band_are_those_of_the_chain(start: int, expected: float) -> None:
    """With no way out of the first band: the terms that were spent in the others."""
    chain = CHAIN.copy()
    chain[0] = [1, 0, 0, 0]
    moves = run(chained(chain, *[start] * 5, terms=500), 1_500, record=True).moves
    assert moves[:, 0, 1].sum() == 0
    surely(moves[:, 1:, 0].sum(axis=1) / 5, expected)


@pytest.mark.parametrize(("start", "expected"), [(0, 500 / 9), (1, 440 / 9), (2, 340 / 9)])
def test_terms_to_the_last_band_are_those_of_the_chain(start: int, expected: float) -> None:
    chain = CHAIN.copy()
    chain[3] = [0, 0, 0, 1]
    moves = run(chained(chain, *[start] * 5, terms=1_000), 1_000, record=True).moves
    surely(moves[:, :3, 0].sum(axis=1) / 5, expected)


@pytest.mark.parametrize(("start", "expected"), [(0, 160 / 9), (1, 100 / 9), (2, 0.0)])
def test_terms_to_secure_are_those_of_the_chain(start: int, expected: float) -> None:
    """h0 = 1 + .85 h0 + .15 h1 and h1 = 1 + .10 h0 + .75 h1 give 160/9 and 100/9."""
    secured = run(chained(CHAIN, *[start] * 5, terms=500), 4_000).secured
    assert secured.min() >= 0
    if start == 2:
        assert secured.max() == 0
    else:
        surely(secured.mean(axis=1, dtype=float), expected)


# --- lead posts: a queue of finite source with repair for each ------------------------------------

LEAVES, FILLED, POSTS = 0.2, 0.3, 6


def posts(terms: int) -> Setting:
    held = {
        "lead_leaves": LEAVES, "lead_appoint": FILLED, "vision_retains": 0.0,
        "vision_recruits": 0.0, "pipeline_recruits": 0.0,
    }  # fmt: skip
    return made(2, 2, terms=terms, leads=float(POSTS), held=STEADY | held)


@pytest.mark.parametrize("term", [0, 1, 3, 29])
def test_posts_filled_are_binomial_at_every_term(term: int) -> None:
    """Each post on its own: filled with chance f + (1 - f)(1 - a - b)^(t + 1), f = b / (a + b).

    In the long run three in five: binomial, as in a queue of finite source with a repairer for each
    (Engset). Fails if a post may empty and fill in one term, or if posts share luck.
    """
    filled = series(posts(30), 20_000, "leads")[:, term]
    share = FILLED / (LEAVES + FILLED)
    chance = share + (1 - share) * (1 - LEAVES - FILLED) ** (term + 1)
    expected = stats.binom.pmf(np.arange(POSTS + 1), POSTS, chance) * filled.size
    seen = np.bincount(filled.astype(int), minlength=POSTS + 1)
    rare = expected < 5  # too few for a chi-square: counted with the next
    kept = np.append(expected[~rare], expected[rare].sum())
    statistic = ((np.append(seen[~rare], seen[rare].sum()) - kept) ** 2 / np.maximum(kept, 1)).sum()
    assert statistic < stats.chi2.ppf(0.9999, len(kept) - 1)


def test_every_post_is_filled_or_vacant() -> None:
    result = run(posts(20), 500, record=True).series
    total = result[:, :, SERIES.index("leads")] + result[:, :, SERIES.index("vacancies")]
    assert (total == POSTS).all()


def test_a_post_remembers_its_vacancy_as_its_own_chain_does() -> None:
    """Covariance of six posts on their own, some terms apart: f (1 - f) (1 - a - b)^lag / 6."""
    vacant = series(posts(40), 20_000, "vacancies") / POSTS
    f = FILLED / (LEAVES + FILLED)
    for lag in (1, 3):
        products = (vacant[:, 30] - (1 - f)) * (vacant[:, 30 + lag] - (1 - f))
        surely(products, f * (1 - f) * (1 - LEAVES - FILLED) ** lag / POSTS)


# --- the queue for support ------------------------------------------------------------------------


def waiting_line(schools: int, days: float, terms: int) -> Setting:
    """Schools alike, each in need of 12 days, that rise surely when served and never else.

    The trust does not see that they have risen, and goes on serving them in turn.
    """
    held = NEUTRAL | STEADY | {
        "need_attention": 12.0, "need_secure": 2.0, "need_strong": 2.0, "lead_days": days,
        "sense_floor": 0.0, "sense_full": 0.0, "process": 1.0, "attention_min": 60.0,
        "attention_max": 70.0, "exec_span": 5.0, "lead_span": 5.0,
    }  # fmt: skip
    setting = made(
        *[1] * schools, terms=terms, leads=1.0, held=held, executive_alone=20, schools_per_lead=20
    )
    params, derived, school = setting.params.copy(), setting.derived.copy(), setting.school.copy()
    params["support_rise_odds"] = 1e15  # beyond any range: served or not is all that counts
    derived["rise"], derived["fall"], school["join_term"] = 1e-9, 0.0, 0
    return replace(setting, params=params, derived=derived, school=school)


def served_again(setting: Setting) -> list[int]:
    """Schools served for the second time in each term: those that rise from secure."""
    rises = [
        int(run(replace(setting, terms=terms), 1, record=True).moves[0, 2, 1])
        for terms in range(setting.terms + 1)
    ]
    return np.diff(rises).tolist()


def test_schools_alike_are_served_in_turn_and_the_longest_waiting_first() -> None:
    """Two of five a term: 0 1, 2 3, 4 0, 1 2, 3 0, 4 1.

    Fails if waiting is not counted, is not reset, or if ties do not go by place in the file.
    """
    setting = waiting_line(5, 24.0, 6)
    assert run(setting, 1).secured[0].tolist() == [1, 1, 2, 2, 3]
    assert served_again(setting) == [0, 0, 1, 2, 1, 1]


def test_a_school_served_in_part_keeps_its_place_in_the_line() -> None:
    """Two and a half of five a term: 0 1 half of 2, then 2 3 half of 4, then 4 before all."""
    setting = waiting_line(5, 30.0, 3)
    assert run(setting, 1).secured[0].tolist() == [1, 1, 1, 2, 2]
    # Again: 2 in the second term; 4 in the third, with 0 and half of 1.
    assert served_again(setting) == [0, 1, 3]


@pytest.mark.parametrize("schools", [3, 4, 6])
def test_one_at_a_time_each_waits_for_those_before_it(schools: int) -> None:
    """First served in term 1, 2, ... k, and each again k terms later: waits of k - 1."""
    setting = waiting_line(schools, 12.0, 2 * schools)
    assert run(setting, 1).secured[0].tolist() == list(range(1, schools + 1))
    assert served_again(setting) == [0] * schools + [1] * schools


@pytest.mark.parametrize(("days", "unmet"), [(0.0, 1.0), (18.0, 0.7), (36.0, 0.4), (99.0, 0.0)])
def test_no_day_is_lost_while_a_school_waits(days: float, unmet: float) -> None:
    """Five schools in need of 12 days: what is not met is 1 less the days there are over 60."""
    setting = waiting_line(5, max(days, 1e-9), 8)
    derived = setting.derived.copy()
    derived["rise"] = 0.0
    seen = series(replace(setting, derived=derived), 1, "unmet_share")
    assert seen == pytest.approx(np.full((1, 8), unmet), abs=1e-9)


# --- the golden rule ------------------------------------------------------------------------------

COUNTED: list[tuple[tuple[int, ...], tuple[tuple[int, int], ...], dict[str, Any], list[float]]] = [
    # Three providers carry one weak school at three to one; four leave one over.
    ((2, 2, 3, 1), (), {}, [0, 0, 0, 0]),
    ((2, 2, 3, 2, 1), (), {}, [1, 1, 1, 1]),
    # An urgent school that weighs two takes six.
    ((2, 3, 2, 0, 1), (), {"weight_urgent": 2.0}, [-6, -6, -6, -6]),
    # A joiner that is weak counts from the day it joins, one that is sound once it has settled.
    ((2, 2, 2), ((1, 1),), {}, [3, 0, 0, 0]),
    ((2, 2, 1), ((0, 3),), {}, [-1, -1, 0, 0]),
    ((2, 2, 1), ((1, 2), (2, 1)), {}, [-1, -1, -4, -3]),
    # Two to one, and half a weight for a school that needs attention.
    ((2, 2, 1, 1), (), {"providers_per_weight": 2.0, "weight_attention": 0.5}, [0, 0, 0, 0]),
    # An unrated school is neutral.
    ((-1, 2, 2, 2, 1), (), {}, [0, 0, 0, 0]),
]


@pytest.mark.parametrize(("bands", "joiners", "policy", "margins"), COUNTED)
def test_golden_rule_counts_by_hand(
    bands: tuple[int, ...],
    joiners: tuple[tuple[int, int], ...],
    policy: dict[str, Any],
    margins: list[float],
) -> None:
    """Providers less those asked for. Fails if settling, weights or dates of joining are off."""
    held = {"settle_terms": 2.0} | STEADY
    setting = made(*bands, joiners=joiners, terms=4, held=held, grace_terms=1, **policy)
    result = run(setting, 4, record=True)
    assert (result.series[:, :, SERIES.index("golden_margin")] == margins).all()
    below = [t for t in range(1, 4) if margins[t] < 0 and margins[t - 1] < 0]
    assert (result.breach[:, 0] == (below[0] if below else -1)).all()


def test_a_school_with_no_days_to_give_is_no_provider() -> None:
    setting = made(2, 2, 2, 1)
    setting.school["days"][0] = 0.0
    assert series(setting, 1, "golden_margin")[0, 0] == -1


# --- support at its limits ------------------------------------------------------------------------

RATES = (
    "rise_urgent", "rise_attention", "rise_secure", "fall_attention", "fall_secure", "fall_strong"
)  # fmt: skip
MOVES = [(0, 1), (1, 1), (2, 1), (1, 2), (2, 2), (3, 2)]  # band, and 1 for rising or 2 for falling


@pytest.mark.parametrize(("band", "way"), MOVES)
@pytest.mark.parametrize("full", [False, True])
def test_with_no_support_and_with_full_support_odds_are_in_closed_form(
    band: int, way: int, full: bool
) -> None:
    """Dose 0: rising at the bare odds, falling at `unsupported_fall_odds` times; dose 1: at
    `support_rise_odds` times, and at the bare odds. A settled school with a head in post.
    """
    held = dict.fromkeys(RATES, 0.1) | {
        "support_rise_odds": 3.0, "unsupported_fall_odds": 2.0, "process": 1.0,
        "lead_days": 60.0 if full else 0.0, "exec_span": 10.0,
    }  # fmt: skip
    setting = made(*[band] * 4, leads=10.0 if full else 0.0, held=held, executive_alone=20)
    derived = setting.derived.copy()
    derived["frail_share"] = 0.0
    moves = run(replace(setting, derived=derived), 20_000, record=True).moves[:, band]
    bare = float((derived["rise"] if way == 1 else derived["fall"])[0, band])
    factor = (3.0 if full else 1.0) if way == 1 else (1.0 if full else 2.0)
    expected = bare * factor / (1 + bare * factor)
    assert moves[:, 0].sum() == 80_000
    error = np.sqrt(expected * (1 - expected) / 80_000)
    assert abs(moves[:, way].sum() / 80_000 - expected) < SURE * error


# --- days and money -------------------------------------------------------------------------------

PRICES = {
    "need_attention": 12.0, "need_secure": 2.0, "exec_span": 5.0, "lead_span": 5.0,
    "leads_to_release": 1.0, "provider_days_secure": 4.0, "commitment": 0.6,
    "joiner_commitment": 0.6, "distance_dilution": 0.0, "sle_day_cost": 250.0,
    "lead_cost": 90_000.0, "central_share": 0.7, "in_year_balance": 0.01,
    "income_primary": 6_000.0, "joining_grant": 50_000.0, "joining_cost": 40_000.0,
    "joiner_reserves_share": 0.05, "intelligence_cost": 9_000.0, "settle_terms": 9.0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("leads", "days", "lent", "unmet"),
    [
        # Two secure schools offer 4 x 0.6 = 2.4 days each, all to the weak one; they get none.
        (0.0, 0.0, 4.8, 1 - 4.8 / 16),
        # Nine days of the executive go to the weak school first, and three more are lent.
        (0.0, 9.0, 3.0, 4 / 16),
        # A quarter of a lead and three quarters of the executive give as many, and are paid for.
        (0.25, 9.0, 3.0, 4 / 16),
        # One lead has more than enough.
        (1.0, 36.0, 0.0, 0.0),
    ],
)
def test_days_and_reserves_of_a_still_trust_by_hand(
    leads: float, days: float, lent: float, unmet: float
) -> None:
    """A school of 300 pupils joins in the third term, with reserves and a grant, at a cost."""
    setting = made(
        2, 2, 1, joiners=((2, 2),), terms=5, leads=leads, top_slice=0.05,
        held=STEADY | PRICES | {"lead_days": days}, intelligence_investment=0.5, executive_alone=10,
    )  # fmt: skip
    seen = run(setting, 1, record=True).series[0]
    assert seen[:2, SERIES.index("unmet_share")] == pytest.approx([unmet] * 2)
    reserves, expected = 1_000_000.0, []
    for t in range(5):
        schools = 3 if t < 2 else 4
        income = schools * 300 * 6_000.0
        if t == 2:
            reserves += 0.05 * 300 * 6_000 + 50_000 - 40_000
        yearly = income * 0.05 * 0.3 + income * 0.01 - leads * 90_000 - 0.5 * 9_000 * schools
        reserves += yearly / 3 - lent * 250
        expected.append(reserves / income)
    assert seen[:, SERIES.index("reserves_share")] == pytest.approx(expected, rel=1e-12)


def test_days_lent_never_exceed_those_offered_however_great_the_need() -> None:
    """Money shows it: with need without end, a trust pays for the days its providers offer."""
    held = STEADY | PRICES | {"lead_days": 0.0}
    few = made(2, 2, 0, held=held | {"need_urgent": 5.0}, executive_alone=10)
    many = made(2, 2, 0, 0, 0, held=held | {"need_urgent": 90.0}, executive_alone=10)
    for setting, lent in ((few, 4.8), (many, 4.8)):
        income = len(setting.school) * 300 * 6_000.0
        kept = series(setting, 1, "reserves_share")[0, 0] * income
        assert 1_000_000 + income * (0.05 * 0.3 + 0.01) / 3 - kept == pytest.approx(lent * 250)
