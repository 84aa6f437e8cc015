"""A patient is forgotten: the lines are emptied, all else stays, and the number never comes in again. SYNTHETIC."""

from __future__ import annotations

import io
import stat
import zipfile

import openpyxl
import pytest
from bad_returns import KEY, book, cells, entry, french, saved, text
from invented import protocol
from redcap_returns import centre as redcap_centre, export, patient as redcap_patient

from casepool.contract.registry import FORM
from casepool.model.errors import FileError
from casepool.registry.intake.forgetting import find_patient, forget
from casepool.registry.intake.reading import Intake, read_registry
from casepool.report.registry_status import forgetting_text

PROTOCOL = protocol()
CHU, DAY = "CHU Uqbar", "2026-11-28"
ONCE = dict.fromkeys(["centre", "country", "filled_on", "centre_n_treated", "centre_n_reported"], "")


def rows(**first) -> list[dict]:
    """Return three patients of a centre that is named in the first line alone."""
    notes = {"P1": "mot de un", "P2": "mot de deux", "P3": "mot de trois"}
    told = [entry(code, centre=CHU, note=note) for code, note in notes.items()]
    return [told[0] | first, *(one | ONCE for one in told[1:])]


def taken(folder) -> Intake:
    return read_registry(folder, KEY, PROTOCOL)


def forgotten(folder, code: str = "P1", centre: str = CHU):
    found = find_patient(folder, folder / "private", KEY, PROTOCOL, centre, code)
    forget(found, folder, KEY, PROTOCOL, DAY)
    return found


def workbook() -> bytes:
    made = book(cells(*rows()))
    made.worksheets[0]["A2"].comment = openpyxl.comments.Comment("de un", "x")
    made.worksheets[0].cell(2, 36).comment = openpyxl.comments.Comment("mot de un", "x")
    return saved(made)


FILES = {
    "semicolons.csv": french(*rows()),
    "windows.csv": french(*rows(), encoding="cp1252"),
    "tabs.csv": french(*rows(), separator="\t").decode("utf-8-sig").encode("utf-16"),
    "sep.csv": b"sep=;\r\n" + french(*rows(), encoding="utf-8"),
    "lines.csv": french(*[one | {"note": f"{one['note']}\nencore"} for one in rows()]),
    "cr.csv": french(*rows()).replace(b"\r\n", b"\r"),
    "book.xlsx": workbook(),
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("code", ["P1", "2"])
def test_the_lines_of_a_patient_are_emptied_and_nothing_else_changes(tmp_path, name, code):
    (tmp_path / name).write_bytes(FILES[name])
    before = taken(tmp_path).registry.set_index("patient_code")
    assert len(before) == 3
    found = forgotten(tmp_path, code)
    after = taken(tmp_path)
    gone = f"P{code.removeprefix('P')}"
    assert (
        after.registry.set_index("patient_code")
        .drop(columns="ascertainment")
        .equals(before.drop(index=gone).drop(columns="ascertainment"))
    )
    assert found.lines == {tmp_path / name: (int(gone[1:]) + 1 + (name == "sep.csv"),)}
    assert after.is_settled
    content = (tmp_path / name).read_bytes()
    texts = b"".join(unpacked(content)) if name.endswith("xlsx") else content
    word = {"P1": "mot de un", "P2": "mot de deux"}[gone]
    assert not any(word.encode(encoding) in texts for encoding in ("utf-8", "utf-16-le"))


def unpacked(content: bytes) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [archive.read(name) for name in archive.namelist()]


def test_a_text_file_differs_in_the_emptied_line_alone(tmp_path):
    (tmp_path / "a.csv").write_bytes(FILES["windows.csv"])
    forgotten(tmp_path, "P2")
    old, new = FILES["windows.csv"].split(b"\r\n"), (tmp_path / "a.csv").read_bytes().split(b"\r\n")
    assert [place for place, (one, other) in enumerate(zip(old, new, strict=True)) if one != other] == [2]
    assert new[2].strip(b";") == b""


def test_the_rights_of_a_file_stay_as_they_were(tmp_path):
    (tmp_path / "a.csv").write_bytes(FILES["semicolons.csv"])
    (tmp_path / "a.csv").chmod(0o600)
    forgotten(tmp_path)
    assert stat.S_IMODE((tmp_path / "a.csv").stat().st_mode) == 0o600


def test_every_file_is_searched_the_refused_and_the_objection_too(tmp_path):
    (tmp_path / "a.csv").write_bytes(french(*rows()))
    (tmp_path / "mai.csv").write_bytes(french(entry("p 01", centre="C.H.U. Uqbar", objection_checked="non")))
    (tmp_path / "named.csv").write_bytes(french(entry("P1", centre=CHU, note="Mme Zorglub")))
    redcap = export(redcap_centre(centre=CHU), redcap_patient(1), redcap_patient(2))
    (tmp_path / "redcap.csv").write_bytes(redcap)
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600)
    found = forgotten(tmp_path)
    assert {path.name: lines for path, lines in found.lines.items()} == {
        "a.csv": (2,), "mai.csv": (2,), "named.csv": (2,), "redcap.csv": (3,)
    }  # fmt: skip
    assert [path.name for path in found.not_searched] == ["old.xls"]
    assert b"Zorglub" not in (tmp_path / "named.csv").read_bytes()
    assert "P1" not in set(taken(tmp_path).registry["patient_code"])


