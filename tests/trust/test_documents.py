"""The language of a trust's documents, and documents that cannot be read."""

from __future__ import annotations

import dataclasses
import io
import logging
import zipfile
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import docx
import pypdf
import pytest

from tests.trust.folders import write_trust
from workbench.trust import document_files, documents
from workbench.trust.documents import COUNTS, language_of, read_language
from workbench.trust.intake import check_folder
from workbench.trust.load import read_trust

HEADINGS = "document_id,title,kind,dated,file\n"
OUR = "We share our vision, and every child thrives with us.\n"


def put(folder: Path, **files: bytes) -> Path:
    """Write a trust whose documents are these files; `_` in a name stands for its full stop."""
    named = {name.replace("_", "."): content for name, content in files.items()}
    rows = "".join(
        f"D{n},Title,newsletter,2025-09-0{n},{name}\n" for n, name in enumerate(named, 1)
    )
    write_trust(folder, documents=HEADINGS + rows)
    (folder / "documents").mkdir(exist_ok=True)
    for name, content in named.items():
        (folder / "documents" / name).write_bytes(content)
    return folder


def language(folder: Path, **files: bytes) -> list[dict[Hashable, Any]]:
    """Return what was read of each document."""
    return read_language(read_trust(put(folder, **files))).to_dict("records")


def pdf_of(*pages: str) -> bytes:
    """Write a PDF with these words in a standard font; a blank page where there are none."""
    bodies = [b"<< /Type /Catalog /Pages 2 0 R >>", b"",
              b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]  # fmt: skip
    kids = []
    for words in pages:
        stream = f"BT /F1 12 Tf 72 720 Td ({words}) Tj ET".encode("latin-1") if words else b""
        kids.append(len(bodies) + 1)
        bodies.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents "
            b"%d 0 R /Resources << /Font << /F1 3 0 R >> >> >>" % (kids[-1] + 1)
        )
        bodies.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    listed = b" ".join(b"%d 0 R" % kid for kid in kids)
    bodies[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (listed, len(kids))
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(bodies) + 1
    return (
        out
        + b"xref\n0 %d\n0000000000 65535 f \n" % size
        + table
        + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (size, len(out))
    )


def docx_of(*paragraphs: str, cells: tuple[str, ...] = ()) -> bytes:
    """Write a Word document of paragraphs, then a table of one row."""
    document = docx.Document()
    for words in paragraphs:
        document.add_paragraph(words)
    if cells:
        row = document.add_table(1, len(cells)).rows[0]
        for cell, words in zip(row.cells, cells, strict=True):
            cell.text = words
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        # words, our/we, my/I, sentences of counts, sentences of vision: counted by hand
        ("Our schools are ours; we decide, and it helps us.", (10, 4, 0, 0, 0)),
        ("WE'RE glad. we\u2019ve met.", (4, 2, 0, 0, 0)),
        ("I lead my trust. It is mine, I think; tell me.", (11, 0, 5, 0, 0)),
        ("Section (i) of the US law, and M.E. or ME.", (11, 0, 0, 0, 0)),
        ("Phase I ends; Part I of Key Stage I and Year I.", (12, 0, 0, 0, 0)),
        ("Phases I and II, I-III or I, II.", (8, 0, 0, 0, 0)),
        ("In this phase I led, and I and he agree.", (10, 0, 2, 0, 0)),
        ("A trust of 14 schools. We have nine academies.", (8, 1, 0, 2, 0)),
        ("We run twenty-one primary schools and a 12-school trust.", (9, 1, 0, 1, 0)),
        ("In 2026 schools met. In 2025/26 schools met. One school.", (8, 0, 0, 0, 0)),
        ("Two outstanding schools; outstanding lessons.", (5, 0, 0, 1, 0)),
        ("Teachers teach. Outstanding lessons in Year 7.", (6, 0, 0, 0, 0)),
        ("Our vision: every child thrives. They revalue vows.", (8, 1, 0, 0, 1)),
        ("Children flourish and\nbelong. We believe it.", (7, 1, 0, 0, 2)),
        ("- our hope\n- our dream\n- our plan", (6, 3, 0, 0, 2)),
        ("a divi-\nsion of tasks", (4, 0, 0, 0, 0)),
        ("", (0, 0, 0, 0, 0)),
    ],
)
def test_words_and_sentences_are_counted_by_the_marks_declared(
    text: str, counts: tuple[int, ...]
) -> None:
    assert language_of(text) == dict(zip(COUNTS, counts, strict=True))


