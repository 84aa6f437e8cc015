"""The texts that the protocol declares, under the keys by which the catalogue holds those of every study."""

from __future__ import annotations

from collections.abc import Iterator

from casepool.model.protocol import Bilingual
from casepool.model.study import Study
from casepool.model.vocabulary import Answer


def declared_texts(study: Study, language: str) -> dict[str, str]:
    """Return key → text in a language of everything that a study names itself."""
    return {key: text[language] for key, text in _texts(study) if text is not None}


def _texts(study: Study) -> Iterator[tuple[str, Bilingual | None]]:
    population = study.protocol.population
    yield "question_1_other", population.question
    yield "variant_data_without_alloimmune", population.not_own
    yield "item_monotherapy", population.alone
    yield f"moderator_monotherapy_{Answer.YES}", population.alone
    for grade in study.protocol.responses:
        yield f"success_{grade.id}", grade.sentence
    for route in study.protocol.routes:
        yield f"moderator_route_{route.id}", route.given
    yield from _of_covariates(study)
    yield from _of_settings(study)
    yield from _of_events(study)


def _of_covariates(study: Study) -> Iterator[tuple[str, Bilingual | None]]:
    for covariate in study.covariates:
        yield f"column_{covariate.id}", covariate.name
        yield f"item_{covariate.id}", covariate.name
        if covariate.moderator:
            yield f"moderator_{covariate.id}_{Answer.YES}", covariate.moderator.present
            yield f"moderator_{covariate.id}_{Answer.NO}", covariate.moderator.absent


def _of_settings(study: Study) -> Iterator[tuple[str, Bilingual | None]]:
    for place in study.protocol.settings:
        yield f"setting_{place.id}", place.alone
        yield f"named_{place.id}", place.disease
        yield f"named_short_{place.id}", place.disease_short or place.disease


def _of_events(study: Study) -> Iterator[tuple[str, Bilingual | None]]:
    for event in study.events.values():
        yield f"event_{event.id}", event.name
        yield f"column_event_{event.id}", event.column
        yield f"note_event_{event.id}", event.note
        if event.among == "responders":
            yield f"times_{study.months_to_loss}", event.time
