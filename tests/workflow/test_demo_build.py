"""The demonstration as a whole: built from nothing, marked everywhere, and nobody to be found in it.

The attacker has every public file, the published literature, the program, and time.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import invented
import pandas as pd
import pytest
from attacker import (
    Literature,
    derived,
    files_under,
    literature_of,
    mentions,
    readable,
    released,
    remainders,
    tables_of,
)
from copied import Project, copy_of_the_project
from sentences import faults, page_of, section

from casepool.counting.outcomes import outcome_counts
from casepool.files import sheets, store
from casepool.pooling.pooled import fit, settings_of
from casepool.privacy.pseudonym import load_key
from casepool.registry.intake.cases import registry_cases
from casepool.registry.intake.reading import read_registry

THRESHOLD = 11
EVENTS = ("relapse", "death", "serious_infection", "hypogammaglobulinaemia", "infusion_reaction")


@dataclass(frozen=True)
class Built:
    """The built demonstration: its folder, what snakemake printed, the truth behind it."""

    root: Path
    printed: str
    truth: pd.DataFrame

    @property
    def results(self) -> Path:
        """The folder of results."""
        return self.root / "results"

    def table(self, name: str) -> pd.DataFrame:
        """Return a public table."""
        return store.read_table(name, self.results / "tables" / f"{name}.csv")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Generate and build the demonstration as `make demo` does, with a short simulation, in a copy of the project."""
    project: Project = copy_of_the_project(tmp_path_factory.mktemp("project"))
    root = project.root / "demo" / "build"
    generator = [sys.executable, str(invented.ROOT / "demo" / "generate.py"), "--out", str(root)]
    subprocess.run(generator, check=True, capture_output=True)
    short = ("simulation={'replicates': 2, 'chunk': 2, 'ratios': [1, 4]}", "planning={'patients': [5]}")
    printed = project.build("--directory", str(root), "--config", *short)
    return Built(root, printed, pd.read_csv(root / "truth" / "truth_patients.csv"))


@pytest.fixture(scope="module")
def known(built) -> Literature:
    """Return what the attacker knows beforehand."""
    return literature_of(built.root)


def planted() -> list[str]:
    """Return the identifying texts of the file that must be refused."""
    module = (invented.ROOT / "demo" / "planted.py").read_text(encoding="utf-8")
    found = re.findall(
        r'^(?:CENTRE|NAME|NIR|E_MAIL|TELEPHONE|BIRTH_DATE|HOSPITAL_NUMBER) = "(.*)"$', module, re.MULTILINE
    )
    assert len(found) == 7
    return [*found, *found[1].split()]


def test_planted_names_and_numbers_stand_in_no_result_and_no_log(built):
    assert mentions(built.results, planted(), private=True) == []
    assert mentions(built.root / ".snakemake", planted(), private=True) == []
    assert [text for text in planted() if text in built.printed] == []


def test_file_names_of_returns_stand_in_no_result_and_no_log(built):
    names = [path.name for path in (built.root / "data" / "raw" / "registry").glob("centre-*")]
    assert len(names) > 5
    assert mentions(built.results, names, private=True) == []
    assert mentions(built.root / ".snakemake", names, private=True) == []
    assert [name for name in names if name in built.printed] == []


def test_pseudonyms_and_centres_stay_on_the_private_side(built):
    registry = store.read_table("registry", built.results / "private" / "registry.csv")
    secrets = [*registry["pseudonym"], *registry["centre_pseudonym"].unique(), *registry["centre"].unique()]
    assert mentions(built.results, secrets) == []
    assert mentions(built.results / "private", secrets[:1], private=True) != []


def test_the_private_side_is_all_that_holds_registry_rows(built):
    named = {path.name for path in files_under(built.results / "private", private=True)}
    assert {"registry.csv", "line_listing.csv", "waiting.csv", "receipts.csv", "results.csv"} <= named


def test_everything_for_readers_says_that_the_patients_are_invented(built):
    """Pages, tables, texts and figures (their SVG keeps the words); beside the stage tables stands a note."""
    marks = (b"SYNTH", "SYNTHÉTIQUE".encode(), b"SYNTH\\'ETIQUE")
    shown = [path for path in files_under(built.results, private=False) if "manuscript" in path.parts]
    shown = [path for path in shown if path.suffix not in {".png", ".pdf"}]
    assert len(shown) > 100
    shown += [built.results / "summary.txt", built.results / "SYNTHETIC.txt"]
    without = [str(path.relative_to(built.results)) for path in shown if not any(m in readable(path) for m in marks)]
    assert without == []
    assert json.loads((built.results / "results.json").read_text(encoding="utf-8"))["meta"]["synthetic"]


