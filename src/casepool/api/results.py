"""Results of pooling: numbers for a program, a table for a notebook, a forest plot for a page."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from casepool.counts_file.pool import Fits, joint_document
from casepool.counts_file.studies import exact_document, glmm_document
from casepool.counts_file.table import Counts
from casepool.counts_file.text import as_text
from casepool.model.message import Message, text
from casepool.typing import Json

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from casepool.stats.glmm.fit import GlmmFit

# Fewer studies than these say little of how much studies differ.
_FEW = 5
_THREE = 3  # leave one or two degrees of freedom: both intervals cover more than they promise
# Most lines of a forest plot that one page takes.
_ROWS_OF_A_PAGE = 52


@dataclass(frozen=True)
class Result(ABC):
    """What every pooled result can do.

    Attributes
    ----------
    checked : the checked counts that were pooled, in plain columns.
    """

    checked: Counts

    @property
    def counts(self) -> pd.DataFrame:
        """The checked counts that were pooled."""
        return self.checked.frame

    @property
    @abstractmethod
    def document(self) -> Json:
        """The result as plain data, as ``casepool pool --format json`` prints it; None where nothing is reported."""

    @abstractmethod
    def notes_in(self, language: str) -> tuple[str, ...]:
        """Return what must be known before a number is used, in a language ("en" or "fr")."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What must be known before a number is used, in English; empty where nothing must."""
        return self.notes_in("en")

    @abstractmethod
    def to_frame(self) -> pd.DataFrame:
        """Return the rates as a table, proportions from 0 to 1."""

    def to_json(self) -> str:
        """Return `document` as JSON text."""
        return json.dumps(self.document, indent=2)

    def to_text(self, language: str = "en") -> str:
        """Return tables and sentences in a language ("en" or "fr"), as ``casepool pool`` prints them."""
        return as_text(self.document, self.notes_in(language), language)

    def forest(self, *, title: str = "", language: str = "en", page: int = 1) -> Figure:
        """Return the forest plot: every source with its exact interval, raw, own and pooled rates.

        Parameters
        ----------
        title : str
            A line under the heading, such as the drug.
        language : {"en", "fr"}
            Language of the texts.
        page : int
            Which page, from 1 on, where the lines fill several (see `forest_pages`).
        """
        return self.forest_pages(title=title, language=language)[page - 1]

    def forest_pages(self, *, title: str = "", language: str = "en") -> list[Figure]:
        """Return the forest plot as one figure as tall as its lines, or as several pages where one cannot hold them."""
        from casepool.report.figures.forest.counts import counts_forest
        from casepool.report.figures.forest.plot import forest_page, forest_sheet
        from casepool.report.words.catalogue import load_catalogue

        pages = counts_forest(self.counts, self.document, load_catalogue(language), title, _ROWS_OF_A_PAGE)
        if len(pages) == 1:
            return [forest_sheet(pages[0], language=language)]
        return [forest_page(page, language=language) for page in pages]

    def save_forest(self, path: str | Path, *, title: str = "", language: str = "en") -> list[Path]:
        """Write the forest plot and return the files: every page of a PDF in one, of others ``name-2.svg`` and so on.

        Parameters
        ----------
        path : path
            A name that ends with .pdf, .svg or .png.
        title, language
            As of `forest`.
        """
        path, pages = Path(path), self.forest_pages(title=title, language=language)
        if path.suffix.lower() == ".pdf":
            from casepool.report.figures.canvas.saving import pdf_bytes

            path.write_bytes(pdf_bytes(pages))
            return [path]
        numbers = range(1, len(pages) + 1)
        paths = [path if number == 1 else path.with_stem(f"{path.stem}-{number}") for number in numbers]
        for one, page in zip(paths, pages, strict=True):
            page.savefig(one)
        return paths

    def __str__(self) -> str:
        return self.to_text()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self.to_frame())} rows, status {self.document['status']}>"

    def _repr_html_(self) -> str:
        """Return the table and the notes for a notebook; every text in them is escaped."""
        table = self.to_frame().to_html(index=False, na_rep="", float_format="{:.3f}".format, border=0)
        return table + "".join(f"<p>{escape(note)}</p>" for note in self.notes)


def _limits(name: str, limits: Any) -> dict[str, float | None]:
    low, high = limits or (None, None)
    return {f"{name}_lower": low, f"{name}_upper": high}


class Rate(SimpleNamespace):
    """A rate: ``estimate``, ``ci``, ``median``, ``probability_above``, ``status``, ``reason``; None where not given.

    ``status`` says what it rests on, ``reason`` why its point is not to be headlined (see `casepool.model.headline`).
    """


