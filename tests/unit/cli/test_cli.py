"""The command line: exit 0 fine, 1 problems found, 2 wrong use."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import invented
import pytest
from typer.testing import CliRunner

from casepool.cli.main import app
from casepool.counting.counts import study_counts
from casepool.extraction.cases import build_cases
from casepool.extraction.curated import read_curated
from casepool.files import store
from casepool.identity.ledger import unique_patients
from casepool.model.errors import ConfigError
from casepool.model.protocol import load_protocol


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a copy of the configuration and data of the project."""
    for folder in ("config", "data"):
        shutil.copytree(invented.ROOT / folder, tmp_path / folder)
    return tmp_path


def run(*arguments: object):
    """Return the result of a command."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def spoil(path: Path, old: str, new: str) -> None:
    """Replace a text that stands in a file."""
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new), encoding="utf-8")


def test_a_check_without_problem_ends_with_0(project):
    """The shipped data are sound."""
    result = run("check", project)
    assert result.exit_code == 0
    assert result.output.splitlines()[-1] == "no problems"


def test_a_check_with_problems_ends_with_1_and_lists_them(project):
    """Two files, two problems, one run."""
    spoil(project / "data/curated/patients.csv", "migdady2020,p1,60,", "migdady2020,p1,312,")
    spoil(project / "data/curated/reports.csv", "10.1056/NEJMoa2023325", "NEJMoa2023325")
    result = run("check", project)
    assert result.exit_code == 1
    assert "2 problems in the data:" in result.output
    assert "patient_label=p1: age_years = 312; expected a number from 0 to 120." in result.output
    assert "doi = NEJMoa2023325; expected a DOI" in result.output


def test_a_check_as_json_is_data(project):
    """Another program can read problems, normalisations and row counts."""
    path = project / "data/curated/patients.csv"
    spoil(path, "migdady2020,p1,60,", "migdady2020,p1,312,")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    result = run("check", project, "--format", "json")
    told = json.loads(result.output)
    assert result.exit_code == 1
    assert [(one["file"], one["found"]) for one in told["problems"]] == [("patients.csv", "312")]
    assert told["normalised"] == ["patients: byte order mark removed"]
    assert told["rows"]["patients"] == 35


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("curated/corrections.csv", "reader,date\n", "reader,date\npatients,x,sex,a,b,r,s,me,2026-01-01\n", "key = x"),
        ("curated/screening.csv", "pmid:33732266,full_text,", "pmid:1,full_text,", "record_id = pmid:1"),
        ("raw/imports/web_pages.ris", "TY  - ", "TY -  ", "SHA-256"),
        ("raw/sources.csv", ",19,", ",,", "n_records = (empty)"),
        ("curated/identity_decisions.csv", ",same_patient,", ",sure,", "decision = sure"),
    ],
)
def test_a_problem_anywhere_in_the_data_is_found(project, file, old, new, told):
    """Corrections, screening, raw files, their description, decisions."""
    spoil(project / "data" / file, old, new)
    result = run("check", project)
    assert result.exit_code == 1
    assert told in result.output


def test_decisions_that_contradict_each_other_are_found(project):
    """Not only when the build has reached them."""
    path = project / "data/curated/identity_decisions.csv"
    rows = [("same_patient", "jalink2024/waiha,tsykunova2025/itp"), ("different", "tsykunova2025/itp,jalink2024/waiha")]
    extra = "".join(f"{pair},{verdict},doubt,reader_x,2026-11-22\n" for verdict, pair in rows)
    path.write_text(path.read_text(encoding="utf-8") + extra, encoding="utf-8")
    result = run("check", project)
    assert result.exit_code == 1
    assert "tsykunova2025/itp and jalink2024/waiha are decided as different" in result.output


def test_a_missing_table_is_one_problem_and_not_a_hundred(project):
    """What refers to it is not judged."""
    (project / "data/curated/patients.csv").unlink()
    result = run("check", project)
    assert "1 problem in the data:" in result.output


@pytest.mark.parametrize(
    "arguments",
    [("check", "--colour"), ("chek",), ("check", "--format", "yaml"), ("pool",), ("check", "no/such/folder")],
)
def test_wrong_use_ends_with_2(arguments):
    """An option, a command, a value or a folder that does not exist."""
    assert run(*arguments).exit_code == 2


def test_no_argument_shows_the_help():
    """The commands are listed."""
    output = run().output
    assert "check" in output
    assert "pool" in output


def casepool(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the installed command."""
    command = [sys.executable, "-c", "from casepool.cli.main import main; main()", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_an_error_of_the_configuration_is_one_message_and_no_traceback(project):
    """Exit 1, the place and the value on the error stream."""
    spoil(project / "config/config.yaml", "seed:", "sead:")
    done = casepool("check", project)
    assert done.returncode == 1
    assert "sead: found 20200101" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_error_that_ends_a_command_speaks_the_language_asked_for(project, monkeypatch):
    """By the option, or by the environment where a command was given none."""
    spoil(project / "data/curated/disease_terms.csv", "term,", "colonne,")
    in_french = casepool("term", "x", "--folder", project, "--lang=fr").stderr
    assert "problèmes dans les données" in in_french
    monkeypatch.setenv("CASEPOOL_LANG", "fr")
    assert casepool("term", "x", "--folder", project).stderr == in_french
    assert "problems in the data" in casepool("term", "x", "--folder", project, "--lang", "en").stderr


@pytest.mark.parametrize(
    ("what", "key"), [("config", "pooling"), ("protocol", "diseases"), ("results", "schema_version")]
)
def test_a_schema_is_printed_on_request(what, key):
    """What goes into a file is JSON and nothing else."""
    assert key in json.loads(run("schema", what).stdout)["properties"]


def test_a_simulation_prints_a_table_or_data():
    """Two replicates on the layout of the example; JSON has the same rows."""
    counts = str(invented.ROOT / "docs" / "examples" / "daratumumab_2026.csv")
    arguments = ["simulate", "--counts", counts, "--ratio", "4", "--replicates", "2"]
    told = run(*arguments)
    assert told.exit_code == 0, told.output
    rows = json.loads(run(*arguments, "--format", "json").output)
    assert len(told.output.splitlines()) == 2 + len(rows)
    assert {row["ratio"] for row in rows} == {4.0}


LAYOUT = str(invented.ROOT / "docs" / "examples" / "daratumumab_2026.csv")


def test_a_world_with_a_wrong_assumption_is_asked_for_by_name():
    """The own rate and the pooled one on the same replicates, which are not those of the right world."""
    common = ["simulate", "--counts", LAYOUT, "--ratio", "4", "--replicates", "2", "--format", "json"]
    right, wrong = (run(*common, *more) for more in ([], ["--violation", "literature-worse"]))
    assert wrong.exit_code == 0, wrong.output
    assert wrong.output != right.output
    found = {(row["estimator"], row["target"]) for row in json.loads(wrong.output)}
    assert {("own", "anchored"), ("own", "anchored_mean"), ("joint", "literature_only")} <= found
    assert ("own", "overall") not in found


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--counts", LAYOUT, "--violation", "one-bat"], "Did you mean 'one-bad'?"),
        (["--violation", "one-bad"], "violation one-bad: found no layout"),
        (["--counts", LAYOUT, "--violation", "registry-odds-2"], "found a layout without registry"),
        (["--registry-patients", "40"], "found no --counts"),
    ],
)
def test_a_world_that_cannot_be_is_refused(options, said):
    result = run("simulate", *options, "--replicates", "1")
    assert result.exit_code == 2
    assert said in " ".join(result.output.replace("│", " ").split())


