"""One letter for what a workbook's cell holds, as `reading.Sheet.types` has them."""

from __future__ import annotations

TEXT, NUMBER, DATE, PERCENT, BOOLEAN, ERROR, UNCACHED, ABSENT = "sndpbef "
