"""The record of a run, `run.json`: what was made, from what, and the digest of every file."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, cast, get_args

from workbench import paths
from workbench.errors import BadInput
from workbench.evidence.names import LEDGER, RUN_FILE, SUMS, Kind
from workbench.evidence.store import LATEST
from workbench.trust.digests import digest_of_file

FORM = 1


@dataclass(frozen=True)
class Paper:
    """What a board paper says of itself; empty where nothing was given.

    Attributes:
        meeting: Day of the meeting it is for.
        status: What is asked of the board, such as `For decision`.
        classification: Who may see it, such as `Official`.
    """

    meeting: dt.date | None = None
    status: str = ""
    classification: str = ""


@dataclass(frozen=True)
class RunTrust:
    """The trust that a run is about.

    Attributes:
        uid: Its UID.
        name: Its name.
        folder: Its folder of tables, as a path on the machine that made the run.
    """

    uid: int
    name: str
    folder: str


@dataclass(frozen=True)
class Files:
    """The files of one report, as paths within the run's folder; None for one not made.

    Attributes:
        html: The page.
        pdf: The page in print.
        xlsx: Its tables and figures' data.
        csv: The data of each figure.
        notebook: The executed notebook.
    """

    html: str | None = None
    pdf: str | None = None
    xlsx: str | None = None
    csv: tuple[str, ...] = ()
    notebook: str | None = None

    def __iter__(self) -> Iterator[str]:
        """Yield every file there is."""
        single = (self.html, self.pdf, self.xlsx, self.notebook)
        yield from (name for name in single if name is not None)
        yield from self.csv


@dataclass(frozen=True)
class RunPart:
    """One report of a run.

    Attributes:
        kind: What it is about.
        key: UID, URN, name of a scenario or names of those compared.
        name: The trust's or school's name, or the scenario's title.
        stem: Name of its files without their endings.
        complete: Whether it is whole.
        headline: What it says, in a sentence.
        message: What went wrong; empty where nothing did.
        cell: The code cell that stopped it, counted from 1.
        files: What there is of it.
        sha256: Digest of each of those files by its path within the run's folder.
        assured: Who signed it and when, in words; empty while it is a draft.
    """

    kind: Kind
    key: str
    name: str
    stem: str
    complete: bool
    headline: str = ""
    message: str = ""
    cell: int | None = None
    files: Files = field(default_factory=Files)
    sha256: Mapping[str, str] = field(default_factory=dict)
    assured: str = ""


@dataclass(frozen=True)
class Run:
    """A finished run.

    Attributes:
        folder: Where it lies; not part of the file.
        made: When it began (UTC).
        version: Version of the workbench that made it.
        trust: Whom it is about.
        as_of: The day the trust's data describes.
        paper: The meeting it is for, and what its papers say of themselves.
        parts: Its reports, in the order of the plan.
        left_out: What of the trust's folder no report could use, a sentence each.
        without_pdf: Why no PDF was made; empty where they were.
        released: Name of the board pack made from it; empty before its release.
        in_pack: Stems of the reports in that pack.
        released_by: Roles of those who released and checked it, in words.
        notebooks_in_zip: Whether the zip for e-mail holds the executed notebooks.
        log_lines: How many lines the assurance log had when this was written.
        log_sha256: SHA-256 of the last of them, which no later line covers; empty without any.
    """

    folder: Path
    made: dt.datetime
    version: str
    trust: RunTrust
    as_of: dt.date
    paper: Paper
    parts: tuple[RunPart, ...]
    left_out: tuple[str, ...] = ()
    without_pdf: str = ""
    released: str = ""
    in_pack: tuple[str, ...] = ()
    released_by: str = ""
    notebooks_in_zip: bool = False
    log_lines: int = 0
    log_sha256: str = ""

    @property
    def on(self) -> dt.date:
        """The day its files are named by: of the meeting, else of the run."""
        return self.paper.meeting or self.made.date()

    def part(self, stem: str) -> RunPart:
        """Return the report of a stem.

        Raises:
            BadInput: The run has no such report.
        """
        found = {part.stem: part for part in self.parts}
        if stem not in found:
            raise BadInput(
                f"the run has no report {stem!r}",
                where=str(self.folder / RUN_FILE),
                rule="a report is named by its files' name without the ending",
                mend=f"use one of: {', '.join(found)}",
            )
        return found[stem]

    def with_part(self, changed: RunPart) -> Run:
        """Return the run with one report in the place of the one of its stem."""
        self.part(changed.stem)
        parts = tuple(changed if part.stem == changed.stem else part for part in self.parts)
        return replace(self, parts=parts)


def digests(folder: Path, files: Files) -> dict[str, str]:
    """Return the SHA-256 of each file of a report, by its path within the run's folder."""
    return {name: digest_of_file(folder / name) for name in files}


