"""The catalogues of both languages."""

import re
from pathlib import Path
from string import Formatter

import pytest

import casepool.report
from casepool.model.errors import RenderError
from casepool.report.words.catalogue import load_catalogue, set_french_spaces

PACKAGE = Path(casepool.report.__file__).parent
EN, FR = load_catalogue("en"), load_catalogue("fr")


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys():
    assert set(EN.texts) == set(FR.texts)


def test_both_languages_have_the_same_placeholders():
    differing = [key for key in EN.texts if placeholders(EN.texts[key]) != placeholders(FR.texts[key])]
    assert differing == []


def test_every_text_that_the_code_asks_for_exists():
    code = "".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    asked = set(re.findall(r'catalogue\.(?:text|plural)\(\s*"(\w+)"', code))
    assert sorted(key for key in asked if key not in EN.texts and f"{key}_one" not in EN.texts) == []


def test_every_plural_has_both_forms():
    singular = {key.removesuffix("_one") for key in EN.texts if key.endswith("_one")}
    assert singular == {key.removesuffix("_other") for key in EN.texts if key.endswith("_other")}


def test_french_signs_are_preceded_by_no_break_spaces():
    assert set_french_spaces("n : 5 % ; oui ?") == "n\u00a0: 5\u00a0%\u202f; oui\u202f?"
    assert not [key for key, text in FR.texts.items() if re.search(r" [:;?!%]", text)]


def test_french_texts_use_the_typographic_apostrophe():
    assert [key for key, text in FR.texts.items() if "'" in text] == []


def test_zero_is_singular_in_french_and_plural_in_english():
    assert (FR.plural("n_patients", 0), EN.plural("n_patients", 0)) == ("0 patient", "0 patients")


def test_lists_end_with_the_conjunction():
    assert [EN.join(["a"]), EN.join(["a", "b", "c"]), FR.join(["a", "b"], "or")] == ["a", "a, b and c", "a ou b"]


def test_an_id_without_text_of_its_own_takes_the_label_of_the_vocabulary():
    assert FR.label("under_18", "detail") == "moins de 18 ans"
    assert FR.label("complete", "ascertainment") == "tous les patients traités"
    assert (EN.label("gvhd", "event"), FR.label("gvhd", "event")) == (
        "graft-versus-host disease",
        "maladie du greffon contre l’hôte",
    )


def test_an_unknown_key_names_the_catalogue():
    with pytest.raises(RenderError, match=r"report/words/en.yaml: no_such_text"):
        EN.text("no_such_text")


def test_a_missing_placeholder_is_an_error():
    with pytest.raises(RenderError, match="'pages' is missing"):
        EN.text("page_of", page=1)


def test_an_unknown_language_is_an_error():
    with pytest.raises(RenderError, match="expected one of en, fr"):
        load_catalogue("de")
