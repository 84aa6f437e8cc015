"""Whatever the coordinator of the registry reads in a terminal has its French, and speaks of the form."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from bad_returns import FILES, KEY, REFUSED, ROWS, entry, french, sheet
from invented import protocol

from casepool.checks.data import CheckReport, check_text
from casepool.checks.registry import NOT_SHOWN, registry_problems
from casepool.model.errors import PrivacyError, Problem
from casepool.model.message import Message, text
from casepool.privacy.pseudonym import load_key
from casepool.registry.intake.grids import WHOLE_ROW
from casepool.registry.intake.reading import Intake, read_registry
from casepool.report.registry_status import status_text

ENGLISH = re.compile(r"\b(the|of|and|expected|with|not|is|it|line|row|column|file|shown|no)\b(?![.\-])")


@pytest.fixture(scope="module")
def everything_bad(tmp_path_factory) -> Intake:
    """Return the intake of all bad files at once."""
    folder = tmp_path_factory.mktemp("returns")
    for place, bad in enumerate((*FILES, *ROWS, *REFUSED)):
        bad.make(folder / f"{place}-{bad.file}")
    return read_registry(folder, KEY, protocol())


def taken(folder: Path, **files: bytes) -> Intake:
    for name, content in files.items():
        (folder / name.replace("_", ".")).write_bytes(content)
    return read_registry(folder, KEY, protocol())


def test_every_bad_file_or_row_is_answered(everything_bad):
    assert len(everything_bad.receipts) == len(FILES) + len(ROWS) + len(REFUSED) == len(everything_bad.messages)
    assert len(everything_bad.reasons) == len(everything_bad.quarantine)


def test_what_is_kept_of_the_reasons_is_their_english(everything_bad):
    kept = everything_bad.quarantine[["return_label", "row", "column", "expected"]].itertuples(index=False)
    said = [(one.label, one.row, str(one.column), str(one.expected)) for one in everything_bad.reasons]
    assert [tuple(row) for row in kept] == said


def test_the_french_status_of_bad_files_and_rows_has_no_english_word(everything_bad):
    text = status_text(everything_bad, "fr")
    assert [line for line in text.splitlines() if ENGLISH.search(line)] == []


def test_the_french_check_of_bad_files_and_rows_has_no_english_word(everything_bad):
    report = CheckReport(tuple(registry_problems(everything_bad, named=False)), (), {})
    assert [line for line in check_text(report, "fr").splitlines() if ENGLISH.search(line)] == []


def test_a_column_stands_with_its_label_on_the_form(tmp_path):
    intake_ = taken(tmp_path, a_csv=french(entry("P1", age_years=312), entry("P2", centre_n_reported=9)))
    english, told = status_text(intake_, "en"), status_text(intake_, "fr")
    assert "a.csv, row 2: age_years (Age at first dose) = (not shown); expected a number from 0 to 120." in english
    assert "ligne 2 : age_years (Âge à la première dose) = (non affiché) ; attendu : un nombre de 0 à 120." in told
    reported = "centre_n_reported (Nombre de patients signalés par le centre)"
    treated = "centre_n_treated (Nombre de patients traités dans le centre)"
    assert f"{reported} = (non affiché) ; attendu : au plus {treated} de la même ligne." in told


def test_a_refusal_names_place_and_kind_in_french(tmp_path):
    text = status_text(taken(tmp_path, a_xlsx=sheet(entry("P1"), entry("P2", note="joindre au 01 23 45 67 89"))), "fr")
    told = "refusé, il pourrait identifier quelqu’un (ligne 3, note (Remarque) : téléphone). Rien n’en est utilisé"
    assert told in text
    assert "refusé, 2 lignes\u00a0: mis de côté 2" in text


def test_a_message_lists_columns_with_their_labels(tmp_path):
    content = french(entry()).decode("utf-8-sig").replace("Délai de réponse (semaines)", "x").replace("Remarque", "y")
    found = taken(tmp_path, a_csv=content.encode())
    shown = "time_to_response_weeks (Délai de réponse), note (Remarque)"
    assert f"sans colonne(s) {shown} · normalisé : points-virgules entre les cases, " in status_text(found, "fr")


def test_a_file_at_fault_as_a_whole_is_told_in_its_line_alone(tmp_path):
    header, row = french(entry()).decode("utf-8-sig").splitlines()
    text = status_text(taken(tmp_path, a_csv=f"{header};{header}\n{row};{row}".encode()), "en")
    assert text.count("\n") == 0
    assert "cannot be read, 1 row: set aside 1; " in text
    assert "centre_n_treated (Number of patients treated at the centre)" in text


def test_a_row_at_fault_as_a_whole_names_no_column(tmp_path):
    header, row = french(entry()).decode("utf-8-sig").splitlines()
    text = status_text(taken(tmp_path, a_csv=f"{header}\n{row};;x".encode()), "fr")
    assert "a.csv, ligne 2 : (non affiché) ; attendu : 36 cases comme dans l’en-tête" in text


def test_what_was_normalised_is_told_in_french(tmp_path):
    content = french(entry(), separator="\t").decode("utf-8-sig").encode("utf-16")
    assert "; normalisé : UTF-16, tabulations entre les cases, " in status_text(taken(tmp_path, a_csv=content), "fr")


def test_a_file_without_rows_is_singular_in_french_and_plural_in_english(tmp_path):
    found = taken(tmp_path, a_csv=b"")
    assert (", 0 ligne\u00a0;" in status_text(found, "fr"), ", 0 rows;" in status_text(found, "en")) == (True, True)


def test_what_the_centre_says_of_its_totals_is_told_in_french(tmp_path):
    few = {"centre_n_treated": 1, "centre_n_reported": 1}
    text = status_text(taken(tmp_path, a_csv=french(entry("P1", **few), entry("P2", **few))), "fr")
    assert "  CHU Zorglub, médecine interne : plus de patients acceptés ou opposés que de patients traités : 2" in text
    other = french(entry("P1"), entry("P2", centre_n_treated=4))
    text = status_text(taken(tmp_path, a_csv=other), "fr")
    assert "ses lignes les plus récentes indiquent des totaux différents" in text


@pytest.mark.parametrize(
    ("content", "mode", "told"),
    [
        (None, 0o600, "Il n’y a pas de clé pour les pseudonymes : "),
        ("short", 0o600, "clé trop faible ; attendu : au moins 32 caractères tirés au hasard. En créer une avec"),
        (b"\xff\xfe", 0o600, "clé illisible ; attendu : une ligne de texte. En créer une avec"),
        ("x", 0o644, "peut être lu par d’autres (mode 644) ; attendu : 600. Taper : chmod 600 "),
    ],
)
def test_what_is_wrong_with_the_key_is_told_in_french(tmp_path, content, mode, told):
    file = tmp_path / "key"
    if content is not None:
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        file.chmod(mode)
    with pytest.raises(PrivacyError) as refused:
        load_key({}, file)
    shown = Problem("data/raw/registry", 0, "", "", refused.value.message, Message("key_of_the_team")).text("fr")
    assert told in shown
    assert shown.endswith("; attendu : une clé que seule l’équipe possède.")


def test_the_weak_key_of_the_environment_is_told_in_french():
    with pytest.raises(PrivacyError) as refused:
        load_key({"CASEPOOL_REGISTRY_KEY": "weak"}, Path("none"))
    assert text(refused.value.message, "fr").startswith("La variable d’environnement CASEPOOL_REGISTRY_KEY : clé")


def test_a_place_that_is_no_column_is_french_and_a_column_of_its_name_is_not():
    places = ((WHOLE_ROW, NOT_SHOWN), ("row", "3"))
    shown = [Problem("x.csv", 2, "", place, found, Message("text")).text("fr") for place, found in places]
    assert "ligne 2 : ligne = (non affiché)" in shown[0]
    assert "ligne 2 : row = 3 " in shown[1]


def test_an_empty_intake_needs_no_french_of_its_own():
    nothing = Intake(*(pd.DataFrame() for _ in range(4)), {})
    assert status_text(nothing, "fr") == "Aucune fiche dans le dossier."
