"""The words of the data-collection form in French and English."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from casepool.contract.registry import FORM
from casepool.model.folding import fold
from casepool.model.labels import FORMER_LABELS
from casepool.model.message import FAST_LOADER
from casepool.model.protocol import Bilingual, Language, Protocol
from casepool.model.study import Study, study

LANGUAGES: tuple[Language, ...] = ("fr", "en")


@dataclass(frozen=True)
class FormTexts:
    """Title, instructions and, for each column, label and help, in one language."""

    language: Language
    title: str
    subtitle: str
    intro: tuple[str, ...]
    sections: dict[str, str]
    labels: dict[str, str]
    helps: dict[str, str]


@cache
def _content(language: Language) -> Any:
    source = files("casepool.registry.form").joinpath("texts", f"{language}.yaml")
    return yaml.load(source.read_text(encoding="utf-8"), FAST_LOADER)  # noqa: S506 (safe)


def form_texts(language: Language, protocol: Protocol) -> FormTexts:
    """Return the texts of the form in a language, with the drug and the words of the protocol put in."""
    content = _content(language)
    drug = protocol.drug.name
    return FormTexts(
        language,
        content["title"],
        protocol.population.subtitle[language].format(drug=drug),
        tuple(line.format(drug=drug) for line in content["intro"]),
        content["sections"],
        column_labels(language),
        {name: text.format(drug=drug) for name, text in _helps(language).items()},
    )


def column_labels(language: Language) -> dict[str, str]:
    """Return column → label on the form in a language."""
    columns, declared = _content(language)["columns"], _asked(study())
    return {name: declared[name][language] if name in declared else columns[name]["label"] for name in FORM.names}


def _asked(declared: Study) -> dict[str, Bilingual]:
    """Return declared column → label on the form."""
    found = {covariate.id: covariate.asked for covariate in declared.covariates}
    found |= {event.id: event.asked for event in declared.events.values()}
    if declared.loss and declared.loss.time_asked:
        found[declared.months_to_loss] = declared.loss.time_asked
    return found


def _helps(language: Language) -> dict[str, str]:
    columns, declared = _content(language)["columns"], study()
    helps = {event.id: event.help for event in declared.events.values()}
    helps |= {covariate.id: None for covariate in declared.covariates}
    if declared.loss:
        helps[declared.months_to_loss] = declared.loss.time_help
    helps["autoimmune"] = declared.protocol.population.not_own_help
    return {name: _text(helps[name], language) if name in helps else columns[name]["help"] for name in FORM.names}


def _text(text: Bilingual | None, language: Language) -> str:
    return text[language] if text else ""


def column_of_header() -> dict[str, str]:
    """Return folded header → column: the column's name or its label in either language, now or formerly."""
    return _column_of_header(study())


@cache
def _column_of_header(_declared: Study) -> dict[str, str]:
    known = {fold(name): name for name in FORM.names} | {fold(label): name for label, name in FORMER_LABELS.items()}
    for language in LANGUAGES:
        known |= {fold(label): name for name, label in column_labels(language).items()}
    return known


def disease_of_label(protocol: Protocol) -> dict[str, str]:
    """Return folded text → disease id: the id, the name or the short name in every language."""
    return {
        fold(text): disease.id
        for disease in protocol.diseases
        for text in (disease.id, *disease.name.spoken, *disease.short.spoken)
    }
