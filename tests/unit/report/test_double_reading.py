"""How many people read a report, how far they agreed, and what follows where they do not: in both languages."""

from __future__ import annotations

import pytest
import reported

from casepool.model.configuration import load_configuration
from casepool.model.protocol import Protocol
from casepool.report.page.facts import Facts
from casepool.report.page.readings import readers
from casepool.report.prose.methods import methods
from casepool.report.prose.text import Build
from casepool.report.results_json import BuildMeta
from casepool.report.tables.checks import open_questions
from casepool.report.tables.display import TableStyle
from casepool.report.tables.readings import extraction_agreement
from casepool.report.words.catalogue import load_catalogue

META = BuildMeta(version="0.1.0", snapshot="2026-11-22", protocol="invented")


def agreement(n_reports: int, *, mode: str = "blind", interval: bool = True):
    """Return the agreement of two readers on some SYNTHETIC reports."""
    kappa = {"kappa": 0.857, "status": "estimated", "ci_lower": 0.49, "ci_upper": 1.0}
    if not interval:
        kappa = {"kappa": 1.0, "status": "agree_throughout"}
    rows = [
        {"table": "reports", "column": "report_id", "kind": "reports", "n": n_reports, "n_agreed": 0, "agreed": 0.0},
        {"table": "all", "column": "all", "kind": "all", "n": 1300, "n_agreed": 1280, "agreed": 1280 / 1300},
        {"table": "all", "column": "category", "kind": "category", "n": 940, "n_agreed": 931, "agreed": 0.99, **kappa},
        {"table": "patients", "column": "patient_label", "kind": "rows", "n": 7, "n_agreed": 6, "agreed": 6 / 7},
        {"table": "patients", "column": "age_years", "kind": "number", "n": 6, "n_agreed": 5, "agreed": 5 / 6,
         "largest_difference": 9.5},
        {"table": "patients", "column": "sex", "kind": "category", "n": 6, "n_agreed": 6, "agreed": 1.0,
         "status": "one_category"},
    ]  # fmt: skip
    return reported.table("extraction_agreement", [{"mode": mode, **row} for row in rows][: 6 if n_reports else 0])


@pytest.fixture
def said(results, counts, study_counts, prisma_counts, protocol):
    """Return a function that gives the sentence on the readers in a language."""

    def make(language, found):
        rows = (results, counts, study_counts, prisma_counts, protocol, META, load_catalogue(language))
        return reported.plain(*readers(Facts(*rows, {"extraction_agreement": found})))

    return make


@pytest.mark.parametrize(
    ("n", "language", "expected"),
    [
        (0, "en", "Each report was extracted by one reader; no second reading has been compared with it."),
        (
            0,
            "fr",
            "Chaque publication a été extraite par un seul lecteur ; aucune seconde lecture ne lui a été comparée.",
        ),
        (
            1,
            "en",
            "1 report was extracted by two readers without sight of each other; before anything was adjudicated, "
            "1,280 of the 1,300 fields that either filled in were equal (98%). Cohen’s kappa of the categories: 0.86 "
            "(95% interval 0.49 to 1.00). All other reports were extracted by one reader.",
        ),
        (
            12,
            "fr",
            "12 publications ont été extraites par deux lecteurs sans que l’un voie l’autre ; avant tout "
            "arbitrage, 1 280 des 1 300 champs que l’un ou l’autre a remplis étaient égaux (98 %). Kappa de "
            "Cohen des catégories : 0,86 (intervalle à 95 % : 0,49 à 1,00). "
            "Toutes les autres publications ont été extraites par un seul lecteur.",
        ),
    ],
)
def test_the_report_says_how_many_reports_were_read_twice(said, n, language, expected):
    assert said(language, agreement(n)) == expected


