"""The sentences on each disease, on sensitivity, on the simulation and on the origin of the data."""

import pandas as pd
import pytest
import reported

from casepool.planning.plan import Question, plan as planned
from casepool.report.page.checks import plan, questions, simulation, sure
from casepool.report.page.diseases import disease_lines
from casepool.report.page.facts import Facts
from casepool.report.page.origin import origin
from casepool.report.results_json import BuildMeta
from casepool.report.words.catalogue import load_catalogue
from casepool.report.words.citations import citations
from casepool.stats.own.data import Kind, OwnData, OwnSource

META = BuildMeta(version="0.1.0", snapshot="2026-11-22", protocol="daratumumab_autoimmune")


@pytest.fixture
def facts(results, counts, study_counts, prisma_counts, protocol, checks, reports):
    def make(language="en", results=results, origin="", **frames):
        found = {**checks, "reports": reports, **frames}
        rows = (results, counts, study_counts, prisma_counts)
        return Facts(*rows, protocol, META, load_catalogue(language), found, origin)

    return make


def lines(facts):
    return {line.disease: line.words.replace("\u00a0", " ") for line in disease_lines(facts)}


def test_a_disease_tells_raw_rate_corrected_rate_and_what_it_rests_on(facts):
    told = lines(facts())["Systemic lupus erythematosus"]
    assert told.startswith("Of 22 patients, 19 responded: 86% (95% CI 66–100). Corrected from its own evidence: 74%")
    assert "anchored in 2 sources that report all the patients they treated (15/18)." in told


def lines_of(facts, disease):
    """Return what is said of a disease, with plain spaces."""
    return next(reported.plain(line.words) for line in disease_lines(facts) if line.disease == disease)


@pytest.mark.parametrize(
    ("source", "english", "french"),
    [
        (("selective", 1, 1), "Of 1 patient, 1 responded: 100%", "Sur 1 patient, 1 a répondu : 100 %"),
        (("selective", 0, 1), "Of 1 patient, 0 responded: 0%", "Sur 1 patient, 0 a répondu : 0 %"),
        (("selective", 1, 4), "Of 4 patients, 1 responded: 25%", "Sur 4 patients, 1 a répondu : 25 %"),
    ],
)
def test_the_raw_rate_of_a_disease_agrees_with_its_numbers(source, english, french, facts, results):
    _, x, n = source
    raw = results["name"] == "any_response.evans.raw.exact"
    changed = results.copy()
    changed.loc[raw, ["value", "n_response", "n_evaluable"]] = [x / n, x, n]
    assert lines_of(facts(results=changed), "Evans syndrome").startswith(english)
    assert lines_of(facts("fr", results=changed), "Syndrome d’Evans").startswith(french)


def test_the_origins_of_the_antibodies_are_told_where_they_differ(facts, origins):
    name = {"en": "Warm autoimmune haemolytic anaemia", "fr": "Anémie hémolytique auto-immune à auto-anticorps chauds"}
    english, french = (lines_of(facts(one, origins=origins), name[one]) for one in ("en", "fr"))
    assert "By origin of the antibodies: autoimmune 8/13 and alloimmune 1/2." in english
    assert "Selon l’origine des anticorps : origine auto-immune 8/13 et origine allo-immune 1/2." in french
    assert "By origin" not in lines_of(facts(origins=origins), "Systemic lupus erythematosus")


def test_sources_that_do_not_say_whom_they_report_are_named(facts, study_counts):
    english = lines_of(facts(), "Systemic lupus erythematosus")
    (name,) = study_counts.loc[study_counts["report_id"] == "sle4", "citation"]
    assert f"{name} (1/1) does not say how its patients were chosen and is analysed as selective." in english
    assert "ne dit pas comment ses patients ont été choisis" in lines_of(facts("fr"), "Lupus érythémateux systémique")
    assert "how its patients were chosen" not in lines_of(facts(), "Evans syndrome")


