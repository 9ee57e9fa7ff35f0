"""The commands' options: what each is called, how it is read, what it says in the help."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from workbench import __version__

AS_JSON = "workbench.as_json"
LONGEST_WORDS = 60
_JOINERS = re.compile(r"(?:0\.\.)?(\d{1,9})")


def _remember_json(ctx: typer.Context, wanted: bool) -> bool:
    ctx.meta[AS_JSON] = wanted
    return wanted


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"workbench {__version__}")
        raise typer.Exit


def _joiners(text: str | range) -> range:
    """Read `0..20`, or `20` for short; a default is there already."""
    if isinstance(text, range):
        return text
    match = _JOINERS.fullmatch(text)
    if match is None:
        raise typer.BadParameter(
            f"{text!r} is not of the form 0..20: joiners run from 0 upwards without a gap"
        )
    return range(int(match[1]) + 1)


def _urns(text: str) -> list[int]:
    """Read `900001,900002`, or `none`."""
    if text == "none":
        return []
    if not re.fullmatch(r"\d{6}(,\d{6})*", text):
        raise typer.BadParameter(f"{text!r} is not URNs of six digits with commas between")
    return [int(urn) for urn in text.split(",")]


def day_read(text: str | datetime) -> datetime:
    """Read a day such as `2018-07-31`.

    Raises:
        BadParameter: It is of another form, or no day of any calendar.
    """
    if isinstance(text, datetime):
        return text
    try:
        return datetime.strptime(text, "%Y-%m-%d")
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is no day written as year, month and day, such as 2018-07-31"
        ) from None


def folder_named(argument: str | None, option: str | None) -> str:
    """Return the folder that was given as an argument or after `--from`, but not as both.

    Raises:
        BadParameter: Neither was given, or both.
    """
    given = [one for one in (argument, option) if one is not None]
    if len(given) != 1:
        raise typer.BadParameter(
            "name one folder of files as published, or demo for made-up schools",
            param_hint="FOLDER",
        )
    return given[0]


def _one_line(text: str) -> str:
    """Read a few words that a masthead has room for."""
    words = " ".join(text.split())
    if len(words) > LONGEST_WORDS:
        raise typer.BadParameter(f"{len(words)} letters, at most {LONGEST_WORDS}")
    return words


def _names(text: str) -> list[str]:
    """Read `steady,ambitious`, or `none`."""
    return [] if text == "none" else text.split(",")


Folder = Annotated[Path, typer.Argument(metavar="DIR", help="A trust's folder of tables.")]
Source = Annotated[
    Path, typer.Option("--from", metavar="FOLDER", help="Folder of files as published.")
]
Published = Annotated[
    str | None,
    typer.Argument(
        metavar="FOLDER", show_default=False, help="Folder of files as published, or demo."
    ),
]
PublishedFrom = Annotated[
    str | None,
    typer.Option("--from", metavar="FOLDER", help="The folder, as backtest and history name it."),
]
ScenarioName = Annotated[
    str, typer.Option("--scenario", metavar="NAME", help="A file of parameters/scenarios/.")
]
Replicates = Annotated[
    int, typer.Option(min=20, metavar="N", help="Simulated futures for each answer.")
]
ReplicatesIfFixed = Annotated[
    int | None,
    typer.Option(
        "--replicates",
        min=20,
        metavar="N",
        help="Simulated futures for each answer.  "
        "[default: as many as settle it, by parameters/trust.yaml]",
    ),
]
Seed = Annotated[int, typer.Option(min=0, metavar="N", help="The same seed gives the same answer.")]
Threads = Annotated[
    int | None,
    typer.Option(
        min=1, metavar="N", help="Threads; the answer does not depend on it.  [default: all cores]"
    ),
]
Cluster = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="Run on the Dask cluster at this address, such as tcp://10.0.0.5:8786.",
    ),
]
KeepIn = Annotated[
    Path | None,
    typer.Option(
        "--to", metavar="FOLDER", help="Also keep the results there, as Parquet with a manifest."
    ),
]
AsJson = Annotated[
    bool,
    typer.Option("--json", callback=_remember_json, help="Print JSON only, for a machine to read."),
]
Joiners = Annotated[
    range,
    typer.Option(
        parser=_joiners,
        metavar="N",
        show_default=False,
        help="Most schools joining: 20, or 0..20.  [default: 20]",
    ),
]
School = Annotated[
    int | None,
    typer.Option(metavar="URN", help="One school of the trust.  [default: the whole trust]"),
]
On = Annotated[
    datetime | None,
    typer.Option(
        "--on",
        parser=day_read,
        metavar="DATE",
        help="As it was known on an earlier day.  [default: the day the folder describes]",
    ),
]
TrustReview = Annotated[
    bool | None,
    typer.Option(
        "--trust-review/--no-trust-review",
        show_default=False,
        help="Review the trust too.  [default: where no school or scenario is named]",
    ),
]
Schools = Annotated[
    Sequence[int] | None,
    typer.Option(
        parser=_urns, metavar="URN,URN", help="Schools to review, or none.  [default: all]"
    ),
]
Scenarios = Annotated[
    Sequence[str] | None,
    typer.Option(
        parser=_names,
        metavar="NAME,NAME",
        help="Scenarios to report, by name or as paths of YAML files, or none.  [default: all]",
    ),
]
Meeting = Annotated[
    datetime | None,
    typer.Option(
        parser=day_read,
        metavar="DATE",
        help="Day of the meeting: it stands on every page and in every file name.  "
        "[default: none; files bear the day of the run]",
    ),
]
StatusOfPaper = Annotated[
    str,
    typer.Option(
        "--status",
        parser=_one_line,
        metavar="WORDS",
        show_default=False,
        help="What the board is asked for, such as 'For decision'.",
    ),
]
Classification = Annotated[
    str,
    typer.Option(
        parser=_one_line,
        metavar="WORDS",
        show_default=False,
        help="Who may see the reports, such as 'Official'.",
    ),
]
NotebooksInZip = Annotated[
    bool,
    typer.Option(
        "--notebooks-in-zip", help="Put the executed notebooks into the zip for e-mail too."
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(metavar="FOLDER", help="Where the run's folder goes.  [default: outputs]"),
]
CheckOut = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="FOLDER",
        help="Also write accepted/, quarantine/ and faults.csv there; over an earlier check only.",
    ),
]
Resume = Annotated[
    Path | None,
    typer.Option(
        metavar="RUN",
        help="Go on with a run: make only what is missing, failed or changed in it.",
    ),
]
New = Annotated[
    bool,
    typer.Option(
        "--new",
        help="Make a new run even where one of today was stopped half-way, or is being made.",
    ),
]
DryRun = Annotated[
    bool,
    typer.Option("--dry-run", help="Say which reports would be made, and why; make none."),
]
Jobs = Annotated[
    int | None,
    typer.Option(min=1, metavar="N", help="Reports made at once.  [default: one per core]"),
]
CellSeconds = Annotated[
    int,
    typer.Option(
        min=1,
        metavar="S",
        help="Longest time one cell of a notebook may take.",
    ),
]
Engine = Annotated[
    Literal["auto", "fork", "warm", "kernel"],
    typer.Option(
        help="How a notebook's interpreter comes about: fork, forked from one that has imported "
        "everything; warm, a whole Jupyter kernel, forked; kernel, a kernel started anew; auto, "
        "fork where the system can.",
    ),
]
ReportCluster = Annotated[
    str | None,
    typer.Option(
        "--cluster",
        metavar="ADDRESS",
        help="Make the reports on the Dask cluster at this address, such as tcp://10.0.0.5:8786.",
    ),
]
Confidence = Annotated[
    float | None,
    typer.Option(
        min=0.5,
        max=0.999,
        metavar="P",
        help="Probability asked of the absolute answer.  [default: parameters/trust.yaml]",
    ),
]
Uid = Annotated[int, typer.Option(min=1, metavar="UID", help="The trust's UID in GIAS.")]
PanelTarget = Annotated[
    Path | None,
    typer.Option(
        "--to", metavar="DIR", help="The folder to write.  [default: one in outputs/history]"
    ),
]
Target = Annotated[Path, typer.Option("--to", metavar="DIR", help="The folder to write.")]
Force = Annotated[
    bool, typer.Option("--force", help="Write even over a folder edited since its import.")
]
TemplatesFolder = Annotated[
    Path, typer.Argument(metavar="DIR", help="The folder the templates are written to.")
]
SchoolsOf = Annotated[
    Path | None,
    typer.Option(
        "--trust", metavar="FOLDER", help="A trust's folder, whose schools the drop-downs offer."
    ),
]
Overwrite = Annotated[
    bool, typer.Option("--force", help="Write over templates that are there, filled in or not.")
]
Version = Annotated[
    bool,
    typer.Option("--version", is_eager=True, callback=_print_version, help="Print the version."),
]
