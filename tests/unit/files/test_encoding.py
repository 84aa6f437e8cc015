"""Bytes become text; what reading them as Windows-1252 would spoil is remarked on."""

from __future__ import annotations

import pytest

from casepool.files.encoding import decode


@pytest.mark.parametrize(
    "text", ["Efficacité – étude « rétrospective » n°3, ½ dose, 5 µg/m²", "Müller ß, Besançon, Œuvre, Å", "£5 – €7 …"]
)
def test_western_letters_are_read_as_windows_1252(text):
    """As French, German and Scandinavian exports are written."""
    assert decode(text.encode("cp1252")) == (text, decode("é".encode("cp1252"))[1])
    assert [note.id for note in decode(text.encode("cp1252"))[1]] == ["read_as_windows_1252"]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("mac_roman", "Efficacité dans une cytopénie traitée à Besançon"),
        ("cp850", "Efficacité dans une cytopénie"),
        ("gb18030", "虚构单抗治疗虚构贫血一例"),
        ("shift_jis", "架空の抗体による治療"),
        ("euc_kr", "가상의 항체 치료 사례"),
        ("cp1251", "Лечение вымышленной анемии"),
        ("cp1250", "Pawłowski, świeży przypadek małopłytkowości"),
    ],
)
def test_another_encoding_is_not_passed_off_as_windows_1252(encoding, text):
    """Its titles are nonsense then, and would meet no other record."""
    assert "perhaps_another_encoding" in [note.id for note in decode(f"TI  - {text}".encode(encoding))[1]]


def test_letters_typed_into_a_file_whose_old_letters_are_utf8_are_read_where_they_make_a_word():
    """A French Excel opens UTF-8 as Windows-1252: old letters keep their bytes, new ones are one byte each."""
    old = "id,journal\na,cytopénies réfractaires à Besançon\nb,« Strüßmann » – Charité\n".encode()
    text, notes = decode(old + "c,Méd Interne créée à l’été\nd,Œuvre d’Évian\n".encode("cp1252"))
    assert text.splitlines()[3:] == ["c,Méd Interne créée à l’été", "d,Œuvre d’Évian"]
    assert "cytopénies réfractaires à Besançon" in text
    assert [(note.id, note["rows"]) for note in notes] == [("letters_of_another_encoding", ("4", "5"))]


@pytest.mark.parametrize("damaged", [b"r\xc3fractaire", b"r\xa9fractaire", b"l\xe2\x80h\xc3\xb4pital", b"a\x9db"])
def test_a_letter_of_which_bytes_are_lost_is_no_other_letter(damaged):
    """Half of a letter of UTF-8 would be another letter in Windows-1252: a wrong accent that nobody notices."""
    text, notes = decode("a,cytopénies réfractaires\nb,".encode() + damaged)
    assert "\ufffd" in text
    assert "characters_lost" in [note.id for note in notes]
