"""The first screen: the answer in a few sentences, and the four facts that qualify it."""

import pandas as pd
import pytest
import reported

from casepool.report.page.answer import answer, qualifying_facts
from casepool.report.page.facts import Facts, question
from casepool.report.results_json import BuildMeta
from casepool.report.words.catalogue import load_catalogue

META = BuildMeta(version="0.1.0", snapshot="2026-11-22", protocol="demo")
LANGUAGES = ("en", "fr")
COMPLETE, OTHER = ("complete", 3, 5), ("selective", 1, 1)
FLOW = {"records_database": 22, "records_register": 0, "records_website": 0}


def row(disease, analysis, model, value, status="ok", **cells):
    """Return a result with an interval around its value."""
    limits = {} if value is None else {"ci_lower": value - 0.1, "ci_upper": min(1.0, value + 0.1)}
    reason = "no_complete_source" if status == "literature-only" else None
    return reported.estimate(disease, analysis, model, value, status=status, reason=reason, **limits, **cells)


@pytest.fixture
def build(protocol):
    """Return the maker of facts: sources by disease, results, further tables."""

    def facts(language, layout, *results, diseases=None, origin="", flow=FLOW, registry="", **checks):
        asked = protocol
        if diseases is not None:
            kept = tuple(one for one in protocol.diseases if one.id in diseases)
            asked = protocol.model_copy(update={"diseases": kept})
        studies = reported.study_rows(layout)
        if registry:
            studies.loc[studies["report_id"] == registry, "report_id"] = "registry_complete"
        everything = [(x, n) for sources in layout.values() for _, x, n in sources if n]
        x, n = sum(x for x, _ in everything), sum(n for _, n in everything)
        raw = row("overall", "raw", "exact", x / n if n else None, n_response=x, n_evaluable=n, k=len(everything))
        boxes = reported.table("prisma_counts", [{"box": box, "unit": "x", "n": n} for box, n in flow.items()])
        counts = reported.table("counts", [dict(one) for one in studies.to_dict("records")])
        frame = reported.table("results", [raw, *results])
        return Facts(frame, counts, studies, boxes, asked, META, load_catalogue(language), checks, origin)

    return facts


def said(build, layout, *results, **more):
    """Return the answer in English and French, with plain spaces."""
    return tuple(reported.plain(*answer(build(language, layout, *results, **more))) for language in LANGUAGES)


def fact(build, number, layout, *results, **more):
    """Return title and text of one of the facts in English and French."""
    found = [qualifying_facts(build(language, layout, *results, **more))[number] for language in LANGUAGES]
    return tuple((reported.plain(one.title), reported.plain(one.text)) for one in found)


THREE = {"sle": [COMPLETE, OTHER], "itp": [OTHER], "evans": [OTHER]}
MEAN = row("overall", "pooled", "joint", 0.6)


def raw_of(disease):
    """Return the raw rate of a disease."""
    return row(disease, "raw", "exact", 0.5)


def test_without_any_known_response_the_answer_is_one_sentence(build):
    assert said(build, {}) == (
        "No patient with a reported response has been found yet.",
        "Aucun patient dont la réponse est rapportée n’a encore été trouvé.",
    )


@pytest.mark.parametrize(
    ("source", "english", "french"),
    [
        (
            ("selective", 1, 1),
            "Response is reported for 1 patient of 1 source; 1 responded: 100% (95% CI 90–100), without",
            "La réponse est rapportée pour 1 patient de 1 source ; 1 a répondu : 100 % (IC à 95 % : 90–100), sans",
        ),
        (
            ("selective", 0, 1),
            "Response is reported for 1 patient of 1 source; 0 responded: 0%",
            "La réponse est rapportée pour 1 patient de 1 source ; 0 a répondu : 0 %",
        ),
        (
            ("selective", 3, 4),
            "Response is reported for 4 patients of 1 source; 3 responded: 75%",
            "La réponse est rapportée pour 4 patients de 1 source ; 3 ont répondu : 75 %",
        ),
    ],
)
def test_the_raw_rate_agrees_with_its_numbers(source, english, french, build):
    found = said(build, {"sle": [source]})
    assert (found[0].startswith(english), found[1].startswith(french)) == (True, True)


def test_patients_who_are_not_known_to_be_autoimmune_are_counted_beside(build):
    rows = [reported.origin("sle", "no", 1, 1), reported.origin("itp", "uncertain", 1, 3)]
    english, french = said(build, THREE, MEAN, origins=reported.table("origins", rows))
    assert "Of these patients 1 is alloimmune and 3 are of uncertain origin." in english
    assert "Parmi ces patients, 1 relève d’une allo-immunisation et 3 sont d’origine incertaine." in french
    own = reported.table("origins", [reported.origin("sle", "yes", 1, 1)])
    assert "Of these patients" not in said(build, THREE, MEAN, origins=own)[0]


