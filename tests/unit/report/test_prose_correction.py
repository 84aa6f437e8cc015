"""How the correction works: what was compared is said of what could be compared only."""

import pytest
import reported

from casepool.report.page.correction import correction
from casepool.report.page.facts import Facts
from casepool.report.results_json import BuildMeta
from casepool.report.words.catalogue import load_catalogue

META = BuildMeta(version="0.1.0", snapshot="2026-11-22", protocol="demo")
LANGUAGES = ("en", "fr")
COMPLETE, OTHER, SILENT = ("complete", 3, 5), ("selective", 1, 1), ("complete", 0, 0)
RATIO = (
    reported.estimate("all", "reporting_ratio", "joint", 3.46, ci_lower=1.58, ci_upper=8.04, measure="ratio"),
    reported.estimate("all", "reporting_ratio_above_1", "joint", 0.987, measure="probability"),
)


@pytest.fixture
def said(protocol):
    """Return the maker of the correction's text in English and French, from sources by disease."""

    def told(layout, *results, **checks):
        studies = reported.study_rows(layout)
        counts = reported.table("counts", [dict(one) for one in studies.to_dict("records")])
        frame = reported.table("results", [*RATIO, *results])
        rows = (frame, counts, studies, reported.table("prisma_counts", []), protocol, META)
        return tuple(
            reported.plain(*correction(Facts(*rows, load_catalogue(language), checks))) for language in LANGUAGES
        )

    return told


BOTH = {"sle": [COMPLETE, OTHER], "itp": [OTHER]}
COMPARED = ("Comparing the two kinds", "comparing them across", "La comparaison des deux sortes", "leur comparaison")


def test_the_example_holds_by_its_own_numbers(said):
    """60 × 30% = 18 and 40 × 10% = 4: 82% in print where 60% respond; 30% / 10% = 3."""
    english, french = said(BOTH)
    assert "Take 100 treated patients, 60 with and 40 without response. If 30% of the former but only 10%" in english
    assert "hold 18 successes and 4 failures: 82% instead of 60%" in english
    assert "is 3 here" in english
    assert "contiennent 18 succès et 4 échecs : 82 % au lieu de 60 %" in french


def test_both_kinds_of_sources_are_told_with_their_patients(said):
    english, french = said(BOTH)
    assert (
        "Such sources hold 5 of the 7 evaluable patients (3/5 responded); selected or unclear sources hold 2" in english
    )
    assert "Ces sources comptent 5 des 7 patients évaluables (3/5 répondeurs)" in french


@pytest.mark.parametrize(
    ("layout", "english", "french"),
    [
        (
            {"sle": [OTHER, OTHER]},
            "all 2 evaluable patients come from selected or unclear sources (2/2 responded).",
            "les 2 patients évaluables viennent tous de sources sélectives ou incertaines (2/2 répondeurs).",
        ),
        (
            {"sle": [OTHER]},
            "the 1 evaluable patient comes from a selected or unclear source (1/1 responded).",
            "le seul patient évaluable (1) vient d’une source sélective ou incertaine (1/1 répondeur).",
        ),
        (
            {"sle": [COMPLETE]},
            "all 5 evaluable patients come from such sources (3/5 responded): there is nothing selective to correct.",
            "les 5 patients évaluables viennent tous de telles sources (3/5 répondeurs) : il n’y a rien de sélectif",
        ),
        (
            {"sle": [("complete", 0, 1)]},
            "the 1 evaluable patient comes from such a source (0/1 responded): there is nothing selective to correct.",
            "le seul patient évaluable (1) vient d’une telle source (0/1 répondeur) : il n’y a rien de sélectif",
        ),
    ],
)
def test_one_kind_of_sources_is_compared_with_nothing(layout, english, french, said):
    found = said(layout)
    assert english in found[0]
    assert french in found[1]
    assert "As there are not both kinds of sources, nothing could be compared" in found[0]
    assert "Faute de deux sortes de sources, rien n’a pu être comparé" in found[1]
    for sentence in COMPARED:
        assert sentence not in "".join(found)
    assert "3.5" not in found[0]
    assert "3,5" not in found[1]


