"""Titles: what is spelling, what is a subtitle, and what makes another publication."""

from __future__ import annotations

import pytest

from casepool.search.publications.titles import Relation, relation, title_of

LONG = "Daratumumab in refractory immune thrombocytopenia after splenectomy"


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (LONG, LONG.upper() + ".", Relation.EQUAL),
        (LONG, f"[{LONG}]. [Article in Chinese]", Relation.EQUAL),
        (LONG, f"{LONG}. [Review] [31 refs]", Relation.EQUAL),
        (LONG, f"{LONG}.[Erratum appears in J Inv. 2006 Oct;37(2):137 Note: Else [added]]", Relation.EQUAL),
        (LONG, f"<i>Daratumumab</i>{LONG.removeprefix('Daratumumab')}", Relation.EQUAL),
        ("IFN-α and CD38 in the invented lupus", "IFN-alpha and CD 38 in invented lupus", Relation.EQUAL),
        ("Two cases of type II invented lupus", "2 cases of type 2 invented lupus", Relation.EQUAL),
        ("A micro-array of haemolytic anaemia", "A microarray of hemolytic anemia", Relation.SPELLED),
        ("Thrombop?nie immunologique de l'adulte", "Thrombopénie immunologique de l’adulte", Relation.SPELLED),
        (LONG, f"{LONG}: a randomised trial", Relation.PART),
        (LONG, f"{LONG}; Daratumumab nach Splenektomie", Relation.PART),
        (LONG, f"{LONG} and rituximab", Relation.MORE),
        (LONG, LONG.replace("immune thrombocytopenia", "systemic lupus"), Relation.OTHER),
        (f"{LONG}. Part I", f"{LONG}. Part II", Relation.NUMBER),
        (f"{LONG}: 12-month results", f"{LONG}: 24-month results", Relation.NUMBER),
        (LONG, f"{LONG}. Part II", Relation.NUMBER),
        (f"{LONG}. Part A", f"{LONG}. Part B", Relation.NUMBER),
        (f"{LONG} (A)", f"{LONG} (B)", Relation.NUMBER),
        (LONG, LONG[:60], Relation.PART),
        (LONG, f"{LONG[:53]} …", Relation.PART),
        (f"{LONG} of 12 adults", f"{LONG[:60]}...", Relation.PART),
        (LONG, f"{LONG[:30]}…", Relation.OTHER),
        (LONG, f"Expression of concern: {LONG}", Relation.ABOUT),
        ("Invented lupus in male patients", "Invented lupus in female patients", Relation.OTHER),
        ("Typical invented lupus of the adult", "Atypical invented lupus of the adult", Relation.OTHER),
        ("Invented hypertension of the adult", "Invented hypotension of the adult", Relation.OTHER),
        ("Invented lupus with nephritis", "Invented lupus without nephritis", Relation.OTHER),
        (LONG, f"Reply to: {LONG}", Relation.ABOUT),
        (LONG, f"Erratum: {LONG}", Relation.ABOUT),
        (LONG, f"{LONG}: study protocol", Relation.ABOUT),
        (LONG, f"[title not seen] {LONG}", Relation.UNSEEN),
    ],
)
def test_how_two_titles_stand_to_each_other(first, second, expected):
    """The same whichever is first."""
    assert relation(title_of(first), title_of(second)) is expected
    assert relation(title_of(second), title_of(first)) is expected


def test_replies_are_named_in_more_than_one_way():
    """A reply under two names is one publication, a reply and a comment are two."""
    reply, response, comment = (title_of(f"{word}: {LONG}") for word in ("Reply to", "Response to", "Comment on"))
    assert relation(reply, response) is not Relation.ABOUT
    assert relation(reply, comment) is Relation.ABOUT


def test_a_long_title_may_be_cut_in_mid_word():
    """Exports cut at 200 letters; a shorter title is cut only where it shows."""
    long = " ".join(f"word{letter}" for letter in "abcdefghijklmnopqrstuvwxyz")
    assert relation(title_of(long), title_of(long[:120])) is Relation.PART
    whole, part = (title_of(f"Daratumumab in refractory invented lupus{end}") for end in (" nephritis", ""))
    assert relation(whole, part) is Relation.MORE
