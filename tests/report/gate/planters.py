"""Files with one thing planted in each that may not leave the trust, made without the gate's code.

All people are invented. A plant says what the gate must name, and where.
"""

from __future__ import annotations

import base64
import io
import json
import shutil
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import quote

import weasyprint
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, TextStringObject

NAME = "Joanna Brandywine"
OTHER_NAME = "Tobias Quillfeather"
PSEUDONYM = "P031"
POST = "HEAD-900012"
COMMENT = "Our year nine lessons are covered by somebody new nearly every single week"
SHORT_COMMENT = "bullied behind the bikeshed"
DOCUMENT = "My door is open and my telephone is on"
DOTS = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
    "awAAAABJRU5ErkJggg=="
)  # one dot, made for this test
SCHOOL = "Cobblewick Primary School"


@dataclass(frozen=True)
class Plant:
    """A file with something planted.

    Attributes:
        title: What is planted, and how.
        file: The file's name.
        data: The file.
        where: A part of the place the gate must give.
        what: A part of what the gate must say stands there.
    """

    title: str
    file: str
    data: bytes
    where: str
    what: str


def trust_with_names(demo: Path, folder: Path) -> Path:
    """Copy the demo trust, with names in its people table and comments in a survey."""
    target = Path(shutil.copytree(demo, folder / "trust"))
    people = target / "people.csv"
    text = people.read_text(encoding="utf-8")
    for pseudonym, name in (("P001", NAME), ("P002", OTHER_NAME)):
        assert f",{pseudonym}," in text
        text = text.replace(f",{pseudonym},", f",{name},")
    people.write_text(text, encoding="utf-8")
    survey = target / "staff_survey.csv"
    head, first, second, *rest = survey.read_text(encoding="utf-8").splitlines()
    lines = [f"{head},comment", f"{first},{COMMENT}", f"{second},{SHORT_COMMENT}"]
    survey.write_text("\n".join([*lines, *(f"{line}," for line in rest), ""]), encoding="utf-8")
    return target


def page(body: str = "", head: str = "") -> str:
    """Return a small report page in which nothing is planted but what is given."""
    return (
        '<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>Review</title>'
        f"{head}</head><body><main><h1>Review of a school</h1><h2>What people say</h2>"
        "<p>81% of 21 answers agree; about 3 in 20 futures break a limit in 2026/27.</p>"
        f"{table([('Quillmarsh Primary School', '20')])}{body}</main></body></html>"
    )


def table(rows: Sequence[tuple[str, ...]], heads: tuple[str, ...] = ("School", "Answers"),
          caption: str = "Staff who share the vision") -> str:  # fmt: skip
    """Return a table of a page."""
    cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    headed = "".join(f"<th>{head}</th>" for head in heads)
    return (
        f"<table><caption>{caption}</caption><thead><tr>{headed}</tr></thead>"
        f"<tbody>{cells}</tbody></table>"
    )


def uri(kind: str, text: str) -> str:
    """Return a `data:` address."""
    return f"data:{kind};base64,{base64.b64encode(text.encode()).decode()}"


Planted = tuple[str, str, str, str]  # title, body, where, what


def entities(text: str) -> str:
    """Return text with every letter as an entity, decimal and hexadecimal in turn."""
    return "".join(f"&#{ord(c)};" if at % 2 else f"&#x{ord(c):x};" for at, c in enumerate(text))


def in_pages() -> list[Plant]:
    """Plant in pages."""
    bodies = [*_names(), *_people(), *_numbers(), *_addresses()]
    return [
        Plant(title, f"plant{number}.html", page(body).encode(), where, what)
        for number, (title, body, where, what) in enumerate(bodies)
    ]


