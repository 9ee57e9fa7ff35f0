"""What stands behind the picture: the growth model, asked anew at every move of a control.

The trust is read and measured once. The first picture is made of the first futures of the very run
that refines it, so that what is refined equals a straight run, bit by bit, and every plan meets the
same luck. The curve over numbers of schools does not depend on how many are planned: moving that
one control costs a fan only.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Mapping, Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.explore.controls import Control, State, checked, controls, most_schools
from workbench.explore.plans import plan_of, scenario_named, state_of
from workbench.explore.recent import Recent
from workbench.growth.absorb import (
    Absorption,
    Stopping,
    absorption_curve,
    at_most,
    binding_limits,
    by_confidence,
    by_extra_risk,
    confidence_settled,
    extra_risk_settled,
    joiners_within_horizon,
)
from workbench.growth.draws import events_for_each_draw
from workbench.growth.kernel.layout import SERIES
from workbench.growth.setting import Setting
from workbench.growth.simulate import curve_range, run_range
from workbench.measures.sequential import Looks
from workbench.parameters.explorer import ExplorerSizes
from workbench.parameters.levers import load_lever_sizes
from workbench.parameters.scenario import Scenario
from workbench.scenario.admissible import refuse_numbers, refuse_trust
from workbench.scenario.answers import read_model, read_settings
from workbench.scenario.ground import Ground, ground_of, rests_on
from workbench.scenario.results import QUANTILES
from workbench.scenario.start import Prepared, joined
from workbench.trust.load import Trust

FOLLOWED = ("golden_margin", "capacity_use", "unmet_share", "reserves_share", "secure_share")
_COLUMNS = [SERIES.index(measure) for measure in FOLLOWED]
_PIECE = 50  # trajectories in a piece of the first picture: enough pieces for every thread
_SHORT = 1600  # trajectories, of all numbers of schools, in a piece of refining: under 30 ms
_MANY = 1_000_000  # pieces given out together: all there are
_KEPT = 12  # states remembered, the last ones looked at

Array = npt.NDArray[Any]
Works = tuple[Callable[[], Array], ...]
Steps = Generator[Works, list[Array], Array]


@dataclass(frozen=True)
class Picture:
    """What is known of one state of the controls.

    Attributes:
        state: Where the controls stand.
        plan: The scenario they make.
        absorption: How many schools can be absorbed, over 0, 1, ... N of them.
        fans: For each of `FOLLOWED`, its quantiles (`results.QUANTILES`) by term, 5 x terms.
        terms: Names of the simulated terms.
        judged: Names of the limits that are judged.
        notes: Sentences on what was assumed of the trust.
        arriving: How many schools can join at this pace before the last term ends, of those
            looked at.
        final: Whether it is refined as far as it will be.
    """

    state: State
    plan: Scenario
    absorption: Absorption
    fans: Mapping[str, npt.NDArray[np.float64]]
    terms: tuple[str, ...]
    judged: tuple[str, ...]
    notes: tuple[str, ...]
    arriving: int
    final: bool


class Engine:
    """A trust, ready to be asked about any state of the controls.

    Attributes:
        trust: The trust.
        sizes: How many futures and schools are shown.
        settings: The board's limits and risk.
        pool: Threads that pieces of work run on.
        scenario: Name of the scenario started from.
        base: That scenario.
        start: Where it puts the controls.
        controls: How far each control reaches, by name.
        most: Largest number of schools looked at.
    """

    scenario: str
    base: Scenario
    start: State
    controls: dict[str, Control]
    most: int

    def __init__(
        self,
        trust: Trust,
        scenario: str,
        sizes: ExplorerSizes,
        *,
        seed: int,
        threads: int | None = None,
    ) -> None:
        """Measure the trust, and start from a scenario.

        Raises:
            BadInput: The trust, the scenario or the seed cannot be simulated.
        """
        self.trust, self.sizes, self.settings = trust, sizes, read_settings()
        self._model, self._seed = read_model(), seed
        self._threads = threads or os.cpu_count() or 1
        self.pool = ThreadPoolExecutor(self._threads, thread_name_prefix="explore")
        self._grounds: dict[object, Ground] = {}
        self._curves: Recent[tuple[str, int], Array] = Recent(_KEPT)
        self._series: Recent[tuple[str, int], Array] = Recent(_KEPT)
        refuse_numbers(0, self.futures, seed)
        refuse_trust(trust)
        self.begin_from(scenario)

    @property
    def futures(self) -> int:
        """Futures to which a picture is refined."""
        return int(self.sizes.futures.value)

    @property
    def events(self) -> int:
        """Futures for each draw of the parameters."""
        return events_for_each_draw(self.futures)

    def begin_from(self, scenario: str) -> None:
        """Start from another scenario.

        Raises:
            BadInput: There is no such scenario, its file is wrong, or the trust cannot start it.
        """
        base = scenario_named(scenario)
        most = most_schools(base, self.sizes, load_lever_sizes().further_schools.value)
        start = state_of(base)
        known = controls(self.sizes, most, start.pace)
        self._set_up(base, most)  # refuses what cannot join, before anything changes
        self.scenario, self.base, self.most = scenario, base, most
        self.start, self.controls = start, known

    def first(self, state: State) -> Picture:
        """Return a picture at once, of the first futures, or of all where they are known already.

        Raises:
            BadInput: A control is out of reach, or the schema of a scenario refuses the plan.
        """
        return self._now(self._steps(state, int(self.sizes.first_futures.value), _PIECE, wide=True))

    def refining(self, state: State) -> Generator[Works, list[Array], Picture]:
        """Yield pieces of work that refine a picture, and be sent what they return.

        Those yielded together may run side by side, in any thread; each takes less than 30 ms.
        Leaving off loses what the pieces of this refining found, and nothing else.

        Returns:
            The refined picture.
        """
        return self._steps(state, self.futures, _SHORT, wide=False)

    def refined(self, state: State) -> Picture:
        """Return a picture refined as far as it will be."""
        return self._now(self.refining(state))

    def _now(self, steps: Generator[Works, list[Array], Picture]) -> Picture:
        found: list[Array] | None = None
        try:
            while True:
                works = next(steps) if found is None else steps.send(found)
                found = list(self.pool.map(_call, works))
        except StopIteration as stop:
            picture: Picture = stop.value
            return picture

    def _steps(
        self, state: State, total: int, piece: int, *, wide: bool
    ) -> Generator[Works, list[Array], Picture]:
        """Simulate a state up to so many futures, in pieces.

        Args:
            state: Where the controls stand.
            total: Futures wanted.
            piece: Futures in a piece; if not `wide`, of all numbers of schools together.
            wide: Whether all pieces are given out together, or as many as there are threads.
        """
        # All of this once: another scenario may be begun from between two pieces.
        plan, most = plan_of(self.base, checked(state, self.controls)), self.most
        prepared = self._set_up(plan, most)
        setting, with_them = prepared.setting, prepared.setting.with_joiners(state.schools)
        of_curve, of_series = (_content(plan, but={"schools"}), most), (_content(plan), most)
        together = _MANY if wide else self._threads
        curve = yield from _grown(
            self._curves.get(of_curve),
            partial(_curve, setting, self.events),
            axis=1,
            total=total,
            piece=piece if wide else max(1, piece // (most + 1)),
            together=together,
        )
        self._curves.put(of_curve, curve)
        series = yield from _grown(
            self._series.get(of_series),
            partial(_followed, with_them, self.events),
            axis=0,
            total=total,
            piece=piece,
            together=together,
        )
        self._series.put(of_series, series)
        [spread] = yield (partial(_quantiles, series),)
        return self._picture(state, plan, prepared, curve, spread)

    def _set_up(self, plan: Scenario, most: int) -> Prepared:
        ground = self._grounds.get(rests_on(plan))
        if ground is None:
            ground = ground_of(
                self.trust, plan, self._model, replicates=self.futures, seed=self._seed
            )
            self._grounds[rests_on(plan)] = ground
        return joined(ground, plan, self.settings, joiners=most)

    def _picture(
        self, state: State, plan: Scenario, prepared: Prepared, curve: Array, spread: Array
    ) -> Picture:
        fans = {
            measure: spread[:, :, place]
            for place, measure in enumerate(FOLLOWED)
            if np.isfinite(spread[:, :, place]).all()
        }
        return Picture(
            state=state,
            plan=plan,
            absorption=self._absorption(prepared.setting, curve),
            fans=fans,
            terms=tuple(str(prepared.first + t) for t in range(prepared.setting.terms)),
            judged=prepared.judged,
            notes=prepared.notes,
            arriving=min(joiners_within_horizon(prepared.setting), len(curve) - 1),
            final=curve.shape[1] >= self.futures,
        )

    def _absorption(self, setting: Setting, breaches: Array) -> Absorption:
        """Read the answer off what was simulated, as `absorb_setting` does at a single look."""
        risk, arriving = self.settings.risk, joiners_within_horizon(setting)
        most = len(breaches) - 1
        size, tolerance, confidence = (
            breaches.shape[1], risk.tolerance.value, risk.confidence.value,
        )  # fmt: skip
        ceiling, look = risk.baseline_ceiling.value, Looks((size,), risk.error.value)
        curve = absorption_curve(list(breaches), self.events, look.level(0))
        tried = curve.iloc[: arriving + 1]
        headline = at_most(by_extra_risk(tried, tolerance, ceiling), arriving, most)
        at = min(most, 0 if headline.capacity is None else headline.capacity + 1)
        return Absorption(
            headline=headline,
            absolute=at_most(by_confidence(tried, confidence), arriving, most),
            tolerance=tolerance,
            confidence=confidence,
            curve=curve,
            binding=binding_limits(breaches[at]),
            binding_at=at,
            replicates=size,
            draws=size // self.events,
            seed=self._seed,
            stopping=Stopping(
                error=risk.error.value,
                spent=look.spent(0),
                headline_settled=extra_risk_settled(tried, tolerance, ceiling),
                absolute_settled=confidence_settled(tried, confidence),
            ),
        )


def _content(plan: Scenario, *, but: Set[str] = frozenset()) -> str:
    """Return what of a plan is simulated: its file may say something else the next time."""
    left_out: dict[str, Any] = {"title": True, "question": True, "description": True}
    return plan.model_dump_json(exclude=left_out | {"joiners": set(but)})


def _grown(
    known: Array | None,
    work: Callable[[int, int], Array],
    *,
    axis: int,
    total: int,
    piece: int,
    together: int,
) -> Steps:
    """Yield the pieces that make what is known as long as wanted, and return it."""
    have = 0 if known is None else known.shape[axis]
    parts = [] if known is None else [known]
    starts = range(have, total, piece)
    works = [partial(work, first, min(first + piece, total)) for first in starts]
    for at in range(0, len(works), together):
        parts += yield tuple(works[at : at + together])
    return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=axis)


def _curve(setting: Setting, events: int, first: int, last: int) -> Array:
    return curve_range(setting, first, last, events=events)


def _followed(setting: Setting, events: int, first: int, last: int) -> Array:
    series = run_range(setting, first, last, events, record=True).series
    return np.ascontiguousarray(series[:, :, _COLUMNS])


def _quantiles(series: Array) -> Array:
    return np.asarray(np.quantile(series, list(QUANTILES.values()), axis=0))


def _call(work: Callable[[], Array]) -> Array:
    return work()
