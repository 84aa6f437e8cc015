"""The data-collection form as a spreadsheet."""

from __future__ import annotations

from casepool.contract.columns import Column
from casepool.contract.curated_rules import LOSS_RULE
from casepool.contract.registry import FORM, sections
from casepool.model.message import text
from casepool.model.protocol import Language, Protocol
from casepool.model.study import study
from casepool.office.entry import EntryColumn, EntryForm
from casepool.office.words import limits
from casepool.office.workbook import entry_workbook
from casepool.registry.form.texts import FormTexts, form_texts
from casepool.registry.form.words import choices_of, is_needed, mark_of, words


def form_xlsx(protocol: Protocol, language: Language) -> bytes:
    """Return the spreadsheet: patients on the first sheet, help, lists."""
    return entry_workbook(entry_form(protocol, language))


def entry_form(protocol: Protocol, language: Language) -> EntryForm:
    """Return the columns and texts of the spreadsheet in a language."""
    texts, told = form_texts(language, protocol), words(language)
    return EntryForm(
        sheet=told["sheet"],
        language=language,
        title=texts.title,
        subtitle=texts.subtitle,
        instructions=(*texts.intro, *told["sheet_instructions"]),
        rules=tuple(_rule(rule.name, language) for rule in FORM.rules),
        columns=tuple(
            _entry_column(column, section, texts, protocol)
            for section, columns in sections().items()
            for column in columns
        ),
        n_frozen=FORM.names.index("patient_code") + 1,
        mark=mark_of(protocol, language),
    )


def _rule(name: str, language: Language) -> str:
    loss = study().loss
    if name == LOSS_RULE and loss and loss.rule:
        return loss.rule[language]
    return str(words(language)["rules"][name])


def _entry_column(column: Column, section: str, texts: FormTexts, protocol: Protocol) -> EntryColumn:
    choices = tuple(choices_of(column, texts.language, protocol).values())
    return EntryColumn(
        header=texts.labels[column.name],
        source=column,
        group=texts.sections[section],
        choices=choices,
        needed=is_needed(column),
        once=section == "centre",
        what=texts.helps[column.name],
        allowed=" · ".join(choices) or _allowed(column, texts.language),
    )


def _allowed(column: Column, language: Language) -> str:
    if column.pattern and column.expected:
        expected = text(column.expected, language)
        return f"{expected[0].upper()}{expected[1:]}."
    return limits(column, language) or str(words(language)["text"])
