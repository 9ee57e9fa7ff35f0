"""The record of a run's releases: every pack that was made of it, and every one withdrawn."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from workbench.errors import BadInput

RECORD = "release.json"


def read_releases(folder: Path) -> list[dict[str, Any]]:
    """Return the releases of a run, the last one last; none where it was never released.

    Raises:
        BadInput: Their record cannot be read.
    """
    file = folder / RECORD
    if not file.is_file():
        return []
    try:
        found: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))["releases"]
    except (ValueError, KeyError, TypeError) as fault:
        raise BadInput(
            f"the record of releases cannot be read: {fault}",
            where=str(file),
            rule="it is written by the workbench and changed by nothing else",
            mend="put the file back as it was, from a backup",
        ) from fault
    return found


def is_withdrawn(folder: Path) -> bool:
    """Whether the last pack of a run was withdrawn, as its record of releases says."""
    return "withdrawn" in (read_releases(folder) or [{}])[-1]


def in_json(content: object) -> str:
    """Return what a record says, as its file does."""
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def without_pack(
    folder: Path, stems: Sequence[str], withdrawn: Mapping[str, str]
) -> dict[str, str | bytes | None]:
    """Return what to write where reports are withdrawn that stand in the board pack of a run.

    The pack keeps its bytes and loses its name, so that nobody takes it for one that stands.

    Args:
        folder: The run's folder.
        stems: Stems of the reports that are withdrawn.
        withdrawn: When, by whom and why, for the record.

    Returns:
        What to write by path, None for a file that is to go; nothing where no pack holds them.
    """
    releases = read_releases(folder)
    held = any(f"{stem}.html" in releases[-1]["scanned"] for stem in stems) if releases else False
    if not held or "withdrawn" in releases[-1]:
        return {}
    name = str(releases[-1]["pack"])
    pack, number = folder / name, 1
    # Those that the record names: a withdrawal that was cut short may have moved the pack already.
    taken = {one.get("withdrawn", {}).get("now", "") for one in releases}
    aside = f"withdrawn_{name}"
    while aside in taken:
        number += 1
        aside = f"withdrawn-{number}_{name}"
    releases[-1]["withdrawn"] = {**withdrawn, "now": aside}
    moved: dict[str, str | bytes | None] = (
        {aside: pack.read_bytes(), name: None} if pack.is_file() else {}
    )
    return moved | {RECORD: in_json({"releases": releases})}
