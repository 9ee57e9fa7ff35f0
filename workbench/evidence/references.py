"""Run the committed notebooks again and store what they show.

`python -m workbench.evidence.references` does it for all, or for those named.

They are run by ordinary kernels, which every other engine is held against.

What is stored is what nbval compares, so nothing that differs between machines or moments is kept:
no times, no versions, no paths.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from workbench import paths
from workbench.errors import RunFailed
from workbench.evidence.code_cells import Stopped
from workbench.evidence.execute import execute
from workbench.evidence.kernel import KERNEL, use_own_kernel

_KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": KERNEL}


def store_references(names: Iterable[str] = ()) -> tuple[Path, ...]:
    """Execute notebooks with their own defaults and write each back with its outputs.

    Args:
        names: Notebooks by file name without ending; every notebook where none is named.

    Returns:
        The files written.

    Raises:
        RunFailed: A notebook stopped; it and those after it are left as they were.
    """
    chosen = set(names)
    files = sorted(
        path
        for path in paths.notebooks().rglob("*.ipynb")
        if ".ipynb_checkpoints" not in path.parts and (not chosen or path.stem in chosen)
    )
    with tempfile.TemporaryDirectory() as folder:
        use_own_kernel(Path(folder) / "kernel")
        for path in files:
            try:
                executed = execute(path, {}, scratch=Path(folder), engine="kernel")
            except Stopped as stopped:
                cell = "" if stopped.cell is None else f", cell {stopped.cell}"
                raise RunFailed(stopped.message, where=f"{path.name}{cell}") from stopped
            staged = path.with_suffix(".staged")
            staged.write_text(nbformat.writes(reference(executed)) + "\n", encoding="utf-8")
            staged.replace(path)
    return tuple(files)


def reference(executed: NotebookNode) -> NotebookNode:
    """Return an executed notebook without what differs between machines and moments."""
    kept: NotebookNode = nbformat.from_dict(executed)
    kept.metadata = nbformat.from_dict(
        {"kernelspec": _KERNELSPEC, "language_info": {"name": "python"}}
    )
    for cell in kept.cells:
        tags = cell.metadata.get("tags", [])
        cell.metadata = nbformat.from_dict({"tags": tags} if tags else {})
    return kept


def main() -> int:
    """Store references of the notebooks named on the command line, or of all."""
    for path in store_references(sys.argv[1:]):
        print(path.relative_to(paths.home()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
