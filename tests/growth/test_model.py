"""What must be true of the model whatever the trust: conservation, centring, limits, windows.

Checked on the oracle, which the compiled model equals to the last bit (`test_oracle.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.growth.settings import declared_model, random_setting
from workbench.growth.derive import FALLS, RISES, frailty, new_head_share
from workbench.growth.oracle import Oracle
from workbench.growth.oracle_parts import (
    School,
    chance,
    fall_odds,
    hazard,
    in_dip,
    rise_odds,
)
from workbench.growth.simulate import run


class Watched(Oracle):
    """An oracle that keeps what each term's support and money looked like."""

    def __init__(self, seed: int) -> None:
        self.seen: list[tuple[float, ...]] = []
        super().__init__(random_setting(seed, draws=1, intelligence_investment=0.4), 0, 1)

    def _support(self, t: int) -> None:
        super()._support(t)
        members = [s for s in self.schools if s.active]
        for s in members:
            assert 0.0 <= s.lent <= s.offered + 1e-9
            assert 0.0 <= s.received <= s.need + 1e-9
            assert 0.0 <= s.dose <= 1.0
        led = self.p.lead_days * (self.span / self.p.lead_span)  # by leads, or the executive
        supplied = led - self.pool + sum(s.lent for s in members)
        assert sum(s.received for s in members) <= supplied + 1e-9, "days appear from nowhere"
        assert self.pool >= 0.0

    def _account(self) -> None:
        before, lent = self.reserves, sum(s.lent for s in self.schools if s.active)
        super()._account()
        p, policy = self.p, self.policy
        earned = self.income * (policy.top_slice * (1 - p.central_share) + p.in_year_balance) / 3
        members = sum(s.active for s in self.schools)
        leads = sum(post.fte for post in self.posts if post.in_post) * p.lead_cost / 3
        invested = policy.intelligence_investment * p.intelligence_cost * members / 3
        spent = leads + invested + lent * p.sle_day_cost
        assert self.reserves - before == pytest.approx(earned - spent, rel=1e-9, abs=1e-4)

    def _improve(self, t: int, luck: dict[int, list[float]]) -> None:
        before = {s.number: s.true for s in self.schools}
        super()._improve(t, luck)
        for s in self.schools:
            assert abs(s.true - before[s.number]) <= (1 if s.active else 0)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_days_and_money_are_conserved_and_quality_moves_one_band_at_most(seed: int) -> None:
    watched = Watched(seed)
    shares = np.array(watched.series)[:, [1, 2, 3, 6, 7, 8, 9]]
    assert shares.min() >= 0
    assert shares.max() <= 1


BANDS = ("urgent", "attention", "secure", "strong")
RATES = (*RISES, *FALLS)


def reference_school(seed: int, band: int) -> tuple[Oracle, School]:
    """A settled school with a head in post, at the average dose of its band."""
    oracle = Oracle(random_setting(seed, draws=1, terms=1), 0, 1)
    school = oracle.schools[0]
    school.joined, school.head_effect, school.lent = -30, 0, 0.0
    school.true, school.dose = band, float(getattr(oracle.p, f"mean_dose_{BANDS[band]}"))
    return oracle, school


@pytest.mark.parametrize(
    ("band", "name"), [(0, "rise_urgent"), (1, "rise_attention"), (2, "rise_secure")]
)
def test_rising_at_average_causes_averages_to_the_rate_declared(band: int, name: str) -> None:
    """Over frail and sound schools of the band, whatever was drawn, with a trust effect of 1."""
    for seed in range(20):
        oracle, school = reference_school(seed, band)
        p = oracle.p
        shares, _ = frailty(oracle.setting.params)
        other = p.trust_odds * getattr(p, f"adjust_{name}")
        fade = 1 + (p.joining_odds - 1) * p.mean_fade
        chances = {}
        for frail in (False, True):
            school.frail = frail
            chances[frail] = chance(rise_odds(p, oracle.derived, school, 0) * fade / other)
        mean = chances[False] + shares[0, band] * (chances[True] - chances[False])
        assert mean == pytest.approx(getattr(p, name), rel=1e-9)


