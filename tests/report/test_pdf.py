"""The PDF of a report: tagged, self-contained, the same bytes again, and fit to be printed."""

from __future__ import annotations

import base64
import io
import re
import sys
from dataclasses import replace
from functools import cache
from html import escape, unescape
from typing import Any

import nbformat.v4 as nb
import pandas as pd
import pypdf
import pytest
from PIL import Image

from tests.charts.frames import ABOUT, fans
from tests.report.cells import executed, opened
from tests.report.committed import KINDS, report_page
from tests.report.elements import Elements
from tests.report.pdf_parts import bookmarks, pages, read, tags
from workbench.charts.fan import fan
from workbench.errors import BadInput
from workbench.report import emit, html
from workbench.report.exporter import ReportExporter
from workbench.report.gate.pdf import open_pdf
from workbench.report.pdf import pdf_of, pdf_refusal

pytestmark = pytest.mark.skipif(pdf_refusal() is not None, reason=str(pdf_refusal()))

SCHOOLS = pd.DataFrame({"School": [f"School {place}" for place in range(150)], "Pupils": 200})
WIDE = pd.DataFrame({f"Heading {place}": [f"Unbreakable{place}" * 2] for place in range(12)})
ASSURED = {"signed": True, "analyst": "Analyst", "assurer": "Director", "date": "2026-12-01"}


def small(**metadata: object) -> str:
    """Return a page with one of everything that print treats in its own way."""

    def show() -> None:
        opened(title="How many?", trust="Alder Trust")
        emit.show_panel("The decision", html.paragraphs("Yes."))
        figure = fan(fans([0.08, 0.06, 0.04], 0.01), "reserves_share", futures=2, **ABOUT)
        emit.show_figure(figure)
        emit.show_folded_table(SCHOOLS.head(3), "Folded schools", "Three schools")
        emit.show_table(WIDE, "Many columns")

    notebook = executed(show, nb.new_markdown_cell("## Annex: all schools\n\nin the annex"))
    notebook.cells.append(executed(lambda: emit.show_table(SCHOOLS, "All schools")).cells[0])
    notebook.metadata.update(metadata)
    return ReportExporter().from_notebook_node(notebook)[0]


@cache
def made() -> pypdf.PdfReader:
    return read(pdf_of(small()))


@cache
def committed(kind: str) -> bytes:
    return pdf_of(report_page(kind))


def test_it_says_that_it_is_tagged_in_which_language_and_what_it_is() -> None:
    root: Any = made().trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert str(dict(made().metadata or {})["/Title"]) == "How many? - Alder Trust"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"<pdfuaid:part>1<" in root["/Metadata"].get_data()


def test_bookmarks_are_the_headings() -> None:
    said = bookmarks(made())
    assert said[:2] == ["How many?", "The decision"]
    assert "Annex: all schools" in said


def test_a_picture_taller_than_a_page_shares_one_with_its_headline() -> None:
    def show() -> None:
        opened(title="How many?", trust="Alder Trust")
        figure = fan(fans([0.08, 0.06, 0.04], 0.01), "reserves_share", futures=2, **ABOUT)
        size = re.compile(r'(<svg[^>]*?) height="[^"]*"([^>]*?) viewBox="0 0 (\S+) \S+"')
        tall = size.sub(r'\1 height="2000pt"\2 viewBox="0 0 \3 2000"', figure.svg, count=1)
        assert tall != figure.svg
        emit.say("Before.")
        emit.show_figure(replace(figure, svg=tall))

    page, _ = ReportExporter().from_notebook_node(executed(show))
    assert len(read(pdf_of(page)).pages) == 2


def test_tables_have_tagged_headers() -> None:
    kinds = [kind for kind, _ in tags(made())]
    assert kinds.count("/Table") == kinds.count("/Caption") == 2  # whole, over many pages
    assert kinds.count("/TH") == len(WIDE.columns) + len(WIDE) + len(SCHOOLS.columns) + len(SCHOOLS)
    cells = [element for kind, element in tags(made()) if kind == "/TD"]
    assert all(len(cell["/A"][0]["/Headers"]) == 2 for cell in cells)  # its column's and its row's
    assert {"/H1", "/H2", "/H3", "/Figure", "/P", "/TD"} <= set(kinds)


