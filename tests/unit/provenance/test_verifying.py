"""The manifest of a build, and whether a folder still is what its manifest says."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import invented
import pytest

from casepool.files import atomic
from casepool.model.errors import FileError
from casepool.model.judge import read_yaml
from casepool.project.packaged import packaged
from casepool.provenance import building
from casepool.provenance.job import Job
from casepool.provenance.manifest import MANIFEST, as_text, manifest
from casepool.provenance.verifying import verify

TABLE, MADE, SHOWN = "data/table.csv", "results/tables/made.csv", "results/manuscript/en/tables"
CODE = str(invented.ROOT / "src" / "casepool" / "rows.py")
PROMISED = [MADE, SHOWN, MANIFEST.as_posix()]


def run(rule: str, read: list[str], *written: str) -> None:
    """Run a job that writes the names of what it read."""
    job = Job(SimpleNamespace(rule=rule, wildcards=[], input=read, output=written, log=["log"], params={}))
    for path in written:
        file = Path(path) if path.endswith((".csv", ".json")) else Path(path) / "one.csv"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{read}\n")
    job.finish()


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    """Return a project of two jobs and its manifest."""
    monkeypatch.chdir(tmp_path)
    for folder in ("config", "data"):
        Path(folder).mkdir()
    shutil.copy(invented.ROOT / "config" / "config.yaml", "config")
    Path(TABLE).write_text("a\n1\n")
    run("make", [TABLE, CODE], MADE)
    run("show", [MADE], SHOWN)
    write_manifest()
    return tmp_path


def write_manifest() -> None:
    """Write the manifest as its rule does."""
    job = Job(
        SimpleNamespace(
            rule="sign", wildcards=[], input=[TABLE, MADE, SHOWN], output=[MANIFEST], log=["log"], params={}
        )
    )
    content = manifest([MADE, SHOWN], [str(packaged("Snakefile"))], read_yaml("config/config.yaml"), "")
    MANIFEST.parent.mkdir(parents=True, exist_ok=True)
    MANIFEST.write_text(as_text(content))
    job.finish()


def found(folder: Path | str = ".") -> list[str]:
    """Return the ids of what does not belong together."""
    return [one.id for one in verify(folder).problems]


def test_a_folder_as_the_build_left_it_is_proven_here_and_elsewhere(project, tmp_path_factory):
    """What was received by mail holds data, config and results, and nothing else."""
    received = tmp_path_factory.mktemp("received")
    for part in ("config", "data", "results"):
        shutil.copytree(project / part, received / part)
    assert found() == found(received) == []
    assert verify(received).text("fr").startswith("vérifié : 2 résultats vont avec ces 1 fichiers de données")


def test_the_manifest_names_inputs_code_and_results_and_no_private_file(project):
    content = json.loads(MANIFEST.read_text())
    assert list(content["inputs"]) == [TABLE]
    assert sorted(content["code"]) == ["Snakefile", "casepool/rows.py"]
    assert sorted(content["outputs"]) == [f"{SHOWN}/one.csv", MADE]


@pytest.mark.parametrize(
    ("path", "content", "told"),
    [
        (TABLE, "a\n2\n", "input_changed"),
        (TABLE, None, "input_gone"),
        (MADE, "0.942\n", "result_changed"),
        (f"{SHOWN}/one.csv", None, "result_gone"),
        (f"{SHOWN}/two.csv", "x\n", "result_unknown"),
        ("config/config.yaml", "seed: 1\n", "configuration_changed"),
    ],
)
def test_whatever_does_not_belong_is_named(project, path, content, told):
    if content is None:
        Path(path).unlink()
    else:
        Path(path).write_text(content)
    (problem,) = verify().problems
    assert problem.id == told
    assert problem["file"] == path


def test_another_state_of_the_program_is_named(project):
    content = json.loads(MANIFEST.read_text())
    content["code"]["casepool/rows.py"] = "0" * 64
    MANIFEST.write_text(as_text(content))
    (problem,) = verify().problems
    assert problem["files"] == ("casepool/rows.py",)


def test_an_input_that_two_jobs_read_in_two_states_is_not_certified(project):
    """Somebody saved the table while the build ran."""
    Path(TABLE).write_text("a\n2\n")
    run("show", [MADE, TABLE], SHOWN)
    with pytest.raises(FileError, match=r"^data/table\.csv: changed while the build ran"):
        write_manifest()


def test_an_input_that_was_saved_after_it_was_read_is_not_certified(project):
    Path(TABLE).write_text("a\n2\n")
    with pytest.raises(FileError, match=r"^data/table\.csv: changed while the build ran"):
        write_manifest()


def test_a_folder_without_a_manifest_is_not_proven(project):
    MANIFEST.write_text("{}")
    with pytest.raises(FileError, match="cannot be read as the manifest"):
        verify()


def test_a_build_ends_with_the_proof(project):
    assert building.end_build(PROMISED, read_yaml("config/config.yaml"))[-1].startswith("verified: 2 results")


def test_values_given_at_the_command_line_are_proven_and_named(project):
    """The file alone makes other results: who checks them later is warned."""
    given = read_yaml("config/config.yaml") | {"simulation": {"replicates": 2}}
    job = Job(
        SimpleNamespace(
            rule="sign", wildcards=[], input=[TABLE, MADE, SHOWN], output=[MANIFEST], log=["log"], params={}
        )
    )
    MANIFEST.write_text(as_text(manifest([MADE, SHOWN], [str(packaged("Snakefile"))], given, "")))
    job.finish()
    told = building.end_build(PROMISED, given)[-1]
    assert (
        told.splitlines()[0]
        == "made with values given at the command line: config/config.yaml alone makes other results"
    )
    assert found() == ["configuration_changed"]


def test_a_build_of_some_targets_says_that_others_wait(project):
    Path(TABLE).write_text("a\n2\n")
    run("make", [TABLE, CODE], MADE)
    assert building.end_build(PROMISED, read_yaml("config/config.yaml"))[-1].startswith(
        "Some results were made and others wait"
    )


def test_a_build_does_not_end_well_beside_a_stranger(project):
    Path("results/old.csv").write_text("x\n")
    with pytest.raises(building.NotVerifiedError, match=r"results/old\.csv: not made by the build"):
        building.end_build(PROMISED, read_yaml("config/config.yaml"))


def test_results_of_an_earlier_configuration_go_and_are_named(project):
    """A language that is not asked for any more would be taken for current; what a hand changed stays, and is named."""
    folder = Path("results/manuscript/fr/tables")
    run("draw", [MADE], folder.as_posix())
    (folder / ".snakemake_timestamp").touch()
    told = building.end_build(PROMISED, read_yaml("config/config.yaml"))
    assert told[0].startswith("results/manuscript/fr/tables: made for an earlier configuration")
    assert not folder.exists()
    assert found() == []


def test_a_build_begins_with_every_input_or_not_at_all(project):
    with pytest.raises(FileError, match=r"^data/lost\.csv, data/other\.csv: not there\. Put it back"):
        building.begin_build(PROMISED, [TABLE, "data/other.csv", "data/lost.csv"])


def test_a_folder_with_braces_is_refused_in_words(project, monkeypatch):
    place = project / "a{b}"
    place.mkdir()
    monkeypatch.chdir(place)
    with pytest.raises(FileError, match="holds a brace"):
        building.begin_build([], [])


def test_what_a_killed_job_had_begun_to_write_goes_with_the_next_build(project, monkeypatch):
    """And nothing else that is hidden does."""
    monkeypatch.setenv("CASEPOOL_BUILD", "")  # the build that begins here would leave its own
    content, kept = Path(MADE).read_bytes(), Path("results/tables/.DS_Store")
    kept.write_text("x")
    with atomic.atomic_file(MADE) as handle:
        handle.write(content)
        (begun,) = Path("results/tables").glob(".made.csv.*")
        begun.with_name(f"{begun.name[:-1]}_").write_text("half")
    building.begin_build(PROMISED, [TABLE])
    assert sorted(Path("results/tables").iterdir()) == [kept, Path(MADE)]
