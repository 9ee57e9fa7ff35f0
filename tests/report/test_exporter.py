"""The page of an executed notebook: whole, accessible in its bones, offline, without code."""

from __future__ import annotations

import re
from itertools import pairwise

import nbformat.v4 as nb
import pandas as pd
import pytest
from nbformat import NotebookNode

from tests.charts.frames import ABOUT, fans
from tests.report.cells import executed, opened
from tests.report.elements import Elements, alive
from tests.report.hostile import PAYLOADS
from workbench.charts.fan import fan
from workbench.errors import BadInput
from workbench.report import emit, html
from workbench.report.exporter import ReportExporter


def page(notebook: NotebookNode) -> str:
    return ReportExporter().from_notebook_node(notebook)[0]


def whole() -> NotebookNode:
    def show() -> None:
        opened()
        emit.record("headline", "All is well")
        emit.show_panel("The decision", html.paragraphs("Yes."))
        figure = fan(fans([0.08, 0.06, 0.04], 0.01), "reserves_share", futures=2, **ABOUT)
        emit.show_figure(figure)
        emit.show_table(pd.DataFrame({"School": ["Alder"]}), "Schools")

    notebook = executed(show, nb.new_markdown_cell("## What we *assumed*\n\n### Detail\n\nwords"))
    notebook.metadata["workbench"] = {"Notebook": "a.ipynb", "Run": "1 May 2026"}
    return notebook


def test_the_page_is_in_british_english_with_one_main_and_one_first_heading() -> None:
    elements = Elements(page(whole()))
    assert elements.named("html") == [{"lang": "en-GB"}]
    assert len(elements.named("main")) == len(elements.named("h1")) == 1
    assert elements.named("title")


