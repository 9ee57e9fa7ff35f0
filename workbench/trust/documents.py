"""What a trust's documents say: our or my, how many schools, or what the schools are for.

The counts are plain: a word or a sentence either has the mark or not, and every mark is declared
here. They show how language shifts over the years; they do not judge a single document.
"""

from __future__ import annotations

import re
from weakref import WeakKeyDictionary

import pandas as pd

from workbench.trust.document_files import locate, read_text
from workbench.trust.faults import Unreadable
from workbench.trust.load import Trust

COUNTS = ("words", "our_we", "my_i", "school_count_talk", "vision_talk")

# Who the writer speaks for. US and ME in capitals are a country and an illness.
OUR_WORDS = frozenset({"our", "ours", "us", "we"})
MY_WORDS = frozenset({"my", "mine", "me"})
_OTHER_MEANING = frozenset({"US", "ME"})

# After these with a capital, and before II, III or IV, I is a number and not the writer.
NUMBERED = (
    "Act", "Annex", "Appendix", "Article", "Band", "Book", "Category", "Chapter", "Class", "Figure",
    "Grade", "Group", "Key Stage", "Level", "Part", "Phase", "Schedule", "Section", "Stage",
    "Step", "Table", "Tier", "Title", "Type", "Unit", "Volume", "War", "Year",
)  # fmt: skip

# A trust told by how many schools it has ('a trust of 14 schools', 'our nine primary academies',
# 'a 12-school trust') or by what inspectors called them ('outstanding schools'). One school is no
# boast, and 2026 is a year.
NUMBER_WORDS = (
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
    "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred", "dozen",
)  # fmt: skip
_AFTER_TENS = ("one", *NUMBER_WORDS[:8])  # as in twenty-one
KINDS_OF_SCHOOL = (
    "primary", "secondary", "special", "infant", "junior", "nursery", "first", "middle", "upper",
    "all-through", "maintained", "sponsored", "partner",
)  # fmt: skip
STATUS_WORDS = (
    "outstanding", "inadequate", "failing", "good or better", "good or outstanding",
    "requires improvement", "high-performing", "top-performing",
)  # fmt: skip

# What the schools are for: purpose and belief, and what is wanted for children.
VISION_WORDS = (
    "vision", "visions", "purpose", "mission", "moral", "values", "believe", "believes", "belief",
    "beliefs", "thrive", "thrives", "thriving", "flourish", "flourishes", "flourishing", "hope",
    "hopes", "dream", "dreams", "aspiration", "aspirations", "belong", "belongs", "belonging",
    "dignity", "fulfilled", "every child", "each child", "all children", "every pupil",
    "life chances",
)  # fmt: skip

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019\-][^\W\d_]+)*")
_APOSTROPHE = re.compile(r"['\u2019]")
_I = re.compile(r"(?<![\w.&/\-])I(?![\w.&/\-])")
_ROMAN_ONE = re.compile(
    rf"\b(?:{'|'.join(name.replace(' ', r'[ ]') for name in NUMBERED)})s?\s+I\b"
    r"|\bI(?=(?:,|\s*[\u2013\-&]|\s+(?:and|or|to))\s*(?:II|III|IV)\b)"
)
_HYPHENATED = re.compile(r"(?<=[^\W\d_])-[ \t]*\n[ \t]*(?=[a-z])")
_PARAGRAPHS = re.compile(r"\n\s*\n|\n(?=[ \t]*[-*\u2022\u2013\u25aa][ \t])")
_SENTENCES = re.compile(r"(?<=[.!?])[\"'\u201d\u2019)\]]*\s+(?=[^a-z\s])")


def _one_of(words: tuple[str, ...]) -> str:
    longest_first = sorted(words, key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in longest_first)


_NUMBER = (
    r"(?<![\d/.,\-£])(?:[2-9]|[1-9]\d{1,2})"
    rf"|\b(?:{_one_of(NUMBER_WORDS)})(?:-(?:{_one_of(_AFTER_TENS)}))?"
)
_SCHOOL_COUNT = re.compile(
    rf"(?:{_NUMBER})[\s\-]+(?:(?:{_one_of(KINDS_OF_SCHOOL)})\s+)?"
    r"(?:(?:schools|academies)\b|(?:school|academy)\s+(?:trust|family|group)\b)"
    rf"|\b(?:{_one_of(STATUS_WORDS)})\s+(?:(?:{_one_of(KINDS_OF_SCHOOL)})\s+)?"
    r"(?:schools|academies)\b",
    re.IGNORECASE,
)
_VISION = re.compile(rf"\b(?:{_one_of(VISION_WORDS)})\b", re.IGNORECASE)


_READ: WeakKeyDictionary[Trust, pd.DataFrame] = WeakKeyDictionary()


def read_language(trust: Trust) -> pd.DataFrame:
    """Read every document of a trust and count what marks its language.

    The files are read once for a trust, however often it is asked.

    Returns:
        One row a document, in the order of the table: `document_id`, `kind`, `dated`; `words`;
        `our_we` and `my_i`, words that speak for all or for one; `school_count_talk` and
        `vision_talk`, sentences that tell the trust by number or status of its schools, or by
        what they are for; `problem`, why the document could not be read, else blank. Counts of a
        document that could not be read are missing.
    """
    if trust not in _READ:
        _READ[trust] = _counted(trust)
    return _READ[trust].copy()


def _counted(trust: Trust) -> pd.DataFrame:
    table = trust.tables["documents"]
    found = [_read(trust, str(name)) for name in table["file"]]
    counts = pd.DataFrame(
        {name: [count.get(name) for count, _ in found] for name in COUNTS}, dtype="Int64"
    )
    about = table[["document_id", "kind", "dated"]].reset_index(drop=True)
    problems = pd.Series([problem for _, problem in found], name="problem", dtype="str")
    return pd.concat([about, counts, problems], axis=1)


def _read(trust: Trust, name: str) -> tuple[dict[str, int], str]:
    try:
        return language_of(read_text(locate(trust.folder, name))), ""
    except Unreadable as fault:
        return {}, f"{fault.message}; to mend: {fault.mend}"


def language_of(text: str) -> dict[str, int]:
    """Count a text's words, and the words and sentences with each mark; see `COUNTS`."""
    text = _HYPHENATED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    words = _WORD.findall(text)
    said_i = _I.findall(_ROMAN_ONE.sub(" ", text))
    stems = [_APOSTROPHE.split(word)[0] for word in words]  # we're and we've speak of we
    plain = [stem.casefold() for stem in stems if stem not in _OTHER_MEANING]
    sentences = [
        sentence
        for paragraph in _PARAGRAPHS.split(text)
        for sentence in _SENTENCES.split(" ".join(paragraph.split()))
    ]
    return {
        "words": len(words),
        "our_we": sum(word in OUR_WORDS for word in plain),
        "my_i": sum(word in MY_WORDS for word in plain) + len(said_i),
        "school_count_talk": sum(bool(_SCHOOL_COUNT.search(one)) for one in sentences),
        "vision_talk": sum(bool(_VISION.search(one)) for one in sentences),
    }
