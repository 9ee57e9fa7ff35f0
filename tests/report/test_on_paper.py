"""What of a page goes on paper, in which form, and that nothing of it can be taken for markup."""

from __future__ import annotations

from typing import Any

import pytest

from workbench.errors import BadInput
from workbench.report.on_paper import PaperPage, on_paper

SVG = "data:image/svg+xml,%3Csvg xmlns='http%3A//www.w3.org/2000/svg'/%3E"


def paper(body: str) -> PaperPage:
    return on_paper(f"<html><head><title>t</title></head><body>{body}</body></html>")


def blocks(body: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = paper(body).said["blocks"]
    return found


def test_what_is_for_a_screen_goes_and_the_words_around_it_stay() -> None:
    found = blocks(
        '<p>Source: census. <a class="download">CSV</a></p><p>a<b class="fold">b</b> c</p>'
    )
    assert [part["inside"] for part in found] == [["Source: census."], ["a", " c"]]


@pytest.mark.parametrize("name", ["skip", "contents", "download", "data", "fold", "hidden"])
def test_two_neighbours_for_a_screen_both_go(name: str) -> None:
    found = blocks(f'<div class="{name}"><p>a</p></div><div class="wide {name}">b</div><p>kept</p>')
    assert found == [{"is": "paragraph", "inside": ["kept"]}]


def test_an_annex_is_printed_without_the_words_that_open_it() -> None:
    found = blocks('<details class="annex"><summary>Open</summary><p>inside</p></details>')
    assert found == [{"is": "paragraph", "inside": ["inside"]}]


def test_blanks_are_single_and_none_stands_at_an_end_or_after_a_break() -> None:
    (found,) = blocks("<p> a \n <strong> b</strong> c<br> d </p>")
    assert found["inside"] == ["a ", ["strong", ["b"], ""], " c", ["br", [], ""], "d"]


def test_figures_are_numbered_in_their_headlines() -> None:
    one = '<figure><figcaption><h3>Up</h3><p class="subtitle">s</p></figcaption></figure>'
    found = blocks(f"<h1>t</h1><h2>u</h2>{one}{one}")
    headlines = [part["inside"] for part in found if part.get("level") == 3]
    assert headlines == [["Figure 1: ", "Up"], ["Figure 2: ", "Up"]]
    assert [part["is"] for part in found][-2:] == ["heading", "subtitle"]


def test_no_level_of_headings_is_passed_over() -> None:
    found = blocks("<h3>a</h3><h4>b</h4><h2>c</h2><h4>d</h4><h4> </h4>")
    assert [part["level"] for part in found] == [1, 2, 2, 3]


def test_the_words_under_a_heading_stay_with_it() -> None:
    found = blocks("<h2>a</h2><p>b</p><p>c</p>")
    assert [part["is"] for part in found] == ["heading", "lead", "paragraph"]


def test_words_that_lead_into_a_list_stay_with_it() -> None:
    found = blocks('<p>a</p><p>Ask next:</p> <div class="skip">x</div><ul><li>b</li></ul><p>c</p>')
    assert [part["is"] for part in found] == ["paragraph", "lead", "bullets", "paragraph"]
    assert blocks("<p>a</p>words<ul><li>b</li></ul>")[0]["is"] == "paragraph"


def test_lists_hold_blocks_and_lists() -> None:
    (found,) = blocks("<ol><li>a<ul><li>b</li></ul></li></ol>")
    inner = {"is": "bullets", "items": [[{"is": "paragraph", "inside": ["b"]}]]}
    assert found == {"is": "numbers", "items": [[{"is": "paragraph", "inside": ["a"]}, inner]]}


def test_pictures_travel_apart_with_their_words_in_place() -> None:
    found = paper(f'<img src="{SVG}" alt="first"><img src="{SVG}" alt=" "><p>x</p>')
    assert list(found.pictures) == ["picture-1.svg", "picture-2.svg"]
    assert found.pictures["picture-1.svg"].startswith(b"<svg xmlns='http://")
    said = [part["alt"] for part in found.said["blocks"][:2]]
    assert said == ["first", "A picture without words."]


@pytest.mark.parametrize("address", ["https://example.org/x.png", "data:image/gif;base64,AAAA"])
def test_a_picture_from_elsewhere_is_refused(address: str) -> None:
    with pytest.raises(BadInput, match="shows a picture from"):
        paper(f'<img src="{address}" alt="x">')


def test_of_a_picture_that_is_not_there_the_words_are_kept() -> None:
    assert blocks('<img alt="A fan"><img>') == [{"is": "paragraph", "inside": ["A fan"]}]


def test_what_heads_and_foots_the_paper_is_read_from_the_page() -> None:
    found = paper(
        '<header class="masthead"><p><strong>Alder Trust</strong></p><p>For the board</p></header>'
        '<section class="draft"><p><strong>DRAFT.</strong> Nobody.</p></section><h1>Why?</h1>'
    ).said
    assert (found["name"], found["title"], found["trust"]) == ("t", "Why?", "Alder Trust")
    assert found["status"] == "DRAFT."
    assert [part["is"] for part in found["blocks"]] == ["masthead", "draft", "heading"]
    assert len(found["blocks"][0]["items"]) == 2


def test_tables_say_whether_their_rows_are_headed_and_one_without_cells_is_left_out() -> None:
    headed = "<table><tr><th>a</th><th>b</th></tr><tr><th>c</th><td>d</td></tr></table>"
    plain = "<table><tr><th>a</th></tr><tr><td>c</td></tr></table>"
    found = paper(headed + "<table></table>" + plain)
    assert found.headed == [True, False]
    assert len(found.said["blocks"]) == 2


def test_words_lead_to_headings_and_figures_and_nowhere_that_runs() -> None:
    found = paper(
        '<h2 id="a">A</h2><figure id="b"><figcaption><h3>B</h3></figcaption></figure>'
        '<h2 id="a">again</h2><p><a href="#a">up</a><a href="javascript:x">no</a></p>'
    ).said
    assert found["places"] == ["a", "b"]
    places = [part["place"] for part in found["blocks"] if part["is"] == "heading"]
    assert places == ["a", "b", ""]
    assert [kind for kind, *_ in found["blocks"][-1]["inside"]] == ["link", "plain"]
