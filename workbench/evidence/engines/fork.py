"""The papermill engine `fork`: cells run in a forked interpreter, without kernel and network.

`papermill --engine fork in.ipynb out.ipynb` works where the workbench is installed. Papermill loads
its engines while it is itself being imported, so nothing of it is imported before an engine runs.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from nbformat import NotebookNode

from workbench.evidence.engines.leases import Lease, NoFork, lend
from workbench.evidence.engines.lines import Client, Manager

# What papermill passes an engine for itself.
_OF_PAPERMILL = ("output_path", "progress_bar", "log_output", "autosave_cell_every")
_PATIENCE_SECONDS = 60


class ForkEngine:
    """Executes notebooks in forked interpreters, or in ordinary kernels where none can be forked."""

    @staticmethod
    def nb_kernel_name(nb: NotebookNode, name: str | None = None) -> str:
        """Return the kernel that a notebook names, which stands in where nothing can be forked."""
        from papermill.utils import nb_kernel_name  # noqa: PLC0415

        return str(nb_kernel_name(nb, name))

    @staticmethod
    def nb_language(nb: NotebookNode, language: str | None = None) -> str:
        """Return a notebook's language."""
        from papermill.utils import nb_language  # noqa: PLC0415

        return str(nb_language(nb, language))

    @staticmethod
    def execute_notebook(nb: NotebookNode, kernel_name: str, **given: Any) -> NotebookNode:
        """Execute a notebook that papermill has filled in.

        Args:
            nb: The notebook; changed.
            kernel_name: The kernel to use where nothing can be forked.
            given: What papermill passes to an engine.
        """
        from papermill.engines import (  # noqa: PLC0415
            NBClientEngine,
            NotebookExecutionManager,
        )

        try:
            lease = lend(os.getcwd(), given.get("start_timeout") or _PATIENCE_SECONDS)  # noqa: PTH109
        except NoFork:
            return NBClientEngine.execute_notebook(nb, kernel_name, **given)
        own = {name: given.pop(name) for name in _OF_PAPERMILL if name in given}
        manager = NotebookExecutionManager(nb, **own)
        manager.notebook_start()
        try:
            _run(manager, lease, log_output=bool(own.get("log_output")), **given)
        finally:
            manager.cleanup_pbar()
            manager.notebook_complete()
        return manager.nb


def _run(manager: Any, lease: Lease, **given: Any) -> None:
    """Execute the cells with papermill's client, which is nbclient's, over a lease."""
    from papermill.clientwrap import PapermillNotebookClient  # noqa: PLC0415
    from papermill.log import logger  # noqa: PLC0415

    for name in ("input_path", "startup_timeout", "start_timeout"):
        given.pop(name, None)
    timeout = given.pop("execution_timeout", None) or given.pop("timeout", None)
    client = PapermillNotebookClient(manager, timeout=timeout, log=logger, **given)

    @contextmanager
    def lent(**_: Any) -> Iterator[None]:
        client.km, client.kc = Manager(lease), Client(lease)
        try:
            yield
        except BaseException:
            lease.kill()
            raise
        else:
            lease.end()
        finally:
            client.km = client.kc = None

    client.setup_kernel = lent
    client.execute()
