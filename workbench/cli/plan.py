"""The command `plan`: what an absorption answer means for action, as tables or JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import typer

from workbench.cli.options import AsJson, Folder, Replicates, ScenarioName, Seed, Threads
from workbench.cli.printing import print_json, print_table, progress, records
from workbench.scenario.defaults import REPLICATES, SEED

if TYPE_CHECKING:
    import pandas as pd

    from workbench.parameters.scenario import Scenario
    from workbench.scenario.dated_plan import DatedPlan
    from workbench.scenario.levers import Worth
    from workbench.scenario.packages import Package, Packages
    from workbench.scenario.tripwires import Tripwire


@dataclass(frozen=True)
class Action:
    """What could be done about one plan.

    Attributes:
        trust: Name of the trust.
        uid: Its group UID.
        scenario: The plan.
        replicates: Trajectories for each number of joiners of each plan tried.
        seed: Seed of every stream.
        frontier: As `scenario.frontier.absorption_frontier`.
        dated: The earliest term for each school.
        wires: What warns in time of a broken limit.
        worths: What each change is worth.
        packages: The cheapest changes that let further schools join.
    """

    trust: str
    uid: int
    scenario: Scenario
    replicates: int
    seed: int
    frontier: pd.DataFrame
    dated: DatedPlan
    wires: Sequence[Tripwire]
    worths: Sequence[Worth]
    packages: Packages

    def as_json(self) -> dict[str, Any]:
        """Return all of it as plain data."""
        from workbench.scenario.levers import worth_frame

        dated = self.dated
        return {
            "trust": self.trust, "uid": self.uid, "scenario": self.scenario.title,
            "replicates": self.replicates, "seed": self.seed,
            "frontier": records(self.frontier),
            "dated_plan": {
                "steps": records(dated.steps), "tried": records(dated.tried),
                "proof": None if dated.proof is None else asdict(dated.proof),
                "proved": dated.proved,
                "tolerance": dated.tolerance, "last": dated.last,
                "judged_terms": dated.judged_terms, "replicates": dated.replicates,
            },
            "tripwires": [
                asdict(wire) | {"is_crossed_now": wire.is_crossed_now} for wire in self.wires
            ],
            "levers": records(worth_frame(self.worths)),
            "packages": _packages_json(self.packages),
        }  # fmt: skip


def plan(
    folder: Folder,
    scenario: ScenarioName,
    replicates: Replicates = REPLICATES,
    seed: Seed = SEED,
    threads: Threads = None,
    as_json: AsJson = False,
) -> None:
    """Say what to do about a plan: which schools, how fast, when, what to watch, what buys more.

    The same seed gives the same answer, and the same bytes with --json.
    """
    action = act(folder, scenario, replicates=replicates, seed=seed, threads=threads)
    if as_json:
        print_json(action.as_json())
    else:
        print_action(action)


def act(folder: Folder, scenario: str, **drawn: Any) -> Action:
    """Work all of it out, with a bar for each part.

    Args:
        folder: The trust's folder.
        scenario: Name of the plan's file.
        drawn: `replicates`, `seed` and `threads`, the same for each part.
    """
    from workbench import paths
    from workbench.parameters.levers import load_lever_sizes
    from workbench.parameters.scenario import read_scenario
    from workbench.scenario.dated_plan import dated_plan
    from workbench.scenario.frontier import absorption_frontier
    from workbench.scenario.levers import worth_of_levers
    from workbench.scenario.packages import cheapest_packages
    from workbench.scenario.tripwires import tripwires
    from workbench.trust.load import read_trust

    trust, asked = read_trust(folder), read_scenario(scenario, paths.scenarios())
    given = (trust, asked, load_lever_sizes())
    with progress("1 of 5: which schools, how fast") as bar:
        frontier = absorption_frontier(*given, **drawn, progress=bar)
    with progress("2 of 5: when each school can join") as bar:
        dated = dated_plan(*given, **drawn, progress=bar)
    with progress("3 of 5: what to watch") as bar:
        wires = tripwires(*given, **drawn, progress=bar)
    with progress("4 of 5: what each change is worth") as bar:
        worths = worth_of_levers(*given, **drawn, progress=bar)
    with progress("5 of 5: the cheapest changes") as bar:
        packages = cheapest_packages(*given, **drawn, progress=bar)
    return Action(
        trust.name, trust.uid, asked, drawn["replicates"], drawn["seed"],
        frontier, dated, wires, worths, packages,
    )  # fmt: skip


def print_action(action: Action) -> None:
    """Print what could be done about a plan, a table for each question."""
    from workbench.report import absorbing

    typer.echo(f"{action.trust} (UID {action.uid}): {action.scenario.title}")
    typer.echo(
        f"{action.replicates:,} simulated futures for each number of schools, seed {action.seed}"
    )
    _headed("Schools that can join, by what joins and schools a year (+: all tried are within):")
    _print_frontier(action.frontier)
    _headed("The earliest term in which each school can join:")
    print_dated(action.dated)
    _headed("What to watch:")
    for sentence in absorbing.tripwire_sentences(action.wires):
        typer.echo(sentence)
    if action.wires:
        _print_frame(absorbing.tripwires_table(action.wires), (
            "watch", "act at", "now", "warned of", "false alarms", "then broken",
            "broken without a warning", "terms of warning",
        ))  # fmt: skip
    _headed("What each change is worth (risk: with one school more than the plan allows):")
    _print_frame(absorbing.worth_table(action.worths, action.scenario), (
        "change", "schools", "more", "change of risk", "pounds a year",
        "for each further school",
    ))  # fmt: skip
    typer.echo("Schools that would join too late to be judged are not counted as more.")
    typer.echo(absorbing.COUNTED)
    _headed("What buys further schools:")
    typer.echo(absorbing.cheapest_said(action.packages, action.scenario))
    _print_frame(absorbing.packages_table(action.packages, action.scenario), (
        "further schools", "cheapest package", "schools", "pounds a year",
        "for each further school", "when first found",
    ))  # fmt: skip


def _headed(words: str) -> None:
    typer.echo()
    typer.echo(words)


def _print_frame(frame: pd.DataFrame, headings: Sequence[str]) -> None:
    """Print a report's table under headings short enough for a terminal."""
    print_table(headings, frame.to_numpy().tolist())


