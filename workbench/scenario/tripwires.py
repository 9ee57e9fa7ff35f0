"""Tripwires: what a trust can watch each term that tells in time of a limit about to be broken.

For each measure the threshold is chosen on one half of the simulated draws by Youden's J, the share
of broken limits warned of less the share of false alarms (Youden 1950, Index for rating diagnostic
tests, Cancer 3:32-35), and everything reported of it comes from the other half.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from workbench.growth.absorb import INTERVAL_LEVEL
from workbench.growth.kernel.layout import SERIES
from workbench.growth.oracle import Oracle
from workbench.growth.oracle_parts import leads_in_post
from workbench.growth.setting import Setting
from workbench.growth.simulate import Breaches, Progress, Trajectories
from workbench.measures.intervals import Interval
from workbench.measures.nested import Outcomes
from workbench.parameters.levers import LeverSizes
from workbench.parameters.scenario import Scenario
from workbench.scenario.changes import Plan
from workbench.scenario.trial import Trial, trial
from workbench.trust.load import Trust

Values = npt.NDArray[np.float64]
_STARTED = 1000  # draws whose start is read, at most: half a second of plain Python


@dataclass(frozen=True)
class Watch:
    """How a measure is read: which way trouble lies, and the decimals a trust would read it to."""

    high_is_bad: bool
    decimals: int


WATCHED: Mapping[str, Watch] = MappingProxyType({
    "capacity_use": Watch(True, 2),
    "golden_margin": Watch(False, 0),
    "unmet_share": Watch(True, 2),
    "vacancies": Watch(True, 0),
    "leads": Watch(False, 1),
    "reserves_share": Watch(False, 3),
    "commitment": Watch(False, 2),
})  # fmt: skip


@dataclass(frozen=True)
class Tripwire:
    """One measure, the threshold to act at, and how well it warned on draws not used to choose it.

    A warning is right where a limit is broken within `within` terms after it. Trust terms before
    the first broken limit are judged.

    Attributes:
        measure: One of `layout.SERIES`.
        high_is_bad: Whether it warns at the threshold or above, rather than at it or below.
        threshold: Where it warns.
        present: Its value at the start, median over the draws, as a trust would read it.
        hit_rate: Share of trust terms soon before a broken limit in which it warned.
        false_alarm: Share of the other trust terms in which it warned.
        skill: The first less the second, with its interval (jackknife over draws).
        then_broken: Of futures that cross the threshold, share that break a limit within `within`
            terms of first crossing.
        otherwise: Share of trust terms without a warning that came soon before a broken limit.
        terms_of_warning: Median terms from first crossing to the first broken limit, among futures
            that cross and then break one.
        within: Terms ahead that count.
        crossed: Futures that cross.
        judged: Futures judged.
    """

    measure: str
    high_is_bad: bool
    threshold: float
    present: float
    hit_rate: float
    false_alarm: float
    skill: Interval
    then_broken: float
    otherwise: float
    terms_of_warning: float
    within: int
    crossed: int
    judged: int

    @property
    def is_crossed_now(self) -> bool:
        """Whether the present value is already at the threshold or beyond."""
        if self.high_is_bad:
            return self.present >= self.threshold
        return self.present <= self.threshold


@dataclass(frozen=True)
class _Warned:
    """Trust terms counted by draw: soon broken and warned, soon broken, others warned, others."""

    hits: Values
    soon: Values
    alarms: Values
    others: Values

    def skill(self) -> Interval:
        """Return Youden's J with an interval, leaving out one draw at a time (Efron 1982)."""
        hits, soon, alarms, others = (
            part.sum() for part in (self.hits, self.soon, self.alarms, self.others)
        )
        value = float(hits / soon - alarms / others)
        draws = len(self.soon)
        left_out = (hits - self.hits) / np.maximum(soon - self.soon, 1.0)
        left_out -= (alarms - self.alarms) / np.maximum(others - self.others, 1.0)
        error = np.sqrt((draws - 1) / draws * ((left_out - left_out.mean()) ** 2).sum())
        half = float(stats.t.ppf(0.5 + INTERVAL_LEVEL / 2, max(1, draws - 1)) * error)
        return Interval(value, max(-1.0, value - half), min(1.0, value + half), INTERVAL_LEVEL)


