"""The parts of a page as HTML: figures, tables, words; every value is escaped here."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote

import numpy as np
import pandas as pd
from markupsafe import Markup

from workbench.charts.figure import Figure
from workbench.report.shown_numbers import for_csv

# Base64 takes a third more than text of which only what an address may not hold is escaped.
SVG_ADDRESS = "data:image/svg+xml,"
CSV_ADDRESS = "data:text/csv;charset=utf-8,"
_MARKUP = re.compile(r"<[^<>]*>")
_MILLION = 1_000_000
_KEPT_IN_ADDRESS = " !$&')*+,-./:;=?@_~"


def figure_html(figure: Figure) -> Markup:
    """Return a figure with headline, subtitle, picture, source, and its data to take or to read."""
    return Markup(
        '<figure class="chart" id="{key}"><figcaption><h3>{headline}</h3>'
        '<p class="subtitle">{subtitle}</p></figcaption>'
        '<div class="picture" role="group" aria-label="Picture: {short}" tabindex="0">'
        '<img src="{picture}" alt="{alt}"></div>'
        '<p class="source">Source: {source} {download}</p>'
        '<details class="data"><summary>Data as a table<span class="hidden">: {short}</span>'
        "</summary>{table}</details>"
        "</figure>"
    ).format(
        key=figure.key,
        headline=figure.headline,
        subtitle=figure.subtitle,
        picture=_address(SVG_ADDRESS, _in_single_quotes(figure.svg)),
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
        Markup('<th scope="col"{}>{}</th>').format(
            Markup(' class="number"' if right else ""), column
        )
        for column, right in zip(frame.columns, numeric, strict=True)
    )
    body = Markup("").join(
        _row(values, rows_headed) for values in frame.itertuples(index=False, name=None)
    )
    return Markup(
        '<div class="table" role="group" aria-label="{}" tabindex="0"><table{}><caption>{}'
        "</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
    ).format(f"Table: {caption}", _right(numeric), caption, heads, body)


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
    """Return a part that a reader opens when it is wanted; on paper it is left out."""
    return Markup('<details class="fold"><summary>{}</summary>{}</details>').format(summary, part)


def csv_text(frame: pd.DataFrame) -> str:
    """Return a frame as CSV in which no text can start a formula; numbers stay numbers."""
    page = io.StringIO()
    writer = csv.writer(page, lineterminator="\r\n")
    writer.writerow([for_csv(str(column)) for column in frame.columns])
    for row in frame.itertuples(index=False, name=None):
        writer.writerow([_cell(value) for value in row])
    return page.getvalue()


def _row(values: tuple[object, ...], headed: bool) -> Markup:
    cells = [Markup("<td>{}</td>").format(_plain(value)) for value in values]
    if headed:
        cells[0] = Markup('<th scope="row">{}</th>').format(_plain(values[0]))
    return Markup("<tr>{}</tr>").format(Markup("").join(cells))


def _plain(value: object) -> str:
    if value is None or value is pd.NA or value is pd.NaT or value != value:  # noqa: PLR0124
        return ""
    if isinstance(value, float):
        return _number(value)
    return str(value)


def _number(value: float) -> str:
    """Write a number without an exponent: to six digits, but to the whole where it is larger."""
    rounded = round(value) if abs(value) >= _MILLION else float(f"{value:.6g}")
    return np.format_float_positional(rounded, trim="-")


def _right(numeric: list[bool]) -> Markup:
    """Name the columns of numbers once for the whole table: the style sheet sets them right."""
    names = " ".join(f"n{place}" for place, right in enumerate(numeric, start=1) if right)
    return Markup(' class="{}"').format(names) if names else Markup("")


def _cell(value: object) -> str:
    return for_csv(value) if isinstance(value, str) else _plain(value)


def _download(frame: pd.DataFrame, key: str, what: str) -> Markup:
    # The mark at the beginning tells spreadsheets that letters are in UTF-8.
    link = _address(CSV_ADDRESS, "\ufeff" + csv_text(frame))
    return Markup(
        '<a class="download" download="{}.csv" href="{}">Download the data (CSV)'
        '<span class="hidden">: {}</span></a>'
    ).format(key, link, what)


def image(kind: str, content: str, alt: str) -> Markup:
    """Return a picture of a notebook's output, within the page.

    Args:
        kind: `image/svg+xml` with the drawing as its content, or `image/png` with base64.
        content: The picture.
        alt: What it says, in words.
    """
    if kind == "image/png":
        address = Markup("data:image/png;base64,{}").format("".join(content.split()))
    else:
        address = _address(SVG_ADDRESS, content)
    return Markup('<div class="picture"><img src="{}" alt="{}"></div>').format(address, alt)


def _address(kind: str, content: str) -> Markup:
    """Return content as an address within double quotes, with only what must be escaped escaped.

    Names of namespaces and references within a picture look like links to whoever searches a page
    for what leaves it, so they are escaped too.
    """
    escaped = quote(content, safe=_KEPT_IN_ADDRESS).replace("://", "%3A//").replace("&", "&amp;")
    return Markup(kind + escaped)


def _in_single_quotes(svg: str) -> str:
    """Set a picture's attributes in single quotes, which an address may hold as they are."""
    return _MARKUP.sub(lambda tag: tag[0].replace("'", "&apos;").replace('"', "'"), svg)
