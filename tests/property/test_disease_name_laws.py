"""Laws of the recognition of disease names."""

from __future__ import annotations

import unicodedata

import invented
from hypothesis import given, strategies as st
from property.strategies import MANY

from casepool.checks.disease_names import disease_names
from casepool.diseases import fold

NAMES = disease_names(invented.ROOT, invented.protocol())
KNOWN = [
    "systemic lupus erythematosus",
    "syndrome des antiphospholipides",
    "primary Sjögren’s syndrome",
    "sclérodermie systémique",
    "mixed connective tissue disease",
    "polyarthrite rhumatoïde séropositive",
    "ANCA-associated vasculitis",
    "anti-MDA5 dermatomyositis",
    "purpura thrombopénique immunologique",
    "anémie hémolytique auto-immune",
    "cold agglutinin disease",
    "syndrome d’Evans",
    "AIHA and ITP",
    "pure red cell aplasia",
    "cryoglobulinémie mixte",
    "neuromyelitis optica spectrum disorder",
    "thrombotic thrombocytopenic purpura",
    "myasthénie",
]
DOUBTS = [
    "without",
    "sans",
    "no",
    "not",
    "non",
    "or",
    "ou",
    "like",
    "drug-induced",
    "suspected",
    "pernio",
    "congenital",
]


@MANY
@given(st.text())
def test_folding_what_is_folded_changes_nothing(text):
    """Any text, of any script."""
    assert fold(fold(text)) == fold(text)


@MANY
@given(st.sampled_from(KNOWN), st.data())
def test_case_accents_hyphens_and_apostrophes_change_no_answer(name, data):
    """Whoever wrote it, and on whichever keyboard."""
    expected = NAMES.recognise(name).disease
    assert expected is not None
    kept = data.draw(st.lists(st.booleans(), min_size=len(name), max_size=len(name)))
    written = "".join(one.upper() if up else one for one, up in zip(name, kept, strict=True))
    if data.draw(st.booleans()):
        plain = unicodedata.normalize("NFKD", written)
        written = "".join(one for one in plain if not unicodedata.combining(one))
    written = written.replace("-", data.draw(st.sampled_from(["-", " ", "\u2010", "\u2013"])))
    written = written.replace("’", data.draw(st.sampled_from(["’", "'", " "])))
    written = written.replace(" ", data.draw(st.sampled_from([" ", "  ", "\u00a0", "-"])))
    assert NAMES.recognise(written).disease == expected


@MANY
@given(
    st.sampled_from(KNOWN),
    st.lists(st.sampled_from([*DOUBTS, "renal", "patients", "thymoma", "Larsson", "2019", "syndrome", "severe"])),
    st.lists(st.text(alphabet="abcdefghijklmnopqrstuvwxyzé", min_size=5)),
    st.booleans(),
)
def test_further_words_never_turn_one_disease_into_another(name, words, others, before):
    """They leave it, or have it asked."""
    more = " ".join([*words, *others])
    disease = NAMES.recognise(f"{more} {name}" if before else f"{name} {more}").disease
    assert disease in {NAMES.recognise(name).disease, None}


@MANY
@given(st.sampled_from(KNOWN), st.sampled_from(DOUBTS), st.booleans())
def test_a_doubt_is_asked(name, doubt, before):
    """A negation, an alternative, or a form that is another disease."""
    assert NAMES.recognise(f"{doubt} {name}" if before else f"{name} {doubt}").disease is None


@MANY
@given(st.sampled_from(KNOWN), st.sampled_from(KNOWN))
def test_two_diseases_are_asked_unless_they_have_a_name_of_their_own(one, other):
    """Immune thrombocytopenia with haemolytic anaemia is Evans syndrome; all others are asked."""
    first, second = NAMES.recognise(one).disease, NAMES.recognise(other).disease
    found = NAMES.recognise(f"{one} and {other}").disease
    evans = {first, second} <= {"itp", "waiha", "evans"}
    assert found in ({first} if first == second else {"evans"} if evans else {None})
