"""Published files in: recognised by their headers, read as text, joined into a trust's folder."""

from workbench.trust.published.build import ImportResult, import_trust
from workbench.trust.published.national import national_judgements, national_membership

__all__ = ["ImportResult", "import_trust", "national_judgements", "national_membership"]