def _print_frontier(frontier: pd.DataFrame) -> None:
    paces = sorted(set(frontier["pace"]))
    rows = []
    for mix in dict.fromkeys(frontier["mix"]):
        own = frontier[frontier["mix"] == mix].set_index("pace")
        rows.append([mix, *(_schools(own.loc[pace]) for pace in paces)])
    print_table(["joiners", *(f"{pace:g} a year" for pace in paces)], rows)


def _schools(cell: pd.Series) -> str:
    import pandas as pd

    if pd.isna(cell["capacity"]):
        return f"none ({_words(cell['reason'])})"
    return f"{cell['capacity']}{'+' if cell['reason'] == 'limit_of_search' else ''}"


def print_dated(dated: DatedPlan) -> None:
    """Print when each school could join, and whether that holds on fresh futures."""
    import pandas as pd

    from workbench.charts.wording import count, points, together_add

    def risk(row: dict[Any, Any]) -> str:
        if pd.isna(row["extra_risk"]):
            return ""
        value, lower, upper = (points(row[end]) for end in ("extra_risk", "lower", "upper"))
        return f"{value}% ({lower}% to {upper}%)"

    print_table(
        ["school", "phase", "band", "planned", "earliest", "extra risk so far", "why none",
         "goes first"],
        [
            [row["joiner"], row["phase"], row["band"], row["planned"],
             "none" if pd.isna(row["term"]) else row["term"],
             risk(row), _words(row["reason"]), row["binds"]]
            for row in dated.steps.to_dict("records")
        ],
    )  # fmt: skip
    typer.echo(
        f"Extra risk accepted: {points(dated.tolerance)}%. No school is given a term after "
        f"{dated.last}, to be judged over {count(dated.judged_terms, 'term')} at least."
    )
    if dated.proof is not None:
        proof = dated.proof
        typer.echo(
            f"On fresh futures {together_add(dated.dated)} "
            f"{points(proof.estimate)}% ({points(proof.lower)}% to {points(proof.upper)}%)."
        )
        if not dated.proved:
            typer.echo(
                "So on fresh futures the plan together is not shown to keep within the extra risk "
                "accepted."
            )


def _words(reason: str) -> str:
    return reason.replace("_", " ")


def _packages_json(packages: Packages) -> dict[str, Any]:
    """Return the packages with those that failed and the plans they come to."""
    return {
        "planned": asdict(packages.planned), "tried": packages.tried,
        "replicates": packages.replicates, "proof_replicates": packages.proof_replicates,
        "cheapest": [
            {
                "further": one.further, "reason": one.reason,
                "found": _package_json(one.package), "proved": _package_json(one.proved),
                "failed": [_package_json(package) for package in one.failed],
            }
            for one in packages.cheapest
        ],
    }  # fmt: skip


def _package_json(package: Package | None) -> dict[str, Any] | None:
    if package is None:
        return None
    return {
        "changes": [{"lever": lever, "steps": steps} for lever, steps in package.changes],
        **asdict(package.answer),
        "extra_schools": package.extra_schools,
        "cost": asdict(package.cost),
        "further_leads": package.plan.further_leads,
    }
