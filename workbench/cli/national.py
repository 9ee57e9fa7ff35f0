"""The command `national`: every trust of England, its room, and the weak schools within reach."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.options import (
    AsJson,
    Cluster,
    Published,
    PublishedFrom,
    Seed,
    Threads,
    folder_named,
)
from workbench.cli.printing import print_json, print_table, progress, records
from workbench.scenario.defaults import SEED

if TYPE_CHECKING:
    from workbench.research.national_picture.picture import NationalPicture

Plan = Annotated[
    str,
    typer.Option(
        "--scenario", metavar="NAME", help="A file of parameters/scenarios/: what joins each trust."
    ),
]
Most = Annotated[int, typer.Option("--joiners", min=1, metavar="N", help="Most schools joining.")]
Futures = Annotated[
    int, typer.Option("--replicates", min=20, metavar="N", help="Simulated futures of each number.")
]
KeptIn = Annotated[
    Path | None,
    typer.Option(
        "--to",
        metavar="FOLDER",
        help="Where the tables go, as Parquet and CSV with a data dictionary.  "
        "[default: outputs/national/DAY, of made-up trusts outputs/national/demo]",
    ),
]


DEMO = "demo"


def national(
    folder: Published = None,
    source: PublishedFrom = None,
    scenario: Plan = "rescue",
    joiners: Most = 10,
    replicates: Futures = 1000,
    seed: Seed = SEED,
    threads: Threads = None,
    cluster: Cluster = None,
    to: KeptIn = None,
    as_json: AsJson = False,
) -> None:
    """Say how many schools every trust of England could absorb, and who is within reach.

    Trusts are started from public data and declared priors; the tables name them and are for
    outputs/ only. No table ranks anyone. With the folder demo, trusts are made up.
    """
    from workbench import paths
    from workbench.research.kept_tables import refuse_unless_ours
    from workbench.research.national_picture.country import read_country
    from workbench.research.national_picture.dictionary import PICTURE
    from workbench.research.national_picture.keep import about, keep_picture
    from workbench.research.national_picture.made_up import made_up_country
    from workbench.research.national_picture.picture import national_picture

    folder = folder_named(folder, source)
    if to is not None:
        refuse_unless_ours(to, PICTURE.what)
    with progress(f"Reading {folder}"):
        country = made_up_country() if folder == DEMO else read_country(Path(folder))
    with progress("Simulating trusts", len(country.trusts)) as bar:
        picture = national_picture(
            country,
            scenario,
            joiners=joiners,
            replicates=replicates,
            seed=seed,
            threads=threads,
            cluster=cluster,
            progress=bar,
        )
    own = DEMO if folder == DEMO else country.as_of.isoformat()
    where = keep_picture(picture, to or paths.outputs() / "national" / own)
    if as_json:
        tables = {"reach": records(picture.reach), "placements": records(picture.placements)}
        print_json(about(picture) | tables | {"room": _room(picture), "kept_in": where})
        return
    _print(picture, where)


def _room(picture: NationalPicture) -> dict[str, int]:
    """Count trusts by the schools they surely have room for."""
    counts = picture.trusts["room_sure"].value_counts().sort_index()
    return {str(number): int(count) for number, count in counts.items()}


def _print(picture: NationalPicture, where: Path) -> None:
    from workbench.report import national as words

    trusts = picture.trusts
    typer.echo(f"{words.headline(picture)}.")
    for what, said in picture.country.about.items():
        typer.echo(f"{what}: {said}")
    typer.echo(
        f"{len(trusts):,} trusts, {picture.replicates:,} futures of each number of joining schools "
        f"under {picture.scenario.title}; room is for schools that add at most "
        f"{100 * picture.tolerance:g} percentage points to the risk of breaking a limit"
    )
    typer.echo("")
    typer.echo("Trusts by the schools they surely have room for")
    print_table(["room", "trusts"], [[room, n] for room, n in _room(picture).items()])
    beyond = int((trusts["reason"] == "already_beyond_limits").sum())
    typer.echo(f"{beyond} are beyond their limits already: for them no room could be shown")
    sums = [int(trusts[f"room_{reading}"].sum()) for reading in ("estimated", "sure", "possible")]
    typer.echo(
        "room of all trusts: {:,} schools by the estimate ({:,} surely, {:,} possibly)".format(
            *sums
        )
    )
    for title, table in (
        ("Weak schools with a trust with room within so many minutes by road, and at least and at "
         "most by the doubt about room and roads", words.reach_table(picture)),
        ("Weak schools for which an optimal assignment finds a trust that surely has room",
         words.placements_table(picture)),
    ):  # fmt: skip
        typer.echo("")
        typer.echo(title)
        print_table(list(table.columns), table.to_numpy().tolist())
    typer.echo("")
    typer.echo("What this does not tell")
    for limit in words.limitations(picture):
        typer.echo(f"- {limit}")
    typer.echo(f"kept in {where}")
