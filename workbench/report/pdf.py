"""A report's page as a tagged PDF, for paper and for whoever keeps files.

Pango, which sets the type, is no Python package: everything of WeasyPrint is imported where it is
used, so that a machine without pango makes everything else.
"""

from __future__ import annotations

import contextlib
import io
import logging
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import BadInput
from workbench.report.on_paper import for_paper
from workbench.report.page import TEMPLATES

if TYPE_CHECKING:
    from weasyprint.urls import URLFetcher

_VARIANT = "pdf/ua-1"
_FONT = "font:"


@cache
def pdf_refusal() -> str | None:
    """Say why no PDF can be made on this machine; None where one can."""
    try:
        # The library prints at length where pango is missing: nothing of it belongs in an answer.
        with contextlib.redirect_stdout(io.StringIO()):
            import weasyprint  # noqa: F401, PLC0415
    except (ImportError, OSError) as fault:
        said = str(fault).strip() or type(fault).__name__
        return (
            f"No PDF is made: pango, which sets the type, cannot be loaded ({said.splitlines()[0]})"
            ". Install it to have one: on Debian, apt install libpango-1.0-0 libpangoft2-1.0-0."
        )
    return None


def pdf_of(page: str) -> bytes:
    """Return a report's page as PDF/UA-1: tagged, with the words of every picture kept.

    Equal pages give equal bytes on one machine. Nothing is fetched: the letters are matplotlib's
    own, the pictures those within the page. What opens on a screen only is left out.

    Args:
        page: A page as the exporter makes it.

    Raises:
        BadInput: No PDF can be made on this machine, or the page asks for something outside it.
    """
    refusal = pdf_refusal()
    if refusal is not None:
        raise BadInput(refusal, rule="a PDF needs pango", mend="install pango, or go without PDFs")
    from weasyprint import CSS, HTML  # noqa: PLC0415
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415
    from weasyprint.urls import FatalURLFetchingError  # noqa: PLC0415

    logging.getLogger("weasyprint").setLevel(logging.ERROR)  # it warns of rules for screens
    fetcher, fonts = _fetcher(), FontConfiguration()
    document = HTML(string=page, url_fetcher=fetcher)
    for_paper(document.etree_element)
    sheet = (TEMPLATES / "pdf.css").read_text(encoding="utf-8")
    try:
        style = CSS(string=sheet, font_config=fonts, url_fetcher=fetcher)
        made: bytes = document.write_pdf(
            stylesheets=[style], font_config=fonts, pdf_variant=_VARIANT
        )
    except FatalURLFetchingError as fault:
        raise BadInput(
            str(fault),
            rule="a page holds everything it shows within itself",
            mend="leave out what lies elsewhere",
        ) from fault
    return made


@cache
def _fetcher() -> URLFetcher:
    """Return what finds pictures within the page and the letters, and refuses everything else."""
    import matplotlib as mpl  # noqa: PLC0415
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415

    letters = Path(mpl.get_data_path()) / "fonts" / "ttf"

    class Within(URLFetcher):  # type: ignore[misc]
        """WeasyPrint asks for a class of its own here."""

        def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
            if url.startswith(_FONT):
                name = Path(url.removeprefix(_FONT)).name
                return URLFetcherResponse(url, (letters / name).read_bytes())
            return super().fetch(url)

    return Within(allowed_protocols=["data"], fail_on_errors=True)
