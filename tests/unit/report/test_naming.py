"""A disease is called what the patients counted under it are."""

import pytest
import reported

from casepool.report.words.naming import Origins, named_by_content


def names(protocol, *rows, disease="prca"):
    """Return name and short name of a disease in English and French, from the rows of its origins."""
    found = named_by_content(protocol, reported.table("origins", list(rows))).by_id[disease]
    return found.name.en, found.name.fr, found.short.en, found.short.fr


def own(n, **cells):
    return reported.origin("prca", "yes", 0, n, **cells)


def foreign(n, **cells):
    return reported.origin("prca", "no", 0, n, **cells)


def uncertain(n, **cells):
    return reported.origin("prca", "uncertain", 0, n, **cells)


def test_a_disease_of_alloimmune_patients_only_is_not_called_autoimmune(protocol):
    assert names(protocol, foreign(3)) == (
        "Pure red cell aplasia (alloimmune)",
        "Érythroblastopénie (origine allo-immune)",
        "PRCA (alloimmune)",
        "Érythroblastopénie (origine allo-immune)",
    )


def test_after_transplantation_is_said_where_all_of_its_patients_are(protocol):
    assert names(protocol, foreign(3, n_post_hsct=3)) == (
        "Pure red cell aplasia after transplantation (alloimmune)",
        "Érythroblastopénie après greffe (origine allo-immune)",
        "PRCA after HSCT",
        "Érythroblastopénie après greffe",
    )
    assert "transplantation" not in names(protocol, foreign(3, n_post_hsct=2))[0]


@pytest.mark.parametrize("rows", [[], [own(2)], [own(2), foreign(2)], [own(3), uncertain(1), foreign(2)]])
def test_a_disease_of_which_half_or_more_are_known_to_be_autoimmune_keeps_its_name(rows, protocol):
    """The others stand in rows of their own; a disease without patients is not renamed either."""
    prca = protocol.by_id["prca"]
    assert names(protocol, *rows) == (prca.name.en, prca.name.fr, prca.short.en, prca.short.fr)


@pytest.mark.parametrize(
    ("rows", "english", "french"),
    [
        ([own(1), foreign(2)], "in part alloimmune", "origine en partie allo-immune"),
        ([own(1), uncertain(2)], "in part of uncertain origin", "origine en partie incertaine"),
        ([foreign(1), uncertain(2)], "alloimmune or of uncertain origin", "origine allo-immune ou incertaine"),
        ([uncertain(2)], "uncertain origin", "origine incertaine"),
        (
            [uncertain(2), own(1), foreign(1)],
            "in part alloimmune or of uncertain origin",
            "origine en partie allo-immune ou incertaine",
        ),
    ],
)
def test_a_mixture_is_named_as_one(rows, english, french, protocol):
    shown = names(protocol, *rows)
    assert shown[:2] == (f"Pure red cell aplasia ({english})", f"Érythroblastopénie ({french})")


def test_a_disease_without_a_plain_name_keeps_its_name_with_the_origin(protocol):
    row = {**foreign(2), "disease": "evans"}
    assert names(protocol, row, disease="evans")[:2] == (
        "Evans syndrome (alloimmune)",
        "Syndrome d’Evans (origine allo-immune)",
    )


def test_patients_known_or_not_evaluable_name_a_disease_alike(protocol):
    """It is named after whom it holds, not after whose response is known."""
    assert names(protocol, foreign(3, n_evaluable=0))[0] == "Pure red cell aplasia (alloimmune)"


def test_a_protocol_whose_diseases_are_not_autoimmune_makes_no_claim(protocol):
    """Another drug, another question: names without origin stay as the protocol writes them."""
    gout = protocol.by_id["evans"].model_copy(update={"id": "gout"})
    other = protocol.model_copy(update={"diseases": (gout,), "drug": protocol.drug.model_copy(update={"name": "x"})})
    rows = reported.table("origins", [{**own(4), "disease": "gout"}])
    assert named_by_content(other, rows) == other


def test_the_other_diseases_keep_their_names(protocol):
    renamed = named_by_content(protocol, reported.table("origins", [foreign(3)]))
    differing = [a.id for a, b in zip(protocol.diseases, renamed.diseases, strict=True) if a != b]
    assert differing == ["prca"]


def test_only_origins_with_known_responses_are_shown_apart():
    rows = [own(2), foreign(1, n_evaluable=0), uncertain(3)]
    found = Origins(reported.table("origins", rows[::-1]))
    assert [one.autoimmune for one in found.of("prca")] == ["yes", "no", "uncertain"]
    assert [one.autoimmune for one in found.split("prca")] == ["yes", "uncertain"]
    assert found.split("evans") == []
    assert found.n_differing() == {"no": 0, "uncertain": 3}
    assert found.n_differing("n_treated") == {"no": 1, "uncertain": 3}
