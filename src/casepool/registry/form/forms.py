"""The data-collection form in all its kinds, made from the schema."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from casepool.files.atomic import write_bytes
from casepool.model.protocol import Language, Protocol
from casepool.registry.form.pdf import form_pdf
from casepool.registry.form.redcap import dictionary_csv
from casepool.registry.form.sheet import form_xlsx
from casepool.registry.form.texts import LANGUAGES
from casepool.registry.form.word import form_docx


def write_forms(folder: str | Path, protocol: Protocol, languages: Sequence[Language] = LANGUAGES) -> tuple[Path, ...]:
    """Return the paths of the forms written: spreadsheet, Word, PDF and REDCap dictionary in each language.

    Parameters
    ----------
    folder : where the files go; it is made if it is missing.
    protocol : the question; one that is synthetic marks every form.
    """
    contents = {name: content for one in languages for name, content in forms(protocol, one).items()}
    for name, content in contents.items():
        write_bytes(Path(folder) / name, content)
    return tuple(Path(folder) / name for name in contents)


def write_sheet(path: str | Path, protocol: Protocol, language: Language) -> None:
    """Write the spreadsheet of the form alone."""
    write_bytes(path, form_xlsx(protocol, language))


def forms(protocol: Protocol, language: Language) -> dict[str, bytes]:
    """Return file name → content of the forms in a language."""
    return {
        f"casepool-form_{language}.xlsx": form_xlsx(protocol, language),
        f"casepool-form_{language}.docx": form_docx(protocol, language),
        f"casepool-form_{language}.pdf": form_pdf(protocol, language),
        f"casepool-redcap_{language}.csv": dictionary_csv(protocol, language).encode("utf-8"),
    }
