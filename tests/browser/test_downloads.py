"""What a reader takes from a page opens and says what the page says; the keyboard gets there."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Download, Page, expect
from pypdf import PdfReader

from tests.browser.conftest import OpenPage
from workbench import paths
from workbench.evidence.finish import finish_run
from workbench.evidence.publish import publish_report
from workbench.evidence.run_file import Paper, Run, RunPart, RunTrust, digests
from workbench.report.contents import Contents, contents_of
from workbench.report.pdf import pdf_refusal

STEM = "2026-12-09_school-review_URN900012_UID90001"
WIDTHS = (320, 1280)
_FOCUS = """
() => {
  const one = document.activeElement, box = one.getBoundingClientRect();
  const style = getComputedStyle(one);
  return {
    tag: one.tagName.toLowerCase(), classes: one.className, words: one.textContent.trim(),
    seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight
      && box.right > 0 && box.left < innerWidth,
    outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
  };
}
"""
_STOPS = """
() => [...document.querySelectorAll("a[href], summary, [tabindex='0']")]
  .filter(one => one.checkVisibility()).length
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of one report, made of what the committed notebook showed."""
    folder = tmp_path_factory.mktemp("run")
    notebook = nbformat.read(paths.notebooks() / "school_review.ipynb", as_version=4)
    files = publish_report(folder, STEM, notebook)
    part = RunPart(
        "school", "900012", "Copperwold High School", STEM, True, "Fit to read.", files=files,
        sha256=digests(folder, files),
    )  # fmt: skip
    run = Run(
        folder, dt.datetime(2026, 11, 25, tzinfo=dt.UTC), "1.0.0",
        RunTrust(90001, "Merrowfen Learning Trust", "demo"), dt.date(2026, 10, 31),
        Paper(dt.date(2026, 12, 9)), (part,),
    )  # fmt: skip
    finish_run(run)
    return folder


@pytest.fixture(scope="module")
def contents(run: Path) -> Contents:
    """What the report's page says."""
    return contents_of((run / f"{STEM}.html").read_text(encoding="utf-8"))


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that opens files as a reader does who was sent them: from a folder."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    yield page
    page.close()


def taken(page: Page, link: str) -> Download:
    """Click a link of the index by the start of its words, and return the file it hands over."""
    with page.expect_download() as started:
        page.locator("a", has_text=link).first.click()
    return started.value


def shown(page: Page, link: str, name: str) -> bytes:
    """Click a link to what a browser shows from a folder, and return the file it is then at."""
    page.locator("a", has_text=link).first.click()
    page.wait_for_url(f"**/{name}")
    return Path(unquote(urlsplit(page.url).path)).read_bytes()


def test_the_data_of_every_figure_is_what_its_table_says(
    page: Page, run: Path, contents: Contents
) -> None:
    page.goto((run / f"{STEM}.html").as_uri())
    links = page.locator("a.download")
    assert links.count() == len(contents.figures) > 3
    for place, figure in enumerate(contents.figures):
        with page.expect_download() as started:
            links.nth(place).click()
        assert started.value.suggested_filename == f"{figure.key}.csv"
        text = started.value.path().read_text(encoding="utf-8-sig")
        head, *rows = csv.reader(io.StringIO(text, newline=""))
        assert tuple(head) == figure.table.columns
        assert [tuple(" ".join(cell.split()) for cell in row) for row in rows] == [
            *figure.table.rows
        ]


def test_the_page_of_a_report_opens_from_the_index(page: Page, run: Path) -> None:
    page.goto((run / "index.html").as_uri())
    page.get_by_role("link", name="Copperwold High School", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Copperwold High School")


def test_the_workbook_opens_with_every_figure_and_table(
    page: Page, run: Path, contents: Contents
) -> None:
    page.goto((run / "index.html").as_uri())
    file = taken(page, "Workbook")
    assert file.suggested_filename == f"{STEM}.xlsx"
    book = load_workbook(io.BytesIO(file.path().read_bytes()))
    sheets = [f"Figure_{one.number}" for one in contents.figures]
    sheets += [f"Table_{number}" for number in range(1, len(contents.tables) + 1)]
    assert set(sheets) <= set(book.sheetnames)
    assert book["Cover"]["A1"].value == contents.title


@pytest.mark.skipif(pdf_refusal() is not None, reason="needs typst")
def test_the_pdf_opens_with_its_title_and_its_pages(page: Page, run: Path) -> None:
    page.goto((run / "index.html").as_uri())
    document = PdfReader(io.BytesIO(shown(page, "PDF", f"{STEM}.pdf")))
    assert document.metadata is not None
    assert str(document.metadata.title).startswith("Copperwold High School")
    assert len(document.pages) > 3
    assert "Copperwold High School" in document.pages[0].extract_text()


def test_notebook_and_zip_open_and_hold_what_they_say(page: Page, run: Path) -> None:
    page.goto((run / "index.html").as_uri())
    text = shown(page, "Notebook", f"notebooks/{STEM}.ipynb").decode()
    assert nbformat.reads(text, as_version=4).cells
    page.goto((run / "index.html").as_uri())
    zipped = taken(page, "All reports to e-mail")
    with zipfile.ZipFile(zipped.path()) as packed:
        assert packed.testzip() is None
        assert {"index.html", f"{STEM}.html", f"{STEM}.xlsx"} <= set(packed.namelist())


@pytest.mark.parametrize("width", WIDTHS)
def test_the_keyboard_leads_from_the_skip_link_to_a_figures_table(
    open_page: OpenPage, report_pages: dict[str, str], width: int
) -> None:
    page = open_page(report_pages["school_review"], width=width).page
    page.keyboard.press("Tab")
    assert page.evaluate(_FOCUS)["classes"] == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate(_FOCUS)["words"] == "Contents"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    first = page.evaluate(_FOCUS)
    assert first["words"] == page.locator("main h2[id]").first.text_content()
    figure = page.locator("figure").first
    figure.locator(".picture").focus()
    page.keyboard.press("Tab")
    assert page.evaluate(_FOCUS)["classes"] == "download"
    page.keyboard.press("Tab")
    assert page.evaluate(_FOCUS)["tag"] == "summary"
    expect(figure.locator("table")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(figure.locator("table")).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate(_FOCUS)["classes"] == "table"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("kind", ["growth_scenario", "school_review"])
def test_every_stop_of_the_keyboard_is_seen(
    open_page: OpenPage, report_pages: dict[str, str], kind: str, width: int
) -> None:
    page = open_page(report_pages[kind], width=width).page
    stops = page.evaluate(_STOPS)
    assert stops > 10
    for place in range(stops):
        page.keyboard.press("Tab")
        found = page.evaluate(_FOCUS)
        assert found["tag"] != "body", f"stop {place} of {stops} is not reached"
        assert found["seen"], found
        assert found["outline"] >= 2, found
