"""Acts on a run: what is signed and by whom, and what there is of one whose signer was killed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.charts.wording import count
from workbench.errors import BadInput
from workbench.evidence.assurance_log import Entry, trusted_log
from workbench.evidence.run_file import Run, RunPart
from workbench.trust.digests import digest_of_file


@dataclass(frozen=True)
class Signing:
    """What is signed, and by whom.

    Attributes:
        analyst: Role of whoever made the reports.
        assurer: Role of whoever checked them.
        statement: What the assurer says of them.
        limitations: What they must not be used for.
        decisions: What was decided on the way, a sentence each.
        reports: Stems of the reports; all that are not yet signed where empty.
    """

    analyst: str
    assurer: str
    statement: str = ""
    limitations: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()
    reports: tuple[str, ...] = ()


def cut_short(run: Run) -> tuple[Entry, ...]:
    """Return the acts that a run's log tells of and its record does not: they were never finished.

    Raises:
        BadInput: A line of the log was changed or taken out, or cannot be read.
    """
    return trusted_log(run, unfinished=True)[run.log_lines :]


def was_signed(run: Run, signing: Signing) -> bool:
    """Whether the last act on a run is this signing, and it stands."""
    asked = [run.part(stem) for stem in signing.reports] or [*run.parts]
    wanted = ("signed", signing.analyst, signing.assurer, signing.statement, signing.limitations)
    return all(part.assured for part in asked) and any(
        (one.act, one.analyst, one.assurer, one.statement, one.limitations) == wanted
        and one.decisions[len(one.decisions) - len(signing.decisions) :] == signing.decisions
        for one in trusted_log(run)[-1:]
    )


def was_withdrawn(run: Run, assurer: str, statement: str, reports: Sequence[str]) -> bool:
    """Whether the last act on a run is this withdrawal, and it stands."""
    asked = [run.part(stem) for stem in reports] or [*run.parts]
    return not any(part.assured for part in asked) and any(
        (one.act, one.assurer, one.statement) == ("withdrawn", assurer, statement)
        for one in trusted_log(run)[-1:]
    )


def refuse_changed(run: Run, parts: Sequence[RunPart], begun: Sequence[Entry] = ()) -> None:
    """Refuse reports whose files are not as the run's record says.

    Args:
        run: The run.
        parts: The reports.
        begun: Acts that were cut short: what they were to leave may be there already.

    Raises:
        BadInput: A file is gone or was changed.
    """
    changed: list[str] = []
    for part in parts:
        acts = [act.files or {} for act in begun if part.stem in act.reports]
        for name in part.files:
            file = run.folder / name
            may_be = {part.sha256.get(name), *(act.get(name) for act in acts)}
            found = digest_of_file(file) if file.is_file() else None
            if found not in may_be or (found is None and not acts):
                changed.append(name)
    if changed:
        raise BadInput(
            f"{count(len(changed), 'file')} changed since the run was made: {', '.join(changed)}",
            where=str(run.folder),
            rule="what is signed or released is what the run made",
            mend="make the run again with `workbench report`",
        )


def refuse_half_withdrawn(run: Run, parts: Sequence[RunPart], begun: Sequence[Entry]) -> None:
    """Refuse reports whose signature was being withdrawn when that was cut short.

    Args:
        run: The run.
        parts: The reports.
        begun: Acts that were cut short.

    Raises:
        BadInput: The last thing begun with one of them was to withdraw it.
    """
    last = {stem: act.act for act in begun for stem in act.reports}
    half = [part.stem for part in parts if last.get(part.stem) == "withdrawn"]
    if half:
        raise BadInput(
            f"the signature of {', '.join(half)} was being withdrawn, and that was cut short",
            where=str(run.folder),
            rule="what was begun is brought to its end first",
            mend="withdraw with `workbench assure --withdraw`, then sign again",
        )
