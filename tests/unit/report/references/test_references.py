"""The references as other programs read them: SYNTHETIC reports, and a second reader for each format."""

from __future__ import annotations

import json
import re

import bibtexparser
import pytest
import reported
import rispy

from casepool.report.references.formats import bibtex, csl_json, ris
from casepool.report.references.works import Author, authors_of, methods, works
from casepool.report.words.catalogue import load_catalogue

TITLE = "SYNTHETIC: 50 % of {cases} & a_b #1 \\ c"


@pytest.fixture(scope="module")
def cited():
    common = {"report_type": "case_report", "decision": "include", "journal": "Invented Letters", "year": 2020}
    reports = reported.table(
        "reports",
        [
            common | {"report_id": "fuller2020", "authors": "Fuller", "title": "SYNTHETIC one"},
            common
            | {"report_id": "alone2020", "authors": "van den Berg A; Müller-Lüdenscheidt, Erika", "title": TITLE}
            | {"volume": "3", "issue": "2", "pages": "e1-e5", "doi": "10.1000/in_vented(1)", "pmcid": "PMC1"},
            common
            | {"report_id": "out2020", "authors": None, "title": None, "decision": "exclude"}
            | {"exclusion_reason": "under_18", "report_type": "conference_abstract"},
            common | {"report_id": "call", "report_type": "registry_call", "title": "SYNTHETIC call"},
        ],
    )
    records = reported.table(
        "records",
        [
            {
                "record_id": "ris:fuller2020",
                "authors": "Fuller A; Second B",
                "pmid": "1",
                "title": "SYNTHETIC other title",
            }
        ],
    )
    return works(reports, records, load_catalogue("en"))


def test_included_come_first_then_excluded_then_methods_and_no_patient_of_the_call(cited):
    groups = [one.group for one in cited]
    assert groups == sorted(groups, key=["included", "excluded", "cited"].index)
    assert [one.key for one in cited if one.group != "cited"] == ["alone2020", "fuller2020", "out2020"]


def test_a_record_fills_what_its_report_leaves_open_and_replaces_nothing(cited):
    work = next(one for one in cited if one.key == "fuller2020")
    assert work.authors == (Author("Fuller", "A"), Author("Second", "B"))
    assert (work.pmid, work.title) == ("1", "SYNTHETIC one")


def test_what_is_not_known_is_said_and_not_invented(cited):
    work = next(one for one in cited if one.key == "out2020")
    assert work.authors == ()
    assert work.title == "[Title not known to this project]"
    assert work.note == "Excluded: under 18 years. Not known to this project: authors and title."
    assert "author" not in next(one for one in json.loads(csl_json(cited)) if one["id"] == "out2020")


@pytest.mark.parametrize(
    ("text", "expected", "others"),
    [
        ("Dupont A; Durand BC", [("Dupont", "A"), ("Durand", "BC")], False),
        ("Dupont A, Durand BC, et al.", [("Dupont", "A"), ("Durand", "BC")], True),
        ("Dupont, Anne-Marie; Durand, B.", [("Dupont", "Anne-Marie"), ("Durand", "B.")], False),
        ("van den Berg J.-P.", [("van den Berg", "J.-P.")], False),
        ("Busnego Barreto MT", [("Busnego Barreto", "MT")], False),
        ("Dupont", [("Dupont", "")], False),
        ("van den Berg", [("van den Berg", "")], False),
        ("Dupont A and Durand B", [("Dupont", "A"), ("Durand", "B")], False),
        ("", [], False),
    ],
)
def test_names_are_read_as_people_write_them(text, expected, others):
    assert authors_of(text) == (tuple(Author(*one) for one in expected), others)


def test_another_reader_of_bibtex_finds_every_work_with_its_key_and_its_text(cited):
    library = bibtexparser.parse_string(bibtex(cited))
    assert library.failed_blocks == []
    assert [one.key for one in library.entries] == [one.key for one in cited]
    fields = {one.key: one.value for one in library.entries_dict["alone2020"].fields}
    assert fields["author"] == "{van den Berg}, A and Müller-Lüdenscheidt, Erika"
    assert fields["title"] == r"{SYNTHETIC: 50 \% of \{cases\} \& a\_b \#1 \textbackslash{} c}"
    assert (fields["pages"], fields["doi"]) == ("e1--e5", "10.1000/in_vented(1)")


def test_another_reader_of_ris_finds_every_work_with_its_key_and_its_authors(cited):
    found = {one["id"]: one for one in rispy.loads(ris(cited))}
    assert list(found) == [one.key for one in cited]
    assert found["alone2020"]["authors"] == ["van den Berg, A", "Müller-Lüdenscheidt, Erika"]
    assert found["alone2020"]["title"] == TITLE
    assert (found["alone2020"]["start_page"], found["alone2020"]["end_page"]) == ("e1", "e5")
    assert found["out2020"]["type_of_reference"] == "CPAPER"


def test_csl_json_has_the_types_that_its_schema_asks_for(cited):
    for item in json.loads(csl_json(cited)):
        assert {type(item[name]) for name in item if name not in {"author", "issued"}} == {str}
        assert item["type"] in {"article-journal", "document"}
        assert all(set(one) in ({"family", "given"}, {"literal"}) for one in item.get("author", []))
        assert re.fullmatch(r"\d{4}", str(item["issued"]["date-parts"][0][0]))


def test_invented_reports_say_so_and_methods_do_not():
    reports = reported.table(
        "reports", [{"report_id": "a", "report_type": "letter", "decision": "include", "authors": "A B", "year": 2020}]
    )
    found = works(reports, reported.table("records", []), load_catalogue("fr"), synthetic=True)
    assert found[0].note.startswith("DONNÉES SYNTHÉTIQUES")
    assert {one.note for one in found[1:]} == {"", "Il y a plus d’auteurs que ceux qui sont nommés."}


def test_every_method_has_authors_a_title_a_journal_and_a_year():
    assert all(all((one.authors, one.title, one.journal, one.year)) for one in methods())
