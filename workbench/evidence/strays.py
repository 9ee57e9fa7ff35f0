"""Files of a report that nothing vouches for, as a runner leaves them that is killed midway."""

from __future__ import annotations

from collections.abc import Collection
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

    Args:
        folder: The run's folder.
        stem: Name of the report's files without their endings.
    """
    single = {name(stem) for name in _ALWAYS}
    tables = (folder / DATA / stem).glob("*")
    return {name for name in single if (folder / name).is_file()} | {
        path.relative_to(folder).as_posix() for path in tables if path.is_file()
    }


def remove_strays(folder: Path, stem: str, vouched: Collection[str]) -> None:
    """Remove the files of a report that are not vouched for: they would pass for its own.

    Args:
        folder: The run's folder.
        stem: Name of the report's files without their endings.
        vouched: The files that are its own.
    """
    for name in files_of_report(folder, stem) - set(vouched):
        (folder / name).unlink(missing_ok=True)
