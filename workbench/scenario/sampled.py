"""The growth model of one trust and plan as a function of the unit cube of its factors."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from workbench.growth.draws import Cube, applicable, luck_of, place_of
from workbench.growth.kernel.layout import NEVER
from workbench.growth.kernel.philox import uniforms
from workbench.growth.sensitivity import HIGH, LOW, Model, Outcomes
from workbench.growth.setting import Setting
from workbench.growth.simulate import Progress, run
from workbench.parameters.distributions import Floats
from workbench.parameters.limits import TrustSettings
from workbench.parameters.model import ModelParameters
from workbench.parameters.quantity import Quantity
from workbench.parameters.scenario import Scenario
from workbench.scenario.levels import measured_levels
from workbench.scenario.start import Prepared, prepare
from workbench.trust.load import Trust

Asked = Literal["every limit holds", "extra risk", "time before a breach"]
_ASIDE = re.compile(r"[;:]|, (?:at|against|beyond|fading|travel) ")


@dataclass(frozen=True)
class Plan:
    """One trust, plan and number of joiners, whose factors can be set.

    Attributes:
        trust: The trust.
        scenario: The plan.
        model: The declared parameters.
        settings: The board's limits.
        joiners: Number of schools that join.
        seed: Seed of every stream.
        threads: Worker threads; no answer depends on it.
        progress: Called with the trajectories just finished.
    """

    trust: Trust
    scenario: Scenario
    model: ModelParameters
    settings: TrustSettings
    joiners: int
    seed: int
    threads: int = 1
    progress: Progress | None = None

    @property
    def quantities(self) -> dict[str, Quantity]:
        """The factors: every uncertain parameter that the plan does not hold, by its name."""
        known = applicable(self.model, self.scenario.policy.framework)
        return {
            name: quantity
            for name, quantity in known.items()
            if quantity.is_uncertain and name not in self.scenario.assume
        }

    @property
    def measured(self) -> frozenset[str]:
        """The factors that are levels measured on the trust, which its score replaces."""
        scored = measured_levels(self.trust).items()
        names = {name for name, score in scored if score.composite is not None}
        return frozenset(names & set(self.quantities))

    def centre(self) -> Cube:
        """Return where each factor's own value lies in the unit cube; a measured one's median."""
        measured = self.measured
        return {
            name: np.array([0.5 if name in measured else place_of(quantity, quantity.value)])
            for name, quantity in self.quantities.items()
        }

    def believed(self, draws: int) -> Cube:
        """Return where the factors lie in an ordinary simulation of so many draws."""
        luck = {name: luck_of(name, self.seed, draws) for name in self.quantities}
        return {name: places for name, places in luck.items() if places is not None}

    def again(self, draws: int) -> Cube:
        """Return other places of the same belief, independent of `believed`."""
        return {name: uniforms(self.seed, f"again:{name}", draws) for name in self.quantities}

    def prepared(self, cube: Cube) -> Prepared:
        """Return the setting at places in the unit cube; whatever is not named stands still."""
        return prepare(
            self.trust, self.scenario, self.model, self.settings,
            joiners=self.joiners, replicates=1, seed=self.seed, cube=cube,
        )  # fmt: skip

    def asked(
        self, names: Sequence[str], events: int, what: Asked, *, shared: bool = True
    ) -> Model:
        """Return the model of some factors, all others standing still at their own value.

        An outcome is 1 where every limit holds and else 0; of
        extra risk, 1 where only growth breaks a limit and -1 where only its absence does; of the
        time before a breach, the share of the terms before the first, 1 where there is none.

        Args:
            names: The factors, in the order of the columns.
            events: K.
            what: What is asked.
            shared: Whether every point meets the same events, for comparing points; else each
                meets events of its own, as in an ordinary simulation, for a level.
        """

        def model(rows: Floats) -> Outcomes:
            prepared = self.prepared(dict(zip(names, np.ascontiguousarray(rows.T), strict=True)))
            setting = replace(prepared.setting, shared_luck=shared)
            lasted = self._lasted(setting, events)
            if what == "time before a breach":
                return lasted
            held = np.asarray(lasted == 1.0, dtype=float)
            if what == "every limit holds":
                return held
            alone: Outcomes = np.asarray(
                self._lasted(setting.with_joiners(0), events) == 1.0, dtype=float
            )
            return np.asarray(alone - held)

        return model

    def _lasted(self, setting: Setting, events: int) -> Outcomes:
        """Return the share of the terms before the first breach, M x K."""
        count = len(setting.params) * events
        breach = run(setting, count, threads=self.threads, progress=self.progress).breach
        first = np.where(breach == NEVER, setting.terms, breach).min(axis=1)
        return np.asarray(first / setting.terms).reshape(-1, events)

    def values(self, cube: Cube) -> pd.DataFrame:
        """Return the factors' values at places in the unit cube, one column each, in its unit."""
        setting = self.prepared(cube).setting
        return pd.DataFrame({name: setting.params[name] for name in cube})

    def factors(self) -> pd.DataFrame:
        """Return one row a factor: factor, label, description, unit, value, low, high, measured.

        `value` is what it stands still at, `low` and `high` the 5th and 95th percentiles of what is
        believed of it.
        """
        ends: Mapping[str, Floats] = {
            name: np.array([places[0], LOW, HIGH]) for name, places in self.centre().items()
        }
        values, measured = self.values(ends), self.measured
        return pd.DataFrame(
            {
                "factor": name,
                "label": label_of(quantity),
                "description": quantity.description,
                "unit": quantity.unit,
                "value": values.loc[0, name],
                "low": values.loc[1, name],
                "high": values.loc[2, name],
                "measured": name in measured,
            }
            for name, quantity in self.quantities.items()
        )


def label_of(quantity: Quantity) -> str:
    """Return what a quantity means in a few words: its description without what stands aside."""
    words = _ASIDE.split(quantity.description.rstrip("."))[0]
    if quantity.unit.startswith("probability") and not words.startswith("Chance"):
        return f"Chance that {words[0].lower()}{words[1:]}"
    return words
