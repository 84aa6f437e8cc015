"""Results of pooling: numbers for a program, a table for a notebook, a forest plot for a page."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from casepool.counts_file.choices import JointChoices
from casepool.counts_file.pool import (
    JointResultParts,
    exact_document,
    glmm_document,
    joint_document,
)
from casepool.counts_file.text import as_text
from casepool.model.estimate import OK
from casepool.report.figures.forest.counts import counts_forest
from casepool.report.figures.forest.plot import forest_sheet
from casepool.report.words.catalogue import load_catalogue
from casepool.report.words.fit_notes import note_text
from casepool.stats.glmm.fit import GlmmFit
from casepool.stats.joint.fit import DiseaseRate, RatioSummary, Summary
from casepool.typing import Json

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Result(ABC):
    """What every pooled result can do.

    Attributes
    ----------
    counts : DataFrame
        The checked counts that were pooled.
    """

    counts: pd.DataFrame

    @property
    @abstractmethod
    def document(self) -> Json:
        """The result as plain data, as ``casepool pool --format json`` prints it; None where nothing is reported."""

    @property
    @abstractmethod
    def notes(self) -> tuple[str, ...]:
        """What must be known before a number is used; empty where nothing must."""

    @abstractmethod
    def to_frame(self) -> pd.DataFrame:
        """Return the rates as a table, proportions from 0 to 1."""

    def to_json(self) -> str:
        """Return `document` as JSON text."""
        return json.dumps(self.document, indent=2)

    def forest(self, *, title: str = "", language: str = "en") -> Figure:
        """Return the forest plot: every source with its exact interval, raw and pooled rates.

        Parameters
        ----------
        title : str
            A line under the heading, such as the drug.
        language : {"en", "fr"}
            Language of the texts.
        """
        lines = counts_forest(self.counts, self.document, load_catalogue(language), title)
        return forest_sheet(lines, language=language)

    def __str__(self) -> str:
        return as_text(self.document)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self.to_frame())} rows, status {self.document['status']}>"

    def _repr_html_(self) -> str:
        """Return the table and the notes for a notebook; every text in them is escaped."""
        table = self.to_frame().to_html(index=False, na_rep="–", float_format="{:.3f}".format, border=0)
        return table + "".join(f"<p>{escape(note)}</p>" for note in self.notes)


def _limits(name: str, limits: Any) -> dict[str, float | None]:
    low, high = limits or (None, None)
    return {f"{name}_lower": low, f"{name}_upper": high}


@dataclass(frozen=True)
class CorrectedRate(DiseaseRate):
    """The corrected rate of a disease, with what it rests on: see `casepool.model.headline`."""

    status: str


@dataclass(frozen=True, repr=False)
class JointResult(Result):
    """The result of `JointModel.fit`.

    Attributes
    ----------
    counts : DataFrame
        The checked counts.
    parts : the fit itself, with its counts and, where made, the sweep over fixed ratios.
    choices : the model that was fitted.
    """

    parts: JointResultParts
    choices: JointChoices

    @cached_property
    def document(self) -> Json:
        """The result as plain data, as ``casepool pool --format json`` prints it; None where nothing is reported."""
        return joint_document(self.parts, self.choices)

    @property
    def status(self) -> str:
        """Whether corrected rates may be headlined: ok, or why not (see `casepool.model.headline`)."""
        return self.parts.reason or OK

    @property
    def rates(self) -> dict[str, CorrectedRate | None]:
        """Disease → corrected rate (mean, sd, median, ci, worth_n, probability_above, status); None where withheld."""
        parts = self.parts
        if parts.withheld:
            return dict.fromkeys(parts.diseases)
        rates = zip(parts.diseases, parts.fit.diseases, parts.standings, strict=True)
        return {name: CorrectedRate(**vars(rate), status=standing.status) for name, rate, standing in rates}

    @property
    def overall(self) -> Summary | None:
        """The mean of the rates of all diseases, of equal weight; None below three diseases or where withheld."""
        return None if self.parts.withheld else self.parts.fit.overall

    @property
    def new_disease(self) -> Summary | None:
        """The rate of a further disease; None below three diseases or where withheld."""
        return None if self.parts.withheld else self.parts.fit.new_disease

    @property
    def ratio(self) -> RatioSummary | None:
        """The reporting ratio (median, ci, log_mean, log_sd); None where it cannot be estimated."""
        return None if self.parts.withheld else self.parts.fit.reporting_ratio

    @property
    def anchor_gain(self) -> float | None:
        """The share of what is known of the ratio that comes from complete sources, 0 to 1."""
        return self.parts.fit.anchor_gain

    @property
    def notes(self) -> tuple[str, ...]:
        """What must be known before a number is used, in English; `document` has the ids and numbers."""
        catalogue = load_catalogue("en")
        return tuple(note_text(one.id, one.value, one.limit, catalogue) for one in self.parts.notes)

    def __str__(self) -> str:
        return as_text(self.document, self.notes)

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each disease, proportions from 0 to 1.

        Returns
        -------
        DataFrame
            ``disease; complete_response, complete_n, selective_response, selective_n; raw, raw_lower, raw_upper``
            (exact limits); ``corrected, ci_lower, ci_upper`` (posterior mean and limits, missing where withheld);
            ``worth_n`` (as precise as so many unselected patients); ``status`` (what the rate rests on).
        """
        return pd.DataFrame([self._row(row) for row in self.document["diseases"]])

    def _row(self, row: Json) -> Json:
        reported = row["corrected"] is not None and row["status"] != "no-data"
        corrected = row["corrected"] if reported else {}
        counts = {
            f"{kind}_{name}": row[kind][key]
            for kind in ("complete", "selective")
            for name, key in (("response", "responders"), ("n", "n"))
        }
        return {
            "disease": row["disease"],
            **counts,
            "raw": row["raw"]["proportion"],
            **_limits("raw", row["raw"]["ci"]),
            "corrected": corrected.get("mean"),
            **_limits("ci", corrected.get("ci")),
            "worth_n": corrected.get("worth_n"),
            "status": row["status"],
        }


