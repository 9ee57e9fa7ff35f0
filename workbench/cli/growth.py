"""The commands `absorb` and `simulate`: what a plan does to a trust, in words, JSON or files."""

from __future__ import annotations

import typer

from workbench.cli.options import (
    AsJson,
    Cluster,
    Confidence,
    Folder,
    Joiners,
    KeepIn,
    Replicates,
    ReplicatesIfFixed,
    ScenarioName,
    Seed,
    Threads,
)
from workbench.cli.printing import print_json, progress
from workbench.scenario.defaults import REPLICATES, SEED


def absorb(
    folder: Folder,
    scenario: ScenarioName,
    joiners: Joiners = range(21),
    replicates: ReplicatesIfFixed = None,
    confidence: Confidence = None,
    seed: Seed = SEED,
    threads: Threads = None,
    cluster: Cluster = None,
    to: KeepIn = None,
    as_json: AsJson = False,
) -> None:
    """Say how many schools a trust can absorb.

    Simulates until the answer is settled, or as many futures as asked for. The same seed gives the
    same answer, and the same bytes with --json and --to.
    """
    from workbench.cli.answers import print_absorption
    from workbench.scenario import answers
    from workbench.trust.load import read_trust

    trust = read_trust(folder)
    most = answers.read_settings().risk.looks[-1] if replicates is None else replicates
    with progress("Simulating", len(joiners) * most) as bar:
        answer = answers.absorb(
            trust,
            scenario,
            joiners=joiners,
            replicates=replicates,
            confidence=confidence,
            seed=seed,
            threads=threads,
            cluster=cluster,
            progress=bar,
        )
    if to is not None:
        from workbench.scenario.keep import keep_absorption

        keep_absorption(trust, answer, to)
    if as_json:
        print_json(answer.as_json())
        return
    print_absorption(answer)
    if to is not None:
        typer.echo(f"kept in {to}")


def simulate(
    folder: Folder,
    scenario: ScenarioName,
    replicates: Replicates = REPLICATES,
    seed: Seed = SEED,
    threads: Threads = None,
    cluster: Cluster = None,
    to: KeepIn = None,
    as_json: AsJson = False,
) -> None:
    """Simulate one scenario.

    Says how likely every limit holds, how each fares, and which joining schools become secure.
    """
    from workbench.cli.answers import print_scenario
    from workbench.scenario import answers
    from workbench.trust.load import read_trust

    trust = read_trust(folder)
    with progress("Simulating", 2 * replicates) as bar:
        result = answers.simulate(
            trust,
            scenario,
            replicates=replicates,
            seed=seed,
            threads=threads,
            cluster=cluster,
            progress=bar,
        )
    if to is not None:
        from workbench.scenario.keep import keep_scenario

        with progress("Keeping the results"):
            keep_scenario(trust, result, to, threads=threads)
    if as_json:
        print_json(result.as_json())
        return
    print_scenario(result)
    if to is not None:
        typer.echo(f"kept in {to}")
