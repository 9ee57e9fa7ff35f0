"""What axe-core cannot see of a report: words for pictures, headings, links, names, leaks."""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher
from html import unescape
from itertools import pairwise

import pytest

from tests.report.committed import KINDS, report_page
from tests.report.elements import Elements, alive

KINDS_AND_SIGNED = [*((kind, False) for kind in KINDS), ("school_review", True)]
_FIGURE = re.compile(r"<figure\b.*?</figure>", re.DOTALL)
_TABLE = re.compile(r"<table\b.*?</table>", re.DOTALL)
_HIDDEN = re.compile(r"<(style|title)\b.*?</\1>|data:[^\"]*", re.DOTALL)


def part(of: str, tag: str) -> str:
    """Return the words of the first element of a kind; blank where there is none."""
    found = re.search(rf"<{tag}\b[^>]*>(.*?)</{tag}>", of, re.DOTALL)
    return words(found[1]) if found else ""


def words(of: str) -> str:
    """Return what a reader sees of a page or a part of it."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", _HIDDEN.sub("", of))).split())


@pytest.mark.parametrize("kind", KINDS)
def test_the_words_of_a_picture_say_more_than_its_headline(kind: str) -> None:
    figures = _FIGURE.findall(report_page(kind))
    assert figures
    for figure in figures:
        headline, (image,) = part(figure, "h3"), Elements(figure).named("img")
        alt = str(image["alt"])
        assert len(alt) > 40, headline
        assert headline.lower() not in alt.lower()
        assert SequenceMatcher(None, headline, alt).ratio() < 0.8, headline


@pytest.mark.parametrize("kind", KINDS)
def test_every_table_has_a_caption_and_headers_that_say_of_what(kind: str) -> None:
    for table in _TABLE.findall(report_page(kind)):
        assert part(table, "caption")
        heads = Elements(table).named("th")
        assert heads
        assert all(head.get("scope") in {"row", "col"} for head in heads)
        row, *_ = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
        assert all(words(head) for head in re.findall(r"<th[^>]*>(.*?)</th>", row, re.DOTALL))


@pytest.mark.parametrize(("kind", "signed"), KINDS_AND_SIGNED)
def test_headings_step_down_one_level_at_a_time_and_none_is_empty(kind: str, signed: bool) -> None:
    page = report_page(kind, signed=signed)
    found = re.findall(r"<(h\d)\b[^>]*>(.*?)</\1>", page, re.DOTALL)
    levels = [int(tag[1]) for tag, _ in found]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(words(text) for _, text in found)


@pytest.mark.parametrize("kind", KINDS)
def test_links_and_what_opens_say_where_they_lead_and_no_two_say_the_same(kind: str) -> None:
    page = report_page(kind)
    for tag in ("a", "summary"):
        said = [
            words(text) for text in re.findall(rf"<{tag}\b[^>]*>(.*?)</{tag}>", page, re.DOTALL)
        ]
        assert all(len(text) > 3 for text in said)
        assert not re.search(r"\b(click here|read more|this link)\b", " ".join(said), re.IGNORECASE)
        assert [text for text, times in Counter(said).items() if times > 1] == []


@pytest.mark.parametrize("kind", KINDS)
def test_no_address_is_used_twice_and_every_link_within_leads_somewhere(kind: str) -> None:
    elements = Elements(report_page(kind))
    addresses = [str(found["id"]) for _, found in elements.found if "id" in found]
    assert len(addresses) == len(set(addresses))
    links = [str(link["href"]) for link in elements.named("a")]
    assert {link[1:] for link in links if link.startswith("#")} <= set(addresses)


@pytest.mark.parametrize("kind", KINDS)
def test_what_scrolls_has_a_name(kind: str) -> None:
    scrolling = [found for _, found in Elements(report_page(kind)).found if "tabindex" in found]
    assert scrolling
    assert all(found.get("role") == "group" and found.get("aria-label") for found in scrolling)


@pytest.mark.parametrize(("kind", "signed"), KINDS_AND_SIGNED)
def test_nothing_of_code_data_or_the_machine_leaks(kind: str, signed: bool) -> None:
    page = report_page(kind, signed=signed)
    text = words(re.sub(r'<section class="provenance">.*?</section>', "", page, flags=re.DOTALL))
    assert not re.search(r"\b[a-z]+_[a-z_]+\b", text), "a raw name"
    assert not re.search(r"\bnan\b|<NA>|\bdtype\b|\bNaT\b", text)
    assert not re.search(r"<t[dh][^>]*>(None|True|False)</", page)
    assert not re.search(r"Warning\b|Traceback|/home/|/tmp/|/root/|\.py\b", text)
    assert alive(page) == ["style"]


@pytest.mark.parametrize(("kind", "signed"), KINDS_AND_SIGNED)
def test_a_page_is_small_enough_for_a_slow_line(kind: str, signed: bool) -> None:
    assert len(report_page(kind, signed=signed).encode()) < 400_000
