"""One build of a folder at a time; one that died holds nothing up."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

HOLD = """
import sys
from casepool.provenance.lock import BuildRunningError, hold
try:
    print([one.id for one in hold()], flush=True)
except BuildRunningError as error:
    sys.exit(error.text("fr"))
"""


@pytest.fixture
def folder(tmp_path) -> Path:
    """Return an empty folder with a lock that Snakemake left behind."""
    (tmp_path / ".snakemake" / "locks").mkdir(parents=True)
    (tmp_path / ".snakemake" / "locks" / "0.input.lock").write_text("data/x.csv\n")
    return tmp_path


def build(folder: Path, more: str = "") -> subprocess.Popen[str]:
    """Start a process that holds the folder."""
    command = [sys.executable, "-c", HOLD + more]
    return subprocess.Popen(command, cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_a_second_build_is_refused_in_words_and_a_killed_one_holds_nothing_up(folder):
    first = build(folder, "import time; time.sleep(60)")
    assert first.stdout.readline() == "[]\n"
    second = build(folder)
    assert f"(processus {first.pid} sur" in second.communicate()[1]
    assert second.returncode == 1
    first.send_signal(signal.SIGKILL)
    first.communicate()
    (folder / ".snakemake" / "locks" / "0.output.lock").write_text("results/x.csv\n")
    third = build(folder)
    assert third.communicate()[0] == "['build_was_killed']\n"
    assert list((folder / ".snakemake" / "locks").iterdir()) == []
    assert build(folder).communicate()[0] == "[]\n"  # the third ended of itself


def test_a_build_of_another_machine_is_not_taken_for_dead(folder):
    """Its processes cannot be seen from here."""
    there = {"machine": "another-machine", "pid": "1", "since": "2026-01-01 10:00"}
    (folder / ".snakemake" / "building").write_text(json.dumps(there))
    refused = build(folder)
    told = refused.communicate()[1]
    assert refused.returncode == 1
    assert "another-machine" in told
    assert "supprimez .snakemake/building" in told
