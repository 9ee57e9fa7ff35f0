"""The log of who assured which report of a run: only ever added to, and linked line to line.

It holds what the UK government's AQuA Book asks for: a quality assurance log, an assumptions log, a
decisions log and a data log, with who made the analysis and who checked it, which are not the same.

Source: HM Treasury, "The AQuA Book: guidance on producing quality analysis for government", 2015.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from workbench.errors import BadInput
from workbench.evidence.run_file import Run
from workbench.trust.digests import digest_of_text

LOG, READABLE = "assurance.jsonl", "assurance.md"
# What begins HTML, a link, code, a formula or a cell; emphasis can do no harm, and names have it.
_MARKUP = re.compile(r"[\\`<&\[|$]|:(?=//)|^[#>+*=~-]|(?<=^\d)[.)]|(?<=^\d\d)[.)]")


@dataclass(frozen=True)
class Entry:
    """One act: reports were signed, or what was signed was withdrawn.

    Attributes:
        act: What was done.
        at: When (UTC), in ISO form.
        analyst: Role of whoever made the reports; empty at a withdrawal.
        assurer: Role of whoever signs or withdraws.
        statement: What the assurer says.
        limitations: What the reports must not be used for.
        decisions: The decisions log: what was decided on the way, a sentence each.
        checks: The quality assurance log: each check that was made, and what it found.
        assumptions: The assumptions log: rows of the register as the reports show it.
        data: The data log: each report's inputs with dates and digests, by the report's stem.
        tables: SHA-256 of each file of the trust's folder.
        files: SHA-256 of every file as it now stands, by its path in the run's folder.
        reports: Stems of the reports.
        previous: SHA-256 of the line before; empty for the first.
    """

    act: Literal["signed", "withdrawn"]
    at: str
    analyst: str
    assurer: str
    reports: tuple[str, ...]
    statement: str = ""
    limitations: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()
    checks: tuple[tuple[str, str], ...] = ()
    assumptions: tuple[Mapping[str, str], ...] = ()
    data: Mapping[str, Mapping[str, str]] | None = None
    tables: Mapping[str, str] | None = None
    files: Mapping[str, str] | None = None
    previous: str = ""


def read_log(run: Path) -> tuple[Entry, ...]:
    """Read the log of a run; empty where nothing has been signed.

    Raises:
        BadInput: A line was changed, taken out or cannot be read.
    """
    file = run / LOG
    entries: list[Entry] = []
    before = ""
    for number, line in enumerate(_lines(run), start=1):
        try:
            entry = _entry(json.loads(line))
        except (ValueError, TypeError, KeyError) as fault:
            raise _broken(file, number, f"it cannot be read: {fault}") from fault
        if entry.previous != before:
            raise _broken(file, number, "it does not follow from the line before")
        entries.append(entry)
        before = digest_of_text(line)
    return tuple(entries)


def trusted_log(run: Run, *, unfinished: bool = False) -> tuple[Entry, ...]:
    """Read the log of a run, and hold it against the run's record, which covers its last line.

    Args:
        run: The run, as its record says.
        unfinished: Whether the log may tell of an act that was cut short before the record was
            written, as the log is written first.

    Raises:
        BadInput: A line was changed, taken out or put at the end, or cannot be read.
    """
    entries, lines, file = read_log(run.folder), _lines(run.folder), run.folder / LOG
    if len(lines) < run.log_lines:
        raise _broken(file, len(lines) + 1, "it is gone")
    if run.log_lines and digest_of_text(lines[run.log_lines - 1]) != run.log_sha256:
        raise _broken(file, run.log_lines, "it is not the line that the run's record names")
    if len(lines) > run.log_lines and not unfinished:
        raise BadInput(
            f"line {run.log_lines + 1} of the assurance log tells of what was never finished",
            where=str(file),
            rule="the run's record is written when a signature or its withdrawal is whole",
            mend="give the same `workbench assure` again, or withdraw with --withdraw",
        )
    return entries


def digest_of_line(run: Path, number: int) -> str:
    """Return the SHA-256 of a line of the log, counted from 1; empty where there is none."""
    lines = _lines(run)
    return digest_of_text(lines[number - 1]) if 0 < number <= len(lines) else ""


@dataclass(frozen=True)
class Extended:
    """A log with an entry added, written nowhere yet.

    Attributes:
        files: The log and its readable form, by their names.
        lines: How many lines the log has.
        sha256: SHA-256 of its last line.
    """

    files: Mapping[str, str]
    lines: int
    sha256: str


def extended(run: Path, entry: Entry) -> Extended:
    """Return the log of a run, and its readable form, with an entry added.

    The readable form is written anew: of an act that was cut short it may say nothing yet.

    Raises:
        BadInput: A line was changed, taken out or cannot be read.
    """
    lines = _lines(run)
    content = asdict(entry) | {"previous": digest_of_text(lines[-1]) if lines else ""}
    last = json.dumps(content, ensure_ascii=False)
    files = {
        LOG: "".join(f"{line}\n" for line in [*lines, last]),
        READABLE: "".join(map(in_words, [*read_log(run), entry])),
    }
    return Extended(files, len(lines) + 1, digest_of_text(last))


def standing(log: Sequence[Entry]) -> dict[str, Entry]:
    """Return the signature that stands for each report, by stem; none where it was withdrawn."""
    found: dict[str, Entry] = {}
    for entry in log:
        for stem in entry.reports:
            if entry.act == "signed":
                found[stem] = entry
            else:
                found.pop(stem, None)
    return found


def in_words(entry: Entry) -> str:
    """Return an entry for people to read, as Markdown in which no text given to it is markup."""
    heading = "Signed" if entry.act == "signed" else "Withdrawn"
    lines = [f"# {heading}, {entry.at}", ""]
    if entry.analyst:
        lines += [f"Made by {_plain(entry.analyst)}, checked by {_plain(entry.assurer)}.", ""]
    else:
        lines += [f"Withdrawn by {_plain(entry.assurer)}.", ""]
    lines += [_plain(entry.statement), ""] if entry.statement else []
    lines += _listed("Reports", entry.reports)
    lines += _listed("Limitations", entry.limitations)
    lines += _listed("Quality assurance log", [f"{what}: {found}" for what, found in entry.checks])
    lines += _listed("Decisions log", entry.decisions)
    lines += _table("Assumptions log", entry.assumptions)
    for stem, made in (entry.data or {}).items():
        lines += _listed(
            f"Data log of {_plain(stem)}", [f"{name}: {value}" for name, value in made.items()]
        )
    digests = {**(entry.tables or {}), **(entry.files or {})}
    lines += _listed("Digests (SHA-256)", [f"{name}: {sha}" for name, sha in digests.items()])
    return "\n".join([*lines, ""])


def _listed(title: str, lines: Sequence[str]) -> list[str]:
    return [f"## {title}", "", *(f"- {_plain(line)}" for line in lines), ""] if lines else []


def _table(title: str, rows: Sequence[Mapping[str, str]]) -> list[str]:
    if not rows:
        return []
    heads = list(rows[0])
    cells = [heads, ["---"] * len(heads), *([row[head] for head in heads] for row in rows)]
    written = ["| " + " | ".join(map(_plain, row)) + " |" for row in cells]
    return [f"## {title}", "", *written, ""]


def _plain(text: str) -> str:
    """Return a text on one line of Markdown that stays the text it is."""
    return _MARKUP.sub(r"\\\g<0>", " ".join(text.split()))


def _lines(run: Path) -> list[str]:
    """Return the lines of a log; texts within one may hold letters that end lines elsewhere."""
    file = run / LOG
    text = file.read_bytes().decode("utf-8", "replace") if file.is_file() else ""
    return text.removesuffix("\n").split("\n") if text else []


def _entry(content: Mapping[str, Any]) -> Entry:
    several = ("reports", "limitations", "decisions", "assumptions")
    kept = {name: tuple(content[name]) for name in several}
    return Entry(**{**content, **kept, "checks": tuple((a, b) for a, b in content["checks"])})


def _broken(file: Path, number: int, why: str) -> BadInput:
    return BadInput(
        f"line {number} of the assurance log cannot be trusted: {why}",
        where=str(file),
        rule="the log is only ever added to",
        mend="make the run again, and sign it again",
    )
