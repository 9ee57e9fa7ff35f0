"""What rendering costs is counted in its parts, of a real report, once each is ready."""

from __future__ import annotations

import nbformat
import pytest

from benchmarks.rendering import PARTS, rendering_seconds
from workbench import paths
from workbench.report.pdf import pdf_refusal

pytestmark = pytest.mark.skipif(pdf_refusal() is not None, reason=str(pdf_refusal()))


def test_every_part_of_a_school_review_is_counted() -> None:
    notebook = nbformat.read(paths.notebooks() / "school_review.ipynb", as_version=4)
    notebook.cells[0].metadata["papermill"] = {"duration": 2.5}
    notebook.cells[1].metadata["papermill"] = {"duration": None}
    taken = rendering_seconds(notebook)
    assert all(taken[part] > 0.0 for part in PARTS)
    assert taken["html_and_pdf"] == pytest.approx(taken["html"] + taken["pdf"])
    assert taken["cells"] == 2.5
