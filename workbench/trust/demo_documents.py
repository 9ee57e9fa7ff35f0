"""Documents of the demo trust: fictional prose as text, a DOCX and a PDF, always the same bytes.

The two binary files are written by hand because the libraries that write them put the present
time, or their own version, into each file.
"""

from __future__ import annotations

import io
import textwrap
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

from workbench.trust.demo_document_texts import DOCUMENTS
from workbench.trust.demo_draws import Row

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_NEW_YEAR = (2026, 1, 1, 0, 0, 0)
_LINE, _TOP, _LEFT, _SIZE = 15, 790, 56, 11  # points, on a page of A4
_LINES_A_PAGE = 48


def document_rows() -> list[Row]:
    """Write the list of the documents."""
    return [
        (document.code, document.title, document.kind, document.dated, document.file)
        for document in DOCUMENTS
    ]


def write_documents(folder: Path) -> None:
    """Write every document into a folder, which is made where it is absent."""
    folder.mkdir(parents=True, exist_ok=True)
    for document in DOCUMENTS:
        paragraphs = [document.title, *document.paragraphs]
        form = Path(document.file).suffix
        writer = {".txt": _as_text, ".docx": _as_docx, ".pdf": _as_pdf}[form]
        (folder / document.file).write_bytes(writer(paragraphs))


def _as_text(paragraphs: list[str]) -> bytes:
    filled = "\n\n".join(textwrap.fill(paragraph, 90) for paragraph in paragraphs)
    return f"{filled}\n".encode()


def _as_docx(paragraphs: list[str]) -> bytes:
    """A word-processor file of plain paragraphs (ECMA-376, Office Open XML, 2006)."""
    body = "".join(
        f'<w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'
        for text in paragraphs
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_MAIN}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{_WORD}"><w:body>{body}<w:sectPr/></w:body>'
        "</w:document>",
    }
    file = io.BytesIO()
    # Stored, not packed: how tightly bytes are packed differs between versions of zlib.
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, _NEW_YEAR)
            entry.create_system = 0
            archive.writestr(entry, _HEAD + text)
    return file.getvalue()


def _as_pdf(paragraphs: list[str]) -> bytes:
    """Pages of text in one of the fonts every reader has (ISO 32000-1:2008, 9.6.2.2)."""
    lines: list[str] = []
    for paragraph in paragraphs:
        lines.extend([*textwrap.wrap(paragraph, 88), ""])
    pages = [lines[at : at + _LINES_A_PAGE] for at in range(0, len(lines), _LINES_A_PAGE)]
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, page in enumerate(pages):
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * number} 0 R >>"
        )
        shown = "\n".join(f"({_in_pdf(line)}) Tj T*" for line in page)
        stream = f"BT /F1 {_SIZE} Tf {_LINE} TL {_LEFT} {_TOP} Td\n{shown}\nET"
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    return _with_places(objects)


def _in_pdf(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _with_places(objects: list[str]) -> bytes:
    """A PDF of these objects, with the table that says at which byte each begins."""
    file = b"%PDF-1.4\n"
    places = []
    for number, text in enumerate(objects, start=1):
        places.append(len(file))
        file += f"{number} 0 obj\n{text}\nendobj\n".encode("ascii")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}"
    end += f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(file)}\n%%EOF\n"
    return file + end.encode("ascii")
