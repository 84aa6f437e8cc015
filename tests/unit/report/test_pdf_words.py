"""What a figure shows in words fits into a PDF for the archive, however many sources it has."""

from __future__ import annotations

import pytest
import typst

from casepool.report.page.pdf import spoken

MORE = "The rest is elsewhere."
ONE = "Lévêque–Ö 2019, ≥ 3/3, 100% (29–100); "
TEXT = """#set document(title: "SYNTHETIC", date: datetime(year: 2026, month: 1, day: 1))
#set text(lang: "en")
#image("a.svg", alt: sys.inputs.alt)"""
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9"/></svg>'


def test_a_description_of_few_sources_stays_as_it_is():
    assert spoken(ONE * 10, MORE) == ONE * 10


@pytest.mark.parametrize("n", [500, 5000])
def test_a_description_of_thousands_of_sources_ends_behind_a_whole_one_and_says_so(n):
    told = spoken(ONE * n, MORE)
    assert told.endswith(f"(29–100); {MORE}")
    files = {"main.typ": TEXT.encode(), "a.svg": DRAWING.encode()}
    assert typst.compile(files, pdf_standards=["a-2a", "ua-1"], sys_inputs={"alt": told}).startswith(b"%PDF")
    with pytest.raises(typst.TypstError, match="longer than 32767"):
        typst.compile(files, pdf_standards=["a-2a", "ua-1"], sys_inputs={"alt": ONE * 5000})
