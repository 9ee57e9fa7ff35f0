"""Sign reports of a run as assured, or withdraw that: the banner changes, the log grows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from workbench.charts.wording import count, day
from workbench.errors import BadInput
from workbench.evidence.acts import (
    Signing,
    cut_short,
    refuse_changed,
    refuse_half_withdrawn,
    was_signed,
    was_withdrawn,
)
from workbench.evidence.assurance_log import Entry, extended, standing, trusted_log
from workbench.evidence.finish import finished
from workbench.evidence.lock import hold
from workbench.evidence.manifest import seal
from workbench.evidence.names import UNSEALED
from workbench.evidence.publish import rendered
from workbench.evidence.releases import RECORD, is_withdrawn, without_pack
from workbench.evidence.roles import refuse_roles, refuse_words, trust_of
from workbench.evidence.run_file import Run, RunPart, read_run, run_folder
from workbench.evidence.store import publish_all
from workbench.evidence.touched import finish_cut_short, refuse_touched
from workbench.report.contents import contents_of
from workbench.report.gate.secrets import protected_of
from workbench.report.pdf import pdf_refusal
from workbench.trust.digests import digest_of_bytes, digest_of_file, digest_of_tables
from workbench.trust.load import Trust

REGISTER = "Register of assumptions"
_DATA = "Digest of the data"
_CHECKED = "Checked by"


def assure(
    folder: Path, signing: Signing, *, trust: Path | None = None, now: dt.datetime | None = None
) -> Run:
    """Sign reports of a run: they are made again with a banner that says so, and the log grows.

    Where a signer was killed, the same asked again goes on with it, however far it came.

    Args:
        folder: The run's folder.
        signing: What is signed, and by whom.
        trust: Where the trust's tables lie, if they have been moved.
        now: The moment; now where None.

    Returns:
        The run as it stands now.

    Raises:
        BadInput: Both roles are one, or name somebody; a report failed, is signed already, or is
            not as it was when it was made; the trust's tables have changed since; somebody else
            is at work on the run.
    """
    home = run_folder(folder)
    with hold(home):
        mended = finish_cut_short(home)
        refuse_touched(home)
        run = read_run(home)
        if mended and was_signed(run, signing):
            return run
        return _signed(run, signing, trust, now or dt.datetime.now(dt.UTC))


def _signed(run: Run, signing: Signing, trust: Path | None, at: dt.datetime) -> Run:
    own = trust_of(run, trust)
    protected = protected_of(own, [run.folder])
    refuse_roles(("analyst", signing.analyst), ("assurer", signing.assurer), protected)
    for label, texts in (
        ("statement", [signing.statement]),
        ("limitation", signing.limitations),
        ("decision", signing.decisions),
    ):
        for text in texts:
            refuse_words(label, text, protected)
    begun = cut_short(run)  # what is to be added to must be whole
    parts = _to_sign(run, signing.reports, begun)
    refuse_changed(run, parts, begun)
    notebooks = {part.stem: _notebook(run, part) for part in parts}
    _refuse_other_tables(own, notebooks)
    entry = _entry(run, own, parts, notebooks, signing=signing, at=at, begun=begun)
    banner = {
        "signed": True,
        "analyst": signing.analyst,
        "assurer": signing.assurer,
        "date": at.date().isoformat(),
        "statement": signing.statement,
        "limitations": list(signing.limitations),
    }
    signed = f"{signing.assurer}, {day(at.date())}"
    return _published(run, notebooks, banner, signed, entry)


def withdraw(
    folder: Path,
    assurer: str,
    *,
    statement: str = "",
    reports: Sequence[str] = (),
    trust: Path | None = None,
    now: dt.datetime | None = None,
) -> Run:
    """Withdraw signatures: the reports are drafts again, and the log says who did it and why.

    Args:
        folder: The run's folder.
        assurer: Role of whoever withdraws.
        statement: Why.
        reports: Stems of the reports; every signed one where empty.
        trust: Where the trust's tables lie, if they have been moved.
        now: The moment; now where None.

    Raises:
        BadInput: The role names somebody, a report is not signed, or somebody else is at work on
            the run.
    """
    home = run_folder(folder)
    with hold(home):
        mended = finish_cut_short(home)
        refuse_touched(home)
        run, at = read_run(home), now or dt.datetime.now(dt.UTC)
        if mended and was_withdrawn(run, assurer, statement, reports):
            return run
        protected = protected_of(trust_of(run, trust), [run.folder])
        refuse_words("assurer", assurer, protected)
        refuse_words("statement", statement, protected)
        return _withdrawn(run, assurer, statement, tuple(reports), at=at)


def _withdrawn(
    run: Run, assurer: str, statement: str, reports: tuple[str, ...], *, at: dt.datetime
) -> Run:
    # Where an act was cut short, log and record may differ: what either calls signed is withdrawn.
    signed = set(standing(trusted_log(run, unfinished=True)))
    signed |= {part.stem for part in run.parts if part.assured}
    named = tuple(dict.fromkeys(reports))
    stems = named or tuple(part.stem for part in run.parts if part.stem in signed)
    unsigned = [stem for stem in stems if run.part(stem).stem not in signed]
    if unsigned or not stems:
        raise BadInput(
            f"{', '.join(unsigned)} is not signed" if unsigned else "no report is signed",
            where=str(run.folder),
            rule="only what was signed can be withdrawn",
            mend="name reports that are signed with --report",
        )
    notebooks = {stem: _notebook(run, run.part(stem)) for stem in stems}
    entry = Entry("withdrawn", _iso(at), "", assurer, stems, statement)
    return _published(run, notebooks, None, "", entry)


def _to_sign(run: Run, stems: Sequence[str], begun: Sequence[Entry]) -> tuple[RunPart, ...]:
    asked = tuple(run.part(stem) for stem in dict.fromkeys(stems)) or run.parts
    failed = [part.stem for part in asked if not part.complete]
    if failed:
        raise BadInput(
            f"{count(len(failed), 'report')} failed: {', '.join(failed)}",
            where=str(run.folder),
            rule="a run is signed when every report of it is whole",
            mend="make it again, or name the reports to sign with --report",
        )
    refuse_half_withdrawn(run, asked, begun)
    open_ = tuple(part for part in asked if not part.assured)
    if not open_ or (stems and len(open_) < len(asked)):
        signed = ", ".join(part.stem for part in asked if part.assured)
        raise BadInput(
            f"already signed: {signed}",
            where=str(run.folder),
            rule="a report is signed once, until that is withdrawn",
            mend="withdraw the signature first with --withdraw, or sign other reports",
        )
    return open_


def _refuse_other_tables(trust: Trust, notebooks: dict[str, NotebookNode]) -> None:
    now = digest_of_tables(trust.folder)
    for stem, notebook in notebooks.items():
        then = str(notebook.metadata.get("workbench", {}).get(_DATA, ""))
        if not then or not now.startswith(then):
            raise BadInput(
                f"the trust's tables have changed since {stem} was made",
                where=str(trust.folder),
                rule="a report is signed with the tables it was made from",
                mend="make the run again with `workbench report`",
            )


def _notebook(run: Run, part: RunPart) -> NotebookNode:
    if part.files.notebook is None:
        raise BadInput(
            f"{part.stem} has no notebook to make it from again",
            where=str(run.folder),
            rule="a report is signed by making it again from its executed notebook",
            mend="make the run again with `workbench report`",
        )
    found: NotebookNode = nbformat.read(run.folder / part.files.notebook, as_version=4)
    # A stored notebook has its facts in the order of the alphabet; the page has them in its own.
    shown = [name for name, _ in contents_of(_page(run, part)).provenance]
    facts = dict(found.metadata.get("workbench", {}))
    places = {name: place for place, name in enumerate(shown)}
    ordered = sorted(facts.items(), key=lambda fact: places.get(fact[0], len(places)))
    found.metadata["workbench"] = nbformat.from_dict(dict(ordered))
    return found


def _page(run: Run, part: RunPart) -> str:
    return (run.folder / str(part.files.html)).read_text(encoding="utf-8")


def _entry(
    run: Run,
    trust: Trust,
    parts: Sequence[RunPart],
    notebooks: dict[str, NotebookNode],
    *,
    signing: Signing,
    at: dt.datetime,
    begun: Sequence[Entry],
) -> Entry:
    register = _register(run, parts)
    unchecked = sum(row.get("Checked") == "no" for row in register)
    files = sum(len(tuple(part.files)) for part in parts)
    checks = (
        ("Analyst and assurer are not the same", "so it is"),
        ("Every report signed is whole", f"{len(parts)} of {len(parts)}"),
        ("Files are as they were when they were made", f"{files} of {files}"),
        ("The trust's tables are those the reports were made from", "so it is"),
        ("Assumptions that only their author has checked", f"{unchecked} of {len(register)}"),
        ("Tables or rows no report could use", "; ".join(run.left_out) or "none"),
        *(("Begun before, and cut short", f"{act.act}, {act.at}") for act in begun),
    )
    paper = run.paper
    decided = [
        f"Reports made: {', '.join(f'{one.kind} {one.key}' for one in run.parts)}.",
        f"Meeting: {day(paper.meeting) if paper.meeting else 'none named'}.",
        *signing.decisions,
    ]
    return Entry(
        act="signed",
        at=_iso(at),
        analyst=signing.analyst,
        assurer=signing.assurer,
        reports=tuple(part.stem for part in parts),
        statement=signing.statement,
        limitations=signing.limitations,
        decisions=tuple(decided),
        checks=checks,
        assumptions=register,
        data={
            stem: {str(name): str(value) for name, value in made.items() if name != _CHECKED}
            for stem, notebook in notebooks.items()
            for made in [notebook.metadata.get("workbench", {})]
        },
        tables={
            path.name: digest_of_file(path)
            for path in sorted(trust.folder.iterdir())
            if path.is_file() and not path.name.startswith(".")
        },
    )


def _register(run: Run, parts: Sequence[RunPart]) -> tuple[dict[str, str], ...]:
    """Return the register of assumptions as the reports show it, each row once."""
    rows: dict[tuple[str, ...], dict[str, str]] = {}
    for part in parts:
        for table in contents_of(_page(run, part)).tables:
            if table.caption.startswith(REGISTER):
                for row in table.rows:
                    rows[row] = dict(zip(table.columns, row, strict=True))
    return tuple(rows.values())


def _published(
    run: Run,
    notebooks: dict[str, NotebookNode],
    banner: dict[str, Any] | None,
    signed: str,
    entry: Entry,
) -> Run:
    """Make reports again with their banner and write down what was done: all of it or nothing.

    The log appears first and the record last. A process that is cut short in between leaves a log
    that tells of more than the record does, which `trusted_log` notices.
    """
    fresh: dict[str, str | bytes | None] = {}
    changed = run
    for stem, notebook in notebooks.items():
        notebook.metadata.get("workbench", {})[_CHECKED] = signed or "nobody yet"
        files, contents = rendered(stem, notebook, banner)
        fresh |= dict.fromkeys(name for name in run.part(stem).files if name not in contents)
        fresh |= contents
        sha256 = {name: digest_of_bytes(contents[name]) for name in files}
        part = replace(run.part(stem), files=files, sha256=sha256, assured=signed)
        changed = changed.with_part(part)
    made = {n: sha for stem in notebooks for n, sha in changed.part(stem).sha256.items()}
    log = extended(run.folder, replace(entry, files=made))
    if banner is None:
        said = {"at": entry.at, "by": entry.assurer, "statement": entry.statement}
        fresh |= without_pack(run.folder, tuple(notebooks), said)
    gone = RECORD in fresh or is_withdrawn(run.folder)
    changed = replace(
        changed,
        without_pdf=_without_pdf(changed),
        released="" if gone else run.released,
        in_pack=() if gone else run.in_pack,
        log_lines=log.lines,
        log_sha256=log.sha256,
    )
    # The seal goes first: a run that is cut short from here on is unfinished, and not touched.
    publish_all(run.folder, {**UNSEALED, **log.files, **fresh, **finished(changed, fresh)})
    seal(changed, published=tuple(notebooks))
    return changed


def _without_pdf(run: Run) -> str:
    """Return why a report has no PDF now; empty where each has one."""
    lacking = any(part.complete and part.files.pdf is None for part in run.parts)
    return (pdf_refusal() or run.without_pdf) if lacking else ""


def _iso(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="seconds")