def test_text_word_and_pdf_documents_of_the_same_words_count_the_same(tmp_path: Path) -> None:
    pdf = pdf_of(OUR.strip())
    found = language(tmp_path, a_txt=OUR.encode(), b_docx=docx_of(OUR.strip()), c_pdf=pdf)

    counts = [[row[name] for name in COUNTS] for row in found]
    assert counts == [[10, 3, 0, 0, 1]] * 3
    assert [row["problem"] for row in found] == ["", "", ""]
    assert [row["document_id"] for row in found] == ["D1", "D2", "D3"]


def test_the_frame_has_declared_columns_and_counts_that_can_be_missing(tmp_path: Path) -> None:
    frame = read_language(read_trust(put(tmp_path, a_txt=b"\xff\xfeno")))

    assert list(frame.columns) == ["document_id", "kind", "dated", *COUNTS, "problem"]
    assert {str(frame[name].dtype) for name in COUNTS} == {"Int64"}
    assert str(frame["dated"].dtype) == "datetime64[s]"
    assert frame[list(COUNTS)].isna().all(axis=None)
    assert read_language(read_trust(write_trust(tmp_path, documents=HEADINGS))).empty


def test_a_trusts_documents_are_read_once_and_nobody_spoils_them_for_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust = read_trust(put(tmp_path, a_txt=OUR.encode()))
    read: list[str] = []

    def noting(path: Path) -> str:
        read.append(path.name)
        return document_files.read_text(path)

    monkeypatch.setattr(documents, "read_text", noting)
    first = read_language(trust)
    first["our_we"] = 99
    assert read_language(trust)["our_we"].to_list() == [3]
    assert len(read) == 1
    read_language(dataclasses.replace(trust))
    assert len(read) == 2


