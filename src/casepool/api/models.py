"""The pooling models as classes of choices: ``JointModel(ratio=4).fit(counts)``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import pandas as pd
from numpy.typing import ArrayLike, NDArray

from casepool.api.results import ExactResult, GlmmResult, JointResult
from casepool.counts_file.choices import JointChoices
from casepool.counts_file.pool import fit_counts
from casepool.counts_file.read import LABEL, checked_counts_frame, nearest, read_counts
from casepool.defaults import LEVEL
from casepool.model.errors import ConfigError, FileError
from casepool.stats.binomial import check_level, clopper_pearson, jeffreys, wilson
from casepool.stats.glmm.fit import fit_glmm

Counts = pd.DataFrame | Mapping[str, Sequence[Any]] | str | Path
_INTERVALS = {"exact": clopper_pearson, "wilson": wilson, "jeffreys": jeffreys}


def _checked(counts: Counts, model: str) -> pd.DataFrame:
    """Return counts as a checked frame: a table, columns by name, or the path of a CSV or XLSX file."""
    if isinstance(counts, str | Path):
        return read_counts(counts, model)
    if not isinstance(counts, pd.DataFrame | Mapping):
        message = f"counts: found {type(counts).__name__}; expected a DataFrame, columns by name, or a path"
        raise FileError(message)
    try:
        frame = pd.DataFrame(counts)
    except ValueError as error:
        message = f"counts: cannot be read as a table ({error}); expected columns of equal length"
        raise FileError(message) from error
    return checked_counts_frame(frame, model)


class JointModel(JointChoices):
    """The joint model of complete and selectively reported evidence, with its choices.

    Sources that report all their patients set the level of each rate, sources that chose whom to report
    add to it through one unknown, the reporting ratio. Methods: docs/methods.md of the project.

    Parameters
    ----------
    level : float, default 0.95
        Coverage of every interval.
    clustering : float, default 0
        Intra-class correlation of patients of one source. Needs one row for each source.
    clustering_prior : (float, float), optional
        Parameters of a Beta prior to integrate `clustering` over.
    ratio : float, optional
        Fix the reporting ratio P(reported | responder) / P(reported | non-responder).
    ratio_sd : float, optional
        Half-normal standard deviation by which the log ratio differs between diseases.
    kappa, kappa_sd : float, optional
        Log odds by which complete sources prefer responders, and the standard deviation to integrate it over.
    prior_mu, prior_beta : (float, float)
        Mean and standard deviation of the average log odds, and of the log reporting ratio.
    prior_tau : float
        Scale of the half-normal prior of the standard deviation between diseases.
    thresholds : tuple of float, default (0.3, 0.5)
        Rates for the probability of lying above.
    sweep : bool, default False
        Add the rates at fixed reporting ratios from 1 to 16.
    use_linkage : bool, default True
        Whether the publication of registry patients informs the ratio.

    Raises
    ------
    ConfigError
        If a choice is outside its range.

    Examples
    --------
    >>> import casepool as cp
    >>> counts = {"disease": ["a", "b"], "complete_response": [6, 4], "complete_n": [10, 9],
    ...           "selective_response": [5, 3], "selective_n": [5, 4]}
    >>> cp.JointModel(level=0.9).fit(counts).rates["a"].status
    'registry-anchored'
    """

    def fit(self, counts: Counts) -> JointResult:
        """Return the pooled result.

        Parameters
        ----------
        counts : DataFrame, mapping of columns, or path of a CSV or XLSX file
            One row for each source: ``disease, source, ascertainment`` (complete or selective), ``response, n``.
            Or one row for each disease: ``disease, complete_response, complete_n, selective_response,
            selective_n`` and, optionally, the four columns of the registry linkage.

        Raises
        ------
        FileError
            With every problem of the counts: where, found, expected.
        ConfigError
            If a choice cannot act on these counts.
        """
        frame = _checked(counts, "joint")
        self.require_effect(frame)
        return JointResult(frame, fit_counts(frame, self), self)


@dataclass(frozen=True, kw_only=True)
class Glmm:
    """The one-stage binomial-normal model of the proportions of several studies.

    Parameters
    ----------
    level : float, default 0.95
        Coverage of every interval.
    """

    level: float = LEVEL

    def __post_init__(self) -> None:
        """Refuse a level outside its range."""
        _ = _level(self.level)

    def fit(self, counts: Counts) -> GlmmResult:
        """Return the pooled result of a table with the columns ``study, events, n``.

        Raises
        ------
        FileError
            With every problem of the counts: where, found, expected.
        """
        frame = _checked(counts, "glmm")
        return GlmmResult(frame, fit_glmm(frame["events"].to_numpy(), frame["n"].to_numpy(), level=self.level))


@dataclass(frozen=True, kw_only=True)
class _Exact:
    """Every study by itself."""

    level: float = LEVEL

    def fit(self, counts: Counts) -> ExactResult:
        return ExactResult(_checked(counts, "exact"), _level(self.level))


_MODELS: dict[str, type[JointModel | Glmm | _Exact]] = {"joint": JointModel, "glmm": Glmm, "exact": _Exact}


def pool(counts: Counts, model: str = "joint", **choices: Any) -> JointResult | GlmmResult | ExactResult:
    """Return the pooled result of a table of counts: what ``casepool pool`` prints.

    Parameters
    ----------
    counts : DataFrame, mapping of columns, or path of a CSV or XLSX file
        For ``joint`` see `JointModel.fit`; for ``glmm`` and ``exact`` the columns ``study, events, n``.
    model : {"joint", "glmm", "exact"}
        The joint model of complete and selective sources; the random-intercept model of study proportions;
        every study by itself.
    **choices
        Choices of the model, see `JointModel` and `Glmm`.

    Returns
    -------
    JointResult, GlmmResult or ExactResult
        Shows itself as a table in a notebook; ``to_frame()``, ``notes``, ``forest()``.

    Raises
    ------
    FileError
        With every problem of the counts: where, found, expected.
    ConfigError
        For an unknown model or choice, a value outside its range, a choice that cannot act.

    Examples
    --------
    >>> import casepool as cp
    >>> result = cp.pool({"study": ["a", "b"], "events": [3, 5], "n": [4, 9]}, model="exact")
    >>> round(float(result.to_frame()["ci_lower"].iloc[0]), 3)
    0.194
    """
    if model not in LABEL:
        message = f"model = {model}; expected one of {', '.join(LABEL)}"
        raise ConfigError(message)
    kind = _MODELS[model]
    known = [field.name for field in fields(kind)]
    unknown = [_unknown(name, known) for name in choices if name not in known]
    if unknown:
        message = f"model {model}: {'; '.join(unknown)}; expected one of {', '.join(known)}"
        raise ConfigError(message)
    return kind(**choices).fit(counts)


def _unknown(name: str, known: Sequence[str]) -> str:
    near = nearest(name, known)
    return f"unknown option {name}" + (f" (did you mean {near}?)" if near else "")


def _level(level: float) -> float:
    try:
        return check_level(level)
    except ValueError as error:
        raise ConfigError(str(error)) from error


def binomial_interval(
    events: ArrayLike, n: ArrayLike, *, method: str = "exact", level: float = LEVEL
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the limits of binomial proportions.

    Parameters
    ----------
    events, n : array_like, shape S
        Responders and patients; 0 of 0 gives the limits 0 and 1.
    method : {"exact", "wilson", "jeffreys"}
        Clopper-Pearson, score without continuity correction, or Jeffreys with the usual rule at the edges.
    level : float, default 0.95
        Coverage.

    Returns
    -------
    lower, upper : ndarray, shape S

    Raises
    ------
    ConfigError
        For an unknown method or a level outside (0, 1).
    FileError
        Unless ``0 <= events <= n`` are whole numbers.

    Examples
    --------
    >>> import casepool as cp
    >>> lower, upper = cp.binomial_interval(1, 1)
    >>> round(float(lower), 3), float(upper)
    (0.025, 1.0)
    """
    if method not in _INTERVALS:
        message = f"method = {method}; expected one of {', '.join(_INTERVALS)}"
        raise ConfigError(message)
    checked = _level(level)
    try:
        return _INTERVALS[method](events, n, checked)
    except ValueError as error:
        raise FileError(str(error)) from error
