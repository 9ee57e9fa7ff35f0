"""The command `compare`: scenarios against each other in a terminal, as JSON, or kept as files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.options import AsJson, Cluster, Folder, KeepIn, Replicates, Seed, Threads
from workbench.cli.printing import print_json, print_table, progress
from workbench.scenario.defaults import COMPARED_REPLICATES, SEED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.growth.absorb import Absorption
    from workbench.scenario.compare import Comparison
    from workbench.trust.load import Trust

Scenarios = Annotated[
    list[str] | None,
    typer.Option(
        "--scenario",
        metavar="NAME",
        help="A file of parameters/scenarios/; name two or more.  [default: all]",
    ),
]


def compare(
    folder: Folder,
    scenario: Scenarios = None,
    replicates: Replicates = COMPARED_REPLICATES,
    seed: Seed = SEED,
    threads: Threads = None,
    cluster: Cluster = None,
    to: KeepIn = None,
    as_json: AsJson = False,
) -> None:
    """Compare scenarios on the same luck: risk added, differences, regret and robustness.

    The same seed gives the same answer, and the same bytes with --json and --to.
    """
    from workbench.scenario import compare as comparing
    from workbench.trust.load import read_trust

    trust = read_trust(folder)
    names = scenario or comparing.chosen_scenarios("")
    with progress("Simulating", 2 * replicates * len(names)) as bar:
        result = comparing.compare(
            trust,
            names,
            replicates=replicates,
            seed=seed,
            threads=threads,
            cluster=cluster,
            progress=bar,
        )
    if to is not None:
        from workbench.scenario.keep import keep_comparison

        with progress("Keeping the results"):
            keep_comparison(trust, result, to, threads=threads)
    if as_json:
        print_json(result.as_json())
        return
    _print(result, _allowed(trust, result, threads, cluster))
    if to is not None:
        typer.echo(f"kept in {to}")


def _allowed(
    trust: Trust, result: Comparison, threads: int | None, cluster: str | None
) -> dict[str, Absorption]:
    """Ask how many schools each plan lets join, as its own report does."""
    from workbench.parameters.levers import load_lever_sizes
    from workbench.scenario.answers import absorb
    from workbench.scenario.trial import numbers_to_try

    sizes = load_lever_sizes()
    return {
        title: absorb(
            trust,
            plan,
            joiners=numbers_to_try(plan, sizes),
            seed=result.seed,
            threads=threads,
            cluster=cluster,
        ).absorption
        for title, plan in result.scenarios.items()
    }


def _print(result: Comparison, allowed: Mapping[str, Absorption]) -> None:
    from workbench.parameters.limits import TrustSettings
    from workbench.report.comparison import recommend
    from workbench.report.comparison_tables import (
        differences_table,
        overview_table,
        regret_table,
        robustness_table,
    )
    from workbench.scenario.answers import read_settings

    settings: TrustSettings = read_settings()
    typer.echo(f"{result.trust} (UID {result.uid}): {len(result.scenarios)} scenarios compared")
    typer.echo(f"{result.replicates:,} simulated futures of each, seed {result.seed}")
    typer.echo()
    for table in (overview_table(result, allowed), differences_table(result), regret_table(result),
                  robustness_table(result)):  # fmt: skip
        print_table(list(table.columns), table.to_numpy().tolist())
        typer.echo()
    typer.echo(f"The model's answer: {recommend(result, settings, allowed)[1]}")
    for note in result.notes:
        typer.echo(f"Note: {note}")
