"""The sentences and the table of registered trials: true for none, one and many, in both languages."""

from __future__ import annotations

from types import SimpleNamespace

import invented
import pytest

from casepool.report.page.trials import trials
from casepool.report.tables.display import TableStyle
from casepool.report.tables.trials import registered_trials
from casepool.report.words.catalogue import load_catalogue


def trial(number: int, ended: str = "ended_by_date", published: str = "nothing_published", **changes):
    """Return a registered trial that is asked for."""
    row = {"record_id": f"ris:nct{number}", "numbers": f"NCT9900000{number}; 2099-00000{number}-11", "asked": "yes"}
    return row | {"title": "Invented", "diseases": "itp", "ended": ended, "published": published} | changes


def said(language: str, *rows) -> str:
    """Return the sentences on these trials."""
    checks = {"registered_trials": invented.frame("registered_trials", *rows)}
    facts = SimpleNamespace(checks=checks, catalogue=load_catalogue(language), protocol=invented.protocol())
    return " ".join(trials(facts)).replace("\u00a0", " ").replace("\u202f", " ")


OTHER = trial(9, asked="no")
EN = "The registers that were read hold "
CASES = {
    "none of the drug": ((OTHER,), f"{EN}no trial of daratumumab in a disease of this question."),
    "one, running": (
        (trial(1, "not_ended"),),
        f"{EN}1 trial of daratumumab in a disease of this question. None is known to have ended.",
    ),
    "one, published": (
        (trial(1, published="abstract_published"), OTHER),
        f"{EN}1 trial of daratumumab in a disease of this question. 1 has ended, by its status or by the end date that "
        "it announced. Published results were found for every trial that has ended.",
    ),
    "one, silent": (
        (trial(1, "ended_by_status", "protocol_published"),),
        f"{EN}1 trial of daratumumab in a disease of this question. 1 has ended, by its status or by the end date that "
        "it announced. For 1 trial that has ended no published results were found, not even an abstract: NCT99000001. "
        "How its patients responded is not known, and they are in no rate.",
    ),
    "many": (
        (trial(1), trial(2), trial(3, published="article_published"), trial(4, "end_not_known"), OTHER),
        f"{EN}4 trials of daratumumab in the diseases of this question. 3 have ended, by their status or by the end "
        "date that they announced. For 2 trials that have ended no published results were found, not even an abstract: "
        "NCT99000001 and NCT99000002. How their patients responded is not known, and they are in no rate.",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_sentences_are_true_for_none_one_and_many(case):
    """Only trials of the drug in an eligible disease are counted; a protocol is no result."""
    rows, expected = CASES[case]
    assert said("en", *rows) == expected


def test_french_says_the_same():
    """Singular for one, plural for more."""
    assert said("fr", trial(1), OTHER).endswith(
        "1 est terminé, d’après son statut ou la date de fin annoncée. Pour 1 essai terminé, aucun résultat publié n’a "
        "été trouvé, pas même un résumé de congrès : NCT99000001. On ne sait pas comment ses patients ont répondu, et "
        "ils n’entrent dans aucun taux."
    )
    assert "Pour 2 essais terminés, aucun résultat publié" in said("fr", trial(1), trial(2))
    assert said("fr", OTHER).startswith("Les registres lus ne contiennent aucun essai")
    assert "Aucun n’est terminé" in said("fr", trial(1, "not_ended"))


def test_without_a_register_nothing_is_said():
    """That none was searched stands in the appendix on the search."""
    assert said("en") == ""


@pytest.mark.parametrize(
    ("language", "ended", "published"),
    [
        ("en", "ended, by the date announced", ["nothing found", "article (Alpha 2020)"]),
        ("fr", "terminé, d’après la date annoncée", ["rien trouvé", "article (Alpha 2020)"]),
    ],
)
def test_the_table_lists_silent_trials_first_and_names_publications(language, ended, published):
    """Trials of another question are not listed."""
    style = TableStyle(invented.protocol(), load_catalogue(language), 0.95)
    rows = (trial(1, published="article_published", publications="alpha2020"), trial(2), OTHER)
    reports = invented.frame("reports", invented.report("alpha2020", authors="Alpha A", year=2020))
    shown = registered_trials(invented.frame("registered_trials", *rows), reports, style).rows
    assert [row[0] for row in shown] == ["NCT99000002", "NCT99000001"]
    assert [row[3] for row in shown] == [ended, ended]
    assert [row[4].replace("\u00a0", " ") for row in shown] == published
