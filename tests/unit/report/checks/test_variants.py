"""Every variant of a sensitivity analysis has words in both languages."""

from types import SimpleNamespace

import pandas as pd
import pytest

from casepool.contract import TABLES
from casepool.model.variant import Variant
from casepool.report.sensitivity_rows import Sensitivities, largest_shift, variant_label
from casepool.report.words.catalogue import load_catalogue
from casepool.sensitivity import analyses as analyses
from casepool.sensitivity.variants import data_variants
from casepool.stats.joint.settings import Settings


class Empty:
    """Stands in for the material of a study without patients."""

    def __init__(self):
        self.cases = pd.concat([self.unique, self._doubtful()], ignore_index=True)
        self.incidences = self._frame("cumulative_incidences")
        self.decisions = pd.DataFrame([{"case_a": "alpha2020/all", "case_b": "beta2021/all", "decision": "unsure"}])
        later = {"citation_key": "anon", "disease": "itp", "ascertainment": "complete", "replaces": "alpha2020"}
        self.reading_list = pd.DataFrame([later | {"n_evaluable": 8, "n_response": 5}])
        self.reading_list = self.reading_list.reindex(columns=TABLES["reading_list"].names)

    @staticmethod
    def _frame(name):
        return pd.DataFrame({one.name: pd.Series(dtype=one.dtype) for one in TABLES[name].columns})

    @property
    def unique(self):
        """A patient of the registry alone."""
        row = {"kind": "patient", "report_type": "registry_call", "n_treated": 1, "n_evaluable": 1, "n_response": 1}
        row |= {"report_id": "alpha2020"}
        return pd.DataFrame([row]).reindex(columns=TABLES["unique_patients"].names).astype(self._types())

    def _doubtful(self):
        """Return a series that counts and one that waits, perhaps of the same patients."""
        counted = {"case_id": "alpha2020/all", "disease": "itp", "eligible": "yes"}
        waiting = {"case_id": "beta2021/all", "disease": "itp", "eligible": "no"}
        rows = pd.DataFrame([counted, waiting | {"exclusion_reason": "outcome_not_reported"}])
        return rows.reindex(columns=TABLES["unique_patients"].names).astype(self._types())

    def unique_without(self, _left_out):
        """Return the same."""
        return self.unique

    def admitting(self, _waiting):
        """Return the same."""
        return self

    @property
    def settled(self):
        """The same, whatever is decided."""
        return SimpleNamespace(doubtful_as_one=lambda: self.unique)

    @staticmethod
    def _types():
        return TABLES["unique_patients"].dtypes

    def counts(self, unique, **_choices):
        """Return nothing."""


def known_variants():
    found = [Variant("data", name) for name, _ in data_variants(Empty())]
    found += [one for one, _ in (*analyses.assumptions(Settings()), *analyses.integrated())]
    return [*found, Variant("by_year", "2024"), Variant("leave_one_out", "ostendorf2020")]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_variant_has_words(language):
    catalogue = load_catalogue(language)
    labels = {one: variant_label(one, catalogue, {}) for one in known_variants()}
    assert [one for one, label in labels.items() if label == one.variant] == []
    assert len(set(labels.values())) == len(labels)
    assert all(catalogue.has(f"group_{one}") for one in ("data", "leave_one_out", "kappa", "clustering", "prior"))


def test_no_words_are_kept_for_a_variant_that_is_gone():
    known = {one.variant for one in known_variants() if one.analysis == "data"}
    keys = [key for key in load_catalogue("en").texts if key.startswith("variant_data_")]
    assert {key.removeprefix("variant_data_") for key in keys} == known


NARROW = Variant("prior", "beta_narrow", prior_of="beta", prior_centre=2.0, prior_sd=1.0)


def test_a_prior_is_named_by_its_median_and_range():
    assert variant_label(NARROW, load_catalogue("fr"), {}) == "Rapport de publication voisin de 2 (0,3–14)"


def test_variants_by_number_stand_in_the_order_of_their_numbers(sensitivity):
    assert [one.ratio for one in Sensitivities(sensitivity).variants("ratio")][-2:] == [12, 16]
    assert [one.prior_of for one in Sensitivities(sensitivity).variants("prior")] == [*["beta"] * 3, "tau", *["mu"] * 2]


def test_variants_of_the_data_stand_in_the_order_of_their_words():
    """One order for readers: that in which the catalogue lists them."""
    listed = [
        key.removeprefix("variant_data_") for key in load_catalogue("en").texts if key.startswith("variant_data_")
    ]
    rows = pd.DataFrame([{"analysis": "data", "variant": one} for one in sorted(listed)])
    rows = rows.reindex(columns=TABLES["sensitivity"].names).assign(disease="overall", n_response=1, n_evaluable=2)
    assert [one.variant for one in Sensitivities(rows.assign(status="ok")).variants("data")] == listed


def test_the_largest_shift_names_its_disease(sensitivity):
    disease, shift = largest_shift(Sensitivities(sensitivity), "sle0", ["sle", "waiha"])
    assert (disease, round(shift, 3)) == ("sle", -0.116)


def test_without_identified_rates_there_is_no_extreme(unidentified):
    assert Sensitivities(unidentified).extremes() == []