def test_without_any_patient_no_kind_of_source_is_told(said):
    english, french = said({})
    assert "evaluable patient" not in english
    assert "évaluable" not in french
    assert "responded" not in english


@pytest.mark.parametrize(
    ("layout", "english", "french"),
    [
        (
            {"sle": [COMPLETE, OTHER]},
            "Comparing the two kinds of sources gives a ratio of 3.5 (95% interval 1.6–8.0); the probability that it "
            "is above 1 is 99%, against 71% before any data.",
            "La comparaison des deux sortes de sources donne un rapport de 3,5 (intervalle à 95 % : 1,6–8,0) ; la "
            "probabilité qu’il dépasse 1 est de 99 %, contre 71 % avant toute donnée.",
        ),
        (
            {"sle": [COMPLETE], "itp": [OTHER]},
            "No disease has both kinds of sources; comparing them across diseases gives a ratio of 3.5",
            "Aucune maladie n’a les deux sortes de sources ; leur comparaison d’une maladie à l’autre donne un rapport",
        ),
        (
            BOTH,
            "Comparing the two kinds of sources within and across diseases gives a ratio of 3.5",
            "La comparaison des deux sortes de sources, au sein des maladies et entre elles, donne un rapport de 3,5",
        ),
    ],
)
def test_the_comparison_is_told_as_it_was_made(layout, english, french, said):
    found = said(layout)
    assert english in found[0]
    assert french in found[1]
    assert sum(found[0].count(one) for one in COMPARED) == 1


@pytest.mark.parametrize(
    ("layout", "english", "french"),
    [
        (
            {"sle": [SILENT, OTHER]},
            "Dupont 2015 reports all its patients too, but no number of responders.",
            "La source suivante rapporte elle aussi tous ses patients, mais pas le nombre de répondeurs : Dupont 2015.",
        ),
        (
            {"sle": [SILENT, SILENT]},
            "Dupont 2015 and Ostendorf 2016 report all their patients too, but no number of responders.",
            "tous leurs patients, mais pas le nombre de répondeurs : Dupont 2015 et Ostendorf 2016.",
        ),
    ],
)
def test_complete_sources_without_counts_are_named(layout, english, french, said):
    found = said(layout)
    assert english in found[0]
    assert french in found[1]
    assert "but no number of responders" not in said(BOTH)[0]


def test_a_ratio_that_may_be_one_is_not_read_as_fair_reporting(said, protocol):
    doubtful = {**RATIO[0], "ci_lower": 0.5}
    found = {}
    for language in LANGUAGES:
        studies = reported.study_rows(BOTH)
        frame = reported.table("results", [doubtful, *RATIO[1:]])
        counts = reported.table("counts", [dict(one) for one in studies.to_dict("records")])
        rows = (frame, counts, studies, reported.table("prisma_counts", []), protocol, META)
        found[language] = reported.plain(*correction(Facts(*rows, load_catalogue(language))))
    assert "which is no proof that it was fair" in found["en"]
    assert "ce qui ne prouve pas qu’elle ne l’a pas été" in found["fr"]
    assert "no proof that it was fair" not in said(BOTH)[0]


@pytest.mark.parametrize(("limits", "told"), [((0.4, 6.1), True), ((1.2, 6.1), False), ((None, 6.1), False)])
def test_what_the_data_say_without_assumptions_is_told_where_they_leave_one_possible(limits, told, said):
    row = {"diagnostic": "ratio_by_maximum_likelihood", "value": 1.9, "status": "ok"}
    diagnostics = reported.table("diagnostics", [{**row, "ci_lower": limits[0], "ci_upper": limits[1]}])
    english, french = said(BOTH, diagnostics=diagnostics)
    assert ("Without any assumption made beforehand the data give 1.9 (0.4–6.1)" in english) is told
    assert ("Sans aucune hypothèse de départ, les données donnent 1,9 (0,4–6,1)" in french) is told
    assert "Without any assumption" not in said({"sle": [OTHER]}, diagnostics=diagnostics)[0]


