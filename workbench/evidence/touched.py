"""Before a run is written to again: nothing in it may have been touched since it was sealed.

What is sealed again is vouched for again. A file that somebody changed must not be.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from workbench.errors import BadInput
from workbench.evidence.assurance_log import LOG, READABLE, trusted_log
from workbench.evidence.assurance_log import Entry as Act
from workbench.evidence.finish import finish_run
from workbench.evidence.ledger import Entry, open_ledger, read_entries
from workbench.evidence.ledger_file import journal_of
from workbench.evidence.manifest import files_of, is_sealed, read_sums, seal
from workbench.evidence.names import (
    INDEX,
    LEDGER,
    MANIFEST,
    RUN_FILE,
    all_reports_name,
    results_name,
)
from workbench.evidence.releases import RECORD, read_releases
from workbench.evidence.run_file import Run, RunPart, read_run
from workbench.evidence.strays import files_of_report
from workbench.trust.digests import digest_of_file

# Whoever adds one of these says that something was signed, or that the ledger says something else.
_NEVER_STRAY = {LOG, READABLE, RECORD, journal_of(Path()).name}


def refuse_touched(folder: Path, made_again: Collection[str] = ()) -> None:
    """Refuse a sealed run of which a file is no longer what its seal says; one not sealed may pass.

    Files that no runner made are left as they lie, and are not sealed.

    Args:
        folder: The run's folder.
        made_again: Files that are about to be made anew, whatever lies there now.

    Raises:
        BadInput: A file was changed, is gone, or passes for a record that the run did not have.
    """
    if not is_sealed(folder):
        return
    sums = read_sums(folder)
    found = [
        f"{name} {'was changed' if (folder / name).is_file() else 'is gone'}"
        for name, digest in sums.items()
        if name not in made_again
        and not ((folder / name).is_file() and digest_of_file(folder / name) == digest)
    ]
    found += [f"{name} was added" for name in files_of(folder) if name in _NEVER_STRAY - set(sums)]
    if found:
        raise BadInput(
            f"this run was touched after it was finished: {'; '.join(found)}",
            where=str(folder),
            rule="a run is only gone on with, signed or released as it was when it was sealed",
            mend="put the file back as it was, or begin a new run with `workbench report --new`; "
            "`workbench verify` says what else has changed",
        )


def written_over(run: Run) -> set[str]:
    """Return what is written anew over all reports of a run whenever it is gone on with."""
    return {INDEX, MANIFEST, all_reports_name(run.trust.uid, run.on)}


def finish_cut_short(folder: Path) -> bool:
    """Seal a run whose runner or signer was killed when nothing but the seal was left to write.

    Its record must agree with every file, and with the ledger or the assurance log, and no report
    may have files besides, as where a runner was killed that had gone on with it; a run that does
    not is left as it is.

    Args:
        folder: The run's folder.

    Returns:
        Whether it was sealed now.
    """
    if is_sealed(folder) or not ((folder / LEDGER).is_file() and (folder / RUN_FILE).is_file()):
        return False
    try:
        run = read_run(folder)
        acts = trusted_log(run)
        with open_ledger(folder, to_read=True) as ledger:
            entries = read_entries(ledger)
        releases = [one for one in read_releases(folder) if "withdrawn" not in one]
    except BadInput:  # whoever goes on with it will say so
        return False
    whole = all(_stands(run, part, entries.get(part.stem), acts) for part in run.parts)
    known = set(entries) == {part.stem for part in run.parts}
    if not (whole and known and _packed(run, releases)):
        return False
    finish_run(run)  # zip and index are told by nobody: they are made anew from what is
    seal(run, published={stem for act in acts for stem in act.reports})
    return True


def _packed(run: Run, releases: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the board pack that stands is the one that was released, where one was."""
    if not releases:
        return not run.released
    name, pack = str(releases[-1]["pack"]), run.folder / str(releases[-1]["pack"])
    told = releases[-1].get("sha256")
    return run.released == name and pack.is_file() and digest_of_file(pack) == told


def _stands(run: Run, part: RunPart, entry: Entry | None, acts: Collection[Act]) -> bool:
    """Whether a report lies there as the record says, and ledger or log say so too."""
    if entry is None or entry.complete != part.complete:
        return False
    results = results_name(part.stem)
    told = {**part.sha256, **{n: d for n, d in entry.artefacts.items() if n == results}}
    there = all(
        (run.folder / name).is_file() and digest_of_file(run.folder / name) == digest
        for name, digest in told.items()
    )
    acted = [act for act in acts if part.stem in act.reports]
    said = (acted[-1].files or {}) if acted else {}
    vouched = {*entry.artefacts.items(), *said.items()}
    strays = files_of_report(run.folder, part.stem) - set(told)
    return there and not strays and set(part.sha256.items()) <= vouched
