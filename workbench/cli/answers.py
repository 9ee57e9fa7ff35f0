"""What a growth answer looks like in a terminal, rounded to what its uncertainty bears."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from workbench.charts.wording import count, percent
from workbench.cli.printing import print_table

if TYPE_CHECKING:
    from workbench.growth.absorb import Answer, Stopping
    from workbench.scenario.results import ScenarioResult, TrustAbsorption


def print_absorption(answer: TrustAbsorption) -> None:
    """Print the curve over joining schools, both capacities, and what binds."""
    absorption = answer.absorption
    _print_title(answer, absorption.replicates, absorption.seed)
    interval = f"{percent(1.0 - absorption.stopping.error)} interval"
    print_table(
        ["joining", "every limit holds", interval, "extra risk", interval],
        [
            [
                row["joiners"],
                percent(row["probability"]),
                f"{percent(row['lower'])} to {percent(row['upper'])}",
                percent(row["extra_risk"]),
                f"{percent(row['extra_lower'])} to {percent(row['extra_upper'])}",
            ]
            for row in absorption.curve.to_dict("records")
        ],
    )
    typer.echo()
    typer.echo(
        f"Capacity: {_capacity(absorption.headline)}, "
        f"by extra risk of at most {percent(absorption.tolerance)}"
    )
    typer.echo(
        f"Capacity: {_capacity(absorption.absolute)}, "
        f"by every limit holding with {percent(absorption.confidence)} confidence"
    )
    typer.echo(stopped(absorption.stopping))
    typer.echo()
    joining = count(absorption.binding_at, "school")
    typer.echo(f"What gives, among futures that break a limit with {joining} joining:")
    print_table(
        ["limit", "first", "ever"],
        [
            [row["limit"], percent(row["first_share"]), percent(row["any_share"])]
            for row in absorption.binding.to_dict("records")
        ],
    )
    _print_notes(answer.notes)


def print_scenario(result: ScenarioResult) -> None:
    """Print whether every limit holds, how each fares by the end, and when joiners are secure."""
    _print_title(result, result.replicates, result.seed)
    for words, hold in (
        (f"with {count(result.joiners, 'school')} joining", result.hold),
        ("with none joining", result.hold_without),
    ):
        spread = f"{percent(hold.lower)} to {percent(hold.upper)}"
        typer.echo(f"Every limit holds {words}: {percent(hold.estimate)} ({spread})")
    typer.echo()
    last = result.breach[result.breach["index"] == result.breach["index"].max()]
    print_table(
        ["limit", "broken by the end", "95% interval"],
        [
            [
                row["limit"],
                percent(row["probability"]),
                f"{percent(row['lower'])} to {percent(row['upper'])}",
            ]
            for row in last.to_dict("records")
        ],
    )
    if result.joiners:
        typer.echo()
        print_table(
            ["joiner", "phase", "band on joining", "joins", "secure by the end"],
            [
                [row["joiner"], row["phase"], row["band"], percent(row["joined_share"]),
                 percent(row["secure_share"])]
                for row in result.time_to_secure.to_dict("records")
            ],
        )  # fmt: skip
    _print_notes(result.notes)


def _print_title(answer: TrustAbsorption | ScenarioResult, replicates: int, seed: int) -> None:
    terms = f"{answer.terms[0]} to {answer.terms[-1]}"
    typer.echo(f"{answer.trust} (UID {answer.uid}): {answer.scenario.title}, {terms}")
    typer.echo(f"{replicates:,} simulated futures, seed {seed}")
    typer.echo()


def _print_notes(notes: tuple[str, ...]) -> None:
    if notes:
        typer.echo()
    for note in notes:
        typer.echo(f"Note: {note}")


def _capacity(answer: Answer) -> str:
    number = "none" if answer.capacity is None else count(answer.capacity, "school")
    return f"{number} ({answer.reason.replace('_', ' ')})"


def stopped(stopping: Stopping) -> str:
    """Say whether more futures could change the answers, and how often they were looked at."""
    match stopping.headline_settled, stopping.absolute_settled:
        case True, True:
            words = "Both answers are settled: more futures would not change them."
        case False, False:
            words = "Neither answer is settled: more futures might change them."
        case first, _:
            known, open_ = ("first", "second") if first else ("second", "first")
            words = f"The {known} answer is settled; more futures might change the {open_}."
    if not stopping.looks:
        return words
    return f"Stopped at look {stopping.taken} of {len(stopping.looks)}. {words}"
