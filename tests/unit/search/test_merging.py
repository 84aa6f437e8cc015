"""Each publication once: sure merges are explained, the rest is shown to a human."""

from __future__ import annotations

import hashlib

import invented
import pandas as pd
import pytest

from casepool.files import atomic, store
from casepool.rows import rows_of
from casepool.search.formats.citation import FIELDS
from casepool.search.merging import merge_records
from casepool.search.pairs import citation_pairs
from casepool.search.publications.pairs import Listed
from casepool.search.raw import read_raw
from casepool.search.records import merged_records

TITLE = "Daratumumab in refractory immune thrombocytopenia after splenectomy"


def row(record_id, **changes):
    """Return a record as a parser gives it."""
    base = dict.fromkeys(FIELDS, "") | {"record_id": record_id, "title": TITLE, "year": 2021}
    base |= {"authors": "Invented A; Other B", "journal": "J Inv", "origin": "database", "source_file": "a.xml"}
    return base | changes


def merged(*rows):
    """Return kept ids, and id → (kept as, rule)."""
    done = merge_records(rows)
    gone = {one["record_id"]: (one["kept_as"], one["rule"]) for one in rows_of(done.merges)}
    return done.records["record_id"].tolist(), gone


OTHER = {"title": "Quite another title of an invented report", "authors": "Else C", "journal": "Other J"}


@pytest.mark.parametrize(
    ("first", "second", "rule"),
    [
        ({"pmid": "1"}, {"pmid": "1", **OTHER}, "same_pmid"),
        ({"doi": "10.1000/X"}, {"doi": "10.1000/x"}, "same_doi"),
        ({"doi": "10.1000/x"}, {"doi": "10.1000/x", "title": ""}, "same_doi"),
        ({"pmid": "1"}, {}, "same_title"),
        ({}, {"title": TITLE.upper() + "."}, "same_title"),
        ({}, {"journal": "Journal of Inventions"}, "same_title"),
        ({}, {"authors": "Invented, Anna and Other, B."}, "same_title"),
        ({"pages": "10-2"}, {"pages": "10-12"}, "same_title"),
    ],
)
def test_sure_merges(first, second, rule):
    """The first is kept, the second named with its rule."""
    assert merged(row("ris:a", **first), row("ris:b", **second)) == (["ris:a"], {"ris:b": ("ris:a", rule)})


@pytest.mark.parametrize(
    "second",
    [
        {"year": 2022},
        {"year": None},
        {"journal": "Blood"},
        {"authors": ""},
        {"authors": "Else C"},
        {"title": "Daratumumab in refractory immune thrombocytopenia"},
        {"pages": "99"},
        {"title": f"[title not seen] {TITLE}"},
    ],
)
def test_families_and_doubts_are_not_merged(second):
    """An abstract, an article and a letter of one study are different publications."""
    first = {"pages": "10-2"}
    assert merged(row("ris:a", **first), row("ris:b", **second)) == (["ris:a", "ris:b"], {})


@pytest.mark.parametrize("ids", [{"pmid": ("1", "2")}, {"doi": ("10.1000/x", "10.1000/y")}])
def test_different_ids_are_never_merged(ids):
    """Whatever else agrees."""
    ((name, (one, other)),) = ids.items()
    assert merged(row("a", **{name: one}), row("b", **{name: other}))[1] == {}


def test_one_doi_of_an_issue_of_abstracts_merges_nothing():
    """Congress supplements share a DOI."""
    assert merged(row("a", doi="10.1000/x"), row("b", doi="10.1000/x", **OTHER))[1] == {}


def test_a_short_title_says_nothing():
    """Letter to the editor."""
    assert merged(row("a", title="Reply"), row("b", title="Reply"))[1] == {}


def test_a_chain_of_ids_is_one_publication():
    """PMID joins the third to the first, DOI joins it to the second."""
    rows = row("pmid:1", pmid="1", year=2020), row("bib:b", doi="10.1000/x"), row("csv:c", pmid="1", doi="10.1000/x")
    kept, gone = merged(*rows)
    assert kept == ["pmid:1"]
    assert {name: kept for name, (kept, _) in gone.items()} == {"bib:b": "pmid:1", "csv:c": "pmid:1"}


def test_the_kept_record_takes_what_it_does_not_tell_and_keeps_the_other_names():
    """The DOI of the export, the id under which it was decided."""
    done = merge_records([row("pmid:1", pmid="1", doi=""), row("bib:b", pmid="1", doi="10.1000/x")])
    assert done.records[["doi", "also_as"]].to_numpy().tolist() == [["10.1000/x", "bib:b"]]


def test_nothing_is_lost(tmp_path):
    """Records in = records kept + merges, and both tables are valid; the same id may come three times."""
    rows = [row("pmid:1", pmid="1", source_file="x.xml") for _ in range(3)] + [row("ris:z", **OTHER)]
    done = merge_records(rows)
    assert len(done.records) + len(done.merges) == 4
    store.write_table("records", done.records, tmp_path / "records.csv")
    store.write_table("merges", done.merges, tmp_path / "merges.csv")