def test_a_rate_without_a_point_says_why(facts):
    english = lines_of(facts(), "Sjögren disease")
    assert "No source of this disease is known to report all the patients it treated. The true rate may" in english
    assert "Aucune source de cette maladie n’est connue pour rapporter" in lines_of(facts("fr"), "Maladie de Sjögren")


def test_a_complete_source_without_counts_is_why_a_rate_is_carried_over(facts, study_counts):
    silent = study_counts.copy()
    silent.loc[silent["report_id"] == "aav2", "ascertainment"] = "complete"
    changed = Facts(**{**facts().__dict__, "study_counts": silent})
    told = lines_of(changed, "ANCA-associated vasculitis (GPA, MPA, EGPA)")
    assert "Its only source known to report all treated patients gives no number of responders: " in told


def test_patients_with_a_syndrome_stand_under_what_was_treated(facts, filed_under):
    english = lines_of(facts(filed_under=filed_under), "Antiphospholipid syndrome")
    assert english == (
        "At least 3 patients with this disease are counted under the one that was treated: "
        "immune thrombocytopenia (2) and warm autoimmune haemolytic anaemia (1)."
    )
    one = facts("fr", filed_under=filed_under.iloc[1:])
    assert lines_of(one, "Syndrome des antiphospholipides").startswith(
        "Au moins 1 patient atteint de cette maladie est"
    )
    assert not [line for line in disease_lines(facts()) if "counted under the one" in line.words]


def test_cumulative_incidences_stand_with_their_disease(facts):
    cells = {"report_id": "sle0", "stratum": "all", "time_months": 6, "proportion": 0.69}
    case = {"case_id": "sle0/all", "disease": "prca", "n_treated": 1, "n_evaluable": 0, "counted": "yes"}
    found = facts(
        cumulative_incidences=reported.table("cumulative_incidences", [cells]),
        unique_patients=reported.table("unique_patients", [case]),
    )
    assert "(1 patient) gives cumulative incidences of the response it defines, not counts: 69% at 6 months." in (
        lines_of(found, "Autoimmune pure red cell aplasia")
    )
    assert "cumulative" not in lines_of(found, "Evans syndrome")


def test_a_disease_tells_how_selective_reporting_would_have_to_be(facts):
    told = lines(facts())["Evans syndrome"]
    assert (
        "responders would have to be 3.1 times as likely to be written up as non-responders; 7.1 times for 30%." in told
    )
    assert "Allowing for chance, their lower limit is already below 50% and a ratio of 1.8 is enough for 30%." in told


def test_where_all_selected_cases_responded_the_lower_limit_is_told(facts):
    told = lines(facts())["Sjögren disease"]
    assert "responded, so that no ratio lowers their rate itself. Allowing for chance" in told


def test_a_rate_at_or_below_the_threshold_is_told_as_such(facts, results):
    frame = results.copy()
    low = (frame["analysis"] == "tipping") & (frame["threshold"] == 0.5) & (frame["disease"] == "evans")
    frame.loc[low, "value"] = 1.0
    told = lines(facts(results=frame))["Evans syndrome"]
    assert "is at or below 50% even if reporting is fair. For a true rate of 30%" in told


def test_without_complete_evidence_the_interval_is_told_and_no_number(facts):
    told = lines(facts())["Evans syndrome"]
    assert "No source of this disease is known to report all the patients it treated." in told
    assert "The true rate may lie anywhere from 43% to 97% (95% credible interval); no number is given." in told


def test_diseases_without_patients_share_one_line(facts):
    told = lines(facts("fr"))["Aucun patient dont la réponse est rapportée"]
    assert told.startswith("Syndrome des antiphospholipides, sclérodermie systémique")


def test_the_data_that_move_the_mean_most_are_named(facts, reports):
    told = " ".join(sure(facts()))
    assert "between 65% (without patients known from other publications only) and" in told.replace("\u00a0", " ")
    assert f"most influential source is {citations(reports, 'en')['sle0']}:" in told