def test_a_registry_total_is_never_small(built):
    totals = released(built.table("cases"))
    assert len(totals) > 0
    for total in totals.to_dict("records"):
        inside = len(str(total["includes_case"]).split("; ")) if pd.notna(total["includes_case"]) else 0
        assert total["n_evaluable"] - inside >= THRESHOLD
        for event in EVENTS:
            assert total[f"n_{event}_known"] == 0 or total[f"n_{event}_known"] - inside >= THRESHOLD


def test_no_row_of_a_public_table_stands_for_one_registry_patient(built):
    unique = built.table("unique_patients")
    call = unique[unique["report_type"] == "registry_call"]
    assert set(call["kind"]) == {"cohort"}
    assert call[["age_years", "sex", "treatment_year", "country", "centre", "dose", "year"]].isna().all(axis=None)


def test_public_counts_minus_the_literature_leave_nobody_alone(built, known):
    """Whatever is taken off whatever: the rest is nobody, published patients, or at least the threshold."""
    nothing = [store.stack(name, known.cases.iloc[:0]) for name in ("cases",)]
    empty = [built.table(name).iloc[:0] for name in ("registry_links", "registry_linkage")]
    alone = tables_of(known, nothing[0], *empty, pooled=False)
    inside = released(built.table("cases"))["includes_case"].dropna().str.split("; ").map(len).sum()
    for name, keys, columns in (
        ("counts", ["disease"], ["n_treated", "n_evaluable"]),
        ("counts", [], ["n_treated", "n_evaluable"]),
        ("characteristics", ["disease", "item"], ["n_known"]),
        ("safety", ["disease", "event"], ["n_known"]),
    ):
        public, without = (frame.assign(all="all") for frame in (built.table(name), alone[name]))
        if name == "characteristics":
            public, without = (frame.drop_duplicates(["disease", "item"]) for frame in (public, without))
        left = remainders(public, without, keys or ["all"], columns)
        assert (left >= THRESHOLD - inside).any() or name != "counts"
        small = left[(left > 0) & (left < THRESHOLD - inside)]
        assert small.empty, (name, small)


def test_the_linkage_by_disease_leaves_nobody_alone(built):
    """By itself and by subtraction from the totals: nobody, or at least the threshold."""
    totals, linkage = released(built.table("cases")), built.table("registry_linkage")
    assert len(linkage) > 0
    assert [n for n in derived(totals, linkage) if 0 < n < THRESHOLD] == []
    assert set(linkage["disease"].dropna()) <= set(totals.loc[totals["ascertainment"] == "complete", "disease"])


def test_public_numbers_are_those_of_the_literature_and_the_totals_to_the_last_digit(built, known):
    """So they tell nothing more: no model can be turned round to find what it was not given."""
    totals, links, linkage = (
        released(built.table("cases")),
        built.table("registry_links"),
        built.table("registry_linkage"),
    )
    again = tables_of(known, totals, links, linkage)
    for name, frame in again.items():
        path = built.root / "truth" / f"attacker_{name}.csv"
        store.write_table(name, frame, path)
        assert path.read_bytes() == (built.results / "tables" / f"{name}.csv").read_bytes(), name


def test_one_patient_more_would_be_seen_in_the_numbers(built, known):
    """The comparison above is sharp: it fails as soon as a single patient leaks into the rates."""
    totals, links, linkage = (
        released(built.table("cases")),
        built.table("registry_links"),
        built.table("registry_linkage"),
    )
    more = totals.assign(n_treated=totals["n_treated"] + 1, n_evaluable=totals["n_evaluable"] + 1)
    studies = [tables_of(known, one, links, linkage, pooled=False)["study_counts"] for one in (totals, more)]
    fits = [
        fit(
            outcome_counts(one, "any_response", linkage),
            known.protocol.eligible_ids,
            settings_of(known.configuration.pooling),
        )
        for one in studies
    ]
    assert abs(fits[0].overall.mean - fits[1].overall.mean) > 1e-4


def test_the_rare_patient_is_in_no_public_total(built):
    """One registry patient has mixed cryoglobulinaemia; nothing public says so."""
    registry = built.truth[
        (built.truth["in_registry"] == "yes") & (built.truth["disease"] == "mixed_cryoglobulinaemia")
    ]
    assert len(registry) == 1
    for name in ("counts", "study_counts", "unique_patients", "characteristics"):
        rows = built.table(name)
        rows = rows[rows["disease"] == "mixed_cryoglobulinaemia"]
        assert "registry" not in rows.to_csv()
    assert set(released(built.table("cases"))["disease"]) <= {"itp", "waiha", "several_diseases"}