@pytest.mark.parametrize("kind", KINDS)
def test_every_picture_keeps_its_words(kind: str) -> None:
    found = tags(read(committed(kind)), without="/Table")
    figures = [element for tag, element in found if tag == "/Figure"]
    words = [str(image["alt"]) for image in Elements(report_page(kind)).named("img")]
    assert words
    assert [str(figure["/Alt"]) for figure in figures] == words


@pytest.mark.parametrize("kind", KINDS)
def test_no_picture_is_parted_from_its_headline(kind: str) -> None:
    place = None
    for tag, element in tags(read(committed(kind)), without="/Table"):
        if tag in {"/H2", "/H3"}:
            place = element["/Pg"]
        elif tag == "/Figure":
            assert element["/Pg"] == place


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_small_enough_to_be_mailed(kind: str) -> None:
    assert len(committed(kind)) < 600_000


@pytest.mark.parametrize("kind", ["growth_scenario", "scenario_comparison"])
def test_the_decision_is_on_the_first_page(kind: str) -> None:
    first = " ".join(read(committed(kind)).pages[0].extract_text().split())
    panel = report_page(kind).split('<section class="panel">')[1].split("</section>")[0]
    words = unescape(re.sub(r"<[^>]+>", " ", panel)).split()
    assert all(word in first for word in words)


def test_equal_pages_give_equal_bytes_without_a_date() -> None:
    first, again = pdf_of(small()), pdf_of(small())
    assert first == again
    assert b"CreationDate" not in first
    assert b"ModDate" not in first


def test_every_page_says_whose_it_is_its_number_and_that_it_is_a_draft() -> None:
    texts = pages(made())
    assert len(texts) > 2
    for number, text in enumerate(texts, start=1):
        assert "Alder Trust: How many?" in text
        assert f"Page {number} of {len(texts)}" in text
        assert "DRAFT - NOT ASSURED" in text


def test_a_signed_report_is_no_draft_on_any_page() -> None:
    texts = pages(read(pdf_of(small(assurance=ASSURED))))
    assert not any("DRAFT" in text for text in texts)
    assert all("ASSURED" in text for text in texts)


def test_headings_of_a_long_table_are_said_again_on_each_of_its_pages() -> None:
    held = [text for text in pages(made()) if "School 1" in text]
    assert len(held) > 2
    assert all("School Pupils" in text for text in held)


def test_no_column_is_clipped_and_no_word_runs_into_the_next() -> None:
    (text,) = [text for text in pages(made()) if "Many columns" in text]
    joined = text.replace(" ", "")
    assert all(str(cell) in joined or cell[:6] in joined for cell in WIDE.iloc[0])


def test_what_opens_on_a_screen_only_is_left_out_and_an_annex_is_printed() -> None:
    text = " ".join(pages(made()))
    assert "Folded schools" not in text
    assert "Data as a table" not in text
    assert "Download" not in text
    assert "in the annex" in text
    assert "Open this annex" not in text
    assert "open on the screen only" in text


@pytest.mark.parametrize("address", ["https://example.org/x.png", "file:///etc/hostname"])
def test_nothing_outside_the_page_is_fetched(address: str) -> None:
    page = small().replace("</main>", f'<img src="{address}" alt="x"></main>')
    with pytest.raises(BadInput, match="within itself"):
        pdf_of(page)


def test_a_picture_that_cannot_be_drawn_is_refused() -> None:
    page = small().replace("</main>", '<img src="data:image/svg+xml,%3Csvg" alt="x"></main>')
    with pytest.raises(BadInput, match="cannot be set on paper"):
        pdf_of(page)


