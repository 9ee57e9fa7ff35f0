"""Small files in the formats DfE and Ofsted publish, for tests; every school is invented."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl

Rows = Sequence[Sequence[object]]

LINKS_2016 = (
    "URN", "Linked UID", "Group Name", "Companies House Number", "Group Type", "Closed Date",
    "Group Status", "FederationType", "Joined date", "EstablishmentName",
    "TypeOfEstablishment (code)", "TypeOfEstablishment (name)", "PhaseOfEducation (code)",
    "PhaseOfEducation (name)", "LA (code)", "LA (name)", "HasSharedHT",
)  # fmt: skip
LINKS_2020 = (
    "URN", "Linked UID", "Group Name", "Companies House Number", "Group Type", "Group Type (code)",
    "Closed Date", "Open date", "Incorporated on (open date)", "Group Status",
    "Group Status (code)", "FederationType", "Joined date", "EstablishmentName",
    "TypeOfEstablishment (code)", "TypeOfEstablishment (name)", "PhaseOfEducation (code)",
    "PhaseOfEducation (name)", "LA (code)", "LA (name)", "HasSharedHT",
)  # fmt: skip
ALL_DATA = (
    "URN", "LA (code)", "LA (name)", "EstablishmentNumber", "EstablishmentName",
    "TypeOfEstablishment (code)", "TypeOfEstablishment (name)", "EstablishmentStatus (code)",
    "EstablishmentStatus (name)", "OpenDate", "CloseDate", "PhaseOfEducation (code)",
    "PhaseOfEducation (name)", "SchoolCapacity", "CensusDate", "NumberOfPupils", "PercentageFSM",
    "Trusts (code)", "Trusts (name)", "LastChangedDate", "Postcode", "Easting", "Northing", "FSM",
)  # fmt: skip
AREAS = (
    "Safeguarding standards", "Inclusion", "Curriculum and teaching", "Achievement",
    "Attendance and behaviour", "Personal development and wellbeing",
    "Early years (where applicable)", "Post-16 provision (where applicable)",
    "Leadership and governance",
)  # fmt: skip
REPORT_CARDS = (
    "Web Link (opens in new window)", "URN", "LAESTAB", "School name", "Ofsted phase",
    "Type of education", "Multi-academy trust UID", "Multi-academy trust name",
    "Total number of pupils", "Inspection number of latest full inspection", "Inspection type",
    "Inspection start date", "Publication date",
    "Does the latest full inspection relate to the URN of the current school?",
    "URN at time of latest full inspection", "Category of concern",
    *(name for area in AREAS for name in (area, f"{area.split(' (')[0]} - date of grade")),
    "Inspection start date of latest OEIF graded inspection",
    "Publication date of latest OEIF graded inspection",
    "Does the latest OEIF graded inspection relate to the URN of the current school?",
    "URN at time of latest OEIF graded inspection", "Latest OEIF category of concern",
    "Latest OEIF overall effectiveness", "Latest OEIF quality of education",
    "Latest OEIF behaviour and attitudes", "Latest OEIF personal development",
    "Latest OEIF effectiveness of leadership and management",
    "Latest OEIF  safeguarding is effective?",
    "Latest OEIF early years provision (where applicable)",
    "Latest OEIF sixth form provision (where applicable)",
    "Date of latest ungraded inspection", "Ungraded inspection publication date",
    "Does the ungraded inspection relate to the URN of the current school?",
    "URN at time of the ungraded inspection", "Ungraded inspection overall outcome",
    "Most recent category of concern",
)  # fmt: skip
MANAGEMENT_INFORMATION = (
    "Web Link", "URN", "LAESTAB", "School name", "Ofsted phase", "Type of education",
    "Total number of pupils", "Date of latest section 8 inspection",
    "Section 8 inspection overall outcome",
    "Does the section 8 inspection relate to the URN of the current school?",
    "URN at time of the section 8 inspection", "Inspection start date", "Inspection end date",
    "Publication date", "Does the latest full inspection relate to the URN of the current school?",
    "URN at time of latest full inspection", "Overall effectiveness", "Category of concern",
    "Quality of education", "Behaviour and attitudes", "Personal development",
    "Effectiveness of leadership and management", "Safeguarding is effective?",
    "Early years provision (where applicable)", "Sixth form provision (where applicable)",
    "Previous inspection start date",
    "Does the previous full inspection relate to the URN of the current school?",
    "URN at time of previous full inspection", "Previous full inspection overall effectiveness",
    "Previous category of concern",
)  # fmt: skip
EARLY = (
    "Web Link", "URN", "Laestab", "School name", "Ofsted Phase", "Total pupils",
    "Latest inspection date", "Overall effectiveness: how good is the school",
    "Effectiveness of the sixth form provision", "Effectiveness of the Early Years provision",
    "The quality of teaching", "Leadership and management", "Category", "Previous inspection date",
    "previous overall effectiveness", "Previous category",
)  # fmt: skip


def rows_of(header: Sequence[str], records: Sequence[Mapping[str, object]], blank: str) -> Rows:
    """Return records as rows under a header, checking that every name is in it."""
    for record in records:
        assert set(record) <= set(header), set(record) - set(header)
    return [[record.get(name, blank) for name in header] for record in records]


def write_csv(
    path: Path,
    header: Sequence[str],
    rows: Rows,
    *,
    encoding: str = "cp1252",
    above: Sequence[str] = (),
    drop_last: bool = False,
) -> Path:
    """Write a CSV file; `drop_last` leaves the last field off every row, as group links do."""
    text = io.StringIO()
    text.write("".join(f"{line}\r\n" for line in above))
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([row[:-1] if drop_last else row for row in rows])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def write_xlsx(path: Path, sheets: Mapping[str, Rows]) -> Path:
    """Write a workbook of sheets."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def write_ods(path: Path, sheets: Mapping[str, Rows]) -> Path:
    """Write a spreadsheet in OpenDocument format with text cells only."""

    def cell(value: object) -> str:
        return f'<table:table-cell office:value-type="string"><text:p>{escape(str(value))}</text:p></table:table-cell>'  # noqa: E501

    tables = "".join(
        f'<table:table table:name="{escape(name)}">'
        + "".join(
            f"<table:table-row>{''.join(cell(value) for value in row)}</table:table-row>"
            for row in rows
        )
        + "</table:table>"
        for name, rows in sheets.items()
    )
    names = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{names}>'
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    )
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("META-INF/manifest.xml", manifest)
        package.writestr("content.xml", content)
    return path