def test_paragraphs_tables_and_pages_are_all_read_and_merged_cells_once(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("we")
    row = document.add_table(1, 3).rows[0]
    row.cells[0].merge(row.cells[1]).text = "ours"
    row.cells[2].add_table(1, 1).cell(0, 0).text = "us"
    stream = io.BytesIO()
    document.save(stream)

    word, pdf = language(tmp_path, a_docx=stream.getvalue(), b_pdf=pdf_of("we", "our", "us"))

    assert (word["words"], word["our_we"]) == (3, 3)
    assert (pdf["words"], pdf["our_we"]) == (3, 3)


def test_text_of_windows_is_read_too(tmp_path: Path) -> None:
    [row] = language(tmp_path, a_txt="our caf\u00e9 \u2013 we\u2019re open".encode("cp1252"))

    assert (row["words"], row["our_we"], row["problem"]) == (4, 2, "")


def encrypted(password: str) -> bytes:
    """Write a PDF that asks for a password to be read; for none where it is blank."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf_of("our words")))
    writer.encrypt(password, owner_password="owner", algorithm="RC4-128")
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("a_pdf", encrypted("secret"), "password"),
        ("a_pdf", pdf_of(""), "may be a scan"),
        ("a_pdf", b"%PDF-1.4 not really", "do not fit together"),
        ("a_pdf", pdf_of("our words")[:200], "do not fit together"),
        ("a_pdf", b"", "do not fit together"),
        ("a_docx", b"an old .doc", "not a Word document"),
        ("a_docx", docx_of(), "no text in it"),
        ("a_txt", b" \n", "no text in it"),
        ("a_txt", "our".encode("utf-16"), "not text in UTF-8"),
    ],
)
def test_what_cannot_be_read_is_said_in_words_and_counts_stay_missing(
    tmp_path: Path, file: str, content: bytes, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        [row] = language(tmp_path, **{file: content})

    assert said in str(row["problem"])
    assert "; to mend: " in str(row["problem"])
    assert [record for record in caplog.records if record.name.startswith("pypdf")] == []


def test_a_pdf_that_only_restricts_printing_is_read(tmp_path: Path) -> None:
    [row] = language(tmp_path, a_pdf=encrypted(""))

    assert (row["our_we"], row["problem"]) == (1, "")


def test_a_zip_that_is_no_word_document_is_a_problem(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")

    [row] = language(tmp_path, a_docx=stream.getvalue())

    assert "do not fit together" in str(row["problem"])


def test_files_too_large_packed_or_unpacked_or_in_pages_are_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust = read_trust(put(tmp_path, a_docx=docx_of("our"), b_pdf=pdf_of("a", "b", "c")))

    monkeypatch.setattr(document_files, "MOST_UNPACKED", 1_000)
    monkeypatch.setattr(document_files, "MOST_PAGES", 2)
    assert ["unpacks to more than" in problem or "more than 2 pages" in problem
            for problem in read_language(trust)["problem"]] == [True, True]  # fmt: skip

    monkeypatch.setattr(document_files, "MOST_BYTES", 100)
    again = dataclasses.replace(trust)  # a trust's documents are read once
    assert all("larger than" in problem for problem in read_language(again)["problem"])


def faults(folder: Path) -> list[tuple[str, int | None, str | None, str]]:
    return [(f.file, f.row, f.column, f.rule) for f in check_folder(folder).faults]


def test_a_document_that_is_not_there_or_of_another_form_is_a_fault_in_its_row(
    tmp_path: Path,
) -> None:
    put(tmp_path, a_txt=b"our", b_txt=b"our", c_doc=b"our", d_PDF=pdf_of("our"))
    (tmp_path / "documents" / "b.txt").unlink()

    assert faults(tmp_path) == [
        ("documents.csv", 3, "file", "document_missing"),
        ("documents.csv", 4, "file", "document_form"),
    ]
    assert read_trust(tmp_path).tables["documents"]["file"].tolist() == ["a.txt", "d.PDF"]


def test_a_trust_without_the_folder_misses_each_document(tmp_path: Path) -> None:
    put(tmp_path, a_txt=b"our")
    (tmp_path / "documents" / "a.txt").unlink()
    (tmp_path / "documents").rmdir()

    assert faults(tmp_path) == [("documents.csv", 2, "file", "document_missing")]


def test_a_file_name_that_is_unsound_in_itself_is_reported_once(tmp_path: Path) -> None:
    write_trust(tmp_path, documents=HEADINGS + "D1,Title,newsletter,2025-09-01,two words.txt\n")

    assert faults(tmp_path) == [("documents.csv", 2, "file", "code_form")]


@pytest.mark.parametrize("name", ["a/../../secret.txt", "sub/a.txt", "documents/../../secret.txt"])
def test_a_name_never_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    trust = tmp_path / "trust"
    trust.mkdir()
    (tmp_path / "secret.txt").write_text("our", encoding="utf-8")
    put(trust)
    (trust / "documents" / "sub").mkdir()
    (trust / "documents" / "sub" / "a.txt").write_text("our", encoding="utf-8")
    write_trust(trust, documents=f"{HEADINGS}D1,Title,newsletter,2025-09-01,{name}\n")

    assert faults(trust) == [("documents.csv", 2, "file", "document_path")]


def test_a_link_that_leads_out_of_the_folder_is_no_document(tmp_path: Path) -> None:
    trust = tmp_path / "trust"
    trust.mkdir()
    secret = tmp_path / "secret.txt"
    secret.write_text("our", encoding="utf-8")
    put(trust, a_txt=b"our")
    (trust / "documents" / "a.txt").unlink()
    (trust / "documents" / "a.txt").symlink_to(secret)

    assert faults(trust) == [("documents.csv", 2, "file", "document_missing")]


def test_a_folder_of_documents_that_is_a_link_out_of_the_trust_holds_no_document(
    tmp_path: Path,
) -> None:
    trust, elsewhere = tmp_path / "trust", tmp_path / "elsewhere"
    trust.mkdir()
    put(trust, a_txt=b"our")
    (trust / "documents").rename(elsewhere)
    (trust / "documents").symlink_to(elsewhere)

    assert faults(trust) == [("documents.csv", 2, "file", "document_missing")]


def test_a_document_taken_away_after_the_check_is_a_problem_not_an_error(tmp_path: Path) -> None:
    trust = read_trust(put(tmp_path, a_txt=b"our"))
    (tmp_path / "documents" / "a.txt").unlink()

    [problem] = read_language(trust)["problem"]

    assert "no file a.txt" in problem
