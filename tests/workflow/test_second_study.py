"""Another drug is another protocol: an invented study of rituximab in pemphigus, built in a folder of its own."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from pemphigus.project import write_project
from sentences import faults, page_of

from casepool.model.folding import fold
from casepool.model.protocol import load_protocol
from casepool.model.study import use
from casepool.registry.form.forms import write_forms

ROOT = Path(__file__).resolve().parents[2]
FIRST = load_protocol(ROOT / "config" / "protocol.yaml")
TEXTS = {".csv", ".html", ".json", ".md", ".tex", ".txt", ".svg"}
# Ids and words of the first protocol that no other study has a use for.
OWN_IDS = (
    *(one.id for one in FIRST.covariates),
    *(one.id for one in FIRST.settings if one.id not in {"primary", "secondary"}),
    "hypogammaglobulinaemia", "infusion_reaction", "response_ungraded", "gvhd", "oncology", "transplant",
    "alloimmune cytopenia", "autoantibody-mediated",
)  # fmt: skip
FRENCH = ("maladie", "réponse", "patients traités", "taux", "résultat")


def first_words() -> list[str]:
    """Return the words of the first protocol that the second does not share, folded, four letters and more."""
    words = {FIRST.drug.name, *FIRST.drug.synonyms, *OWN_IDS}
    for disease in (one for one in FIRST.diseases if one.id != "other"):
        words |= {*disease.name.spoken, *disease.short.spoken, *disease.text}
    folded = {fold(word).strip("*") for word in words}
    return sorted(word for word in folded if len(word) >= 4)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the project, outside the repository, with all its results."""
    folder = write_project(tmp_path_factory.mktemp("rituximab"))
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(ROOT / "Snakefile"), "--directory", str(folder)]
    done = subprocess.run([*command, "--cores", "2", "--nocolor"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    write_forms(folder / "results/form", use(load_protocol(folder / "config/protocol.yaml")).protocol, ["en"])
    return folder


@pytest.fixture(scope="module")
def texts(built: Path) -> dict[str, str]:
    """Return every text file of the results, without what the logs and the list of the program's own files say."""
    files = [path for path in (built / "results").rglob("*") if path.suffix in TEXTS]
    kept = [path for path in files if not {"logs", "provenance"}.intersection(path.parts)]
    return {str(path.relative_to(built)): path.read_text(encoding="utf-8") for path in kept}


@pytest.fixture(scope="module")
def folded(texts: dict[str, str]) -> dict[str, str]:
    """Return the texts as words are compared, without the lines of drawings."""
    bare = {name: re.sub(r" d=\"[^\"]*\"|base64,[^\"')]*", "", text) for name, text in texts.items()}
    return {name: fold(text.replace("\u00ad", "")) for name, text in bare.items()}


def table(folder: Path, name: str) -> pd.DataFrame:
    """Return a table of the results."""
    return pd.read_csv(folder / f"results/tables/{name}.csv")


@pytest.mark.parametrize("word", first_words())
def test_no_result_holds_a_word_of_the_first_protocol(folded, word):
    """Neither the report, nor a table, nor the form of the call."""
    begins = re.compile(rf"(?<![\w-]){re.escape(word)}")
    assert [name for name, text in folded.items() if word in text and begins.search(text)] == []


def test_the_results_are_in_english_only(built, texts):
    """The project has one language, and its protocol no text in another."""
    assert [path.name for path in (built / "results/manuscript").iterdir()] == ["en"]
    assert [(name, word) for name, text in texts.items() for word in FRENCH if word in text.casefold()] == []


def test_the_texts_of_the_manuscript_are_those_of_the_second_drug(built, texts):
    """Its drug, its diseases and outcomes, in sentences without a gap."""
    told = {Path(name).stem: text for name, text in texts.items() if "/text/" in name and name.endswith(".md")}
    assert sorted(told) == ["abstract", "methods", "results"]
    own = load_protocol(built / "config/protocol.yaml")
    assert [line for text in told.values() for line in faults(page_of(text).replace(own.id, ""), "en")] == []
    assert own.drug.name in told["methods"]
    assert own.events[0].name["en"][1:] in told["methods"]
    assert "SYNTHETIC" in told["abstract"]


def test_every_table_and_page_says_that_the_patients_are_invented(built, texts):
    """Nobody may take them for real."""
    assert (built / "results/SYNTHETIC.txt").is_file()
    pages = [text for name, text in texts.items() if name.startswith("results/manuscript") and name.endswith(".html")]
    assert pages
    assert all("SYNTHETIC" in text for text in pages)


def test_the_declared_columns_are_those_of_the_cases(built):
    """Covariates, events, causes and outcomes of the second protocol, and none of the first."""
    columns = set(table(built, "cases").columns)
    assert {"prior_mycophenolate", "n_flare_known", "time_to_flare_months", "thrombosis_causes"} <= columns
    assert {"n_complete_remission", "n_off_therapy", "n_off_therapy_at_most"} <= columns
    assert not columns.intersection({"prior_rituximab", "n_death", "n_complete"})


def test_three_outcomes_are_counted_each_a_part_of_the_one_before(built):
    """Hand counts of pemphigus foliaceus: five patients told one by one, six in a cohort without all grades."""
    results = table(built, "results")
    raw = results[(results["analysis"] == "raw") & (results["model"] == "exact") & (results["disease"] == "pf")]
    found = {row["outcome"]: (row["n_response"], row["n_at_most"], row["n_evaluable"]) for _, row in raw.iterrows()}
    assert found["any_remission"] == (8, 8, 11)
    assert found["complete_remission"] == (4, 7, 11)
    assert found["off_therapy"] == (4, 5, 11)


def test_an_event_has_its_causes_and_one_that_is_not_pooled_no_rate_over_settings(built):
    """As the protocol declares them: thrombosis with causes, late neutropenia by setting."""
    safety = table(built, "safety")
    overall = safety[(safety["disease"] == "overall") & (safety["setting"] == "all")].set_index("event")
    assert overall.loc["thrombosis", "causes"] == "catheter 1"
    assert overall.loc["late_neutropenia", "status"] == "several_settings"
    assert {"flare", "thrombosis", "late_neutropenia"} == set(overall.index)


def test_the_report_asks_about_this_drug_and_says_that_pubmed_was_not_searched(texts):
    """True sentences about a project without a search."""
    page = texts["results/manuscript/en/report.html"]
    assert "How often do adults with one of 3 blistering diseases respond to rituximab?" in page.replace("\u00a0", " ")
    assert "PubMed has not been searched" in page.replace("\u00a0", " ")
    assert "PubMed was not searched" in texts["results/manuscript/en/search_appendix.md"]


def test_the_routes_that_the_protocol_names_are_compared(built):
    """By mouth against into a vein."""
    moderators = table(built, "moderators")
    assert set(moderators.loc[moderators["moderator"] == "route", "level"]) == {"iv", "oral"}
    assert "prior_immunoglobulin" not in set(moderators["moderator"])


def test_children_and_other_diseases_are_out(built):
    """By the rules of the second protocol."""
    cases = table(built, "cases").set_index("case_id")
    assert cases.loc["gorse2023/p1", "exclusion_reason"] == "under_18"
    assert cases.loc["hazel2023/p1", "exclusion_reason"] == "disease_not_eligible"


def test_the_estimates_name_the_protocol_they_belong_to(built):
    """And are marked."""
    meta = json.loads((built / "results/results.json").read_text(encoding="utf-8"))["meta"]
    assert (meta["protocol"], meta["synthetic"]) == ("rituximab_pemphigus", True)
