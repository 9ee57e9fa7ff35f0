"""Whether a run may be gone on with: not over what was signed, released, touched or lost."""

from __future__ import annotations

from pathlib import Path

from workbench.errors import BadInput
from workbench.evidence.assurance_log import LOG
from workbench.evidence.ledger import open_ledger, read_entries
from workbench.evidence.manifest import is_sealed
from workbench.evidence.names import RUN_FILE
from workbench.evidence.prepare import Prepared
from workbench.evidence.releases import RECORD
from workbench.evidence.run_file import Run, read_run
from workbench.evidence.touched import refuse_touched, written_over


def refuse_unfit(folder: Path, prepared: Prepared) -> None:
    """Refuse to go on with a run where that would change what was read, or hide what was done.

    Args:
        folder: The run's folder.
        prepared: What is to be made in it.

    Raises:
        BadInput: What would be made again was signed or released, a file was touched that is not
            made again, or the record is lost.
    """
    stood = record_of_before(folder)
    if stood is None:
        return
    with open_ledger(folder, to_read=True) as ledger:
        entries = read_entries(ledger)
    again = [name for s in prepared.why if s in entries for name in entries[s].artefacts]
    refuse_touched(folder, {*again, *written_over(stood)})
    _refuse_signed(stood, prepared)


def record_of_before(folder: Path) -> Run | None:
    """Return the record of a run as it stood, where it was finished before.

    Raises:
        BadInput: It is damaged or gone, and it may be all that says what was signed or released.
    """
    why = "it is gone"
    try:
        if (folder / RUN_FILE).is_file():
            return read_run(folder)
    except BadInput as fault:
        why = fault.what
    if not is_sealed(folder) and not any((folder / name).exists() for name in (LOG, RECORD)):
        return None  # nothing is lost: it is written anew
    raise BadInput(
        f"the record of this run cannot be used: {why}",
        where=str(folder / RUN_FILE),
        rule="it says which reports were signed and which released, and nobody else may say so",
        mend="put it back from a backup, or begin a new run with `workbench report --new`",
    )


def _refuse_signed(stood: Run, prepared: Prepared) -> None:
    """Refuse to make again what was signed or released: somebody has read it as it is."""
    signed = [part.stem for part in stood.parts if part.assured]
    touched = [stem for stem in prepared.why if stem in signed]
    if touched or (stood.released and prepared.why):
        said = "was released" if stood.released else f"is signed: {', '.join(touched)}"
        raise BadInput(
            f"what would be made again {said}",
            where=str(stood.folder),
            rule="a report that was signed or released stays as it was read",
            mend="make a new run, or withdraw the signature first with `workbench assure`",
        )
