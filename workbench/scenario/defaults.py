"""What a run of the growth model uses where nothing else is asked; light enough for the help."""

from __future__ import annotations

SEED = 2026
REPLICATES = 2000
COMPARED_REPLICATES = 10_000  # of each scenario: single draws are judged, so each needs many events
