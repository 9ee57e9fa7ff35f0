"""How large a file may be before it is refused unread: one limit for every reader."""

from __future__ import annotations

import zipfile
from pathlib import Path

from workbench.trust.faults import Unreadable

MOST_BYTES = 100_000_000
MOST_UNPACKED = 400_000_000
LONGEST_CELL = 1_000_000


def refuse_large(path: Path) -> None:
    """Refuse a file that is too large, packed or unpacked, before anything of it is read.

    Raises:
        Unreadable: The file is larger than 100 MB, or an archive unpacks to more than 400 MB.
        OSError: The file cannot be opened.
    """
    if path.stat().st_size > MOST_BYTES:
        raise Unreadable(f"the file is larger than {MOST_BYTES // 1_000_000} MB", "split it")
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
        if unpacked > MOST_UNPACKED:
            most = MOST_UNPACKED // 1_000_000
            raise Unreadable(f"the workbook unpacks to more than {most} MB", "split it")