def own(disease, value, status="registry-anchored"):
    """Return the own rate of a disease."""
    return row(disease, "own", "own", value, status)


def test_one_disease_has_its_rate_and_no_mean(build):
    english, french = said(build, {"sle": [COMPLETE, OTHER]}, raw_of("sle"), own("sle", 0.4), diseases=["sle"])
    assert english.endswith("from its own evidence: systemic lupus erythematosus 40% (95% CrI 30–50).")
    assert french.endswith("ses propres données : lupus érythémateux systémique 40 % (ICr à 95 % : 30–50).")
    for text in (english, french):
        assert not {"mean", "moyenne", "diseases", "maladies"} & set(text.split())


def test_without_complete_evidence_no_number_is_corrected(build):
    limits = reported.estimate(
        "sle", "own", "own", status="literature-only", reason="no_complete_source", ci_lower=0.41, ci_upper=0.93
    )
    english, french = said(build, {"sle": [OTHER]}, raw_of("sle"), limits)
    assert "No rate is corrected to a number: no source of a known response reports all the patients" in english
    assert "Aucun taux n’est corrigé en une valeur : aucune source dont les réponses sont connues" in french
    assert "an interval but no corrected number: systemic lupus erythematosus." in english
    assert "un intervalle, mais pas de valeur corrigée : lupus érythémateux systémique." in french
    assert "41" not in english + french


def test_the_anchored_diseases_lead_and_the_pooled_mean_follows(build):
    told = (raw_of("sle"), raw_of("itp"), own("sle", 0.7), own("itp", 0.5), row("overall", "own", "own", 0.6), MEAN)
    before = reported.estimate("overall", "uncorrected", "joint", 0.9, ci_lower=0.8, ci_upper=0.95)
    english, french = said(build, THREE, *told, before)
    assert "With each of these 2 diseases counted alike, their mean is 60% (95% CrI 50–70)." in english
    assert "Chacune de ces 2 maladies comptant autant que les autres, leur moyenne est de 60 %" in french
    assert english.index("counted alike, their mean is") < english.index("As a secondary analysis the 3 diseases")
    assert "the mean goes from 90% (95% CrI 80–95) to 60% (95% CrI 50–70) once selective" in english
    assert "la moyenne passe de 90 % (ICr à 95 % : 80–95) à 60 % (ICr à 95 % : 50–70)" in french
    assert "secondary" not in said(build, THREE, *told)[0]


@pytest.mark.parametrize(
    ("rows", "status", "english", "french"),
    [
        (
            [reported.origin("sle", "yes", 1, 2), reported.origin("itp", "no", 1, 2)],
            "ok",
            "Without the patients not known to be autoimmune, the pooled mean of 1 disease is 50%",
            "la moyenne mise en commun de 1 maladie est de 50 %",
        ),
        (
            [reported.origin(one, "yes", 1, 2) for one in ("sle", "itp")] + [reported.origin("evans", "no", 1, 2)],
            "ok",
            "Without the patients not known to be autoimmune, the pooled mean of 2 diseases is 50%",
            "la moyenne mise en commun de 2 maladies est de 50 %",
        ),
        (
            [reported.origin("sle", "uncertain", 1, 2)],
            "literature-only",
            "Without the patients not known to be autoimmune, there is no pooled mean.",
            "il n’y a pas de moyenne mise en commun.",
        ),
    ],
)
def test_the_mean_without_the_others_is_told_where_there_are_any(rows, status, english, french, build):
    common = {"analysis": "data", "disease": "overall", "n_response": 6, "n_evaluable": 8, "value": 0.5}
    limits = {"ci_lower": 0.4, "ci_upper": 0.6}
    primary = {**common, **limits, "variant": "primary", "status": "ok"}
    without = {**common, **limits, "variant": "autoimmune_only", "status": status}
    without["reason"] = None if status == "ok" else "no_complete_source"
    sensitivity = reported.table("sensitivity", [primary, without])
    origins = reported.table("origins", rows)
    found = said(build, THREE, MEAN, sensitivity=sensitivity, origins=origins)
    assert english in found[0]
    assert french in found[1]
    own = origins.assign(autoimmune="yes")
    assert "not known to be autoimmune" not in said(build, THREE, MEAN, sensitivity=sensitivity, origins=own)[0]


def test_what_a_further_disease_would_show_is_told_with_the_pooled_mean_only(build):
    new = reported.estimate("new_disease", "pooled", "joint", 0.6, pi_lower=0.2, pi_upper=0.9)
    before = reported.estimate("overall", "uncorrected", "joint", 0.9, ci_lower=0.8, ci_upper=0.95)
    english, french = said(build, THREE, MEAN, before, new)
    assert "expects a rate between 20% and 90% (95% prediction interval)." in english
    assert "prévoit un taux entre 20 % et 90 % (intervalle de prédiction à 95 %)." in french
    assert "further disease" not in said(build, {"sle": [OTHER]}, new)[0]


