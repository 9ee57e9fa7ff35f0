"""The command `explore`: open the explorer in a browser."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Annotated

import typer

FolderOrDemo = Annotated[
    Path | None,
    typer.Argument(metavar="DIR", help="A trust's folder of tables.  [default: the demo trust]"),
]
StartScenario = Annotated[
    str,
    typer.Option("--scenario", metavar="NAME", help="A file of parameters/scenarios/ to start at."),
]
Port = Annotated[
    int, typer.Option(min=0, max=65535, metavar="N", help="Port to listen on; 0 takes a free one.")
]
Host = Annotated[
    str,
    typer.Option(
        metavar="ADDRESS",
        help="Address to listen on. Any but the default lets in other machines that have the key, "
        "and does not encrypt what passes.",
    ),
]
Kernels = Annotated[
    int,
    typer.Option(min=1, max=64, metavar="N", help="Pages open at once, a process for each."),
]
Browser = Annotated[
    bool, typer.Option("--browser/--no-browser", help="Open it in this machine's browser.")
]


def explore(
    folder: FolderOrDemo = None,
    scenario: StartScenario = "steady",
    port: Port = 8866,
    host: Host = "127.0.0.1",
    kernels: Kernels = 4,
    browser: Browser = True,
) -> None:
    """Open the explorer: how many schools can we absorb?

    Serves this machine only, to whoever has the printed address with its key. Ctrl-C ends it.
    """
    from workbench import paths
    from workbench.explore.plans import scenario_named
    from workbench.explore.server import Served, serve
    from workbench.trust.load import read_trust

    trust = read_trust(folder or paths.demo())
    scenario_named(scenario)
    served = Served(
        trust=trust.name,
        notebook=paths.notebooks() / "absorption.ipynb",
        parameters={"trust_dir": str(trust.folder.resolve()), "scenario": scenario},
        host=host,
        port=port,
        kernels=kernels,
    )
    serve(served, ready=_say, open_browser=browser)
    gc.freeze()  # the process ends: searching all it holds for rubbish took seconds


def _say(address: str) -> None:
    typer.echo(address)
    typer.echo("Opening the first page can take some seconds. Ctrl-C ends the explorer.", err=True)
