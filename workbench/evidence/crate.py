"""A run described for other tools, as a Process Run Crate in JSON-LD.

Source: Leo and others (2024), Recording provenance of workflow runs with RO-Crate; profile Process
Run Crate 0.5 over RO-Crate 1.1. Sources are named without their folders.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from workbench.evidence.ledger import Entry
from workbench.evidence.names import LEDGER, MANIFEST
from workbench.evidence.run_file import Run
from workbench.evidence.sources import LOCK_FILE, Sources, own_files, told

PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
CONTEXT = (
    "https://w3id.org/ro/crate/1.1/context",
    "https://w3id.org/ro/terms/workflow-run/context",
)
_WORKBENCH = "#workbench"
_FORMATS = {
    ".html": "text/html",
    ".pdf": "application/pdf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv",
    ".ipynb": "application/x-ipynb+json",
    ".json": "application/json",
    ".zip": "application/zip",
    ".sqlite": "application/vnd.sqlite3",
    ".txt": "text/plain",
    ".md": "text/markdown",
    ".jsonl": "application/jsonl",
}
_Entity = dict[str, Any]


def crate_of(
    run: Run,
    entries: Mapping[str, Entry],
    sources: Mapping[int, Sources],
    sums: Mapping[str, str],
    sizes: Mapping[str, int],
) -> _Entity:
    """Return the description of a run.

    Args:
        run: The run.
        entries: The ledger's word on each report, by stem.
        sources: What each sitting's reports were made from.
        sums: SHA-256 of every file of the run.
        sizes: Size of each, in bytes.
    """
    parts = [entries[part.stem] for part in run.parts if part.stem in entries]
    files = [_file(name, sums[name], sizes[name]) for name in sums]
    used = {_id(one): one for entry in parts for one in _sources(sources[entry.session], entry)}
    notebooks = {entry.notebook for entry in parts}
    actions = [action for entry in parts for action in _action(run, entry, sources[entry.session])]
    root: _Entity = {
        "@id": "./",
        "@type": "Dataset",
        "conformsTo": {"@id": PROFILE},
        "name": f"Reports of {run.trust.name} (UID {run.trust.uid})",
        "description": "Reports of the Trust Growth Workbench, each with what it was made from.",
        "datePublished": run.made.isoformat(),
        "license": "Belongs to the trust it is about; not licensed to anybody else.",
        "hasPart": [{"@id": one["@id"]} for one in files],
        "mentions": [{"@id": one["@id"]} for one in actions if one["@type"] == "CreateAction"],
    }
    about = {
        "@id": MANIFEST,
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
    }
    graph = [about, root, *_constants(run), *map(_notebook, sorted(notebooks))]
    return {"@context": list(CONTEXT), "@graph": [*graph, *files, *used.values(), *actions]}


def _constants(run: Run) -> Iterator[_Entity]:
    yield {
        "@id": PROFILE,
        "@type": "CreativeWork",
        "name": "Process Run Crate",
        "version": "0.5",
    }
    yield {
        "@id": _WORKBENCH,
        "@type": "SoftwareApplication",
        "name": "Trust Growth Workbench",
        "version": run.version,
    }


def _notebook(name: str) -> _Entity:
    return {
        "@id": f"#notebook-{name}",
        "@type": "SoftwareApplication",
        "name": f"{name}.ipynb",
        "softwareRequirements": {"@id": _WORKBENCH},
    }


def _file(name: str, digest: str, size: int) -> _Entity:
    found = {
        "@id": name,
        "@type": "File",
        "contentSize": str(size),
        "sha256": digest,
        "encodingFormat": _FORMATS.get(Path(name).suffix, "application/octet-stream"),
    }
    return found | ({"name": "The ledger of the run"} if name == LEDGER else {})


def _sources(sources: Sources, entry: Entry) -> Iterator[_Entity]:
    """Yield what a report was made from; code and packages as one digest each."""
    own = sources.of(entry.notebook, own_files(entry.parameters))
    for kind, names in (("table", own.tables), ("parameter file", own.parameters)):
        for name, digest in names.items():
            yield {
                "@id": f"#{kind.replace(' ', '-')}-{digest[:16]}-{name}",
                "@type": "CreativeWork",
                "name": name,
                "additionalType": kind,
                "sha256": digest,
            }
    lock = own.environment.get(LOCK_FILE)
    if lock is None:
        return
    yield {
        "@id": f"#lock-{lock[:16]}",
        "@type": "CreativeWork",
        "name": LOCK_FILE,
        "additionalType": "lock",
        "sha256": lock,
    }


def _action(run: Run, entry: Entry, sources: Sources) -> Iterator[_Entity]:
    """Yield the action that made a report, and the values its notebook was given."""
    given = [
        {
            "@id": f"#given-{entry.stem}-{name}",
            "@type": "PropertyValue",
            "name": name,
            "value": _simple(value),
        }
        for name, value in told(entry.parameters).items()
    ]
    ended = "Completed" if entry.complete else "Failed"
    action = {
        "@id": f"#made-{entry.stem}",
        "@type": "CreateAction",
        "name": f"{entry.kind} {entry.key}: {entry.name}",
        "instrument": {"@id": f"#notebook-{entry.notebook}"},
        "object": [{"@id": _id(one)} for one in [*_sources(sources, entry), *given]],
        "result": [{"@id": name} for name in entry.artefacts],
        "actionStatus": {"@id": f"http://schema.org/{ended}ActionStatus"},
        "endTime": entry.at or run.made.isoformat(),
    }
    if entry.engine:
        action["description"] = f"Run by the papermill engine {entry.engine!r}."
    if entry.message:
        action["error"] = entry.message
    yield from given
    yield action


def _simple(value: object) -> object:
    """Return a value as a crate may hold it."""
    return value if isinstance(value, str | int | float | bool) else json.dumps(value)


def _id(entity: _Entity) -> str:
    return str(entity["@id"])
