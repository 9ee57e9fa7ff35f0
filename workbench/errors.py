"""One family of errors: what is wrong, where, which rule it breaks, and how to mend it."""

from __future__ import annotations


class WorkbenchError(Exception):
    """Anything the workbench can say clearly about its own failure.

    Args:
        what: The fault in one sentence, quoting the value as written.
        where: The place: file, sheet, row, column or key.
        rule: The rule that was broken.
        mend: What the reader should do next.
    """

    exit_code = 1

    def __init__(
        self,
        what: str,
        *,
        where: str | None = None,
        rule: str | None = None,
        mend: str | None = None,
    ) -> None:
        self.what, self.where, self.rule, self.mend = what, where, rule, mend
        super().__init__(what)

    def __str__(self) -> str:
        labelled = (("where", self.where), ("rule", self.rule), ("mend", self.mend))
        return "\n".join([self.what, *(f"  {label}: {text}" for label, text in labelled if text)])


class BadInput(WorkbenchError):
    """The user's files, parameters or options cannot be used as given (exit code 2)."""

    exit_code = 2


class RunFailed(WorkbenchError):
    """Work that was started properly did not finish (exit code 1)."""
