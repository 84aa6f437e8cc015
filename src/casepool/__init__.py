"""casepool: response rates from case reports, corrected for selective reporting.

``__all__`` is what may be relied upon. A name is loaded when it is first used, so that importing the package costs
nothing and needs the standard library alone; ``__init__.pyi`` says the same to editors and type checkers.

Examples
--------
>>> import casepool as cp
>>> counts = {"study": ["a", "b"], "events": [3, 5], "n": [4, 9]}
>>> cp.pool(counts, model="glmm").document["k"]
2
"""

from importlib import import_module

# The one place of the version: the package, CITATION.cff and the changelog take it from here.
__version__ = "0.2.0"

# Module → its public names. The modules are named from here on, for a rule of the workflow does not depend on them.
_PUBLIC = {
    ".api.models": ("Glmm", "JointModel", "binomial_interval", "pool"),
    ".api.results": ("ExactResult", "GlmmResult", "JointResult"),
    ".api.figures": ("forest_plot",),
    ".api.plan": ("PlanResult", "plan"),
    ".project.loading": ("Project", "check", "load_project"),
    ".checks.data": ("CheckReport",),
    ".counts_file.read": ("read_counts",),
    ".model.configuration": ("Configuration",),
    ".model.protocol": ("Protocol",),
    ".extras": ("MissingPackageError",),
    ".provenance.building": ("NotVerifiedError",),
    ".provenance.lock": ("BuildRunningError",),
    ".model.errors": (
        "CasepoolError",
        "ConfigError",
        "CuratedDataError",
        "FileError",
        "InconsistentError",
        "LinkageError",
        "NetworkError",
        "PrivacyError",
        "Problem",
        "RenderError",
        "StoredTableError",
    ),
}
_MODULE_OF = {name: module for module, names in _PUBLIC.items() for name in names}

__all__ = ["__version__", *sorted(_MODULE_OF)]


def __getattr__(name: str) -> object:
    """Load a public name when it is first used."""
    if name not in _MODULE_OF:
        message = f"module {__name__!r} has no attribute {name!r}; it offers {', '.join(__all__)}"
        raise AttributeError(message)
    try:
        found: object = getattr(import_module(_MODULE_OF[name], __name__), name)
    except ModuleNotFoundError as error:
        from .extras import missing_package

        raise missing_package(error) or error from error
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """Return the public names, loaded or not."""
    return sorted({*globals(), *__all__})
