"""A report's page as a tagged PDF, for paper and for whoever keeps files.

Typst, which sets the type, is machine code: it is imported where it is used, so that a machine it
was not built for makes everything else.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

from workbench.errors import BadInput
from workbench.report.letters import letters_folder
from workbench.report.on_paper import on_paper
from workbench.report.page import TEMPLATES
from workbench.report.pdf_structure import with_row_heads

if TYPE_CHECKING:
    from typst import Fonts

_VARIANT = "ua-1"


@cache
def pdf_refusal() -> str | None:
    """Say why no PDF can be made on this machine; None where one can."""
    try:
        import typst  # noqa: F401, PLC0415
    except (ImportError, OSError) as fault:
        said = str(fault).strip() or type(fault).__name__
        return (
            f"No PDF is made: typst, which sets the type, cannot be loaded ({said.splitlines()[0]})"
            ". Install it to have one: pip install typst."
        )
    return None


def pdf_of(page: str) -> bytes:
    """Return a report's page as PDF/UA-1: tagged, with the words of every picture kept.

    Equal pages give equal bytes. Nothing is fetched: the letters are matplotlib's own, the
    pictures those within the page. What opens on a screen only is left out.

    Args:
        page: A page as the exporter makes it.

    Raises:
        BadInput: No PDF can be made on this machine, the page asks for something outside it, or
            holds a picture that cannot be drawn.
    """
    refusal = pdf_refusal()
    if refusal is not None:
        raise BadInput(refusal, rule="a PDF needs typst", mend="install typst, or go without PDFs")
    import typst  # noqa: PLC0415

    paper = on_paper(page)
    files = {
        "main.typ": (TEMPLATES / "paper.typ").read_bytes(),
        "page.json": json.dumps(paper.said).encode(),
        **paper.pictures,
    }
    try:
        made: bytes = typst.compile(  # type: ignore[call-overload] # its types know one file only
            files, root=TEMPLATES, font_paths=_letters(), pdf_standards=_VARIANT
        )
    except (typst.TypstError, RuntimeError) as fault:
        raise BadInput(
            f"the page cannot be set on paper: {fault}",
            rule="a page holds everything it shows within itself, as pictures that can be drawn",
            mend="leave out what lies elsewhere, and draw the picture again",
        ) from fault
    return with_row_heads(made, paper.headed)


@cache
def _letters() -> Fonts:
    from typst import Fonts  # noqa: PLC0415

    return Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[letters_folder()]
    )
