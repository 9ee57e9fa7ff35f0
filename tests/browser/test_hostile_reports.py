"""No hostile text is alive in anything that leaves: pages, index, PDF, workbook, data, records.

The pages are those that the four notebooks make of a trust and plans whose every text is hostile.
Their policy is taken out first: what is tried is that they need none.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import nbformat.v4 as nb
import pandas as pd
import pytest
from nbconvert.filters import markdown2html
from nbformat import NotebookNode
from playwright.sync_api import Browser, BrowserContext, Dialog, Error, Page, Route

from tests.browser.conftest import OpenPage
from tests.report import hostile_checks as checks
from tests.report.cells import executed, opened
from tests.report.elements import Elements
from tests.report.hostile import INERT, PAYLOADS
from tests.report.hostile_trust import KINDS, hostile_reports
from workbench.evidence.assurance_log import Entry, extended, in_words, read_log
from workbench.evidence.finish import READ_ME, finish_run
from workbench.evidence.names import INDEX, RUN_FILE
from workbench.evidence.publish import publish_report
from workbench.evidence.run_file import Paper, Run, RunPart, RunTrust, digests, read_run
from workbench.evidence.store import publish_all
from workbench.report import emit, html
from workbench.report.contents import contents_of
from workbench.report.exporter import ReportExporter
from workbench.report.gate.pdf import open_pdf
from workbench.report.index import Link, Row, index_page
from workbench.report.pdf import pdf_of, pdf_refusal
from workbench.report.workbook import figure_csv, workbook_of

ADDRESS = "https://report.invalid/"
LIVE = [text for text in PAYLOADS if text not in INERT]
STEM = "2026-12-09_trust-review_UID90001"
# A page that escapes nothing, as a template would that somebody made in haste.
LEAKY = (
    '<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>{0}</title></head>'
    '<body><main id="content"><p>{0}</p><table><tr><td class="{0}">x</td></tr></table>'
    "<p class='{0}'>x</p></main></body></html>"
)
_LOOK = """
([tags, attributes]) => {
  const found = [];
  for (const one of document.querySelectorAll("*")) {
    const tag = one.localName;
    if (!tags.includes(tag)) found.push(tag);
    for (const name of Element.prototype.getAttributeNames.call(one))
      if (!attributes.includes(name) || (name === "name" && tag !== "meta"))
        found.push(`${tag} ${name}`);
    if (tag === "a" && !/^(#|data:text.csv|[^:/]*$)/.test(one.getAttribute("href")))
      found.push(`a ${one.href}`);
  }
  if (typeof document.getElementById !== "function" || document.forms.length)
    found.push("clobbered");
  if (document.querySelectorAll("#content").length !== 1) found.push("two of one id");
  if (document.querySelector("body style, meta[http-equiv]")) found.push("a style or an order");
  return found;
}
"""


@dataclass
class Stage:
    """A browser's window in which text after text is shown, and what happened of itself.

    Attributes:
        context: The window.
        text: What it shows.
        happened: Dialogs, requests and faults since it was shown.
    """

    context: BrowserContext
    text: str = ""
    happened: list[str] = field(default_factory=list)

    @property
    def page(self) -> Page:
        """The page that is shown."""
        return self.context.pages[-1]

    def look(self, text: str, *, index: bool = False) -> list[str]:
        """Show a page and return what happened, and what in it is not of our making."""
        page = self._page_at_rest()
        self.text, self.happened = text, []
        page.goto(f"{ADDRESS}page.html")
        tags = checks.TAGS | (checks.INDEX_TAGS if index else set())
        attributes = checks.ATTRIBUTES | {"open"} | (checks.INDEX_ATTRIBUTES if index else set())
        try:
            self.page.evaluate(
                "for (const one of document.querySelectorAll('details')) one.open = 1"
            )
            strange = self.page.evaluate(_LOOK, [sorted(tags), sorted(attributes)])
        except Error as fault:  # the page is on its way elsewhere
            strange = [str(fault)]
        return [*strange, *self.happened]

    def _page_at_rest(self) -> Page:
        """Return the page, or a new one where something happened in it that may go on."""
        if self.context.pages and not self.happened:
            return self.page
        for page in self.context.pages:
            page.close()
        page = self.context.new_page()
        page.on("dialog", self._refuse)
        page.on("pageerror", lambda fault: self.happened.append(f"fault {fault}"))
        return page

    def _refuse(self, asked: Dialog) -> None:
        self.happened.append(f"dialog {asked.message}")
        asked.dismiss()


@pytest.fixture(scope="module")
def stage(browser: Browser) -> Iterator[Stage]:
    stage = Stage(browser.new_context(viewport={"width": 1280, "height": 900}))

    def answer(route: Route) -> None:
        if route.request.url == f"{ADDRESS}page.html":
            route.fulfill(body=stage.text, content_type="text/html; charset=utf-8")
        else:
            stage.happened.append(f"request {route.request.url}")
            route.abort()

    stage.context.route("**/*", answer)
    yield stage
    stage.context.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The page of every kind of report, without its policy."""
    made = hostile_reports(tmp_path_factory.mktemp("hostile"))
    for notebook in made.values():
        tell_everywhere(notebook, PAYLOADS[0])
    return {kind: exported(notebook) for kind, notebook in made.items()}


def exported(notebook: NotebookNode) -> str:
    return checks.without_policy(ReportExporter().from_notebook_node(notebook)[0])


def tell_everywhere(notebook: NotebookNode, payload: str) -> None:
    """Put a payload into all that a page is told beside what its notebook shows."""
    notebook.metadata["workbench"] = {payload: payload}
    notebook.metadata["paper"] = dict.fromkeys(("status", "classification", "workbook"), payload)
    notebook.metadata["assurance"] = {
        "signed": True, "date": "2026-12-01", "analyst": payload, "assurer": f"not {payload}",
        "statement": payload, "limitations": [payload],
    }  # fmt: skip


def everywhere(*payloads: str) -> NotebookNode:
    """Return a notebook with payloads in every place of a page that takes text."""
    first = payloads[0]
    frame = pd.DataFrame({"Name": payloads, first.replace("_", " "): payloads})

    def show() -> None:
        opened(title=first, trust=first)
        emit.show_panel(
            first, html.facts({first: first}), html.folded(first, html.bullets([first]))
        )
        emit.show_table(frame, first)
        emit.say(*payloads)

    notes = [nb.new_markdown_cell(f"Words\n\n{payload}") for payload in payloads]
    notebook = executed(show, *notes)
    tell_everywhere(notebook, first)
    return notebook


@pytest.mark.parametrize("kind", KINDS)
def test_all_that_a_page_is_made_of_is_ours(pages: dict[str, str], kind: str) -> None:
    assert checks.strangers(pages[kind]) == []
    drawn = checks.pictures(pages[kind])
    assert drawn
    assert [one for svg in drawn for one in checks.strangers_drawn(svg)] == []


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_happens_of_itself_in_a_browser(
    stage: Stage, pages: dict[str, str], kind: str
) -> None:
    assert stage.look(pages[kind]) == []
    assert stage.page.locator("h1").count() == 1
    broken = "all => all.filter(one => !one.naturalWidth).length"
    assert stage.page.eval_on_selector_all("figure img", broken) == 0


@pytest.mark.parametrize("kind", KINDS)
def test_no_name_however_long_is_wider_than_a_telephone(
    open_page: OpenPage, pages: dict[str, str], kind: str
) -> None:
    shown = open_page(pages[kind], width=320)
    shown.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert shown.overflow() <= 0


@pytest.mark.parametrize(
    ("kinds", "shown"),
    [
        (["school_review"], PAYLOADS),
        (["trust_review"], PAYLOADS),
        (["growth_scenario"], PAYLOADS[::2]),
        (["scenario_comparison"], [PAYLOADS[4], PAYLOADS[5]]),
    ],
)
def test_no_text_is_lost(pages: dict[str, str], kinds: list[str], shown: Sequence[str]) -> None:
    (kind,) = kinds
    words = checks.words_of(pages[kind])
    assert [text for text in shown if checks.flat(text) not in words] == []


def test_none_of_sixty_is_alive_in_any_place_of_a_page(stage: Stage) -> None:
    assert len(set(PAYLOADS)) == 60
    made = {text: exported(everywhere(text)) for text in PAYLOADS}
    alive = {text: stage.look(page) or checks.strangers(page) for text, page in made.items()}
    assert {text: found for text, found in alive.items() if found} == {}


def test_none_of_sixty_is_lost_in_any_place_of_a_page() -> None:
    """What is taken out because it would run is not there to be read either: it must be escaped."""
    plain = "Alderwick"
    places = checks.words_of(exported(everywhere(plain))).count(plain)
    assert places > 15
    for text in PAYLOADS:
        found = checks.words_of(exported(everywhere(text))).count(checks.flat(text))
        # Markdown is the notebook's own and may be markup; a heading has no underscore.
        assert found >= places - 1 - ("_" in text), text


@pytest.mark.parametrize("payload", LIVE)
def test_each_would_be_noticed_where_a_template_escaped_nothing(stage: Stage, payload: str) -> None:
    assert stage.look(LEAKY.replace("{0}", payload))
    assert checks.strangers(LEAKY.replace("{0}", payload))


def test_a_page_that_escapes_nothing_but_is_told_nothing_bad_is_passed(stage: Stage) -> None:
    sound = LEAKY.replace("{0}", "Alder")
    assert stage.look(sound) == checks.strangers(sound) == []


def test_the_index_lists_all_sixty_as_text_and_still_finds_them(stage: Stage) -> None:
    links = (Link("Page", "a.html", 1),)
    rows = [
        Row("school", text, text, "assured", links, headline=text, signed=text) for text in PAYLOADS
    ]
    rows += [Row("scenario", text, text, "failed", message=text) for text in PAYLOADS]
    page = index_page(
        rows, trust=PAYLOADS[0], as_of=dt.date(2026, 10, 31),
        made=dt.datetime(2026, 11, 25, tzinfo=dt.UTC), left_out=PAYLOADS, notes=PAYLOADS,
        downloads=[Link(text, "a.zip", 1) for text in PAYLOADS],
    )  # fmt: skip
    assert checks.strangers(page, index=True) == []
    assert stage.look(checks.without_policy(page), index=True) == []
    assert page.count("<script") == 1
    found = "[...document.querySelectorAll('tr[data-kind=school] th a')].map(one => one.innerText)"
    assert [*map(checks.flat, stage.page.evaluate(found))] == [*map(checks.flat, PAYLOADS)]
    stage.page.get_by_label("Search").fill("alert(1)")
    shown = stage.page.locator("tr[data-kind=school]:visible").count()
    assert shown == sum("alert(1)" in text for text in PAYLOADS)


@pytest.mark.skipif(pdf_refusal() is not None, reason="needs typst")
def test_a_pdf_neither_runs_nor_leads_out_and_says_all_sixty() -> None:
    pdf = pdf_of(exported(everywhere(*PAYLOADS)))
    assert checks.lively(pdf) == []
    said = "".join(piece.text for piece in open_pdf(pdf, "", 0).pieces)
    letters = "".join(said.split())
    lost = [text for text in PAYLOADS if "".join(text.split()) not in letters]
    assert [text for text in lost if text.isascii()] == []


@pytest.mark.skipif(pdf_refusal() is not None, reason="needs typst")
def test_a_pdf_that_leads_out_would_be_noticed() -> None:
    page = exported(executed(opened)).replace("<h1>", '<h1><a href="https://example.org">x</a>')
    assert checks.lively(pdf_of(page)) == ["/URI"]


@pytest.mark.parametrize("kind", KINDS)
def test_workbook_and_data_hold_texts_and_nothing_that_runs(
    pages: dict[str, str], kind: str
) -> None:
    contents = contents_of(pages[kind])
    assert checks.lively_parts(workbook_of(contents)) == []
    for figure in contents.figures:
        text = figure_csv(figure).decode("utf-8-sig")
        rows = [*csv.reader(io.StringIO(text, newline=""))]
        assert len(rows) == len(figure.table.rows) + 1
        assert not [cell for row in rows for cell in row if cell[:1] in {"=", "+", "@", "\t"}]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A finished run of one signed report and sixty that failed, all named by payloads."""
    folder = tmp_path_factory.mktemp("run")
    files = publish_report(folder, STEM, everywhere(*PAYLOADS))
    whole = RunPart(
        "trust", "90001", PAYLOADS[0], STEM, True, PAYLOADS[1], files=files,
        sha256=digests(folder, files),
    )  # fmt: skip
    failed = tuple(
        RunPart("school", text, text, f"failed-{number}", False, message=text)
        for number, text in enumerate(PAYLOADS)
    )
    run = Run(
        folder.resolve(), dt.datetime(2026, 11, 25, tzinfo=dt.UTC), "1.0.0",
        RunTrust(90001, PAYLOADS[0], PAYLOADS[2]), dt.date(2026, 10, 31),
        Paper(dt.date(2026, 12, 9), PAYLOADS[3], PAYLOADS[4]), (whole, *failed), PAYLOADS,
    )  # fmt: skip
    finish_run(run)
    return run


def test_the_record_of_a_run_is_read_back_letter_by_letter(run: Run) -> None:
    assert read_run(run.folder) == run
    json.loads((run.folder / RUN_FILE).read_text(encoding="utf-8"))


def test_nothing_in_the_zip_of_a_run_is_alive(run: Run) -> None:
    (zipped,) = run.folder.glob("*.zip")
    with zipfile.ZipFile(zipped) as packed:
        held = {name: packed.read(name) for name in packed.namelist()}
    assert {Path(name).suffix for name in held} >= {".html", ".xlsx", ".txt"}
    assert all(Path(name).name == name for name in held)
    judged: dict[str, Callable[[bytes], list[str]]] = {
        ".html": lambda page: checks.strangers(page.decode()),
        ".pdf": checks.lively,
        ".xlsx": checks.lively_parts,
    }
    for name, content in held.items():
        if name == INDEX:
            assert checks.strangers(content.decode(), index=True) == []
        elif name != READ_ME:
            assert judged[Path(name).suffix](content) == [], name


def test_the_assurance_log_is_inert_for_whoever_renders_it(tmp_path: Path) -> None:
    entry = Entry(
        act="signed", at="2026-12-01T09:00:00+00:00", analyst=PAYLOADS[0], assurer=PAYLOADS[1],
        reports=PAYLOADS, statement="\n".join(PAYLOADS), limitations=PAYLOADS, decisions=PAYLOADS,
        checks=tuple((text, text) for text in PAYLOADS),
        assumptions=tuple({"Reference": text, "Value": text} for text in PAYLOADS),
        data={text: {text: text} for text in PAYLOADS}, tables=dict.fromkeys(PAYLOADS, "0f"),
    )  # fmt: skip
    publish_all(tmp_path, extended(tmp_path, entry).files)
    assert read_log(tmp_path) == (entry,)
    rendered = str(markdown2html(in_words(entry)))
    ours = {
        "a", "h1", "h2", "p", "ul", "li", "table", "thead", "tbody", "tr", "th", "td", "em",
        "strong",
    }  # fmt: skip
    found = Elements(rendered).found
    assert {tag for tag, _ in found} <= ours
    links = [str(one.get("href")) for tag, one in found if tag == "a"]
    assert [link for link in links if not link.startswith("#")] == []
