"""Templates: what they offer, and that the same contract checks what comes back."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from tests.trust.folders import write_trust
from workbench.errors import BadInput
from workbench.trust.columns import ColumnContract
from workbench.trust.contracts import TABLES
from workbench.trust.intake import check_folder
from workbench.trust.load import Trust, read_trust
from workbench.trust.reading import GUIDES
from workbench.trust.templates import TEMPLATES, template_bytes, write_templates
from workbench.trust.templates_rows import OTHER_SCHOOL, worked_row
from workbench.trust.templates_sheets import shortened

COLUMNS = [(table.name, column) for table in TABLES.values() for column in table.columns]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of untouched templates."""
    folder = tmp_path_factory.mktemp("templates")
    write_templates(folder)
    return folder


@pytest.fixture(scope="module")
def books(written: Path) -> dict[str, Workbook]:
    """The untouched templates as a spreadsheet program opens them, by file name."""
    return {path.name: load_workbook(path) for path in written.iterdir()}


@pytest.fixture(scope="module")
def sheets(books: dict[str, Workbook]) -> dict[str, Worksheet]:
    """The sheet of each table."""
    return {name: book[name] for book in books.values() for name in book.sheetnames
            if name in TABLES}  # fmt: skip


@pytest.fixture
def small_trust(tmp_path: Path) -> Trust:
    """A trust of three schools."""
    (tmp_path / "trust").mkdir()
    return read_trust(write_trust(tmp_path / "trust"))


def limit_of(sheet: Worksheet, column: int) -> DataValidation:
    """Return the one limit on a column of a sheet."""
    limits: list[DataValidation] = [
        limit
        for limit in sheet.data_validations.dataValidation
        if [(area.min_col, area.min_row) for area in limit.sqref.ranges] == [(column, 2)]
    ]
    assert len(limits) == 1
    return limits[0]


def typed(column: ColumnContract, text: str) -> object:
    """Return a value as somebody types it: true dates and numbers, the rest as text."""
    if text == "":
        return None
    if column.kind == "date":
        return dt.date.fromisoformat(text)
    if column.kind in {"integer", "number"}:
        return float(text) if "." in text else int(text)
    return text


def fill_in(folder: Path) -> Iterator[str]:
    """Type the worked row into every sheet, and a second school; give the tables filled in."""
    for path in folder.glob("*.xlsx"):
        book = load_workbook(path)
        for name in set(book.sheetnames) & set(TABLES):
            rows = [worked_row(TABLES[name])]
            if name == "schools":
                rows.append({**rows[0], "urn": OTHER_SCHOOL, "name": "Other School"})
            for number, row in enumerate(rows, start=2):
                for at, column in enumerate(TABLES[name].columns, start=1):
                    book[name].cell(number, at).value = typed(column, row[column.name])  # type: ignore[assignment]
            yield name
        book.save(path)


def test_every_table_has_one_sheet_with_exactly_its_headings(
    books: dict[str, Workbook], sheets: dict[str, Worksheet]
) -> None:
    named = [name for book in books.values() for name in book.sheetnames if name in TABLES]

    assert sorted(named) == sorted(TABLES)
    for name, table in TABLES.items():
        assert [cell.value for cell in sheets[name][1]] == list(table.names)
        assert sheets[name].max_row == 1
        assert sheets[name].freeze_panes == "A2"
    for book in books.values():
        assert book.sheetnames[:3] == list(GUIDES[:3])


def test_untouched_templates_are_read_without_a_fault_or_a_row(written: Path) -> None:
    intake = check_folder(written)

    assert intake.faults == ()
    assert intake.unknown == ()
    assert set(intake.tallies) == set(TABLES)
    assert sum(tally.rows_in for tally in intake.tallies.values()) == 0


