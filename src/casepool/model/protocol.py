"""The protocol: the question a build answers, read from ``config/protocol.yaml`` and validated."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from casepool.model.judge import read_yaml, validate_model

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Text = Annotated[str, StringConstraints(min_length=1)]
Language = Literal["en", "fr"]


class _Strict(BaseModel):
    """Base of the protocol's parts: frozen, unknown keys refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Bilingual(_Strict):
    """A text in English and French."""

    en: Text
    fr: Text

    def __getitem__(self, language: str) -> str:
        return self.fr if language == "fr" else self.en


class Drug(_Strict):
    """The treatment and every name it is searched and recognised by."""

    name: Text
    synonyms: tuple[Text, ...]
    mesh: tuple[Text, ...] = ()


class Disease(_Strict):
    """A disease that is asked about (eligible) or that is met and excluded.

    ``plain`` is its name without the word "autoimmune", for patients whose antibodies are not known to be their own.
    ``components`` are the ids of the diseases it is made of: patients with it may be filed under one of them.
    """

    id: Identifier
    name: Bilingual
    short: Bilingual
    eligible: bool
    plain: Bilingual | None = None
    mesh: tuple[Text, ...] = ()
    text: tuple[Text, ...] = ()
    components: tuple[Identifier, ...] = ()


class Eligibility(_Strict):
    """Who belongs to the question."""

    minimum_age_years: int = Field(ge=0, le=120)
    count_unknown_age: bool
    count_alloimmune: bool


class Outcome(_Strict):
    """An outcome: which responses count as success."""

    id: Identifier
    name: Bilingual
    success: tuple[Text, ...]


class SearchStrategy(_Strict):
    """The PubMed strategy: drug AND (any disease OR any general autoimmune term)."""

    general_mesh: tuple[Text, ...]
    general_text: tuple[Text, ...]
    language_limit: None = None


class Protocol(_Strict):
    """The whole question."""

    id: Identifier
    title: Bilingual
    drug: Drug
    diseases: tuple[Disease, ...] = Field(min_length=1)
    eligibility: Eligibility
    outcomes: tuple[Outcome, ...] = Field(min_length=1)
    search: SearchStrategy
    synthetic: bool = False

    @model_validator(mode="after")
    def _disease_ids_are_sound(self) -> Protocol:
        ids = [disease.id for disease in self.diseases]
        repeated = sorted({one for one in ids if ids.count(one) > 1})
        if repeated:
            message = f"diseases: id {', '.join(repeated)} stands more than once; expected unique ids"
            raise ValueError(message)
        unknown = sorted({one for disease in self.diseases for one in disease.components} - set(ids))
        if unknown:
            message = f"diseases: component {', '.join(unknown)} is no disease; expected ids of the list"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _some_disease_is_asked_about(self) -> Protocol:
        if not self.eligible_ids:
            message = "diseases: none is eligible; expected eligible: true for at least one"
            raise ValueError(message)
        return self

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy that does not keep the diseases by id of the original, for it may have others."""
        copied = super().model_copy(update=update, deep=deep)
        copied.__dict__.pop("by_id", None)
        return copied

    @cached_property
    def by_id(self) -> dict[str, Disease]:
        """The diseases by their id, in protocol order."""
        return {disease.id: disease for disease in self.diseases}

    @property
    def eligible_ids(self) -> tuple[str, ...]:
        """The ids of the diseases asked about, in protocol order."""
        return tuple(disease.id for disease in self.diseases if disease.eligible)


def load_protocol(path: str | Path) -> Protocol:
    """Return the validated protocol of a YAML file.

    Raises
    ------
    ConfigError
        With every unknown key, missing key and wrong value of the file.
    """
    return validate_model(Protocol, read_yaml(path), path)
