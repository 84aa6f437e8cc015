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
