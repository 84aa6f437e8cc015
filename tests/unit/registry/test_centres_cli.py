"""`casepool registry centres`: a line, a letter and a page for each centre. All centres and patients are SYNTHETIC."""

from __future__ import annotations

import shutil
from html.parser import HTMLParser
from pathlib import Path

import invented
import pytest
from bad_returns import SECRETS, entry, french
from typer.testing import CliRunner, Result

from casepool.cli.main import app

FICTIVE = {"centre": "CHU de Fictive", "centre_n_treated": 6, "centre_n_reported": 6}
WHOLE = {"centre": "Hôpital Exemple, Bourg-Modèle", "centre_n_treated": 2, "centre_n_reported": 2}
LATER = "12/05/2026"
KEY = {"CASEPOOL_REGISTRY_KEY": "an invented key that is of no use elsewhere 0123456789"}


@pytest.fixture(scope="module")
def registry(tmp_path_factory) -> Path:
    """Return a project: a centre with questions, a complete one, one that is silent, and a file of no use."""
    project = tmp_path_factory.mktemp("registry")
    shutil.copytree(invented.ROOT / "config", project / "config")
    folder = project / "data" / "raw" / "registry"
    folder.mkdir(parents=True)
    rows = [
        entry("P1", **FICTIVE),
        entry("P2", **FICTIVE, age_years=52),
        entry("P4", **FICTIVE, age_years=312),
        entry("P5", **FICTIVE, age_years=61, response="non rapporté"),
        entry("P6", **FICTIVE, age_years=70, sex="homme"),
    ]
    (folder / "fictive.csv").write_bytes(french(*rows))
    later = FICTIVE | {"filled_on": LATER}
    corrected = [entry("P1", **later, response="partielle"), entry("P6", **later, age_years=70, sex="femme")]
    objection = entry("P2", **later, objection_checked="non")
    (folder / "fictive-may.csv").write_bytes(french(*corrected, objection))
    (folder / "exemple.csv").write_bytes(french(entry("P1", **WHOLE), entry("P2", **WHOLE, response="aucune")))
    (folder / "spoiled.csv").write_bytes(b"no,form\n1,2\n")
    notes = "centre,date,note\nCHU de Muette,2026-09-01,SYNTHETIC call\nHopital Exemple (Bourg-Modele),2026-11-02,\n"
    (folder / "contacts.csv").write_text(notes, encoding="utf-8")
    return project


def asked(project: Path, day: str = "2026-11-28", language: str = "en", out: Path | None = None) -> Result:
    """Return what the command answers on a day."""
    options = ["--folder", str(project), "--today", day, "--lang", language, *(["--out", str(out)] if out else [])]
    result = CliRunner().invoke(app, ["registry", "centres", *options], env=KEY)
    assert result.exit_code == 0, result.output
    return result


@pytest.fixture(scope="module")
def letters(registry, tmp_path_factory) -> dict[str, dict[str, str]]:
    """Return language → name of the file → text of every letter."""
    found = {}
    for language in ("en", "fr"):
        out = tmp_path_factory.mktemp(language) / "letters"
        asked(registry, language=language, out=out)
        found[language] = {path.stem: path.read_text(encoding="utf-8") for path in out.glob("*.txt")}
        assert (out / ".gitignore").read_text() == "*\n"
    return found


def test_each_centre_has_a_line_with_its_numbers_and_why_it_is_not_complete(registry):
    """The first look of the day."""
    lines = asked(registry).stdout.splitlines()
    assert lines[0].startswith("CHU de Fictive: treated 6, reported 6, accepted 3, waiting 2, objected 1; not complete")
    assert (
        "CHU de Muette: treated –, reported –, accepted 0, waiting 0, objected 0; not complete, because nothing"
        in lines[1]
    )
    assert lines[2].startswith(
        "Hôpital Exemple, Bourg-Modèle: treated 2, reported 2, accepted 2, waiting 0, objected 0; complete"
    )


@pytest.mark.parametrize(
    ("day", "reminded"),
    [
        ("2026-11-28", {"CHU de Muette"}),
        ("2026-12-28", {"CHU de Muette"}),
        ("2026-12-29", {"CHU de Muette", "CHU de Fictive"}),
    ],
)
def test_a_centre_with_something_open_is_reminded_after_the_configured_days_of_silence(registry, day, reminded):
    """Thirty days after its last file, which was noted on the first day; a complete centre never."""
    asked(registry)
    said = asked(registry, day).stdout.split("To be reminded:\n")[1].split("\n\n")[0]
    assert {line.split(":")[0].strip() for line in said.splitlines()} == reminded


