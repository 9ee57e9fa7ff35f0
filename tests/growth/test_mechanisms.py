"""Each mechanism does what the specification says, on cases small enough to work by hand.

Checked on the oracle, which the compiled model equals to the last bit (`test_oracle.py`): a mistake
made in both would be found here and nowhere else.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.growth.settings import declared_model, random_setting
from workbench.growth.derive import derive
from workbench.growth.kernel.layout import SCHOOL
from workbench.growth.oracle import Oracle
from workbench.growth.oracle_parts import Post, School
from workbench.growth.setting import Setting
from workbench.growth.simulate import run

# Nothing is left to chance but what a test asks for.
STILL = {
    "rise_urgent": 0.001, "rise_attention": 0.001, "rise_secure": 0.0001,
    "fall_attention": 0.0001, "fall_secure": 0.0001, "fall_strong": 0.0001,
    "error_low": 0.0, "error_high": 0.0, "lead_leaves": 0.0, "head_leaves": 0.0001,
    "head_leaves_new": 0.0001,
}  # fmt: skip


def made(*bands: int, joiners: tuple[tuple[int, int], ...] = (), terms: int = 1, leads: float = 0.0,
         held: dict[str, float] | None = None, **policy: Any) -> Setting:  # fmt: skip
    """A trust of settled schools at one place, each truly and knowingly in its band.

    Args:
        bands: Band of each school of the trust.
        joiners: Joining term and band of each joiner.
        terms: Terms simulated.
        leads: Improvement leads in post.
        held: Parameters held, beside `STILL`.
        policy: Levers and limits.
    """
    base = random_setting(1, draws=1, joiners=0, terms=terms, held=STILL | (held or {}), **policy)
    count = len(bands) + len(joiners)
    school = np.zeros(count, SCHOOL)
    school["key"] = 1 + np.arange(count)
    school["existing"] = np.arange(count) < len(bands)
    school["pupils"] = 300
    school["join_term"] = [-30] * len(bands) + [term for term, _ in joiners]
    school["rated"] = [*bands, *(band for _, band in joiners)]
    school["days"], school["head_terms"] = -1, 30
    below = np.array([[float(band <= b) for b in range(3)] for band in school["rated"]])[None]
    params = base.params.copy()
    params["leads"], params["lead_vacancies"] = leads, 0
    params["sle_trained"], params["reserves"] = 1.0, 1e6
    return replace(
        base,
        params=params,
        derived=derive(params),
        school=school,
        below=below,
        place=np.zeros((count, 2)),
        seed=1,
    )


def lived(setting: Setting) -> Oracle:
    return Oracle(setting, 0, 1)


def test_support_goes_to_the_worst_known_first_then_to_the_longest_waiting() -> None:
    alone = {"lead_days": 40.0, "exec_span": 1e-9}  # the executive gives no days of its own
    oracle = lived(made(1, 0, 1, 2, terms=1, leads=0.5, held=alone))
    attention, urgent, later, secure = oracle.schools
    for s in oracle.schools:
        s.offered = 0.0
    later.waiting, attention.waiting = 5, 1
    oracle.schools[3].known = 2
    oracle.p.provider_days_secure = 0.0
    oracle._support(1)
    # 20 days of leads: the urgent school's need is met as far as they go, nothing is left after it.
    need = urgent.need
    assert need > 20
    assert urgent.received == pytest.approx(20)
    assert attention.received == later.received == secure.received == 0
    oracle.span = (need + 5) / oracle.p.lead_days * oracle.p.lead_span
    oracle._support(2)
    assert urgent.received == pytest.approx(need)
    assert later.received == pytest.approx(5), "it has waited longer"
    assert attention.received == 0


def test_a_joiner_provides_only_once_settled_and_never_in_a_category() -> None:
    oracle = lived(made(1, joiners=((0, 2),), terms=6, held={"settle_terms": 3.0}))
    joiner = oracle.schools[1]
    offers = []
    for t in range(6):
        oracle._support(t)
        offers.append(joiner.offered > 0)
    assert offers == [False, False, False, True, True, True]
    joiner.inspected = 0
    oracle._support(9)
    assert joiner.offered == 0


def test_commitment_dilutes_to_the_school_weighted_mean_and_more_with_distance() -> None:
    near = made(2, 2, 2, joiners=((0, 2),), held={"joiner_commitment": 0.2, "commitment": 0.8})
    oracle = lived(near)
    oracle.commitment = 0.8
    oracle.schools[3].active = False
    oracle._join(0)
    assert oracle.commitment == pytest.approx((3 * 0.8 + 0.2) / 4)
    oracle.commitment, oracle.schools[3].active = 0.8, False
    hour = oracle.p.road_speed / oracle.p.road_factor
    oracle.km[3][-1] = hour
    oracle._join(0)
    kept = 1 - oracle.p.distance_dilution
    assert oracle.commitment == pytest.approx((3 * 0.8 + 0.2 * kept) / 4)


@pytest.mark.parametrize(("grace", "first"), [(0, 0), (2, 2), (4, 4)])
def test_a_golden_rule_breach_counts_once_the_grace_is_over(grace: int, first: int) -> None:
    """Two providers cannot carry one weak school at three to one: broken in every term."""
    setting = made(2, 2, 1, terms=6, grace_terms=grace, held={"sense_floor": 0.0})
    assert lived(setting).breach["golden rule"] == first


@pytest.mark.parametrize(
    ("bands", "margin"),
    [((2, 2, 2, 1), 0.0), ((2, 3, 2, 2, 1), 1.0), ((2, 2, 2, 0), -3.0), ((2, 2), 2.0)],
)
def test_golden_rule_margin_by_hand(bands: tuple[int, ...], margin: float) -> None:
    """Providers less three for each weak school, an urgent one weighing 2 here."""
    setting = made(*bands, weight_urgent=2.0)
    assert lived(setting).golden_margin == margin


def test_an_inspection_errs_low_and_high_as_often_as_declared() -> None:
    def seen(low: float, high: float) -> int:
        oracle = lived(made(2, held={"error_low": low, "error_high": high}))
        school = oracle.schools[0]
        school.since, oracle.p.routine_min = 60, 0.0
        oracle._inspect({0: [0.5, 0.5, 0.0, 0.1]})
        below = school.inspected
        oracle.p.overdue, school.since = 1.0, 60
        oracle._inspect({0: [0.5, 0.5, 0.0, 0.9]})
        return 10 * below + school.inspected

    assert seen(0.2, 0.0) == 12, "a low draw errs one band down; a high one does not"
    assert seen(0.0, 0.2) == 23, "a high draw errs one band up; a low one does not"


def appointed(vision: float, pipeline: float) -> float:
    """The highest draw at which a vacancy is filled."""
    oracle = lived(made(2))
    oracle.vision, oracle.pipeline = vision, pipeline
    for arriving in np.linspace(0.999, 0.001, 999):
        post = Post()
        oracle._fill_or_empty(post, 1.0, (1.0, float(arriving)), vision - oracle.p.vision_middling)
        if post.in_post:
            return float(arriving)
    return 0.0


def test_vision_and_pipeline_help_to_appoint_and_vision_keeps_leads() -> None:
    assert appointed(0.9, 0.0) > appointed(0.5, 0.0) > appointed(0.1, 0.0)
    assert appointed(0.5, 0.6) > appointed(0.5, 0.0)
    oracle = lived(made(2, held={"lead_leaves": 0.1}))
    kept = []
    for vision in (0.1, 0.9):
        post = Post(1.0, 5, in_post=True)
        oracle._fill_or_empty(post, 1.0, (0.095, 1.0), vision - oracle.p.vision_middling)
        kept.append(post.in_post)
    assert kept == [False, True]


def test_joining_brings_reserves_and_a_grant_and_costs_more_for_a_weak_school() -> None:
    for band, extra in ((2, 0.0), (1, 60_000.0)):
        held = {"joining_grant": 50_000.0, "joining_cost": 40_000.0, "joining_cost_weak": 60_000.0}
        oracle = lived(made(2, 2, joiners=((5, band),), held=held, terms=1))
        joiner, before = oracle.schools[2], oracle.reserves
        oracle._let_in(5, joiner)
        brought = oracle.p.joiner_reserves_share * 300 * oracle.p.income_primary
        assert oracle.reserves - before == pytest.approx(brought + 50_000 - 40_000 - extra)


def sensed(**levels: float) -> float:
    """The highest draw at which a change is seen."""
    oracle = lived(made(2))
    oracle.intelligence, oracle.vision = levels.get("intelligence", 0.5), levels.get("vision", 0.5)
    oracle.p.assurance = levels.get("assurance", 0.5)
    school = oracle.schools[0]
    for sight in np.linspace(0.999, 0.001, 999):
        school.true, school.known = 1, 2
        oracle._sense(5, {0: [0.5, float(sight), 0.5, 0.5]})
        if school.known == 1:
            return float(sight)
    return 0.0


def test_intelligence_assurance_and_vision_sharpen_what_the_trust_sees() -> None:
    for level in ("intelligence", "assurance", "vision"):
        assert sensed(**{level: 0.9}) > sensed(**{level: 0.1}), level
    assert sensed(intelligence=1.0, assurance=1.0, vision=1.0) == pytest.approx(
        declared_model_draw("sense_full"), abs=0.002
    )


def declared_model_draw(name: str) -> float:
    return float(made(2).params[name][0])


def test_what_is_not_sensed_is_not_supported() -> None:
    oracle = lived(made(1, 2, 2, leads=2.0))
    school = oracle.schools[0]
    school.true, school.known = 0, 2
    oracle._plan()
    oracle._support(1)
    assert school.received <= oracle.p.need_secure
    assert school.dose < 0.2


def test_the_executive_covers_schools_alone_and_steps_back_as_leads_arrive() -> None:
    spans = []
    for fte in (0.0, 0.5, 1.0, 2.0):
        oracle = lived(made(2, 2))
        oracle.posts = [Post(1.0, 99, in_post=True) for _ in range(int(fte))]
        oracle.posts += [Post(fte % 1, 99, in_post=True)] if fte % 1 else []
        oracle._plan()
        spans.append(oracle.span)
    executive, lead = (declared_model_draw(name) for name in ("exec_span", "lead_span"))
    assert spans == pytest.approx([executive, 0.5 * lead + 0.5 * executive, lead, 2 * lead])


def test_overstretch_begins_after_its_terms_over_cover_and_raises_falls() -> None:
    oracle = lived(made(*[2] * 8, terms=1))
    seen = []
    oracle.in_a_row["over"] = 0
    for _ in range(4):
        oracle._plan()
        seen.append(oracle.stretch > 0)
    wait = int(oracle.p.overstretch_terms)
    assert seen == [False] * (wait - 1) + [True] * (5 - wait)
    assert oracle.stretch == pytest.approx(1 - oracle.span / 8)


def test_a_new_lead_ramps_up() -> None:
    oracle = lived(made(2, held={"ramp_terms": 2.0}))
    found = []
    for terms in range(4):
        oracle.posts = [Post(1.0, terms, in_post=True)]
        oracle._plan()
        found.append(oracle.lead_fte)
    assert found == pytest.approx([1 / 3, 2 / 3, 1, 1])


def test_leads_are_hired_ahead_of_planned_schools() -> None:
    posts = []
    for ahead in (0, 3):
        setting = made(2, 2, 2, 2, joiners=((3, 2), (3, 2)), hire_ahead_terms=ahead)
        posts.append(math.ceil(lived(setting)._leads_wanted(0)))
    assert posts == [0, 2], "six schools at 5.5 to a lead need two; four need none"


def test_vision_decays_unless_revisited() -> None:
    left = lived(made(2, terms=4, vision_revisit_terms=0))
    kept = lived(made(2, terms=4, vision_revisit_terms=2))
    start = declared_model_draw("vision")
    assert left.vision == pytest.approx(start * (1 - left.p.vision_decay) ** 4)
    assert kept.vision > left.vision


def test_lending_beyond_slack_a_new_head_and_distance_cost_something() -> None:
    oracle = lived(made(1, 2, leads=0.0, held={"exec_span": 1e-9}))
    provider: School = oracle.schools[1]
    near = oracle.schools[0].received
    oracle.km[0][1] = 60.0
    oracle._support(1)
    assert 0 < oracle.schools[0].received < near
    assert provider.lent > 0


def test_every_parameter_of_the_model_moves_something() -> None:
    """No declared number is for show: nudging any one changes some trajectory somewhere."""
    # These act before a trajectory begins: see tests/scenario and test_reference.py.
    before_the_kernel = ("prior_", "unrated_", "joiner_since_inspection", "reference_")
    ranges = declared_ranges().items()
    looked_at = {name: ends for name, ends in ranges if not name.startswith(before_the_kernel)}
    assert [name for name, ends in looked_at.items() if not moves(name, *ends)] == []


def moves(name: str, low: float, high: float) -> bool:
    """Whether a parameter held at one end or the other gives different trajectories."""
    policies: tuple[dict[str, Any], ...] = (
        {"intelligence_investment": 0.6, "offered": 1, "offer_chance": 0.5, "gate": 1},
        {},
    )

    def trajectories(seed: int, value: float, policy: dict[str, Any]) -> bytes:
        setting = random_setting(seed, draws=10, held={name: value}, **policy)
        return run(setting, 400, record=True).series.tobytes()

    return any(
        trajectories(seed, low, policy) != trajectories(seed, high, policy)
        for policy in policies
        for seed in (3, 8, 21, 34)
    )


def declared_quantities() -> list[tuple[str, Any]]:
    found = declared_model().quantities()
    return [(d.rsplit(".", 1)[-1], q) for d, q in found if ".oeif." not in d]


def declared_ranges() -> dict[str, tuple[float, float]]:
    """A tenth in from both ends of each parameter's range."""
    return {
        name: (
            0.9 * q.range[0] + 0.1 * q.range[1],
            0.1 * q.range[0] + 0.9 * q.range[1],
        )
        for name, q in declared_quantities()
    }


def test_an_executive_that_leads_improvement_itself_gives_days_for_it() -> None:
    """Its span counts in days as a lead's does; as leads arrive, it steps back from both."""
    held = {"exec_span": 4.0, "lead_span": 5.0, "lead_days": 30.0, "leads_to_release": 1.0}
    days = []
    for leads in (0.0, 0.5, 1.0, 2.0):
        oracle = lived(made(1, 1, 1, 1, leads=leads, held=held | {"need_attention": 100.0}))
        days.append(sum(school.received for school in oracle.schools))
    assert days == pytest.approx([30 * 0.8, 30 * (0.5 + 0.8 * 0.5), 30.0, 60.0])


def test_looking_away_keeps_no_provider_for_the_golden_rule() -> None:
    """Providers count by their last judgement: what the trust has seen since changes nothing."""
    oracle = lived(made(2, 2, 2, 1))
    before = oracle._golden_margin(1)
    oracle.schools[0].known = 1
    assert oracle._golden_margin(1) == before
    oracle.schools[0].inspected = 1
    assert oracle._golden_margin(1) == before - 1 - 3
    oracle.schools[1].given.days = 0.0
    assert oracle._golden_margin(1) == before - 2 - 3, "it has declared that it has no day to give"