def test_checking_field_by_field_is_not_called_blind(said):
    told = said("en", agreement(3, mode="verification"))
    assert told.startswith("3 reports were checked field by field by a second reader")
    assert "without sight" not in told


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("n", [0, 1, 12])
def test_the_methods_say_the_same_of_the_readers_as_the_page(
    results, counts, study_counts, prisma_counts, protocol, said, language, n
):
    """None, one or several reports read twice: the paragraph of a thesis is no second text."""
    checks = {"extraction_agreement": agreement(n)}
    facts = Facts(results, counts, study_counts, prisma_counts, protocol, META, load_catalogue(language), checks)
    screened = reported.table("screening_agreement", [])
    build = Build(facts, load_configuration("config/config.yaml"), screened, reported.table("grade", []))
    (data,) = [
        one for one in methods(build).sections if said(language, agreement(n)) in reported.plain(*one.paragraphs)
    ]
    assert reported.plain(data.paragraphs[0]).endswith(said(language, agreement(n)))


@pytest.mark.parametrize(("n", "rest"), [(59, True), (60, False), (61, False)])
def test_where_every_report_was_read_twice_none_is_said_to_have_one_reader(said, n, rest):
    """SYNTHETIC: 60 reports are included."""
    assert ("All other reports" in said("en", agreement(n))) is rest


def test_a_kappa_without_an_interval_says_that_there_is_none(said):
    assert "1.00 (no interval can be given)" in said("en", agreement(1, interval=False))


@pytest.mark.parametrize(
    ("language", "age", "sex"),
    [
        ("en", ("Age", "5/6", "83%", "9.5"), "one category only"),
        ("fr", ("Âge", "5/6", "83 %", "9,5"), "une seule catégorie"),
    ],
)
def test_the_table_names_each_field_in_the_language_of_the_reader(protocol: Protocol, language, age, sex):
    table = extraction_agreement(agreement(2), TableStyle(protocol, load_catalogue(language)))
    assert table is not None
    rows = [[reported.plain(cell) for cell in row] for row in table.rows]
    by_field = {row[1]: row for row in rows}
    (named,) = [row for name, row in by_field.items() if name.startswith(age[0])]
    assert (named[2], named[3], named[5]) == age[1:]
    assert sex in {row[4] for row in rows}


def test_nothing_read_twice_is_no_table(protocol):
    assert extraction_agreement(agreement(0), TableStyle(protocol, load_catalogue("en"))) is None


@pytest.mark.parametrize(
    ("detail", "language", "expected"),
    [
        (
            "anne=complete; boris=selective",
            "en",
            "anne (complete) and boris (selective). The more cautious answer holds until this is settled: it is taken "
            "for selected cases, whose share of responders is corrected.",
        ),
        (
            "anne=complete; boris=unclear",
            "fr",
            "anne (complète) et boris (incertain). La réponse la plus prudente vaut jusqu’à l’arbitrage : elle est "
            "corrigée comme une source de cas choisis ; une analyse de sensibilité la prend pour complète.",
        ),
        (
            "anne=selective; boris=selective",
            "en",
            "anne (selective) and boris (selective): the answers differ, what follows from them does not: it is "
            "taken for selected cases, whose share of responders is corrected.",
        ),
    ],
)
def test_what_the_more_cautious_answer_does_is_said(protocol, reports, reading_list, detail, language, expected):
    asked = reported.table("open_questions", [{"question": "appraisal_readers_differ", "id": "sle0", "detail": detail}])
    table = open_questions(asked, reports, reading_list, TableStyle(protocol, load_catalogue(language)))
    assert reported.plain(table.rows[0][3]) == expected


def test_fields_that_wait_for_an_adjudicator_are_named_by_their_labels(protocol, reports, reading_list):
    row = {"question": "readings_differ", "id": "sle0/p1", "detail": "patients.age_years; patients.response"}
    asked = reported.table("open_questions", [row])
    table = open_questions(asked, reports, reading_list, TableStyle(protocol, load_catalogue("fr")))
    assert reported.plain(table.rows[0][3]).startswith("p1 : Âge")