def test_files_that_belong_to_no_centre_are_named(registry):
    """Nothing is silently left out."""
    assert "Files of which no line is of a known centre" in asked(registry).stdout
    assert "spoiled.csv" in asked(registry).stdout


def test_a_letter_says_what_was_taken_asked_and_is_missing(letters):
    """By number, file, line and the name of the column on the form."""
    letter = letters["en"]["chu-de-fictive"]
    assert "Received: fictive.csv, on 28 November 2026." in letter
    assert "Taken: 3 patients, P1, P5, P6." in letter
    assert "Taken out because of an objection: 1 patient, P2." in letter
    assert "Corrected by your line of 12 May 2026: P1, “Response”." in letter
    assert "Your line of 12 May 2026 waits for an answer to a question below: P6, “Sex”." in letter
    assert "- P4, file fictive.csv, line 4, “Age at first dose”: expected a number from 0 to 120" in letter
    assert "Not sent yet: 1 patient of 6 treated, P3." in letter
    assert "The outcome is missing for 1 patient: P5." in letter
    assert "Your centre counts as complete" in letters["en"]["hopital-exemple-bourg-modele"]
    assert "On 28 November 2026 nothing has come from your centre yet." in letters["en"]["chu-de-muette"]


def test_no_letter_repeats_an_answer_or_another_centre(letters):
    """A letter may go astray."""
    for told in letters.values():
        for name, text in told.items():
            assert not [secret for secret in (*SECRETS, "312", "52", "61") if secret in text]
            assert sum(centre in text for centre in ("CHU de Fictive", "CHU de Muette", "Hôpital Exemple")) == 1, name


def test_letters_in_french_are_french_to_the_last_line(letters):
    """Dates, columns and what is expected too."""
    letter = letters["fr"]["chu-de-fictive"]
    assert "- P4, fichier fictive.csv, ligne 4, « Âge à la première dose » : attendu, un nombre de 0 à 120" in letter
    assert "Reçu : fictive-may.csv, le 28 novembre 2026." in letter
    assert not {"expected", "received", "patient_code", "age_years"} & set(letter.lower().split())


class Words(HTMLParser):
    """Collects the text of a page, and what it would load from elsewhere."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text, self.loads = "", []
        self.feed(page)

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.text += data

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the addresses."""
        self.loads += [value for name, value in attrs if name in {"src", "href"} and value and value[0] != "#"]


@pytest.mark.parametrize(("language", "heading"), [("en", "What came when"), ("fr", "Ce qui est arrivé, et quand")])
def test_the_page_shows_every_centre_with_the_trail_of_its_files_and_no_answer(registry, language, heading):
    """Private, in both languages, and complete without a network."""
    asked(registry, language=language)
    page = Words((registry / "results" / "private" / "centres.html").read_text(encoding="utf-8"))
    assert page.loads == []
    assert heading in page.text
    assert page.text.count("CHU de Fictive") >= 2
    assert "SYNTHETIC call" in page.text
    assert not [secret for secret in (*SECRETS, "312") if secret in page.text.split("Centre", 1)[1].replace("0", "")]
    arrivals = (registry / "data" / "raw" / "registry" / "arrivals.csv").read_text(encoding="utf-8")
    checksums = [line.split(",")[1] for line in arrivals.splitlines()[1:] if "spoiled" not in line]
    assert all(checksum in page.text for checksum in checksums)


def test_a_corrected_file_leaves_its_earlier_content_in_the_trail(registry, tmp_path):
    """What came when stays, also of a file that was replaced."""
    project = tmp_path / "copy"
    shutil.copytree(registry, project)
    asked(project)
    path = project / "data" / "raw" / "registry" / "exemple.csv"
    path.write_bytes(french(entry("P1", **WHOLE), entry("P2", **WHOLE, response="partielle")))
    asked(project, "2026-11-30")
    page = Words((project / "results" / "private" / "centres.html").read_text(encoding="utf-8")).text
    assert "28 November 2026: exemple.csv, in an earlier content" in page
    assert "30 November 2026: exemple.csv, 2 rows count" in page


def test_a_contact_with_an_impossible_date_is_a_problem_with_its_line(registry, tmp_path):
    """As in every table that people type."""
    project = tmp_path / "copy"
    shutil.copytree(registry, project)
    (project / "data" / "raw" / "registry" / "contacts.csv").write_text("centre,date,note\nCHU,2026-13-01,\n")
    result = CliRunner().invoke(
        app,
        ["registry", "centres", "--folder", str(project)],
        env=KEY,
    )
    assert result.exit_code != 0
    assert "contacts.csv, row 2" in str(result.exception)
