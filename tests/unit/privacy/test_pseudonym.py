"""Pseudonyms: keyed, stable under spelling, worthless without the key."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import invented
import pytest
from hypothesis import given, strategies as st
from typer.testing import CliRunner

from casepool.cli.main import app
from casepool.model.errors import PrivacyError
from casepool.privacy.pseudonym import (
    KEY_VARIABLE,
    case_pseudonym,
    centre_pseudonym,
    load_key,
    return_label,
    write_new_key,
)

KEY = b"0123456789abcdef0123456789abcdef"
OTHER_KEY = b"fedcba9876543210fedcba9876543210"
CENTRE = "Hôpital de l'Île, Médecine interne"


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    """Return a key file made by the command."""
    path = tmp_path / "private" / ".key"
    write_new_key(path)
    return path


def test_pseudonyms_have_their_form():
    assert re.fullmatch(r"[0-9a-f]{12}", case_pseudonym(KEY, CENTRE, "P1"))
    assert re.fullmatch(r"registry-[0-9a-f]{6}", centre_pseudonym(KEY, CENTRE))
    assert re.fullmatch(r"return-[0-9a-f]{8}", return_label(KEY, "centre.xlsx"))


@pytest.mark.parametrize("code", ["P1", "p1", "P01", "1", "0001", " p 1 ", "Ｐ１"])
def test_a_serial_number_in_another_spelling_is_the_same_patient(code):
    assert case_pseudonym(KEY, CENTRE, code) == case_pseudonym(KEY, CENTRE, "P1")


@pytest.mark.parametrize(
    "centre",
    [
        "HOPITAL DE L'ILE, MEDECINE INTERNE",
        "Hôpital de l’Île,  médecine interne ",
        "Hôpital de l'Île - Médecine interne",
        "Ho\u0302pital de l'I\u0302le, Me\u0301decine interne",
        "Hôpital\u00a0de l'Île, Méde\u200bcine interne",
    ],
)
def test_a_centre_in_another_spelling_is_the_same_centre(centre):
    assert centre_pseudonym(KEY, centre) == centre_pseudonym(KEY, CENTRE)
    assert case_pseudonym(KEY, centre, "P1") == case_pseudonym(KEY, CENTRE, "P1")


def test_different_patients_centres_keys_and_files_have_different_pseudonyms():
    made = {case_pseudonym(key, centre, f"P{n}") for key in (KEY, OTHER_KEY) for centre in "AB" for n in range(500)}
    assert len(made) == 2000
    assert centre_pseudonym(KEY, CENTRE) != centre_pseudonym(OTHER_KEY, CENTRE)
    assert centre_pseudonym(KEY, CENTRE) != centre_pseudonym(KEY, "Hôpital de la Mer")
    assert return_label(KEY, "a.xlsx") != return_label(KEY, "b.xlsx")
    assert return_label(KEY, "a.xlsx") != return_label(OTHER_KEY, "a.xlsx")


def test_a_file_name_is_the_same_whichever_way_the_system_writes_its_accents():
    assert return_label(KEY, "b\u00eata.xlsx") == return_label(KEY, "be\u0302ta.xlsx")


@given(st.text(min_size=1), st.text(min_size=1), st.text(min_size=1), st.text(min_size=1))
def test_what_stands_between_centre_and_number_cannot_be_forged(centre, code, other_centre, other_code):
    from casepool.privacy.pseudonym import _digest

    same = (centre, code) == (other_centre, other_code)
    assert (_digest(KEY, "case", centre, code) == _digest(KEY, "case", other_centre, other_code)) == same
    assert _digest(KEY, "case", centre) != _digest(KEY, "centre", centre)


def test_the_digest_is_the_documented_hmac():
    import hashlib
    import hmac

    message = b"8:casepool4:case9:centre ab1:7"
    assert case_pseudonym(KEY, "Centre AB", "P007") == hmac.new(KEY, message, hashlib.sha256).hexdigest()[:12]


def test_the_environment_goes_before_the_file(key_file):
    in_environment = "an environment key of 40 characters, yes"
    assert load_key({KEY_VARIABLE: f" {in_environment}\n"}, key_file) == in_environment.encode()
    assert load_key({KEY_VARIABLE: " "}, key_file) == key_file.read_bytes().strip()
    assert load_key({}, key_file) == key_file.read_bytes().strip()


def test_a_missing_key_says_how_to_make_one(tmp_path):
    with pytest.raises(PrivacyError, match=r"no key for the pseudonyms.*casepool registry key"):
        load_key({}, tmp_path / "none")


@pytest.mark.parametrize("weak", ["short", "a" * 64, "abcabc" * 10, "0123456789abcdef0123456789abcde"])
def test_a_weak_key_is_refused_and_not_shown(tmp_path, weak):
    with pytest.raises(PrivacyError, match="too weak") as caught:
        load_key({KEY_VARIABLE: weak}, tmp_path / "none")
    assert weak not in str(caught.value)
    (tmp_path / "key").write_text(weak)
    (tmp_path / "key").chmod(0o600)
    with pytest.raises(PrivacyError, match="too weak"):
        load_key({}, tmp_path / "key")


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o602])
def test_a_key_that_others_can_read_is_refused(key_file, mode):
    key_file.chmod(mode)
    with pytest.raises(PrivacyError, match="chmod 600"):
        load_key({}, key_file)


def test_a_key_file_that_is_no_text_is_refused(key_file):
    key_file.write_bytes(b"\xff\xfe\x00" * 20)
    with pytest.raises(PrivacyError, match="cannot be read"):
        load_key({}, key_file)


def git(folder: Path, *arguments: str) -> None:
    """Run git in a folder."""
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True)


def test_a_key_that_git_tracks_is_refused(key_file):
    git(key_file.parent, "init", "--quiet")
    git(key_file.parent, "add", "--force", ".key")
    with pytest.raises(PrivacyError, match="tracked by git"):
        load_key({}, key_file)


def test_a_key_is_not_made_where_git_would_take_it_in(tmp_path):
    git(tmp_path, "init", "--quiet")
    with pytest.raises(PrivacyError, match="git does not ignore"):
        write_new_key(tmp_path / "some" / "key")
    assert not (tmp_path / "some").exists()
    (tmp_path / ".gitignore").write_text("some/\n")
    write_new_key(tmp_path / "some" / "key")
    assert load_key({}, tmp_path / "some" / "key")


def test_a_new_key_is_random_private_and_never_overwrites(tmp_path, key_file):
    write_new_key(tmp_path / "another")
    assert (tmp_path / "another").read_text() != key_file.read_text()
    assert re.fullmatch(r"[0-9a-f]{64}\n", key_file.read_text())
    assert key_file.stat().st_mode & 0o777 == 0o600
    before = key_file.read_text()
    with pytest.raises(PrivacyError, match="exists"):
        write_new_key(key_file)
    assert key_file.read_text() == before


@pytest.mark.parametrize(
    ("place", "french"),
    [("file/key", "écriture impossible (son dossier est un fichier)"), ("file", "une autre clé donne d’autres")],
)
def test_a_key_that_is_refused_is_refused_in_the_language_asked_for(tmp_path, place, french):
    (tmp_path / "file").write_text("")
    with pytest.raises(PrivacyError) as raised:
        write_new_key(tmp_path / place)
    assert french in raised.value.text("fr")


def test_a_key_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(PrivacyError, match="cannot be written"):
        write_new_key(tmp_path / "file" / "key")


def test_the_command_makes_the_key_of_the_configuration_and_does_not_show_it(tmp_path, monkeypatch):
    (tmp_path / "config").mkdir()
    (tmp_path / "config/config.yaml").write_bytes((invented.ROOT / "config/config.yaml").read_bytes())
    monkeypatch.setenv(KEY_VARIABLE, "an environment key of 40 characters, yes")
    result = CliRunner().invoke(app, ["registry", "key", "--folder", str(tmp_path)])
    key = (tmp_path / "data/raw/registry/.key").read_text().strip()
    assert result.exit_code == 0
    assert key not in result.output
    assert all(told in result.output for told in (".key", "back it up outside git", "goes before this file"))
    again = CliRunner().invoke(app, ["registry", "key", "--folder", str(tmp_path)])
    assert isinstance(again.exception, PrivacyError)
