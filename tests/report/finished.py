"""Finished pages of every kind of report, made once from the committed notebooks' outputs."""

from __future__ import annotations

from functools import cache

import nbformat

from workbench import paths
from workbench.report.exporter import ReportExporter

KINDS = ("school_review", "trust_review", "growth_scenario", "scenario_comparison")


@cache
def finished(kind: str) -> str:
    """Return the page of a committed notebook as it is stored, with a provenance."""
    notebook = nbformat.read(paths.notebooks() / f"{kind}.ipynb", as_version=4)
    notebook.metadata["workbench"] = {"Notebook": f"{kind}.ipynb", "Run": "1 May 2026"}
    page: str = ReportExporter().from_notebook_node(notebook)[0]
    return page
