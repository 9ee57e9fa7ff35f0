"""The command line: each command is a thin call into the package, so a notebook can do the same."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from workbench import __version__, paths
from workbench.errors import BadInput, WorkbenchError

# Packages that take long to import are imported by the command that needs them.
if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[int, int], None]

_JSON = "workbench.json"
_JOINERS = re.compile(r"(\d{1,3})\.\.(\d{1,3})")


class _Commands(TyperGroup):
    """The commands, with one place where a known error becomes words and an exit code."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except WorkbenchError as error:
            if ctx.meta.get(_JSON):
                parts = ("what", "where", "rule", "mend")
                body = {part: getattr(error, part) for part in parts}
                typer.echo(json.dumps({"error": body}, ensure_ascii=False), err=True)
            else:
                typer.echo(f"Error: {error}", err=True)
            raise typer.Exit(error.exit_code) from error


def _examples(*lines: str) -> str:
    """Lay out examples for the end of a command's help, one a line."""
    return "\n".join(["\b", "Examples:", *(f"  workbench {line}" for line in lines)])


app = typer.Typer(
    cls=_Commands,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help="Pillar metrics and a growth model for English multi-academy trusts.",
    epilog="\b\nExit codes: 0 done, 1 failed, 2 bad usage or bad input.\n\n"
    + _examples(
        "report data/demo",
        "check data/my-trust",
        "absorb data/demo --scenario ambitious --joiners 0..20",
        "COMMAND --help",
    ),
)


def _remember_json(ctx: typer.Context, wanted: bool) -> bool:
    ctx.meta[_JSON] = wanted
    return wanted


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"workbench {__version__}")
        raise typer.Exit


Folder = Annotated[Path, typer.Argument(metavar="DIR", help="A trust's folder of tables.")]
Source = Annotated[
    Path,
    typer.Option("--from", metavar="FOLDER", help="Folder of files as DfE and Ofsted publish."),
]
ScenarioName = Annotated[
    str, typer.Option("--scenario", metavar="NAME", help="A file of parameters/scenarios/.")
]
Json = Annotated[
    bool,
    typer.Option("--json", callback=_remember_json, help="Print JSON only, for a machine to read."),
]
Replicates = Annotated[
    int | None,
    typer.Option(min=1, help="Simulated futures per point [default: as in parameters/model.yaml]."),
]
Seed = Annotated[int, typer.Option(min=0, help="The same seed gives the same answer.")]
Threads = Annotated[
    int | None, typer.Option(min=1, help="Threads; the answer is the same [default: all cores].")
]


def _print_json(content: object) -> None:
    typer.echo(json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False, default=str))


def _print_table(headings: list[str], rows: list[list[object]]) -> None:
    """Print aligned columns: words to the left, numbers to the right."""
    texts = [headings, *([f"{cell}" for cell in row] for row in rows)]
    columns = list(zip(*rows, strict=True))
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    numeric = [all(isinstance(cell, int | float) for cell in column) for column in columns]
    for text in texts:
        cells = zip(text, widths, numeric, strict=True)
        line = "  ".join(f"{cell:>{w}}" if right else f"{cell:<{w}}" for cell, w, right in cells)
        typer.echo(line.rstrip())


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a frame's rows as JSON knows them: blanks as null, dates in ISO form."""
    records: list[dict[str, Any]] = json.loads(frame.to_json(orient="records", date_format="iso"))
    return records


@contextmanager
def _progress(words: str) -> Iterator[Progress]:
    """Show work going on, on standard error and only where a person may be looking."""
    from rich.console import Console
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    with Bar(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(words, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@app.callback()
def workbench(
    version: Annotated[
        bool,
        typer.Option(
            "--version", is_eager=True, callback=_print_version, help="Print the version."
        ),
    ] = False,
) -> None:
    """Take the options that stand before a command."""


@app.command(epilog=_examples("check data/demo", "check data/my-trust --json"))
def check(folder: Folder, as_json: Json = False) -> None:
    """Read every table of a trust and report all faults in one pass.

    Exits with 2 if anything needs mending. Rows in are always accepted + quarantined + blank.
    """
    from workbench.trust.faults import describe
    from workbench.trust.intake import check_folder

    intake = check_folder(folder)
    tallies = {name: asdict(tally) for name, tally in intake.tallies.items()}
    if as_json:
        quarantine = {name: _records(rows) for name, rows in intake.quarantine.items()}
        _print_json(
            {
                "folder": str(folder),
                "tables": tallies,
                "faults": [asdict(fault) for fault in intake.faults],
                "quarantine": {name: rows for name, rows in quarantine.items() if rows},
                "refused": intake.refused,
                "absent": intake.absent,
                "unknown": intake.unknown,
            }
        )
    else:
        _print_table(
            ["table", "rows in", "accepted", "quarantined", "blank"],
            [[name, *tally.values()] for name, tally in tallies.items()],
        )
        for label in ("refused", "absent", "unknown"):
            if named := getattr(intake, label):
                typer.echo(f"{label}: {', '.join(named)}")
        for fault in intake.faults:
            typer.echo(describe(fault))
        count = len(intake.to_mend)
        typer.echo(f"{count} to mend" if count else "nothing to mend")
    if intake.to_mend:
        raise typer.Exit(BadInput.exit_code)


@app.command("import", epilog=_examples("import --trust 3725 --from published --to data/my-trust"))
def import_(
    trust: Annotated[int, typer.Option(min=1, metavar="UID", help="The trust's UID in GIAS.")],
    source: Source,
    target: Annotated[Path, typer.Option("--to", metavar="DIR", help="The folder to write.")],
) -> None:
    """Build a trust's folder from published files, which are known by their headers."""
    from workbench.trust.published import import_trust

    with _progress(f"Reading {source}"):
        result = import_trust(trust, source, target)
    print(result)


@app.command(epilog=_examples("lab"))
def lab() -> None:
    """Open the notebooks in JupyterLab."""
    home = paths.home()
    os.execv(
        sys.executable,
        [
            sys.executable,
            "-m",
            "jupyterlab",
            f"--ServerApp.root_dir={home}",
            "--ServerApp.default_url=/lab/tree/notebooks",
        ],
    )


def main() -> None:
    """Run the command line."""
    app()
