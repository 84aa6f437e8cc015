"""What the paper form asks: two pages for one patient, the same for Word and PDF."""

from __future__ import annotations

from dataclasses import dataclass

from casepool.contract.columns import Column
from casepool.contract.registry import sections
from casepool.model.protocol import Language, Protocol
from casepool.model.study import study
from casepool.registry.form.texts import FormTexts, form_texts
from casepool.registry.form.words import choices_of, is_needed, mark_of, words

GRID = 6  # columns of the page; a field spans some of them
_SPANS = {
    "centre": 4, "country": 2, "filled_on": 2, "centre_n_treated": 2, "centre_n_reported": 2,
    "patient_code": 2, "objection_checked": 4, "age_years": 2, "sex": 2, "treatment_year": 2,
    "autoimmune": 3, "autoantibodies": 3,
    "n_prior_lines": 2,
    "dose": 3, "n_doses": 3, "concomitant": 4, "monotherapy": 2,
    "time_to_response_weeks": 3, "follow_up_months": 3,
    "published": 2, "publication_pmid": 2, "publication_doi": 2,
}  # fmt: skip
_N_LINES = {"note": 3}
_FIRST_PAGE = ("centre", "patient", "disease")
_MANY_CHOICES = 8  # from here on in two columns


@dataclass(frozen=True)
class PaperField:
    """A question: check boxes, or ruled lines between a prefix and a unit."""

    name: str
    label: str
    note: str
    span: int
    boxes: tuple[str, ...] = ()
    prefix: str = ""
    unit: str = ""
    n_lines: int = 1

    @property
    def in_two_columns(self) -> bool:
        """Whether the boxes stand in two columns and not one after the other."""
        return len(self.boxes) >= _MANY_CHOICES

    @property
    def pairs(self) -> list[tuple[str, ...]]:
        """The boxes in two columns, line by line; they are read downwards."""
        half = (len(self.boxes) + 1) // 2
        return [self.boxes[number::half] for number in range(half)]


@dataclass(frozen=True)
class PaperSection:
    """A title and its questions, row by row; ``colour`` counts the sections of the form."""

    title: str
    rows: tuple[tuple[PaperField, ...], ...]
    colour: int


@dataclass(frozen=True)
class PaperForm:
    """The whole form; ``again`` are the questions by which a loose second page finds its first."""

    language: Language
    title: str
    subtitle: str
    instructions_title: str
    instructions: tuple[str, ...]
    pages: tuple[tuple[PaperSection, ...], tuple[PaperSection, ...]]
    again: tuple[PaperField, ...]
    star: str
    mark: str


def paper_form(protocol: Protocol, language: Language) -> PaperForm:
    """Return the content of the paper form in a language."""
    texts, told = form_texts(language, protocol), words(language)
    shown = {
        name: PaperSection(texts.sections[name], _rows([_field(column, texts, protocol) for column in columns]), number)
        for number, (name, columns) in enumerate(sections().items())
    }
    again = [_field(column, texts, protocol) for column in _columns("centre", "patient_code")]
    return PaperForm(
        language=language,
        title=texts.title,
        subtitle=texts.subtitle,
        instructions_title=told["paper"]["instructions_title"],
        instructions=texts.intro,
        pages=(
            tuple(section for name, section in shown.items() if name in _FIRST_PAGE),
            tuple(section for name, section in shown.items() if name not in _FIRST_PAGE),
        ),
        again=tuple(again),
        star=told["paper"]["star"],
        mark=mark_of(protocol, language),
    )


def _columns(*names: str) -> list[Column]:
    return [column for columns in sections().values() for column in columns if column.name in names]


def _field(column: Column, texts: FormTexts, protocol: Protocol) -> PaperField:
    told = words(texts.language)["paper"]
    to_loss = column.name == study().months_to_loss
    unit = told["units"].get("months_to_loss" if to_loss else column.name, "")
    label = texts.labels[column.name].removesuffix(f" ({unit})")
    return PaperField(
        column.name,
        f"{label} *" if is_needed(column) else label,
        _note(column.name, texts),
        _SPANS.get(column.name) or _declared_spans().get(column.name, GRID),
        tuple(choices_of(column, texts.language, protocol).values()),
        told["prefixes"].get(column.name, ""),
        unit,
        _N_LINES.get(column.name, 1),
    )


def _note(name: str, texts: FormTexts) -> str:
    if name == "autoimmune":
        return study().protocol.population.not_own_note[texts.language]
    return str(words(texts.language)["paper"]["notes"].get(name, texts.helps[name]))


def _declared_spans() -> dict[str, int]:
    """Return the widths of what the protocol declares: covariates beside the lines, events in pairs."""
    declared = study()
    narrow = {covariate.id: 2 for covariate in declared.covariates}
    return narrow | dict.fromkeys((*declared.events, declared.months_to_loss), 3)


def _rows(fields: list[PaperField]) -> tuple[tuple[PaperField, ...], ...]:
    """Return the fields in rows that are as wide as the page at most."""
    rows: list[list[PaperField]] = []
    for field in fields:
        if rows and sum(one.span for one in rows[-1]) + field.span <= GRID:
            rows[-1].append(field)
        else:
            rows.append([field])
    return tuple(tuple(row) for row in rows)
