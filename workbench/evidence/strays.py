"""Files of a report that nothing vouches for, as a runner leaves them that is killed midway."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

from workbench.evidence.names import (
    DATA,
    failed_name,
    notebook_name,
    page_name,
    pdf_name,
    results_name,
    workbook_name,
)

_ALWAYS = (page_name, pdf_name, workbook_name, notebook_name, failed_name, results_name)


def files_of_report(folder: Path, stem: str) -> set[str]:
    """Return every file that a run's folder holds of one report, by its path in it.

    A link in the place of one of its folders is itself what is there, and is not followed: what it
    leads to is no part of the run.

    Args:
        folder: The run's folder.
        stem: Name of the report's files without their endings.
    """
    found = {name(stem) for name in _ALWAYS}
    own = f"{DATA}/{stem}"
    if not _linked(folder, own):
        found |= {f"{own}/{path.name}" for path in (folder / own).glob("*")}
    else:
        found.add(own)
    held = {_linked(folder, name) or name for name in found}
    return {name for name in held if (folder / name).is_symlink() or (folder / name).is_file()}


def _linked(folder: Path, name: str) -> str:
    """Return the first link on the way to a file of a run; empty where there is none."""
    path = Path(name)
    for place in (*reversed(path.parents[:-1]), path):
        if (folder / place).is_symlink():
            return place.as_posix()
    return ""


def remove_strays(folder: Path, stem: str, vouched: Collection[str]) -> None:
    """Remove the files of a report that are not vouched for: they would pass for its own.

    Args:
        folder: The run's folder.
        stem: Name of the report's files without their endings.
        vouched: The files that are its own.
    """
    for name in files_of_report(folder, stem) - set(vouched):
        (folder / name).unlink(missing_ok=True)


def remove(folder: Path, names: Iterable[str]) -> None:
    """Remove files of a run; where a link lies on the way, it goes, and nothing it leads to."""
    for name in names:
        (folder / (_linked(folder, name) or name)).unlink(missing_ok=True)
