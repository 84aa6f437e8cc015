"""The PRISMA-S appendix tells how the literature was searched, in both languages."""

from __future__ import annotations

import invented
import pytest

from casepool.search.appendix import in_markdown, search_appendix

LIVE = {
    "origin": "live", "date": "2027-01-01", "address": "https://service.invalid/", "query": "drug AND disease",
    "since": None, "translation": "drug[tiab] AND disease", "errors": ["PhraseNotFound: durg"], "warnings": [],
}  # fmt: skip


def appendix(description, language="en", *, found="no", updated=False, pmid="7"):
    """Return the appendix of a project with one import and one snapshot."""
    shared = {"accessed_on": "2027-01-01", "licence": "facts", "sha256": "0" * 64, "n_records": 5}
    paths = {"data/raw/pubmed/2027-01-01/records.xml.gz": "database", "data/raw/imports/a.ris": "register"}
    paths |= {"data/raw/pubmed/2028-01-01/records.xml.gz": "database"}
    sources = [
        {"path": path, "origin": origin, "query_or_release": "typed", **shared} for path, origin in paths.items()
    ]
    update = {"snapshot": "2027-01-01", "previous": "2026-01-01", "n_previous": 5, "n_new": 3}
    stages = {
        "sources": invented.frame("sources", *sources),
        "merges": invented.frame("merges"),
        "search_recall": invented.frame(
            "search_recall",
            {"report_id": "a", "pmid": pmid, "in_snapshot": found, "met_by": "title"},
            {"report_id": "b", "in_snapshot": "no", "met_by": "title_not_known"},
        ),
        "search_update": invented.frame("search_update", *([update] if updated else [])),
    }
    return search_appendix("protocol query", description, stages, "2027-01-01", language)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_sixteen_items_stand_in_their_order(language):
    """PRISMA-S, numbered 1 to 16."""
    lines = appendix(LIVE, language).splitlines()
    numbers = [int(line.partition(".")[0]) for line in lines if line.partition(". **")[0].isdigit()]
    assert numbers == list(range(1, 17))


def test_a_live_search_tells_query_translation_and_what_was_not_understood():
    """As sent, as understood."""
    text = appendix(LIVE)
    assert all(one in text for one in ("drug AND disease", "drug[tiab] AND disease", "PhraseNotFound: durg", "as sent"))
    assert "protocol query" not in text


def test_a_transcript_claims_no_search():
    """The strategy of the protocol is shown as not sent yet."""
    text = appendix({"origin": "transcribed", "date": "2027-01-01", "query": None})
    assert "No query was run" in text
    assert "not sent yet" in text
    assert "protocol query" in text


def test_what_the_search_misses_is_named():
    """The known-item check."""
    assert (
        "0 of 1 included reports with a PubMed id are among the records of the search; not found: PMID 7"
        in appendix(LIVE)
    )
    assert "1 of 1" in appendix(LIVE, found="yes")
    assert "The PubMed id of no included report is known." in appendix(LIVE, pmid=None)
    assert "Aucun identifiant PubMed de publication incluse n’est connu." in appendix(LIVE, "fr", pmid=None)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "Met by the title: 1; by abstract, keywords or headings of the stored record: 0; by nothing"),
        ("fr", "Retrouvées par le titre : 1 ; par le résumé, les mots-clés ou les descripteurs de la référence"),
    ],
)
def test_by_what_the_included_reports_are_met_is_told(language, told):
    """Those whose title nobody has seen are named."""
    text = appendix(LIVE, language)
    assert told in text
    assert {"en": "title not known: 1 (b)", "fr": "titre inconnu : 1 (b)"}[language] in text


def test_an_update_names_the_search_before():
    """New and known records."""
    assert "updates that of 2026-01-01: 3 new records beside 5 known before" in appendix(LIVE, updated=True)
    assert "this is the first search" in appendix(LIVE)


def test_sources_are_listed_up_to_the_snapshot_in_use():
    """A later search is not part of this build."""
    text = appendix(LIVE)
    assert "| `data/raw/imports/a.ris` | trial register | 2027-01-01 | 5 |" in text
    assert "2028-01-01" not in text


def test_what_somebody_typed_into_sources_is_text_and_nothing_else():
    """A heading, a cell of a table, a script: the appendix is read by Markdown programs that let HTML pass."""
    assert in_markdown("<script> a|b `c`\n# Heading") == r"\<script\> a\|b \`c\` \# Heading"
