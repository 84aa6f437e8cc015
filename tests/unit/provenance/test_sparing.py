"""A job that would read what it read before is spared, and only that one."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from casepool.provenance import sparing
from casepool.provenance.digests import digest
from casepool.provenance.job import Job
from casepool.provenance.receipts import Receipt, read_receipts
from casepool.provenance.settling import state
from casepool.provenance.sparing import KEPT, forget, keep, put_back

TABLE, RESULT, PAGES, LOG = "data/table.csv", "results/result.csv", "results/pages", "results/logs/make.log"
PRIVATE = "results/private/rows.csv"
OUTPUT = [RESULT, PAGES]


def job(**other: object) -> SimpleNamespace:
    """Return a job as a script is given it."""
    given = {
        "rule": "make",
        "wildcards": ["fr"],
        "input": [TABLE],
        "output": OUTPUT,
        "log": [LOG],
        "params": {"level": 0.95},
    }
    return SimpleNamespace(**given | other)


@pytest.fixture
def made(tmp_path, monkeypatch) -> dict[str, str]:
    """Return what a job made, by checksum; a build has begun and Snakemake has removed it."""
    monkeypatch.chdir(tmp_path)
    for path in (TABLE, LOG, RESULT, f"{PAGES}/one.svg", f"{PAGES}/two.svg"):
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(f"{path}: as it was\n")
    Job(job()).finish()
    found = {path: digest(path) for path in OUTPUT}
    keep(state(OUTPUT).fresh)
    clear()
    return found


def clear() -> None:
    """Remove what the job made."""
    for path in (RESULT, f"{PAGES}/one.svg", f"{PAGES}/two.svg"):
        Path(path).unlink(missing_ok=True)


def remade() -> dict[str, str]:
    """Return what is there of the results, by checksum."""
    return {
        path: digest(path) for path in OUTPUT if digest(path) and (Path(path).is_file() or any(Path(path).iterdir()))
    }


def test_what_a_job_made_is_put_back_newer_than_what_it_read(made):
    os.utime(TABLE)
    assert put_back(job())
    assert remade() == made
    assert Path(RESULT).stat().st_mtime_ns >= Path(TABLE).stat().st_mtime_ns
    assert "put back" in Path(LOG).read_text()


@pytest.mark.parametrize(
    "other",
    [{"params": {"level": 0.9}}, {"params": {}}, {"input": [TABLE, LOG]}, {"output": [RESULT]}, {"rule": "other"}],
    ids=str,
)
def test_a_job_that_is_another_one_is_not_spared(made, other):
    assert not put_back(job(**other))
    assert remade() == {}


def test_a_job_whose_input_is_another_one_is_not_spared(made):
    Path(TABLE).write_text("edited\n")
    assert not put_back(job())


def test_a_job_that_ran_with_other_packages_is_not_spared(made):
    (one,) = read_receipts()
    Receipt(one.rule, one.name, one.inputs, one.outputs, {**one.environment, "numpy": "1.0"}, one.params).write()
    assert not put_back(job())


def test_a_result_that_was_edited_where_it_is_kept_is_not_put_back(made):
    """An editor that writes into the file writes into the link."""
    (KEPT / "make.fr" / PAGES / "two.svg").write_text("edited\n")
    assert not put_back(job())
    assert remade() == {}


def test_nothing_is_kept_of_a_job_with_private_results_nor_of_one_that_is_outdated(made):
    for path in (PRIVATE, RESULT):
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text("row\n")
    Job(job(rule="private", output=[PRIVATE, RESULT])).finish()
    Job(job(rule="old", output=[RESULT])).finish()
    (receipt,) = [one for one in read_receipts() if one.rule == "old"]
    Receipt(receipt.rule, receipt.name, {TABLE: "other"}, receipt.outputs, receipt.environment, receipt.params).write()
    keep(state([PRIVATE, RESULT]).fresh)
    assert not KEPT.exists()


def test_the_manifest_is_never_put_back(made):
    """It reads the receipts of all jobs beside its inputs: code that changed no result stands in them alone."""
    manifest = "results/provenance/manifest.json"
    Path(manifest).parent.mkdir(parents=True)
    Path(manifest).write_text("{}\n")
    Job(job(rule="write_manifest", output=[manifest])).finish()
    keep(state([manifest]).fresh)
    assert not put_back(job(rule="write_manifest", output=[manifest]))


def test_on_a_disk_without_links_every_job_runs(made, monkeypatch):
    assert put_back(job())

    def refuse(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(sparing.os, "link", refuse)
    keep(state(OUTPUT).fresh)
    clear()
    assert not put_back(job())


def test_nothing_is_left_of_what_was_kept_when_a_build_has_ended(made):
    forget()
    assert not KEPT.exists()
    assert not put_back(job())
