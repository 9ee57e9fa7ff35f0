"""The page about the panel of England: how it is made, its limits, and every column.

`python -m workbench.research.history.dictionary > docs/england_history.md` writes it again.
"""

from __future__ import annotations

from collections.abc import Iterator

from workbench.research.history.links import REGISTER_LAG_DAYS
from workbench.research.history.tables import CODES, SCHEMA_VERSION, TABLES, Table
from workbench.trust.published.inspections import SAME_INSPECTION_DAYS

_INTRODUCTION = f"""\
# England over time

`workbench history --from FOLDER` makes these tables from published files: group links of any number
of days, predecessor links, the list of groups, records of schools, and Ofsted's files. This page
is made by `python -m workbench.research.history.dictionary > docs/england_history.md`.

## How it is made

- **Membership** is the difference between one snapshot of group links and the next, for the
  register keeps open links only. Of several groups of a school only its multi-academy trust counts.
- **A day of leaving** is seldom published. It is the joining day of the next trust, else the
  school's closing or its successor's opening, else the trust's closing, where that fits between two
  snapshots; else the day of the first snapshot without the school, marked `left_exact` = no.
- **Schools are followed** through a new URN only where the register links one school to one other.
  Splits, mergers, amalgamations, circles, schools that stayed open (more than
  {REGISTER_LAG_DAYS} days after the link) and links against the order of time are listed with the
  reason, and none is chosen.
- **Grades** come from every file of inspections. Records of one school within
  {SAME_INSPECTION_DAYS} days are one inspection. A grade from before a school opened is counted for
  the predecessor that was open on that day, under that predecessor's own URN; where links cannot
  say which that is, for nobody, and it is listed.
- **The two inspection eras stay apart**: `inspections` holds grades of the older frameworks,
  `report_cards` those since 10 November 2025.

## What it cannot know

- What happened between two snapshots and was undone before the second leaves no trace.
- A trust that a school joined and a later file corrects is shown as last published, except where
  `first_joined` keeps the first version; `snapshots` keeps what each file said.
- Links are as old as their file: academies opened since have no predecessor yet.
- Ofsted's ratings history omits short inspections. Time at one grade, and the change at the next,
  are those of the graded inspections listed, and no rate for all inspections.
- What could not be joined is counted in `quality.csv`; `could_not_join/` lists every case.

## Asking

    from workbench.research.history import ask, build, members_on

    panel = build(Path("published"))
    ask(panel, "select how, count(*) from memberships group by how")

Every function takes the panel's folder, or the folder of published files; the latter is read again
at each call to tell whether its panel is still the right one, so hand over the panel's.

## Tables (schema {SCHEMA_VERSION})

A column with * has a value in every row. Days are dates without time; whole numbers have 64 bits.
The units and meanings stand in the Parquet files too, as metadata of each field.
"""


def page() -> str:
    """Return the page as Markdown."""
    lines = [_INTRODUCTION]
    for table in TABLES.values():
        lines += _table(table)
    lines += ["## Codes\n"]
    for column, codes in CODES.items():
        lines += [f"### `{column}`\n", "| code | meaning |", "| --- | --- |"]
        lines += [f"| {code} | {meaning} |" for code, meaning in codes.items()]
        lines += [""]
    return "\n".join(lines)


def _table(table: Table) -> Iterator[str]:
    yield f"### `{table.name}`\n"
    yield f"One row is {table.holds}. Sorted by {', '.join(f'`{name}`' for name in table.key)}.\n"
    yield "| column | type | unit | meaning |"
    yield "| --- | --- | --- | --- |"
    for column in table.columns:
        mark = "*" if column.required else ""
        yield f"| `{column.name}`{mark} | {column.kind} | {column.unit} | {column.meaning} |"
    yield ""


if __name__ == "__main__":
    print(page(), end="")
