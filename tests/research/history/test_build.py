"""The panel as files: a frozen schema with its dictionary, the same bytes for the same sources."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from tests.research.history.published import write_history, write_snapshot, write_urn_links
from workbench import paths
from workbench.errors import BadInput
from workbench.research.history import build, built, membership_history
from workbench.research.history.dictionary import page
from workbench.research.history.tables import CODES, SCHEMA_VERSION, TABLES, read_table


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A folder of two snapshots, a link and a ratings history."""
    folder = tmp_path / "published"
    write_snapshot(folder, "20190917", [(900002, 70, "01-09-2015")])
    write_snapshot(folder, "20200915", [(900002, 71, "01-02-2020"), (900003, 70, "01-10-2019")])
    write_urn_links(folder, "20200110", [(900002, 900001, "Predecessor", "01-09-2015")])
    write_history(folder, [(900001, "Good", "20140505"), (900002, "Inadequate", "20180606")])
    return folder


def test_every_table_has_its_frozen_columns_and_types(published: Path, tmp_path: Path) -> None:
    panel = build(published, tmp_path / "panel")

    for name, table in TABLES.items():
        kept = pq.read_schema(panel / f"{name}.parquet")
        assert kept.names == table.names
        assert kept.types == table.schema.types
        assert all(field.metadata[b"meaning"] for field in kept)
        frame = read_table(table, panel)
        assert frame.dtypes.astype("str").to_dict() == {
            column: str(pd.Series(dtype=kind).dtype) for column, kind in table.dtypes.items()
        }
        assert not frame.duplicated(list(table.key)).any()


def test_the_dictionary_explains_every_column_and_every_code(
    published: Path, tmp_path: Path
) -> None:
    panel = build(published, tmp_path / "panel")

    explained = pd.read_csv(panel / "data_dictionary.csv")
    codes = pd.read_csv(panel / "codes.csv")

    assert explained.groupby("table").size().to_dict() == {
        name: len(table.columns) for name, table in TABLES.items()
    }
    assert explained["meaning"].str.endswith(".").all()
    assert codes.groupby("column").size().sum() == sum(map(len, CODES.values()))


def test_the_page_in_docs_is_what_the_code_says() -> None:
    stored = (paths.home() / "docs" / "england_history.md").read_text(encoding="utf-8")

    assert stored == page()


def test_the_schema_is_frozen() -> None:
    # Other tables, columns or types break who reads a stored panel: change SCHEMA_VERSION with it.
    shape = {name: [(c.name, c.kind, c.required) for c in TABLES[name].columns] for name in TABLES}
    digest = hashlib.sha256(json.dumps(shape).encode()).hexdigest()[:12]

    assert (SCHEMA_VERSION, digest) == (1, "129a800ca882")


def test_the_same_files_give_the_same_bytes(published: Path, tmp_path: Path) -> None:
    one, other = build(published, tmp_path / "one"), build(published, tmp_path / "other")

    names = sorted(path.relative_to(one) for path in one.rglob("*") if path.is_file())
    assert len(names) > len(TABLES)
    assert [(one / name).read_bytes() for name in names] == [
        (other / name).read_bytes() for name in names
    ]


def test_every_source_is_named_with_its_checksum(published: Path, tmp_path: Path) -> None:
    manifest = json.loads((build(published, tmp_path / "panel") / "history.json").read_text())

    assert manifest["snapshots"] == ["2019-09-17", "2020-09-15"]
    assert len(manifest["sources"]) == 4
    assert all(len(source["sha256"]) == 64 for source in manifest["sources"])
    assert manifest["tables"]["memberships"] == 3


def test_a_panel_is_built_once_for_the_same_files(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "outputs", lambda: tmp_path / "outputs")

    first = built(published)
    mark = first / "mark"
    mark.touch()

    assert built(published) == first
    assert mark.exists()
    assert built(first) == first
    assert len(membership_history(published)) == 3
    write_history(published, [(900001, "Good", "20140505")])
    assert built(published) != first


def test_an_earlier_panel_is_replaced_whole(published: Path, tmp_path: Path) -> None:
    panel = build(published, tmp_path / "panel")
    (panel / "mark").touch()

    assert build(published, panel) == panel
    assert not (panel / "mark").exists()


def test_a_folder_of_anything_else_is_never_written_over(published: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").touch()

    with pytest.raises(BadInput, match="holds something else"):
        build(published, tmp_path / "mine")


def test_files_without_group_links_are_refused(tmp_path: Path) -> None:
    write_history(tmp_path, [(900001, "Good", "20140505")])

    with pytest.raises(BadInput, match="no GIAS group links"):
        build(tmp_path, tmp_path / "panel")


def test_a_panel_of_another_version_is_refused(published: Path, tmp_path: Path) -> None:
    panel = build(published, tmp_path / "panel")
    manifest = json.loads((panel / "history.json").read_text())
    for spoilt in (json.dumps(manifest | {"schema": 99}), "no JSON"):
        (panel / "history.json").write_text(spoilt)

        with pytest.raises(BadInput, match="of another version"):
            built(panel)
