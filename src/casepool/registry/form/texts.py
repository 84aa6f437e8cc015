"""The words of the data-collection form in French and English."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from casepool.contract.registry import FORM
from casepool.model.labels import FORMER_LABELS
from casepool.model.protocol import Language, Protocol
from casepool.model.vocabulary import fold

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
    return yaml.safe_load(source.read_text(encoding="utf-8"))


def form_texts(language: Language, protocol: Protocol) -> FormTexts:
    """Return the texts of the form in a language, with the drug of the protocol put in."""
    content = _content(language)
    drug = protocol.drug.name
    columns = content["columns"]
    return FormTexts(
        language,
        content["title"],
        content["subtitle"].format(drug=drug),
        tuple(line.format(drug=drug) for line in content["intro"]),
        content["sections"],
        column_labels(language),
        {name: columns[name]["help"].format(drug=drug) for name in FORM.names},
    )


@cache
def column_labels(language: Language) -> dict[str, str]:
    """Return column → label on the form in a language."""
    columns = _content(language)["columns"]
    return {name: columns[name]["label"] for name in FORM.names}


@cache
def column_of_header() -> dict[str, str]:
    """Return folded header → column: the column's name or its label in either language, now or formerly."""
    known = {fold(name): name for name in FORM.names} | {fold(label): name for label, name in FORMER_LABELS.items()}
    for language in LANGUAGES:
        known |= {fold(label): name for name, label in column_labels(language).items()}
    return known


def disease_of_label(protocol: Protocol) -> dict[str, str]:
    """Return folded text → disease id: the id, the name or the short name in either language."""
    return {
        fold(text): disease.id
        for disease in protocol.diseases
        for text in (disease.id, disease.name.en, disease.name.fr, disease.short.en, disease.short.fr)
    }