def link(urn: int, uid: int, joined: str, **more: object) -> dict[str, object]:
    """Return one row of group links: by default a converter primary in an open trust."""
    return {
        "URN": urn, "Linked UID": uid, "Group Name": "Alder\u2019s Trust",
        "Group Type": "Multi-academy trust", "Group Status": "Open", "Joined date": joined,
        "EstablishmentName": f"School {urn}", "TypeOfEstablishment (name)": "Academy converter",
        "PhaseOfEducation (name)": "Primary",
    } | more  # fmt: skip


def card(
    urn: int, inspected: str, grade: str = "Expected standard", **more: object
) -> dict[str, object]:
    """Return one row of the layout since November 2025 with every needed area at one grade."""
    areas = {area: grade for area in AREAS if "where applicable" not in area}
    return {
        "URN": urn, "School name": f"School {urn}", "Inspection start date": inspected,
        "Publication date": inspected,
        "Does the latest full inspection relate to the URN of the current school?": "Yes",
        "URN at time of latest full inspection": urn, **areas, "Safeguarding standards": "Met",
    } | more  # fmt: skip


def oeif(urn: int, inspected: str, overall: str, **more: object) -> dict[str, object]:
    """Return the older framework's part of a row of the layout since November 2025."""
    return {
        "URN": urn,
        "Inspection start date of latest OEIF graded inspection": inspected,
        "Does the latest OEIF graded inspection relate to the URN of the current school?": "Yes",
        "URN at time of latest OEIF graded inspection": urn,
        "Latest OEIF overall effectiveness": overall,
        "Latest OEIF quality of education": overall if overall.isdigit() else "2",
    } | more


def write_report_cards(path: Path, records: Sequence[Mapping[str, object]]) -> Path:
    """Write the layout since November 2025 as published: cp1252, NULL strings, two lines above."""
    return write_csv(
        path,
        REPORT_CARDS,
        rows_of(REPORT_CARDS, records, "NULL"),
        above=(
            "State-funded schools: most recent inspections",
            "Contents are as at the date given",
        ),
    )


def write_links(path: Path, records: Sequence[Mapping[str, object]]) -> Path:
    """Write group links as published since 2020, each row one field shorter than the header."""
    return write_csv(path, LINKS_2020, rows_of(LINKS_2020, records, ""), drop_last=True)
