"""The panel of England's history, made from a folder of published files as Parquet tables."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from workbench import paths
from workbench.errors import BadInput
from workbench.research.history import grades as graded
from workbench.research.history import tables
from workbench.research.history.links import chains, classify_links
from workbench.research.history.membership import MULTI, SINGLE, movements, spells
from workbench.research.history.quality import Findings, Quality, report
from workbench.research.history.schools import combined_lives, school_table
from workbench.research.history.trusts import trust_lives
from workbench.trust.folders import whole_folder
from workbench.trust.published import kinds
from workbench.trust.published.files import Found, PublishedFile, find, sha256
from workbench.trust.published.gias import group_links, groups, urn_links
from workbench.trust.published.lives import LIFE_KINDS, lives_of_links
from workbench.trust.published.national import membership_file
from workbench.trust.published.ofsted import Read, read_inspections
from workbench.trust.published.sidecar import LICENCE

MANIFEST = "history.json"
FORMAT = "trust-growth-workbench history"
DICTIONARY, CODE_LIST = "data_dictionary.csv", "codes.csv"
Notes = tuple[tuple[str, str, int], ...]
_GROUPS = ("uid", "name", "type", "status", "company_number", "incorporated", "closed")


@dataclass(frozen=True, eq=False)
class History:
    """The panel in memory.

    Attributes:
        tables: Each table of `tables.TABLES`, typed and sorted.
        quality: What could not be joined.
        sources: The published tables used.
    """

    tables: Mapping[str, pd.DataFrame]
    quality: Quality
    sources: tuple[PublishedFile, ...]


def build(source: Path, target: Path | None = None) -> Path:
    """Write the panel of a folder of published files, and return the panel's folder.

    It holds a Parquet file for each table of `tables.TABLES`, their dictionary and codes, the
    report on what could not be joined with its lists, and `history.json`, which names every source
    with its checksum. The same files give the same bytes.

    Args:
        source: The folder of published files, searched with its subfolders.
        target: The folder to write: new, empty, or an earlier panel, whose place it takes.
            Default: one under `outputs/history` named by what the sources hold.

    Raises:
        BadInput: No such folder, no group links in it, or a target that holds anything else.
    """
    found = find(source)
    membership_file(found)
    target = _default(found) if target is None else target.resolve()
    _refuse_unless_ours(target)
    history = assemble(found)
    with whole_folder(target) as stage:
        for name, frame in history.tables.items():
            tables.write_table(tables.TABLES[name], frame, stage)
        tables.data_dictionary().to_csv(stage / DICTIONARY, index=False, lineterminator="\n")
        tables.code_list().to_csv(stage / CODE_LIST, index=False, lineterminator="\n")
        history.quality.write(stage)
        manifest = json.dumps(_manifest(found, history), indent=2, ensure_ascii=False)
        (stage / MANIFEST).write_text(manifest + "\n", encoding="utf-8", newline="\n")
    return target


def built(folder: Path) -> Path:
    """Return the panel a folder is or stands for: built once from a folder of published files.

    Args:
        folder: A panel's folder, or a folder of published files; of the latter a panel is made
            under `outputs/history` unless these files have one there.

    Raises:
        BadInput: As `build`, or a panel of another version.
    """
    if is_panel(folder):
        return folder
    found = find(folder)
    membership_file(found)
    known = _default(found)
    return known if is_panel(known) else build(folder, known)


def is_panel(folder: Path) -> bool:
    """Say whether a folder holds a whole panel.

    Raises:
        BadInput: It holds one of another version, or one whose manifest cannot be read.
    """
    manifest = folder / MANIFEST
    if not manifest.is_file():
        return False
    try:
        said = json.loads(manifest.read_text(encoding="utf-8"))
    except ValueError:
        said = {}
    if said.get("format") == FORMAT and said.get("schema") == tables.SCHEMA_VERSION:
        return all((folder / f"{name}.parquet").is_file() for name in tables.TABLES)
    raise BadInput(
        f"the panel in {folder} is of another version",
        where=str(manifest),
        rule=f"it is of the format '{FORMAT}', schema {tables.SCHEMA_VERSION}",
        mend="delete it and build it again from the published files",
    )


def assemble(found: Found) -> History:
    """Make every table of the panel from published files.

    Raises:
        BadInput: There are no group links.
    """
    linked = _group_links(found)
    snapshots = linked.snapshots
    lives = combined_lives(found.of(*LIFE_KINDS), linked.lives)
    raw_links, links_as_of = _urn_links(found)
    links = classify_links(raw_links, lives, links_as_of)
    records, cards, read_notes = _inspections(found)
    notes = pd.DataFrame([*linked.notes, *read_notes], columns=["file", "finding", "count"])
    urns = _every_urn(lives.index, snapshots["urn"], records, cards)
    schools = school_table(lives, links, chains(links[links["followed"]], urns), snapshots)
    by_urn = schools.set_index("urn")
    official = _groups(found)
    spelled = spells(snapshots, by_urn, official.rename(columns={"uid": "trust_uid"}))
    owned = graded.owned(records, by_urn)
    inspections, disputes = graded.merged(owned[owned["owner"].notna()])
    inspections["chain"] = by_urn["chain"].reindex(inspections["urn"]).to_numpy()
    carded = graded.owned(cards, by_urn)
    frames = {
        "snapshots": snapshots,
        "memberships": spelled,
        "movements": movements(spelled),
        "trusts": trust_lives(snapshots, spelled, official),
        "links": links,
        "schools": schools,
        "inspections": inspections,
        "report_cards": _carded(carded, by_urn),
    }
    typed = {name: tables.TABLES[name].typed(frame) for name, frame in frames.items()}
    no_grade = pd.Series(pd.NA, carded.index, dtype="Int64")
    every = pd.concat([owned, carded.assign(grade=no_grade)], ignore_index=True)
    findings = Findings(
        found, notes, snapshots, linked.set_aside, spelled, links, links_as_of, schools, every,
        typed["inspections"], disputes,
    )  # fmt: skip
    return History(typed, report(findings), _used(found))


@dataclass(frozen=True, eq=False)
class _Linked:
    """What the group links say: memberships by day, rows left out, lives by file, notes."""

    snapshots: pd.DataFrame
    set_aside: pd.DataFrame
    lives: Mapping[PublishedFile, pd.DataFrame]
    notes: Notes


def _group_links(found: Found) -> _Linked:
    """Return every dated snapshot of trusts, earliest first, and what was left out.

    A file with fewer than half the rows of an earlier one lists only some trusts: differences from
    it would be false, so it is passed over.
    """
    frames, lives, notes = [], {}, []
    seen: dict[dt.date, str] = {}
    fullest = 0
    for file in reversed(found.of(kinds.GROUP_LINKS)):
        if file.snapshot is None or file.snapshot in seen:
            why = f"of the same day as {seen[file.snapshot]}" if file.snapshot else "undated"
            notes.append((file.relative, f"group links not used: {why}", 1))
            continue
        links = group_links(file)
        lives[file] = lives_of_links(links)
        if 2 * len(links) < fullest:
            notes.append((file.relative, "group links not used: they list only some trusts", 1))
            continue
        seen[file.snapshot], fullest = file.relative, max(fullest, len(links))
        # Since 2023 some are called secure single-academy trusts.
        single = links["group_type"].str.endswith(SINGLE)
        listed = links.assign(group_type=links["group_type"].mask(single, SINGLE))
        listed = listed[listed["group_type"].isin([MULTI, SINGLE])]
        frames.append(listed.assign(snapshot=pd.Timestamp(file.snapshot).as_unit("s")))
    every = pd.concat(frames, ignore_index=True).astype({"urn": "int64", "trust_uid": "int64"})
    ahead = every["joined"].gt(every["snapshot"])
    columns = ["urn", "trust_uid", "trust_name", "joined", "snapshot"]
    aside = every.loc[ahead, columns].assign(reason="joins after the day of the snapshot")
    return _Linked(every[~ahead].reset_index(drop=True), aside, lives, tuple(notes))


def _urn_links(found: Found) -> tuple[pd.DataFrame, pd.Timestamp | None]:
    """Return the latest file of predecessor links, which holds all of them, and its day."""
    file = found.latest(kinds.URN_LINKS)
    if file is None:
        columns = {"urn": "Int64", "linked_urn": "Int64", "link": "str", "date": "datetime64[s]"}
        empty = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in columns.items()})
        return empty, None
    return urn_links(file), pd.Timestamp(file.snapshot) if file.snapshot else None


def _groups(found: Found) -> pd.DataFrame:
    """Return the groups of every list of groups, each as the latest list has it."""
    frames = [groups(file) for file in found.of(kinds.GROUPS)]
    if not frames:
        dates = {"incorporated", "closed"}
        kind = {name: "datetime64[s]" if name in dates else "str" for name in _GROUPS[1:]}
        columns = {"uid": "Int64", **kind}
        return pd.DataFrame({name: pd.Series(dtype=as_) for name, as_ in columns.items()})
    return pd.concat(frames, ignore_index=True).drop_duplicates("uid")


def _inspections(found: Found) -> tuple[pd.DataFrame, pd.DataFrame, Notes]:
    """Return the records of every file of inspections, the report cards, and readers' notes."""
    reads: list[tuple[str, Read]] = []
    notes: list[tuple[str, str, int]] = []
    for kind in kinds.INSPECTION_KINDS:
        for file in found.of(kind):
            read = read_inspections(file)
            reads.append((file.relative, read))
            notes += [(file.relative, what, count) for what, count in sorted(read.notes.items())]
    if not reads:
        raise BadInput(
            "there are no inspections among the files",
            where="the folder of published files",
            rule="the panel joins trusts with Ofsted's grades",
            mend="put Ofsted management information or its ratings history in the folder",
        )
    records, cards = graded.records_of(reads), graded.report_cards_of(reads)
    return records, cards, tuple(notes)