def test_worked_rows_typed_into_every_sheet_come_back_without_a_fault(
    written: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(written, tmp_path / "back")
    filled = set(fill_in(folder))
    (folder / "documents").mkdir()
    (folder / "documents" / worked_row(TABLES["documents"])["file"]).write_bytes(b"any")

    intake = check_folder(folder)

    assert filled == set(TABLES)
    assert intake.faults == ()
    assert {name: tally.accepted for name, tally in intake.tallies.items()} == {
        name: 2 if name == "schools" else 1 for name in TABLES
    }


def test_a_wrong_cell_in_a_template_is_reported_by_its_sheet_row_and_column(
    written: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(written, tmp_path / "back")
    list(fill_in(folder))
    book = load_workbook(folder / "evidence.xlsx")
    book["attendance"]["F2"] = 99_999_999
    book.save(folder / "evidence.xlsx")

    faults = [f for f in check_folder(folder).faults if f.file == "evidence.xlsx"]

    assert [(f.sheet, f.row, f.column, f.rule) for f in faults] == [
        ("attendance", 2, "missed_sessions", "out_of_range")
    ]


def test_an_untouched_sheet_gives_way_to_a_table_that_is_there_already(
    written: Path, tmp_path: Path
) -> None:
    shutil.copy(written / "trust_and_people.xlsx", tmp_path)
    trust = read_trust(write_trust(tmp_path))

    assert len(trust.schools) == 3
    assert check_folder(tmp_path).faults == ()


def test_a_second_table_with_a_row_is_still_refused(written: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(written, tmp_path / "back")
    list(fill_in(folder))
    write_trust(folder)

    assert {f.rule for f in check_folder(folder).faults if f.sheet == "schools"} == {"table_twice"}


def test_a_row_without_headings_is_not_taken_for_an_untouched_sheet(tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0].title = "schools"
    book.worksheets[0].append([900009, "Yew School", "primary"])
    book.save(write_trust(tmp_path) / "more.xlsx")

    assert {f.rule for f in check_folder(tmp_path).faults} >= {"table_twice"}


def test_a_workbook_of_nothing_but_a_guide_is_still_named_as_unknown(tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0].title = "lists"
    book.worksheets[0].append(["anything"])
    book.save(write_trust(tmp_path) / "odd.xlsx")

    assert check_folder(tmp_path).unknown == ("odd.xlsx: lists",)


@pytest.mark.parametrize(("name", "column"), COLUMNS, ids=lambda v: getattr(v, "name", v))
def test_each_column_says_what_it_holds_and_refuses_the_rest(
    sheets: dict[str, Worksheet], name: str, column: ColumnContract
) -> None:
    sheet, at = sheets[name], TABLES[name].names.index(column.name) + 1
    limit, heading = limit_of(sheet, at), sheet.cell(1, at)

    assert limit.prompt is not None
    assert limit.prompt.startswith("Needed" if column.required else "Blank if not known")
    assert limit.prompt[:200].find(column.description[:60]) > 0
    assert limit.showInputMessage
    assert limit.showErrorMessage
    assert limit.allow_blank
    assert len(limit.prompt) <= 255
    assert len(limit.error or "") <= 225
    assert len(limit.promptTitle or "") <= 32
    assert (bool(heading.font.b), bool(heading.font.i)) == (column.required, not column.required)
    if column.allowed:
        assert limit.formula1 == f'"{",".join(column.allowed)}"'
        assert len(limit.formula1) <= 257
        assert not any("," in word for word in column.allowed)
    expected = {"date": "yyyy-mm-dd", "integer": "0", "number": "General"}.get(column.kind, "@")
    assert sheet.column_dimensions[get_column_letter(at)].number_format == expected


@pytest.mark.parametrize(
    ("name", "column", "kind", "limits"),
    [
        ("staff_survey", "workload", "whole", ("1", "5")),
        ("schools", "longitude", "decimal", ("-9", "3")),
        # Excel counts 45971 days to 10 November 2025 from 30 December 1899.
        ("inspections_report_card", "inspection_date", "date", ("45971", "73415")),
        ("people", "fte", "custom", ("AND(ISNUMBER(D2),D2>0,D2<=1.5)", None)),
        ("schools", "opened", "custom", ("OR(ISNUMBER(I2),LEN(I2)=10)", None)),
        ("people", "post_id", "custom", ('AND(LEN(A2)<=200,ISERROR(FIND(" ",A2)))', None)),
        ("support_capacity", "term", "textLength", ("14", "14")),
        ("schools", "urn", "textLength", ("6", "6")),
        ("school_statistics", "value", "decimal", ("-1e+15", "1e+15")),
    ],
)
def test_numbers_days_and_codes_are_held_to_the_range_of_the_contract(
    sheets: dict[str, Worksheet], name: str, column: str, kind: str, limits: tuple[str, str | None]
) -> None:
    limit = limit_of(sheets[name], TABLES[name].names.index(column) + 1)

    assert (limit.type, limit.formula1, limit.formula2) == (kind, *limits)


def test_the_schools_of_a_trust_are_offered_where_a_row_names_one(
    tmp_path: Path, small_trust: Trust
) -> None:
    write_templates(tmp_path / "out", trust=small_trust)
    book = load_workbook(tmp_path / "out" / "trust_and_people.xlsx")
    lists, people, schools = book["lists"], book["people"], book["schools"]

    assert [cell.value for cell in lists["A"]] == ["urn", "900001", "900002", "900003"]
    assert [cell.value for cell in lists["B"]][1] == "Ash School"
    assert limit_of(people, 3).formula1 == "lists!$A$2:$A$4"
    assert limit_of(schools, 1).type == "textLength"  # a school's own URN is new
    assert check_folder(tmp_path / "out").faults == ()
    assert "Fell Trust" in str(book["read me"]["A1"].value)


def test_a_name_that_looks_like_a_formula_is_written_as_words(small_trust: Trust) -> None:
    named = small_trust.schools.assign(name=["=1+1", "+cmd", "@SUM(A1)"])
    trust = replace(
        small_trust, name="=HYPERLINK()", tables={**small_trust.tables, "schools": named}
    )

    for template in TEMPLATES:
        with zipfile.ZipFile(io.BytesIO(template_bytes(template, trust))) as parts:
            for part in parts.namelist():
                assert b"<f>" not in parts.read(part)
                assert b"<t>=" not in parts.read(part)
                assert b"<t>@" not in parts.read(part)


def test_the_same_contracts_give_the_same_bytes() -> None:
    one, other = template_bytes(TEMPLATES[1]), template_bytes(TEMPLATES[1])

    assert one == other
    with zipfile.ZipFile(io.BytesIO(one)) as parts:
        assert {part.date_time[0] for part in parts.infolist()} == {2000}
        core = parts.read("docProps/core.xml").decode()
    assert core.count("2000-01-01T00:00:00Z") == 2


def test_the_dictionary_has_every_column_with_its_example_and_every_rule(
    books: dict[str, Workbook],
) -> None:
    lines = [
        tuple(str(value or "") for value in row)
        for book in books.values()
        for row in book["dictionary"].iter_rows(min_row=2, values_only=True)
    ]
    columns = {(line[0], line[1]): line for line in lines}

    for name, table in TABLES.items():
        for column, example in worked_row(table).items():
            line = columns[name, column]
            assert line[5] == table.column(column).description
            assert line[6] in {example, f"'{example}"}
            assert line[2].startswith("Needed") == table.column(column).required
    rules = {line[5] for line in lines if line[1] == "(rule between cells)"}
    assert "It is a fault when the school is reviewed by itself." in rules
    assert not any("`" in rule for rule in rules)


def test_worked_rows_stand_in_their_own_sheet_and_are_called_examples(
    books: dict[str, Workbook],
) -> None:
    sheet = books["surveys.xlsx"]["examples"]
    lines = [tuple(value for value in row if value is not None)
             for row in sheet.iter_rows(values_only=True)]  # fmt: skip

    assert str(lines[0][0]).startswith("EXAMPLES ONLY")
    at = lines.index(("Example of parent_survey",))
    assert lines[at + 1] == TABLES["parent_survey"].names
    assert lines[at + 2] == tuple(worked_row(TABLES["parent_survey"]).values())


def test_the_cover_says_how_to_fill_in_what_blank_means_and_whom_to_send_it_to(
    books: dict[str, Workbook],
) -> None:
    for template in TEMPLATES:
        words = " ".join(
            str(value)
            for row in books[template.file]["read me"].iter_rows(values_only=True)
            for value in row
            if value is not None
        )
        assert "Blank means not known" in words
        assert "send it back to" in words
        assert template.whom in words
        assert all(name in words for name in template.tables)


def test_templates_that_are_there_are_only_written_over_when_told_to(tmp_path: Path) -> None:
    (tmp_path / "surveys.xlsx").write_bytes(b"filled in")

    with pytest.raises(BadInput, match=r"already holds surveys\.xlsx") as raised:
        write_templates(tmp_path)

    assert "--force" in str(raised.value.mend)
    assert [path.name for path in tmp_path.iterdir()] == ["surveys.xlsx"]
    assert (tmp_path / "surveys.xlsx").read_bytes() == b"filled in"
    write_templates(tmp_path, force=True)
    assert (tmp_path / "surveys.xlsx").read_bytes() == template_bytes(TEMPLATES[1])


def test_a_file_in_place_of_the_folder_is_bad_input(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")

    with pytest.raises(BadInput, match="is a file"):
        write_templates(tmp_path / "file")


def test_a_message_too_long_is_cut_after_a_word() -> None:
    assert shortened("one two three four", 12) == "one two ..."
    assert shortened("one two", 7) == "one two"
    assert shortened("one_two_three", 10) == "one_two..."