def _names() -> list[Planted]:
    """Return names of people, in letters and in what holds them."""
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><text x="1" y="2">{}</text></svg>'
    drawn = uri("image/svg+xml", svg.format(NAME))
    nested = uri("image/svg+xml", f'<svg><image href="{drawn}"/></svg>')
    cyrillic = NAME.replace("o", "\u043e").replace("a", "\u0430")
    full_width = "".join(chr(ord(c) + 0xFEE0) if c != " " else c for c in NAME)
    return [
        ("a name in a sentence", f"<p>Led by {NAME} since May.</p>", "What people say", NAME),
        ("a name cut by a tag", "<p>Led by <b>Jo</b>anna Brandy<i>wine</i>.</p>", "section", NAME),
        ("a name as entities", f"<p>{entities(NAME)}</p>", "What people say", NAME),
        ("a name with zero-width letters", f"<p>{chr(0x200B).join(NAME)}</p>", "section", NAME),
        ("a name with soft hyphens", "<p>Joan&shy;na Brandy&shy;wine</p>", "section", NAME),
        ("a name in Cyrillic look-alikes", f"<p>{cyrillic}</p>", "section", NAME),
        ("a name in full-width letters", f"<p>{full_width}</p>", "section", NAME),
        ("a surname alone", "<p>Ask Brandywine about it.</p>", "What people say", "Brandywine"),
        ("a name in capitals", f"<p>{NAME.upper()}</p>", "section", NAME.upper()),
        ("a name over two cells", table([("Joanna", "Brandywine")]), "table", NAME),
        ("a name in a comment", f"<!-- thanks to {NAME} -->", "comment", NAME),
        ("a name in an alt text", f'<img alt="{NAME} at work" src="">', "attribute alt", NAME),
        ("a name in a hidden element", f"<p hidden>{NAME}</p>", "hidden element", NAME),
        ("a name in an unseen style", f'<p style="display: none">{NAME}</p>', "hidden", NAME),
        ("a name in embedded JSON",
         f'<script type="application/json">{json.dumps({"lead": NAME})}</script>', "script", NAME),
        ("a name in escaped JSON",
         '<script type="application/json">{"a": "\\u004aoanna Brandywine"}</script>', "script",
         NAME),
        ("a name in the words of a style", f'<style>p::before{{content:"{NAME}"}}</style>',
         "style", NAME),
        ("a name in the text of a picture", f'<img alt="" src="{drawn}">', "attribute src", NAME),
        ("a name in the percent-encoded text of a picture",
         f'<img alt="" src="data:image/svg+xml,{quote(svg.format(NAME))}">', "attribute src", NAME),
        ("a name in a picture within a picture", f'<img alt="" src="{nested}">',
         "attribute href of <image>", NAME),
    ]  # fmt: skip


def _people() -> list[Planted]:
    """Return codes of posts, scripts, and what people wrote."""
    return [
        ("a pseudonym", f"<p>{PSEUDONYM} has 12 days free.</p>", "section", PSEUDONYM),
        ("a pseudonym with a hyphen", "<p>P-031 has time.</p>", "section", "P-031"),
        ("a pseudonym with a space", "<p>P 031 has time.</p>", "section", "P 031"),
        ("a pseudonym over two cells", table([("P", "031")], ("A", "B"), "Ours"), "table", "P 031"),
        ("the code of a post with a space", "<p>Ask HEAD 900012.</p>", "section", "HEAD 900012"),
        ("the code of a post in one word", "<p>Ask LEAD1.</p>", "section", "LEAD1"),
        ("a role with its number", "<p>Ask Lead 1.</p>", "section", "Lead 1"),
        ("a pseudonym in base64", f'<p data-note="{uri("", PSEUDONYM).split(",")[1]}">A</p>',
         "base64 in attribute data-note", PSEUDONYM),
        ("a pseudonym that a script puts together", '<script>show("P0"+"31")</script>', "script",
         'P0"+"31'),
        ("a script", '<script>show(String.fromCharCode(80))</script>', "script",
         "other than the workbench's own"),
        ("a script in an attribute", '<p onclick="show()">A</p>', "attribute onclick",
         "other than the workbench's own"),
        ("the code of a post", f"<p>Owner: {POST}</p>", "section", POST),
        ("a person with a title", "<p>Thanks to Mrs Applegarth.</p>", "section", "Mrs Applegarth"),
        ("a comment of a survey", f"<p>One said: {COMMENT}.</p>", "section", "covered by somebody"),
        ("a part of a comment, other case and spaces",
         "<p>LESSONS ARE\u2003COVERED\n by  somebody new</p>", "section", "staff_survey"),
        ("a comment over two paragraphs",
         "<p>Our year nine lessons</p><p>are covered by somebody new</p>", "section", "comment"),
        ("a short comment", f"<p>And: {SHORT_COMMENT}!</p>", "section", SHORT_COMMENT),
        ("a sentence of a document", f"<li>{DOCUMENT}.</li>", "section", "document 2018"),
    ]  # fmt: skip


