"""The index in a browser: found by name, kind or status, by keyboard, at both widths, or plain."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import Page

from tests.browser.axe import violations
from tests.browser.conftest import OpenPage
from workbench.report.index import Link, Row, index_page

SCHOOLS = 43


def links(stem: str) -> tuple[Link, ...]:
    """Return the links of a whole report."""
    named = (("Page", "html"), ("PDF", "pdf"), ("Workbook", "xlsx"), ("Notebook", "ipynb"))
    return tuple(Link(says, f"{stem}.{ending}", 310_000) for says, ending in named)


def text(schools: int = SCHOOLS) -> str:
    """Return the index of a large trust's run: one report signed, one failed."""
    signed = "Signed by the director of standards on 1 December 2026"
    rows = [
        Row("trust", "90001", "Alder Trust", "assured", links("t"), "Capacity.", signed=signed),
        Row("comparison", "a,b", "2 scenarios compared", "draft", links("c"), "No plan."),
        Row("scenario", "steady", "Steady growth", "draft", links("s"), "Up to 2 schools."),
        Row(
            "scenario", "rescue", "Rescue", "failed", links("f")[-1:], cell=7,
            message="A_long_word_without_a_break_that_no_small_window_has_room_for_on_one_line.",
        ),
    ]  # fmt: skip
    rows += [
        Row("school", f"9{number:05}", f"School of Saint Bartholomew {number}", "draft",
            links(f"s{number}"), "Absence above its peers." if number % 2 else "Good.")
        for number in range(schools)
    ]  # fmt: skip
    return index_page(
        rows,
        trust="Alder Trust",
        as_of=dt.date(2026, 10, 31),
        made=dt.datetime(2026, 11, 25, 21, 47, tzinfo=dt.UTC),
        left_out=["2 of 45 schools have no inspection on record."],
        downloads=[Link("All reports to e-mail, DRAFT (zip)", "z.zip", 14_200_000)],
    )


def said(page: Page) -> str:
    """Return what a screen reader is told of the search."""
    return page.locator("[role=status]").inner_text()


@pytest.mark.parametrize("schools", [SCHOOLS, 250])
@pytest.mark.parametrize("width", [320, 1280])
def test_it_breaks_no_rule_of_access_fits_its_window_and_loads_nothing(
    open_page: OpenPage, width: int, schools: int
) -> None:
    shown = open_page(text(schools), width=width)
    assert violations(shown.page) == []
    assert shown.overflow() == 0
    assert shown.asked_for == shown.faults == []


def test_search_and_filters_narrow_it_down_and_say_so(open_page: OpenPage) -> None:
    page = open_page(text()).page
    rows = page.locator("tr[data-kind]:visible")
    assert said(page) == "All 47 reports shown."
    page.get_by_label("Search").fill("900007")
    assert (rows.count(), said(page)) == (1, "1 of 47 reports shown.")
    page.get_by_label("Search").fill("ABSENCE bartholomew")
    assert rows.count() == SCHOOLS // 2
    page.get_by_label("Kind").select_option("trust")
    assert said(page) == "No report of 47 fits. Clear the search to see them all."
    assert page.locator("section[data-section]:visible").count() == 0
    page.get_by_role("button", name="Show all").click()
    assert rows.count() == 47
    for status, number in (("failed", 1), ("complete", 46), ("assured", 1), ("draft", 45)):
        page.get_by_label("Status").select_option(status)
        assert rows.count() == number


def test_the_keyboard_is_enough(open_page: OpenPage) -> None:
    page = open_page(text()).page
    page.get_by_label("Search").focus()
    page.keyboard.type("steady")
    assert said(page) == "1 of 47 reports shown."
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert said(page) == "All 47 reports shown."
    assert page.evaluate("document.activeElement.id") == "words"


def test_of_very_many_those_that_are_found_unfold_and_fold_again(open_page: OpenPage) -> None:
    page = open_page(text(250)).page
    rows, folded = page.locator("tr[data-kind]:visible"), page.locator("details.group")
    assert said(page) == "All 254 reports shown."
    assert rows.count() == 4 + 200
    page.get_by_label("Search").fill("900207 absence")
    assert (rows.count(), said(page)) == (1, "1 of 254 reports shown.")
    assert folded.first.is_hidden()
    assert rows.first.get_by_role("link", name="Workbook").get_attribute("href") == "s207.xlsx"
    page.get_by_label("Search").fill("")
    assert rows.count() == 4 + 200
    folded.last.locator("summary").focus()
    page.keyboard.press("Enter")
    assert rows.count() == 4 + 250


def test_without_a_script_every_report_is_there_and_no_control_is(open_page: OpenPage) -> None:
    page = open_page(text(), javascript=False).page
    assert page.locator("tr[data-kind]:visible").count() == 47
    assert page.locator("#find").is_hidden()


def test_without_a_script_very_many_can_be_unfolded(open_page: OpenPage) -> None:
    page = open_page(text(250), javascript=False).page
    page.locator("summary").last.click()
    assert page.locator("tr[data-kind]:visible").count() == 254


def test_no_script_but_its_own_runs(open_page: OpenPage) -> None:
    strange = text().replace("</main>", "<script>document.title = 'taken'</script></main>")
    shown = open_page(strange)
    assert shown.page.title() == "Reports of Alder Trust"
    assert said(shown.page) == "All 47 reports shown."
    assert any("Content Security Policy" in fault for fault in shown.faults)
