"""The protocol: the question a build answers, read from ``config/protocol.yaml`` and validated."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from casepool import ahead
from casepool.model.judge import read_yaml, validate_model
from casepool.model.labels import LABELS

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Text = Annotated[str, StringConstraints(min_length=1)]
Language = Literal["en", "fr"]


class _Strict(BaseModel):
    """Base of the protocol's parts: frozen, unknown keys refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Bilingual(_Strict):
    """A text in the languages of the project: English, French or both.

    Asked for a language it does not have, it answers in the one it has: an English project that somebody reads
    with French messages still names its diseases.
    """

    en: Text | None = None
    fr: Text | None = None

    @model_validator(mode="after")
    def _has_a_language(self) -> Bilingual:
        if not self.spoken:
            message = "a text has no language; expected en, fr or both"
            raise ValueError(message)
        return self

    def __getitem__(self, language: str) -> str:
        told = (self.fr, self.en) if language == "fr" else (self.en, self.fr)
        return next(text for text in told if text)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages it has."""
        return tuple(language for language, text in (("en", self.en), ("fr", self.fr)) if text)

    @property
    def spoken(self) -> tuple[str, ...]:
        """The texts in every language it has, English first."""
        return tuple(text for text in (self.en, self.fr) if text)


class Drug(_Strict):
    """The treatment and every name it is searched and recognised by."""

    name: Text
    synonyms: tuple[Text, ...]
    mesh: tuple[Text, ...] = ()


class Disease(_Strict):
    """A disease that is asked about (eligible) or that is met and excluded.

    ``plain`` is its name without the word "autoimmune", for patients whose antibodies are not known to be their own.
    ``proper`` are the languages in which its name begins with a proper name or an acronym: it keeps its capital
    inside a sentence.
    ``components`` are the ids of the diseases it is made of: patients with it may be filed under one of them.
    """

    id: Identifier
    name: Bilingual
    short: Bilingual
    eligible: bool
    plain: Bilingual | None = None
    proper: tuple[Language, ...] = ()
    mesh: tuple[Text, ...] = ()
    text: tuple[Text, ...] = ()
    components: tuple[Identifier, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Its id, and what it is called in any language: in full, in short, without what stands in brackets."""
        called = (*self.name.spoken, *self.short.spoken, *(self.plain.spoken if self.plain else ()))
        return (self.id, *called, *(name.split("(", 1)[0].strip() for name in called))


class Eligibility(_Strict):
    """Who belongs to the question."""

    minimum_age_years: int = Field(ge=0, le=120)
    count_unknown_age: bool
    count_alloimmune: bool


class Shares(_Strict):
    """How often two tellings agree: of one patient, and of two patients. Worth ``log2(one / two)`` bits of identity."""

    one: float = Field(gt=0, lt=1)
    two: float = Field(gt=0, lt=1)


class Named(_Strict):
    """An id of a closed set and its label."""

    id: Identifier
    name: Bilingual
    spellings: tuple[Text, ...] = ()


class Grade(Named):
    """A degree of response; ``sentence`` is its word in "Response: … (complete, partial or …)".

    Of an ``ungraded`` response the source does not say the degree: it may be any other one.
    """

    sentence: Bilingual
    ungraded: bool = False


class Outcome(_Strict):
    """An outcome: which grades count as success. The first of the protocol says who responded at all.

    ``column`` names its counts (``n_complete``); without it, its id does.
    """

    id: Identifier
    name: Bilingual
    success: tuple[Identifier, ...] = Field(min_length=1)
    column: Identifier | None = None


class Place(Named):
    """A setting: what the disease arose on.

    ``alone`` are its words without a column that says what they are. ``disease`` and ``disease_short`` name a disease
    all of whose patients are of this setting (placeholders name and origin).
    """

    alone: Bilingual | None = None
    disease: Bilingual | None = None
    disease_short: Bilingual | None = None


class Ticks(_Strict):
    """The two levels of a covariate in the table of moderators."""

    present: Bilingual
    absent: Bilingual


class Route(Named):
    """A route of administration; ``given`` names it in the table of moderators."""

    given: Bilingual | None = None


class Covariate(_Strict):
    """A fact about a patient before the drug that is answered yes or no, as an earlier treatment.

    ``name`` heads its column, ``asked`` is its label on the form, ``box`` its box among the earlier treatments
    (code and label), ``moderator`` its two levels where the response is compared by it. A total of registry patients
    has no place for it: it is always ``withheld``.
    """

    id: Identifier
    name: Bilingual
    asked: Bilingual
    box: Named
    moderator: Ticks | None = None
    identity: Shares | None = None
    disclosure: Literal["withheld"] = "withheld"


