"""The command `national`: every trust of England, its room, and the weak schools within reach."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.options import AsJson, Cluster, Seed, Threads
from workbench.cli.printing import print_json, print_table, progress, records
from workbench.scenario.defaults import SEED

if TYPE_CHECKING:
    from workbench.research.national_picture.picture import NationalPicture

Published = Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder of files as published.")]
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
        "[default: outputs/national/DAY]",
    ),
]


def national(
    folder: Published,
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
    outputs/ only. No table ranks anyone.
    """
    from workbench import paths
    from workbench.research.national_picture.country import read_country
    from workbench.research.national_picture.keep import about, keep_picture
    from workbench.research.national_picture.picture import national_picture

    with progress(f"Reading {folder}"):
        country = read_country(folder)
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
    where = keep_picture(picture, to or paths.outputs() / "national" / country.as_of.isoformat())
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
    from workbench.research.national_picture.reach import ALL

    trusts = picture.trusts
    for what, said in picture.country.about.items():
        typer.echo(f"{what}: {said}")
    typer.echo(
        f"{len(trusts)} trusts, {picture.replicates} futures of each number of joining schools "
        f"under {picture.scenario.title}; extra risk of {picture.tolerance:g} accepted"
    )
    typer.echo("")
    typer.echo("Trusts by the schools they surely have room for")
    print_table(["room", "trusts"], [[room, n] for room, n in _room(picture).items()])
    beyond = int((trusts["reason"] == "already_beyond_limits").sum())
    typer.echo(f"{beyond} are beyond their limits already: for them no room could be shown")
    typer.echo("")
    typer.echo("Weak schools with a trust with room by road (least and most in brackets)")
    rows = [
        [row["where"], f"{row['minutes']:g}", row["weak"], row["placed"],
         f"{row['within']} ({row['within_low']} to {row['within_high']})"]
        for row in picture.reach[picture.reach["region"] == ALL].to_dict("records")
    ]  # fmt: skip
    print_table(["where", "minutes", "weak", "place known", "within reach"], rows)
    typer.echo(f"{picture.unrated} schools have no judgement: nobody knows which of them are weak")
    typer.echo("")
    typer.echo("Weak schools that an optimal assignment finds a trust for")
    shown = picture.placements.round({"mean_minutes": 1}).astype("object")
    headings = [str(name).replace("_", " ") for name in shown]
    print_table(headings, shown.fillna("-").to_numpy().tolist())
    for note in picture.notes:
        typer.echo(note)
    typer.echo(f"kept in {where}")