def tripwires(
    trust: Trust,
    scenario: Scenario,
    sizes: LeverSizes,
    *,
    replicates: int,
    seed: int,
    threads: int | None = None,
    progress: Progress | None = None,
) -> tuple[Tripwire, ...]:
    """Find what warns in time of a broken limit under a plan, surest first.

    Args:
        trust: The trust.
        scenario: The plan.
        sizes: How far ahead a warning must tell, and the skill it must beat.
        replicates: Trajectories.
        seed: Seed of every stream.
        threads: Worker threads (default: all cores); no answer depends on it.
        progress: Called with the trajectories just finished.
    """
    shared = trial(
        trust, scenario, sizes, replicates=replicates, seed=seed, threads=threads, progress=progress
    )
    setting = shared.setting(Plan(scenario)).with_joiners(scenario.joiners.schools)
    result = shared.run(setting, record=True)
    present = present_values(setting) | _first_term(shared, setting)
    return found_in(
        result,
        present,
        within=int(sizes.warning_terms.value),
        skill=sizes.warning_skill.value,
        overlap=sizes.warning_overlap.value,
    )


def found_in(
    result: Trajectories,
    present: Mapping[str, float],
    *,
    within: int,
    skill: float,
    overlap: float = 1.0,
) -> tuple[Tripwire, ...]:
    """Return the tripwires that simulated futures bear out, surest first.

    Args:
        result: Trajectories with their series.
        present: Value of each measure at the start.
        within: Terms ahead within which a limit must be broken for a warning to be right.
        skill: Youden's J that the lower end of the interval must be above.
        overlap: Share of their warnings in common (Jaccard) from which two tripwires are one; the
            surer stays.
    """
    first = first_broken(result.breach)
    draw = np.arange(len(first)) // result.events
    training = draw % 2 == 0
    found: list[tuple[Tripwire, Outcomes]] = []
    for measure, watch in WATCHED.items():
        values = np.round(result.series[:, :, SERIES.index(measure)], watch.decimals)
        threshold = best_threshold(
            values[training], first[training], within=within, high_is_bad=watch.high_is_bad
        )
        if threshold is None:
            continue
        warned = values >= threshold if watch.high_is_bad else values <= threshold
        wire = _judged(
            measure,
            threshold=threshold,
            present=round(present[measure], watch.decimals),
            warned=warned[~training],
            first=first[~training],
            draw=draw[~training],
            within=within,
        )
        if wire is not None and wire.skill.lower > skill:
            found.append((wire, warned[~training]))
    found.sort(key=lambda one: -one[0].skill.estimate)
    return tuple(_unlike(found, overlap))


def _unlike(found: Sequence[tuple[Tripwire, Outcomes]], overlap: float) -> Iterator[Tripwire]:
    """Leave out what warns almost only where a surer tripwire does."""
    kept: list[Outcomes] = []
    for wire, warned in found:
        if all((warned & other).sum() < overlap * (warned | other).sum() for other in kept):
            kept.append(warned)
            yield wire


def first_broken(breach: Breaches) -> npt.NDArray[np.int64]:
    """Return the first term in which any limit is broken; far beyond the horizon where none is."""
    never = np.iinfo(np.int16).max
    first: npt.NDArray[np.int64] = np.where(breach < 0, never, breach).min(axis=1).astype(np.int64)
    return first


def best_threshold(
    values: Values, first: npt.NDArray[np.int64], *, within: int, high_is_bad: bool
) -> float | None:
    """Return the value whose crossing tells best which futures soon break a limit, by Youden's J.

    Args:
        values: The measure at each term's end, R x terms.
        first: First term in which a limit is broken, length R.
        within: Terms ahead that count as soon.
        high_is_bad: Whether trouble lies above.

    Returns:
        The threshold, the sharpest of those equally good; None where no trust term, or every one,
        comes soon before a broken limit, or no value tells at all.
    """
    open_, soon = _labels(values.shape[1], first, within)
    seen, label = values[open_], soon[open_]
    if not label.any() or label.all():
        return None
    sign = 1.0 if high_is_bad else -1.0
    levels, place = np.unique(sign * seen, return_inverse=True)
    hits = np.bincount(place, weights=label, minlength=len(levels))
    alarms = np.bincount(place, weights=~label, minlength=len(levels))
    # At or above each level: counted from the highest down.
    youden = hits[::-1].cumsum() / label.sum() - alarms[::-1].cumsum() / (~label).sum()
    best = int(np.argmax(youden))
    return float(sign * levels[::-1][best]) if youden[best] > 0 else None