def _numbers() -> list[Planted]:
    """Return small numbers."""
    csv = "School,Answers\r\n{},{}\r\n"
    return [
        ("a small number in a table", table([(SCHOOL, "6")]), "column Answers", "6 under"),
        ("a small number of pupils", table([(SCHOOL, "4")], ("School", "Pupils"), "Results"),
         "column Pupils", "4 under 'Pupils'"),
        ("a small number in words", "<p>Only four respondents agreed.</p>", "section",
         "four respondents"),
        ("a small part of a number", "<p>3 of 14 pupils are absent.</p>", "section", "3 of 14"),
        ("a small number behind a label", "<p>Answers: 7</p>", "section", "Answers: 7"),
        ("a small number in brackets", "<p>Agreed by 80% (n = 5).</p>", "section", "n = 5"),
        ("a small number told of a school",
         f"<p>At {SCHOOL}, 6 of those who answered agree.</p>", "section", "answers of staff"),
        ("a small number where only the caption says of whom",
         table([("A", "3", "41")], ("School", "Autumn", "Spring"), "Pupils persistently absent"),
         "column Autumn", "3 under 'Pupils persistently absent'"),
        ("a small number where only the row says of whom",
         table([("Pupils persistently absent", "3", "41")], ("", "Autumn term", "2025/26"), "Ours"),
         "column Autumn term", "3 under 'Pupils persistently absent'"),
        ("a small number with a nought after the point",
         table([("A", "4.0")], ("School", "Pupils"), "Ours"), "column Pupils", "4.0 under"),
        ("a small number with its share",
         table([("A", "4 (2%)")], ("School", "Pupils"), "Ours"), "column Pupils", "4 (2%) under"),
        ("a small number as a word in a table",
         table([("A", "four")], ("School", "Pupils"), "Ours"), "column Pupils", "four under"),
        ("a small number in a list of terms",
         "<dl><dt>Pupils excluded</dt><dd>4</dd></dl>", "list, row 2", "4 under 'Pupils excluded'"),
        ("a small number of boys", table([("A", "3")], ("School", "Boys"), "Ours"), "column Boys",
         "3 under 'Boys'"),
        ("a number that a total gives away",
         table([("A", "held back", "60"), ("B", "41", "70"), ("Total", "45", "130")],
               ("School", "Persistently absent", "Other pupils"), "Pupils"),
         "row 2, column Persistently absent", "4 to 4"),
        ("a small number in the data of a figure",
         f'<a href="{uri("text/csv", csv.format(SCHOOL, 6))}">Data</a>', "CSV, cell B2", "6 under"),
    ]  # fmt: skip


def _addresses() -> list[Planted]:
    """Return addresses, and things from elsewhere."""
    return [
        ("an e-mail address", "<p>head@cobblewick.example</p>", "section", "e-mail address"),
        ("an e-mail address in disguise", "<p>head [at] cobblewick [dot] example</p>", "section",
         "e-mail address"),
        ("a link to write to", '<a href="mailto:head@cobblewick.example">Ask</a>', "attribute href",
         "mailto"),
        ("a telephone number", "<p>Call 01632 960 983.</p>", "section", "01632 960 983"),
        ("a mobile number", "<p>+44 7700 900123</p>", "section", "+44 7700 900123"),
        ("a script from elsewhere", '<script src="//cdn.example/a.js"></script>', "attribute src",
         "//cdn.example"),
        ("a style from elsewhere", "<style>@import 'https://fonts.example/a.css';</style>",
         "style", "fonts.example"),
        ("a background from elsewhere", '<p style="background:url(https://x.example/1.png)"></p>',
         "style", "x.example"),
        ("a path of the machine", "<p>/home" "/analyst/trust/people.csv</p>", "section", "/home/"),
        ("a path of another machine", r"<p>C:\Users\analyst\trust</p>", "section", "C:"),
    ]  # fmt: skip


