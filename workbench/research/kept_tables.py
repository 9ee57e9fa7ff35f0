"""Results kept as tidy tables, in Parquet and CSV, with a data dictionary and what they rest on.

The same results give the same bytes: nothing kept tells the time.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from workbench.errors import BadInput
from workbench.trust.digests import digest_of_file
from workbench.trust.folders import whole_folder

ABOUT, DICTIONARY = "about.json", "data_dictionary.csv"
_OURS = {".parquet", ".csv"}


@dataclass(frozen=True)
class Dictionary:
    """What every column of some tables means.

    Attributes:
        what: What the tables together are, in words, such as `a national picture`.
        tables: What a row of each table is.
        columns: Meaning and unit of each column of each table, in the order kept.
    """

    what: str
    tables: Mapping[str, str]
    columns: Mapping[str, Mapping[str, tuple[str, str]]]

    def frame(self) -> pd.DataFrame:
        """Return one row a column of every table: table, what_a_row_is, column, meaning, unit."""
        return pd.DataFrame(
            [
                (table, self.tables[table], column, meaning, unit)
                for table, columns in self.columns.items()
                for column, (meaning, unit) in columns.items()
            ],
            columns=["table", "what_a_row_is", "column", "meaning", "unit"],
        )


def keep_tables(
    tables: Mapping[str, pd.DataFrame],
    dictionary: Dictionary,
    about: Mapping[str, object],
    folder: Path,
) -> Path:
    """Write tables, their data dictionary, and what they rest on.

    Args:
        tables: By name; columns in the order of the dictionary.
        dictionary: What their columns mean.
        about: What they rest on, as plain data.
        folder: A new or empty folder, or one of earlier such tables, which these take the place of.

    Returns:
        The folder.

    Raises:
        BadInput: The folder holds anything else.
    """
    folder = folder.resolve()
    refuse_unless_ours(folder, dictionary.what)
    with whole_folder(folder) as stage:
        for name, table in tables.items():
            whole = pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(None)
            pq.write_table(whole, stage / f"{name}.parquet", compression="zstd", store_schema=False)
            _write_csv(table, stage / f"{name}.csv")
        own = dictionary.frame()
        _write_csv(own[own["table"].isin(tables)], stage / DICTIONARY)
        digests = {path.name: digest_of_file(path) for path in sorted(stage.iterdir())}
        text = json.dumps(dict(about) | {"sha256": digests}, indent=2, ensure_ascii=False)
        (stage / ABOUT).write_text(f"{text}\n", encoding="utf-8", newline="\n")
    return folder


def _write_csv(table: pd.DataFrame, path: Path) -> None:
    table.to_csv(path, index=False, float_format="%.6g", lineterminator="\n", encoding="utf-8")


def refuse_unless_ours(folder: Path, what: str) -> None:
    """Refuse a folder that holds anything but earlier tables: before the work, not after it.

    Args:
        folder: Where tables are to be kept.
        what: What they are, as `Dictionary.what`.

    Raises:
        BadInput: It holds anything else, or is no folder.
    """
    if not folder.exists():
        return
    found = sorted(folder.iterdir()) if folder.is_dir() else [folder]
    strange = [path for path in found if path.name != ABOUT and path.suffix not in _OURS]
    if strange or (found and not (folder / ABOUT).is_file()):
        raise BadInput(
            f"{folder} holds something else than {what}",
            where=str((strange or found)[0]),
            rule=f"{what} is kept in a new or empty folder, or in place of an earlier one",
            mend="name a folder that does not exist yet",
        )