def test_headings_step_down_one_level_at_a_time() -> None:
    levels = [int(tag[1]) for tag, _ in Elements(page(whole())).found if re.match(r"h\d$", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_picture_has_words_and_every_header_a_scope() -> None:
    elements = Elements(page(whole()))
    assert all(image["alt"] for image in elements.named("img"))
    assert all(head.get("scope") in {"row", "col"} for head in elements.named("th"))
    assert len(elements.named("table")) == len(elements.named("caption")) == 3


def test_contents_lead_to_every_section_and_no_address_is_used_twice() -> None:
    elements = Elements(page(whole()))
    addresses = [str(found["id"]) for _, found in elements.found if "id" in found]
    assert len(addresses) == len(set(addresses))
    links = [str(link["href"]) for link in elements.named("a")]
    assert {link[1:] for link in links if link.startswith("#")} <= set(addresses)
    assert "#section-2" in links


def test_no_code_no_record_and_nothing_from_outside_is_on_the_page() -> None:
    text = page(whole())
    assert "secret_code" not in text
    assert "All is well" not in text
    assert not re.search(r"url\(|@import", text)
    assert alive(text) == ["style"]


def test_it_is_a_draft_until_assured_and_says_how_it_was_made() -> None:
    text = page(whole())
    assert "DRAFT - NOT ASSURED" in text
    assert '<th scope="row">Run</th><td>1 May 2026</td>' in text


def test_the_masthead_says_of_a_paper_where_it_goes() -> None:
    notebook = whole()
    notebook.metadata["paper"] = {
        "meeting": "2026-12-09",
        "status": "For information",
        "classification": "Official",
        "workbook": "pack.xlsx",
    }
    text = page(notebook)
    masthead = text[text.index("<header") : text.index("</header>")]
    for said in ("For information", "Meeting of 9 December 2026", "Official"):
        assert f"<p>{said}</p>" in masthead
    assert "are in the workbook" in text
    assert "pack.xlsx" in text


def test_a_status_that_the_purpose_says_already_is_not_said_twice() -> None:
    notebook = whole()
    notebook.metadata["paper"] = {"status": "for decision"}
    assert page(notebook).lower().count("<p>for decision") == 1


def test_a_signed_report_names_both_roles_in_place_of_the_draft() -> None:
    notebook = whole()
    notebook.metadata["assurance"] = {
        "signed": True,
        "analyst": "Growth analyst",
        "assurer": "Director of standards",
        "date": "2026-12-01",
        "limitations": ["Not for publication."],
    }
    text = page(notebook)
    assert "DRAFT" not in text
    assert "made by Growth analyst, checked by Director of standards" in text
    assert "<li>Not for publication.</li>" in text


@pytest.mark.parametrize("assurance", [{}, {"signed": False, "analyst": "a", "assurer": "b"}])
def test_what_is_not_signed_stays_a_draft(assurance: dict[str, object]) -> None:
    notebook = whole()
    notebook.metadata["assurance"] = assurance
    assert "DRAFT - NOT ASSURED" in page(notebook)


def annexed(*markdown: str) -> str:
    """Return the body of a page of these cells, each a heading with a table below."""
    notebook = executed(opened)
    for text in markdown:
        notebook.cells.append(nb.new_markdown_cell(text))
        shown = executed(lambda: emit.show_table(pd.DataFrame({"School": ["Alder"]}), "Schools"))
        notebook.cells.append(shown.cells[0])
    text = page(notebook)
    return text[text.index("</nav>") : text.index("<footer")]


def test_an_annex_folds_all_of_itself_and_nothing_of_the_next_section() -> None:
    body = annexed("## Annex: register\n\nfirst words", "## Limits\n\nlast words")
    annex = body[body.index("<details") : body.index("</details>")]
    assert "first words" in annex
    assert "<table" in annex
    assert "last words" not in annex
    assert body.index(">Annex: register</h2>") < body.index("<details")
    assert '<span class="hidden">: Annex: register</span>' in annex


def test_annexes_follow_one_another_and_the_last_is_closed() -> None:
    body = annexed("## Before", "## Annex: one", "## Annex: two")
    assert body.count('<details class="annex">') == body.count("</details>") == 2
    assert body.index("</details>") < body.index(">Annex: two</h2>")


def test_only_a_heading_that_says_annex_folds() -> None:
    assert "<details" not in annexed("## What is an annex?", "## Annexation of schools")


def test_a_folded_table_opens_under_its_summary_and_refuses_raw_names() -> None:
    frame = pd.DataFrame({"School": ["Alder"]})
    text = page(executed(lambda: emit.show_folded_table(frame, "Schools", "All 1 school")))
    assert '<details class="fold"><summary>All 1 school</summary><div class="table"' in text
    with pytest.raises(BadInput, match="fsm_percent"):
        emit.show_folded_table(pd.DataFrame({"fsm_percent": [1]}), "Schools", "All")


def test_warnings_and_logs_are_left_out_and_printed_text_is_kept_as_text() -> None:
    notebook = executed(opened)
    notebook.cells[0].outputs += [
        nb.new_output("stream", name="stderr", text="DeprecationWarning: old"),
        nb.new_output("stream", name="stdout", text="<b>printed</b>"),
    ]
    text = page(notebook)
    assert "DeprecationWarning" not in text
    assert "<pre>&lt;b&gt;printed&lt;/b&gt;</pre>" in text


def test_pictures_of_a_plain_notebook_are_shown_with_words() -> None:
    words = {"image/png": {"alt": 'Pupils "by" <phase>'}}
    dots = {"image/png": "iVBO\nRw0K", "text/plain": "<F>"}
    outputs = [
        nb.new_output("display_data", dots, metadata=words),
        nb.new_output("display_data", {"image/svg+xml": "<svg width='1'/>", "text/plain": "<F>"}),
    ]
    text = page(nb.new_notebook(cells=[nb.new_code_cell("1", outputs=outputs)]))
    first, second = Elements(text).named("img")
    assert first == {"src": "data:image/png;base64,iVBORw0K", "alt": 'Pupils "by" <phase>'}
    assert str(second["src"]).startswith("data:image/svg+xml,%3Csvg")
    assert second["alt"]
    assert "&lt;F&gt;" not in text


def test_records_reach_whoever_reads_the_notebook() -> None:
    found = emit.records(whole())
    assert found["headline"] == "All is well"
    assert found["as_of"] == "31 October 2026"


def test_a_raw_column_name_is_refused() -> None:
    with pytest.raises(BadInput, match="fsm_percent"):
        emit.show_table(pd.DataFrame({"fsm_percent": [1]}), "Schools")


def everywhere(payload: str) -> NotebookNode:
    """Return a notebook with the payload in every place that takes text."""

    def show() -> None:
        opened(title=payload, trust=payload)
        emit.say(payload)
        emit.show_table(pd.DataFrame({"School": [payload]}), payload)

    notebook = executed(show, nb.new_markdown_cell(f"## {payload}\n\n{payload}"))
    notebook.metadata["workbench"] = {payload: payload}
    notebook.metadata["paper"] = dict.fromkeys(("status", "classification", "workbook"), payload)
    signed = {"signed": True, "date": "2026-12-01", "statement": payload, "limitations": [payload]}
    notebook.metadata["assurance"] = signed | {"analyst": payload, "assurer": f"not {payload}"}
    notebook.cells[0].outputs.append(
        nb.new_output("display_data", data={"text/html": f"<p>{payload}</p>"})
    )
    return notebook


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_hostile_text_is_alive_anywhere_on_a_page(payload: str) -> None:
    text = page(everywhere(payload))
    assert alive(text) == ["style"]  # the page's own style sheet, and nothing else
    assert text.count("<script") == 0
