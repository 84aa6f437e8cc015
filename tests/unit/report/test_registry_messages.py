"""Whatever the coordinator of the registry reads in a terminal has its French, and speaks of the form."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest
from bad_returns import FILES, KEY, REFUSED, ROWS, entry, french, sheet
from invented import protocol

from casepool.checks.data import CheckReport
from casepool.checks.registry import NOT_SHOWN, registry_problems
from casepool.contract.registry import REGISTRY_TABLES
from casepool.model.errors import PrivacyError, Problem
from casepool.privacy.finding import find
from casepool.privacy.pseudonym import load_key
from casepool.registry.intake import (
    cells as form_cells,
    decisions,
    grids,
    identity_scan,
    judged_returns,
    reading as intake,
    redcap_export,
    returns,
    row_checks,
    versions,
    workbooks,
)
from casepool.registry.intake.reading import BETWEEN_MESSAGES, Intake, read_registry
from casepool.report.registry_status import status_text
from casepool.report.words.expectations import in_french, piece_in_french
from casepool.report.words.problems import check_text, expected_in_french, message_in_french, problem_text

READING = (
    *(decisions, form_cells, grids, identity_scan, intake, judged_returns),
    *(redcap_export, returns, row_checks, versions, workbooks),
)
KINDS = sorted(find._EXPECTED)
# Where a call puts what it tells: position of the argument.
EXPECTING = {"Fault": 1, "Reason": 2, "Problem": 5, "blame": 1}
TELLING = {"FileError": 0, "_unreadable": 0, "append": 0}
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


def written(node: ast.expr, module: ModuleType) -> str | None:
    """Return the text that an expression of a module makes; 7 stands for what only a run can tell."""
    if isinstance(node, ast.JoinedStr):
        return "".join(written(part, module) or "7" for part in node.values)
    whole = ast.JoinedStr([node]) if isinstance(node, ast.FormattedValue) else node
    try:
        value = eval(compile(ast.fix_missing_locations(ast.Expression(whole)), module.__name__, "eval"), vars(module))
    except (NameError, TypeError):
        return None
    return value if isinstance(value, str) and value else None


def texts(module: ModuleType, names: set[str], calls: dict[str, int]) -> Iterator[str]:
    """Yield the texts that a module gives to variables or calls of these names."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in names:
            found = written(node.value, module)
        elif isinstance(node, ast.Call) and len(node.args) > calls.get(name := called(node), len(node.args)):
            found = written(node.args[calls[name]], module)
        else:
            continue
        if found:
            yield found


def called(node: ast.Call) -> str:
    return ast.unparse(node.func).rsplit(".", 1)[-1]


EXPECTED = sorted(
    {column.expectation() for table in REGISTRY_TABLES for column in table.columns}
    | {rule.expected for table in REGISTRY_TABLES for rule in table.rules}
    | {find.expectation(kind) for kind in KINDS}
    | {text for module in READING for text in texts(module, {"expected"}, EXPECTING)}
    | {"a key that only the team has"}
)
CONSTANTS = sorted(
    {
        text
        for module in READING
        for name, text in vars(module).items()
        if isinstance(text, str) and re.search(r"\w \w", text) and not name.startswith("__")
    }
)
TOLD = sorted({text for module in READING for text in texts(module, {"message", "found"}, TELLING)})


def test_the_texts_of_the_registry_are_found_in_its_code() -> None:
    assert min(len(EXPECTED), len(TOLD)) > 40
    assert {workbooks.NO_FORMULA, versions.LATER_DATE, row_checks._KNOWN_DISEASE} <= set(CONSTANTS)


@pytest.mark.parametrize("text", CONSTANTS)
def test_every_sentence_that_a_module_names_has_a_french_text(text):
    assert (expected_in_french(text) or piece_in_french(text)) != text


@pytest.mark.parametrize("expected", EXPECTED)
def test_every_expectation_of_the_registry_has_a_french_text(expected):
    assert expected_in_french(expected) not in {None, expected}


@pytest.mark.parametrize("told", TOLD)
def test_every_message_of_the_registry_has_a_french_text(told):
    assert in_french(told, "told") not in {None, told}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_identity_has_a_french_name(kind):
    message = f"refused, it may identify somebody (line 2, note: {kind}). "
    message += "Nothing of it is used: delete the file and ask the centre for one without"
    assert kind == "date" or f"ligne 2, note : {piece_in_french(kind)})" in message_in_french(message)
    assert kind == "date" or piece_in_french(kind) != kind


def test_no_answer_to_a_bad_file_or_row_lacks_its_french(everything_bad):
    messages = everything_bad.receipts["message"].dropna().str.split(BETWEEN_MESSAGES, regex=False).explode()
    assert len(everything_bad.receipts) == len(FILES) + len(ROWS) + len(REFUSED)
    assert [one for one in messages.unique() if in_french(one, "told") is None] == []
    assert [one for one in everything_bad.quarantine["expected"].unique() if expected_in_french(one) is None] == []


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
    assert re.search(r"centre registry-[0-9a-f]{6} : plus de patients acceptés que de patients traités$", text)
    other = french(entry("P1"), entry("P2", centre_n_treated=4))
    text = status_text(taken(tmp_path, a_csv=other), "fr")
    assert "ses lignes les plus récentes indiquent des totaux différents" in text


@pytest.mark.parametrize(
    ("text", "mode", "told"),
    [
        (None, 0o600, "Il n’y a pas de clé pour les pseudonymes : "),
        ("short", 0o600, "clé trop faible ; attendu : au moins 32 caractères tirés au hasard. En créer une avec"),
        (b"\xff\xfe", 0o600, "clé illisible ; attendu : une ligne de texte. En créer une avec"),
        ("x", 0o644, "peut être lu par d’autres (mode 644) ; attendu : 600. Taper : chmod 600 "),
    ],
)
def test_what_is_wrong_with_the_key_is_told_in_french(tmp_path, text, mode, told):
    file = tmp_path / "key"
    if text is not None:
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        file.chmod(mode)
    with pytest.raises(PrivacyError) as refused:
        load_key({}, file)
    problem = Problem("data/raw/registry", 0, "", "", str(refused.value), "a key that only the team has")
    shown = problem_text(problem, "fr")
    assert told in shown
    assert shown.endswith("; attendu : une clé que seule l’équipe possède.")


def test_the_weak_key_of_the_environment_is_told_in_french():
    with pytest.raises(PrivacyError) as refused:
        load_key({"CASEPOOL_REGISTRY_KEY": "weak"}, Path("none"))
    assert message_in_french(str(refused.value)).startswith("La variable d’environnement CASEPOOL_REGISTRY_KEY : clé")


def test_a_place_that_is_no_column_is_french_only_where_the_registry_names_it():
    expected = ("ligne 2 : ligne = (non affiché)", "ligne 2 : row = 3 ")
    shown = [problem_text(Problem("x.csv", 2, "", "row", found, "a text"), "fr") for found in (NOT_SHOWN, "3")]
    assert [text in one for text, one in zip(expected, shown, strict=True)] == [True, True]


def test_the_words_of_a_list_are_translated_and_what_a_cell_holds_is_not():
    assert expected_in_french("the value that stands there now (name)") == "la valeur qui s’y trouve maintenant (name)"
    assert piece_in_french("name; e-mail, 1,000") == "nom ; courriel, 1\u202f000"


def test_an_empty_intake_needs_no_french_of_its_own():
    nothing = Intake(*(pd.DataFrame() for _ in range(4)), {})
    assert status_text(nothing, "fr") == "Aucune fiche dans le dossier."
