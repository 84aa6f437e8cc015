"""Pages, volumes and issues as exports write them."""

from __future__ import annotations

import pytest

from casepool.search.publications.places import issue_of, number_of, pages_of, same_issue, same_page


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("119-27; quiz 128", "119-128", True),
        ("S251-S253", "251", True),
        ("A116", "A116.E1088", True),
        ("233-8, 230-5, 246-51", "230-235+233-238", True),
        ("488.e1", "487-488", None),
        ("1-6", "e12724", None),
        ("12", "NA", None),
        ("12", "01-Jun", None),
        ("94 p", "94", None),
        ("23-Jul", "23-Jul", True),
        ("1001", "2044", False),
        ("S12", "E12", None),
        ("e12", "e13", False),
        ("1262-1268", "S33-38", False),
    ],
)
def test_whether_two_publications_begin_on_one_page(first, second, expected):
    """True, False, or None where that cannot be known."""
    assert same_page(pages_of(first), pages_of(second)) is expected
    assert same_page(pages_of(second), pages_of(first)) is expected


def test_the_last_page_is_completed():
    """712-8 ends on page 718."""
    assert (pages_of("712-8").last, pages_of("712-8").span) == (718, 7)


def test_volumes_and_issues_are_numbers():
    """What stands around them is left out; a supplement is no issue."""
    assert [number_of(text) for text in ("35 (Pt 1)", "Vol. 035", "Ph.D.")] == ["35", "35", ""]
    assert same_issue(issue_of("Suppl. 2"), issue_of("2")) is False
    assert same_issue(issue_of("Suppl"), issue_of("S2")) is True
    assert same_issue(issue_of("4"), issue_of("")) is None
