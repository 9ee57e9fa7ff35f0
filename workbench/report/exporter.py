"""The nbconvert exporter of the workbench's own pages."""

from __future__ import annotations

from typing import Any

from nbconvert.exporters.templateexporter import TemplateExporter
from nbformat import NotebookNode

from workbench.report.page import TEMPLATES, page_of


class ReportExporter(TemplateExporter):
    """Turns an executed notebook into one self-contained, accessible HTML page without code."""

    export_from_notebook = "Trust Growth Workbench report"
    file_extension = ".html"
    output_mimetype = "text/html"

    def __init__(self, **options: Any) -> None:
        super().__init__(  # type: ignore[no-untyped-call]
            template_name="report",
            template_file="index.html.j2",
            extra_template_basedirs=[str(TEMPLATES)],
            **options,
        )

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **_: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return the page of an executed notebook and nbconvert's resources, unchanged."""
        kept = dict(resources or {}, output_extension=self.file_extension)
        self.environment.autoescape = True
        return self.template.render(page=page_of(nb)), kept
