"""The command `why`: what moves the answer of a plan, and in which futures it fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from workbench.charts.wording import capital, count, number, percent, points
from workbench.cli.options import AsJson, Folder, ScenarioName, Seed, Threads
from workbench.cli.printing import print_json, print_table, progress
from workbench.scenario.defaults import SEED

if TYPE_CHECKING:
    from workbench.growth.sobol import Indices
    from workbench.scenario.why import Why

ROWS = 10

JoinersAsked = Annotated[
    int | None,
    typer.Option(
        "--joiners", min=0, metavar="N", help="Schools that join.  [default: the scenario's own]"
    ),
]
Quick = Annotated[
    bool, typer.Option("--quick", help="A fifth of the work, and wider intervals for it.")
]


def why(
    folder: Folder,
    scenario: ScenarioName,
    joiners: JoinersAsked = None,
    quick: Quick = False,
    seed: Seed = SEED,
    threads: Threads = None,
    as_json: AsJson = False,
) -> None:
    """Say what moves the answer of a plan, and in which futures it fails.

    Every uncertain assumption is moved through what is believed of it, alone and with the others.
    The same seed gives the same answer, and the same bytes with --json.
    """
    from workbench import paths
    from workbench.parameters.scenario import read_scenario
    from workbench.scenario import why as reasons
    from workbench.scenario.answers import read_model, read_settings
    from workbench.scenario.effort import FULL, REPORT
    from workbench.scenario.sampled import Plan
    from workbench.trust.load import read_trust

    trust, plan = read_trust(folder), read_scenario(scenario, paths.scenarios())
    effort = REPORT if quick else FULL
    varied = Plan(trust, plan, read_model(), read_settings(), joiners or 0, seed).quantities
    with progress("Simulating", effort.trajectories(len(varied))) as bar:
        answer = reasons.why(
            trust, plan, joiners=joiners, effort=effort, seed=seed, threads=threads, progress=bar
        )
    if as_json:
        print_json(answer.as_json())
    else:
        print_why(answer)


def print_why(answer: Why) -> None:
    """Print what moves the answer one assumption at a time and all together, and where it fails."""
    from workbench.charts.asked import outcome
    from workbench.report.reasons import sentences

    typer.echo(
        f"{answer.trust} (UID {answer.uid}): {answer.scenario.title}, "
        f"{answer.terms[0]} to {answer.terms[1]}, {count(answer.joiners, 'school')} joining"
    )
    typer.echo(f"{answer.trajectories:,} simulated futures, seed {answer.seed}")
    typer.echo()
    hold = answer.hold
    typer.echo(
        f"Every limit holds: {percent(hold.estimate)} "
        f"({percent(hold.lower)} to {percent(hold.upper)})"
    )
    typer.echo(f"Explained: {outcome(answer.asked)}")
    typer.echo()
    _print_tornado(answer)
    typer.echo()
    _print_indices(answer)
    typer.echo()
    for sentence in sentences(answer):
        typer.echo(f"{sentence.rstrip('.')}.")
    for note in answer.notes:
        typer.echo(f"Note: {note}")


def _print_tornado(answer: Why) -> None:
    base = percent(answer.tornado.base.estimate)
    typer.echo(
        f"One assumption at a time, all others at their own value, from {base} "
        "(percentage points, 95% interval):"
    )
    print_table(
        ["assumption", "at its 5th percentile", "at its 95th percentile", "clear of chance"],
        [
            [
                capital(row["label"]),
                *(
                    f"{points(row[end])} "
                    f"({points(row[f'{end}_lower'])} to {points(row[f'{end}_upper'])})"
                    for end in ("low", "high")
                ),
                "yes" if row["clear"] else "no",
            ]
            for row in answer.tornado.table.head(ROWS).to_dict("records")
        ],
    )


def _print_indices(answer: Why) -> None:
    found = answer.indices
    typer.echo("All together, share of the variance (95% interval):")
    print_table(
        ["assumption", "alone", "with others", "above the noise"],
        [
            [
                capital(row["label"]),
                *(
                    f"{number(row[order], 2)} "
                    f"({number(row[f'{order}_lower'], 2)} to {number(row[f'{order}_upper'], 2)})"
                    for order in ("first", "total")
                ),
                "yes" if row["above_noise"] else "no",
            ]
            for row in found.table.to_dict("records")
        ],
    )
    for sentence in settled_sentences(found):
        typer.echo(sentence)
    if answer.rest is not None:
        rest = answer.rest
        typer.echo(
            f"Assumptions not listed have a part in {number(rest.estimate, 2)} "
            f"({number(rest.lower, 2)} to {number(rest.upper, 2)}) of the variance."
        )


def settled_sentences(found: Indices) -> tuple[str, ...]:
    """Say whether the indices have settled, and how much of the variance is chance."""
    settling = found.settling
    said = (
        f"The indices have {'' if settling.settled else 'not '}settled: the last doubling to "
        f"{found.size:,} points moved none by more than {number(settling.change, 3)} "
        f"(allowed: {number(settling.tolerance, 3)}), and no interval reaches further than "
        f"{number(settling.widest, 3)} either side (allowed: {number(2 * settling.tolerance, 3)})."
    )
    if found.noise.common is None:
        return (said, "Chance is not told apart from the assumptions.")
    noise = f"Simulation noise is {percent(found.noise.common)} of the variance"
    floor = "" if found.floor is None else (
        f"; an index of {number(found.floor, 2)} or less may be nothing else"
    )  # fmt: skip
    return said, f"{noise}{floor}."
