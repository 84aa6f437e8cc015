"""Countries: one code in every spelling, and never a neighbour's."""

from __future__ import annotations

import pytest

from casepool.identity.countries import country_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Roumanie", "Romania"), ("Australie", "Australia"), ("Allemagne", "Deutschland"),
        ("Pays-Bas", "The Netherlands"),
        ("États-Unis", "USA"), ("Royaume-Uni", "England"), ("Corée du Sud", "Korea"), ("Tchéquie", "Czech Republic"),
        ("Turquie", "Türkiye"), ("Turkey", "Türkiye"), ("Chine", "China"), ("Brésil", "Brazil"), ("Liban", "Lebanon"),
        ("Suisse", "Switzerland"), ("Côte d’Ivoire", "Ivory Coast"), ("italia", "ITALY"),
    ],
)  # fmt: skip
def test_a_country_agrees_with_itself_in_another_language(one, other):
    """A French form and an English journal name one country."""
    assert country_of(one) == country_of(other) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [("Republic of Korea", "North Korea"), ("Niger", "Nigeria"), ("Guinea", "Guinea-Bissau"), ("Austria", "Australia")],
)
def test_countries_of_like_names_differ(one, other):
    """The trap of looking inside names (findings/pycountry_korea.sh)."""
    assert country_of(one) != country_of(other)


def test_the_republic_of_korea_is_the_southern_one():
    """As PubMed's affiliations write it."""
    assert country_of("Republic of Korea") == country_of("South Korea") == "KR"


def test_several_countries_say_nothing():
    """A study of two countries does not tell in which a patient lives; a name with "and" is one country."""
    assert [country_of(one) for one in ("France; Italy", "France and Italy", "France et Italie")] == [None, None, None]
    assert country_of("Trinidad & Tobago") == "TT"


def test_an_unknown_country_is_compared_as_it_is_written():
    """Case and accents aside."""
    assert country_of("Freedonia") == country_of("FREEDONIA ") == "freedonia"