@pytest.mark.parametrize(
    ("layout", "english", "french"),
    [
        (
            BOTH,
            "One thing remains an assumption: that sources which report all their patients do not",
            "Un point reste une hypothèse : que les sources rapportant tous leurs patients",
        ),
        (
            {"sle": [COMPLETE, OTHER]},
            "One thing remains an assumption: that sources which report all their patients do not",
            "Un point reste une hypothèse : que les sources rapportant tous leurs patients",
        ),
        (
            {"sle": [OTHER]},
            "One thing remains an assumption: the size of the ratio itself.",
            "Un point reste une hypothèse : la valeur du rapport lui-même.",
        ),
        (
            {"sle": [OTHER], "itp": [OTHER]},
            "One thing remains an assumption: the size of the ratio itself.",
            "Un point reste une hypothèse : la valeur du rapport lui-même.",
        ),
    ],
)
def test_assumptions_are_those_that_this_build_makes(layout, english, french, said):
    found = said(layout)
    assert english in found[0]
    assert french in found[1]


def test_where_nothing_is_selective_nothing_is_assumed_and_nothing_deflated(said):
    english, french = said({"sle": [COMPLETE], "itp": [COMPLETE]})
    assert "assumption:" not in english
    assert "assumptions:" not in english
    assert "hypothèses :" not in french
    assert "of what is known about the ratio" not in english


def own(disease, raw, value):
    """Return the raw and the own rate of a disease."""
    limits = {"ci_lower": 0.1, "ci_upper": 0.9}
    return (
        reported.estimate(disease, "raw", "exact", raw, **limits),
        reported.estimate(disease, "own", "own", value, status="registry-anchored", **limits),
    )


def ladder(disease, **changes):
    """Return the steps of a disease, from 0.5 on."""
    cells = {"outcome": "any_response", "disease": disease, "ci_lower": 0.1, "ci_upper": 0.9}
    rows, value = [{**cells, "position": 0, "step": "raw", "value": 0.5}], 0.5
    for place, (step, change) in enumerate(changes.items(), start=1):
        value += change
        rows.append({**cells, "position": place, "step": step, "value": value, "change": change})
    return rows


def test_the_step_that_raised_a_rate_is_named(said):
    steps = reported.table("steps", ladder("sle", complete=-0.02, source_effect=0.14, deflation=-0.02, pooled=0.3))
    found = said(BOTH, *own("sle", 0.5, 0.6), *own("itp", 0.5, 0.4), steps=steps)
    told = "For systemic lupus erythematosus the corrected rate (60.0%) lies above the raw one (50.0%): the step that"
    assert f"{told} raised it most is “Sources may differ” (+14.0 points)." in found[0]
    assert "le taux corrigé (60,0 %) dépasse le taux brut (50,0 %) : l’étape" in found[1]
    assert "immune thrombocytopenia" not in found[0]


@pytest.mark.parametrize(
    ("value", "lower", "english", "french"),
    [
        (3.1, 1.8, "have to be 3.1 times as likely", "devraient être publiés 3,1 fois plus souvent"),
        (3.1, 1.8, "Allowing for chance, a ratio of 1.8 is enough", "un rapport de 1,8 suffit"),
        (3.1, 0.8, "the lower limit is already below 50%.", "la limite inférieure est déjà au-dessous de 50 %."),
        (None, 0.2, "the lower limit is already below 50%.", "la limite inférieure est déjà au-dessous de 50 %."),
        (None, 1.8, "no ratio brings a rate at which everyone responded down to 50%", "aucun rapport ne ramène à 50 %"),
    ],
)
def test_an_example_says_how_selective_reporting_would_have_to_be(value, lower, english, french, said):
    cells = {"n_response": 4, "n_evaluable": 6, "measure": "ratio", "ci_lower": lower, "threshold": 0.5}
    found = said(BOTH, reported.estimate("sle", "tipping", "bounds", value, **cells))
    assert english in found[0]
    assert french in found[1]
    assert "– systemic lupus erythematosus, 4/6 among selected cases:" in found[0]
    assert "ratio of 0.2" not in found[0]
