"""Digests of files, so that a result can say exactly what it was made from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from workbench.trust.document_files import ENDINGS, FOLDER

_TABLES = {".csv", ".xlsx"}
_REFERENCE = ("reference/england_schools.parquet", "reference/england_schools.json")


def digest_of_files(files: Iterable[Path]) -> str:
    """Return one SHA-256 of files by name and content, whatever order they are given in."""
    return _whole((path.name, path) for path in sorted(files, key=lambda file: file.as_posix()))


def digest_of_file(path: Path) -> str:
    """Return the SHA-256 of one file's content, of which never more than a piece is in memory."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_of_bytes(content: str | bytes) -> str:
    """Return the SHA-256 of a file's content, before it is written."""
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def files_of_trust(folder: Path) -> dict[str, Path]:
    """Return every file of a trust that is ever read, by its path in the trust's folder, in order.

    They are its tables, its documents, and the table of England's schools that an import keeps
    with it. Empty where the folder is not there.
    """
    if not folder.is_dir():
        return {}
    tables = [path for path in folder.iterdir() if path.suffix.casefold() in _TABLES]
    own = [path for path in (folder / FOLDER).glob("*") if path.suffix.casefold() in ENDINGS]
    home = folder.resolve() / FOLDER
    documents = [path for path in own if path.is_file() and path.resolve().is_relative_to(home)]
    found = [*tables, *documents, *(folder / name for name in _REFERENCE)]
    return {
        path.relative_to(folder).as_posix(): path
        for path in sorted(found, key=lambda file: file.as_posix())
        if path.is_file() and not path.name.startswith((".", "~$"))
    }


def digest_of_tables(folder: Path) -> str:
    """Return one digest of everything of a trust that is ever read; see `files_of_trust`."""
    return _whole(files_of_trust(folder).items())


def digest_of_text(text: str) -> str:
    """Return the SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def _whole(files: Iterable[tuple[str, Path]]) -> str:
    whole = hashlib.sha256()
    for name, path in files:
        whole.update(f"{name}\0{digest_of_file(path)}\n".encode())
    return whole.hexdigest()