@dataclass(frozen=True, repr=False)
class JointResult(Result):
    """The result of `JointModel.fit`.

    Attributes
    ----------
    checked : the checked counts, in plain columns; `counts` gives them as a DataFrame.
    fits : the own and the pooled fit, with their evidence and the choices they were made by.
    """

    fits: Fits

    @cached_property
    def document(self) -> Json:
        """The result as plain data, as ``casepool pool --format json`` prints it; None where nothing is reported."""
        return joint_document(self.fits)

    @property
    def status(self) -> str:
        """Whether pooled numbers of all diseases may be headlined: ok, or why not (see `casepool.model.headline`)."""
        return str(self.document["status"])

    @property
    def rates(self) -> dict[str, Rate]:
        """Disease → own rate; without a source that reports all its patients it has limits and no estimate."""
        return {row["disease"]: Rate(**row["own"]) for row in self.document["diseases"]}

    @property
    def pooled(self) -> dict[str, Rate]:
        """Disease → pooled rate: estimate, ci, status, reason."""
        return {row["disease"]: Rate(**row["pooled"]) for row in self.document["diseases"]}

    @property
    def overall(self) -> dict[str, Rate]:
        """``raw`` of all patients, ``own`` mean of the anchored diseases, ``pooled`` mean of all diseases."""
        means = self.document["overall"]
        return {which: Rate(**means[which]) for which in ("raw", "own", "pooled")}

    @property
    def ratio(self) -> Rate:
        """The reporting ratio of the own model: ``median, ci, probability_above_1`` and the same ``beforehand``."""
        return Rate(**self.document["reporting_ratio"]["own"])

    def notes_in(self, language: str) -> tuple[str, ...]:
        """Return what must be known before a number is used; `document` has the ids and numbers."""
        if not self.fits.pooled.notes:
            return ()
        from casepool.report.words.catalogue import load_catalogue
        from casepool.report.words.fit_notes import note_text

        catalogue = load_catalogue(language)
        return tuple(note_text(one.id, one.value, one.limit, catalogue) for one in self.fits.pooled.notes)

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each disease, proportions from 0 to 1, missing where not given.

        Returns
        -------
        DataFrame
            ``disease; complete_response, complete_n, selective_response, selective_n``; ``raw`` with exact limits
            ``raw_lower, raw_upper``; ``own`` and ``pooled`` with theirs; ``status`` (what the rates rest on).
        """
        import pandas as pd

        frame = pd.DataFrame([self._row(row) for row in self.document["diseases"]])
        return frame.astype({name: float for name in map(str, frame) if name.startswith(("raw", "own", "pooled"))})

    def _row(self, row: Json) -> Json:
        found: Json = {"disease": row["disease"]}
        for kind in ("complete", "selective"):
            found |= {f"{kind}_response": row[kind]["responders"], f"{kind}_n": row[kind]["n"]}
        for which in ("raw", "own", "pooled"):
            rate = row[which]
            point = rate["estimate"] if rate.get("reason") in {None, "ratio_fixed"} else None
            found |= {which: point, **_limits(which, rate["ci"])}
        return {**found, "status": row["own"]["status"]}


@dataclass(frozen=True, repr=False)
class GlmmResult(Result):
    """The result of `Glmm.fit`.

    Attributes
    ----------
    checked : the checked counts, in plain columns; `counts` gives them as a DataFrame.
    fit : the fit itself, on the logit scale and back-transformed.
    """

    fit: GlmmFit

    @cached_property
    def document(self) -> Json:
        """The result as plain data, as ``casepool pool --format json`` prints it; None where nothing is reported."""
        return glmm_document(self.checked, self.fit)

    def notes_in(self, language: str) -> tuple[str, ...]:
        """Return how many studies without patients were left out, and that few studies say little of the others."""
        empty, few = self.document["n_empty"], self.fit.k if 1 < self.fit.k < _FEW else 0
        notes = [Message("pool_empty_studies", n=empty)] if empty else []
        notes += [Message("pool_three_studies")] if self.fit.interval != "exact" and self.fit.k == _THREE else []
        notes += [Message("pool_few_studies", n=few, least=_FEW)] if few else []
        return tuple(text(note, language) for note in notes)

    def to_frame(self) -> pd.DataFrame:
        """Return one row: the median study, its limits, the prediction limits of a new study, the mean over studies.

        Returns
        -------
        DataFrame
            ``k, proportion, ci_lower, ci_upper, pi_lower, pi_upper, marginal, tau2, status``.
        """
        import pandas as pd

        fit = self.fit
        row = {"k": fit.k, "proportion": fit.proportion, **_limits("ci", fit.proportion_ci)}
        row |= {**_limits("pi", fit.proportion_pi), "marginal": fit.proportion_marginal, "tau2": fit.tau2}
        return pd.DataFrame([{**row, "status": fit.status}])


@dataclass(frozen=True, repr=False)
class ExactResult(Result):
    """Every study by itself.

    Attributes
    ----------
    checked : the checked counts, in plain columns; `counts` gives them as a DataFrame.
    level : float
        Coverage of the intervals.
    """

    level: float

    @cached_property
    def document(self) -> Json:
        """The result as plain data, as ``casepool pool --format json`` prints it; None where nothing is reported."""
        return exact_document(self.checked, self.level)

    def notes_in(self, language: str) -> tuple[str, ...]:  # noqa: ARG002  (of Result)
        """Return nothing: an exact interval has no conditions."""
        return ()

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each study: ``study, events, n, proportion``, Clopper-Pearson, Wilson, Jeffreys limits."""
        import pandas as pd

        rows = []
        for row in self.document["rows"]:
            kept = {name: row[name] for name in ("study", "events", "n", "proportion")}
            kept |= {**_limits("ci", row["ci"]), **_limits("wilson", row["ci_wilson"])}
            rows.append({**kept, **_limits("jeffreys", row["ci_jeffreys"]), "status": row["status"]})
        return pd.DataFrame(rows)