def record_of(run: Run) -> str:
    """Return the record of a run, as its file says it."""
    content = {"form": FORM} | asdict(run)
    del content["folder"]
    return json.dumps(content, default=_isoformat, ensure_ascii=False, indent=1) + "\n"


def by_name(path: Path, outputs: Path | None = None) -> Path:
    """Return the path of a run that was given by its bare name, as `workbench runs` prints it.

    Args:
        path: A path, which is returned as it is where anything lies there; or a run's name.
        outputs: The folder that holds runs; the workbench's `outputs` where None.
    """
    named = (outputs or paths.outputs()) / path
    return named if len(path.parts) == 1 and not path.exists() and named.exists() else path


def refuse_no_run(folder: Path) -> None:
    """Refuse a folder that holds neither a run's ledger nor its seal.

    Raises:
        BadInput: It is no run, or was made before runs had ledgers.
    """
    if (folder / LEDGER).is_file() or (folder / SUMS).is_file():
        return
    old = (folder / RUN_FILE).is_file()
    raise BadInput(
        f"{folder.name} was made before runs had ledgers" if old else f"{folder} is not a run",
        where=str(folder),
        rule=f"a run is known by its {LEDGER} and its {SUMS}",
        mend="name a folder that `workbench report` made" + (", or make it again" * old),
    )


def run_folder(path: Path) -> Path:
    """Return the folder of a run.

    Args:
        path: The run's folder, a link to it such as `outputs/latest`, the file of that name that
            stands for the link where none can be made, the run's `run.json`, or its bare name.

    Raises:
        BadInput: It is no run.
    """
    path = by_name(path)
    file = path / RUN_FILE if path.is_dir() else path
    if file.name == LATEST and file.is_file():
        named = Path(file.read_text(encoding="utf-8", errors="replace").strip()).name
        file = file.parent / named / RUN_FILE
    if file.name != RUN_FILE or not file.is_file():
        raise BadInput(
            f"{path} is not a run",
            where=str(path),
            rule=f"a run is a folder that `workbench report` made; it holds {RUN_FILE}",
            mend="name such a folder, or make one with `workbench report`",
        )
    return file.parent.resolve()


def read_run(path: Path) -> Run:
    """Read the record of a run.

    Args:
        path: Where it lies; see `run_folder`.

    Raises:
        BadInput: It is no run, its record is damaged, or another version of the workbench wrote
            it in another form.
    """
    folder = run_folder(path)
    file = folder / RUN_FILE
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        if content.get("form") != FORM:
            raise _unreadable(file, f"it has the form {content.get('form')!r}, not {FORM}")
        return _run(folder, content)
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise _unreadable(file, f"{type(fault).__name__}: {fault}") from fault


def _run(folder: Path, content: Mapping[str, Any]) -> Run:
    paper = content["paper"]
    meeting = paper["meeting"]
    return Run(
        folder=folder,
        made=dt.datetime.fromisoformat(content["made"]),
        version=str(content["version"]),
        trust=RunTrust(**content["trust"]),
        as_of=dt.date.fromisoformat(content["as_of"]),
        paper=Paper(**(paper | {"meeting": meeting and dt.date.fromisoformat(meeting)})),
        parts=tuple(_part(one) for one in content["parts"]),
        left_out=tuple(content["left_out"]),
        without_pdf=str(content["without_pdf"]),
        released=str(content["released"]),
        in_pack=tuple(content["in_pack"]),
        released_by=str(content.get("released_by", "")),
        notebooks_in_zip=bool(content.get("notebooks_in_zip", False)),
        log_lines=int(content.get("log_lines", 0)),
        log_sha256=str(content.get("log_sha256", "")),
    )


def _part(content: Mapping[str, Any]) -> RunPart:
    if content["kind"] not in get_args(Kind):
        raise ValueError(f"there is no report of the kind {content['kind']!r}")
    files = Files(**(content["files"] | {"csv": tuple(content["files"]["csv"])}))
    outside = [name for name in files if Path(name).is_absolute() or ".." in Path(name).parts]
    if outside:
        raise ValueError(f"{outside[0]!r} does not lie in the run's folder")
    return RunPart(**(dict(content) | {"kind": cast(Kind, content["kind"]), "files": files}))


def _isoformat(value: object) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"{value!r} cannot be written")


def _unreadable(file: Path, why: str) -> BadInput:
    return BadInput(
        f"the record of this run cannot be read: {why}",
        where=str(file),
        rule="a run's record is written by the workbench and changed by nothing else",
        mend="make the run again with this version of the workbench",
    )