def printed(body: str, change: Callable[[PdfWriter], None] | None = None) -> bytes:
    """Return a tagged PDF of a page, changed where asked."""
    made: bytes = weasyprint.HTML(string=page(body)).write_pdf(pdf_variant="pdf/ua-1")
    if change is None:
        return made
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(made)))
    change(writer)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def _titled(writer: PdfWriter) -> None:
    writer.add_metadata({"/Author": NAME})


def _attached(writer: PdfWriter) -> None:
    writer.add_attachment("notes.csv", f"School,Answers\n{SCHOOL},6\n".encode())


def _noted(writer: PdfWriter) -> None:
    page_one = writer.pages[0]
    for reference in page_one.get("/Annots", ()):
        reference.get_object()[NameObject("/Contents")] = TextStringObject(f"Ask {NAME}")


def in_print() -> list[Plant]:
    """Plant in PDFs."""
    picture = uri("image/svg+xml", '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    return [
        Plant("a name in print", "a.pdf", printed(f"<p>Led by {NAME}.</p>"), "page 1", NAME),
        Plant("a name in print beside a letter of another script", "r.pdf",
              printed(f"<p>Led by {NAME}. \u4e2d</p>"), "page 1", NAME),
        Plant("a name in an alt text in print", "b.pdf",
              printed(f'<p><img alt="{NAME} at work" src="{picture}"></p>'), "alt text", NAME),
        Plant("a name in the properties in print", "c.pdf", printed("", _titled),
              "property Author", NAME),
        Plant("a small number in a table in print", "d.pdf", printed(table([(SCHOOL, "6")])),
              "table 'Staff who share the vision', row 2, column Answers", "6 under"),
        Plant("a small number in an attachment", "e.pdf", printed("", _attached),
              "attachment notes.csv", "6 under"),
        Plant("a link in print", "f.pdf", printed('<a href="https://x.example/a">More</a>'),
              "URI", "https://x.example"),
        Plant("a name in a note in print", "g.pdf",
              printed('<a href="#a">More</a><p id="a">Here</p>', _noted), "Contents", NAME),
        Plant("a comment of a survey in print", "h.pdf", printed(f"<p>{COMMENT * 2}</p>"),
              "page 1", "staff_survey"),
    ]  # fmt: skip


def zipped(files: dict[str, bytes]) -> bytes:
    """Return an archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


def in_others() -> list[Plant]:
    """Plant in archives, plain files and names of files."""
    inner = zipped({"inner/page.html": page(f"<p>{NAME}</p>").encode()})
    return [
        Plant("a name in an archive", "a.zip", inner, "inner/page.html", NAME),
        Plant("a name in the name of a file", "joanna-brandywine.html", page().encode(),
              "the file's name", "joanna-brandywine"),
        Plant("a small number in a CSV", "b.csv", f"School,Answers\n{SCHOOL},6\n".encode(),
              "cell B2", "6 under"),
        Plant("a formula in a CSV", "f.csv", b'School,Lead\nA,"=""P0""&""31"""\n', "cell B2",
              "its formula can spell anything"),
        Plant("a file in no known form", "c.bin", b"\x00\x01\x02\x03" * 50, "the file",
              "cannot be read"),
        Plant("a picture in print", "p.pdf", printed(f'<img alt="Staff" src="{DOTS}">'), "page 1",
              "made of dots"),
        Plant("a picture", "p.html", page(f'<img alt="Staff" src="{DOTS}">').encode(),
              "attribute src", "made of dots"),
        Plant("a text", "d.txt", f"{escape(NAME)}\n".encode(), "line 1", NAME),
    ]  # fmt: skip


def all_plants() -> list[Plant]:
    """Return every plant but those in workbooks, which stand in `planted_books`."""
    return [*in_pages(), *in_print(), *in_others()]