@pytest.mark.parametrize(
    ("n", "origin", "english", "french"),
    [
        (22, "transcribed", "comes from 22 records of publications that", "provient de 22 références de publications"),
        (1, "transcribed", "comes from 1 record of a publication that", "provient de 1 référence d’une publication"),
        (22, "database", "other sources gave 22 records.", "autres sources ont donné 22 références."),
        (1, "database", "other sources gave 1 record.", "autres sources ont donné 1 référence."),
        (0, "database", "other sources gave 0 records.", "autres sources ont donné 0 référence."),
    ],
)
def test_the_first_fact_is_the_search(n, origin, english, french, build):
    found = fact(build, 0, {"sle": [OTHER]}, origin=origin, flow={"records_database": n})
    assert english in found[0][1]
    assert french in found[1][1]
    titles = {
        "transcribed": ("No systematic search yet", "Pas encore de recherche systématique"),
        "database": ("Search of 22 November 2026", "Recherche du 22 novembre 2026"),
    }
    assert (found[0][0], found[1][0]) == titles[origin]


@pytest.mark.parametrize(
    ("source", "english", "french"),
    [
        (
            ("complete", 1, 1),
            "1 evaluable patient comes from the registry.",
            "1 patient évaluable provient du registre.",
        ),
        (("complete", 3, 5), "5 evaluable patients come from the", "5 patients évaluables proviennent du registre."),
    ],
)
def test_the_search_fact_says_what_the_registry_gives(source, english, french, build):
    found = fact(build, 0, {"sle": [source]}, registry="sle0")
    assert english in found[0][1]
    assert french in found[1][1]


def test_without_the_registry_missing_failures_are_named(build):
    found = fact(build, 0, {"sle": [OTHER]})
    assert "No registry case is included" in found[0][1]
    assert "Aucun cas du registre n’est inclus" in found[1][1]


@pytest.mark.parametrize(
    ("layout", "diseases", "english", "french"),
    [
        (
            {"sle": [COMPLETE, OTHER, OTHER]},
            None,
            ("1 of 13 diseases has data", "Sources of a single patient: 2 of the 3 with a known response."),
            ("Sur 13 maladies, 1 renseignée", "Sources d’un seul patient : 2 sur les 3 dont la réponse est connue."),
        ),
        (
            {"sle": [COMPLETE, COMPLETE]},
            ["sle"],
            ("1 of 1 disease has data", "Sources of a single patient: 0 of the 2 with a known response."),
            ("Sur 1 maladie, 1 renseignée", "Sources d’un seul patient : 0 sur les 2 dont la réponse est connue."),
        ),
        (
            {"sle": [OTHER]},
            None,
            ("1 of 13 diseases has data", "One source has a known response."),
            ("Sur 13 maladies, 1 renseignée", "Une seule source a une réponse connue."),
        ),
        (
            {},
            None,
            ("0 of 13 diseases have data", "No source with a known response is counted yet."),
            ("Sur 13 maladies, 0 renseignée", "Aucune source dont la réponse est connue n’est encore comptée."),
        ),
    ],
)
def test_the_second_fact_is_how_many_diseases_have_data(layout, diseases, english, french, build):
    assert fact(build, 1, layout, diseases=diseases) == (english, french)


@pytest.mark.parametrize(
    ("layout", "english", "french"),
    [
        (
            {"sle": [OTHER]},
            ("No source anchors the correction", "No source with known responses reports all the patients it treated"),
            ("Aucune source n’ancre la correction", "Aucune source dont les réponses sont connues ne rapporte tous"),
        ),
        (
            {"sle": [COMPLETE, OTHER]},
            (
                "1 source anchors the correction",
                "Only this one reports all the patients it treated, with their responses (evaluable patients: 5 of 6).",
            ),
            (
                "1 source ancre la correction",
                "Elle seule rapporte tous les patients qu’elle a traités, avec leur réponse (patients évaluables : "
                "5 sur 6).",
            ),
        ),
        (
            {"sle": [COMPLETE, OTHER], "itp": [COMPLETE]},
            ("2 sources anchor the correction", "Only these report all the patients they treated"),
            ("2 sources ancrent la correction", "Elles seules rapportent tous les patients qu’elles ont traités"),
        ),
    ],
)
def test_the_third_fact_is_what_anchors_the_correction(layout, english, french, build):
    for (title, text), (shown, begin) in zip(fact(build, 2, layout), (english, french), strict=True):
        assert title == shown
        assert text.startswith(begin)


