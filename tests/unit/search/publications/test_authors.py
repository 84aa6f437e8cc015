"""First authors: how exports turn, shorten and join one name, and who is somebody else."""

from __future__ import annotations

import pytest

from casepool.search.publications.authors import authors_of, same_authors


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("Wu, Li", "Wu L", True),
        ("Wu, Li; Xu, Yan", "Wu L, Xu Y", True),
        ("Ng KW", "Ng, K. W.", True),
        ("Li Wu", "Wu, Li", True),
        ("Li É", "Li, Élise", True),
        ("É Roux", "Roux, É.", True),
        ("O'Meara, A. T.", "OMeara AT", True),
        ("Pereira, Ana", "de Pereira A", True),
        ("Aasebø, U.", "Aasebo, U.", True),
        ("Müller-Meyer, Jo and Else, C", "Muller Meyer J; Else C", True),
        ("Martin, Paul", "Petit, Paul", False),
        ("Wu, Li", "Li, Wei", False),
        ("Chen L", "Cheng L", None),
        ("Xi, L F; Kiviat, N B; Koutsky, L A", "Long, F X; Kiviat, N; Koutsky, L", None),
        ("The Invented Study Group", "Martin, Paul", None),
        ("Anonymous", "Martin, Paul", None),
        ("", "Martin, Paul", None),
    ],
)
def test_who_is_one_first_author(first, second, expected):
    """True, False, or None where it is not known."""
    assert same_authors(authors_of(first), authors_of(second)) is expected
    assert same_authors(authors_of(second), authors_of(first)) is expected
