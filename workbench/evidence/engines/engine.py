"""The papermill engines `fork` and `warm`: notebooks run in interpreters forked, not started.

`fork` runs cells in the forked interpreter itself; `warm` forks a whole Jupyter kernel, with its
network and its threads. Where none can be forked, both run an ordinary kernel. With the workbench
installed, `papermill --engine fork in.ipynb out.ipynb` works too.

Papermill loads its engines while it is itself being imported, so nothing of it is imported here
before an engine runs.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from nbformat import NotebookNode

from workbench.evidence.engines.claims import complete, refuse_early_end, refuse_names
from workbench.evidence.engines.leases import Lease, NoFork, can_fork, lend
from workbench.evidence.engines.lines import Client, Manager

EngineName = Literal["fork", "warm", "kernel"]
Choice = Literal["auto", "fork", "warm", "kernel"]
# What papermill passes for its own keeping of the notebook.
_KEEPING = ("output_path", "progress_bar", "log_output", "autosave_cell_every")
_PATIENCE_SECONDS = 60
# A manager and a client as nbclient knows them, for as long as the interpreter is lent.
Lent = AbstractContextManager[tuple[Any, Any]]


@dataclass(frozen=True)
class Engine:
    """A papermill engine.

    Attributes:
        name: What it is called, where it runs a notebook itself.
        borrow: Lends an interpreter that works in a folder, waiting at most some seconds for it,
            and has read a trust's folder where one is named; None for ordinary kernels only.
    """

    name: EngineName
    borrow: Callable[[str, float, str], Lent] | None

    def nb_kernel_name(self, nb: NotebookNode, name: str | None = None) -> str:
        """Return the kernel that a notebook names, which stands in where nothing can be forked."""
        from papermill.utils import nb_kernel_name  # noqa: PLC0415

        return str(nb_kernel_name(nb, name))

    def nb_language(self, nb: NotebookNode, language: str | None = None) -> str:
        """Return a notebook's language."""
        from papermill.utils import nb_language  # noqa: PLC0415

        return str(nb_language(nb, language))

    def execute_notebook(
        self,
        nb: NotebookNode,
        kernel_name: str,
        *,
        kept: list[NotebookNode] | None = None,
        trust: str = "",
        **given: Any,
    ) -> NotebookNode:
        """Execute a notebook that papermill has filled in.

        Args:
            nb: The notebook; changed.
            kernel_name: The kernel to use where nothing can be forked.
            kept: Given the notebook at once, so that it is there even if it is cut short.
            trust: The folder of the trust that the notebook reads, where that is known: it is
                read once for all notebooks of a parent.
            given: What papermill passes to every engine.

        Raises:
            BadInput: A parameter's name is not one the notebook can be given; nothing was run.
        """
        from papermill.engines import NBClientEngine, NotebookExecutionManager  # noqa: PLC0415

        refuse_names(nb)
        keeping = {name: given.pop(name) for name in _KEEPING if name in given}
        manager = NotebookExecutionManager(nb, **keeping)
        if kept is not None:
            kept.append(manager.nb)
        log_output = bool(keeping.get("log_output"))
        manager.notebook_start()
        cut_short = True
        try:
            if not self._ran_lent(manager, trust, {**given, "log_output": log_output}):
                manager.nb.metadata.papermill["engine"] = KERNEL.name
                NBClientEngine.execute_managed_notebook(
                    manager, kernel_name, log_output=log_output, **given
                )
            cut_short = False
        finally:
            complete(manager, cut_short=cut_short)
        done: NotebookNode = manager.nb
        if kept is None:  # whoever keeps it looks for himself
            refuse_early_end(done)
        return done

    def _ran_lent(self, manager: Any, trust: str, given: dict[str, Any]) -> bool:
        """Execute the cells in a lent interpreter; return False where none is to be had."""
        if self.borrow is None:
            return False
        patience = float(given.get("start_timeout") or _PATIENCE_SECONDS)
        here = os.getcwd()  # noqa: PTH109 # papermill has gone there
        lent = self.borrow(here, patience, trust)
        try:
            pair = lent.__enter__()
        except NoFork:
            return False
        manager.nb.metadata.papermill["engine"] = self.name
        with lent_already(lent):
            _execute(manager, pair, given)
        return True


def _execute(manager: Any, pair: tuple[Any, Any], given: dict[str, Any]) -> None:
    """Execute the cells with papermill's own client, which is nbclient's."""
    from papermill.clientwrap import PapermillNotebookClient  # noqa: PLC0415
    from papermill.log import logger  # noqa: PLC0415

    ours = ("input_path", "start_timeout", "startup_timeout", "execution_timeout", "timeout")
    timeout = given.get("execution_timeout") or given.get("timeout")
    rest = {name: value for name, value in given.items() if name not in ours}
    client = PapermillNotebookClient(manager, timeout=timeout, log=logger, **rest)

    @contextmanager
    def set_up(**_: Any) -> Iterator[None]:
        client.km, client.kc = pair
        yield
        client.km = client.kc = None

    client.setup_kernel = set_up
    client.execute()


@contextmanager
def lent_already(lent: Lent) -> Iterator[None]:
    """Give a lent interpreter back at the end, telling it of a failure."""
    try:
        yield
    except BaseException as fault:
        lent.__exit__(type(fault), fault, fault.__traceback__)
        raise
    else:
        lent.__exit__(None, None, None)


@contextmanager
def _returned(lease: Lease) -> Iterator[None]:
    """Let a lent interpreter end by itself where all went well, and end it where not."""
    try:
        yield
    except BaseException:
        lease.kill()
        raise
    lease.end()


@contextmanager
def _shell(folder: str, patience: float, trust: str) -> Iterator[tuple[Any, Any]]:
    lease = lend(folder, patience, trust=trust)
    client = Client(lease)
    with _returned(lease):
        try:
            yield Manager(lease), client
        finally:
            client.stop_channels()


@contextmanager
def _kernel(folder: str, patience: float, trust: str) -> Iterator[tuple[Any, Any]]:
    from workbench.evidence.engines.kernels import forked_kernel  # noqa: PLC0415 # ZeroMQ

    with forked_kernel(folder, patience, trust) as pair:
        yield pair


FORK = Engine("fork", _shell)
WARM = Engine("warm", _kernel)
KERNEL = Engine("kernel", None)
_ENGINES = {"fork": FORK, "warm": WARM, "kernel": KERNEL}


def chosen(choice: Choice) -> EngineName:
    """Return the engine that is used for a choice: `auto` forks where the system can."""
    if choice == "auto":
        return "fork" if can_fork() else "kernel"
    return choice


def engine_of(notebook: NotebookNode | None) -> str:
    """Return the engine that really ran a notebook; empty where none did."""
    if notebook is None:
        return ""
    return str(notebook.metadata.get("papermill", {}).get("engine", ""))


def named(choice: Choice) -> str:
    """Return the name by which papermill finds an engine, made known to it."""
    from papermill.engines import papermill_engines  # noqa: PLC0415

    name = f"workbench-{chosen(choice)}"
    papermill_engines.register(name, _ENGINES[chosen(choice)])
    return name