def _labels(terms: int, first: npt.NDArray[np.int64], within: int) -> tuple[Outcomes, Outcomes]:
    """Return trust terms to be judged (no limit broken yet, the future known) and those soon."""
    t = np.arange(terms)
    open_ = (first[:, None] > t) & (t + within < terms)
    soon = first[:, None] - t <= within
    return np.asarray(open_), np.asarray(soon)


def _judged(
    measure: str,
    *,
    threshold: float,
    present: float,
    warned: Outcomes,
    first: npt.NDArray[np.int64],
    draw: npt.NDArray[np.int64],
    within: int,
) -> Tripwire | None:
    open_, soon = _labels(warned.shape[1], first, within)
    place = np.unique(draw, return_inverse=True)[1]
    parts = (open_ & soon & warned, open_ & soon, open_ & ~soon & warned, open_ & ~soon)
    counts = _Warned(*(np.bincount(place, part.sum(axis=1)).astype(float) for part in parts))
    crossing = open_ & warned
    crossed = crossing.any(axis=1)
    if not counts.soon.any() or not counts.others.any() or not crossed.any():
        return None
    wait = first[crossed] - crossing[crossed].argmax(axis=1)
    breaks = first[crossed] < warned.shape[1]
    silent = open_ & ~warned
    return Tripwire(
        measure=measure,
        high_is_bad=WATCHED[measure].high_is_bad,
        threshold=threshold,
        present=present,
        hit_rate=float(counts.hits.sum() / counts.soon.sum()),
        false_alarm=float(counts.alarms.sum() / counts.others.sum()),
        skill=counts.skill(),
        then_broken=float((wait <= within).mean()),
        otherwise=float(soon[silent].mean()) if silent.any() else 0.0,
        terms_of_warning=float(np.median(wait[breaks])) if breaks.any() else float(within),
        within=within,
        crossed=int(crossed.sum()),
        judged=len(first),
    )


def present_values(setting: Setting) -> dict[str, float]:
    """Return what is known of each measure at the start, before any term is lived.

    Read off worlds as the model starts them, one a draw, for evenly spaced draws; medians. Unmet
    need is not known before a term.
    """
    started = replace(setting, terms=0)
    draws = np.unique(np.linspace(0, len(setting.params) - 1, _STARTED).round().astype(int))
    worlds = [_start(Oracle(started, int(draw), 1)) for draw in draws]
    return {name: float(np.median([world[name] for world in worlds])) for name in worlds[0]}


def _start(world: Oracle) -> dict[str, float]:
    return {
        "capacity_use": world.setting.existing / world.span,
        "golden_margin": world._golden_margin(0),
        "vacancies": float(sum(not post.in_post for post in world.posts)),
        "leads": leads_in_post(world.posts),
        "reserves_share": world.reserves / world.income,
        "commitment": world.commitment,
    }


def _first_term(shared: Trial, setting: Setting) -> dict[str, float]:
    """Return the unmet need of the first term, without joiners: the earliest there is."""
    alone = shared.run(replace(setting.with_joiners(0), terms=1), record=True)
    return {"unmet_share": float(np.median(alone.series[:, 0, SERIES.index("unmet_share")]))}


def tripwire_frame(wires: Sequence[Tripwire]) -> pd.DataFrame:
    """Return one row a tripwire, with every field of `Tripwire` and the interval of its skill."""
    rows = [
        {
            "measure": wire.measure,
            "warns": "at or above" if wire.high_is_bad else "at or below",
            "threshold": wire.threshold,
            "present": wire.present,
            "crossed_now": wire.is_crossed_now,
            "hit_rate": wire.hit_rate,
            "false_alarm": wire.false_alarm,
            "skill": wire.skill.estimate,
            "skill_lower": wire.skill.lower,
            "skill_upper": wire.skill.upper,
            "then_broken": wire.then_broken,
            "otherwise": wire.otherwise,
            "terms_of_warning": wire.terms_of_warning,
            "within": wire.within,
            "crossed": wire.crossed,
            "judged": wire.judged,
        }
        for wire in wires
    ]
    columns = [
        "measure", "warns", "threshold", "present", "crossed_now", "hit_rate", "false_alarm",
        "skill", "skill_lower", "skill_upper", "then_broken", "otherwise", "terms_of_warning",
        "within", "crossed", "judged",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)
