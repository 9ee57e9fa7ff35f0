"""The reference population: trusts of average strength whose schools rise and fall as declared.

The rates of `parameters/model.yaml` are averages over real trusts, which supported their schools,
changed heads and took schools in. `derive` divides the odds by the average of each such cause. Here
these averages are computed, by simulating the declared reference population, together with what
they leave: an adjustment of each rate, because chances do not average as their odds do.

`python -m workbench.growth.reference` writes them into `parameters/model.yaml`; it is run after any
change to the model or its parameters that moves them, and a test fails until it is.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from workbench import paths
from workbench.growth.derive import FALLS, RISES, derive, frailty
from workbench.growth.draws import applicable, as_records, of_reference
from workbench.growth.kernel.layout import POLICY, SCHOOL, SECURE, UNRATED
from workbench.growth.setting import Records, Setting, one_record
from workbench.growth.simulate import LastTerm, last_terms, run_range
from workbench.parameters.load import load_yaml
from workbench.parameters.model import BANDS, ModelParameters
from workbench.parameters.scenario import Policy
from workbench.terms import TERMS_A_YEAR

Counts = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Clusters = npt.NDArray[np.int64] | npt.NDArray[np.float64]

FRAMEWORK = "oeif"  # the era of the inspections that the rates come from
LEFT_OF_START = 0.02  # share of what set the population apart from its long run that may be left
COUNTED_TERMS = 15
SEED = 2026
WATCHED_TRUSTS = 150_000  # each in one term, for averages
COUNTED_TRUSTS = 450_000  # each in all terms counted, for rates: few secure schools rise
ROUNDS = 4
CHUNK = 512
GOLDEN_ANGLE = 2.399963229728653  # radians; spreads schools evenly over a disc
SIZES = ("small", "middling", "large")
ARRIVALS = 4  # trusts of a size that differ in when schools join
KINDS = len(SIZES) * ARRIVALS
STEADY = (
    "vision_decay",
    "commitment_recovery",
    "distance_dilution",
    "sle_training",
    "sle_attrition",
    "pipeline_training",
    "pipeline_attrition",
)  # held at 0, so that the levels of the average trust stay where they are


@dataclass(frozen=True)
class ReferenceTrust:
    """One kind of trust of the reference population.

    Attributes:
        setting: The trust, at central values of every parameter.
        share: Share of the population's trusts that are of its kind.
    """

    setting: Setting
    share: float

    @property
    def settling(self) -> int:
        """Terms lived before those that are counted."""
        return self.setting.terms - COUNTED_TERMS


@dataclass(frozen=True)
class Shown:
    """A rate or an average that the reference population showed.

    Attributes:
        observed: Probability a term, or average.
        error: Its standard error from simulation, with trajectories as clusters.
        at_risk: School terms it was seen over.
    """

    observed: float
    error: float
    at_risk: int


def central(model: ModelParameters) -> dict[str, float]:
    """Return the central value of every parameter that applies to the reference population."""
    known = applicable(model, FRAMEWORK) | of_reference(model)
    return {name: quantity.value for name, quantity in known.items()}


def reference_trusts(values: Mapping[str, float], seed: int = SEED) -> tuple[ReferenceTrust, ...]:
    """Return the trusts of the reference population.

    Args:
        values: Every parameter at its central value, by name.
        seed: Seed of every stream; each kind of trust has luck of its own.
    """
    small, large = values["reference_in_small_trusts"], values["reference_in_large_trusts"]
    sizes = [values[f"reference_{name}_trust"] for name in SIZES]
    trusts = np.array([small, 1.0 - small - large, large]) / sizes
    shares = trusts / trusts.sum() / ARRIVALS
    kinds = itertools.product(zip(sizes, shares, strict=True), range(ARRIVALS))
    return tuple(
        ReferenceTrust(_setting(values, round(size), arrival, KINDS * seed + kind), share)
        for kind, ((size, share), arrival) in enumerate(kinds)
    )


def settling_terms(values: Mapping[str, float]) -> int:
    """Return the terms after which little is left of how the reference population began.

    Sound and frail schools are two chains of true bands. What sets one apart from its long run
    shrinks each term at least by its second largest eigenvalue; the slower of the two decides.

    Args:
        values: Every parameter at its central value, by name.

    Source: Levin, Peres and Wilmer (2009), Markov chains and mixing times, section 12.2.
    """
    params = as_records({name: np.array([value]) for name, value in values.items()})
    sound = frailty(params)[1][0]
    slowest = 0.0
    for factor in (1.0, values["frail_odds"]):
        rises = [each * factor / (1.0 + each * factor) for each in sound]
        chain = np.diag([*rises, values[RISES[-1]]], 1) + np.diag([values[f] for f in FALLS], -1)
        chain += np.diag(1.0 - chain.sum(axis=1))
        slowest = max(slowest, float(np.sort(np.linalg.eigvals(chain).real)[-2]))
    return math.ceil(math.log(LEFT_OF_START) / math.log(slowest))


def _setting(values: Mapping[str, float], schools: int, arrival: int, seed: int) -> Setting:
    """Return a trust that has this many schools when counting starts, and has grown steadily.

    It takes in the same share of its schools each year from the first term to the last: support,
    cover and bands settle to a trust that grows, not to one that begins to when counting does. A
    trust that would have had less than one school begins to grow when it would have had one. Trusts
    differ in when a school joins, so that over all of them as many join in one term as in another.
    """
    settling, later = settling_terms(values), (arrival + 0.5) / ARRIVALS
    a_term = math.log1p(values["reference_joining"]) / TERMS_A_YEAR
    existing = max(1, math.floor(schools * math.exp(-a_term * settling) - later) + 1)
    sizes = np.arange(existing + later, schools * math.exp(a_term * COUNTED_TERMS))
    joins = (settling + np.log(sizes / schools) / a_term).astype(int) if len(sizes) else sizes
    school = np.zeros(existing + len(sizes), SCHOOL)
    school["key"] = 1 + np.arange(len(school))
    school["existing"] = np.arange(len(school)) < existing
    school["pupils"] = values["prior_pupils_primary"]
    school["join_term"] = np.concatenate([np.full(existing, -settling), joins])
    school["rated"] = np.where(school["existing"] == 1, SECURE, UNRATED)
    school["days"], school["head_terms"] = -1.0, values["prior_head_terms"]
    places = np.arange(len(school))
    out = values["reference_school_radius"] * np.sqrt((places + 0.5) / len(school))
    place = out[:, None] * np.column_stack(
        [np.cos(places * GOLDEN_ANGLE), np.sin(places * GOLDEN_ANGLE)]
    )
    params = _params(values, existing)
    below = np.cumsum(long_run_bands(params))[None, None, :3].repeat(len(school), axis=1)
    return Setting(
        params=params, derived=derive(params), policy=_policy(), school=school, below=below,
        place=place, terms=settling + COUNTED_TERMS, seed=seed,
    )  # fmt: skip


def _params(values: Mapping[str, float], schools: int) -> Records:
    leads = max(values["prior_fewest_leads"], schools / values["prior_schools_per_lead"])
    columns = {name: value for name, value in values.items() if not name.startswith("reference_")}
    columns |= dict.fromkeys(STEADY, 0.0)
    columns |= {
        "joiner_commitment": values["commitment"],
        # Whole posts: a part-time lead is followed by a full-time one, so a part would not last.
        "leads": float(max(1, round(leads))),
        "lead_vacancies": 0.0,
        "sle_trained": values["prior_sle_trained"],
        "pipeline": values["prior_pipeline"],
        "reserves": 0.0,
        "income_scale": 1.0,
    }
    return as_records({name: np.array([value]) for name, value in columns.items()})


def _policy() -> Records:
    usual = Policy()
    return one_record(
        POLICY, gate=0, defer_terms=0, schools_per_lead=usual.schools_per_lead,
        executive_alone=usual.executive_alone, hire_ahead_terms=usual.hire_ahead_terms,
        top_slice=usual.top_slice_percent / 100, vision_revisit_terms=0,
        intelligence_investment=0.0, offered=0, offer_chance=1.0, providers_per_weight=0.0,
        weight_attention=1.0, weight_urgent=1.0, grace_terms=0, unmet_need=1.0, existing_fall=1.0,
        reserves_floor=0.0, apply=[0, 0, 0, 0, 0],
    )  # fmt: skip


def long_run_bands(params: Records) -> Floats:
    """Return how common each true band is in the long run at the declared rates, length 4."""
    weight = [1.0]
    for rise, fall in zip(RISES, FALLS, strict=True):
        weight.append(weight[-1] * float(params[rise][0] / params[fall][0]))
    return np.asarray(np.array(weight) / sum(weight))


def moves_until(trusts: Sequence[ReferenceTrust], count: int, counted: int) -> Counts:
    """Return school terms, rises and falls by true band up to a term, for each trajectory.

    Args:
        trusts: The kinds of trust.
        count: Trajectories over all kinds, shared among them as trusts are.
        counted: Terms lived after those of settling; a trajectory's first terms do not depend on
            how many follow.

    Returns:
        About `count` x 4 x 3.
    """
    pieces = []
    for trust in trusts:
        of_kind = round(trust.share * count)
        setting = replace(trust.setting, terms=trust.settling + counted)
        for first in range(0, of_kind, CHUNK):
            last = min(first + CHUNK, of_kind)
            pieces.append(run_range(setting, first, last, of_kind, record=True).moves)
    return np.concatenate(pieces).astype(np.int64)


def counted_moves(trusts: Sequence[ReferenceTrust], count: int) -> Counts:
    """Return `moves_until` of the counted terms alone, after those of settling."""
    return moves_until(trusts, count, COUNTED_TERMS) - moves_until(trusts, count, 0)


def rates(moves: Counts) -> dict[str, Shown]:
    """Return the six rates that moves show, by the names of their parameters."""
    return {
        name: shown(moves[:, band, way], moves[:, band, 0]) for name, band, way in _transitions()
    }


def shown(part: Clusters, whole: Clusters) -> Shown:
    """Return the ratio of two sums over trajectories, with its standard error.

    Its standard error is that of a ratio estimate from clusters. Source: Cochran (1977), Sampling
    techniques, section 6.4.
    """
    ratio = part.sum() / whole.sum()
    error = np.sqrt(((part - ratio * whole) ** 2).sum()) / whole.sum()
    return Shown(float(ratio), float(error), int(whole.sum()))


def _transitions() -> Iterator[tuple[str, int, int]]:
    for band, name in enumerate(RISES):
        yield name, band, 1
    for band, name in enumerate(FALLS, start=1):
        yield name, band, 2


def watched(trusts: Sequence[ReferenceTrust], count: int) -> Floats:
    """Return the causes of rising and falling in one counted term of each trajectory.

    Every trajectory is looked at once, in a term that differs from one to the next, for its terms
    are much alike.

    Returns:
        About `count` x 4 x 5: school terms by true band, and the sums over them of the dose of
        support, overstretch, joining dip, and what is left of the effect of joining.
    """
    found = []
    for trust in trusts:
        of_kind = round(trust.share * count)
        cuts = np.linspace(0, of_kind, COUNTED_TERMS + 1).round().astype(int)
        for term, (first, last) in enumerate(itertools.pairwise(cuts), start=trust.settling):
            setting = replace(trust.setting, terms=term + 1)
            found += [_causes(setting, end) for end in last_terms(setting, first, last, of_kind)]
    return np.array(found)


def _causes(setting: Setting, end: LastTerm) -> Floats:
    """Return `watched` of one trajectory, 4 x 5."""
    p, schools = setting.params[0], end.schools
    here = np.flatnonzero(schools["active"])
    met = np.minimum(1.0, schools["received"][here] / schools["true_need"][here])
    age = setting.terms - 1 - schools["joined"][here]
    causes = np.ones((len(here), 5))
    causes[:, 1] = met * (end.trust["cover"] * p["process"])
    causes[:, 2] = end.trust["stretch"]
    causes[:, 3] = age < p["dip_terms"]
    causes[:, 4] = np.maximum(0.0, 1.0 - age / p["joining_fade_terms"])
    sums = np.zeros((len(BANDS), 5))
    np.add.at(sums, schools["claim"][here], causes)
    return sums


def averages(trusts: Sequence[ReferenceTrust], count: int) -> dict[str, Shown]:
    """Return the average of each cause over the school terms of the reference population."""
    sums = watched(trusts, count)
    names, overall = ("urgent", "attention", "secure", "strong"), sums.sum(axis=1)
    found = {
        f"mean_dose_{name}": shown(sums[:, band, 1], sums[:, band, 0])
        for band, name in enumerate(names)
    }
    for cause, name in enumerate(("mean_stretch", "mean_dip", "mean_fade"), start=2):
        found[name] = shown(overall[:, cause], overall[:, 0])
    return found


def recentred(
    values: Mapping[str, float], *, seen: int = WATCHED_TRUSTS, counted: int = COUNTED_TRUSTS
) -> dict[str, float]:
    """Return the constants of centring that give the reference population the declared rates.

    The averages are taken once; then each adjustment is multiplied by the declared odds over those
    observed, on the same luck, until they no longer move.

    Args:
        values: Every parameter at its central value, by name.
        seen: Trajectories for the averages.
        counted: Trajectories for the rates.
    """
    constants = {name: values[name] for name in values if name.startswith("adjust_")}
    found = averages(reference_trusts(values), seen)
    constants |= {name: average.observed for name, average in found.items()}
    for _ in range(ROUNDS):
        moved = rates(counted_moves(reference_trusts({**values, **constants}), counted))
        for name, rate in moved.items():
            declared, observed = (each / (1.0 - each) for each in (values[name], rate.observed))
            constants[f"adjust_{name}"] *= declared / observed
    return {name: round(value, 4) for name, value in constants.items()}


def write_constants(path: Path, constants: Mapping[str, float]) -> None:
    """Write constants into a model file as the values of their parameters; nothing else changes."""
    text = path.read_text(encoding="utf-8")
    for name, value in constants.items():
        pattern = rf"(?m)(^  {name}:\n    value: )\S+$"
        text, found = re.subn(pattern, rf"\g<1>{value:g}", text)
        if found != 1:
            raise ValueError(f"{path} names {name} {found} times, not once")
    path.write_text(text, encoding="utf-8")


def main() -> None:
    """Compute the constants, print the old and the new, and write the new."""
    path = paths.parameters() / "model.yaml"
    values = central(load_yaml(path, ModelParameters))
    new = recentred(values)
    for name, value in new.items():
        print(f"{name:24} {values[name]:10.4f} {value:10.4f}")
    write_constants(path, new)


if __name__ == "__main__":
    main()