def test_where_there_is_no_mean_the_analyses_are_about_the_disease_with_most_patients(facts, sensitivity):
    one = sensitivity[sensitivity["disease"].isin(["itp", "all"])]
    english, french = (reported.plain(*sure(facts(language, sensitivity=one))) for language in ("en", "fr"))
    assert "Other choices of data move the pooled rate of immune thrombocytopenia between 56%" in english
    assert "déplacent le taux mis en commun (thrombopénie immunologique) entre 56 %" in french
    assert "mean" not in english
    assert "moyenne" not in french


def test_without_a_complete_source_nothing_is_said_of_what_complete_sources_prefer(facts, study_counts):
    assert "Had the complete sources preferred or neglected" in " ".join(sure(facts()))
    chosen = study_counts.assign(ascertainment="selective")
    changed = Facts(**{**facts().__dict__, "study_counts": chosen})
    assert "complete sources" not in " ".join(sure(changed))


def test_unidentified_rates_are_not_told(facts, unidentified):
    told = sure(facts(sensitivity=unidentified))
    assert told[0].startswith("There is no pooled rate")


def test_the_page_tells_the_number_of_replicates(facts):
    assert "1,200 replicates were drawn for each true reporting ratio from 1 to 8" in simulation(facts())[0]
    assert "chance alone moves a coverage of 95% by up to 1.2 points" in simulation(facts())[0]
    assert "the raw rate is off by −2.0 to +19.0 points on average, and 30% to 95% of its" in simulation(facts())[1]


def test_without_a_simulation_nothing_is_claimed(facts, simulation_missing):
    assert simulation(simulation_missing) == []


@pytest.fixture
def simulation_missing(facts):
    return Facts(**{**facts().__dict__, "checks": {}})


def test_open_questions_are_counted(facts):
    assert questions(facts()) == [
        "4 patients or publications have an open question; those of one publication share a line."
    ]


def test_one_open_question_is_singular(facts, open_questions):
    one = {language: questions(facts(language, open_questions=open_questions.iloc[:1])) for language in ("en", "fr")}
    assert one["en"] == ["1 patient or publication has an open question."]
    assert one["fr"][0].startswith("1 ")
    assert "questions" not in one["fr"][0]


@pytest.mark.parametrize(("source", "said"), [("transcribed", "was written down by people"), ("live", "as received")])
def test_the_origin_of_the_search_is_told_as_its_description_says(source, said, facts):
    assert said in origin(facts(origin=source))[0]


def test_the_shares_of_what_was_read_come_from_the_cases(facts):
    unique = pd.DataFrame(
        {"counted": ["yes", "yes", "yes", "no"], "basis": ["abstract", "abstract", "full_text", "title"]}
    )
    told = origin(facts(unique_patients=unique))[1]
    assert "Of the 3 entries that count" in told
    assert "2 (67%) rest on an abstract only and 1 (33%) rests on the full text." in told
    assert "counts as not reported, not as absent" in told


def test_full_texts_alone_need_no_caution(facts):
    unique = pd.DataFrame({"counted": ["yes"], "basis": ["full_text"]})
    assert "counts as not reported" not in " ".join(origin(facts("en", unique_patients=unique)))


@pytest.mark.parametrize(
    ("language", "name"), [("en", "immune thrombocytopenia"), ("fr", "thrombopénie immunologique")]
)
def test_which_centre_to_call_next_is_said_by_the_names_of_diseases(facts, language, name):
    found = planned(OwnData(1, [OwnSource(0, Kind.SELECTIVE, 2, 3)]), ["itp"], Question(patients=(4,)))
    (told,) = plan(facts(language, plan=found))
    assert name in told


def test_without_a_plan_nothing_is_said_of_centres(facts):
    assert plan(facts()) == []
