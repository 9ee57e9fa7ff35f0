"""Record, index and zip of a run say of every report what is so now."""

from __future__ import annotations

import io
import os
import time
import tracemalloc
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from tests.evidence.runs import TRUST_REVIEW, make_run
from tests.report.elements import Elements
from workbench.evidence.finish import finish_run, zip_of
from workbench.evidence.run_file import Run, digests, read_run

ZIP = "2026-12-09_all-reports_UID90001.zip"


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return make_run(tmp_path / "run")


def entries(packed: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as opened:
        assert opened.testzip() is None
        return {name: opened.read(name) for name in opened.namelist()}


def hrefs(page: str) -> set[str]:
    links = {str(link["href"]) for link in Elements(page).named("a")}
    return {link for link in links if not link.startswith("#")}


def signed(run: Run) -> Run:
    for part in run.parts:
        run = run.with_part(replace(part, assured="Signed by the director" * part.complete))
    return run


def test_a_finished_run_is_read_back_and_its_links_lead_somewhere(run: Run) -> None:
    index = finish_run(run)
    assert read_run(run.folder) == run
    links = hrefs(index.read_text(encoding="utf-8"))
    assert ZIP in links
    assert all((run.folder / link).is_file() for link in links)


def test_the_zip_holds_what_is_sent_and_its_index_leads_to_it_alone(run: Run) -> None:
    finish_run(run)
    held = entries((run.folder / ZIP).read_bytes())
    sent = {name for part in run.parts if part.complete for name in part.files}
    sent = {name for name in sent if name.endswith((".html", ".pdf", ".xlsx"))}
    assert set(held) == sent | {"index.html", "READ-ME.txt"}
    assert hrefs(held["index.html"].decode()) == sent
    assert "no memory" in held["index.html"].decode()
    assert held[f"{TRUST_REVIEW}.pdf"] == (run.folder / f"{TRUST_REVIEW}.pdf").read_bytes()


def test_notebooks_are_in_the_zip_where_asked_for(run: Run) -> None:
    held = entries(zip_of(run, with_notebooks=True))
    assert [name for name in held if name.endswith(".ipynb")] == [
        part.files.notebook for part in run.parts if part.complete
    ]


def test_notebooks_once_asked_for_stay_in_the_zip(run: Run) -> None:
    finish_run(run, with_notebooks=True)
    finish_run(read_run(run.folder))
    held = entries((run.folder / ZIP).read_bytes())
    assert sum(name.endswith(".ipynb") for name in held) == 2


def test_the_zip_tells_no_place_on_the_machine(run: Run) -> None:
    for content in entries(zip_of(run)).values():
        assert b"/somewhere" not in content
        assert str(run.folder).encode() not in content


def test_the_read_me_calls_drafts_drafts_and_no_board_pack(run: Run) -> None:
    said = entries(zip_of(run))["READ-ME.txt"].decode()
    assert "DRAFT: no one other than its author has checked 2 reports of these." in said
    assert "this is not a board pack" in said
    said = entries(zip_of(signed(run)))["READ-ME.txt"].decode()
    assert "DRAFT" not in said
    assert "this is not a board pack" in said


def test_equal_files_are_equal_zips_at_any_time(run: Run) -> None:
    first = zip_of(run)
    for path in run.folder.rglob("*"):
        os.utime(path, (0, 0))
    time.sleep(2.1)  # a zip keeps times to two seconds
    assert zip_of(run) == first


def test_signing_and_release_change_what_the_index_says(run: Run) -> None:
    assert "Complete, draft" in finish_run(run).read_text(encoding="utf-8")
    text = finish_run(signed(run)).read_text(encoding="utf-8")
    assert "Complete, assured" in text
    assert "DRAFT" not in text
    pack = "2026-12-09_board-pack_UID90001.zip"
    (run.folder / pack).write_bytes(b"pack")
    stems = tuple(part.stem for part in run.parts if part.complete)
    text = finish_run(replace(signed(run), released=pack, in_pack=stems)).read_text(
        encoding="utf-8"
    )
    assert "Complete, released" in text
    assert pack in hrefs(text)


def test_a_run_is_finished_in_the_memory_of_one_file_not_of_all(run: Run) -> None:
    one, sent = 12_000_000, 0
    for part in run.parts:
        if part.files.pdf is not None:
            (run.folder / part.files.pdf).write_bytes(bytes(one))
            sent += one
        run = run.with_part(replace(part, sha256=digests(run.folder, part.files)))
    finish_run(run)  # what it loads once does not count
    tracemalloc.start()
    try:
        finish_run(run)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert sent >= 2 * one
    assert (run.folder / ZIP).stat().st_size > sent
    assert peak < 1.6 * one


def test_why_there_is_no_pdf_is_said(run: Run) -> None:
    text = finish_run(replace(run, without_pdf="No PDF is made: no typst."))
    assert "No PDF is made: no typst." in text.read_text(encoding="utf-8")
