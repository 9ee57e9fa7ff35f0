"""The command line: each command is a thin call into the package, so a notebook can do the same."""

from workbench.cli.commands import app, main

__all__ = ["app", "main"]
