"""A name means one disease or is asked."""

from __future__ import annotations

import invented
import pytest

from casepool.diseases import DiseaseNames, fold

TERMS = [
    ("lupus", "name", "sle"),
    ("lupus anticoagulant", "name", "aps"),
    ("discoid lupus", "asked", "sle; other"),
    ("LES", "capitals", "sle"),
    ("AIHA", "name", "waiha"),
    ("cold AIHA", "name", "cold_agglutinin"),
    ("itp + waiha", "together", "evans"),
    ("autoimmune haemolytic anaemia", "name", "waiha"),
    ("severe", "neutral", None),
    ("in children", "neutral", None),
    ("in", "small", None),
    ("and", "small", None),
]


@pytest.fixture(scope="module")
def names() -> DiseaseNames:
    """Return a few terms and those of the project's protocol."""
    rows = [{"term": term, "kind": kind, "disease": disease} for term, kind, disease in TERMS]
    return DiseaseNames(rows, invented.protocol())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Auto-immune hæmolytic anaemias", "autoimmune hemolytic anemia"),
        ("auto immune", "autoimmun"),
        ("Érythroblastopénie", "erythroblastopenia"),
        ("syndrome d’Evans", "syndrome d'Evans"),
        ("Sjögren\u00adsyndrome", "sjogrensyndrome"),
        ("necrotizing", "necrotising"),
        ("anti-IFN-γ", "anti IFN gamma"),
        ("dermatomyosite", "dermatomyositis"),
        ("anémie hémolytique", "anemia hemolytic"),
    ],
)
def test_two_spellings_of_a_word_are_folded_to_one(one, other):
    """Case, accents, hyphens, plural, British and French endings."""
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("ITP", "TTP"), ("SLE?", "SLE"), ("ITP ± AIHA", "ITP AIHA")])
def test_what_tells_two_names_apart_is_not_folded(one, other):
    """Letters of an abbreviation, and signs of doubt."""
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    ("text", "disease"),
    [
        ("severe Lupus", "sle"),
        ("lupus anticoagulant", "aps"),
        ("AIHA in children", "waiha"),
        ("AIHA (severe, cold)", "cold_agglutinin"),
        ("AIHA and ITP", "evans"),
        ("Evans and AIHA", "evans"),
        ("LES", "sle"),
        ("immune thrombocytopenia", "itp"),
        ("Autoimmune myopathy", "myositis"),
    ],
)
def test_a_name_of_which_every_word_is_known_means_its_disease(names, text, disease):
    """The longest term counts, in any order; the protocol's own names count too."""
    assert names.recognise(text).disease == disease


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("discoid lupus", ("sle", "other")),
        ("lupus without nephritis", ("sle",)),
        ("drug-induced lupus", ("sle",)),
        ("lupus and AIHA", ("sle", "waiha")),
        ("ITP or AIHA", ("itp", "waiha", "evans")),
        ("cold AIHA and ITP", ("cold_agglutinin", "itp")),
        ("lupus?", ("sle",)),
        ("les adultes", ()),
        ("slender", ()),
        ("", ()),
        ("rheumatoid nodules", ("seropositive_ra",)),
    ],
)
def test_what_is_not_certain_is_asked(names, text, candidates):
    """Two diseases, an unknown word, a doubt, a word of the search strategy, or nothing at all."""
    meant = names.recognise(text)
    assert (meant.disease, meant.candidates) == (None, candidates)


def test_words_shared_by_two_names_are_no_combination(names):
    """An anaemia is immune only if the word is its own."""
    rows = [
        {"term": t, "kind": "name", "disease": d} for t, d in (("purpura immune", "itp"), ("immune anaemia", "waiha"))
    ]
    shared = DiseaseNames([*rows, {"term": "itp + waiha", "kind": "together", "disease": "evans"}], invented.protocol())
    assert shared.recognise("purpura immune anaemia").disease is None
    assert shared.recognise("purpura immune, immune anaemia").disease == "evans"


def test_the_nearest_name_is_offered_for_a_misprint(names):
    """None where nothing is near."""
    assert names.nearest("imune thrombocytopenia") == "Immune thrombocytopenia"
    assert names.nearest("zzz") == ""
