"""A job from its first line to its receipt, and what the receipts say before the next build."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from casepool.model.errors import FileError
from casepool.model.labels import LANGUAGES
from casepool.model.message import text
from casepool.provenance.building import end_build
from casepool.provenance.code import code_list, write_lists
from casepool.provenance.job import Job
from casepool.provenance.receipts import RECEIPTS, Receipt, read_receipts
from casepool.provenance.settling import settle, state

TABLE, SCRIPT, RESULT, FOLDER = "data/table.csv", "workflow/script.py", "results/result.csv", "results/tables"
PROMISED = [RESULT, FOLDER]


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    """Return a folder in which one job has run: a table and a script became a result and a folder of results."""
    monkeypatch.chdir(tmp_path)
    for path in (TABLE, SCRIPT, RESULT, f"{FOLDER}/one.csv"):
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(f"{path}: as it was\n")
    job = Job(
        SimpleNamespace(rule="make", wildcards=["fr"], input=[TABLE, SCRIPT], output=PROMISED, log=["log"], params={})
    )
    job.finish()
    return tmp_path


def is_newer(result: str, *inputs: str) -> bool:
    """Return whether Snakemake leaves a result alone."""
    return all(Path(result).stat().st_mtime > Path(one).stat().st_mtime for one in inputs)


def settled() -> list[str]:
    """Settle the folder; return what is said of it."""
    found = state(PROMISED)
    settle(found)
    assert all(text(one, language) for one in found.messages for language in LANGUAGES)
    return [one.id for one in found.messages]


def test_a_job_whose_inputs_and_results_are_as_they_were_is_left_alone(project):
    assert settled() == []
    assert is_newer(RESULT, TABLE, SCRIPT)


def test_an_edit_with_an_old_date_outdates_what_was_made_of_it(project):
    """A file from an archive or a backup keeps its date."""
    Path(TABLE).write_text("edited\n")
    os.utime(TABLE, (1e9, 1e9))
    assert settled() == []  # an edit needs no word
    assert not is_newer(RESULT, TABLE, SCRIPT)
    assert Path(RESULT).read_text().endswith("as it was\n")


def test_dates_alone_outdate_nothing(project):
    """Also those of a clock that ran ahead."""
    for path in (TABLE, SCRIPT):
        os.utime(path, (4e9, 4e9))
    assert settled() == []
    assert is_newer(RESULT, TABLE, SCRIPT)
    assert is_newer(FOLDER, TABLE, SCRIPT)


@pytest.mark.parametrize("path", [RESULT, f"{FOLDER}/one.csv", f"{FOLDER}/stranger.csv"])
def test_a_result_that_the_job_did_not_write_so_is_named_and_made_again(project, path):
    Path(path).write_text("0.942\n")
    assert settled() == ["result_altered"]
    assert not all(is_newer(one, TABLE, SCRIPT) for one in PROMISED)


def test_a_result_without_receipt_is_named_and_made_again(project):
    """Copied from elsewhere, or the receipt was cut when a machine died."""
    (receipt,) = RECEIPTS.glob("*.json")
    receipt.write_bytes(receipt.read_bytes()[:40])
    assert settled() == ["results_unknown"]
    assert not is_newer(RESULT, TABLE)


def test_one_result_without_receipt_has_words_too(project):
    """A job was killed between its result and its receipt."""
    found = state([*PROMISED, TABLE])
    assert text(found.messages[0], "en").startswith("1 result, data/table.csv, was not written by a build")


def test_other_versions_of_packages_outdate_everything(project):
    (one,) = read_receipts()
    Receipt(one.rule, one.name, one.inputs, one.outputs, {**one.environment, "numpy": "1.0"}).write()
    assert settled() == ["other_packages"]
    assert not is_newer(RESULT, TABLE)


def test_an_input_that_changes_while_the_job_reads_stops_it(project):
    given = SimpleNamespace(
        rule="make", wildcards=["fr"], input=[TABLE, SCRIPT], output=PROMISED, log=["log"], params={}
    )
    job = Job(given)
    Path(TABLE).write_text("saved meanwhile\n")
    with pytest.raises(FileError, match=r"^data/table\.csv: changed while it was being read"):
        job.finish()


def test_an_input_that_is_only_touched_while_the_job_reads_does_not_stop_it(project):
    job = Job(SimpleNamespace(rule="make", wildcards=["fr"], input=[TABLE], output=PROMISED, log=["log"], params={}))
    os.utime(TABLE)
    job.finish()


def test_an_input_from_the_future_is_dated_to_now_before_a_job_reads_it(project):
    """The clock was set back while the build ran: Snakemake would refuse what is older than its input."""
    os.utime(TABLE, (4e9, 4e9))
    Job(SimpleNamespace(rule="make", wildcards=["fr"], input=[TABLE], output=PROMISED, log=["log"], params={}))
    assert Path(TABLE).stat().st_mtime <= time.time()
    assert Path(TABLE).read_text().endswith("as it was\n")


def run(body: str, build: str = "") -> subprocess.CompletedProcess[str]:
    """Run a script as Snakemake does, in the current folder."""
    head = (
        "from types import SimpleNamespace as N\n"
        "from casepool.provenance.job import begin\n"
        "job = begin(N(rule='make', wildcards=[], input=[], output=[], log=['log.txt'], params={}))\n"
    )
    environment = os.environ | {"CASEPOOL_BUILD": build, "CASEPOOL_LANG": "fr"}
    return subprocess.run(
        [sys.executable, "-c", head + body], capture_output=True, text=True, check=False, env=environment
    )


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("raise OSError(28, 'No space left on device')", "Le disque est plein"),
        ("raise PermissionError(13, 'no', 'results/x.csv')", "results/x.csv : écriture refusée"),
        ("from casepool.model.errors import FileError\nraise FileError('cause')", "cause"),
        ("raise ValueError('odd')", "Défaut du programme (ValueError : odd). Le journal donne les détails : log.txt"),
    ],
)
def test_what_stops_a_job_is_one_sentence_on_the_terminal_and_a_traceback_in_the_log(tmp_path, monkeypatch, body, told):
    monkeypatch.chdir(tmp_path)
    done = run(body)
    assert done.returncode == 1
    assert done.stderr.strip().startswith(told)
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" in (tmp_path / "log.txt").read_text()


def test_a_job_ends_with_the_build_that_started_it(tmp_path, monkeypatch):
    """It would write over what the next build makes."""
    monkeypatch.chdir(tmp_path)
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    machine = os.uname().nodename
    assert run("import time\ntime.sleep(60)", f"{machine} {gone.pid}").returncode == 1
    assert run("print('lives')", f"{machine} {os.getpid()}").returncode == 0


def test_the_receipt_names_each_file_of_the_code_and_not_their_list(project):
    """Snakemake sees one list, as new as the newest file in it; what is proven is each file."""
    write_lists({"make": [SCRIPT, TABLE]})
    os.utime(SCRIPT, (10, 10))
    write_lists({"make": [SCRIPT, TABLE]})
    assert Path(code_list("make")).stat().st_mtime_ns == Path(TABLE).stat().st_mtime_ns
    Job(
        SimpleNamespace(rule="make", wildcards=[], input=[code_list("make")], output=[RESULT], log=["log"], params={})
    ).finish()
    (receipt,) = [one for one in read_receipts() if one.name == "make"]
    assert list(receipt.inputs) == [TABLE, SCRIPT]
    Path(SCRIPT).write_text("another program\n")
    os.utime(SCRIPT, (10, 10))
    assert receipt in state(PROMISED).outdated


def test_what_a_job_wrote_before_and_writes_no_more_is_removed_when_a_build_ends(project):
    """Another version of the program writes elsewhere; what somebody has changed since stays, and is named."""
    Path("results/other.csv").write_text("here now\n")
    given = {"rule": "make", "wildcards": ["fr"], "input": [TABLE, SCRIPT], "log": ["log"], "params": {}}
    Path(FOLDER, "one.csv").write_text("changed by hand\n")
    for _ in range(2):
        Job(SimpleNamespace(**given, output=["results/other.csv"])).finish()
    settle(state(["results/other.csv"]))
    told = end_build(["results/other.csv"], {})
    assert not Path(RESULT).exists()
    assert Path(FOLDER, "one.csv").exists()
    assert any(RESULT in one for one in told)
    assert [one.name for one in read_receipts()] == ["make.fr"]


def test_one_job_in_place_of_one_for_each_value_of_a_wildcard_takes_over_their_results(project):
    """A receipt of the earlier program would hold no more, and its results be made anew in every build."""
    Path("results/other.csv").write_text("of the other value\n")
    given = {"rule": "make", "input": [TABLE, SCRIPT], "log": ["log"], "params": {}}
    Job(SimpleNamespace(**given, wildcards=["en"], output=["results/other.csv"])).finish()
    assert [one.name for one in read_receipts()] == ["make.en", "make.fr"]
    Path(SCRIPT).write_text("another program\n")
    Job(SimpleNamespace(**given, wildcards=[], output=[RESULT, "results/other.csv"])).finish()
    end_build([RESULT, "results/other.csv"], {})
    assert [one.name for one in read_receipts()] == ["make"]
    assert not Path(FOLDER).exists()  # of the earlier program, and written no more
    assert not state([RESULT, "results/other.csv"]).outdated


def test_a_job_leaves_the_receipts_of_others_whose_names_begin_as_its_own(project):
    """A ratio of 1 and a ratio of 1.5: the names of jobs hold points."""
    given = {"rule": "make", "input": [TABLE], "log": ["log"], "params": {}}
    for values, path in ((["1.5", "0"], "results/one.csv"), (["1", "5"], "results/other.csv")):
        Path(path).write_text("made\n")
        Job(SimpleNamespace(**given, wildcards=values, output=[path])).finish()
    assert {"make.1.5", "make.1.5.0"} <= {one.name for one in read_receipts()}
