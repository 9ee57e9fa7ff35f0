"""Random trusts of every size and staffing, and changes that ought to help each of them to grow."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from tests.growth.settings import DEFAULT_POLICY, declared_model
from workbench.growth.derive import derive
from workbench.growth.draws import as_records, draw_parameters
from workbench.growth.kernel.layout import POLICY, SCHOOL, STRONG, UNRATED
from workbench.growth.setting import Records, Setting, one_record
from workbench.parameters.distributions import Floats
from workbench.scenario.bands import start_chances

SEED = 2026
LEVELS = ("vision", "commitment", "intelligence", "process", "assurance")
SURENESS = 20.0  # a level known as well as from 20 yes-or-no answers
FIRST_URN = 900_000
BANDS = (-1, 0, 1, 2, 3)
BANDS_OF_SCHOOLS = (0.10, 0.02, 0.10, 0.60, 0.18)
BANDS_OF_JOINERS = (0.10, 0.10, 0.30, 0.45, 0.05)
RESERVES = 4  # place of the limit on reserves among all limits
FURTHER_APART = 2  # terms added between one joiner and the next

Change = Callable[[Setting], Setting]


def random_trusts(count: int, *, draws: int, joiners: int, terms_after: int) -> Iterator[Setting]:
    """Make up trusts of 2 to 25 schools and the schools that would join them.

    Size, bands, staffing, distances, levels and policy differ from trust to trust; the parameters
    differ from draw to draw, as `parameters/model.yaml` declares, and no two trusts share a draw.
    The limit on reserves is off.

    Args:
        count: Number of trusts.
        draws: Number of draws of the parameters M for each.
        joiners: Schools that may join each.
        terms_after: Terms simulated after the last of them has joined.
    """
    drawn = draw_parameters(declared_model(), "report card", {}, SEED, count * draws)
    for number in range(count):
        own = slice(number * draws, (number + 1) * draws)
        columns = {name: values[own] for name, values in drawn.items()}
        yield _random_trust(number, columns, joiners=joiners, terms_after=terms_after)


def _random_trust(
    number: int, columns: dict[str, Floats], *, joiners: int, terms_after: int
) -> Setting:
    rng = np.random.default_rng([SEED, number])
    existing, draws = int(rng.integers(2, 26)), len(columns["vision"])
    school = _schools(rng, existing, joiners)
    policy = _policy(rng)
    staffing = _staffing(rng, existing)
    place = rng.normal(0.0, rng.uniform(3.0, 30.0), (len(school), 2))
    for level, mean in zip(LEVELS, rng.uniform(0.25, 0.9, len(LEVELS)), strict=True):
        columns[level] = rng.beta(SURENESS * mean, SURENESS * (1.0 - mean), draws)
    columns |= {name: np.full(draws, value) for name, value in staffing.items()}
    params = as_records(columns)
    chances = start_chances(school["rated"], school["since"], columns)
    return Setting(
        params=params,
        derived=derive(params),
        policy=policy,
        school=school,
        below=np.ascontiguousarray(np.cumsum(chances, axis=2)[:, :, :3]),
        place=place,
        terms=int(school["join_term"].max()) + terms_after,
        seed=number,
    )


def _schools(rng: np.random.Generator, existing: int, joiners: int) -> Records:
    count = existing + joiners
    school = np.zeros(count, SCHOOL)
    school["key"] = np.r_[FIRST_URN + np.arange(existing), 1 + np.arange(joiners)]
    school["existing"] = np.arange(count) < existing
    school["phase"] = rng.choice(3, count, p=[0.7, 0.25, 0.05])
    school["pupils"] = rng.integers(80, 1300, count)
    first, apart = rng.integers(0, 4), rng.integers(0, 3)
    school["join_term"] = np.r_[-rng.integers(0, 30, existing), first + apart * np.arange(joiners)]
    school["rated"] = np.r_[
        rng.choice(BANDS, existing, p=BANDS_OF_SCHOOLS),
        rng.choice(BANDS, joiners, p=BANDS_OF_JOINERS),
    ]
    school["since"] = np.r_[rng.integers(0, 12, existing), np.full(joiners, 3)]
    school["days"] = np.where(rng.random(count) < 0.8, -1.0, rng.uniform(0.0, 12.0, count))
    school["head_terms"] = rng.integers(0, 25, count)
    return school


def _staffing(rng: np.random.Generator, existing: int) -> dict[str, float]:
    """Return people and money at the start; half-time leads are as common as in real trusts."""
    share = existing / rng.uniform(3.0, 6.0)
    return {
        "leads": np.ceil(2.0 * share) / 2.0,
        "lead_vacancies": float(rng.random() < 0.25),
        "sle_trained": rng.uniform(0.3, 0.9),
        "pipeline": rng.uniform(0.0, 0.5),
        "reserves": 1e6,
        "income_scale": 1.0,
    }


def _policy(rng: np.random.Generator) -> Records:
    limits = np.ones(5, np.int8)
    limits[RESERVES] = 0
    drawn = {
        "schools_per_lead": rng.uniform(3.5, 6.0),
        "executive_alone": int(rng.integers(3, 6)),
        "hire_ahead_terms": int(rng.integers(0, 4)),
        "vision_revisit_terms": int(rng.choice([0, 3, 6, 9])),
        "intelligence_investment": float(rng.choice([0.0, 0.5])),
        "providers_per_weight": float(rng.choice([1.0, 2.0, 3.0])),
        "unmet_need": rng.uniform(0.4, 0.8),
        "existing_fall": rng.uniform(0.15, 0.35),
        "apply": limits,
    }
    return one_record(POLICY, **(DEFAULT_POLICY | drawn))


def joining(setting: Setting) -> npt.NDArray[np.bool_]:
    """Return which schools are joiners."""
    return np.asarray(setting.school["existing"] == 0)


def more_leads(setting: Setting) -> Setting:
    """One more full-time improvement lead in post at the start."""
    return _with_params(setting, leads=setting.params["leads"] + 1.0)


def half_a_lead_more(setting: Setting) -> Setting:
    """One more half-time improvement lead in post at the start."""
    return _with_params(setting, leads=setting.params["leads"] + 0.5)


def closer_schools(setting: Setting) -> Setting:
    """Every school, the joiners among them, half as far from the trust's centre and each other."""
    return replace(setting, place=setting.place * 0.5)


def more_intelligence(setting: Setting) -> Setting:
    """Full intelligence from the start."""
    return _with_params(setting, intelligence=np.ones(len(setting.params)))


def slower_pace(setting: Setting) -> Setting:
    """The same joiners in the same order, each `FURTHER_APART` terms longer after the last."""
    school, late = setting.school.copy(), FURTHER_APART * np.arange(setting.joiners)
    school["join_term"][joining(setting)] += late.astype(np.int16)
    return replace(setting, school=school, terms=setting.terms + int(late[-1]))


def stronger_joiners(setting: Setting) -> Setting:
    """Every joiner truly one band stronger, strong at most, and judged so where it was judged."""
    school, below, late = setting.school.copy(), setting.below.copy(), joining(setting)
    rated = school["rated"][late]
    school["rated"][late] = np.where(rated == UNRATED, UNRATED, np.minimum(rated + 1, STRONG))
    below[:, late, 1:] = setting.below[:, late, :2]
    below[:, late, 0] = 0.0
    return replace(setting, school=school, below=below)


def _with_params(setting: Setting, **changed: npt.NDArray[np.float64]) -> Setting:
    params = setting.params.copy()
    for name, values in changed.items():
        params[name] = values
    return replace(setting, params=params)
