"""docs/data_dictionary_*.md: every column of every curated table, in one language, from the contract and its texts."""

from __future__ import annotations

from casepool.contract import CURATED, Column, Table
from casepool.contract.texts import column_example, column_help, column_label, table_help, table_title
from casepool.model.message import text
from casepool.model.protocol import Language
from casepool.model.vocabulary import label
from casepool.office.words import limits

_WORDS = {
    "en": {
        "title": "Data dictionary",
        "head": "Generated from the contract by `make generated`; do not edit. [En français](data_dictionary_fr.md). "
        "An empty cell means: not reported. Ids and labels of either language are understood, in headers too; how a "
        "value is chosen where a source leaves it open: [rules of reading](data.md#rules-of-reading).",
        "columns": ("column", "label", "what it means", "what may stand there", "example", "must be filled"),
        "key": "Key",
        "rules": "From one column to another:",
        "yes": "yes",
        "text": "a text",
        "between": ": ",
    },
    "fr": {
        "title": "Dictionnaire des données",
        "head": "Engendré à partir du contrat par `make generated` ; ne pas modifier. "
        "[In English](data_dictionary_en.md). "
        "Une case vide signifie : non rapporté. Identifiants et libellés des deux langues sont compris, aussi dans les "
        "titres ; comment choisir quand la source ne tranche pas : [règles de lecture](data.md#rules-of-reading), en "
        "anglais.",
        "columns": ("colonne", "libellé", "ce qu’elle veut dire", "valeurs admises", "exemple", "indispensable"),
        "key": "Clé",
        "rules": "D’une colonne à l’autre :",
        "yes": "oui",
        "text": "un texte",
        "between": " : ",
    },
}


def dictionary_page(language: Language) -> str:
    """Return the page in a language."""
    words = _WORDS[language]
    lines = [f"# {words['title']}", "", str(words["head"])]
    for table in CURATED:
        key = ", ".join(f"`{name}`" for name in table.key)
        lines += ["", f"## {table.name}.csv", ""]
        lines += [f"**{table_title(table.name, language)}.** {table_help(table.name, language)}", ""]
        lines += [f"{words['key']}{words['between']}{key}", "", _row(words["columns"]), "| --- " * 6 + "|"]
        lines += [_row(_cells(table, column, language)) for column in table.columns]
        rules = [f"- `{one.column}`{words['between']}{text(one.expected, language)}" for one in table.rules]
        lines += ["", str(words["rules"]), "", *rules] if rules else []
    return "\n".join(lines) + "\n"


def _cells(table: Table, column: Column, language: Language) -> tuple[str, ...]:
    words = _WORDS[language]
    told = tuple(of(table.name, column.name, language) for of in (column_label, column_help, column_example))
    need = column.required and "not_reported" not in column.members
    return f"`{column.name}`", told[0], told[1], _allowed(column, language), told[2], str(words["yes"]) if need else ""


def _allowed(column: Column, language: Language) -> str:
    if column.members:
        return "; ".join(f"`{one}` ({label(one, language)})" for one in column.members)
    if column.expected:
        return text(column.expected, language)
    said = limits(column, language).rstrip(".")
    return f"{said[:1].lower()}{said[1:]}" if said else str(_WORDS[language]["text"])


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"