class Cause(Named):
    """What an event was due to, as the source says; what it leaves together stays together."""


class Event(_Strict):
    """What may become of a patient after the drug.

    ``name`` names it in tables, ``column`` heads its column, ``asked`` and ``help`` ask for it on the form. ``among``
    says who can have it. One ``among`` responders is a loss of response: ``time`` (in tables), ``time_asked`` and
    ``time_help`` (on the form) name the months from the response to it; ``rule`` says on the form whom it can befall.
    An event that is not ``pooled`` has no rate over patients of several settings; ``note`` says why below the table.
    ``disclosure``: whether its count may stand in a released total of registry patients.
    """

    id: Identifier
    name: Bilingual
    column: Bilingual
    asked: Bilingual
    help: Bilingual | None = None
    among: Literal["treated", "responders"] = "treated"
    time: Bilingual | None = None
    time_asked: Bilingual | None = None
    time_help: Bilingual | None = None
    rule: Bilingual | None = None
    causes: tuple[Cause, ...] = ()
    pooled: bool = True
    note: Bilingual | None = None
    identity: Shares | None = None
    disclosure: Literal["counted", "withheld"] = "counted"

    @model_validator(mode="after")
    def _a_loss_has_a_time(self) -> Event:
        if (self.among == "responders") != all((self.time, self.time_asked, self.rule)):
            message = f"event {self.id}: time, time_asked and rule stand where it is among responders, and only there"
            raise ValueError(message)
        return self


class Population(_Strict):
    """The words for who is asked about.

    ``subtitle`` heads the form (placeholder drug); ``question`` asks about several diseases (placeholders n, drug,
    age); ``not_own`` names the sensitivity analysis without patients whose antibodies are not their own,
    ``not_own_help`` and ``not_own_note`` say on the form who these are; ``alone`` says that the drug is given without
    another one.
    """

    subtitle: Bilingual
    question: Bilingual
    not_own: Bilingual
    not_own_help: Bilingual
    not_own_note: Bilingual
    alone: Bilingual


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
    population: Population
    responses: tuple[Grade, ...] = Field(min_length=1)
    outcomes: tuple[Outcome, ...] = Field(min_length=1)
    settings: tuple[Place, ...] = ()
    routes: tuple[Route, ...] = ()
    compared_routes: tuple[Identifier, Identifier] | None = None
    exclusion_reasons: tuple[Named, ...] = ()
    covariates: tuple[Covariate, ...] = ()
    events: tuple[Event, ...] = ()
    search: SearchStrategy | None = None
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
    def _declarations_fit_together(self) -> Protocol:
        grades = {grade.id for grade in self.responses}
        for outcome in self.outcomes:
            if unknown := sorted(set(outcome.success) - grades):
                message = f"outcomes: {outcome.id}: {', '.join(unknown)} is no grade; expected ids of responses"
                raise ValueError(message)
        if (first := set(self.outcomes[0].success)) != grades:
            message = f"outcomes: the first one misses {', '.join(sorted(grades - first))}; expected every grade"
            raise ValueError(message)
        if sum(event.among == "responders" for event in self.events) > 1:
            message = "events: several are among responders; expected one at most"
            raise ValueError(message)
        named = {route.id for route in self.routes if route.given}
        if not set(self.compared_routes or ()) <= named:
            message = f"compared_routes: found {', '.join(self.compared_routes or ())}; expected routes with given"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _declared_ids_are_free(self) -> Protocol:
        labelled: list[Named] = [*self.responses, *self.settings, *self.routes, *self.exclusion_reasons]
        labelled += [cause for event in self.events for cause in event.causes]
        for kind, ids in (("columns", self.declared_columns), ("labels", [one.id for one in labelled])):
            if repeated := sorted({one for one in ids if ids.count(one) > 1}):
                message = f"declared {kind}: {', '.join(repeated)} stands more than once; expected unique ids"
                raise ValueError(message)
        taken = [one for one in labelled if one.id in LABELS and not set(one.name.spoken) <= set(LABELS[one.id])]
        if taken:
            message = (
                f"{', '.join(one.id for one in taken)}: an id of every study, with another label; choose another id"
            )
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
    def declared_columns(self) -> tuple[str, ...]:
        """The ids that become columns."""
        counted = (outcome.column or outcome.id for outcome in self.outcomes)
        return (*(one.id for one in self.covariates), *(one.id for one in self.events), *counted)

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
    return ahead.fetched(_read, path, frozen=True)


@ahead.reader
def _read(path: str | Path) -> Protocol:
    return validate_model(Protocol, read_yaml(path), path)
