"""Excel templates made from the contracts, so that what comes back is checked by the same rules.

Four workbooks, by who fills them in, with a sheet a table named as the table. Worked rows stand in
a sheet of their own which is never read: an example left in place cannot become a trust's data.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook

from workbench.errors import BadInput
from workbench.trust.contracts import TABLES
from workbench.trust.load import Trust
from workbench.trust.templates_guides import add_cover, add_dictionary, add_examples, add_lists
from workbench.trust.templates_sheets import add_table


@dataclass(frozen=True)
class Template:
    """One workbook: its file, its title, who fills it in, and the tables it holds."""

    file: str
    title: str
    whom: str
    tables: tuple[str, ...]


@dataclass(frozen=True)
class Written:
    """A template that was written: where, and the tables that have a sheet in it."""

    path: Path
    tables: tuple[str, ...]


TEMPLATES = (
    Template(
        "trust_and_people.xlsx", "The trust, its vision and its people",
        "the trust's central team",
        ("trust", "schools", "people", "skills", "succession", "talent_audit", "executive_time",
         "role_documents", "networks", "staffing", "kpis", "priorities", "consultations",
         "documents"),
    ),
    Template(
        "surveys.xlsx", "Answers to the surveys", "whoever runs the surveys",
        ("staff_survey", "parent_survey", "pupil_survey"),
    ),
    Template(
        "evidence.xlsx", "Evidence on each school", "each school, or the team that keeps its data",
        ("inspections_oeif", "inspections_report_card", "school_statistics", "attendance",
         "attainment", "admissions", "returns", "board_reports", "source_judgements",
         "peer_reviews", "pupil_visits"),
    ),
    Template(
        "improvement_and_assurance.xlsx", "Improvement work and its assurance",
        "whoever leads school improvement",
        ("support", "support_capacity", "process_steps", "projects", "project_reviews",
         "qa_reviews", "qa_actions", "self_evaluations", "review_criteria", "forecasts",
         "theory_of_the_case"),
    ),
)  # fmt: skip

# The same contracts give the same bytes, so a workbook says no day on which it was written.
_NO_DAY = dt.datetime(2000, 1, 1)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


def write_templates(
    folder: Path, *, trust: Trust | None = None, force: bool = False
) -> tuple[Written, ...]:
    """Write the templates to a folder, which is made where it is not there.

    Args:
        folder: Where the workbooks go.
        trust: A trust whose schools are offered in the drop-downs of URNs.
        force: Whether to write over workbooks that are there.

    Raises:
        BadInput: A workbook of the same name is there and may not be written over, or the folder
            cannot be written to.
    """
    _refuse_to_overwrite(folder, force=force)
    made = {template: template_bytes(template, trust) for template in TEMPLATES}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for template, content in made.items():
            (folder / template.file).write_bytes(content)
    except OSError as fault:
        raise BadInput(
            f"the templates cannot be written to {folder} ({fault.strerror})",
            where=str(folder),
            rule="templates are written to a folder that may be written to",
            mend="close the workbooks in your spreadsheet program, or name another folder",
        ) from fault
    return tuple(Written(folder / template.file, template.tables) for template in TEMPLATES)


def template_bytes(template: Template, trust: Trust | None = None) -> bytes:
    """Return a workbook as bytes, the same for the same contracts and schools."""
    tables = [TABLES[name] for name in template.tables]
    book = Workbook()
    book.remove(book.worksheets[0])
    add_cover(book, tables, title=template.title, whom=template.whom, trust=trust)
    add_dictionary(book, tables)
    add_examples(book, tables)
    urns = add_lists(book, trust) if trust else ""
    for table in tables:
        add_table(book, table, urns)
    book.properties.creator = "Trust Growth Workbench"
    book.properties.title = template.title
    book.properties.created = _NO_DAY
    return _without_day(book)


def _refuse_to_overwrite(folder: Path, *, force: bool) -> None:
    if folder.exists() and not folder.is_dir():
        raise BadInput(
            f"{folder} is a file",
            where=str(folder),
            rule="templates are written to a folder",
            mend="name a folder that does not exist yet",
        )
    there = [template.file for template in TEMPLATES if (folder / template.file).exists()]
    if there and not force:
        raise BadInput(
            f"{folder} already holds {', '.join(there)}",
            where=str(folder / there[0]),
            rule="a workbook that somebody may have filled in is not written over unasked",
            mend="name another folder, or write over them with --force",
        )


def _without_day(book: Workbook) -> bytes:
    """Return the bytes of a workbook, packed anew without the moment of writing."""
    raw, packed = io.BytesIO(), io.BytesIO()
    book.save(raw)
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(packed, "w") as target:
        for part in source.namelist():
            content = source.read(part)
            if part == "docProps/core.xml":
                day = f"{_NO_DAY.isoformat()}Z".encode()
                content = _MODIFIED.sub(rb"\g<1>" + day, content)
            entry = zipfile.ZipInfo(part, _NO_DAY.timetuple()[:6])
            entry.create_system = 0  # else the bytes tell which system they were written on
            target.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
