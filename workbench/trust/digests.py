"""Digests of files, so that a result can say exactly what it was made from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

_TABLES = ("*.csv", "*.xlsx")


def digest_of_files(files: Iterable[Path]) -> str:
    """Return one SHA-256 of files by name and content, whatever order they are given in."""
    whole = hashlib.sha256()
    for path in sorted(files, key=lambda file: file.as_posix()):
        whole.update(f"{path.name}\0{digest_of_file(path)}\n".encode())
    return whole.hexdigest()


def digest_of_file(path: Path) -> str:
    """Return the SHA-256 of one file's content."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def digest_of_bytes(content: str | bytes) -> str:
    """Return the SHA-256 of a file's content, before it is written."""
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def digest_of_tables(folder: Path) -> str:
    """Return the digest of a trust's tables."""
    return digest_of_files(path for kind in _TABLES for path in folder.glob(kind))


def digest_of_text(text: str) -> str:
    """Return the SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()
