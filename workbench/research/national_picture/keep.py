"""The national picture kept as tidy tables, in Parquet and CSV, with a data dictionary.

The same picture gives the same bytes: nothing kept tells the time. No table counts pupils, so none
has a number of them to suppress; every count is of schools or trusts, which are public.
"""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from workbench import __version__, paths
from workbench.errors import BadInput
from workbench.research.national_picture.dictionary import COLUMNS, data_dictionary
from workbench.research.national_picture.picture import NationalPicture
from workbench.trust.digests import digest_of_file, digest_of_text
from workbench.trust.folders import whole_folder

ABOUT, DICTIONARY = "about.json", "data_dictionary.csv"
_OURS = {".parquet", ".csv"}


def tables_of(picture: NationalPicture) -> dict[str, pd.DataFrame]:
    """Return the picture's tables by name, columns in the order of the data dictionary."""
    found = {
        "trusts": picture.trusts,
        "curves": picture.curves,
        "weak_schools": picture.weak,
        "reach": picture.reach,
        "placements": picture.placements,
    }
    return {name: table[list(COLUMNS[name])] for name, table in found.items()}


def keep_picture(picture: NationalPicture, folder: Path) -> Path:
    """Write every table, the data dictionary, and what they rest on.

    Args:
        picture: The picture.
        folder: A new or empty folder, or one of an earlier picture, which this takes the place of.

    Returns:
        The folder.

    Raises:
        BadInput: The folder holds anything else.
    """
    folder = folder.resolve()
    _refuse_unless_ours(folder)
    with whole_folder(folder) as stage:
        for name, table in tables_of(picture).items():
            whole = pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(None)
            pq.write_table(whole, stage / f"{name}.parquet", compression="zstd", store_schema=False)
            _write_csv(table, stage / f"{name}.csv")
        _write_csv(data_dictionary(), stage / DICTIONARY)
        digests = {path.name: digest_of_file(path) for path in sorted(stage.iterdir())}
        text = json.dumps(about(picture) | {"sha256": digests}, indent=2, ensure_ascii=False)
        (stage / ABOUT).write_text(f"{text}\n", encoding="utf-8", newline="\n")
    return folder


def about(picture: NationalPicture) -> dict[str, object]:
    """Return what a picture rests on, as plain data."""
    country = picture.country
    files = sorted(paths.parameters().glob("*.yaml"))
    return {
        "workbench": __version__,
        "source": country.source,
        "as_of": country.as_of.isoformat(),
        "read": dict(country.about),
        "scenario": picture.scenario.title,
        "scenario_sha256": digest_of_text(picture.scenario.model_dump_json()),
        "parameters_sha256": {path.name: digest_of_file(path) for path in files},
        "golden_rule": picture.policy,
        "tolerance": picture.tolerance,
        "minutes": list(picture.minutes),
        "minutes_a_km": {
            "fast": picture.pace.fast, "usual": picture.pace.usual, "slow": picture.pace.slow,
        },
        "joiners_within_horizon": picture.arriving,
        "replicates": picture.replicates,
        "draws": picture.draws,
        "seed": picture.seed,
        "trusts": len(picture.trusts),
        "schools": len(country.schools),
        "schools_unrated": picture.unrated,
        "schools_weak": len(picture.weak),
        "schools_weak_without_a_place": int((~picture.weak["placed"]).sum()),
        "notes": list(picture.notes),
    }  # fmt: skip


def _write_csv(table: pd.DataFrame, path: Path) -> None:
    table.to_csv(path, index=False, float_format="%.6g", lineterminator="\n", encoding="utf-8")


def _refuse_unless_ours(folder: Path) -> None:
    if not folder.exists():
        return
    found = sorted(folder.iterdir()) if folder.is_dir() else [folder]
    strange = [path for path in found if path.name != ABOUT and path.suffix not in _OURS]
    if strange or (found and not (folder / ABOUT).is_file()):
        raise BadInput(
            f"{folder} holds something else than a national picture",
            where=str((strange or found)[0]),
            rule="a picture is kept in a new or empty folder, or in place of an earlier one",
            mend="name a folder that does not exist yet",
        )
