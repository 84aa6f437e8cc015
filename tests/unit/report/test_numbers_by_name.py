"""Numbers by name, as a manuscript takes them in: from invented results."""

from __future__ import annotations

import re

import pytest
import yaml

from casepool.model.estimate import Estimate
from casepool.model.labels import LANGUAGES
from casepool.report.numbers.document import numbers_document, quarto_text
from casepool.report.numbers.named import FORMS, Named, name_of
from casepool.report.numbers.tex import tex_text
from casepool.report.page.facts import Facts
from casepool.report.results_json import BuildMeta
from casepool.report.words.catalogue import load_catalogue
from numbers_page import FIXED, PATTERNS, is_listed, numbers_page

META = BuildMeta(version="0.1.0", snapshot="2026-11-22", protocol="daratumumab_autoimmune")


@pytest.fixture
def document(frames, counts, prisma_counts, study_counts, protocol):
    """Return a maker of numbers.json."""

    def make(language="fr", results=frames["results"]):
        checks = {**frames, "results": results}
        facts = Facts(
            results, counts, study_counts, prisma_counts, protocol, META, load_catalogue(language), checks, "stored"
        )
        return numbers_document(facts)

    return make


def test_both_languages_have_the_same_names_and_forms(document):
    """A thesis can change its language."""
    french, english = (document(language) for language in LANGUAGES)
    assert {name: set(one["forms"]) for name, one in french["numbers"].items()} == {
        name: set(one["forms"]) for name, one in english["numbers"].items()
    }
    assert set(french["sentences"]) == set(english["sentences"])


def test_every_estimate_has_one_name_and_keeps_its_row(document, frames):
    """Nothing of results.json is out of reach, and no two are called alike."""
    rows = {one["result"] for one in document()["numbers"].values() if one["result"]}
    assert rows == set(frames["results"]["name"])


def test_a_number_reads_as_in_the_report(document):
    """Value, interval, both, spelled out; its kind of interval is named."""
    forms = document()["numbers"]["any_response.overall.own"]["forms"]
    assert {key: forms[key].replace("\u00a0", " ") for key in ("value", "interval", "both", "full")} == {
        "value": "58 %",
        "interval": "41–74 %",
        "both": "58 % (41–74)",
        "full": "58 % (ICr à 95 % : 41–74)",
    }


def test_a_withheld_number_is_a_word_and_says_why(document, withheld):
    """A dash in a sentence would be read over."""
    number = document("en", withheld)["numbers"]["any_response.sjogren.own"]
    assert number["forms"]["value"] == "not estimated"
    assert number["withheld"] == "no source reports all its patients"
    assert number["value"] is None


def test_bounds_are_given_as_a_range(document):
    """Where sources leave open who had the event."""
    number = document("en")["numbers"]["complete_response.overall.raw"]
    assert number["forms"]["range"] == number["forms"]["both"] == "15–71%"
    assert re.fullmatch(r"15–71% \(95% CI: \d+–\d+\)", number["forms"]["full"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_form_is_empty_or_a_dash_and_every_meaning_is_words(document, language):
    """What is printed can be read."""
    missing = load_catalogue(language).numbers.missing
    for name, one in document(language)["numbers"].items():
        assert set(one["forms"]) <= set(FORMS), name
        assert not [text for text in one["forms"].values() if text in {"", missing}], name
        assert len(one["meaning"]) > 5
        assert "{" not in one["meaning"], name


@pytest.mark.parametrize("model", ["own", "joint"])
def test_the_model_stands_in_a_name_only_where_another_is_shown(model):
    """Of a probability the own rate's is shown."""
    estimate = Estimate(outcome="o", disease="d", analysis="above", model=model, threshold=0.5)
    assert name_of(estimate) == {"own": "o.d.above_0.5", "joint": "o.d.above_0.5.joint"}[model]


def test_a_tag_is_never_longer_than_word_allows():
    """64 signs with the longest form behind it; a longer name has a short one that is stable."""
    long = Named("a_long_outcome." + "d" * 60 + ".raw", "", {})
    assert len(f"{long.tag}:{max(FORMS, key=len)}") <= 64
    assert long.tag == Named(long.name, "another", {}).tag != Named(long.name + "x", "", {}).tag


def test_names_can_be_typed_in_every_kind_of_source(document):
    """No sign that LaTeX, YAML or a tag would read as its own."""
    assert [name for name in document()["numbers"] if not re.fullmatch(r"[a-z0-9_.]+", name)] == []


def test_the_tex_defines_every_form_of_every_number(document):
    """As many control sequences as there are forms; the catcode of @ is given back."""
    made = document()
    text = tex_text(made)
    assert text.count("\\@namedef{cpn@") == sum(len(one["forms"]) for one in made["numbers"].values())
    assert text.rstrip().endswith("\\catcode`\\@=\\cp@at")
    assert "\u2060" not in text


def test_quarto_reads_a_name_as_keys_inside_keys(document):
    """A model below the shown one has its place beside the forms."""
    made = document()
    tree = yaml.safe_load(quarto_text(made))["casepool"]
    assert (
        tree["any_response"]["overall"]["raw"]["both"] == made["numbers"]["any_response.overall.raw"]["forms"]["both"]
    )
    assert tree["any_response"]["overall"]["raw"]["glmm"]["value"]
    assert tree["sentences"]["answer"]


def test_a_sentence_of_a_disease_begins_with_its_name(document):
    """On the page it stands beside it."""
    assert document("en")["sentences"]["disease.sle"][0].startswith("Systemic lupus erythematosus. ")


def test_the_page_of_names_lists_every_name_and_no_other(document):
    """docs/numbers.md; a fixed name that is gone is taken off the list."""
    names = set(document("en")["numbers"])
    assert [name for name in names if not is_listed(name)] == []
    assert set(FIXED) <= names
    assert not is_listed("nobody.knows")
    assert all(f"`{one}`" in numbers_page() for one in (*PATTERNS, *FIXED, *FORMS))
