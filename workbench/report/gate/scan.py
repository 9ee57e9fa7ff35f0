"""The release gate: read finished files, and say what of them may not leave the trust."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workbench.report.gate.addresses import address_findings
from workbench.report.gate.findings import Finding
from workbench.report.gate.numbers import number_findings
from workbench.report.gate.opened import open_file
from workbench.report.gate.protected import Protected
from workbench.report.gate.wording import wording_findings

__all__ = ["Finding", "Protected", "scan"]


def scan(files: Mapping[str, bytes], protected: Protected) -> tuple[Finding, ...]:
    """Return everything in finished files that may not leave, each place once.

    Args:
        files: The files as they would leave, by their paths within the pack.
        protected: What to look for.
    """
    found = [one for name, data in files.items() for one in scan_file(name, data, files, protected)]
    return tuple(dict.fromkeys(found))


def scan_file(
    name: str, data: bytes, pack: Mapping[str, bytes], protected: Protected
) -> Iterator[Finding]:
    """Yield what in one file may not leave; see `scan`."""
    opened = open_file(name, data)
    for part in opened.unread:
        yield Finding(
            name, part.place, f"it cannot be read: {part.why}",
            "what cannot be read cannot be released", "leave it out, or save it in another form",
        )  # fmt: skip
    yield from wording_findings(name, opened.pieces, protected)
    yield from number_findings(name, opened.pieces, opened.grids, protected)
    yield from address_findings(name, opened.pieces, pack.keys(), protected.folders)