def test_a_forgotten_number_never_comes_in_again_under_any_name_of_the_centre(tmp_path):
    (tmp_path / "centres.csv").write_text(f"name,centre\nUqbar,{CHU}\n", encoding="utf-8")
    (tmp_path / "a.csv").write_bytes(french(*rows()))
    forgotten(tmp_path)
    (tmp_path / "centres.csv").unlink()
    later = [entry("P1", centre=name, filled_on="1/12/2026") for name in (CHU, "chu uqbar", "Uqbar")]
    (tmp_path / "b.csv").write_bytes(french(*later))
    intake = taken(tmp_path)
    assert "P1" not in set(intake.registry["patient_code"])
    assert [one for one in intake.quarantine["expected"] if one.startswith("no line of a patient who was forgotten")]
    assert intake.waiting.empty
    assert not intake.is_settled
    forgotten(tmp_path)
    forgotten(tmp_path, centre="Uqbar")
    assert taken(tmp_path).quarantine.empty


def test_a_name_that_is_decided_later_does_not_bring_a_forgotten_patient_back(tmp_path):
    (tmp_path / "a.csv").write_bytes(french(*rows()))
    forgotten(tmp_path)
    (tmp_path / "centres.csv").write_text(f"name,centre\n{CHU},Tlön\n", encoding="utf-8")
    (tmp_path / "b.csv").write_bytes(french(entry("P1", centre="Tlön")))
    assert "P1" not in set(taken(tmp_path).registry["patient_code"])


def test_forgetting_settles_an_objection_that_finds_nobody_and_keeps_the_centre_complete(tmp_path):
    totals = {"centre_n_treated": 4, "centre_n_reported": 3}
    (tmp_path / "a.csv").write_bytes(french(*rows(**totals)))
    (tmp_path / "b.csv").write_bytes(french(entry("P9", centre=CHU, objection_checked="non")))
    assert set(taken(tmp_path).registry["ascertainment"]) == {"selective"}
    forgotten(tmp_path, "P9")
    intake = taken(tmp_path)
    assert intake.is_settled
    assert set(intake.registry["ascertainment"]) == {"complete"}


def test_only_keyed_hashes_and_the_day_are_kept(tmp_path):
    (tmp_path / "a.csv").write_bytes(french(*rows()))
    found = forgotten(tmp_path)
    header, line = (tmp_path / "forgotten.csv").read_text(encoding="utf-8").splitlines()
    assert header == "pseudonym,centre_pseudonym,forgotten_on"
    assert line.split(",")[0] == found.pseudonym
    assert line.endswith(f",{DAY}")


def test_looking_changes_nothing_and_says_what_would_be_done(tmp_path):
    (tmp_path / "a.csv").write_bytes(french(*rows()))
    (tmp_path / "private").mkdir()
    found = find_patient(tmp_path, tmp_path / "private", KEY, PROTOCOL, CHU, "P1")
    (tmp_path / "private" / "registry.csv").write_text(found.pseudonym, encoding="utf-8")
    found = find_patient(tmp_path, tmp_path / "private", KEY, PROTOCOL, CHU, "P1")
    assert (tmp_path / "a.csv").read_bytes() == french(*rows())
    assert not (tmp_path / "forgotten.csv").exists()
    told = forgetting_text(found, "fr", done=False)
    assert "vidées, sauf ce que les lignes disent du centre : 1 ligne de a.csv (ligne 2)" in told
    assert "le patient figure dans results/private : registry.csv" in told
    assert "hors d’atteinte : les totaux publiés" in told
    assert told.endswith("Rien n’a été modifié. Ajouter --yes pour le faire.")


@pytest.mark.parametrize(
    ("centre", "code", "message"),
    [
        ("CHU Tlön", "P1", "“CHU Tlön”: no return names this centre; expected one of: CHU Uqbar"),
        (CHU, "XY", "XY: no number"),
    ],
)
def test_a_centre_or_number_that_is_none_is_refused(tmp_path, centre, code, message):
    (tmp_path / "a.csv").write_bytes(french(*rows()))
    with pytest.raises(FileError, match=message):
        forgotten(tmp_path, code, centre)


def test_a_patient_of_the_decisions_on_identity_is_pointed_out(tmp_path):
    (tmp_path / "a.csv").write_bytes(french(*rows()))
    pseudonym = find_patient(tmp_path, tmp_path, KEY, PROTOCOL, CHU, "P1").pseudonym
    header = "case_a,case_b,decision,reason,reader,date"
    line = f"alpha2020/p1,registry/{pseudonym},same_patient,x,reader_one,2026-01-31"
    (tmp_path / "identity_decisions.csv").write_text(f"{header}\n{line}\n", encoding="utf-8")
    assert find_patient(tmp_path, tmp_path / "none", KEY, PROTOCOL, CHU, "P1").decisions == (2,)


def test_a_flat_export_is_emptied_but_for_the_centre(tmp_path):
    names = ["record_id", *FORM.names]
    told = [
        [str((entry(f"P{n}", centre=CHU) | {"record_id": f"{n}0"}).get(name, "")) for name in names] for n in (1, 2)
    ]
    (tmp_path / "a.csv").write_bytes(text(names, told).encode())
    forgotten(tmp_path)
    first = (tmp_path / "a.csv").read_text(encoding="utf-8").splitlines()[1]
    assert [cell for cell in first.split(",") if cell] == [CHU, "Utopie", "31/01/2026", "3", "3"]
