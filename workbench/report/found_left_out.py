"""What a trust's folder holds that no report can use: rows left out, tables without a use."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.charts.wording import capital, count, listed
from workbench.trust.load import Trust
from workbench.trust.reading import table_named

CHECK = "Run workbench check on the trust's folder to see why"
_NAMES = {
    "inspections_oeif": "inspections before November 2025",
    "inspections_report_card": "report cards",
    "school_statistics": "published numbers",
    "kpis": "key performance indicators",
    "priorities": "improvement priorities",
    "consultations": "consultations on the vision",
    "documents": "documents of the trust",
    "skills": "skills of the leads",
    "succession": "successors for critical roles",
    "role_documents": "job descriptions, appraisals and recruitment packs",
    "networks": "meetings of networks",
    "staffing": "staff and leavers",
    "staff_survey": "answers of staff to a survey",
    "parent_survey": "answers of parents to a survey",
    "pupil_survey": "answers of pupils to a survey",
    "source_judgements": "judgements by source",
    "pupil_visits": "visits by pupils",
    "board_reports": "reports of local boards",
    "process_steps": "steps of the support process",
    "projects": "improvement projects",
    "qa_reviews": "quality reviews",
    "qa_actions": "actions that quality reviews asked for",
    "review_criteria": "criteria of quality reviews",
    "theory_of_the_case": "claims of the theory of the case",
    "executive_time": "executive days on improvement",
    "support": "support given to schools",
    "support_capacity": "days each school can give",
    "returns": "data returns",
}


def left_out(trust: Trust) -> tuple[str, ...]:
    """Return one line on the rows and tables left out of a report; nothing where none was."""
    parts = []
    faulty = list(_faulty(trust))
    if faulty:
        parts.append(f"{listed(faulty)} left out, because those rows are faulty")
    followers = sum(trust.set_aside.values())
    if followers:
        parts.append(f"{count(followers, 'row')} of other tables left out with the schools named")
    refused = [table_words(table) for table in _refused(trust)]
    if refused:
        parts.append(f"no use made of the refused {_tables(refused)}")
    return (f"{capital('; '.join(parts))}. {CHECK}.",) if parts else ()


def unusable(trust: Trust, table: str) -> str | None:
    """Return why a table gives nothing at all; None where it has a row to use."""
    words = table_words(table)
    if not trust.tables[table].empty:
        return None
    if table in trust.absent:
        refused = table in set(_refused(trust))
        why = "the file of that name is refused" if refused else "no file of that name"
        return f"The trust's folder has no usable table of {words} ({why})"
    if _lost(trust, table):
        return f"Every row of the table of {words} is left out as faulty"
    return f"The table of {words} has no rows"


def _faulty(trust: Trust) -> Iterator[str]:
    """Yield how many rows of each table are faulty, such as `5 of 14 schools`."""
    for table, rows in trust.tables.items():
        faulty = trust.quarantined.get(table, 0)
        if faulty:
            share = f"{faulty} of {len(rows) + _lost(trust, table)}"
            yield (
                f"{share} schools"
                if table == "schools"
                else f"{share} rows on {table_words(table)}"
            )


def _refused(trust: Trust) -> Iterator[str]:
    """Yield tables without a use although a file of their name is there."""
    there = {table_named(path.stem, trust.absent) for path in trust.folder.iterdir()}
    yield from (table for table in trust.absent if table in there)


def _tables(words: list[str]) -> str:
    return f"table{'' if len(words) == 1 else 's'} of {listed(words)}"


def table_words(table: str) -> str:
    """Return what a table holds, in a reader's words."""
    return _NAMES.get(table, table.replace("_", " "))


def _lost(trust: Trust, table: str) -> int:
    return trust.quarantined.get(table, 0) + trust.set_aside.get(table, 0)
