"""Readers of Ofsted's and DfE's inspection files, every layout into the trust tables' words.

The two eras stay apart: grades of the older frameworks and report cards are read into two frames
and neither is ever translated into the other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd

from workbench.trust.contract_parts import OEIF_ENDS, REPORT_CARD_GRADES, REPORT_CARDS_BEGIN
from workbench.trust.contracts import TABLES
from workbench.trust.published import kinds
from workbench.trust.published.files import PublishedFile, read
from workbench.trust.published.kinds import Kind
from workbench.trust.published.layouts import AREA_DATE, BLOCKS, REPORT_CARD, Block
from workbench.trust.published.text import dates, heading, whole_numbers

OEIF_FIELDS = TABLES["inspections_oeif"].names
CARD_FIELDS = TABLES["inspections_report_card"].names
JUDGEMENTS = ("overall", "quality_of_education", "behaviour_and_attitudes", "personal_development",
              "leadership_and_management", "early_years", "sixth_form")  # fmt: skip
CARD_AREAS = tuple(
    column.name
    for column in TABLES["inspections_report_card"].columns
    if column.choices == REPORT_CARD_GRADES
)
CARD_NEEDS = ("safeguarding", *(
    column.name
    for column in TABLES["inspections_report_card"].columns
    if column.choices == REPORT_CARD_GRADES and column.required
))  # fmt: skip

# Grade 3 was called satisfactory until August 2012; Ofsted's own tables give both under one head.
_GRADES = MappingProxyType({
    "1": "outstanding", "outstanding": "outstanding",
    "2": "good", "good": "good",
    "3": "requires improvement", "requires improvement": "requires improvement",
    "satisfactory": "requires improvement",
    "4": "inadequate", "inadequate": "inadequate",
    "special measures": "inadequate", "serious weaknesses": "inadequate",
    "school remains outstanding": "outstanding", "school remains good": "good",
})  # fmt: skip
_NO_GRADE = frozenset({
    "", "0", "8", "9", "not judged", "not applicable", "insufficient evidence", "n/a", "-",
    "standards maintained", "improved significantly", "some aspects not as strong",
})  # fmt: skip
# A notice to improve (NTI, until 2012) is not one of today's categories and is left blank.
_CATEGORIES = MappingProxyType({
    "sm": "special measures", "special measures": "special measures",
    "swk": "serious weaknesses", "sw": "serious weaknesses",
    "serious weaknesses": "serious weaknesses",
    "rsi": "requires significant improvement",
    "requires significant improvement": "requires significant improvement",
})  # fmt: skip
_NO_CATEGORY = frozenset({"", "no", "none", "nti", "not applicable", "n/a", "-", "9", "0"})
_MET = MappingProxyType({"met": "met", "not met": "not met"})
_SCALE = MappingProxyType({word: word for word in REPORT_CARD_GRADES})
_YES_NO = MappingProxyType({"yes": "yes", "no": "no", "y": "yes", "n": "no"})


@dataclass(frozen=True)
class Read:
    """What one file says of some schools.

    Args:
        oeif: Inspections of the older frameworks: the fields of `inspections_oeif`, and `own`
            (`yes`, `no` or blank) and `may_inherit`.
        cards: Report cards: the fields of `inspections_report_card`, `own`, `urn_at_inspection`
            and `revised` (the latest date on which a grade was given, where after the inspection).
        notes: What was left out or not understood, counted.
    """

    oeif: pd.DataFrame
    cards: pd.DataFrame
    notes: Counter[str]


def read_inspections(file: PublishedFile, urns: frozenset[int] | None = None) -> Read:
    """Return the inspections a published file lists, in the words of the trust tables.

    Args:
        file: A file of one of `kinds.INSPECTION_KINDS`.
        urns: Keep only these schools; None keeps all.
    """
    blocks = BLOCKS[file.kind]
    places = {heading(name): name for name in file.header}
    taken = [_present(block, places) for block in (*blocks, REPORT_CARD)]
    area_dates = [name for name in file.header if heading(name).endswith(AREA_DATE)]
    columns = {"URN", *area_dates, *(name for columns in taken for name in columns.values())}
    texts, set_aside = read(file, sorted(columns), urns)
    texts = texts[texts["URN"].str.fullmatch(r"\d{5,7}")].reset_index(drop=True)
    notes: Counter[str] = Counter()
    if set_aside:
        notes["row with more fields than the header"] = set_aside
    oeif = [
        _oeif(texts, block, columns, file.kind, notes)
        for block, columns in zip(blocks, taken, strict=False)
    ]
    carded = texts if file.kind == kinds.REPORT_CARDS else texts.head(0)
    cards = _cards(carded, taken[-1], area_dates, notes)
    return Read(pd.concat(oeif, ignore_index=True), cards, notes)


def read_pupils(file: PublishedFile, urns: frozenset[int]) -> pd.Series:
    """Return the number of pupils management information gives for some schools, by URN."""
    texts, _ = read(file, ["URN", "Total number of pupils", "Total pupils"], urns)
    newer, older = texts["Total number of pupils"], texts["Total pupils"]
    roll = whole_numbers(newer.where(newer.ne(""), older))
    out = pd.Series(roll.to_numpy(), index=whole_numbers(texts["URN"]), dtype="Int64").dropna()
    return out[~out.index.duplicated()]


def grades(texts: pd.Series, notes: Counter[str]) -> pd.Series:
    """Return judgements of the older frameworks in the trust tables' words; unknown ones counted.

    `School remains Good (Concerns) - S5 Next` and its like read as the grade that remains.
    """
    plain = texts.str.casefold().str.replace(r"\s*\(.*$", "", regex=True)
    return _words(plain, _GRADES, _NO_GRADE, "judgement", notes)


def count(notes: Counter[str], what: str, rows: pd.Series) -> None:
    """Add to the notes how many rows are marked, if any are."""
    if found := int(rows.sum()):
        notes[what] += found


def _oeif(
    texts: pd.DataFrame, block: Block, columns: dict[str, str], kind: Kind, notes: Counter[str]
) -> pd.DataFrame:
    """Return one block's inspections in the words of `inspections_oeif`."""
    said = _fields(texts, columns)
    overall = said["outcome" if block.sort == "ungraded" else "overall"]
    category = _words(said["category"], _CATEGORIES, _NO_CATEGORY, "category", notes)
    category = category.where(category.ne(""), overall.map(_CATEGORIES).fillna(""))
    out = pd.DataFrame(
        {
            "urn": whole_numbers(texts["URN"]),
            "inspection_date": dates(said["inspection_date"], kind.date_formats),
            "kind": block.sort,
            "overall": grades(overall, notes),
            "category": category.replace("requires significant improvement", ""),
            **{field: grades(said[field], notes) for field in JUDGEMENTS[1:]},
            "safeguarding_effective": said["safeguarding_effective"].map(_YES_NO).fillna(""),
            "urn_at_inspection": whole_numbers(said["urn_at_inspection"]),
            "own": said["own"].map(_YES_NO).fillna(""),
            "may_inherit": block.may_inherit,
        }
    )
    dated = out["inspection_date"].notna()
    count(notes, "inspection date that is none", ~dated & said["inspection_date"].ne(""))
    judged = _any_given(out, JUDGEMENTS) | out["kind"].eq("ungraded")
    count(notes, "inspection listed without any grade", dated & ~judged)
    late = dated & judged & out["inspection_date"].gt(pd.Timestamp(OEIF_ENDS))
    count(notes, "older-framework inspection dated since 10 November 2025", late)
    kept: pd.DataFrame = out.loc[dated & judged & ~late]
    return kept


