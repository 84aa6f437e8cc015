"""Authors of one cell, as programs list them; every name here is invented."""

from __future__ import annotations

import pytest

from casepool.search.formats.mapping import Entry, program_of, record_of


def authors(told: str) -> str:
    """Return the authors of a row of a table."""
    entry = Entry(1, (("title", "An invented title"), ("authors", told)))
    return str(record_of(entry, program_of(entry, "table"), "csv:")["authors"])


@pytest.mark.parametrize(
    ("told", "people"),
    [
        ("Imaginaire É, Durand P", "Imaginaire É; Durand P"),
        ("Imaginaire, É., Östberg, Å.", "Imaginaire, É.; Östberg, Å."),
        ("AB Imaginary, W Li", "AB Imaginary; W Li"),
        ("É Imaginaire, W Li…", "É Imaginaire; W Li"),
        ("Z Étranger…", "Z Étranger"),
        ("Anna B. Imaginary,Wu Li", "Anna B. Imaginary; Wu Li"),
        ("A Imaginary, W Li, ...", "A Imaginary; W Li"),
        ("M. Imaginaire, P. Durand et al.", "M. Imaginaire; P. Durand"),
        ("Imaginary, Anna", "Imaginary, Anna"),
        ("Organisation of Nowhere, Geneva", "Organisation of Nowhere, Geneva"),
        ("[No author name available]", ""),
        ("[No authors listed]", ""),
        ("Anonymous", ""),
    ],
)
def test_authors_of_one_cell_are_told_apart(told, people):
    """Initials behind or in front, with accents or without; who is nobody is nobody's co-author."""
    assert authors(told) == people
