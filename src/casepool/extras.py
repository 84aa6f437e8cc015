"""Which optional packages belong to which extra, and what is said where one is missing."""

from __future__ import annotations

# Import name → name of the package, and an extra that brings it.
OPTIONAL: dict[str, tuple[str, str]] = {
    "Bio": ("biopython", "workflow"),
    "bibtexparser": ("bibtexparser", "workflow"),
    "docx": ("python-docx", "forms"),
    "filelock": ("filelock", "workflow"),
    "flask": ("flask", "desk"),
    "jinja2": ("jinja2", "workflow"),
    "lifelines": ("lifelines", "workflow"),
    "lxml": ("lxml", "workflow"),
    "meta_analyze": ("pymetaanalysis", "workflow"),
    "openpyxl": ("openpyxl", "forms"),
    "phonenumbers": ("phonenumbers", "workflow"),
    "pypdfium2": ("pypdfium2", "workflow"),
    "pyphen": ("pyphen", "workflow"),
    "rapidfuzz": ("rapidfuzz", "workflow"),
    "reportlab": ("reportlab", "forms"),
    "simplemma": ("simplemma", "workflow"),
    "snakemake": ("snakemake", "workflow"),
    "statsmodels": ("statsmodels", "workflow"),
    "stdnum": ("python-stdnum", "workflow"),
    "tenacity": ("tenacity", "search"),
    "typst": ("typst", "workflow"),
    "waitress": ("waitress", "desk"),
    "werkzeug": ("werkzeug", "desk"),
}


class MissingPackageError(ImportError):
    """An optional package is not installed; the message names the extra that brings it.

    Parameters
    ----------
    module : str
        The name that was to be imported.
    extra : str, optional
        The extra to name: that of the command, where a command asked.
    """

    def __init__(self, module: str, extra: str | None = None) -> None:
        package, usual = OPTIONAL[module]
        super().__init__(
            f"This needs the package {package}, which is not installed. Type: pip install 'casepool[{extra or usual}]' "
            "(casepool[all] brings everything).",
            name=module,
        )


def missing_package(error: ModuleNotFoundError, extra: str | None = None) -> MissingPackageError | None:
    """Return what to say of a failed import, or None where no optional package is behind it."""
    module = (error.name or "").partition(".")[0]
    return MissingPackageError(module, extra) if module in OPTIONAL else None
