"""A trial: the trust, the numbers and the luck that every plan set beside another shares."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from workbench.errors import BadInput
from workbench.growth.absorb import any_breach
from workbench.growth.setting import Setting
from workbench.growth.simulate import Progress, Trajectories, run
from workbench.measures.nested import Outcomes
from workbench.parameters.levers import LeverSizes
from workbench.parameters.limits import TrustSettings
from workbench.parameters.model import ModelParameters
from workbench.parameters.scenario import Joiners, Policy, Scenario
from workbench.scenario.answers import read_model, read_settings
from workbench.scenario.changes import Plan, within
from workbench.scenario.defaults import REPLICATES, SEED
from workbench.scenario.start import Prepared, prepare
from workbench.trust.load import Trust

POLICY_FIELDS = ("schools_per_lead", "hire_ahead_terms", "intelligence_investment")
PERCENT = 100.0
FEWEST = 20
Broken = Callable[[int], Outcomes]


@dataclass(frozen=True)
class Trial:
    """What plans that are compared share.

    Attributes:
        trust: The trust.
        scenario: The plan as it stands.
        model: The declared parameters of the model.
        settings: The board's limits and risk.
        sizes: How far levers are pulled.
        replicates: Trajectories for each plan and number of joiners.
        seed: Seed of every stream.
        threads: Worker threads; no answer depends on it.
        progress: Called with the trajectories just finished.
    """

    trust: Trust
    scenario: Scenario
    model: ModelParameters
    settings: TrustSettings
    sizes: LeverSizes
    replicates: int
    seed: int
    threads: int
    progress: Progress | None

    @property
    def most(self) -> int:
        """The largest number of joiners looked at."""
        return numbers_to_try(self.scenario, self.sizes)[-1]

    def prepared(self, scenario: Scenario) -> Prepared:
        """Build the setting of a scenario, with as many joiners as are looked at."""
        return prepare(
            self.trust,
            scenario,
            self.model,
            self.settings,
            joiners=self.most,
            replicates=self.replicates,
            seed=self.seed,
        )

    def setting(self, plan: Plan) -> Setting:
        """Build the setting of a plan."""
        return changed_setting(self.prepared(plan.scenario).setting, plan)

    def broken(self, setting: Setting) -> Broken:
        """Return what tells for a number of joiners which trajectories break a limit.

        Each number is simulated once, when it is first asked for.
        """

        @cache
        def at(joiners: int) -> Outcomes:
            return any_breach(self.run(setting.with_joiners(joiners)).breach)

        return at

    def run(self, setting: Setting, *, record: bool = False) -> Trajectories:
        """Run a setting with the trial's numbers."""
        return run(
            setting, self.replicates, threads=self.threads, record=record, progress=self.progress
        )

    def proof(self) -> Trial:
        """Return the same trial with fresh luck, fresh draws and more futures."""
        factor = int(self.sizes.proof_factor.value)
        return replace(self, seed=self.seed + 1, replicates=factor * self.replicates)


def trial(
    trust: Trust,
    scenario: Scenario,
    sizes: LeverSizes,
    *,
    replicates: int = REPLICATES,
    seed: int = SEED,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Trial:
    """Return a trial with the committed parameters of the model and the board's limits.

    Args:
        trust: The trust.
        scenario: The plan as it stands.
        sizes: How far levers are pulled.
        replicates: Trajectories for each plan and number of joiners.
        seed: Seed of every stream.
        threads: Worker threads (default: all cores).
        progress: Called with the trajectories just finished.

    Raises:
        BadInput: There are too few trajectories to compare anything.
    """
    if replicates < FEWEST:
        raise BadInput(
            f"{replicates} replicates cannot be used",
            rule=f"at least {FEWEST} replicates for each plan",
            mend="choose a value in range",
        )
    workers = threads or os.cpu_count() or 1
    return Trial(
        trust, scenario, read_model(), read_settings(), sizes, replicates, seed, workers, progress
    )


def numbers_to_try(plan: Scenario, sizes: LeverSizes) -> range:
    """Return 0, 1, ... up to some schools more than planned, as far as a scenario may go."""
    most = plan.joiners.schools + sizes.further_schools.value
    return range(int(within(Joiners, "schools", most)) + 1)


def changed_setting(setting: Setting, plan: Plan) -> Setting:
    """Return a setting of the plan's joiners under the plan's policy and further leads.

    It equals the setting prepared from the plan's own scenario, as far as levers reach.
    """
    params = setting.params.copy()
    params["leads"] += plan.further_leads
    return replace(setting, params=params, policy=_policy(setting, plan.scenario.policy))


def _policy(setting: Setting, policy: Policy) -> np.ndarray[tuple[int], np.dtype[np.void]]:
    record = setting.policy.copy()
    for field in POLICY_FIELDS:
        record[field] = getattr(policy, field)
    record["top_slice"] = policy.top_slice_percent / PERCENT
    return record
