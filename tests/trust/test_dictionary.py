"""The data dictionary says what the contracts say."""

from __future__ import annotations

from workbench.paths import demo
from workbench.trust.contracts import TABLES
from workbench.trust.dictionary import data_dictionary


def test_the_committed_page_is_current() -> None:
    """If not: python -m workbench.trust.dictionary > data/README.md."""
    page = demo().parent / "README.md"

    assert page.read_text(encoding="utf-8") == data_dictionary()


def test_every_column_has_its_line() -> None:
    page = data_dictionary()

    for table in TABLES.values():
        section = page.split(f"## `{table.name}`")[1].split("\n## ")[0]
        for column in table.columns:
            [line] = [
                line for line in section.splitlines() if line.startswith(f"| `{column.name}`")
            ]
            assert ("* |" in line) == column.required
            assert column.description in line
