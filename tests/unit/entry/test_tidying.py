"""A table that a spreadsheet saved gets its form back, its values as they are; what is no matter of form is left."""

from __future__ import annotations

import invented
import pytest

from casepool.entry import rows
from casepool.entry.tidying import tidy
from casepool.files import sheets

DAMAGES = {
    "semicolon, Windows": lambda text: text.replace(",", ";").replace("\n", "\r\n").encode("cp1252"),
    "byte order mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "UTF-16": lambda text: text.encode("utf-16"),
    "tabs": lambda text: text.replace(",", "\t").encode(),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
def test_the_form_is_put_right_and_no_value_changes(project, damage):
    place = rows.place_of(project, "reports")
    invented.write_csv(place.file, "reports", invented.report(journal="Méd Interne", title="a", authors="=SUM(1)"))
    before = sheets.read_table("reports", place.file)
    place.file.write_bytes(DAMAGES[damage](place.file.read_text()))
    (said,) = tidy(project)
    assert said.id == "tidied"
    rows.read(place)
    assert sheets.read_table("reports", place.file).equals(before)
    assert [one.id for one in tidy(project)] == ["all_tidy"]


def test_columns_of_another_order_come_back_into_theirs(project):
    place = rows.place_of(project, "retraction_overrides")
    place.file.write_text("reader,date,report_id,reason\nr,2026-01-31,alpha2020,x\n")
    tidy(project)
    assert rows.open_row(place, ("alpha2020",)).cells["reader"] == "r"


@pytest.mark.parametrize(
    "content",
    [
        b"report_id,reason,reader,date\na,caf\xc3\xa9,r,2026-01-31\nb,caf\xe9,r,2026-01-31\n",
        b"report_id,reason,reader,date,extra\na,b,r,2026-01-31,x\n",
        b"report_id,reason,reader,date\na,b,r,2026-01-31\na,c,r,2026-01-31\n",
        b"<<<<<<< ours\nreport_id,reason,reader,date\n=======\n>>>>>>> theirs\n",
        b'report_id,reason,reader,date\na,"b,r,2026-01-31\n',
        b"",
    ],
    ids=["two encodings", "an unknown column", "a key twice", "signs of a merge", "a lone quotation mark", "empty"],
)
def test_what_would_lose_or_guess_something_is_named_and_left(project, content):
    place = rows.place_of(project, "retraction_overrides")
    place.file.write_bytes(content)
    assert [one.id for one in tidy(project)] == ["not_tidied"]
    assert place.file.read_bytes() == content
