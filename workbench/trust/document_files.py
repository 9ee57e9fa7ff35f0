"""The trust's documents as files: where one lies, whether it may be read, and its text.

A document comes from outside, so a path never leaves the folder `documents`, sizes are limited
before anything is unpacked, and whatever is wrong with a file becomes a sentence.
"""

from __future__ import annotations

import logging
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.trust.faults import Fault, Unreadable, printable

if TYPE_CHECKING:
    from workbench.trust.crosschecks import Examined

FOLDER = "documents"
ENDINGS = (".txt", ".docx", ".pdf")
MOST_BYTES = 20_000_000
MOST_UNPACKED = 100_000_000
MOST_PAGES = 500
MOST_CHARACTERS = 5_000_000

_PARAGRAPH = "\n\n"
_COPY = "save it again as .txt, .docx or .pdf"


def document_faults(folder: Path, examined: Mapping[str, Examined]) -> Iterator[Fault]:
    """Give a fault for every row of `documents` whose file is not there or is of another form.

    Args:
        folder: The trust's folder.
        examined: The tables after their cells were judged.
    """
    if "documents" not in examined:
        return
    one = examined["documents"]
    for row, name in one.values["file"][one.sound["file"]].items():
        try:
            locate(folder, str(name))
        except Unreadable as fault:
            yield one.fault(int(str(row)), ("file",), fault.rule, fault.message, fault.mend)


def locate(folder: Path, name: str) -> Path:
    """Return the path of a document of the trust.

    Raises:
        Unreadable: The name has another ending, is more than a name, or no such file lies in the
            folder `documents`; a link that leads out of the folder counts as no file.
    """
    if "/" in name or "\\" in name or name.startswith("."):
        raise Unreadable(
            "file is a path, not the name of a file in the folder documents",
            "put the document in the folder documents and write its name alone",
            rule="document_path",
        )
    path = folder / FOLDER / name
    if path.suffix.casefold() not in ENDINGS:
        raise Unreadable(
            f"a document of this form is not read, only {', '.join(ENDINGS)}", _COPY,
            rule="document_form",
        )  # fmt: skip
    home = folder.resolve()
    try:
        there = path.is_file() and path.resolve().is_relative_to(home / FOLDER)
    except (OSError, RuntimeError):  # a name too long for the system, or links in a circle
        there = False
    if not there:
        raise Unreadable(
            f"there is no file {printable(name)} in the folder documents of the trust",
            "put the document there, or correct its name",
            rule="document_missing",
        )
    return path


def read_text(path: Path) -> str:
    """Return a document's text, its paragraphs parted by blank lines.

    Raises:
        Unreadable: It cannot be opened, is too large, has a password, or holds no text.
    """
    readers = {".txt": _plain_text, ".docx": _word_text, ".pdf": _pdf_text}
    try:
        if path.stat().st_size > MOST_BYTES:
            raise _too_large(f"it is larger than {MOST_BYTES // 1_000_000} MB")
        text = readers[path.suffix.casefold()](path)
    except Unreadable:
        raise
    except OSError as fault:
        raise Unreadable(
            f"it cannot be opened ({fault.strerror or 'the system refused'})",
            "close it elsewhere, or copy it anew",
        ) from fault
    except Exception as fault:  # a damaged file can break its reader in any way
        raise Unreadable(
            f"its parts do not fit together ({type(fault).__name__})", _COPY
        ) from fault
    if not text.strip():
        raise Unreadable(
            "there is no text in it; it may be a scan, an image of its pages",
            "have its text recognised, or add the document it was printed from",
        )
    return text[:MOST_CHARACTERS]


def _too_large(message: str) -> Unreadable:
    return Unreadable(message, "take out its pictures, or split it")


def _plain_text(path: Path) -> str:
    data = path.read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data:
        raise Unreadable("it is not text in UTF-8", "save it as text in UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _word_text(path: Path) -> str:
    """Read the paragraphs and the cells of tables, in the order in which they stand."""
    if not zipfile.is_zipfile(path):
        raise Unreadable("it is not a Word document (.docx), or has a password", _COPY)
    with zipfile.ZipFile(path) as archive:
        if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
            raise _too_large(f"it unpacks to more than {MOST_UNPACKED // 1_000_000} MB")
    import docx  # noqa: PLC0415 - slow to import, and few commands read documents
    from docx.table import Table  # noqa: PLC0415

    def blocks(holder: object) -> Iterator[str]:
        for block in holder.iter_inner_content():  # type: ignore[attr-defined]
            if isinstance(block, Table):
                seen = set()
                for cell in (cell for row in block.rows for cell in row.cells):
                    if cell._tc not in seen:  # a merged cell is given once for each it covers
                        seen.add(cell._tc)
                        yield from blocks(cell)
            else:
                yield block.text

    return _PARAGRAPH.join(blocks(docx.Document(str(path))))


def _pdf_text(path: Path) -> str:
    import pypdf  # noqa: PLC0415 - slow to import, and few commands read documents

    with _quiet("pypdf"), path.open("rb") as stream:
        reader = pypdf.PdfReader(stream)
        if reader.is_encrypted and not _opened_without_password(reader):
            raise Unreadable("it has a password", "save it without one")
        if len(reader.pages) > MOST_PAGES:
            raise _too_large(f"it has more than {MOST_PAGES} pages")
        texts: list[str] = []
        characters = 0
        for page in reader.pages:
            texts.append(page.extract_text())
            characters += len(texts[-1])
            if characters > MOST_CHARACTERS:
                break
        return "\n".join(texts)


def _opened_without_password(reader: object) -> bool:
    try:
        return bool(reader.decrypt(""))  # type: ignore[attr-defined]
    except Exception:  # a cipher that is not known here, or damaged
        return False


@contextmanager
def _quiet(logger: str) -> Iterator[None]:
    """Keep what a reader would say about a file from the user: it is not theirs to mend."""
    log = logging.getLogger(logger)
    level = log.level
    log.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        log.setLevel(level)