@dataclass(frozen=True, repr=False)
class GlmmResult(Result):
    """The result of `Glmm.fit`.

    Attributes
    ----------
    counts : DataFrame
        The checked counts.
    fit : the fit itself, on the logit scale and back-transformed.
    """

    fit: GlmmFit

    @cached_property
    def document(self) -> Json:
        """The result as plain data, as ``casepool pool --format json`` prints it; None where nothing is reported."""
        return glmm_document(self.counts, self.fit)

    @property
    def notes(self) -> tuple[str, ...]:
        """Why something is not estimable, where it is not."""
        return (self.fit.reason,) if self.fit.reason else ()

    def to_frame(self) -> pd.DataFrame:
        """Return one row: the median study, its limits, the prediction limits of a new study, the mean over studies.

        Returns
        -------
        DataFrame
            ``k, proportion, ci_lower, ci_upper, pi_lower, pi_upper, marginal, tau2, status``.
        """
        fit = self.fit
        row = {"k": fit.k, "proportion": fit.proportion, **_limits("ci", fit.proportion_ci)}
        row |= {**_limits("pi", fit.proportion_pi), "marginal": fit.proportion_marginal, "tau2": fit.tau2}
        return pd.DataFrame([{**row, "status": fit.status}])


@dataclass(frozen=True, repr=False)
class ExactResult(Result):
    """Every study by itself.

    Attributes
    ----------
    counts : DataFrame
        The checked counts.
    level : float
        Coverage of the intervals.
    """

    level: float

    @cached_property
    def document(self) -> Json:
        """The result as plain data, as ``casepool pool --format json`` prints it; None where nothing is reported."""
        return exact_document(self.counts, self.level)

    @property
    def notes(self) -> tuple[str, ...]:
        """Nothing: an exact interval has no conditions."""
        return ()

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each study: ``study, events, n, proportion``, Clopper-Pearson, Wilson, Jeffreys limits."""
        rows = []
        for row in self.document["rows"]:
            kept = {name: row[name] for name in ("study", "events", "n", "proportion")}
            kept |= {**_limits("ci", row["ci"]), **_limits("wilson", row["ci_wilson"])}
            rows.append({**kept, **_limits("jeffreys", row["ci_jeffreys"]), "status": row["status"]})
        return pd.DataFrame(rows)
