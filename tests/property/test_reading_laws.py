"""What is written is read: any record, in every format; and of a damaged file nothing is lost without a word."""

from __future__ import annotations

import tempfile
import unicodedata
from pathlib import Path

import pytest
from citation_writers import WRITERS
from damage_run import KINDS, try_damage
from hypothesis import given, settings, strategies as st

from casepool.search.formats.reading import read_export

COMPARED = ("title", "authors", "journal", "year", "volume", "issue", "pages", "doi", "pmid", "abstract", "language")
# Signs that part values, tags or commands in one of the formats are left out; all other letters of all scripts are not.
SIGNS = " .,:()'/+=?!-–’αβ≥±"
LETTERS = st.characters(categories=("Lu", "Ll", "Lt", "Lo", "Nd"), exclude_characters="\u0130")
WORD = st.text(st.one_of(LETTERS, st.sampled_from(SIGNS)), max_size=30)


def texts(begin: str) -> st.SearchStrategy[str]:
    """Return texts that begin so, with single spaces, and do not end in what a format cuts off."""
    return WORD.map(lambda text: " ".join(composed(f"{begin}{text}").replace("--", "-").split()).strip(" ,.-–"))


def composed(text: str) -> str:
    """Return a text with its accents as parts of the letters."""
    return unicodedata.normalize("NFC", text)


NAMES = st.text(LETTERS, min_size=2, max_size=12).map(composed).filter(lambda name: name != "null")  # Citavi's nobody
PEOPLE = st.lists(st.tuples(NAMES, NAMES).map(", ".join), min_size=1, max_size=4, unique=True).map("; ".join)
PAGES = st.one_of(
    st.tuples(st.integers(1, 999), st.integers(1000, 9999)).map(lambda pair: f"{pair[0]}-{pair[1]}"),
    st.integers(1, 99999).map(lambda n: f"e{n}"),
)
RECORDS = st.fixed_dictionaries(
    {
        "title": texts("Title "),
        "authors": PEOPLE,
        "journal": texts("Journal "),
        "year": st.integers(1900, 2099).map(str),
        "volume": st.integers(1, 999).map(str),
        "issue": st.sampled_from(["1", "12", "3-4", "S1"]),
        "pages": PAGES,
        "doi": st.text("abcXYZ0123456789.-_", min_size=1, max_size=12).map(lambda end: f"10.99999/{end}0"),
        "abstract": texts("Abstract "),
        "language": st.sampled_from(["en", "fre", "German"]),
    }
)
LISTS = st.lists(RECORDS, min_size=1, max_size=4)


def numbered(records):
    """Return records with keys and PubMed ids of their own, and the forms in which some formats write a field."""
    return [
        {
            **record,
            "key": f"key{number}",
            "pmid": str(99999900 + number),
            "doi_as_id": f"{record['doi']} [doi]",
            "pmid_marked": f"PMID: {99999900 + number}",
            **dict(zip(("first_page", "last_page"), f"{record['pages']}-".split("-"), strict=False)),
            "article_number": record["pages"] if record["pages"].startswith("e") else "",
        }
        for number, record in enumerate(records)
    ]


@pytest.mark.parametrize("format_", WRITERS)
@settings(max_examples=15, deadline=None)
@given(records=LISTS)
def test_any_record_that_is_written_comes_back_equal(format_, records):
    """In the order of the file, every field, without a remark."""
    written = numbered(records)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export"
        path.write_bytes(WRITERS[format_](written))
        found = read_export(path)
    assert (found.format, found.remarks) == (format_.partition(",")[0], ())
    expected = [{**{name: record[name] for name in COMPARED}, "year": int(record["year"])} for record in written]
    assert [{name: record[name] for name in COMPARED} for record in found.records] == expected


@pytest.mark.parametrize("kind", KINDS)
def test_of_a_damaged_file_nothing_is_lost_without_a_word(kind):
    """A sample of ``python tests/damage_run.py 2000``: no traceback, and what is untouched is read, or it is said."""
    for seed in range(6):
        trial = try_damage(kind, seed)
        assert trial.fault == "", trial
