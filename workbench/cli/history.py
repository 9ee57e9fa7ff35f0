"""The command that builds the panel of England's history."""

from __future__ import annotations

import typer

from workbench.cli.options import AsJson, PanelTarget, Source
from workbench.cli.printing import print_json, print_table, progress, records


def history(source: Source, target: PanelTarget = None, as_json: AsJson = False) -> None:
    """Build the panel of England over time: who was in which trust, and every grade.

    From any number of dated snapshots of group links, with predecessor links, the list of groups
    and files of inspections. What could not be joined is counted with its reason, and each case
    listed. The same files give the same bytes.
    """
    import pandas as pd

    from workbench.research.history import build, movements_by_period
    from workbench.research.history.quality import LISTS, QUALITY
    from workbench.research.history.tables import TABLES

    with progress(f"Reading {source}"):
        panel = build(source, target)
        moves = movements_by_period(panel)
    for name in ("from_snapshot", "to_snapshot"):
        moves[name] = moves[name].dt.strftime("%Y-%m-%d")
    quality = pd.read_csv(panel / QUALITY, dtype={"of": "Int64"}, keep_default_na=False,
                          na_values={"of": [""]})  # fmt: skip
    if as_json:
        print_json({"panel": panel, "movements": records(moves), "quality": records(quality)})
        return
    typer.echo(f"written to {panel}: {', '.join(TABLES)}")
    typer.echo()
    print_table(list(moves.columns), moves.to_numpy().tolist())
    typer.echo()
    typer.echo(f"What could not be joined, and what to know (each case in {panel / LISTS}):")
    shown = quality.drop(columns="list").astype("object").where(quality["of"].notna(), "")
    shown[["about", "finding", "count"]] = quality[["about", "finding", "count"]]
    print_table(list(shown.columns), shown.to_numpy().tolist())
