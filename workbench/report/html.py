"""The parts of a page as HTML: figures, tables, words; every value is escaped here."""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Iterable, Mapping

import pandas as pd
from markupsafe import Markup

from workbench.charts.figure import Figure
from workbench.trust.formulas import without_formula


def figure_html(figure: Figure) -> Markup:
    """Return a figure with headline, subtitle, picture, source, and its data to take or to read."""
    picture = _data_uri("image/svg+xml", figure.svg.encode())
    return Markup(
        '<figure class="chart" id="{key}"><figcaption><h3>{headline}</h3>'
        '<p class="subtitle">{subtitle}</p></figcaption>'
        '<img src="{picture}" alt="{alt}">'
        '<p class="source">Source: {source} {download}</p>'
        '<details><summary>Data as a table<span class="hidden">: {short}</span></summary>'
        "{table}</details>"
        "</figure>"
    ).format(
        key=figure.key,
        headline=figure.headline,
        subtitle=figure.subtitle,
        picture=picture,
        alt=figure.alt,
        source=figure.source,
        download=_download(figure.data, figure.key, figure.subtitle),
        short=figure.headline,
        table=table_html(figure.data, caption=figure.subtitle),
    )


def table_html(frame: pd.DataFrame, *, caption: str, rows_headed: bool = True) -> Markup:
    """Return a table with a caption and scoped headers; the first column heads its row.

    A frame without rows becomes a sentence that says so.

    Args:
        frame: What to show; its columns are the headings, its index is left out.
        caption: What the table is.
        rows_headed: Whether the first column names what each row is about.
    """
    if frame.empty:
        return paragraphs(f"{caption}: none.")
    numeric = [
        pd.api.types.is_numeric_dtype(frame[column]) and not (rows_headed and place == 0)
        for place, column in enumerate(frame.columns)
    ]
    heads = Markup("").join(
        Markup('<th scope="col"{}>{}</th>').format(_right(right), column)
        for column, right in zip(frame.columns, numeric, strict=True)
    )
    body = Markup("").join(
        _row(values, numeric, rows_headed) for values in frame.itertuples(index=False, name=None)
    )
    return Markup(
        '<div class="table" tabindex="0"><table><caption>{}</caption><thead><tr>{}</tr></thead>'
        "<tbody>{}</tbody></table></div>"
    ).format(caption, heads, body)


def paragraphs(*sentences: str) -> Markup:
    """Return each text as a paragraph."""
    return Markup("").join(Markup("<p>{}</p>").format(sentence) for sentence in sentences)


def bullets(sentences: Iterable[str]) -> Markup:
    """Return texts as a list, or nothing where there is none."""
    items = Markup("").join(Markup("<li>{}</li>").format(sentence) for sentence in sentences)
    return Markup("<ul>{}</ul>").format(items) if items else Markup("")


def facts(pairs: Mapping[str, str]) -> Markup:
    """Return large figures with the words that say what each is."""
    items = Markup("").join(
        Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(words, figure)
        for words, figure in pairs.items()
    )
    return Markup('<dl class="facts">{}</dl>').format(items)


def folded(summary: str, part: Markup) -> Markup:
    """Return a part that a reader opens when it is wanted."""
    return Markup("<details><summary>{}</summary>{}</details>").format(summary, part)


def csv_text(frame: pd.DataFrame) -> str:
    """Return a frame as CSV in which no text can start a formula; numbers stay numbers."""
    page = io.StringIO()
    writer = csv.writer(page, lineterminator="\r\n")
    writer.writerow([without_formula(str(column)) for column in frame.columns])
    for row in frame.itertuples(index=False, name=None):
        writer.writerow([_cell(value) for value in row])
    return page.getvalue()


def _row(values: tuple[object, ...], numeric: list[bool], headed: bool) -> Markup:
    cells: list[Markup] = []
    for place, (value, right) in enumerate(zip(values, numeric, strict=True)):
        if headed and place == 0:
            cells.append(Markup('<th scope="row">{}</th>').format(_plain(value)))
        else:
            cells.append(Markup("<td{}>{}</td>").format(_right(right), _plain(value)))
    return Markup("<tr>{}</tr>").format(Markup("").join(cells))


def _plain(value: object) -> str:
    if value is None or value is pd.NA or value is pd.NaT or value != value:  # noqa: PLR0124
        return ""
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)


def _right(numeric: bool) -> Markup:
    return Markup(' class="number"' if numeric else "")


def _cell(value: object) -> str:
    return without_formula(value) if isinstance(value, str) else _plain(value)


def _download(frame: pd.DataFrame, key: str, what: str) -> Markup:
    text = csv_text(frame)
    link = _data_uri("text/csv", ("\ufeff" + text).encode())
    return Markup(
        '<a class="download" download="{}.csv" href="{}">Download the data (CSV)'
        '<span class="hidden">: {}</span></a>'
    ).format(key, link, what)


def _data_uri(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"
