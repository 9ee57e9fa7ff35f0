"""The digest of a trust covers every file that is ever read of it, and no other."""

from __future__ import annotations

import shutil
import tracemalloc
from pathlib import Path

import pytest

from workbench import paths
from workbench.trust.digests import (
    digest_of_file,
    digest_of_files,
    digest_of_tables,
    files_of_trust,
)
from workbench.trust.document_files import locate
from workbench.trust.published.england import SIDECAR, TABLE

READ = ("schools.csv", "BUDGET.XLSX", "documents/vision.txt", "documents/Plan.PDF", TABLE, SIDECAR)
NOT_READ = ("notes.md", "~$schools.xlsx", "documents/photo.png", "documents/old/vision.txt",
            "documents/.hidden.txt", "reference/other.parquet")  # fmt: skip


@pytest.fixture
def trust(tmp_path: Path) -> Path:
    for name in (*READ, *NOT_READ):
        (tmp_path / "trust" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "trust" / name).write_text(name, encoding="utf-8")
    return tmp_path / "trust"


def test_every_file_that_is_read_counts_and_no_other(trust: Path) -> None:
    assert set(files_of_trust(trust)) == set(READ)
    before = digest_of_tables(trust)
    for name in NOT_READ:
        (trust / name).write_text("changed", encoding="utf-8")
    assert digest_of_tables(trust) == before
    for name in READ:
        (trust / name).write_text("changed", encoding="utf-8")
        assert digest_of_tables(trust) != before, name
        (trust / name).write_text(name, encoding="utf-8")
    assert digest_of_tables(trust) == before


def test_every_document_of_the_demo_counts() -> None:
    files = files_of_trust(paths.demo())
    names = [path.name for path in (paths.demo() / "documents").iterdir()]
    assert names
    for name in names:
        assert files[f"documents/{name}"] == locate(paths.demo(), name)


def test_a_trust_of_tables_alone_has_the_digest_of_its_tables(trust: Path) -> None:
    shutil.rmtree(trust / "documents")
    shutil.rmtree(trust / "reference")
    tables = [trust / name for name in ("schools.csv", "BUDGET.XLSX")]
    assert digest_of_tables(trust) == digest_of_files(tables)


def test_a_document_outside_the_trust_is_not_read(trust: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (trust / "documents" / "link.txt").symlink_to(tmp_path / "secret.txt")
    assert "documents/link.txt" not in files_of_trust(trust)


def test_a_folder_that_is_not_there_has_no_files(tmp_path: Path) -> None:
    assert files_of_trust(tmp_path / "absent") == {}


def test_the_digest_of_a_large_file_takes_no_memory_with_its_size(tmp_path: Path) -> None:
    large = tmp_path / "large.zip"
    with large.open("wb") as file:
        file.truncate(64 * 1024 * 1024)
    tracemalloc.start()
    try:
        found = digest_of_file(large)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # FIPS 180-4 (2015), Secure Hash Standard, of 64 MiB of zeros, as `sha256sum` prints it.
    assert found == "3b6a07d0d404fab4e23b6d34bc6696a6a312dd92821332385e5af7c01c421351"
    assert most < 4 * 1024 * 1024
