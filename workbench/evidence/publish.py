"""The files of one report, made from its executed notebook and published together or not at all.

The page is made first; PDF, workbook and figures' data are made from the page, so that none of
them can say anything else. The same function publishes a report again when it has been signed.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from workbench.evidence.names import (
    figure_data_name,
    notebook_name,
    page_name,
    pdf_name,
    workbook_name,
)
from workbench.evidence.run_file import Files
from workbench.evidence.store import publish_all
from workbench.report.contents import Contents, contents_of
from workbench.report.exporter import ReportExporter
from workbench.report.pdf import pdf_of, pdf_refusal
from workbench.report.workbook import figure_csv, workbook_of

PAPER = "paper"
ASSURANCE = "assurance"


def publish_report(
    run: Path,
    stem: str,
    notebook: NotebookNode,
    assurance: Mapping[str, Any] | None = None,
) -> Files:
    """Publish every file of a report: all of them, or none where one cannot be made or written.

    Args:
        run: The run's folder.
        stem: Name of the report's files without their endings.
        notebook: The executed notebook, with its provenance; changed in its metadata, which tells
            the page what other files there are and who has signed.
        assurance: Who signed it, with what limitations; None for a draft.

    Returns:
        The files, by their paths within the run's folder.
    """
    files, contents = rendered(stem, notebook, assurance)
    publish_all(run, contents)
    return files


def rendered(
    stem: str, notebook: NotebookNode, assurance: Mapping[str, Any] | None = None
) -> tuple[Files, dict[str, str | bytes]]:
    """Return every file of a report and what stands in each, written nowhere yet.

    Args:
        stem: Name of the report's files without their endings.
        notebook: The executed notebook; changed in its metadata, as by `publish_report`.
        assurance: Who signed it, with what limitations; None for a draft.
    """
    printed = pdf_refusal() is None
    _tell(notebook, stem, assurance, printed=printed)
    page, _ = _exporter().from_notebook_node(notebook)
    contents = contents_of(page)
    data = _figure_data(contents, stem)
    files: dict[str, str | bytes] = dict(data)
    files[notebook_name(stem)] = nbformat.writes(notebook)
    files[workbook_name(stem)] = workbook_of(contents)
    if printed:
        files[pdf_name(stem)] = pdf_of(page)
    files[page_name(stem)] = page  # last: where the page is, the rest is
    named = Files(
        html=page_name(stem),
        pdf=pdf_name(stem) if printed else None,
        xlsx=workbook_name(stem),
        csv=tuple(data),
        notebook=notebook_name(stem),
    )
    return named, files


def _tell(
    notebook: NotebookNode, stem: str, assurance: Mapping[str, Any] | None, *, printed: bool
) -> None:
    """Tell the page, through the notebook, what other files there are and who has signed."""
    about = {"workbook": workbook_name(stem)} | ({"pdf": pdf_name(stem)} if printed else {})
    notebook.metadata[PAPER] = {**notebook.metadata.get(PAPER, {}), **about}
    if not printed:
        notebook.metadata[PAPER].pop("pdf", None)
    notebook.metadata.pop(ASSURANCE, None)
    if assurance is not None:
        notebook.metadata[ASSURANCE] = nbformat.from_dict(dict(assurance))


def _figure_data(contents: Contents, stem: str) -> dict[str, bytes]:
    """Return the data of each figure, by its place in the run's folder."""
    data: dict[str, bytes] = {}
    for figure in contents.figures:
        name = figure_data_name(stem, figure.key)
        if name in data:  # two keys that differ only in letters a file name cannot hold
            name = figure_data_name(stem, f"{figure.key}-{figure.number}")
        data[name] = figure_csv(figure)
    return data


@cache
def _exporter() -> ReportExporter:
    return ReportExporter()