def test_nothing_public_changes_when_a_patient_of_no_total_changes(built):
    """Age, sex, year and response of the rarest patient: the released tables stay as they are, byte for byte."""
    from casepool.identity.ledger import link
    from casepool.model.protocol import load_protocol
    from casepool.registry.release.public import release
    from casepool.registry.release.rule import Rule

    folder = built.root / "data" / "raw" / "registry"
    protocol = load_protocol(built.root / "config" / "protocol.yaml")
    registry = read_registry(folder, load_key({}, folder / ".key"), protocol).registry
    decisions = store.stack(
        "identity_decisions",
        sheets.read_table("identity_decisions", built.root / "data" / "curated" / "identity_decisions.csv"),
        store.read_table("identity_decisions", built.results / "private" / "identity_decisions.csv"),
    )
    literature = store.read_table("cases", built.results / "tables" / "literature_cases.csv")

    def public(rows: pd.DataFrame) -> list[str]:
        linked = link(store.stack("cases", literature, registry_cases(rows, protocol)), decisions)
        out = release(literature, linked.unique, linked.all_same, Rule(THRESHOLD))
        return [out.cases.to_csv(), out.links.to_csv(), out.linkage.to_csv()]

    rare = registry["disease"] == "mixed_cryoglobulinaemia"
    changed = registry.assign(
        age_years=registry["age_years"].mask(rare, 20),
        treatment_year=registry["treatment_year"].mask(rare, 2017),
        response=registry["response"].mask(rare, "complete"),
    )
    assert rare.sum() == 1
    assert public(changed) == public(registry)


def test_spreadsheets_execute_nothing(built):
    """No cell of any CSV begins as a formula does; numbers may be negative."""
    number = re.compile(r"[-+]?\d*[.,]?\d+(e[-+]?\d+)?", re.IGNORECASE)
    for path in files_under(built.results, private=True):
        if path.suffix == ".csv":
            signs = {"sep": ";" if "fr" in path.parts else ",", "encoding": "utf-8-sig"}
            cells = pd.read_csv(path, header=None, dtype="string", keep_default_na=False, **signs).to_numpy().ravel()
            bad = [cell for cell in cells if cell[:1] in tuple("=+-@\t\r") and not number.fullmatch(cell)]
            assert bad == [], path.name


def test_the_real_project_is_untouched(built):
    project = built.root.parent.parent
    assert not (project / "results").exists()
    assert list((project / "data" / "raw" / "registry").iterdir()) == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_sentences_of_a_build_with_registry_are_true(built, language):
    """Its totals are on the first screen, and no sentence has a gap, a wrong number or an internal id."""
    page = (built.results / "manuscript" / language / "report.html").read_text(encoding="utf-8")
    reports = sheets.read_table("reports", built.root / "data" / "curated" / "reports.csv")
    assert faults(page, language, reports.loc[reports["doi"].isna(), "report_id"].tolist()) == []
    told, correction = section(page, "answer"), section(page, "correction")
    registry = {"en": "patients come from the registry", "fr": "patients évaluables proviennent du registre"}
    assert registry[language] in told
    assert {"en": "No registry case", "fr": "Aucun cas du registre"}[language] not in told
    assert {"en": "The registry adds", "fr": "Le registre ajoute"}[language] in correction
    assert {"en": "Comparing the two kinds", "fr": "La comparaison des deux sortes"}[language] in correction


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_texts_for_a_manuscript_read_well_with_a_registry_and_cite_what_is_counted(built, language):
    """Totals of the registry are no source to be cited; the rating starts at very low here too."""
    folder = built.results / "manuscript" / language
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted((folder / "text").glob("*.md"))}
    assert list(texts) == ["abstract", "methods", "results"]
    protocol = json.loads((built.results / "results.json").read_text(encoding="utf-8"))["meta"]["protocol"]
    for key, text in texts.items():
        assert faults(page_of(text).replace(protocol, ""), language) == [], key
    totals = {"en": "enter as totals of at least", "fr": "n’entrent qu’en totaux d’au moins"}
    assert totals[language] in texts["methods"]
    assert {"en": "Certainty very low", "fr": "Niveau de preuve très faible"}[language] in texts["results"]
    keys = set(re.findall(r"^@\w+\{(.+),$", (folder / "references.bib").read_text(encoding="utf-8"), re.MULTILINE))
    cited = set(re.findall(r"@([\w.:-]+)", " ".join(texts.values())))
    assert cited
    assert cited <= keys
