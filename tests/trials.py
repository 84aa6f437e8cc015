"""What is done to a finished project to see what it says: one trial for each row that ``trial_run.py`` prints.

A trial says what it does (``harm``), the command that follows, what must stand in what is printed (``said``; empty
where nothing is to be said), whether it ends well, and what the results then hold: ``same`` bytes as before, those of
an ``edited`` project built undisturbed, or whatever is left (``any``). Afterwards the harm is taken back, and a further
build must give every byte as before.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from copied import Project

PATIENTS = "data/curated/patients.csv"
REPORTS = "data/curated/reports.csv"
SOURCES = "data/raw/sources.csv"
CONFIG = "config/config.yaml"
RESULT = "results/tables/results.csv"
OLD = (1.58e9, 1.58e9)
PLAIN = ("-m", "snakemake", "--cores", "2", "--nocolor")
CHECK = ("-c", "from casepool.cli.main import main; main()", "check")
BUILD = ("-c", "from casepool.cli.main import main; main()", "build", "--cores", "2")


@dataclass(frozen=True)
class Trial:
    """One thing that happens to a project, and what must be seen."""

    name: str
    harm: Callable[[Project], None]
    said: str = ""
    ends_well: bool = False
    results: str = "any"
    command: tuple[str, ...] = PLAIN
    inside: str = ""  # run by sh before the command, in mounts of its own
    environment: dict[str, str] = field(default_factory=dict)
    needs: str = ""  # a program without which the trial cannot be made


def nothing(project: Project) -> None:
    """Do no harm to a file: the trial is in the surroundings."""


def edit(path: str, old: str, new: str, *, aged: bool = False) -> Callable[[Project], None]:
    """Return a harm that replaces a text once; ``aged`` gives the file an older date, as an archive does."""

    def harm(project: Project) -> None:
        file = project.root / path
        content = file.read_bytes()
        assert content.count(old.encode()) >= 1, f"{old} is not in {path}"
        file.write_bytes(content.replace(old.encode(), new.encode(), 1))
        if aged:
            os.utime(file, OLD)

    return harm


def content(path: str, change: Callable[[bytes], bytes]) -> Callable[[Project], None]:
    """Return a harm that changes the bytes of a file."""

    def harm(project: Project) -> None:
        file = project.root / path
        file.write_bytes(change(file.read_bytes()))

    return harm


def removed(path: str) -> Callable[[Project], None]:
    """Return a harm that takes a file or a folder away."""

    def harm(project: Project) -> None:
        place = project.root / path
        shutil.rmtree(place) if place.is_dir() else place.unlink()

    return harm


def all_dates(date: float | None, *folders: str) -> Callable[[Project], None]:
    """Return a harm that gives every file one date (None: now)."""

    def harm(project: Project) -> None:
        for folder in folders:
            for path in sorted((project.root / folder).rglob("*")):
                if path.is_file():
                    os.utime(path, None if date is None else (date, date))

    return harm


def folder_in_place(project: Project) -> None:
    """Put a folder where a table was."""
    (project.root / PATIENTS).unlink()
    (project.root / PATIENTS).mkdir()


def pipe_in_place(project: Project) -> None:
    """Put a named pipe where a table was: who opens it waits for ever."""
    (project.root / PATIENTS).unlink()
    os.mkfifo(project.root / PATIENTS)


def linked(project: Project) -> None:
    """Keep the curated tables elsewhere."""
    place = project.root / "data" / "curated"
    place.rename(project.root / "elsewhere")
    place.symlink_to(Path("..") / "elsewhere")


def aged(path: str) -> Callable[[Project], None]:
    """Return a harm that cuts a file and gives it an older date."""

    def harm(project: Project) -> None:
        content(path, lambda data: data[:100])(project)
        os.utime(project.root / path, OLD)

    return harm


def semicolons(path: str) -> Callable[[Project], None]:
    """Return a harm that saves a table as a French spreadsheet does."""

    def change(data: bytes) -> bytes:
        out = io.StringIO()
        csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(csv.reader(io.StringIO(data.decode())))
        return out.getvalue().encode()

    return content(path, change)


def flipped(data: bytes) -> bytes:
    """Return a file with one bit in its middle turned."""
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


def conflict(data: bytes) -> bytes:
    """Return a table as git leaves it where two people changed one row."""
    first, second, rest = data.split(b"\n", 2)
    return b"\n".join([first, b"<<<<<<< HEAD", second, b"=======", second, b">>>>>>> other", rest])


def instead(data: bytes) -> Callable[[bytes], bytes]:
    """Return a change of everything."""
    return lambda _: data


def swap(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    """Return a change of one text into another."""
    return lambda data: data.replace(old, new, 1)


def html_as_snapshot(project: Project) -> None:
    """Store the page of a portal in place of the records, with checksums that are right."""
    folder = next((project.root / "data" / "raw" / "pubmed").iterdir())
    page = gzip.compress(b"<html><body>Sign in to go on</body></html>", mtime=0)
    (folder / "records.xml.gz").write_bytes(page)
    digest = hashlib.sha256(page).hexdigest()
    kept = json.loads((folder / "search.json").read_text(encoding="utf-8"))
    kept["sha256"] = digest
    (folder / "search.json").write_text(json.dumps(kept), encoding="utf-8")


def big(path: str, megabytes: int) -> Callable[[Project], None]:
    """Return a harm that repeats the last row of a table until it is big."""

    def change(data: bytes) -> bytes:
        last = data.rstrip(b"\n").rpartition(b"\n")[2] + b"\n"
        return data + last * (megabytes * 2**20 // len(last))

    return content(path, change)


SNAPSHOT = "data/raw/pubmed/2026-11-22"
RECORDS, SEARCH = f"{SNAPSHOT}/records.xml.gz", f"{SNAPSHOT}/search.json"
HERE = "/tmp/casepool-trial"  # a folder that a trial mounts something on


def answer_changed(data: bytes) -> bytes:
    """Return the table of patients with one response changed."""
    changed, n = re.subn(rb"^(vernava2023,p1,.*?),complete,", rb"\1,partial,", data, flags=re.MULTILINE)
    assert n == 1
    return changed


def answer(*, forgotten: bool = False) -> Callable[[Project], None]:
    """Return a harm that changes one response in a file of an older date."""

    def harm(project: Project) -> None:
        if forgotten:
            shutil.rmtree(project.root / ".snakemake")
        content(PATIENTS, answer_changed)(project)
        os.utime(project.root / PATIENTS, OLD)

    return harm


def hostile(project: Project) -> None:
    """Write formulas, TeX, Jinja and HTML as the authors of publications."""
    texts = ["=1+2", "@SUM(1+2)", "+1+2", "-1+2", "[link](x)", r"\input{x}", "{{7*7}}", "<script>alert(1)</script>"]
    file = project.root / REPORTS
    header, *rows = csv.reader(io.StringIO(file.read_text(encoding="utf-8")))
    place = header.index("authors")
    for row, text in zip(rows[:: len(rows) // len(texts)], texts, strict=False):
        row[place] = text
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([header, *rows])
    file.write_text(out.getvalue(), encoding="utf-8")


RUNNING: list[subprocess.Popen[str]] = []


def busy(project: Project) -> None:
    """Change an answer, start a build and wait until it works; the trial ends it."""
    answer()(project)
    RUNNING.append(subprocess.Popen([sys.executable, *PLAIN], cwd=project.root, stdout=subprocess.DEVNULL,
                                    stderr=subprocess.DEVNULL, text=True))  # fmt: skip
    locks = project.root / ".snakemake" / "locks"
    while not (locks.is_dir() and any(locks.iterdir())) and RUNNING[-1].poll() is None:
        time.sleep(0.05)


def spoilt(name: str, path: str, change: Callable[[bytes], bytes], said: str) -> Trial:
    """Return a trial with a file that the check refuses in one sentence."""
    return Trial(name, content(path, change), said)


def put(text: str) -> Callable[[bytes], bytes]:
    """Return a change that puts a text inside the title of a publication."""
    return lambda data: data.replace(b"Efficacy of Anti-CD38", f"Efficacy{text} of Anti-CD38".encode(), 1)


TMPFS = "mount -t tmpfs -o size={size} tmpfs {place}"
# Programs that Snakemake asks for where its plugin for Slurm is installed; git is not among them.
ONLY_WHICH = f"ln -sf $(command -v which) {HERE}/ && export PATH={HERE}"
SMALL, NO_ROOM, NO_WRITING = (
    TMPFS.format(size=size, place=place) for size, place in (("3m", "results"), ("4k", HERE), ("4k,ro", HERE))
)
FROZEN = "mount --bind results results && mount -o remount,ro,bind results"

TRIALS: tuple[Trial, ...] = (
    Trial("an answer edited, file dated 2020", answer(), ends_well=True, results="edited"),
    Trial("the same, results copied over a fresh clone", answer(forgotten=True), ends_well=True, results="edited"),
    Trial("a result edited by hand", edit(RESULT, "itp", "ipt"), "results.csv", ends_well=True, results="same"),
    Trial("a result deleted", removed("results/results.json"), ends_well=True, results="same"),
    Trial("a result cut", content("results/results.json", lambda data: data[:1000]), "results.json", True, "same"),
    Trial("a result cut, dated 2020", aged("results/manuscript/en/report.html"), "report.html", True, "same"),
    Trial("all results dated 2020", all_dates(1.58e9, "results"), ends_well=True, results="same"),
    Trial("every date new", all_dates(None, "config", "data", "src", "workflow"), "Nothing to be done", True, "same"),
    Trial("every date in the future", all_dates(4e9, "config", "data"), ends_well=True, results="same"),
    Trial("sources.csv with a byte order mark", content(SOURCES, lambda data: b"\xef\xbb\xbf" + data), "", True, "any"),
    Trial("sources.csv with semicolons", semicolons(SOURCES), "", True, "any"),
    Trial("U+000B in a title: taken away and named", content(REPORTS, put("\x0b")), "reports.csv", True,
          command=CHECK),
    spoilt("U+0002 in a title", REPORTS, put("\x02"), "reports.csv, row"),
    Trial("U+FEFF in a title: taken away and named", content(REPORTS, put("\ufeff")), "reports.csv", True,
          command=CHECK),
    Trial("U+200B in a title: taken away and named", content(REPORTS, put("\u200b")), "reports.csv", True,
          command=CHECK),
    Trial("U+202E in a title: taken away and named", content(REPORTS, put("\u202e")), "U+202E", True, command=CHECK),
    Trial("formulas, TeX, Jinja, HTML as authors", hostile, ends_well=True, results="harmless"),
    Trial("snapshot deleted", removed(SNAPSHOT), "records.xml.gz"),
    spoilt("records cut", RECORDS, lambda data: data[:-200], "records.xml.gz"),
    spoilt("one bit of the records turned", RECORDS, flipped, "records.xml.gz"),
    spoilt("records empty", RECORDS, instead(b""), "records.xml.gz"),
    spoilt("search.json edited", SEARCH, lambda data: data.replace(b"2026", b"2025", 1), "search.json"),
    spoilt("search.json is a list", SEARCH, instead(b"[]"), "search.json"),
    Trial("a web page as snapshot, checksums right", html_as_snapshot, "records.xml.gz"),
    spoilt("NUL in a table", PATIENTS, lambda data: data[:500] + b"\0" + data[500:], "patients.csv"),
    Trial("UTF-16: read and noted", content(PATIENTS, lambda data: data.decode().encode("utf-16")), "byte order mark",
          True, command=CHECK),
    spoilt("empty table", PATIENTS, instead(b""), "patients.csv"),
    Trial("a folder in place of a table", folder_in_place, "patients.csv"),
    Trial("a named pipe in place of a table", pipe_in_place, "patients.csv"),
    spoilt("conflict markers", PATIENTS, conflict, "patients.csv"),
    Trial("CR alone ends lines", content(PATIENTS, lambda data: data.replace(b"\n", b"\r")), "", True, "any"),
    Trial("CRLF ends lines", content(PATIENTS, lambda data: data.replace(b"\n", b"\r\n")), "", True, "any"),
    Trial("a table of 200 MB", big(PATIENTS, 200), "patients.csv"),
    Trial("curated folder is a link", linked, "", ends_well=True, results="any"),
    spoilt("a key twice in the configuration", CONFIG, lambda data: data + b"\nseed: 7\n", "seed"),
    spoilt("a Python object in YAML", CONFIG, lambda data: data + b"\nx: !!python/name:os.sep\n", "config.yaml"),
    # Whoever writes the configuration is trusted (docs/security.md).
    Trial("registry on another disk", content(CONFIG, swap(b"dir: data/raw/registry", b"dir: ../../etc")), "", True,
          command=CHECK),
    spoilt("sources.csv names a file outside", SOURCES, swap(b"data/raw/imports/trial", b"/etc/trial"), "/etc/trial"),
    Trial("no disk space for results", nothing, "The disk is full", inside=SMALL),
    Trial("results may not be written", answer(), "may not be written", inside=FROZEN),
    # The bytes name the commit, and `casepool build` is of another folder than plain Snakemake.
    Trial("home may not be written", nothing, "verified", True, command=BUILD, inside=NO_WRITING,
          environment={"HOME": HERE}),
    Trial("home is missing", nothing, "Nothing to be done", True, "same", environment={"HOME": "/nowhere/at/all"}),
    Trial("no git", answer(), "", True, "edited", inside=ONLY_WHICH),
    Trial("no space for temporary files", answer(), "", True, "edited", inside=NO_ROOM,
          environment={"TMPDIR": HERE}),
    Trial("64 open files at most", answer(), "", True, "edited", inside="ulimit -n 64"),
    Trial("LANG=C", answer(), "", True, "edited", environment={"LANG": "C", "LC_ALL": "C"}),
    Trial("Turkish letters, Kiribati time", answer(), "", True, "edited",
          environment={"LC_ALL": "tr_TR.UTF-8", "TZ": "Pacific/Kiritimati"}),
    Trial("clock 40 days back", answer(), "", True, "edited", command=PLAIN, inside="true", needs="faketime"),
    Trial("a second build while one runs", busy, "A build is at work in this folder", results="any"),
)  # fmt: skip
