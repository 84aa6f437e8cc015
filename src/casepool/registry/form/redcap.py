"""The REDCap data dictionary of the form, and the names under which REDCap exports its fields."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator
from io import StringIO

from casepool.contract.columns import Column
from casepool.contract.registry import sections
from casepool.model.protocol import Language, Protocol
from casepool.model.study import study
from casepool.model.vocabulary import Answer
from casepool.registry.form.texts import FormTexts, form_texts
from casepool.registry.form.words import choices_of, is_needed, mark_of, words

RECORD_ID = "record_id"
CENTRE_INSTRUMENT, PATIENT_INSTRUMENT = "centre", "patient"
PRIOR_TREATMENTS = "prior_treatments"  # one check-box field in place of the columns of the covariates
INSTRUCTIONS = "instructions"  # shown above the patient's items; REDCap does not export it

DICTIONARY_HEADER = (
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Identifier?",
    "Branching Logic (Show field only if...)",
    "Required Field?",
    "Custom Alignment",
    "Question Number (surveys only)",
    "Matrix Group Name",
    "Matrix Ranking?",
    "Field Annotation",
)

# The columns that together name the patient to the centre.
_IDENTIFIERS = frozenset({"centre", "patient_code"})
_LONG_LISTS = frozenset({"disease", "setting", "response"})
_SHOWN_ONLY_IF = {
    "publication_pmid": f"[published] = '{Answer.YES}'",
    "publication_doi": f"[published] = '{Answer.YES}'",
}
# REDCap knows no patterns: a whole number keeps initials and titles out.
_WHOLE_NUMBERS = {"patient_code": ("1", "9999")}
_VALIDATION = {"integer": "integer", "number": "number", "date": "date_ymd"}


def prior_codes() -> dict[str, str]:
    """Return code of a box of the earlier treatments → the column that it answers ("" for those that answer all)."""
    return {one.box.id: one.id for one in study().covariates} | {"none_of_these": "", "not_known": ""}


def prior_columns() -> tuple[str, ...]:
    """Return the columns that the boxes answer."""
    return tuple(covariate.id for covariate in study().covariates)


def prior_labels(language: Language) -> dict[str, str]:
    """Return code of a box → its label."""
    choices: dict[str, str] = words(language)["redcap"]["choices"]
    return {one.box.id: one.box.name[language] for one in study().covariates} | choices


def _shown_only_if() -> dict[str, str]:
    """Return column → the answers after which REDCap shows it."""
    responded = " or ".join(f"[response] = '{one}'" for one in sorted(study().responded))
    loss = study().loss
    after_loss = {loss.id: responded, study().months_to_loss: f"[{loss.id}] = '{Answer.YES}'"} if loss else {}
    return {"time_to_response_weeks": responded, **after_loss, **_SHOWN_ONLY_IF}


def checkbox_header(code: str) -> str:
    """Return the header under which REDCap exports (raw) one box of the earlier treatments."""
    return f"{PRIOR_TREATMENTS}___{code}"


def prior_answers(ticked: Collection[str]) -> dict[str, Answer]:
    """Return the answer for each column of the earlier treatments, from the codes that are ticked.

    A box left empty says no as soon as another one answers the question; "not known" leaves open
    what is not ticked, and so does a question without any tick.
    """
    open_question = not ticked or "not_known" in ticked
    unticked = Answer.NOT_REPORTED if open_question else Answer.NO
    return {column: Answer.YES if code in ticked else unticked for code, column in prior_codes().items() if column}


def ticks_contradict(ticked: Collection[str]) -> bool:
    """Return whether "neither" is ticked beside another box (REDCap prevents it, an import does not)."""
    return "none_of_these" in ticked and len(ticked) > 1


def label_headers(protocol: Protocol, language: Language) -> dict[str, str]:
    """Return header of an export with labels → header of the raw export, for every field of the form."""
    headers: dict[str, str] = {}
    for row in dictionary_rows(protocol, language):
        name, shown = row["Variable / Field Name"], row["Field Label"]
        if row["Field Type"] == "checkbox":
            labels = prior_labels(language)
            headers |= {f"{shown} (choice={labels[code]})": checkbox_header(code) for code in prior_codes()}
        elif row["Field Type"] != "descriptive":
            headers[shown] = name
    return headers


def dictionary_csv(protocol: Protocol, language: Language) -> str:
    """Return the data dictionary as REDCap imports it."""
    buffer = StringIO()
    writer = csv.DictWriter(buffer, DICTIONARY_HEADER, lineterminator="\n")
    writer.writeheader()
    writer.writerows(dictionary_rows(protocol, language))
    return buffer.getvalue()


def dictionary_rows(protocol: Protocol, language: Language) -> list[dict[str, str]]:
    """Return one row for each field: the centre once for each record, then the patient, who repeats."""
    texts = form_texts(language, protocol)
    rows = [_record_id(language)]
    for section in sections():
        instrument = CENTRE_INSTRUMENT if section == CENTRE_INSTRUMENT else PATIENT_INSTRUMENT
        fields = list(_section_rows(section, texts, protocol))
        fields[0]["Section Header"] = " · ".join(filter(None, (mark_of(protocol, language), texts.sections[section])))
        rows += [row | {"Form Name": instrument} for row in fields]
    return rows


def _record_id(language: Language) -> dict[str, str]:
    told = words(language)["redcap"]
    row = _row(RECORD_ID, "text", told["record_id"], told["record_id_note"])
    return row | {"Form Name": CENTRE_INSTRUMENT}


def _section_rows(section: str, texts: FormTexts, protocol: Protocol) -> Iterator[dict[str, str]]:
    if section == PATIENT_INSTRUMENT:
        yield _row(INSTRUCTIONS, "descriptive", " ".join(texts.intro))
    for column in sections()[section]:
        if column.name in prior_columns()[:1]:
            yield _prior_treatments(texts.language)
        if column.name not in prior_columns():
            yield _column_row(column, texts, protocol)


def _prior_treatments(language: Language) -> dict[str, str]:
    told = words(language)["redcap"]
    choices = _choices({code: prior_labels(language)[code] for code in prior_codes()})
    # The space keeps a spreadsheet from reading the action tag as a formula.
    exclusive = " @NONEOFTHEABOVE='none_of_these'"
    row = _row(PRIOR_TREATMENTS, "checkbox", told["prior_treatments"], told["prior_treatments_note"])
    return row | {DICTIONARY_HEADER[5]: choices, "Field Annotation": exclusive}


def _column_row(column: Column, texts: FormTexts, protocol: Protocol) -> dict[str, str]:
    note = words(texts.language)["redcap"]["notes"].get(column.name, texts.helps[column.name])
    row = _row(column.name, "text", texts.labels[column.name], note)
    row |= _answer(column, texts.language, protocol)
    row["Identifier?"] = "y" if column.name in _IDENTIFIERS else ""
    row["Required Field?"] = "y" if is_needed(column) else ""
    row[DICTIONARY_HEADER[11]] = _shown_only_if().get(column.name, "")
    return row


def _answer(column: Column, language: Language, protocol: Protocol) -> dict[str, str]:
    """Return field type, choices and validation of a column."""
    many = "dropdown" if column.name in _LONG_LISTS else "radio"
    labels = choices_of(column, language, protocol)
    if labels:
        return {"Field Type": many, DICTIONARY_HEADER[5]: _choices(labels)}
    if column.name == "note":
        return {"Field Type": "notes"}
    return _validation(column)


def _validation(column: Column) -> dict[str, str]:
    if column.name in _WHOLE_NUMBERS:
        kind, (low, high) = "integer", _WHOLE_NUMBERS[column.name]
    else:
        kind = _VALIDATION.get(column.kind, "")
        low, high = ("" if limit is None else f"{limit:g}" for limit in (column.minimum, column.maximum))
    return dict(zip(DICTIONARY_HEADER[7:10], (kind, low, high), strict=True))


def _row(name: str, kind: str, shown: str, note: str = "") -> dict[str, str]:
    empty = dict.fromkeys(DICTIONARY_HEADER, "")
    filled = {"Variable / Field Name": name, "Field Type": kind, "Field Label": shown, "Field Note": note}
    return empty | filled


def _choices(labels: dict[str, str]) -> str:
    # The bar separates choices for REDCap: none may stand inside a label.
    return " | ".join(f"{code}, {_one_line(text.replace('|', '/'))}" for code, text in labels.items())


def _one_line(text: str) -> str:
    return " ".join(text.split())
