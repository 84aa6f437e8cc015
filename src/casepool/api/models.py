"""The pooling models as classes of choices: ``JointModel(ratio=4).fit(counts)``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numpy.typing import ArrayLike, NDArray

from casepool.api.results import ExactResult, GlmmResult, JointResult
from casepool.counts_file.choices import JointChoices
from casepool.counts_file.pool import fit_counts
from casepool.counts_file.read import LABEL, checked_counts, nearest, read_file
from casepool.counts_file.table import Counts, RawTable
from casepool.defaults import LEVEL
from casepool.model.errors import ConfigError, FileError
from casepool.model.message import Message
from casepool.stats.binomial import check_level, clopper_pearson, jeffreys, wilson

if TYPE_CHECKING:
    import pandas as pd

    Countable = pd.DataFrame | Mapping[str, Sequence[Any]] | str | Path

_INTERVALS = {"exact": clopper_pearson, "wilson": wilson, "jeffreys": jeffreys}


def _checked(counts: Countable, model: str) -> Counts:
    """Return checked counts: of a table, of columns by name, or of the CSV or XLSX file at a path."""
    if isinstance(counts, str | Path):
        return read_file(Path(counts), model)
    return checked_counts(RawTable.of(counts), model)


class JointModel(JointChoices):
    """Three estimates of the rate of each disease, raw, own and pooled, with the choices they are made by.

    *Own*: each disease by its own evidence, with an allowance for each thing that may be wrong with it. *Pooled*:
    diseases learn from each other through one unknown, the reporting ratio. Methods: docs/methods.md of the project.

    Parameters
    ----------
    level : float, default 0.95
        Coverage of every interval.
    source_sd : float, default 0.5
        Own: scale of the half-normal standard deviation of the effect of a source, on the logit; 0 for none.
    label_error : float, default 0.1
        Own: probability that a source called complete has in truth chosen its patients.
    registry_sd : float, default 0.5
        Own: standard deviation of the log odds by which a registry prefers responders.
    ratio_sd : float, default 0.5
        Own: scale of the half-normal standard deviation of the log reporting ratio between diseases.
    prior_beta : (float, float)
        Own and pooled: mean and standard deviation of the log reporting ratio beforehand.
    ratio : float, optional
        Own and pooled: fix the reporting ratio P(reported | responder) / P(reported | non-responder).
    use_linkage : bool, default True
        Own and pooled: whether the publication of registry patients informs the ratio.
    clustering : float, optional
        Pooled: intra-class correlation of patients of one source; 0.1 with one row for each source, else none.
    clustering_prior : (float, float), optional
        Pooled: parameters of a Beta prior to integrate `clustering` over.
    ratio_spread : float, optional
        Pooled: half-normal standard deviation by which the log ratio differs between diseases.
    kappa, kappa_sd : float, optional
        Pooled: log odds by which complete sources prefer responders, and the standard deviation to integrate it over.
    prior_mu : (float, float)
        Pooled: mean and standard deviation of the average log odds.
    prior_tau : float
        Pooled: scale of the half-normal prior of the standard deviation between diseases.
    thresholds : tuple of float, default (0.3, 0.5)
        Rates for the probability of lying above.
    sweep : bool, default False
        Add the pooled rates at fixed reporting ratios from 1 to 16.

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

    def fit(self, counts: Countable) -> JointResult:
        """Return the pooled result.

        Parameters
        ----------
        counts : DataFrame, mapping of columns, or path of a CSV or XLSX file
            One row for each source: ``disease, source, ascertainment`` (complete, registry or selective),
            ``response, n`` and, optionally, ``centres`` (how many stand behind it). Or one row for each disease:
            ``disease, complete_response, complete_n, selective_response, selective_n``. In either form, optionally,
            the four columns of the registry linkage.

        Raises
        ------
        FileError
            With every problem of the counts: where, found, expected.
        ConfigError
            If a choice cannot act on these counts.
        """
        checked = _checked(counts, "joint")
        return JointResult(checked, fit_counts(checked, self))


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

    def fit(self, counts: Countable) -> GlmmResult:
        """Return the pooled result of a table with the columns ``study, events, n``.

        Raises
        ------
        FileError
            With every problem of the counts: where, found, expected.
        """
        from casepool.stats.glmm.fit import fit_glmm  # its libraries are slow to import

        checked = _checked(counts, "glmm")
        return GlmmResult(checked, fit_glmm(checked["events"], checked["n"], level=self.level))


@dataclass(frozen=True, kw_only=True)
class _Exact:
    """Every study by itself."""

    level: float = LEVEL

    def fit(self, counts: Countable) -> ExactResult:
        return ExactResult(_checked(counts, "exact"), _level(self.level))


_MODELS: dict[str, type[JointModel | Glmm | _Exact]] = {"joint": JointModel, "glmm": Glmm, "exact": _Exact}


def pool(counts: Countable, model: str = "joint", **choices: Any) -> JointResult | GlmmResult | ExactResult:
    """Return the pooled result of a table of counts: what ``casepool pool`` prints.

    Parameters
    ----------
    counts : DataFrame, mapping of columns, or path of a CSV or XLSX file
        For ``joint`` see `JointModel.fit`; for ``glmm`` and ``exact`` the columns ``study, events, n``.
    model : {"joint", "glmm", "exact"}
        Raw, own and pooled rates of diseases; the random-intercept model of study proportions; every study by
        itself.
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
        raise ConfigError(Message("counts_model", found=model, members=tuple(LABEL)))
    kind = _MODELS[model]
    known = tuple(field.name for field in fields(kind))
    unknown = tuple(_unknown(name, known) for name in choices if name not in known)
    if unknown:
        raise ConfigError(Message("choices_unknown", model=model, problems=unknown, known=known))
    return kind(**choices).fit(counts)


def _unknown(name: str, known: Sequence[str]) -> Message:
    if name in {field.name for field in fields(JointModel)}:
        return Message("choice_elsewhere", name=name, model="joint")
    near = nearest(name, known)
    return Message("choice_unknown_near", name=name, nearest=near) if near else Message("choice_unknown", name=name)


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
        raise ConfigError(Message("choice_method", found=method, members=tuple(_INTERVALS)))
    checked = _level(level)
    try:
        return _INTERVALS[method](events, n, checked)
    except ValueError as error:
        raise FileError(str(error)) from error
