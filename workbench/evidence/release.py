"""The board pack: what may leave the building, once the gate has read it and two people say so.

Nothing else is called a board pack.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from workbench import paths
from workbench.charts.wording import count
from workbench.errors import BadInput
from workbench.evidence.acts import refuse_changed
from workbench.evidence.assurance_log import LOG, digest_of_line, standing, trusted_log
from workbench.evidence.finish import finished, zip_of
from workbench.evidence.lock import hold
from workbench.evidence.manifest import seal
from workbench.evidence.names import UNSEALED, board_pack_name
from workbench.evidence.releases import RECORD, in_json, read_releases
from workbench.evidence.roles import refuse_roles, refuse_words, trust_of
from workbench.evidence.run_file import Run, RunPart, read_run, run_folder
from workbench.evidence.store import publish_all
from workbench.evidence.touched import finish_cut_short, refuse_touched
from workbench.report.gate.findings import Finding
from workbench.report.gate.protected import Protected
from workbench.report.gate.scan import scan
from workbench.report.gate.secrets import protected_of
from workbench.trust.digests import digest_of_tables
from workbench.trust.load import Trust

RECORD_IN_PACK = "release-record.json"


@dataclass(frozen=True)
class Accepted:
    """A finding that two people say is no fault, and why."""

    key: str
    file: str
    place: str
    rule: str
    reason: str


@dataclass(frozen=True)
class GateRecord:
    """What the gate read, by which policy, who released the pack, and what was accepted.

    Attributes:
        at: When (UTC), in ISO form.
        released_by: Role of whoever releases the pack.
        checked_by: Role of whoever checked it.
        pack: Name of the pack.
        policy: The suppression policy, in words.
        policy_version: Its version.
        scanned: SHA-256 of every file read, by its path within the pack.
        searched: How many names, runs of free text and small numbers were looked for.
        not_searched: What could not be looked for, a sentence each; in the copy within the pack
            only how much of it there is, and in which columns.
        accepted: Findings that were accepted; in the copy within the pack without their places,
            which may quote.
        log_lines: How many lines the assurance log had.
        log_sha256: SHA-256 of the last of them.
        sha256: SHA-256 of the pack; empty in the copy within it.
    """

    at: str
    released_by: str
    checked_by: str
    pack: str
    policy: str
    policy_version: str
    scanned: Mapping[str, str]
    searched: Mapping[str, int]
    not_searched: tuple[str, ...]
    accepted: tuple[Accepted, ...]
    log_lines: int
    log_sha256: str
    sha256: str = ""


@dataclass(frozen=True)
class Verdict:
    """What the gate says.

    Attributes:
        findings: What may not leave; where there is any, there is no pack.
        record: The record; None where the gate stays shut.
        pack: The board pack.
    """

    findings: tuple[Finding, ...]
    record: GateRecord | None = None
    pack: Path | None = None


def release(
    folder: Path,
    *,
    released_by: str,
    checked_by: str,
    reports: Sequence[str] = (),
    accept: Mapping[str, str] | None = None,
    trust: Path | None = None,
    now: dt.datetime | None = None,
) -> Verdict:
    """Read the final files of a run, and make the board pack where nothing in them must stay.

    Args:
        folder: The run's folder.
        released_by: Role of whoever releases the pack.
        checked_by: Role of whoever checked it; another one.
        reports: Stems of the reports in the pack; all of the run where empty.
        accept: Reasons, by the keys of findings that are no faults.
        trust: Where the trust's tables lie, if they have been moved.
        now: The moment; now where None.

    Raises:
        BadInput: A role names somebody or both are one; a report is a draft, failed or changed;
            the trust's tables have changed; a finding that is accepted may not be, or is none;
            somebody else is at work on the run.
    """
    roles = (("released by", released_by), ("checked by", checked_by))
    home, at = run_folder(folder), now or dt.datetime.now(dt.UTC)
    with hold(home):
        finish_cut_short(home)
        refuse_touched(home)
        run = read_run(home)
        own = trust_of(run, trust)
        return _released(run, roles, reports, accept or {}, own=own, at=at)


def _released(
    run: Run,
    roles: tuple[tuple[str, str], tuple[str, str]],
    reports: Sequence[str],
    accept: Mapping[str, str],
    *,
    own: Trust,
    at: dt.datetime,
) -> Verdict:
    protected = protected_of(own, [run.folder, paths.home()])
    refuse_roles(*roles, protected)
    for reason in accept.values():
        refuse_words("reason", reason, protected)
    parts = _to_release(run, reports)
    refuse_changed(run, parts)
    _refuse_other_tables(run, parts, digest_of_tables(own.folder))
    name = board_pack_name(run.trust.uid, run.on)
    chosen = tuple(part.stem for part in parts)
    by = f"{roles[0][1]}, checked by {roles[1][1]}"
    packed = zip_of(replace(run, parts=parts, released=name, in_pack=chosen, released_by=by))
    files = _members(packed)
    left, accepted = _judged(scan(files, protected), accept)
    if left:
        return Verdict(left)
    record = GateRecord(
        at=at.astimezone(dt.UTC).isoformat(timespec="seconds"),
        released_by=roles[0][1],
        checked_by=roles[1][1],
        pack=name,
        policy=str(protected.policy),
        policy_version=protected.policy.version,
        scanned={file: hashlib.sha256(data).hexdigest() for file, data in files.items()},
        searched=_searched(protected),
        not_searched=tuple(map(str, protected.not_searched)),
        accepted=accepted,
        log_lines=run.log_lines,
        log_sha256=run.log_sha256,
    )
    outside = replace(
        record,
        not_searched=protected.told_outside(),
        accepted=tuple(replace(one, place="") for one in accepted),
    )
    told = in_json(asdict(outside)).encode()
    said = scan({RECORD_IN_PACK: told}, protected)
    if said:
        return Verdict(tuple(replace(one, may_be_accepted=False) for one in said))
    released = replace(run, released=name, in_pack=chosen, released_by=by)
    return _write(released, packed, record, told)


def check_release(folder: Path) -> tuple[str, ...]:
    """Return what of a released run is no longer as it was released, a sentence each.

    Raises:
        BadInput: The run has not been released, or its record cannot be read.
    """
    run = read_run(folder)
    releases = read_releases(run.folder)
    if not releases:
        raise BadInput(
            "this run has not been released",
            where=str(run.folder),
            rule="only a released pack can be checked",
            mend="release it with --released-by and --checked-by",
        )
    last = releases[-1]
    found: list[str] = []
    pack = run.folder / str(last["pack"])
    if "withdrawn" in last:
        found.append(f"{pack.name} was withdrawn, and lies aside as {last['withdrawn']['now']}")
    elif not pack.is_file():
        return (f"{pack.name} is gone",)
    elif hashlib.sha256(pack.read_bytes()).hexdigest() != last["sha256"]:
        found.append(f"{pack.name} is not the pack that was released")
    for name, sha in last["scanned"].items():
        file = run.folder / name
        if name.endswith((".txt", "index.html")):  # the run's own index says more than the pack's
            continue
        if not file.is_file():
            found.append(f"{name} is gone")
        elif hashlib.sha256(file.read_bytes()).hexdigest() != sha:
            found.append(f"{name} was changed after the release")
    if digest_of_line(run.folder, last["log_lines"]) != last["log_sha256"]:
        found.append(f"{LOG} is not the log that was there at the release")
    return tuple(found)


def _to_release(run: Run, stems: Sequence[str]) -> tuple[RunPart, ...]:
    parts = tuple(run.part(stem) for stem in dict.fromkeys(stems)) or run.parts
    failed = [part.stem for part in parts if not part.complete]
    signed = standing(trusted_log(run))
    drafts = [
        part.stem
        for part in parts
        if part.complete
        and (
            not part.assured
            or part.stem not in signed
            or not set(part.sha256.items()) <= set((signed[part.stem].files or {}).items())
        )
    ]
    if failed or drafts:
        what = [f"{count(len(failed), 'report')} failed: {', '.join(failed)}"] if failed else []
        if drafts:
            what.append(f"{count(len(drafts), 'report')} not assured: {', '.join(drafts)}")
        raise BadInput(
            "; ".join(what),
            where=str(run.folder),
            rule="a board pack holds whole reports that somebody other than the analyst signed",
            mend="sign them with `workbench assure`, or name those to release with --report",
        )
    return parts


def _refuse_other_tables(run: Run, parts: Sequence[RunPart], now: str) -> None:
    """Refuse to judge files by other tables than they were made from."""
    signed = standing(trusted_log(run))
    for part in parts:
        then = (signed[part.stem].data or {}).get(part.stem, {}).get("Digest of the data", "")
        if not then or not now.startswith(then):
            raise BadInput(
                f"the trust's tables have changed since {part.stem} was made",
                where=run.trust.folder,
                rule="a pack is judged by the tables its reports were made from",
                mend="make the run again with `workbench report`, or name them with --trust DIR",
            )


def _judged(
    found: Sequence[Finding], accept: Mapping[str, str]
) -> tuple[tuple[Finding, ...], tuple[Accepted, ...]]:
    known = {one.key: one for one in found}
    for key, reason in accept.items():
        if key not in known or not known[key].may_be_accepted or not reason.strip():
            raise BadInput(
                f"{key!r} cannot be accepted",
                rule="accepted are numbers and quotations that the gate found, each with a reason; "
                "never names, addresses or links",
                mend="copy the key from the findings, and write KEY=REASON",
            )
    left = tuple(one for one in found if one.key not in accept)
    taken = tuple(
        Accepted(key, known[key].file, known[key].place, known[key].rule, reason)
        for key, reason in accept.items()
    )
    return left, taken


def _searched(protected: Protected) -> dict[str, int]:
    return {
        "names, pseudonyms and codes": len(protected.names),
        "runs of free text": len(protected.runs) + len(protected.whole),
        "numbers held back": len(protected.counts),
    }


def _write(run: Run, packed: bytes, record: GateRecord, told: bytes) -> Verdict:
    file = io.BytesIO(packed)
    with zipfile.ZipFile(file, "a") as pack:
        pack.writestr(zipfile.ZipInfo(RECORD_IN_PACK), told, zipfile.ZIP_DEFLATED)
    whole = file.getvalue()
    record = replace(record, sha256=hashlib.sha256(whole).hexdigest())
    releases = [*read_releases(run.folder), asdict(record)]
    made: dict[str, str | bytes | None] = {
        **UNSEALED,  # first: a run that is cut short from here on is unfinished, and not touched
        record.pack: whole,
        RECORD: in_json({"releases": releases}),
    }
    publish_all(run.folder, {**made, **finished(run, made)})
    seal(run)
    return Verdict((), record, run.folder / record.pack)


def _members(packed: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {member.filename: archive.read(member) for member in archive.infolist()}
