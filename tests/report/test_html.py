"""Parts of a page: escaped at the source, tables headed and captioned, CSV that cannot compute."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from urllib.request import urlopen
from xml.etree import ElementTree

import pandas as pd
import pytest
from markupsafe import escape

from tests.charts.frames import ABOUT, fans
from tests.report.elements import Elements
from tests.report.hostile import FORMULAS, PAYLOADS
from workbench.charts.fan import fan
from workbench.charts.figure import Figure
from workbench.report import html

# Every character that means something in an address, in HTML or in XML, wherever one may stand.
AWKWARD = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40pt">'
    '<style>.a{fill:url(#b)} .c{font:"d"}</style>'
    '<text class="a" aria-label="it\'s &quot;50%&quot;">'
    "100% of Alder's &amp; \"Elm's\" #1?&lt;\n</text>"
    '<path d="M0 0l1.5-2 3 4z" style="fill:#12436d"/><text>%23 é</text></svg>'
)


def a_figure() -> Figure:
    return fan(fans([0.08, 0.06, 0.04], 0.01), "reserves_share", futures=2, limit=0.05, **ABOUT)


def test_a_figure_has_headline_picture_alt_source_download_and_table() -> None:
    figure = a_figure()
    part = str(html.figure_html(figure))
    assert f"<h3>{escape(figure.headline)}</h3>" in part
    assert part.count("<img ") == part.count(' alt="') == 1
    assert "Source: growth model" in part
    assert '<details class="data"><summary>Data as a table' in part
    assert part.count("<tr>") == 1 + len(figure.data)


def test_the_download_of_a_figure_is_its_data() -> None:
    figure = a_figure()
    (link,) = Elements(str(html.figure_html(figure))).named("a")
    text = opened(str(link["href"])).decode("utf-8-sig")
    assert text == html.csv_text(figure.data)
    assert len(text.splitlines()) == 1 + len(figure.data)


def test_the_picture_on_the_page_is_the_figure_s() -> None:
    figure = replace(a_figure(), svg=AWKWARD)
    (image,) = Elements(str(html.figure_html(figure))).named("img")
    found = ElementTree.fromstring(opened(str(image["src"])))
    expected = ElementTree.fromstring(AWKWARD)
    assert [(one.tag, one.attrib, one.text) for one in found.iter()] == [
        (one.tag, one.attrib, one.text) for one in expected.iter()
    ]


def test_an_address_within_the_page_holds_nothing_that_ends_or_cuts_it() -> None:
    figure = replace(a_figure(), svg=AWKWARD)
    (image,) = re.findall(r'src="([^"]*)"', str(html.figure_html(figure)))
    assert not set(image) & set('<>#\n"')
    assert "url(" not in image
    assert "://" not in image


def test_a_picture_takes_less_than_in_base64() -> None:
    figure = a_figure()
    (image,) = Elements(str(html.figure_html(figure))).named("img")
    assert len(str(image["src"])) < len(figure.svg) * 4 / 3


def opened(address: str) -> bytes:
    """Return what an address within the page holds, as the standard library reads it."""
    with urlopen(address) as response:
        content: bytes = response.read()
    return content


def test_a_table_has_a_caption_and_headers_with_scope() -> None:
    frame = pd.DataFrame({"School": ["Alder"], "Pupils": [210]})
    part = str(html.table_html(frame, caption="Schools"))
    assert "<caption>Schools</caption>" in part
    assert '<th scope="col">School</th><th scope="col" class="number">Pupils</th>' in part
    assert '<th scope="row">Alder</th><td>210</td>' in part
    assert '<table class="n2">' in part
    assert 'role="group" aria-label="Table: Schools" tabindex="0"' in part


def test_a_table_without_rows_says_none() -> None:
    part = html.table_html(pd.DataFrame({"School": []}), caption="Schools")
    assert part == "<p>Schools: none.</p>"


@pytest.mark.parametrize(
    ("value", "shown"),
    [(12345678.0, "12345678"), (1234567.8, "1234568"), (123456.4, "123456"), (0.1 + 0.2, "0.3"),
     (0.00001234, "0.00001234"), (-2.5, "-2.5"), (3.0, "3"), (0.0, "0")],
)  # fmt: skip
def test_numbers_are_written_without_exponents_and_large_ones_whole(
    value: float, shown: str
) -> None:
    frame = pd.DataFrame({"What": ["a"], "How much": [value]})
    assert f"<td>{shown}</td>" in html.table_html(frame, caption="Numbers")
    assert html.csv_text(frame).splitlines()[1] == f"a,{shown}"


def test_missing_values_are_blank_and_no_number_shows_more_than_it_bears() -> None:
    frame = pd.DataFrame({"School": ["a", "b"], "Share": [0.1 + 0.2, float("nan")]})
    part = str(html.table_html(frame, caption="Shares"))
    assert ">0.3</td>" in part
    assert "<td></td>" in part
    assert "nan" not in part


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_is_shown_as_text_in_every_part(payload: str) -> None:
    frame = pd.DataFrame({payload: [payload], "b": [payload]})
    for part in (
        html.table_html(frame, caption=payload),
        html.paragraphs(payload),
        html.bullets([payload]),
        html.facts({payload: payload}),
    ):
        assert payload not in str(part) or not re.search(r"[<>&\"']", payload)


@pytest.mark.parametrize("payload", FORMULAS)
def test_no_text_in_csv_starts_a_formula(payload: str) -> None:
    text = html.csv_text(pd.DataFrame({payload: [payload]}))
    for row in csv.reader(io.StringIO(text)):
        assert not row[0].lstrip("\ufeff").startswith(("=", "+", "-", "@", "\t", "\r"))


def test_a_number_written_with_a_minus_sign_is_a_number_in_csv() -> None:
    frame = pd.DataFrame({"What": ["a", "b"], "How much": ["\u22120.1", "\u221217 to \u221214"]})
    assert html.csv_text(frame).splitlines()[1:] == ["a,-0.1", "b,\u221217 to \u221214"]


def test_negative_numbers_survive_in_csv() -> None:
    assert html.csv_text(pd.DataFrame({"Margin": [-3, 2]})) == "Margin\r\n-3\r\n2\r\n"
