"""What a page shows is read back from it whole: every figure, table, limitation and source."""

from __future__ import annotations

import base64
import re
from urllib.parse import unquote_to_bytes

import pandas as pd
import pytest

from tests.charts.frames import ABOUT, fans
from tests.report.cells import executed, opened
from tests.report.committed import KINDS, report_page
from tests.report.elements import Elements
from tests.report.hostile import PAYLOADS
from workbench.charts.fan import fan
from workbench.errors import BadInput
from workbench.report import emit
from workbench.report.contents import Contents, contents_of
from workbench.report.exporter import ReportExporter
from workbench.report.workbook import figure_csv

FIGURE = fan(fans([0.08, 0.06, 0.04], 0.01), "reserves_share", futures=2, **ABOUT)
FRAME = pd.DataFrame(
    {"School": ["Alder & <Ash>", "Birch"], "Pupils": [210, -3], "Note": ["a  b", None]}
)


def shown(title: str = "A title") -> Contents:
    """Return what a page with one figure and one table shows."""

    def show() -> None:
        opened(title)
        emit.show_panel("The decision")
        emit.show_figure(FIGURE)
        emit.show_table(FRAME, "Schools")

    notebook = executed(show)
    notebook.metadata["workbench"] = {"Notebook": "a.ipynb", "Run": "1 May 2026"}
    return contents_of(ReportExporter().from_notebook_node(notebook)[0])


def test_a_figure_is_read_back_with_everything_it_was_given() -> None:
    (figure,) = shown().figures
    assert (figure.key, figure.number) == (FIGURE.key, 1)
    assert figure.headline == FIGURE.headline
    assert figure.subtitle == figure.table.caption == FIGURE.subtitle
    assert figure.alt == FIGURE.alt
    assert figure.source == FIGURE.source
    assert figure.table.columns == tuple(FIGURE.data.columns)
    assert len(figure.table.rows) == len(FIGURE.data)


def test_a_table_is_read_back_as_shown_under_its_section() -> None:
    (table,) = shown().tables
    assert (table.caption, table.section) == ("Schools", "The decision")
    assert table.columns == ("School", "Pupils", "Note")
    assert table.rows == (("Alder & <Ash>", "210", "a b"), ("Birch", "-3", ""))
    assert table.numeric == (False, True, False)


def test_trust_status_and_provenance_are_read_back() -> None:
    contents = shown()
    assert (contents.title, contents.trust) == ("A title", "Alder Trust")
    assert contents.banner.startswith("DRAFT - NOT ASSURED")
    assert contents.provenance == (("Notebook", "a.ipynb"), ("Run", "1 May 2026"))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_titles_are_read_back_as_the_text_they_are(payload: str) -> None:
    assert shown(payload).title == " ".join(payload.split())


def test_a_page_without_a_heading_is_no_report() -> None:
    with pytest.raises(BadInput, match="no main heading"):
        contents_of("<p>nothing</p>")


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_a_real_report_is_lost(kind: str) -> None:
    page = report_page(kind)
    contents, elements = contents_of(page), Elements(page)
    assert len(contents.figures) == len(elements.named("figure")) > 3
    tables = len(contents.figures) + len(contents.tables) + 1  # and the provenance
    assert tables == len(elements.named("table"))
    cells = [cell for table in contents.tables for row in table.rows for cell in row]
    cells += [cell for one in contents.figures for row in one.table.rows for cell in row]
    on_page = len(elements.named("td")) + len(re.findall(r'<th scope="row"', page))
    assert len(cells) + 2 * len(contents.provenance) == on_page
    assert all(one.headline and one.alt and one.source for one in contents.figures)
    assert all(one.caption and one.section for one in contents.tables)
    assert len(contents.limitations) >= 3
    assert contents.summary


def offered(link: str) -> bytes:
    """Return what a link of a page gives to take."""
    kind, _, content = link.partition(",")
    if kind.endswith(";base64"):
        return base64.b64decode(content)
    return unquote_to_bytes(content)


@pytest.mark.parametrize("kind", KINDS)
def test_a_figures_data_file_is_the_download_on_its_page(kind: str) -> None:
    page = report_page(kind)
    links = [str(link["href"]) for link in Elements(page).named("a") if "download" in link]
    assert [figure_csv(one) for one in contents_of(page).figures] == list(map(offered, links))


def test_words_of_neighbouring_blocks_do_not_run_together() -> None:
    page = "<h1>A</h1><section class='assured'><p>Signed <b>b</b>y</p><ul><li>x<li>y</ul></section>"
    assert contents_of(page).banner == "Signed by x y"