def _every_urn(known: pd.Index, listed: pd.Series, *records: pd.DataFrame) -> pd.Index:
    """Return the URN of every school that any file names."""
    named = [one[name] for one in records for name in ("urn", "urn_at_inspection")]
    urns = {*known, *listed, *(urn for one in named for urn in one.dropna())}
    return pd.Index(sorted(map(int, urns)), dtype="int64")


def _carded(cards: pd.DataFrame, by_urn: pd.DataFrame) -> pd.DataFrame:
    """Return report cards under the URN each is counted for."""
    kept = cards[cards["owner"].notna()]
    kept = kept.assign(urn=kept["owner"].astype("int64"))
    kept = kept.drop_duplicates(["urn", "date", "area"])
    return kept.assign(chain=by_urn["chain"].reindex(kept["urn"]).to_numpy())


def _used(found: Found) -> tuple[PublishedFile, ...]:
    wanted = {*LIFE_KINDS, *kinds.INSPECTION_KINDS, kinds.GROUPS, kinds.URN_LINKS}
    return tuple(file for file in found.files if file.kind in wanted)


def _manifest(found: Found, history: History) -> dict[str, object]:
    days = [file.snapshot for file in found.of(kinds.GROUP_LINKS) if file.snapshot is not None]
    return {
        "format": FORMAT,
        "schema": tables.SCHEMA_VERSION,
        "snapshots": [day.isoformat() for day in sorted(set(days))],
        "tables": {name: len(frame) for name, frame in history.tables.items()},
        "sources": [
            {
                "path": file.relative, "title": file.kind.title, "producer": file.kind.producer,
                "licence": LICENCE,
                "describes": None if file.snapshot is None else file.snapshot.isoformat(),
                "sha256": sha256(file.path),
            }
            for file in history.sources
        ],
    }  # fmt: skip


def _default(found: Found) -> Path:
    """Return where the panel of some files stands: named by what they and this code hold."""
    digest = hashlib.sha256(f"{FORMAT} {tables.SCHEMA_VERSION}".encode())
    code = [*Path(__file__).parent.glob("*.py"), *Path(kinds.__file__).parent.glob("*.py")]
    for path in [*sorted(code), *sorted({file.path for file in _used(found)})]:
        digest.update(sha256(path).encode())
    return paths.outputs() / "history" / digest.hexdigest()[:16]


def _refuse_unless_ours(target: Path) -> None:
    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return
    if target.is_dir() and (target / MANIFEST).is_file():
        return
    raise BadInput(
        f"{target} holds something else",
        where=str(target),
        rule="a panel is written to a folder of its own",
        mend="name a folder that does not exist yet",
    )
