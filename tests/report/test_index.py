"""The index of a run: what is there, what failed and where, how to find it, and nothing alive."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
from dataclasses import replace

import pytest

from tests.report.elements import Elements, alive
from tests.report.hostile import PAYLOADS
from workbench.report.index import Link, Row, index_page, said_size

MADE = dt.datetime(2026, 5, 1, 9, 30, tzinfo=dt.UTC)
LINKS = (Link("Page", "a.html", 310_000), Link("PDF", "a.pdf", 1_240_000))
WHOLE = Row("school", "900001", "Alder", "draft", LINKS, headline="Provider.")
FAILED = Row("scenario", "steady", "Steady", "failed", message="no memory", cell=4)
SIGNED = Row("trust", "90001", "Alder Trust", "assured", LINKS, signed="Signed on 1 May 2026")
# What the page itself brings: its style, its one script and its controls.
OWN = {"style", "script", "input", "button"}


def page(*rows: Row, trust: str = "Alder Trust") -> str:
    return index_page(rows, trust=trust, as_of=dt.date(2026, 4, 30), made=MADE)


def test_all_complete_is_said_and_nothing_of_failure() -> None:
    text = page(WHOLE)
    assert "1 school review, all complete. Made on 1 May 2026 at 09:30 UTC." in text
    assert "What failed" not in text


def test_a_comparison_is_listed_before_the_scenarios_it_compares() -> None:
    compared = Row("comparison", "a,b", "2 scenarios compared", "draft", LINKS, "None.")
    plan = Row("scenario", "a", "A", "draft", LINKS)
    text = page(plan, compared, WHOLE)
    assert "1 comparison of scenarios, 1 scenario report and 1 school review" in text
    assert text.index("The scenarios compared") < text.index("Scenario reports for the board")
    assert "2 comparisons of scenarios" in page(compared, compared)


def test_a_failure_is_said_first_with_its_cell_and_has_no_link() -> None:
    text = page(WHOLE, FAILED)
    assert "1 school review complete; 1 report failed." in text
    assert "Cell 4 of the notebook stopped. no memory" in text
    assert text.index("no memory") < text.index("a.html")
    assert 'href="None"' not in text


def test_a_run_in_which_everything_failed_says_so() -> None:
    text = page(FAILED)
    assert "No report is complete; 1 report failed." in text
    assert "DRAFT" not in text


def test_what_was_left_out_is_said_at_the_top() -> None:
    text = index_page(
        [WHOLE], trust="Alder", as_of=dt.date(2026, 4, 30), made=MADE, left_out=["5 of 14 schools."]
    )
    assert "<strong>Left out:</strong> 5 of 14 schools.</p>" in text.split("<h2")[0]
    assert "Left out" not in page(WHOLE)


def test_every_file_is_linked_with_its_size() -> None:
    text = page(WHOLE)
    hrefs = [link["href"] for link in Elements(text).named("a")]
    assert hrefs == ["#content", "a.html", "a.html", "a.pdf"]
    assert "(310 KB)" in text
    assert "(1.2 MB)" in text


@pytest.mark.parametrize(
    ("size", "said"),
    [(0, "1 KB"), (1499, "1 KB"), (999_499, "999 KB"), (999_500, "1.0 MB"), (2_449_999, "2.4 MB")],
)
def test_sizes_are_said_as_people_say_them(size: int, said: str) -> None:
    assert said_size(size) == said


def test_drafts_are_called_so_until_every_report_is_signed() -> None:
    assert "1 of 2 reports has been checked by no one" in page(WHOLE, SIGNED)
    assert "checked these reports." in page(WHOLE, FAILED)
    assert "DRAFT" not in page(SIGNED)
    assert "Complete, assured" in page(SIGNED)
    assert "Signed on 1 May 2026" in page(SIGNED)


def test_those_who_released_are_told_apart_from_whoever_signed() -> None:
    pack = replace(SIGNED, status="released", released="Released by A, checked by B")
    assert re.search(r"Complete, released<.*Released by A, checked by B<.*Signed on", page(pack))
    assert "Released by" not in page(SIGNED)


def test_filters_offer_what_there_is_with_its_number() -> None:
    text = page(WHOLE, WHOLE, FAILED, SIGNED)
    offered = re.findall(r'<option value="(\w*)">([^<]*)<', text)
    assert offered == [
        ("", "All kinds"), ("trust", "Trust review (1)"), ("scenario", "Scenario report (1)"),
        ("school", "School review (2)"), ("", "Any status"), ("complete", "Complete (3)"),
        ("failed", "Failed (1)"), ("draft", "Draft (2)"), ("assured", "Assured (1)"),
    ]  # fmt: skip


def test_only_its_own_script_may_run_and_nothing_may_load() -> None:
    text = page(WHOLE)
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = str(Elements(text).named("meta")[2]["content"])
    assert policy.startswith("default-src 'none'; ")
    assert re.findall(r"script-src ([^;]*);", policy) == [f"'sha256-{digest}'"]
    assert not re.search(r"\son\w+=|url\(|@import", text)


def test_without_a_script_every_report_shows_and_no_dead_control_does() -> None:
    elements = Elements(page(WHOLE, FAILED))
    assert [row for row in elements.named("tr") if "hidden" in row] == []
    (tools,) = [found for found in elements.named("div") if found.get("id") == "find"]
    assert "hidden" in tools


def many(number: int, name: str = "Saint Bartholomew's Church of England Primary") -> str:
    """Return the index of so many schools' reviews, one of which failed, and a trust's review."""
    stem = "2026-12-09_school-review_URN9{:05}_UID90001"
    named = (("Page", "html"), ("PDF", "pdf"), ("Workbook", "xlsx"), ("Notebook", "ipynb"))
    rows = [
        Row("school", f"9{n:05}", f"{name} {n}", "draft",
            tuple(Link(says, f"{stem.format(n)}.{ending}", 310_000) for says, ending in named),
            headline="Eligible to provide support; 3 questions for the review.")
        for n in range(number)
    ]  # fmt: skip
    rows[-1] = replace(rows[-1], status="failed", headline="", links=rows[-1].links[-1:])
    return page(SIGNED, *rows)


def test_very_many_reports_weigh_half_and_every_one_of_them_keeps_every_file() -> None:
    text, few = many(1001), many(101)
    each, each_of_few = (len(text) - len(few)) / 900, (len(few) - len(many(1))) / 100
    assert each < 530
    assert each_of_few > 1200
    elements = Elements(text)
    hrefs = [str(link["href"]) for link in elements.named("a")]
    assert len({href for href in hrefs if "URN9" in href}) == 1000 * 4 + 1
    assert len([row for row in elements.named("tr") if "data-kind" in row]) == 1002
    folded = elements.named("details")
    assert ["open" in one for one in folded] == [True, *[False] * 5]
    assert re.findall(r"<summary>([^,<]*), from [^<]* (\d+) to [^<]* (\d+)</summary>", text) == [
        (f"{n + 1} to {min(n + 200, 1001)}", f"{n}", f"{min(n + 199, 1000)}")
        for n in range(0, 1001, 200)
    ]
    assert text.count("See above what failed.") == 1


def test_no_more_than_two_hundred_of_a_kind_are_shown_in_full_and_unfolded() -> None:
    text = many(200)
    assert "<details" not in text
    assert text.count('<span class="hidden"> of Saint') == 199 * 4 + 2
    assert "<details" in many(201)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_names_among_very_many_are_shown_as_text(payload: str) -> None:
    hostile = replace(WHOLE, key=payload, name=payload, headline=payload, links=LINKS[:1])
    assert set(alive(page(*[hostile] * 201))) == OWN | {"a href=a.html"}


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_names_and_messages_are_shown_as_text(payload: str) -> None:
    bad = Row("school", payload, payload, "assured", LINKS[:1], headline=payload, signed=payload)
    bad = replace(bad, released=payload)
    text = page(bad, Row("scenario", payload, payload, "failed", message=payload), trust=payload)
    assert set(alive(text)) == OWN | {"a href=a.html"}
