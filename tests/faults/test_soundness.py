"""What looks for torn files finds each kind that is cut off, and nothing else."""

from __future__ import annotations

from pathlib import Path

import nbformat
import nbformat.v4 as nb
import pytest
from openpyxl import Workbook
from pypdf import PdfWriter

from tests.faults.soundness import torn


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A folder with one whole file of each kind."""
    (tmp_path / "a.html").write_text("<html><body>whole</body></html>\n")
    (tmp_path / "a.json").write_text('{"whole": true}\n')
    (tmp_path / "a.csv").write_text("year,share\n2024,0.4\n")
    nbformat.write(nb.new_notebook(cells=[nb.new_code_cell("1")]), tmp_path / "a.ipynb")
    Workbook().save(tmp_path / "a.xlsx")
    pdf = PdfWriter()
    pdf.add_blank_page(9, 9)
    pdf.write(tmp_path / "a.pdf")
    return tmp_path


def test_whole_files_are_not_called_torn(run: Path) -> None:
    assert torn(run) == []


@pytest.mark.parametrize("ending", ["html", "json", "csv", "ipynb", "xlsx", "pdf"])
@pytest.mark.parametrize("kept", [0.0, 0.5, 0.9])
def test_a_file_that_is_cut_off_is_called_torn(run: Path, ending: str, kept: float) -> None:
    path = run / f"a.{ending}"
    path.write_bytes(path.read_bytes()[: int(kept * path.stat().st_size)])
    (found,) = torn(run)
    assert found.startswith(path.name)
