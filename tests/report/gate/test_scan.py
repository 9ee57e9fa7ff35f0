"""What the release gate finds in finished files, and that it finds nothing else."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import nbformat
import pytest

from tests.report.gate import planted_books, planters
from tests.report.gate.planters import Plant
from workbench import paths
from workbench.report.contents import contents_of
from workbench.report.exporter import ReportExporter
from workbench.report.gate.protected import Protected
from workbench.report.gate.scan import scan
from workbench.report.gate.secrets import protected_of
from workbench.report.index import index_page
from workbench.report.pdf import pdf_of
from workbench.report.workbook import workbook_of
from workbench.trust.load import Trust, read_trust


@pytest.fixture(scope="session")
def protected(tmp_path_factory: pytest.TempPathFactory) -> Protected:
    """What the demo trust protects, with two names and two comments put in."""
    folder = planters.trust_with_names(paths.demo(), tmp_path_factory.mktemp("gate"))
    return protected_of(read_trust(folder))


PLANTS = [*planters.all_plants(), *planted_books.in_workbooks()]


def test_more_than_fifty_things_are_planted() -> None:
    assert len({plant.title for plant in PLANTS}) >= 50


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.title)
def test_finds_what_is_planted_at_its_place(plant: Plant, protected: Protected) -> None:
    found = scan({plant.file: plant.data}, protected)
    said = [f"{one.place}: {one.what}" for one in found]
    where, what = plant.where.casefold(), plant.what.casefold()
    assert any(where in one.place.casefold() and what in one.what.casefold() for one in found), said
    assert all(one.rule and one.mend for one in found)


@pytest.mark.parametrize(
    ("file", "data"),
    [
        ("page.html", planters.page().encode()),
        ("page.pdf", planters.printed("")),
        ("book.xlsx", planted_books.workbook(lambda _: None)),
    ],
    ids=["page", "PDF", "workbook"],
)
def test_finds_nothing_where_nothing_is_planted(
    file: str, data: bytes, protected: Protected
) -> None:
    assert scan({file: data}, protected) == ()


@pytest.fixture(scope="session")
def demo_protected(demo_trust: Trust) -> Protected:
    """What the demo trust protects."""
    return protected_of(demo_trust)


REPORTS = ("school_review", "trust_review", "growth_scenario", "scenario_comparison")


@pytest.mark.parametrize("name", REPORTS)
def test_lets_the_demo_reports_pass(name: str, demo_protected: Protected) -> None:
    notebook = nbformat.read(paths.notebooks() / f"{name}.ipynb", as_version=4)
    page, _ = ReportExporter().from_notebook_node(notebook)
    files = {f"{name}.html": page.encode(), f"{name}.xlsx": workbook_of(contents_of(page))}
    files[f"{name}.pdf"] = pdf_of(page)
    assert scan(files, demo_protected) == ()


@pytest.mark.parametrize(
    "words",
    ["0 10 20 30 40 50", "0 100 200 300", "0 1 2 3 4 5 6 7 8 9", "0 5 10 15 20 25 30 35",
     "0 2000 4000 6000 8000", "-30 -20 -10 0 10 20 30", "2026-12-09 2027-12-09", "0.25 0.50 0.75"],
)  # fmt: skip
def test_takes_no_numbers_along_an_axis_for_a_telephone_number(
    words: str, protected: Protected
) -> None:
    assert scan({"a.html": planters.page(f"<p>{words}</p>").encode()}, protected) == ()


@pytest.mark.parametrize(
    "words",
    ["0121 496 0123", "01632 960983", "(020) 7946 0958", "+44 (0)20 7946 0958", "07700.900.123",
     "07700900123", "0161-496-0789", "AB 12 34 56 C", "UPN A123456789012", "born 12/03/2015",
     "date of birth: 3 May 2011"],
)  # fmt: skip
def test_finds_numbers_that_reach_or_name_one_person(words: str, protected: Protected) -> None:
    assert len(scan({"a.html": planters.page(f"<p>{words}</p>").encode()}, protected)) == 1


def test_refuses_what_lies_too_deep_to_read(protected: Protected) -> None:
    data = planters.page("<p>Nothing</p>").encode()
    for depth in range(8):
        data = planters.zipped({f"{depth}.zip": data})
    assert "more than 5 files" in scan({"a.zip": data}, protected)[0].what


def test_reads_small_numbers_by_the_policy(protected: Protected) -> None:
    eight = planters.page("<p>8 pupils visited. 9 pupils answered.</p>").encode()
    found = [one.what for one in scan({"a.html": eight}, protected)]
    assert len(found) == 1
    assert "9 pupils" in found[0]


@pytest.mark.parametrize(
    "words",
    [
        "4 out of 27 teachers have resigned.", "The number of pupils who took the test was 4.",
        "The number of staff who answered is 5.", "Only 4 answered.", "Seven responded at Alder.",
        "4 girls were excluded", "three boys", "3 headteachers disagreed", "Two families",
        "There were 4 Year 6 pupils.", "Pupils - 4", "Pupils \u2013 4", "3.0 pupils",
        "a couple of pupils", "half a dozen staff", "4 pupils should have gone",
        "Of the cohort, 2 have an EHCP.",
    ],
)  # fmt: skip
def test_finds_a_small_number_however_it_is_said(words: str, protected: Protected) -> None:
    assert scan({"a.html": planters.page(f"<p>{words}</p>").encode()}, protected)


@pytest.mark.parametrize(
    "words",
    [
        "One person should own this.", "Two teachers in every school are trained.",
        "5 parents for every 100 pupils", "Ratio 0 1 2 3 4 5 6 7 8 9 10",
        "Fewer than 5 pupils are not shown.", "About 3 in 5 pupils agree.",
        "In 4 schools staff agree.",
        "Pupils in years 7 to 9 read 3 books.", "5 of 8 staff meetings", "4% of pupils",
        "Within 5 minutes pupils arrive.", "Step 3: pupils choose.", "2 days for staff",
    ],
)  # fmt: skip
def test_takes_no_other_number_for_a_count(words: str, protected: Protected) -> None:
    assert scan({"a.html": planters.page(f"<p>{words}</p>").encode()}, protected) == ()


@pytest.mark.parametrize(
    "table",
    [
        planters.table([("A", "3")], ("School", "Autumn"), "Share of pupils absent (%)"),
        planters.table([("A", "3")], ("School", "Governors"), "Pupils persistently absent"),
        planters.table([("Schools with fewer pupils", "3")], ("", "2025/26"), "Schools"),
        planters.table([("A", "4.5")], ("School", "Pupils"), "Ours"),
        "<dl><dt>Schools</dt><dd>4</dd><dt>Pupils</dt><dd>held back</dd></dl>",
    ],
)
def test_takes_no_other_cell_for_a_count(table: str, protected: Protected) -> None:
    assert scan({"a.html": planters.page(table).encode()}, protected) == ()


def test_finds_names_whose_words_are_ordinary_where_they_stand_as_a_name(tmp_path: Path) -> None:
    folder = planters.trust_with_names(paths.demo(), tmp_path)
    people = folder / "people.csv"
    text = people.read_text(encoding="utf-8")
    people.write_text(text.replace(planters.NAME, "Will Long"), encoding="utf-8")
    ordinary = protected_of(read_trust(folder))
    page = planters.page("<p>It will long be so. Long: Will, May.</p><p>Will</p><p>Long</p>")
    assert scan({"a.html": page.encode()}, ordinary) == ()
    for said in ("Thanks to Will Long.", "WILL LONG", "Will <b>Long</b>"):
        [found] = scan({"a.html": planters.page(f"<p>{said}</p>").encode()}, ordinary)
        assert "table people" in found.what
        assert not found.may_be_accepted


def test_what_is_not_looked_for_is_told_outside_without_its_words(tmp_path: Path) -> None:
    folder = planters.trust_with_names(paths.demo(), tmp_path)
    people = folder / "people.csv"
    text = people.read_text(encoding="utf-8")
    people.write_text(text.replace(planters.NAME, "Will"), encoding="utf-8")
    (folder / "documents" / "Complaint of Tobias Quillfeather.xyz").write_bytes(b"\x00")
    missing = protected_of(read_trust(folder))
    full = " ".join(map(str, missing.not_searched))
    assert "'Will'" in full
    assert "Quillfeather" in full
    told = " ".join(missing.told_outside())
    assert "1 in table people, column person: " in told
    assert "1 in documents: " in told
    assert "Will" not in told
    assert "Quillfeather" not in told


@pytest.mark.parametrize(
    "body",
    ["<p>We lead 1 school.</p>", "<p>Led by the head, 900012 pupils</p>", "<p>Leads 1</p>",
     planters.table([("Lead", "1")], ("Who", "Terms"), "Ours")],
)  # fmt: skip
def test_takes_no_other_words_for_the_code_of_a_person(body: str, protected: Protected) -> None:
    assert scan({"a.html": planters.page(body).encode()}, protected) == ()


def test_the_script_of_an_index_passes(demo_protected: Protected) -> None:
    made = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)
    page = index_page([], trust="Alder Trust", as_of=made.date(), made=made)
    assert "<script>" in page
    assert scan({"index.html": page.encode()}, demo_protected) == ()


def test_shown_totals_that_give_nothing_away_pass(protected: Protected) -> None:
    rows = [("A", "held back", "60"), ("B", "held back", "70"), ("Total", "45", "130")]
    heads = ("School", "Persistently absent", "Other pupils")
    page = planters.page(planters.table(rows, heads, "Pupils"))
    assert scan({"a.html": page.encode()}, protected) == ()


def test_links_within_the_pack_pass_and_others_do_not(protected: Protected) -> None:
    page = planters.page('<a href="b.html#x">B</a><a href="../c.html">C</a>').encode()
    found = scan({"a.html": page, "b.html": planters.page().encode()}, protected)
    assert [one.what for one in found] == ["a link to '../c.html', which is not in the pack"]


@pytest.mark.parametrize(
    ("school", "answers", "found"),
    [
        ("Elsewhere", "1", True),
        ("Elsewhere", "9", True),
        ("Elsewhere", "10", False),
        ("Elsewhere", "0", False),
        (planters.SCHOOL, "10", True),  # its pupils' answers, held back so that no other's are told
        (planters.SCHOOL, "12", False),
    ],
)
def test_a_table_shows_no_small_number_and_none_held_back(
    school: str, answers: str, found: bool, protected: Protected
) -> None:
    page = planters.page(planters.table([(school, answers)]))
    assert bool(scan({"a.html": page.encode()}, protected)) is found
