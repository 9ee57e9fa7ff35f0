"""The reports of the committed notebooks: they hold what they showed, so nothing is run."""

from __future__ import annotations

from functools import cache

import nbformat

from workbench import paths
from workbench.report.exporter import ReportExporter

KINDS = ("growth_scenario", "scenario_comparison", "trust_review", "school_review")
_MADE = {"Notebook": "a.ipynb", "Digest of its code": "0f1e2d3c4b5a6978", "Checked by": "nobody"}
_PAPER = {
    "meeting": "2026-12-09",
    "status": "For decision",
    "classification": "Official",
    "workbook": "2026-12-09_growth_ambitious_UID90001.xlsx",
}
_SIGNED = {
    "signed": True,
    "analyst": "Growth analyst",
    "assurer": "Director of standards",
    "date": "2026-12-01",
    "statement": "Checked against the tables of the trust.",
    "limitations": ["Not for use after the next inspection."],
}


@cache
def report_page(kind: str, *, signed: bool = False) -> str:
    """Return the page of a committed notebook as a paper for a meeting."""
    notebook = nbformat.read(paths.notebooks() / f"{kind}.ipynb", as_version=4)
    notebook.metadata["workbench"] = _MADE
    notebook.metadata["paper"] = _PAPER
    if signed:
        notebook.metadata["assurance"] = _SIGNED
    return ReportExporter().from_notebook_node(notebook)[0]
