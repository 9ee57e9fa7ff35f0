"""Numbers as a page writes them, read back: their value, and the format that writes them so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from workbench.trust.formulas import without_formula

_NUMBER = re.compile(
    r"(?P<sign>[-+\N{MINUS SIGN}]?)(?P<pound>\N{POUND SIGN}?)"
    r"(?P<whole>0|[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d*)"
    r"(?:\.(?P<part>\d+))?(?P<power>[eE][-+]?\d{1,3})?(?P<percent>%?)"
)
_CODE = re.compile(
    r"\b(urn|uid|ukprn|laestab|upn|codes?|id|ref|reference|postcode|telephone)\b", re.IGNORECASE
)
_EXACT_DIGITS = 15
_POUND = '"£"'


@dataclass(frozen=True)
class Number:
    """A number with the format in which a spreadsheet writes it as the page does.

    Attributes:
        value: The number; a percentage as a share of one.
        format: The format.
    """

    value: int | float
    format: str


def number_of(text: str) -> Number | None:
    """Read a number, such as `12`, `-1,250.5`, `45%` or `£3,000`; None where the text is none.

    A text with leading noughts, a range, a unit or more digits than a spreadsheet keeps is none.
    """
    found = _NUMBER.fullmatch(text)
    if found is None or sum(map(str.isdigit, text)) > _EXACT_DIGITS:
        return None
    plain = f"{found['whole'].replace(',', '')}.{found['part'] or '0'}{found['power'] or ''}"
    value = Decimal(plain) * (-1 if found["sign"] in {"-", "\N{MINUS SIGN}"} else 1)
    if found["percent"]:
        value /= 100
    whole = value == value.to_integral_value()
    return Number(int(value) if whole else float(value), _format(found))


def for_csv(text: str) -> str:
    """Return a text as a spreadsheet program should read it: a number as one, nothing a formula."""
    if number_of(text):
        return text.replace("\N{MINUS SIGN}", "-")
    return without_formula(text)


def is_code(heading: str) -> bool:
    """Return whether a column of this heading holds codes: digits with which nobody reckons."""
    return _CODE.search(heading) is not None


def _format(found: re.Match[str]) -> str:
    if found["power"]:
        return "0.00E+00"
    digits = "#,##0" if "," in found["whole"] else "0"
    digits += f".{'0' * len(found['part'])}" if found["part"] else ""
    digits = f"{_POUND if found['pound'] else ''}{digits}{found['percent']}"
    return f"+{digits};-{digits};{digits}" if found["sign"] == "+" else digits
