"""The files of one report: made from one page, told of each other, all there or none."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from openpyxl import load_workbook

from tests.charts.frames import ABOUT, fans
from tests.report.cells import executed, opened
from workbench.charts.fan import fan
from workbench.evidence import publish as publishing
from workbench.evidence.publish import publish_report
from workbench.report import emit
from workbench.report.pdf import pdf_refusal

STEM = "2026-12-09_growth_steady_UID90001"
SIGNED = {
    "signed": True, "analyst": "Research lead", "assurer": "Director of standards",
    "date": "2026-12-01", "statement": "Fit for the board.", "limitations": [],
}  # fmt: skip


def notebook() -> NotebookNode:
    def show() -> None:
        opened()
        emit.show_figure(fan(fans([0.08, 0.06, 0.04], 0.01), "reserves_share", futures=2, **ABOUT))

    made = executed(show)
    made.metadata["workbench"] = {"Notebook": "a.ipynb"}
    made.metadata["paper"] = {"status": "For decision"}
    return made


@pytest.mark.skipif(pdf_refusal() is not None, reason="no PDF can be made on this machine")
def test_every_file_of_a_report_is_there_and_the_same_again(tmp_path: Path) -> None:
    files = publish_report(tmp_path, STEM, notebook())
    first = {name: (tmp_path / name).read_bytes() for name in files}
    assert [name.rpartition(".")[2] for name in files] == ["html", "pdf", "xlsx", "ipynb", "csv"]
    assert all(first.values())
    assert not (tmp_path / ".staging").exists()
    publish_report(tmp_path, STEM, notebook())
    changed = [name for name, content in first.items() if (tmp_path / name).read_bytes() != content]
    assert changed in ([], [files.notebook])  # cells get new ids where they are made anew


def test_without_what_a_pdf_needs_everything_else_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "pdf_refusal", lambda: "no typst")
    files = publish_report(tmp_path, STEM, notebook())
    assert files.pdf is None
    assert len(list(files)) == 4
    assert "pdf" not in nbformat.read(tmp_path / str(files.notebook), 4).metadata["paper"]


def test_a_signed_report_says_so_in_every_file_and_unsigned_again_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "pdf_refusal", lambda: "no typst")
    made = notebook()

    def said(assurance: dict[str, object] | None) -> tuple[str, str]:
        files = publish_report(tmp_path, STEM, made, assurance)
        notes = load_workbook(tmp_path / str(files.xlsx))["Notes"]
        return (tmp_path / str(files.html)).read_text(encoding="utf-8"), str(notes["B4"].value)

    for text in said(None):
        assert "DRAFT - NOT ASSURED" in text
    for text in said(SIGNED):
        assert "Director of standards" in text
        assert "DRAFT" not in text
    for text in said(None):
        assert "DRAFT - NOT ASSURED" in text


def test_a_file_that_cannot_be_made_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "pdf_refusal", lambda: "no typst")
    files = publish_report(tmp_path, STEM, notebook())
    before = {name: (tmp_path / name).read_bytes() for name in files}

    def spoilt(_: object) -> bytes:
        raise RuntimeError("no room")

    monkeypatch.setattr(publishing, "workbook_of", spoilt)
    with pytest.raises(RuntimeError, match="no room"):
        publish_report(tmp_path, STEM, notebook(), SIGNED)
    assert {name: (tmp_path / name).read_bytes() for name in files} == before