def test_what_was_read_in_an_abstract_only_is_told_with_its_share(build):
    unique = pd.DataFrame({"counted": ["yes"] * 4, "basis": ["abstract", "full_text", "full_text", "title"]})
    found = fact(build, 2, {"sle": [OTHER]}, unique_patients=unique)
    assert found[0][1].endswith(
        "25% of the entries counted (a patient or a group reported together) were read in an abstract only."
    )
    assert found[1][1].endswith("n’ont été lues que dans un résumé.")
    full = unique.assign(basis="full_text")
    assert "abstract" not in fact(build, 2, {"sle": [OTHER]}, unique_patients=full)[0][1]


def test_the_fourth_fact_is_the_missing_comparison(build):
    assert fact(build, 3, {"sle": [OTHER]}) == (
        ("No comparison group", "A response under treatment is not a response because of it."),
        (
            "Pas de groupe de comparaison",
            "Une réponse sous traitement n’est pas une réponse due au traitement.",
        ),
    )


TRIAL = {"drug": "felzartamab", "disease": "itp", "randomised": "yes", "comparator": "placebo"}
TRIAL |= {"comparator_n_response": None, "comparator_n_total": None, "comparator_proportion": 0.125}


@pytest.mark.parametrize(
    ("changes", "english", "french"),
    [
        (
            {},
            "In one randomised trial of a related drug (felzartamab, immune thrombocytopenia), 13% responded on "
            "placebo.",
            "Dans un essai randomisé évaluant un médicament apparenté (felzartamab, thrombopénie immunologique), "
            "13 % ont répondu sous placebo.",
        ),
        (
            {"drug": "Daratumumab", "randomised": "no", "comparator": "usual_treatment"},
            "In one study with a comparison group of Daratumumab (immune thrombocytopenia), 13% responded on their "
            "usual treatment.",
            "Dans une étude avec groupe de comparaison évaluant Daratumumab (thrombopénie immunologique), 13 % ont "
            "répondu sous leur traitement habituel.",
        ),
        (
            {"comparator_n_response": 1, "comparator_n_total": 4, "comparator": "no_treatment", "drug": "other"},
            "of a related drug (other, immune thrombocytopenia), 25% responded without treatment.",
            "(other, thrombopénie immunologique), 25 % ont répondu sans traitement.",
        ),
    ],
)
def test_a_comparison_is_called_what_it_was(changes, english, french, build):
    found = fact(build, 3, {"sle": [OTHER]}, context=pd.DataFrame([TRIAL | changes]))
    assert found[0][1].endswith(english)
    assert found[1][1].endswith(french)


@pytest.mark.parametrize("changes", [{"comparator": None}, {"comparator_proportion": None}, {"disease": "gout"}])
def test_a_comparison_that_is_not_told_whole_is_not_spoken_of(changes, build):
    found = fact(build, 3, {"sle": [OTHER]}, context=pd.DataFrame([TRIAL | changes]))
    assert found[0][1] == "A response under treatment is not a response because of it."


def test_every_comparison_is_spoken_of(build):
    found = fact(build, 3, {"sle": [OTHER]}, context=pd.DataFrame([TRIAL, TRIAL | {"disease": "sle"}]))
    assert "immune thrombocytopenia" in found[0][1]
    assert "lupus" in found[0][1]


@pytest.mark.parametrize("layout", [{}, {"sle": [OTHER]}, {"sle": [COMPLETE]}, {"sle": [OTHER], "itp": [OTHER]}, THREE])
@pytest.mark.parametrize("diseases", [None, ["sle"], ["sle", "itp"]])
def test_no_number_disagrees_with_its_noun(layout, diseases, build):
    if diseases is not None and set(layout) - set(diseases):
        layout = {one: sources for one, sources in layout.items() if one in diseases}
    english, french = (build(language, layout, MEAN, diseases=diseases) for language in LANGUAGES)
    told = [
        reported.plain(
            *answer(facts), *question(facts), *(f"{one.title} {one.text}" for one in qualifying_facts(facts))
        )
        for facts in (english, french)
    ]
    for wrong in ("1 diseases", "1 sources", "1 patients", "1 records", "1 of 1 sources"):
        assert wrong not in told[0]
    for wrong in ("1 maladies", "0 maladies", "1 sources", "1 patients", "1 références", "0 références"):
        assert wrong not in told[1]


def test_the_question_about_one_disease_names_it(build):
    one = [reported.plain(*question(build(language, {}, diseases=["sle"]))) for language in LANGUAGES]
    assert one[0].startswith("How often do adults with systemic lupus erythematosus respond to daratumumab?")
    assert "maladie suivante : lupus érythémateux systémique ?" in one[1]
    many = [reported.plain(*question(build(language, {}))) for language in LANGUAGES]
    assert "one of 13 autoantibody-mediated diseases" in many[0]
    assert "l’une de 13 maladies à auto-anticorps" in many[1]
