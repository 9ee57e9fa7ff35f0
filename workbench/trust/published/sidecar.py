"""What an import leaves beside its tables: one sidecar a source, and a seal on what was written."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from workbench.trust.published.files import PublishedFile, count_rows, sha256

LICENCE = "Open Government Licence v3.0"
LICENCE_LINK = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
FOLDER = "sources"
SEAL = "import.json"


@dataclass(frozen=True)
class Sidecar:
    """One published table that an import used.

    Args:
        kind: Short name of what it is.
        title: What it is, for people.
        name: File name.
        path: Its place under the source folder.
        sheet: The sheet read; None for CSV.
        producer: Who publishes it.
        licence: What it may be used under.
        licence_link: Where that licence stands.
        sha256: Of the file's bytes.
        rows: Rows under the header.
        snapshot: The day it describes, ISO; None where nothing says.
        snapshot_from: `file name`, `content` or `nothing`.
        period: Academic year, for a yearly table.
        used_for: The tables it fed.
    """

    kind: str
    title: str
    name: str
    path: str
    sheet: str | None
    producer: str
    licence: str
    licence_link: str
    sha256: str
    rows: int
    snapshot: str | None
    snapshot_from: str
    period: str | None
    used_for: tuple[str, ...]


def describe(file: PublishedFile, used_for: tuple[str, ...]) -> Sidecar:
    """Return the sidecar of a published table."""
    return Sidecar(
        kind=file.kind.name,
        title=file.kind.title,
        name=file.path.name,
        path=file.path.relative_to(file.source).as_posix(),
        sheet=file.sheet,
        producer=file.kind.producer,
        licence=LICENCE,
        licence_link=LICENCE_LINK,
        sha256=sha256(file.path),
        rows=count_rows(file),
        snapshot=file.snapshot.isoformat() if file.snapshot else None,
        snapshot_from=file.dated_from,
        period=file.period,
        used_for=used_for,
    )


def write_sidecars(folder: Path, sidecars: tuple[Sidecar, ...]) -> None:
    """Write one JSON file a source into `folder/sources`."""
    place = folder / FOLDER
    place.mkdir()
    for sidecar in sidecars:
        label = sidecar.path if sidecar.sheet is None else f"{sidecar.path} {sidecar.sheet}"
        stem = re.sub(r"[^A-Za-z0-9.]+", "-", label).strip("-.")
        _write_json(place / f"{stem}.json", asdict(sidecar))


def write_seal(folder: Path, uid: int, as_of: dt.date, tables: tuple[str, ...]) -> None:
    """Write which files an import wrote and their SHA-256, so that later edits are noticed."""
    seal = {
        "trust_uid": uid,
        "as_of": as_of.isoformat(),
        "tables": {name: sha256(folder / name) for name in tables},
    }
    _write_json(folder / SEAL, seal)


def sealed_tables(folder: Path) -> Mapping[str, str] | None:
    """Return the files an earlier import wrote here with their SHA-256; None if there was none."""
    try:
        seal = json.loads((folder / SEAL).read_text(encoding="utf-8"))
        return {str(name): str(digest) for name, digest in seal["tables"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _write_json(path: Path, content: Mapping[str, object]) -> None:
    text = json.dumps(content, indent=2, ensure_ascii=False)
    path.write_text(f"{text}\n", encoding="utf-8", newline="\n")