def test_pairs_for_a_human_tell_what_speaks_against_them(tmp_path):
    """Same title, another journal and year; decided where both carry a decision."""
    done = merge_records([row("ris:a"), row("ris:b", year=2022, journal="Blood"), row("ris:c", **OTHER)])
    screening = invented.frame("screening", invented.screened("ris:a"), invented.screened("ris:b"))
    pairs = citation_pairs(done.records, screening)
    assert pairs[["record_a", "record_b", "decided"]].to_numpy().tolist() == [["ris:a", "ris:b", "yes"]]
    assert (
        pairs["explanation"][0] == "the same: title, first author; different: year (2021, 2022), journal (J Inv, Blood)"
    )
    assert citation_pairs(done.records, screening[:1])["decided"].tolist() == ["no"]
    store.write_table("citation_pairs", pairs, tmp_path / "pairs.csv")


def test_what_hangs_on_a_pair_decides_its_place():
    """Two that reviewers kept first, for their patients may count twice; what they dropped last."""
    rows = [row(f"ris:{word}", year=2020, title=f"{TITLE} {word}") for word in "xyz"]
    rows += [row(f"bib:{word}", year=2022, title=f"{TITLE} {word}") for word in "xyz"]
    decisions = {"ris:x": "exclude", "bib:x": "exclude", "ris:z": "include", "bib:z": "include", "ris:y": "include"}
    screening = invented.frame(
        "screening", *(invented.screened(one, decision=decision) for one, decision in decisions.items())
    )
    pairs = citation_pairs(merge_records(rows).records, screening)
    same = pairs[pairs["likeness"] == 100]
    assert same[["record_a", "stake", "decided"]].to_numpy().tolist() == [
        ["bib:y", "one_included", "no"],
        ["bib:z", "both_included", "yes"],
        ["bib:x", "none_included", "yes"],
    ]


@pytest.mark.parametrize(("listed", "n"), [(Listed(), 1), (Listed(title=97), 0), (Listed(years=0), 0)])
def test_the_configuration_says_which_pairs_are_shown(listed, n):
    """Titles less alike, or years further apart, are not."""
    rows = [row("ris:a"), row("ris:b", title=TITLE.replace("refractory", "relapsing"), year=2022)]
    records = merge_records(rows).records
    assert len(citation_pairs(records, invented.frame("screening"), listed)) == n


def test_thousands_of_records_are_compared_in_seconds():
    """The work is cut into blocks, also where all titles are made by one scheme."""
    import time

    titles = [f"Invented report {n * 7919 % 10007} of daratumumab number {n} in disease {n % 13}" for n in range(2_000)]
    rows = [
        row(f"pmid:{n + 1}", pmid=str(n + 1), title=one, authors=f"Author{n % 997} A") for n, one in enumerate(titles)
    ]
    start = time.process_time()
    assert len(merge_records(rows).records) == 2_000
    assert time.process_time() - start < 4


EXPORTS = {
    "x.ris": "TY  - JOUR\nID  - r1\nTI  - {t}\nAU  - Invented, A\nPY  - 2021\nT2  - Journal of Inventions\nER  -\n"
    "TY  - JOUR\nID  - r2\nTI  - Only in the RIS file of invented things\nPY  - 2020\nER  -\n",
    "x.nbib": "PMID- 1\nTI  - {t}\nAU  - Invented A\nDP  - 2021\nTA  - J Inv\nLID - 10.1000/x [doi]\n\n"
    "PMID- 9\nTI  - Only in the NBIB file of invented things\n",
    "x.bib": "@article{{b1, title = {{{t}}}, doi = {{10.1000/X}}, year = 2021}}\n"
    "@article{{b2, title = {{Only in the BibTeX file of things}}, year = 2020}}\n",
    "x.csv": "key,title,authors,year,journal,pubmed_id\nrayyan-1,{t},Invented A.,2021,J Inv,1\n"
    "rayyan-2,Only in the Rayyan file of invented things,Else C.,2020,J Inv,\n",
}


def test_four_exports_and_pubmed_give_each_publication_once(tmp_path):
    """One publication stands in all five sources; each export has one of its own."""
    xml = f"""<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article><Journal><JournalIssue>
<PubDate><Year>2021</Year></PubDate></JournalIssue><ISOAbbreviation>J Inv</ISOAbbreviation></Journal>
<ArticleTitle>{TITLE}</ArticleTitle><AuthorList><Author><LastName>Invented</LastName></Author></AuthorList>
</Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"""
    files = {name: text.format(t=TITLE) for name, text in EXPORTS.items()} | {
        "data/raw/pubmed/2026-01-31/records.xml": xml
    }
    rows = []
    for path, text in files.items():
        atomic.write_text(tmp_path / path, text)
        row = {"path": path, "origin": "database", "accessed_on": "2026-01-31", "licence": "citation facts"}
        digest = hashlib.sha256(text.encode()).hexdigest()
        rows.append(row | {"sha256": digest, "n_records": 1 if path.endswith(".xml") else 2})
    sources = invented.frame("sources", *rows)
    done = merged_records(read_raw(sources, tmp_path, "2026-01-31"), sources, tmp_path, "2026-01-31")
    assert sorted(done.records["record_id"]) == ["bib:b2", "csv:x.rayyan-2", "pmid:1", "pmid:9", "ris:r2"]
    explained = {one["record_id"]: one["explanation"] for one in rows_of(done.merges)}
    assert explained == {
        "pmid:1": "the same: PubMed id 1, title, first author, year, journal",
        "bib:b1": "the same: DOI 10.1000/x, title, year",
        "csv:x.rayyan-1": "the same: PubMed id 1, title, first author, year, journal",
        "ris:r1": "the same: title, first author, year, journal",
    }
    assert set(done.merges["kept_as"]) == {"pmid:1"}
    assert isinstance(done.records, pd.DataFrame)