def _cards(
    texts: pd.DataFrame, columns: dict[str, str], area_dates: list[str], notes: Counter[str]
) -> pd.DataFrame:
    """Return the report cards in the words of `inspections_report_card`."""
    said = _fields(texts, columns)
    category = _words(said["category"], _CATEGORIES, _NO_CATEGORY, "category", notes)
    inspected = dates(said["inspection_date"], kinds.UK_DATES)
    published = dates(said["publication_date"], kinds.UK_DATES)
    given = {name: dates(texts[name], kinds.UK_DATES) for name in area_dates}
    out = pd.DataFrame(
        {
            "urn": whole_numbers(texts["URN"]),
            "inspection_date": inspected,
            "publication_date": published.where(~published.lt(inspected)),
            "safeguarding": _words(said["safeguarding"], _MET, _NO_GRADE, "safeguarding", notes),
            "category": category.replace("serious weaknesses", ""),
            **{
                area: _words(said[area], _SCALE, _NO_GRADE, "report card grade", notes)
                for area in CARD_AREAS
            },
            "urn_at_inspection": whole_numbers(said["urn_at_inspection"]),
            "own": said["own"].map(_YES_NO).fillna(""),
            "revised": pd.DataFrame({"inspected": inspected, **given}).max(axis=1),
        }
    )
    graded = inspected.notna() & _any_given(out, ("safeguarding", *CARD_AREAS))
    whole = pd.concat([out[field].ne("") for field in CARD_NEEDS], axis=1).all(axis=1)
    count(notes, "report card without every area's grade", graded & ~whole)
    early = graded & whole & inspected.lt(pd.Timestamp(REPORT_CARDS_BEGIN))
    count(notes, "report card dated before 10 November 2025", early)
    kept: pd.DataFrame = out.loc[graded & whole & ~early]
    return kept


def _fields(texts: pd.DataFrame, columns: dict[str, str]) -> defaultdict[str, pd.Series]:
    """Return each field's text without case; blank throughout for a field the file lacks."""
    blank = pd.Series("", index=texts.index, dtype="str")
    given = {field: texts[name].str.casefold() for field, name in columns.items()}
    return defaultdict(lambda: blank, given)


def _any_given(table: pd.DataFrame, fields: tuple[str, ...]) -> pd.Series:
    return pd.concat([table[field].ne("") for field in fields], axis=1).any(axis=1)


def _present(block: Block, places: dict[str, str]) -> dict[str, str]:
    """Return the column of a file that holds each field of a block, where it has one."""
    found = {
        field: next((places[heading(name)] for name in names if heading(name) in places), None)
        for field, names in block.columns.items()
    }
    return {field: name for field, name in found.items() if name is not None}


def _words(
    texts: pd.Series,
    words: Mapping[str, str],
    blanks: frozenset[str],
    what: str,
    notes: Counter[str],
) -> pd.Series:
    """Return texts in the trust tables' words, blank where published as none; count the unknown."""
    out = texts.str.strip().map(words).fillna("")
    unknown = out.eq("") & ~texts.str.strip().isin(blanks)
    for text, count in texts[unknown].value_counts().items():
        notes[f"{what} not known: '{text}'"] += int(count)
    return out
