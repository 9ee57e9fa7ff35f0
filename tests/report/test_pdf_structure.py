"""The structure of a PDF is packed without loss, and rows are headed where the page heads them."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.report.pdf_parts import read, tags
from workbench.errors import BadInput
from workbench.report import pdf as printing
from workbench.report.pdf import pdf_of, pdf_refusal
from workbench.report.pdf_structure import with_row_heads

pytestmark = pytest.mark.skipif(pdf_refusal() is not None, reason=str(pdf_refusal()))

HEADED = "<thead><tr><th>a</th><th>b</th></tr></thead><tr><th>c</th><td>d</td></tr>"
PLAIN = "<thead><tr><th>a</th><th>b</th></tr></thead><tr><td>c</td><td>d</td></tr>"
PAGE = f"<body><h1>x</h1><table>{HEADED}</table><table>{PLAIN}</table></body>"


@pytest.fixture
def typeset(monkeypatch: pytest.MonkeyPatch) -> bytes:
    """Return the page as it is before anything is done to its structure."""
    monkeypatch.setattr(printing, "with_row_heads", lambda made, _: made)
    return pdf_of(PAGE)


def cells(pdf: bytes) -> list[tuple[str, dict[str, Any]]]:
    return [(kind, one["/A"][0]) for kind, one in tags(read(pdf)) if kind in {"/TD", "/TH"}]


def test_rows_are_headed_where_the_page_heads_them() -> None:
    found = cells(pdf_of(PAGE))
    assert [kind for kind, _ in found] == ["/TH", "/TH", "/TH", "/TD", "/TH", "/TH", "/TD", "/TD"]
    assert [found[place][1]["/Scope"] for place in (0, 1, 2)] == ["/Column", "/Column", "/Row"]
    assert [len(one["/Headers"]) for _, one in found] == [0, 0, 1, 2, 0, 0, 1, 1]


def test_every_heading_is_found_by_its_name() -> None:
    pdf = read(pdf_of(PAGE))
    root: Any = pdf.trailer["/Root"]
    names = root["/StructTreeRoot"]["/IDTree"]["/Names"]
    known = {
        str(name): place.get_object() for name, place in zip(names[::2], names[1::2], strict=True)
    }
    assert list(known) == sorted(known)
    assert all(str(element["/ID"]) == name for name, element in known.items())
    asked = {str(name) for _, one in tags(pdf) if "/A" in one
             for attributes in one["/A"] for name in attributes.get("/Headers", ())}  # fmt: skip
    assert asked <= set(known)
    assert any(name.startswith("R") for name in asked)


def test_packing_keeps_pages_words_and_tags_and_takes_less_space(typeset: bytes) -> None:
    packed = with_row_heads(typeset, [False, False])
    before, after = read(typeset), read(packed)
    assert len(packed) < len(typeset)
    assert [page.extract_text() for page in after.pages] == [
        page.extract_text() for page in before.pages
    ]
    assert [kind for kind, _ in tags(after)] == [kind for kind, _ in tags(before)]
    assert after.trailer["/ID"] == before.trailer["/ID"]


def test_how_cells_are_ruled_is_not_said(typeset: bytes) -> None:
    assert b"/BorderStyle" in typeset
    said = [
        one
        for kind, element in tags(read(with_row_heads(typeset, [True, False])))
        if kind == "/TD"
        for one in element["/A"]
    ]
    assert not any("/BorderStyle" in one for one in said)


@pytest.mark.parametrize("spoil", [b"", b"%PDF-1.7\nxref\n"])
def test_a_file_built_otherwise_is_refused(spoil: bytes) -> None:
    with pytest.raises(BadInput, match="no plain table"):
        with_row_heads(spoil, [])


def test_no_part_of_a_packed_file_bears_a_time(typeset: bytes) -> None:
    assert re.search(rb"D:20\d\d", with_row_heads(typeset, [True, False])) is None
