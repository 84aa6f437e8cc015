"""The analysis choices of ``config/config.yaml``, validated."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from casepool import defaults
from casepool.model.judge import read_yaml, validate_model
from casepool.model.protocol import Language

Fraction = Annotated[float, Field(gt=0, lt=1)]
Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]


# Most further patients that a plan asks for: every possible outcome is computed.
LARGEST = 200


class _Strict(BaseModel):
    """Base of the configuration's parts: frozen, unknown keys refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PubMed(_Strict):
    """Where the search results come from."""

    mode: Literal["snapshot", "live"]
    snapshot: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    base_url: Annotated[str, Field(pattern=r"^(https://|http://(127\.0\.0\.1|localhost)[:/]).*/$")]
    email: Annotated[str, Field(pattern=r"^([^@\s]+@[^@\s]+)?$")]


class Own(_Strict):
    """What the own rate of a disease allows to be wrong (methods: the own rate); 0 switches an allowance off."""

    source_sd: NotNegative = defaults.SOURCE_SD
    label_error: Annotated[float, Field(ge=0, lt=1)] = defaults.LABEL_ERROR
    registry_sd: NotNegative = defaults.REGISTRY_SD
    ratio_sd: NotNegative = defaults.RATIO_SD


class Pooling(_Strict):
    """Choices of the pooling models (methods: the own rate; priors of the joint model)."""

    level: Fraction
    thresholds: Annotated[tuple[Fraction, ...], Field(min_length=1)]
    clustering: Annotated[float, Field(ge=0, lt=1)]
    prior_mu: tuple[float, Positive]
    prior_tau: Positive
    prior_beta: tuple[float, Positive]
    min_diseases: Annotated[int, Field(ge=2)] = defaults.MIN_DISEASES
    own: Own = Own()
    ratios: Annotated[tuple[Positive, ...], Field(min_length=1)] = defaults.RATIOS


class Planning(_Strict):
    """What the plan asks: numbers of further patients of a disease, the rate that its interval should exclude."""

    patients: Annotated[tuple[Annotated[int, Field(ge=1, le=LARGEST)], ...], Field(min_length=1)] = (
        defaults.PLAN_PATIENTS
    )
    threshold: Fraction = defaults.PLAN_THRESHOLD


class Duplicates(_Strict):
    """Which records a person is shown as perhaps one publication, or publications of one study."""

    title: Annotated[float, Field(ge=60, le=100)] = defaults.LIKE_TITLES
    years: Annotated[int, Field(ge=0)] = defaults.NEAR_YEARS


class Forest(_Strict):
    """Layout of the forest plot."""

    rows_per_page: Annotated[int, Field(ge=10, le=60)]
    columns: tuple[Literal["year", "weight", "treated", "appraisal", "setting"], ...] = ()
    order: Literal["ascertainment", "year", "weight"] = "ascertainment"


class Simulation(_Strict):
    """The small simulation of every build (``make simulation`` runs a large one)."""

    replicates: Annotated[int, Field(ge=1)]
    chunk: Annotated[int, Field(ge=1)]
    ratios: Annotated[tuple[Positive, ...], Field(min_length=1)]


class Sensitivity(_Strict):
    """In how many jobs each report is left out in turn; the numbers do not depend on it."""

    jobs: Annotated[int, Field(ge=1)] = defaults.SENSITIVITY_JOBS


class Annex(_Strict):
    """What is made on request only."""

    small_study: bool


class Registry(_Strict):
    """Where the registry returns lie, the key of their pseudonyms (both outside git), and how they are read."""

    dir: Annotated[str, Field(min_length=1)]
    country: Annotated[str, Field(min_length=1)]
    key_file: Annotated[str, Field(min_length=1)]
    evaluable_share: Annotated[float, Field(ge=0, le=1)] = defaults.EVALUABLE_SHARE
    only_complete: bool = False
    remind_after: Annotated[int, Field(ge=1)] = defaults.REMIND_AFTER
    missing_codes: tuple[str, ...] = ()
    harmless_words: tuple[str, ...] = ()
    second_reader: str = ""


class Disclosure(_Strict):
    """Protection of registry patients: see ``registry.release.rule.Rule``."""

    threshold: Annotated[int, Field(ge=1)]
    remaining: Annotated[int, Field(ge=1)] = defaults.REMAINING
    colluding: Annotated[int, Field(ge=2)] = defaults.COLLUDING


class Configuration(_Strict):
    """The whole configuration."""

    protocol: str
    language: Annotated[tuple[Language, ...], Field(min_length=1)]
    seed: Annotated[int, Field(ge=0)]
    pubmed: PubMed
    pooling: Pooling
    planning: Planning = Planning()
    duplicates: Duplicates = Duplicates()
    sensitivity: Sensitivity = Sensitivity()
    simulation: Simulation
    annex: Annex
    forest: Forest
    registry: Registry
    disclosure: Disclosure


def load_configuration(path: str | Path) -> Configuration:
    """Return the validated configuration; every problem of the file is one ConfigError."""
    return configuration_of(read_yaml(path), path)


def configuration_of(content: object, path: str | Path = "config/config.yaml") -> Configuration:
    """Return the configuration of plain data, which options of a command may have changed since it was read.

    Raises
    ------
    ConfigError
        With every unknown key, missing key and wrong value; it names `path`.
    """
    return validate_model(Configuration, content, path)
