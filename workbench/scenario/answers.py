"""The questions a board asks of a scenario: how many can we absorb, and what would happen?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workbench import paths
from workbench.errors import BadInput
from workbench.growth.absorb import INTERVAL_LEVEL, absorb_setting, any_breach
from workbench.growth.draws import events_for_each_draw
from workbench.growth.kernel.layout import NOT_JOINED
from workbench.growth.ranges import workers
from workbench.growth.simulate import Progress, run
from workbench.measures.nested import (
    Outcomes,
    VarianceParts,
    draw_means,
    epistemic_sd,
    nested_share,
    variance_parts,
)
from workbench.parameters.limits import TrustSettings
from workbench.parameters.load import load_yaml
from workbench.parameters.model import ModelParameters
from workbench.parameters.scenario import MAXIMUM_JOINERS, Scenario, read_scenario
from workbench.scenario.defaults import REPLICATES, SEED
from workbench.scenario.results import (
    ScenarioResult,
    TrustAbsorption,
    breach_by_term,
    fans,
    futures,
    time_to_secure,
)
from workbench.scenario.start import Prepared, prepare
from workbench.trust.load import Trust

MOST_REPLICATES = 1_000_000


def read_model() -> ModelParameters:
    """Read `parameters/model.yaml`."""
    return load_yaml(paths.parameters() / "model.yaml", ModelParameters)


def read_settings() -> TrustSettings:
    """Read `parameters/trust.yaml`."""
    return load_yaml(paths.parameters() / "trust.yaml", TrustSettings)


def absorb(
    trust: Trust,
    scenario: Scenario | str,
    *,
    joiners: Sequence[int] = range(21),
    replicates: int | None = None,
    confidence: float | None = None,
    seed: int = SEED,
    threads: int | None = None,
    cluster: str | None = None,
    progress: Progress | None = None,
) -> TrustAbsorption:
    """Answer how many schools a trust can absorb under a scenario's mix, pace and policy.

    Args:
        trust: The trust.
        scenario: A scenario, or the name of its file.
        joiners: 0, 1, ... N.
        replicates: Trajectories for each number of joiners; if None, as many as settle the answer,
            looked at as often as `parameters/trust.yaml` declares.
        confidence: Probability asked for in the absolute answer; the board's own if None.
        seed: Seed of every stream.
        threads: Worker threads (default: all cores); the answer does not depend on it.
        cluster: Address of a Dask scheduler to run on in place of threads; the answer does not
            depend on it.
        progress: Called with the trajectories just finished.

    Raises:
        BadInput: An argument is out of range, the trust or scenario cannot be simulated, or the
            cluster is not there or runs other code.
        RunFailed: The cluster lost its workers over and over.
    """
    settings = read_settings()
    risk = settings.risk
    looks = risk.looks if replicates is None else (replicates,)
    _check(looks, seed, joiners, confidence)
    scenario = _scenario(scenario)
    prepared = prepare(
        trust,
        scenario,
        read_model(),
        settings,
        joiners=max(joiners),
        replicates=looks[-1],
        seed=seed,
    )
    with workers(threads, cluster) as ranges:
        absorption = absorb_setting(
            prepared.setting,
            list(joiners),
            looks[-1],
            looks=looks[:-1],
            error=risk.error.value,
            tolerance=risk.tolerance.value,
            confidence=risk.confidence.value if confidence is None else confidence,
            ceiling=risk.baseline_ceiling.value,
            progress=progress,
            ranges=ranges,
        )
    return TrustAbsorption(
        trust.name,
        trust.uid,
        scenario,
        absorption,
        prepared.register(),
        (*prepared.notes, *_hardly_tried(prepared, scenario, max(joiners), threads)),
        _terms(prepared),
    )


def simulate(
    trust: Trust,
    scenario: Scenario | str,
    *,
    joiners: int | None = None,
    replicates: int = REPLICATES,
    seed: int = SEED,
    threads: int | None = None,
    cluster: str | None = None,
    progress: Progress | None = None,
) -> ScenarioResult:
    """Simulate a scenario, and the same trust without joiners beside it.

    Args:
        trust: The trust.
        scenario: A scenario, or the name of its file.
        joiners: Number of schools that join; the scenario's own if None.
        replicates: Trajectories.
        seed: Seed of every stream.
        threads: Worker threads (default: all cores); the result does not depend on it.
        cluster: Address of a Dask scheduler to run on in place of threads; the result does not
            depend on it.
        progress: Called with the trajectories just finished.

    Raises:
        BadInput: An argument is out of range, the trust or scenario cannot be simulated, or the
            cluster is not there or runs other code.
        RunFailed: The cluster lost its workers over and over.
    """
    scenario = _scenario(scenario)
    count = scenario.joiners.schools if joiners is None else joiners
    _check((replicates,), seed, range(count + 1), None)
    prepared = prepare(
        trust,
        scenario,
        read_model(),
        read_settings(),
        joiners=count,
        replicates=replicates,
        seed=seed,
    )
    alone = prepared.setting.with_joiners(0)
    with workers(threads, cluster) as ranges:
        with_them = run(prepared.setting, replicates, record=True, progress=progress, ranges=ranges)
        without = run(alone, replicates, progress=progress, ranges=ranges)
    holds = ~any_breach(with_them.breach)
    holds_without = ~any_breach(without.breach)
    terms = _terms(prepared)
    return ScenarioResult(
        trust=trust.name,
        uid=trust.uid,
        scenario=scenario,
        joiners=count,
        terms=terms,
        fans=fans(with_them, terms),
        breach=breach_by_term(with_them, terms, prepared.judged),
        hold=nested_share(holds, with_them.events, INTERVAL_LEVEL),
        hold_without=nested_share(holds_without, without.events, INTERVAL_LEVEL),
        epistemic_sd=epistemic_sd(draw_means(holds, with_them.events), with_them.events),
        variance=_parted(holds, with_them.events),
        time_to_secure=time_to_secure(with_them, prepared.joiners),
        futures=futures(with_them),
        starting=prepared.register(),
        notes=prepared.notes,
        replicates=replicates,
        draws=len(prepared.setting.params),
        seed=seed,
    )


def _check(
    looks: Sequence[int], seed: int, joiners: Sequence[int], confidence: float | None
) -> None:
    events = events_for_each_draw(looks[-1])
    rules = (
        *(
            (
                20 <= size <= MOST_REPLICATES,
                f"{size} replicates",
                f"between 20 and {MOST_REPLICATES} replicates",
            )
            for size in looks
        ),
        *(
            (
                size % events == 0,
                f"a look at {size} replicates",
                f"a multiple of the {events} replicates of each draw of the parameters",
            )
            for size in looks
        ),
        (0 <= seed < 2**63, f"seed {seed}", "a seed from 0 to 2^63 - 1"),
        (
            len(joiners) > 0 and list(joiners) == list(range(len(joiners))),
            f"joiners {list(joiners)[:5]}",
            "joiners run from 0 upwards without a gap: every smaller number decides the answer",
        ),
        (
            len(joiners) - 1 <= MAXIMUM_JOINERS,
            f"{len(joiners) - 1} joiners",
            f"at most {MAXIMUM_JOINERS} joiners",
        ),
        (
            confidence is None or 0.5 <= confidence < 1,
            f"confidence {confidence}",
            "a confidence from 0.5 to less than 1",
        ),
    )
    for holds, what, rule in rules:
        if not holds:
            raise BadInput(f"{what} cannot be used", rule=rule, mend="choose a value in range")


def _parted(holds: Outcomes, events: int) -> VarianceParts | None:
    """Part doubt from chance, where there are draws and events enough."""
    told_apart = events > 1 and len(holds) > events
    return variance_parts(holds, events) if told_apart else None


def _hardly_tried(
    prepared: Prepared, scenario: Scenario, joiners: int, threads: int | None
) -> Iterator[str]:
    """Say how many schools join on average, where chance or a gate may keep them out."""
    if joiners == 0 or (scenario.joiners.arrival == "planned" and scenario.policy.gate == "none"):
        return
    with workers(threads) as ranges:
        result = run(prepared.setting, len(prepared.setting.params), ranges=ranges)
    arriving = result.secured[:, prepared.setting.existing :] != NOT_JOINED
    yield (
        f"Of {joiners} schools that may come, {arriving.sum(axis=1).mean():.1f} join by "
        f"{prepared.first + (prepared.setting.terms - 1)} on average: chance or the gate keeps the "
        "others out, and what was kept out adds no risk. A number of schools here is a number "
        "that may come, not one that joins."
    )


def _scenario(scenario: Scenario | str) -> Scenario:
    if isinstance(scenario, Scenario):
        return scenario
    return read_scenario(scenario, paths.scenarios())


def _terms(prepared: Prepared) -> tuple[str, ...]:
    return tuple(str(prepared.first + t) for t in range(prepared.setting.terms))
