"""Trust Growth Workbench: pillar metrics and a growth model for multi-academy trusts."""

import sys

__version__ = "0.1.0"

# Whoever reads a notebook would first wait a second for jsonschema to compile a grammar of
# addresses beyond ASCII, which no notebook asks it to check. Without the package it checks none.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