def test_frail_schools_gather_below_and_are_the_declared_share_of_the_weak() -> None:
    """Against the long-run joint distribution of band and frailty, by eigenvector."""
    for seed in range(10):
        params = random_setting(seed, draws=1, terms=1).params
        shares, sound = frailty(params)
        p = {name: float(params[name][0]) for name in (*RATES, "frail_share", "frail_odds")}
        mixes = []
        for ratio in (1.0, p["frail_odds"]):
            rises = [chance(ratio * float(odds)) for odds in sound[0]] + [p["rise_secure"]]
            falls = [p["fall_attention"], p["fall_secure"], p["fall_strong"]]
            chain = np.diag(rises, 1) + np.diag(falls, -1)
            chain += np.diag(1 - chain.sum(axis=1))
            values, vectors = np.linalg.eig(chain.T)
            mix = np.real(vectors[:, np.argmax(np.real(values))])
            mixes.append(mix / mix.sum())
        # Frail schools of the whole population, such that the weak have the declared share.
        weak = [mix[:2].sum() for mix in mixes]
        frail = p["frail_share"] * weak[0]
        frail /= frail + (1 - p["frail_share"]) * weak[1]
        joint = np.array([(1 - frail) * mixes[0], frail * mixes[1]])
        assert shares[0] == pytest.approx(joint[1] / joint.sum(axis=0), rel=1e-9)
        for band, name in enumerate(("rise_urgent", "rise_attention")):
            rate = sum(
                share * chance(ratio * float(sound[0, band]))
                for share, ratio in zip(
                    (1 - shares[0, band], shares[0, band]), (1.0, p["frail_odds"]), strict=True
                )
            )
            assert rate == pytest.approx(p[name], rel=1e-9)


@pytest.mark.parametrize(("share", "ratio"), [(0.0, 0.2), (0.5, 0.01), (0.14, 1.0)])
def test_frailty_has_a_balance_at_the_ends_of_its_ranges(share: float, ratio: float) -> None:
    held = {"frail_share": share, "frail_odds": ratio}
    shares, sound = frailty(random_setting(1, draws=1, terms=1, held=held).params)
    assert ((shares >= 0) & (shares < 1)).all()
    assert (sound > 0).all()
    if ratio == 1.0:
        assert shares[0] == pytest.approx([share] * 4)


@pytest.mark.parametrize(
    ("band", "name"), [(1, "fall_attention"), (2, "fall_secure"), (3, "fall_strong")]
)
def test_odds_of_falling_average_to_those_declared_over_the_reference_population(
    band: int, name: str
) -> None:
    for seed in range(20):
        oracle, school = reference_school(seed, band)
        p, total = oracle.p, 0.0
        for weight, turnover, stretch, dip in reference_mixture(oracle):
            school.head_effect = int(turnover)
            school.joined = 0 if dip else -30
            total += weight * fall_odds(p, oracle.derived, school, 0, stretch)
        assert chance(total / getattr(p, f"adjust_{name}")) == pytest.approx(
            getattr(p, name), rel=1e-9
        )


def reference_mixture(oracle: Oracle) -> Iterator[tuple[float, bool, float, bool]]:
    """Weights of with and without a new head, overstretch and dip, independent of each other."""
    p, new_heads = oracle.p, float(new_head_share(oracle.setting.params)[0])
    shares = [new_heads, p.mean_stretch, p.mean_dip]
    for turnover in (False, True):
        for stretched in (False, True):
            for dip in (False, True):
                weights = [
                    share if there else 1 - share
                    for share, there in zip(shares, (turnover, stretched, dip), strict=True)
                ]
                yield float(np.prod(weights)), turnover, float(stretched), dip


def test_the_share_of_new_heads_is_that_of_the_heads_own_chain() -> None:
    """Against the long-run distribution of a head's terms in post, by eigenvector."""
    for seed in range(5):
        params = random_setting(seed, draws=1, terms=1).params
        new, later = float(params["head_leaves_new"][0]), float(params["head_leaves"][0])
        leaves = np.array([new] * 3 + [later] * 9)  # by terms in post; the last is "this or more"
        chain = np.diag(1 - leaves[:-1], 1)
        chain[:, 0] += leaves
        chain[-1, -1] += 1 - leaves[-1]
        values, vectors = np.linalg.eig(chain.T)
        mix = np.real(vectors[:, np.argmax(np.real(values))])
        within = mix[: int(params["head_effect_terms"][0])].sum() / mix.sum()
        assert float(new_head_share(params)[0]) == pytest.approx(within, rel=1e-9)


