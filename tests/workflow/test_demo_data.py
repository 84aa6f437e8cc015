"""The demonstration project: invented, marked, valid, the same every time, and true to its plan."""

from __future__ import annotations

import importlib.util
import json
import re
import stat
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType

import invented
import pandas as pd
import pytest

from casepool.api.models import pool
from casepool.checks.data import check_data
from casepool.counting.counts import study_counts
from casepool.counting.outcomes import OutcomeCounts, outcome_counts
from casepool.extraction.cases import build_cases
from casepool.extraction.curated import read_curated
from casepool.files import sheets, store
from casepool.identity.ledger import Linked, link
from casepool.model.configuration import load_configuration
from casepool.model.protocol import load_protocol
from casepool.pooling.pooled import fit, settings_of
from casepool.privacy.pseudonym import load_key
from casepool.registry.intake.cases import registry_cases
from casepool.registry.intake.decisions import read_decisions
from casepool.registry.intake.reading import Intake, read_registry
from casepool.registry.release.linkage import linkage_counts
from casepool.registry.release.public import release
from casepool.registry.release.rule import Rule
from casepool.stats.joint.data import Linkage
from casepool.stats.joint.fit import JointFit

ROOT = invented.ROOT
THRESHOLD = 11


def command() -> ModuleType:
    """Return the module behind ``python demo/generate.py``."""
    spec = importlib.util.spec_from_file_location("demo_generate", ROOT / "demo" / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@dataclass(frozen=True)
class Demo:
    """The generated folder and what it tells."""

    root: Path
    patients: pd.DataFrame
    pairs: pd.DataFrame
    expected: dict

    @property
    def registry(self) -> pd.DataFrame:
        """The persons whom a centre reports."""
        return self.patients[self.patients["in_registry"] == "yes"]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """Generate the project once."""
    root = tmp_path_factory.mktemp("demonstration") / "build"
    assert command().main(["--out", str(root)]) == 0
    truth = root / "truth"
    expected = json.loads((truth / "expectations.json").read_text(encoding="utf-8"))
    return Demo(root, pd.read_csv(truth / "truth_patients.csv"), pd.read_csv(truth / "truth_pairs.csv"), expected)


def content_of(root: Path) -> dict[str, bytes]:
    """Return path → content of every file of a folder."""
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def test_two_calls_give_the_same_bytes(demo, tmp_path):
    assert command().main(["--out", str(tmp_path / "again")]) == 0
    assert content_of(tmp_path / "again") == content_of(demo.root)


def test_a_second_call_touches_nothing_and_removes_what_it_no_longer_makes(tmp_path, capsys):
    main, out = command().main, tmp_path / "build"
    main(["--out", str(out)])
    (out / "data" / "curated" / "stale.csv").write_text("x\n", encoding="utf-8")
    capsys.readouterr()
    main(["--out", str(out), "--no-planted"])
    assert ": 1 file(s) written or changed" in capsys.readouterr().out
    assert not (out / "data" / "curated" / "stale.csv").exists()
    assert not (out / "data" / "raw" / "registry" / "centre-zeta-refused.csv").exists()


def test_nothing_is_written_beside_the_folder(demo):
    assert [path.name for path in demo.root.parent.iterdir()] == ["build"]
    assert {path.name for path in demo.root.iterdir()} == {"config", "data", "truth", "SYNTHETIC.txt"}


def test_a_folder_with_other_files_is_refused_and_left_alone(tmp_path, capsys):
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    assert command().main(["--out", str(tmp_path)]) == 1
    assert "expected a new or empty folder" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_casepool_check_finds_no_problem(demo):
    configuration = load_configuration(demo.root / "config" / "config.yaml")
    protocol = load_protocol(demo.root / configuration.protocol)
    report = check_data(demo.root, protocol, configuration.pubmed.snapshot)
    assert report.problems == ()
    assert report.n_rows["patients"] == demo.expected["literature"]["n_patient_rows"]


def test_the_protocol_says_that_the_data_are_invented(demo):
    protocol = load_protocol(demo.root / "config" / "protocol.yaml")
    assert protocol.synthetic
    assert protocol.title.en.startswith("SYNTHETIC")
    assert protocol.title.fr.startswith("SYNTHÉTIQUE")


def test_no_publication_carries_a_pubmed_number_and_every_doi_is_an_example(demo):
    reports = sheets.read_table("reports", demo.root / "data" / "curated" / "reports.csv")
    assert reports["pmid"].isna().all()
    assert reports["pmcid"].isna().all()
    assert reports["doi"].dropna().str.startswith("10.5555/").all()
    written = b"".join(content_of(demo.root / "data").values()) + b"".join(content_of(demo.root / "truth").values())
    assert not re.search(rb"pmid:\d|PMID\W*\d", written)


def test_every_title_is_marked(demo):
    reports = sheets.read_table("reports", demo.root / "data" / "curated" / "reports.csv")
    assert reports["title"].str.startswith("SYNTHETIC").all()
    imports = demo.root / "data" / "raw" / "imports"
    titles = re.findall(r"^TI  - (.*)$", (imports / "synthetic_database.ris").read_text(encoding="utf-8"), re.MULTILINE)
    titles += list(pd.read_csv(imports / "synthetic_second_database.csv")["title"])
    assert len(titles) > len(reports)
    assert all(title.startswith("SYNTHETIC") for title in titles)


def test_the_key_is_private_and_says_that_it_is_for_the_demonstration(demo):
    key = demo.root / "data" / "raw" / "registry" / ".key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert key.read_text(encoding="ascii").startswith("demo-key")


def test_the_registry_has_the_promised_size(demo):
    registry = demo.registry
    assert 40 <= len(registry) <= 50
    assert registry["centre"].nunique() == 6
    assert 0.45 <= registry["published_in"].notna().mean() <= 0.55
    assert (registry["disease"] == "itp").sum() >= 16
    assert (registry["disease"] == "waiha").sum() >= 13
    assert (registry["disease"].value_counts() == 1).any()


def test_there_are_three_file_formats_and_six_centres(demo):
    files = [path for path in (demo.root / "data" / "raw" / "registry").glob("centre-*") if "zeta" not in path.name]
    headers = {path.name: path.read_bytes()[:200] for path in files}
    exports = {name for name, header in headers.items() if b"epeat" in header}
    assert {path.suffix for path in files} == {".csv", ".xlsx"}
    assert len(exports) == 2
    assert len({re.split(r"[-.]", name)[1] for name in headers}) == 6


def test_a_disease_can_be_told_as_a_total_and_a_rarer_one_cannot(demo):
    """As the guard counts: patients of centres that report all, certainly not published, evaluable."""
    cells = [cell for cell in demo.expected["registry"]["cells"] if cell["ascertainment"] == "complete"]
    hidden = {cell["disease"]: cell["n_evaluable"] - cell["n_published"] for cell in cells}
    assert hidden["itp"] >= THRESHOLD
    assert 0 < hidden["waiha"] < THRESHOLD
    assert hidden["mixed_cryoglobulinaemia"] == 1


def test_somebody_is_alone_with_age_sex_and_year(demo):
    combined = demo.patients.groupby(["age_years", "sex", "treatment_year"])["person_id"].transform("size")
    assert (demo.patients["role"] == "unique").sum() == 1
    assert combined[demo.patients["role"] == "unique"].tolist() == [1]


def test_the_plan_follows_the_mechanism(demo):
    """The rates within what whole patients allow; the ratio of publication within a third."""
    complete = demo.registry[(demo.registry["ascertainment"] == "complete") & (demo.registry["eligible"] == "yes")]
    responded = complete["response"].isin(["complete", "partial"])
    evaluable = complete["response"] != "not_evaluable"
    for disease in ("itp", "waiha", "sle"):
        ours = (complete["disease"] == disease) & evaluable
        assert responded[ours].mean() == pytest.approx(demo.expected["true_rates"][disease], abs=0.1)
    eligible = demo.registry[(demo.registry["eligible"] == "yes") & (demo.registry["response"] != "not_evaluable")]
    published = eligible["published_in"].notna().groupby(eligible["response"] == "none").mean()
    assert published[False] / published[True] == pytest.approx(demo.expected["reporting_ratio"], rel=1 / 3)


def test_the_literature_flatters_and_the_correction_comes_near_the_truth(demo):
    counts = pd.read_csv(demo.root / "truth" / "joint_counts.csv")
    pooled = pool(counts).document
    told = demo.patients[demo.patients["published_in"].notna() & (demo.patients["eligible"] == "yes")]
    literature = (told["response"] != "none").mean()
    truth = demo.expected["true_rates"]
    mean_truth = sum(truth.values()) / len(truth)
    complete = counts["complete_response"].sum() / counts["complete_n"].sum()
    assert literature > complete + 0.25
    assert pooled["overall"]["mean"] == pytest.approx(mean_truth, abs=0.06)
    ci_lower, ci_upper = pooled["reporting_ratio"]["ci"]
    assert ci_lower < demo.expected["reporting_ratio"] < ci_upper
    assert ci_lower > 1
    for disease in pooled["diseases"]:
        ci_lower, ci_upper = disease["pooled"]["ci"]
        assert ci_lower < truth[disease["disease"]] < ci_upper


def test_every_case_of_the_truth_stands_in_the_tables(demo):
    curated = read_curated(demo.root / "data" / "curated")
    patients = curated["patients"]
    told = set(patients["report_id"] + "/" + patients["patient_label"])
    truth = {case for cell in demo.patients["literature_cases"].dropna() for case in cell.split("; ")}
    assert truth == told
    of_case = {
        case: row for row in demo.patients.to_dict("records") for case in str(row["literature_cases"]).split("; ")
    }
    for row in patients.to_dict("records"):
        person = of_case[f"{row['report_id']}/{row['patient_label']}"]
        assert (row["disease"], row["sex"]) == (person["disease"], person["sex"])
        assert abs(row["age_years"] - person["age_years"]) <= 1
        assert (row["response"] == "none") == (person["response"] == "none")


def test_a_publication_is_one_to_three_years_later_than_the_treatment(demo):
    reports = sheets.read_table("reports", demo.root / "data" / "curated" / "reports.csv")
    year = reports.set_index("report_id")["year"].to_dict()
    told = demo.patients.dropna(subset=["published_in"])
    first = told["published_in"].map(lambda cell: min(year[name] for name in cell.split("; ")))
    assert (first - told["treatment_year"]).between(1, 3).all()


def test_half_of_the_doubtful_pairs_are_one_person(demo):
    doubtful = demo.pairs[demo.pairs["planned"] == "doubtful"]
    assert doubtful["truth"].value_counts().to_dict() == {"same_patient": 3, "different": 3}
    registry = demo.patients.set_index("registry_case")
    literature = {
        case: row for row in demo.patients.to_dict("records") for case in str(row["literature_cases"]).split("; ")
    }
    for pair in doubtful.to_dict("records"):
        one, other = registry.loc[pair["case_a"]], literature[pair["case_b"]]
        assert all(one[name] == other[name] for name in ("disease", "sex", "age_years", "country"))


def test_the_decisions_of_the_reader_agree_with_the_truth(demo):
    folder = demo.root / "data" / "raw" / "registry"
    decided = sheets.read_table("identity_decisions", folder / "identity_decisions.csv")
    curated = sheets.read_table("identity_decisions", demo.root / "data" / "curated" / "identity_decisions.csv")
    truth = {(row["case_a"], row["case_b"]): row["truth"] for row in demo.pairs.to_dict("records")}
    assert set(decided["decision"]) == {"same_patient", "different"}
    assert not curated["case_a"].str.startswith("registry/").any()
    for row in [*decided.to_dict("records"), *curated.to_dict("records")]:
        assert truth[row["case_a"], row["case_b"]] == row["decision"]


def test_the_rows_of_each_return_are_accounted_for(demo):
    for one in demo.expected["returns"]:
        fates = [one[name] for name in ("n_accepted", "n_quarantined", "n_already_known", "n_replaced")]
        assert sum(fates) == one["n_rows"] > 0
        assert (demo.root / "data" / "raw" / "registry" / one["file"]).is_file()
    accepted = sum(one["n_accepted"] for one in demo.expected["returns"])
    assert accepted == demo.expected["registry"]["n_cases"] == len(demo.registry)


def test_planted_texts_stand_in_the_file_to_be_refused_and_nowhere_else(demo):
    planted = sys.modules["demo.planted"].ALL
    for path, content in content_of(demo.root).items():
        found = [text for text in planted if text in content.decode("utf-8", errors="replace")]
        assert found == (list(planted) if path.endswith("centre-zeta-refused.csv") else [])


@dataclass(frozen=True)
class Read:
    """What intake and identity ledger make of the demonstration."""

    intake: Intake
    cases: pd.DataFrame
    literature: pd.DataFrame
    decisions: pd.DataFrame
    linked: Linked


@pytest.fixture(scope="session")
def read(demo, tmp_path_factory) -> Read:
    """Read the returns, build the cases, link them."""
    protocol = load_protocol(demo.root / "config" / "protocol.yaml")
    folder = demo.root / "data" / "raw" / "registry"
    intake = read_registry(folder, load_key({}, folder / ".key"), protocol)
    curated = read_curated(demo.root / "data" / "curated")
    path = tmp_path_factory.mktemp("cases") / "cases.csv"
    store.write_table("cases", build_cases(curated.frames, protocol), path)
    literature = store.read_table("cases", path)
    cases = pd.concat([literature, registry_cases(intake.registry, protocol)], ignore_index=True)
    decisions = pd.concat([curated["identity_decisions"], read_decisions(folder)], ignore_index=True)
    return Read(intake, cases, literature, decisions, link(cases, decisions))


def test_the_intake_counts_what_the_generator_knows(demo, read):
    counted = ["status", "n_rows", "n_accepted", "n_quarantined", "n_already_known", "n_replaced"]
    expected = pd.DataFrame(demo.expected["returns"]).set_index("return_label")[counted].sort_index()
    found = read.intake.receipts.set_index("return_label")[counted].sort_index()
    assert found.astype(str).to_dict() == expected.astype(str).to_dict()


def test_the_intake_accepts_the_patients_of_the_truth_as_they_are(demo, read):
    truth = demo.registry.set_index("registry_case")
    registry = read.intake.registry.set_index("registry/" + read.intake.registry["pseudonym"])
    assert set(registry.index) == set(truth.index)
    for name in ("age_years", "sex", "treatment_year", "response"):
        assert registry[name].tolist() == truth.loc[list(registry.index), name].tolist(), name


def test_the_rows_that_wait_are_the_four_that_were_spoiled(read):
    refused = read.intake.receipts.loc[read.intake.receipts["status"] == "refused", "return_label"]
    waiting = read.intake.quarantine[~read.intake.quarantine["return_label"].isin(refused)]
    assert sorted(waiting["column"]) == ["age_years", "n_doses", "objection_checked", "response"]


def test_centres_are_complete_or_selective_as_planned(demo, read):
    registry = read.cases[read.cases["case_id"].str.startswith("registry/")]
    found = registry.groupby("report_id")["ascertainment"].first().to_dict()
    assert found == {one["report_id"]: one["ascertainment"] for one in demo.expected["registry"]["centres"]}


def truth_of(demo: Demo) -> dict[frozenset[str], str]:
    """Return pair of case ids → whether it is one person, for the pairs that the truth names."""
    pairs = demo.pairs[demo.pairs["eligible"] == "yes"]
    return {frozenset((row["case_a"], row["case_b"])): row["truth"] for row in pairs.to_dict("records")}


def kept_as(unique: pd.DataFrame) -> dict[str, str]:
    """Return case → the case it counts as."""
    return dict(zip(unique["case_id"], unique["kept_as"], strict=True))


def test_no_pair_is_sure_without_being_one_person(demo, read):
    truth, pairs = truth_of(demo), read.linked.pairs
    sure = pairs[pairs["outcome"] == "same"]
    assert len(sure) >= 15
    assert {truth.get(frozenset(pair)) for pair in zip(sure["case_a"], sure["case_b"], strict=True)} == {"same_patient"}
    kept = kept_as(read.linked.unique)
    persons = {case: row["person_id"] for row in demo.patients.to_dict("records") for case in cases_of(row)}
    joined = {(persons[case], persons[other]) for case, other in kept.items() if case in persons and other in persons}
    assert all(one == other for one, other in joined)


def cases_of(row: dict) -> list[str]:
    """Return every case that tells a person."""
    cells = (row[name] for name in ("registry_case", "literature_cases") if pd.notna(row[name]))
    return [case for cell in cells for case in cell.split("; ")]


def test_the_ledger_finds_three_in_four_and_shows_the_rest_to_a_person(demo, read):
    """Recall among 27 true pairs: 0.78 by what is sure or decided, 1 with what is shown."""
    same = [pair for pair, truth in truth_of(demo).items() if truth == "same_patient"]
    sure, all_same = kept_as(read.linked.unique), kept_as(read.linked.all_same)
    found = sum(len({sure[case] for case in pair}) == 1 for pair in same)
    assert len(same) == 27
    assert found / len(same) == pytest.approx(21 / 27, abs=0.001)
    assert all(len({all_same[case] for case in pair}) == 1 for pair in same)


def test_doubtful_pairs_are_shown_to_a_person(demo, read):
    """All that the plan calls doubtful is among the pairs to review; six in ten of these are one person."""
    truth, pairs = truth_of(demo), read.linked.pairs
    shown = pairs[pairs["outcome"] == "to_review"]
    review = {frozenset(pair) for pair in zip(shown["case_a"], shown["case_b"], strict=True)}
    planned = demo.pairs[demo.pairs["planned"] == "doubtful"]
    assert {frozenset(pair) for pair in zip(planned["case_a"], planned["case_b"], strict=True)} <= review
    assert sum(truth.get(pair) == "same_patient" for pair in review) / len(review) >= 0.6


def test_a_decision_on_a_doubtful_pair_changes_the_count_by_one(demo, read):
    for pair in demo.pairs[demo.pairs["planned"] == "doubtful"].to_dict("records"):
        decided = {name: pair[name] for name in ("case_a", "case_b")} | {"decision": pair["truth"]}
        decided |= {"reason": "the centre says so", "reader": "reader_one", "date": "2026-04-01"}
        decisions = pd.concat([read.decisions, invented.frame("identity_decisions", decided)], ignore_index=True)
        unique = link(read.cases, decisions).unique
        fewer = (read.linked.unique["counted"] == "yes").sum() - (unique["counted"] == "yes").sum()
        assert fewer == (1 if pair["truth"] == "same_patient" else 0)


def test_one_disease_leaves_the_private_side_as_a_total_and_the_others_stay(read):
    released = release(read.literature, read.linked.unique, read.linked.all_same, Rule(THRESHOLD))
    groups = released.cases[released.cases["report_type"] == "registry_call"]
    assert groups["case_id"].tolist() == ["registry_complete/itp"]
    assert groups[["n_treated", "n_evaluable", "n_response"]].to_numpy().tolist() == [[19, 18, 9]]
    assert released.linkage["outcome"].tolist() == ["any_response", "complete_response"]


def rates_of(unique: pd.DataFrame, demo: Demo) -> tuple[OutcomeCounts, JointFit]:
    """Return the counts and the corrected rates of the private side."""
    configuration = load_configuration(demo.root / "config" / "config.yaml")
    diseases = load_protocol(demo.root / configuration.protocol).eligible_ids
    registry = unique[unique["report_type"] == "registry_call"]
    linkage = linkage_counts(registry, unique)
    counts = outcome_counts(study_counts(unique, 0.95), "any_response", linkage)
    return counts, fit(counts, diseases, settings_of(configuration.pooling))


def test_corrected_rates_follow_a_decision_as_they_should(demo, read):
    """One person told twice: the letter leaves the selective side, and is published inside the registry."""
    pairs = demo.pairs[(demo.pairs["planned"] == "doubtful") & (demo.pairs["truth"] == "same_patient")]
    before, fit_before = rates_of(read.linked.unique, demo)
    literature = read.literature.set_index("case_id")
    for pair in pairs.to_dict("records"):
        decided = invented.frame("identity_decisions", invented.decision(pair["case_a"], pair["case_b"]))
        unique = link(read.cases, store.stack("identity_decisions", read.decisions, decided)).unique
        after, fit_after = rates_of(unique, demo)
        letter = literature.loc[pair["case_b"]]
        selective = [counts.of(letter["disease"], complete=False).total for counts in (before, after)]
        assert selective[0][0] - selective[1][0] == letter["n_response"]
        assert selective[0][1] - selective[1][1] == 1
        assert before.only(complete=True).total == after.only(complete=True).total
        published = [one.linkage.responders_published + one.linkage.nonresponders_published for one in (before, after)]
        assert published[1] - published[0] in (0, 1)
        assert fit_after.overall.mean != fit_before.overall.mean
        by_hand = read.linked.unique[read.linked.unique["case_id"] != pair["case_b"]]
        assert fit_after.overall.mean == pytest.approx(fit_of(by_hand, after.linkage, demo).overall.mean, abs=1e-12)


def fit_of(unique: pd.DataFrame, linkage: Linkage, demo: Demo) -> JointFit:
    """Return the corrected rates of a ledger from which a letter was taken by hand."""
    configuration = load_configuration(demo.root / "config" / "config.yaml")
    diseases = load_protocol(demo.root / configuration.protocol).eligible_ids
    counts = outcome_counts(study_counts(unique, 0.95), "any_response")
    return fit(replace(counts, linkages=((None, linkage),)), diseases, settings_of(configuration.pooling))
