"""The allow-list: nothing that runs, loads or leaves the page passes; what we write does."""

from __future__ import annotations

import re

import pytest

from tests.report.elements import alive
from tests.report.hostile import PAYLOADS
from workbench.report.sanitise import sanitise


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_is_alive(payload: str) -> None:
    assert alive(sanitise(f"<p>{payload}</p>")) == []


@pytest.mark.parametrize("payload", [text for text in PAYLOADS if "<" in text][:15])
def test_the_payloads_would_be_alive_without_it(payload: str) -> None:
    assert alive(f"<p>{payload}</p>")


@pytest.mark.parametrize(
    "kept",
    [
        '<img src="data:image/svg+xml,%3Csvg id=\'a\'%3E%23%25%3C/svg%3E" alt="words">',
        '<a download="data.csv" href="data:text/csv;charset=utf-8,%EF%BB%BFa, b%0D">Data</a>',
        '<div class="table" role="group" aria-label="Table: Schools" tabindex="0">words</div>',
        '<a href="#section-1">The decision</a>',
        '<th scope="row">Alder</th>',
        "<figure><figcaption>words</figcaption></figure>",
        "<details><summary>words</summary></details>",
    ],
)
def test_what_a_page_is_made_of_passes(kept: str) -> None:
    inner = f"<table><tbody><tr>{kept}</tr></tbody></table>" if kept.startswith("<th") else kept
    assert sorted(re.findall(r'[\w-]+="[^"]*"', sanitise(inner))) == sorted(
        re.findall(r'[\w-]+="[^"]*"', inner)
    )
    assert re.findall(r"</?\w+", sanitise(inner)) == re.findall(r"</?\w+", inner)


@pytest.mark.parametrize(
    "role", ["alert", "dialog", "button", "presentation", "none", "main", "group alert"]
)
def test_no_part_may_claim_to_be_what_it_is_not(role: str) -> None:
    assert sanitise(f'<div role="{role}">x</div>') == "<div>x</div>"


@pytest.mark.parametrize("name", ["content", "made", "section-1", "a b", "Content", "get_element"])
def test_no_part_may_take_an_address_of_the_pages_own(name: str) -> None:
    assert sanitise(f'<figure id="{name}">x</figure>') == "<figure>x</figure>"
    assert sanitise('<figure id="fan-1">x</figure>') == '<figure id="fan-1">x</figure>'
    assert sanitise('<p id="fan-1">x</p>') == "<p>x</p>"