def test_a_picture_made_of_dots_is_printed_and_said_to_be_one() -> None:
    address = f"data:image/png;base64,{base64.b64encode(dots()).decode()}"
    made = pdf_of(small().replace("</main>", f'<img src="{address}" alt="Some dots"></main>'))
    figures = [one for kind, one in tags(read(made)) if kind == "/Figure"]
    assert str(figures[-1]["/Alt"]) == "Some dots"
    assert [len(page.images) for page in read(made).pages][-1] == 1
    assert any("made of dots" in one.why for one in open_pdf(made, "", 0).unread)


def dots() -> bytes:
    """Return a picture of 70 by 40 dots."""
    held = io.BytesIO()
    Image.new("RGB", (70, 40), "#12436D").save(held, "png")
    return held.getvalue()


@pytest.mark.parametrize("content", [b"no picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 40])
def test_what_is_no_picture_made_of_dots_is_refused_in_words(content: bytes) -> None:
    address = f"data:image/png;base64,{base64.b64encode(content).decode()}"
    page = small().replace("</main>", f'<img src="{address}" alt="x"></main>')
    with pytest.raises(BadInput, match=r"picture|on paper"):
        pdf_of(page)


def test_a_picture_can_ask_for_nothing_beside_it() -> None:
    svg = "%3Csvg xmlns='http%3A//www.w3.org/2000/svg'%3E%3Cimage href='report.css'/%3E%3C/svg%3E"
    page = small().replace("</main>", f'<img src="data:image/svg+xml,{svg}" alt="x"></main>')
    with pytest.raises(BadInput, match="cannot be set on paper"):
        pdf_of(page)


def test_words_that_look_like_commands_are_words() -> None:
    said = '#panic("x") *a* _b_ $c$ @d // e [f] \\u{41} -- "g"'
    page = small().replace("</main>", f"<p>{escape(said)}</p></main>")
    assert said in " ".join(pages(read(pdf_of(page))))


def test_words_that_lead_somewhere_on_the_page_do_so_in_print() -> None:
    words = '<p><a href="#made">How</a> and <a href="#nowhere">where</a></p></main>'
    page = small().replace("</main>", f'<h2 id="made">Made</h2>{words}')
    (link,) = [element for kind, element in tags(read(pdf_of(page))) if kind == "/Link"]
    assert link is not None


def test_a_sign_without_a_picture_costs_no_report() -> None:
    page = small().replace("</main>", "<p>Bell \x07 and \u4e2d\u6587.</p></main>")
    made = pdf_of(page)
    assert "Bell \u25a1 and \u25a1\u25a1." in " ".join(pages(read(made)))
    assert open_pdf(made, "", 0).unread == ()


def test_a_word_longer_than_a_line_is_broken_and_copied_whole() -> None:
    word = "x" * 300
    table = f"<table><thead><tr><th>A</th></tr></thead><tr><td>{word.upper()}</td></tr></table>"
    text = read(pdf_of(f"<body><h1>a</h1><p>{word}</p>{table}</body>")).pages[0].extract_text()
    assert max(map(len, text.split())) < 150
    letters = "".join(text.split())
    assert word in letters
    assert word.upper() in letters


def test_a_cell_longer_than_a_page_is_printed_whole() -> None:
    cell = " ".join(f"word{place}" for place in range(3000))
    table = f"<table><thead><tr><th>A</th><th>B</th></tr></thead><tr><td>a</td><td>{cell}</td></tr>"
    printed = pages(read(pdf_of(f"<body><h1>a</h1>{table}</table></body>")))
    assert len(printed) > 3, "what runs over the edge of a page can be copied, and not be seen"
    text = " ".join(printed)
    assert all(f"word{place}" in text for place in range(0, 3000, 50))


def test_where_it_cannot_be_set_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    class Missing:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "typst":
                raise ImportError("cannot load its machine code")

    monkeypatch.delitem(sys.modules, "typst", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Missing(), *sys.meta_path])
    pdf_refusal.cache_clear()
    request.addfinalizer(pdf_refusal.cache_clear)
    refusal = pdf_refusal()
    assert refusal is not None
    assert "machine code" in refusal
    assert "pip install typst" in refusal
    with pytest.raises(BadInput, match="typst"):
        pdf_of("<h1>x</h1>")