def test_names_of_diseases_are_recognised_or_asked():
    """One line for each; 1 where any is asked."""
    result = run("term", "AHAI et PTI", "lupus nephritis", "--folder", invented.ROOT)
    assert (result.exit_code, result.output) == (0, "AHAI et PTI\tevans\nlupus nephritis\tsle\n")
    result = run("term", "SLE and APS", "imune thrombocytopenya", "zzz", "--folder", invented.ROOT)
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "SLE and APS\t?\tcandidates: sle, aps",
        "imune thrombocytopenya\t?\tnone known; nearest: immune thrombocytopenia",
        "zzz\t?\tnone known",
    ]


def test_a_name_that_is_asked_is_told_in_french():
    """With the language of the other messages."""
    result = run("term", "cytopénie auto-immune", "--lang", "fr", "--folder", invented.ROOT)
    assert result.output == "cytopénie auto-immune\t?\tpossibles : itp, waiha, evans\n"


def test_a_wrong_table_of_terms_is_told_before_any_name(project):
    """No name is read with half a table."""
    spoil(project / "data/curated/disease_terms.csv", "term,kind,", "term,sort,")
    result = run("term", "ITP", "--folder", project)
    assert result.exit_code == 1
    assert "disease_terms.csv" in str(result.exception)


def test_a_plan_of_counts_prints_a_text_in_each_language_and_rows_as_json(tmp_path):
    """The numbers of the text are those of the rows."""
    counts = tmp_path / "counts.csv"
    counts.write_text("disease,source,ascertainment,response,n\na,trial,complete,3,5\nb,reports,selective,2,2\n")
    shown, french, listed = (
        run("plan", counts, "--patients", 4, *more) for more in ((), ("--lang", "fr"), ("--format", "json"))
    )
    rows = json.loads(listed.output)
    row = next(one for one in rows if (one["disease"], one["evidence"]) == ("b", "further_registry"))
    assert (row["n"], row["n_known"]) == (4, 2)
    gain = f"{100 * (row['width_now'] - row['width']):.1f}"
    assert f"4 further patients with b, all of one registry, shorten the interval of their disease most: by {gain}" in (
        shown.output
    )
    assert f"de {gain.replace('.', ',')} points en moyenne" in french.output


def test_a_plan_of_a_project_that_was_not_built_says_so(project):
    result = run("plan", project)
    assert result.exit_code == 1
    assert isinstance(result.exception, ConfigError)
    assert "expected a built project" in str(result.exception)


def test_a_plan_of_a_built_project_names_its_diseases(project):
    """From the tables that a build left, by the names of the protocol, with the choices of the configuration."""
    protocol = load_protocol(project / "config" / "protocol.yaml")
    curated = read_curated(project / "data" / "curated")
    unique = unique_patients(build_cases(curated.frames, protocol), curated["identity_decisions"])
    tables = {"study_counts": study_counts(unique, 0.95), "registry_linkage": invented.frame("registry_linkage")}
    for name, frame in tables.items():
        store.write_table(name, frame, project / "results" / "tables" / f"{name}.csv")
    spoil(project / "config" / "config.yaml", "patients: [5, 10, 20, 40]", "patients: [7]")
    results = [run("plan", "--lang", language, project) for language in ("en", "fr")]
    assert [one.exit_code for one in results] == [0, 0]
    for one, disease in zip(results, ("systemic lupus erythematosus", "lupus érythémateux systémique"), strict=True):
        assert disease in one.output
    assert "7 further patients with" in results[0].output
    assert "7 patients de plus" in results[1].output