def test_more_support_never_harms_and_strain_never_helps() -> None:
    oracle, school = reference_school(1, 1)
    p = oracle.p
    doses = np.linspace(0, 1, 11)

    def at(dose: float, stretch: float = 0.0) -> tuple[float, float]:
        school.dose = float(dose)
        rises = rise_odds(p, oracle.derived, school, 0)
        return rises, fall_odds(p, oracle.derived, school, 0, stretch)

    rises, falls = zip(*(at(dose) for dose in doses), strict=True)
    assert list(rises) == sorted(rises)
    assert list(falls) == sorted(falls, reverse=True)
    assert at(0.5, 0.5)[1] > at(0.5, 0.0)[1]
    school.joined = 0
    assert in_dip(p, school, 0)
    assert at(0.5)[1] > falls[5]


def test_inspection_comes_within_its_window_and_at_the_latest_at_its_end() -> None:
    oracle, school = reference_school(2, 2)
    p = oracle.p
    school.inspected = 2
    school.since = int(p.routine_min) - 1
    assert hazard(p, school) == 0.0
    survival = 1.0
    for since in range(int(p.routine_min), int(p.routine_max) + 1):
        school.since = since
        # Uniform over the window: each term takes the same share of schools.
        taken = survival * hazard(p, school)
        assert taken == pytest.approx(1 / (p.routine_max - p.routine_min + 1))
        survival -= taken
    assert survival == pytest.approx(0.0, abs=1e-12)


def test_rates_at_their_floor_leave_schools_nearly_still() -> None:
    model = declared_model()
    rates = {name: quantity for name, quantity in model.improve if name[:4] in ("rise", "fall")}
    low = {name: quantity.range[0] for name, quantity in rates.items()}
    still = run(random_setting(6, draws=50, joiners=0, held=low), 200, record=True).series[:, :, 2]
    usual = run(random_setting(6, draws=50, joiners=0), 200, record=True).series[:, :, 2]

    def moved(shares: npt.NDArray[np.float64]) -> float:
        return float((shares[:, 1:] != shares[:, :-1]).mean())

    assert moved(still) < moved(usual) / 10


def test_overdue_inspections_do_not_all_come_at_once() -> None:
    oracle, school = reference_school(3, 2)
    school.inspected = 2
    school.since = int(oracle.p.routine_max) + 1
    assert hazard(oracle.p, school) == oracle.p.overdue < 1


def test_heads_turn_over_as_often_as_the_centring_assumes() -> None:
    """The long-run share of school terms with a new head, in the model and in its centring."""
    shares = []
    for seed in range(40):
        watched = HeadsWatched(random_setting(seed, draws=1, joiners=0, terms=40), 0, 1)
        shares.append(
            [float(np.mean(watched.new)), float(new_head_share(watched.setting.params)[0])]
        )
    seen, assumed = np.mean(shares, axis=0)
    # Heads in their first year leave a little oftener, and interventions change heads.
    assert assumed == pytest.approx(seen, abs=0.03)


class HeadsWatched(Oracle):
    """An oracle that counts school terms within the effect of a change of head."""

    def _improve(self, t: int, luck: dict[int, list[float]]) -> None:
        if t == 0:
            self.new: list[bool] = []
        if t >= 10:
            self.new += [s.head_effect > 0 for s in self.schools if s.active]
        super()._improve(t, luck)


def test_frail_schools_are_the_declared_share_of_weak_ones_also_in_the_long_run() -> None:
    """Frailty at the start leaves the share of frail among the weak about where it was."""
    counts = np.zeros((2, 2))
    for seed in range(60):
        setting = random_setting(seed, draws=1, joiners=0, terms=30)
        oracle = Oracle(setting, 0, 1)
        for school in oracle.schools:
            if school.true <= 1:
                counts[1] += school.frail, 1
    assert counts[1, 1] > 50
    declared = declared_model().start.frail_share.value
    assert counts[1, 0] / counts[1, 1] == pytest.approx(declared, abs=0.1)
