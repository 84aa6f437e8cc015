"""A row from its form into its table: what is checked, what is said, what becomes of a row that changed meanwhile."""

from __future__ import annotations

import html
import json
import re

import pytest
from desk_project import READER, git, opened, patient

from casepool.contract import TABLES
from casepool.desk.fields import form_sections, shown, typed
from casepool.desk.judging import judge
from casepool.desk.sections import sections
from casepool.files import sheets
from casepool.rows import rows_of

PATIENTS = "data/curated/patients.csv"
FORMS = ("patients", "cohorts", "reports", "appraisal", "cumulative_incidences")


def new(**changes: str) -> dict[str, str]:
    """Return the form of a new SYNTHETIC patient as the browser sends it."""
    handed = json.dumps({"key": ["quill2011", "p2"], "cells": None, "digest": ""})
    return {**patient(**changes), "opened": handed, "do": "save"}


def text_of(page: str) -> str:
    """Return what a page says, without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def key(row) -> dict[str, str]:
    """Return the key of a patient."""
    return {name: row[name] for name in TABLES["patients"].key}


def added_lines(root) -> list[str]:
    """Return the lines that git sees as added; a line that went fails."""
    diff = git(root, "diff", "--unified=0", "--no-color").splitlines()
    assert not [line for line in diff if line.startswith("-") and not line.startswith("---")]
    return [line[1:] for line in diff if line.startswith("+") and not line.startswith("+++")]


@pytest.mark.parametrize("table", FORMS)
def test_a_form_has_every_column_once_with_label_and_help_in_both_languages(workspace, table):
    """The forms are made from the contract."""
    assert [name for _, columns in sections(table) for name in columns] == TABLES[table].names
    for language in ("en", "fr"):
        workspace.private.set(language=language)
        fields = [one for section in form_sections(workspace, table) for one in section.fields]
        assert [one.name for one in fields] == TABLES[table].names
        assert all(one.label and one.help for one in fields)
        assert len({one.label for one in fields}) == len(fields)


def test_a_row_is_shown_and_taken_back_as_it_stands_in_either_language(workspace):
    """Decimal comma, day first, diseases by their names."""
    for language in ("en", "fr"):
        workspace.private.set(language=language)
        for row in rows_of(workspace.curated()["patients"]):
            judged = judge(
                workspace, "patients", typed(workspace, "patients", shown(workspace, "patients", row)), key(row)
            )
            assert not judged.remarks
            assert judged.cells["disease"] == row["disease"]
            assert judged.cells["date"] == row["date"]


def test_what_is_saved_is_one_line_more_and_every_other_byte_stays(browser, root):
    """Commas, quotes, accents, a script: text like any other."""
    note = 'SYNTHETIC, "café" <script>alert(1)</script>'
    assert browser.post("/save/patients", new(note=note, age_years="63,5")).status_code == 303
    (line,) = added_lines(root)
    assert line.startswith("quill2011,p2,63.5,female,")
    assert line.endswith(',"SYNTHETIC, ""café"" <script>alert(1)</script>"')
    page = browser.get("/row/patients/quill2011/p2").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize("formula", ["=1+1", "@SUM(A1)"])
def test_a_formula_is_text_and_guarded_in_the_file(browser, root, formula):
    """A spreadsheet that opens the table reckons nothing."""
    assert browser.post("/save/patients", new(note=formula)).status_code == 303
    assert added_lines(root)[0].endswith(f",'{formula}")
    assert html.escape(formula) in browser.get("/row/patients/quill2011/p2").text.replace("&#43;", "+").replace(
        "&#39;", "'"
    )


MISTAKES = {
    "n_doses": ("1,000", "nombre entier"),
    "sex": ("femal", "« femme »"),
    "age_years": ("312", "0 à 120"),
    "disease": ("pemphgus vulgaris", "« Pemphigus vulgaris »"),
    "disease_as_reported": ("", "À remplir : Maladie dans les mots de la source"),
    "date": ("31/02/2026", "date"),
    "source_locator": ("", "endroit dans la source"),
    "response": ("", "non rapporté"),
    "same_patient_as": ("quill2011/p9", "« quill2011/p1 »"),
    "treatment_year": ("1850", "1990"),
}


@pytest.mark.parametrize("column", MISTAKES)
def test_a_mistake_is_named_at_its_field_in_french_and_nothing_is_lost(browser, workspace, root, column):
    """What was typed stands in the form; the table is as before; labels are shown, not ids."""
    workspace.private.set(language="fr")
    value, said = MISTAKES[column]
    answer = browser.post("/save/patients", new(**{column: value, "note": "SYNTHETIC gardé"}))
    assert answer.status_code == 422
    beside = re.search(rf'data-column="{column}">(.*?)</div>', answer.text, re.DOTALL)[1]
    assert said in text_of(beside)
    assert "Rien n’a été enregistré" in text_of(answer.text)
    assert "SYNTHETIC gardé" in answer.text
    assert added_lines(root) == []


def test_the_desk_says_what_the_check_says(workspace, root):
    """A row that the desk passes is clean in the file; one that it refuses is a problem there."""
    for changes in ({}, {"age_years": "130"}, {"flare": "yes", "response": "none"}, {"disease_as_reported": "measles"}):
        row = patient(**changes)
        judged = judge(workspace, "patients", typed(workspace, "patients", row), None)
        file = root / PATIENTS
        before = file.read_text(encoding="utf-8")
        file.write_text(before + ",".join(judged.cells[name] for name in TABLES["patients"].names) + "\n", "utf-8")
        problems = [one for one in workspace_check(workspace) if one.file == "patients.csv"]
        file.write_text(before, encoding="utf-8")
        assert {one.column for one in judged.stops} == {str(one.column) for one in problems}, changes


def workspace_check(workspace):
    """Return the problems of the curated tables, as `casepool check` collects them."""
    from casepool.extraction.consistency import consistency_problems
    from casepool.extraction.curated import read_curated
    from casepool.extraction.plausible import plausibility_problems

    curated = read_curated(workspace.folder)
    found = [*curated.problems, *consistency_problems(curated, workspace.protocol)]
    return [*found, *plausibility_problems(curated, workspace.protocol)]


def test_lists_that_were_left_open_become_not_reported_by_one_press_and_are_counted(browser, root):
    """Never silently: an open list is refused until somebody says so."""
    form = new(flare="", thrombosis="", sex="")
    assert browser.post("/save/patients", form).status_code == 422
    answer = browser.post("/save/patients", {**form, "do": "fill"})
    assert "3 open lists now say “not reported”" in text_of(answer.text)
    assert added_lines(root) == []


def test_what_was_typed_is_kept_until_it_is_saved(browser, workspace):
    """A closed tab loses nothing; a save forgets the draft."""
    browser.post("/check/patients", new(note="SYNTHETIC half typed"))
    page = browser.get("/new/patients/quill2011").text
    assert "SYNTHETIC half typed" in page
    assert "what you had typed without saving it" in text_of(page)
    assert browser.post("/save/patients", new()).status_code == 303
    assert "half typed" not in browser.get("/new/patients/quill2011").text
    assert workspace.private.drafts() == []


def test_two_tabs_on_one_row_the_second_is_shown_three_columns_and_writes_nothing(browser, workspace, root):
    """As it was opened, as it is, as it was typed; a knowing press writes."""
    browser.post("/save/patients", new())
    form = {**patient(), "opened": opened(workspace, "patients", "quill2011", "p2"), "do": "save"}
    assert browser.post("/save/patients", {**form, "age_years": "70"}).status_code == 303
    second = browser.post("/save/patients", {**form, "age_years": "55", "note": "SYNTHETIC mine"})
    assert second.status_code == 409
    said = text_of(second.text)
    assert "When opened Now in the table Yours" in said
    assert "Age (years) 63.5 70 55" in said
    handed = html.unescape(re.search(r'name="opened" value="([^"]+)"', second.text)[1])
    typed_here = {**form, "age_years": "55", "note": "SYNTHETIC mine", "opened": handed, "asked_age_years": "1"}
    unchosen = browser.post("/resolve/patients", typed_here)
    assert unchosen.status_code == 422
    chosen = browser.post("/resolve/patients", {**typed_here, "keep_age_years": "now"}).text
    assert 'name="age_years" value="70"' in chosen
    assert len(added_lines(root)) == 1
    assert ",70," in added_lines(root)[0]


def test_git_checkout_underneath_is_told_and_the_typed_row_can_still_be_saved(browser, workspace, root):
    """The row is not there any more."""
    browser.post("/save/patients", new())
    form = {**patient(age_years="55"), "opened": opened(workspace, "patients", "quill2011", "p2"), "do": "save"}
    git(root, "checkout", "--quiet", ".")
    answer = browser.post("/save/patients", form)
    assert answer.status_code == 409
    assert "no row" in text_of(answer.text)
    handed = html.unescape(re.search(r'name="opened" value="([^"]+)"', answer.text)[1])
    assert browser.post("/save/patients", {**form, "opened": handed}).status_code == 303
    assert ",55," in added_lines(root)[0]


def test_a_new_row_whose_key_is_taken_does_not_overwrite(browser, root):
    """Its label is asked again."""
    answer = browser.post("/save/patients", new(patient_label="p1"))
    assert answer.status_code == 422
    assert "each key once" in text_of(answer.text)
    assert added_lines(root) == []


@pytest.mark.parametrize("sign", ["index.lock", "MERGE_HEAD"])
def test_nothing_is_written_while_git_works(browser, root, sign):
    """The reason is said, the form stays."""
    (root / ".git" / sign).write_text("")
    answer = browser.post("/save/patients", new(note="SYNTHETIC waits"))
    assert answer.status_code == 409
    assert "SYNTHETIC waits" in answer.text
    assert "git" in text_of(answer.text)
    (root / ".git" / sign).unlink()
    assert added_lines(root) == []


def test_a_file_with_the_marks_of_a_conflict_is_refused_and_said(browser, root):
    """Nobody writes into it."""
    file = root / PATIENTS
    file.write_text(file.read_text("utf-8") + "<<<<<<< ours\n=======\n>>>>>>> theirs\n", "utf-8")
    answer = browser.post("/save/patients", new())
    assert answer.status_code in {409, 422}
    assert file.read_text("utf-8").endswith(">>>>>>> theirs\n")


def test_a_further_patient_begins_with_the_source_of_the_one_before(browser):
    """Place in the source, basis, country; never what was found in the patient."""
    browser.post("/save/patients", new(country="Norway", source_locator="Table 7"))
    page = browser.get("/new/patients/quill2011").text
    assert 'name="patient_label" value="p3"' in page
    assert 'name="country" value="Norway"' in page
    assert ">Table 7</textarea>" in page
    assert 'name="age_years" value=""' in page
    assert f'name="reader" value="{READER}"' in page


def test_a_row_that_git_holds_is_corrected_cell_by_cell_with_a_reason(browser, workspace, root):
    """The correction is in the exact form that the check takes, and holds at once."""
    assert browser.get("/row/patients/quill2011/p1").location == "/kept/patients/quill2011/p1"
    path = "/correct/patients/age_years/quill2011/p1"
    missing = browser.post(path, {"new": "45", "reason": "", "source": ""})
    assert missing.status_code == 422
    wrong = browser.post(path, {"new": "450", "reason": "misprint", "source": "Table 1"})
    assert "0 to 120" in text_of(wrong.text)
    same = browser.post(path, {"new": "44", "reason": "misprint", "source": "Table 1"})
    assert same.status_code == 422
    assert added_lines(root) == []
    assert browser.post(path, {"new": "45", "reason": "misprint", "source": "Table 1"}).status_code == 303
    assert added_lines(root)[0].startswith('patients,"report_id=quill2011, patient_label=p1",age_years,44,45,misprint,')
    assert workspace.row("patients", {"report_id": "quill2011", "patient_label": "p1"})["age_years"] == 45
    assert not workspace.curated().problems
    assert "corrected to: 45 (misprint)" in text_of(browser.get("/kept/patients/quill2011/p1").text)


def test_the_live_check_says_what_saving_would_say(browser):
    """Field by field, without writing."""
    fragment = browser.post("/check/patients", new(n_doses="1,000")).text
    assert re.search(r'data-column="n_doses"><p class="stop">Expected: a whole number', fragment)
    assert re.search(r'data-column="age_years"></div>', fragment)


def test_a_disease_is_known_by_any_of_its_names(browser, root, workspace):
    """By name, id, and the terms of the table; the file holds the id."""
    browser.post("/save/patients", new(disease="Pemphigus vulgaris"))
    assert ",pv,pemphigus vulgaris," in added_lines(root)[0]
    assert sheets.check_table("patients", root / PATIENTS).problems == ()


def test_a_name_that_nobody_knows_becomes_known_by_one_press(browser, root):
    """On the spot, from the form; the row is then as sound as any."""
    form = new(disease_as_reported="SYNTHETIC bullous affliction")
    refused = browser.post("/save/patients", form)
    assert refused.status_code == 422
    assert "is a name of: Pemphigus vulgaris – add it" in text_of(refused.text)
    assert "is now a known name" in text_of(browser.post("/save/patients", {**form, "do": "term"}).text)
    assert browser.post("/save/patients", form).status_code == 303
    assert any(line.startswith("SYNTHETIC bullous affliction,name,pv,en") for line in added_lines(root))


def test_what_is_improbable_is_said_and_saved_all_the_same(browser, root):
    """A response sixty weeks after the first dose, in somebody followed for two months."""
    form = new(time_to_response_weeks="60", follow_up_months="2")
    fragment = browser.post("/check/patients", form).text
    assert re.search(r'<p class="look">To look at\. ', fragment)
    assert browser.post("/save/patients", form).status_code == 303
    assert len(added_lines(root)) == 1


def test_what_an_appraisal_does_to_the_rates_is_said_while_it_is_given(browser):
    """By the answers that decide, before anything is saved."""
    form = {"opened": json.dumps({"key": ["quill2011", READER], "cells": None, "digest": ""}), "report_id": "quill2011"}
    said = [browser.post("/check/appraisal", {**form, "murad_1": answer}).text for answer in ("yes", "no")]
    assert "complete" in text_of(said[0]).lower()
    assert "selective" in text_of(said[1]).lower()
