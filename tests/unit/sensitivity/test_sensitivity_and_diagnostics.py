"""The tables of sensitivity analyses and diagnostics."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import invented
import pandas as pd
import pytest
from scipy.stats import beta

from casepool.files import store
from casepool.model.configuration import Pooling, load_configuration
from casepool.pooling.diagnostics import diagnostics
from casepool.pooling.pooled import fit, settings_of
from casepool.sensitivity.analyses import PRIORS, left_out, sensitivity
from casepool.sensitivity.variants import Material

CASES = (
    invented.cohort_case("alpha2020/all", ascertainment="complete", report_type="clinical_trial"),
    invented.cohort_case("beta2021/all", 13, 13, 12),
    invented.cohort_case("gamma2022/all", 8, 8, 7, disease="sle"),
    invented.cohort_case("delta2023/all", 6, 6, 4, disease="prca"),
)


def pooling() -> Pooling:
    """Return the choices of the project."""
    return load_configuration(invented.ROOT / "config" / "config.yaml").pooling


def material() -> Material:
    """Return four sources in three diseases."""
    names = ("identity_decisions", "cumulative_incidences", "reading_list")
    empty = (invented.frame(name) for name in names)
    linkage = invented.frame("registry_linkage")
    return Material(invented.frame("cases", *CASES), *empty, linkage, "any_response", 0.95)


@cache
def table() -> pd.DataFrame:
    """Return the sensitivity analyses of the four sources."""
    given = material(), invented.protocol(), pooling()
    return sensitivity(*given, left_out(*given))


def row(analysis: str, variant: str, disease: str) -> pd.Series:
    """Return one row of the table."""
    found = table().set_index(["analysis", "variant", "disease"])
    return found.loc[(analysis, variant, disease)]


def test_reports_left_out_in_several_jobs_give_the_same_bytes(tmp_path: Path) -> None:
    """Four reports in one job, and in three, of which one has two."""
    given = material(), invented.protocol(), pooling()
    parts = [left_out(*given, part, 3) for part in range(3)]
    assert [part["variant"].nunique() for part in parts] == [2, 1, 1]
    store.write_table("sensitivity", left_out(*given), tmp_path / "one.csv")
    store.write_table("sensitivity", store.stack("sensitivity", *parts), tmp_path / "three.csv")
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "three.csv").read_bytes()


def test_the_primary_variant_is_the_primary_analysis() -> None:
    """The same fit as that of the results."""
    counts = material().counts(material().unique)
    diseases = invented.protocol().eligible_ids
    rates = dict(zip(diseases, fit(counts, diseases, settings_of(pooling())).diseases, strict=True))
    found = row("data", "primary", "itp")
    assert found["value"] == pytest.approx(rates["itp"].mean, abs=1e-12)
    assert (found["ci_lower"], found["ci_upper"]) == pytest.approx(rates["itp"].ci, abs=1e-12)


def test_a_larger_reporting_ratio_lowers_the_rate_of_a_disease_told_selectively() -> None:
    """Monotone along the sweep."""
    rates = [row("ratio", ratio, "sle")["value"] for ratio in ("1", "2", "4", "8", "16")]
    assert rates == sorted(rates, reverse=True)
    assert rates[0] > rates[-1]


def test_the_clustering_of_the_configuration_gives_the_primary_numbers() -> None:
    """0.1 stands in the configuration."""
    assert row("clustering", "0.1", "itp")["value"] == pytest.approx(row("data", "primary", "itp")["value"])


def test_a_registry_that_prefers_responders_would_lower_every_rate() -> None:
    """Kappa above zero takes off, kappa below adds."""
    rates = [row("kappa", odds, "itp")["value"] for odds in ("0.5", "1", "2")]
    assert rates == sorted(rates, reverse=True)


def test_bounds_are_given_only_for_diseases_with_selective_sources() -> None:
    """The interval reaches below the exact one and no further up."""
    bounds = table()[table()["analysis"] == "bounds"].set_index("disease")
    assert set(bounds.index) == {"itp", "sle", "prca"}
    assert bounds["value"].isna().all()
    assert bounds.loc["sle", "ci_lower"] < 0.473
    assert bounds.loc["sle", "ci_upper"] == pytest.approx(0.996840, abs=1e-5)


def test_every_number_stands_inside_its_interval() -> None:
    """All rows, the ratio among them."""
    known = table().dropna(subset=["value"])
    assert ((known["ci_lower"] <= known["value"]) & (known["value"] <= known["ci_upper"])).all()


def test_diagnostics_that_need_a_registry_say_so() -> None:
    """No number is made up for them."""
    found = diagnostics(material().counts(material().unique), invented.protocol(), pooling(), table())
    found = found.set_index("diagnostic")
    for name in ("published_by_response", "two_lists", "conflict", "registry_preference", "ratio_linkage"):
        assert found.loc[name, "status"] == "not_estimable"
        assert pd.isna(found.loc[name, "value"])


def test_the_odds_ratio_within_disease_is_that_of_the_one_disease_with_both_kinds() -> None:
    """12 of 13 selective against 6 of 9 complete: a single table, odds ratio 6."""
    found = diagnostics(material().counts(material().unique), invented.protocol(), pooling(), table())
    assert found.set_index("diagnostic").loc["mantel_haenszel", "value"] == pytest.approx(12 * 3 / (1 * 6))


def test_assumptions_integrated_over_a_prior_are_variants() -> None:
    """Each between the ends of the fixed values, or near the primary analysis."""
    overall = table().query("disease == 'sle'").set_index(["analysis", "variant"])["value"]
    fixed = overall["kappa"].drop("integrated")
    assert fixed.min() < overall["kappa", "integrated"] < fixed.max()
    assert overall["clustering", "integrated"] == pytest.approx(overall["data", "primary"], abs=0.03)
    assert overall["ratio_sd", "integrated"] == pytest.approx(overall["data", "primary"], abs=0.05)


def test_the_largest_shift_under_another_prior_is_that_of_the_table() -> None:
    """With its disease and prior named."""
    rates = table()
    found = diagnostics(material().counts(material().unique), invented.protocol(), pooling(), rates)
    row = found.set_index("diagnostic").loc["largest_prior_shift"]
    primary = rates.query("analysis == 'data' and variant == 'primary'").set_index("disease")["value"]
    disease, variant = row["reason"].split(", prior ")
    changed = rates.set_index(["analysis", "variant", "disease"])["value"]["prior", variant, disease]
    assert row["value"] == pytest.approx(changed - primary[disease])
    others = rates.query("analysis == 'prior' and disease not in ['all', 'overall']")
    assert abs(row["value"]) == pytest.approx((others["value"] - others["disease"].map(primary)).abs().max())
    assert row["n"] == others["variant"].nunique() == len(PRIORS)


def test_the_least_likely_disease_names_its_cell() -> None:
    """A probability, the number of cells, and what was seen and expected."""
    found = diagnostics(material().counts(material().unique), invented.protocol(), pooling(), table())
    row = found.set_index("diagnostic").loc["least_likely_disease"]
    assert 0 < row["value"] <= 1
    assert row["n"] >= 2
    assert re.fullmatch(r"(complete|selective): \d+ of \d+, expected [\d.]+", row["reason"])


def test_what_a_variant_assumes_stands_in_columns() -> None:
    """Nobody has to read a number out of a name."""
    assert row("ratio", "1.5", "itp")["ratio"] == 1.5
    assert row("kappa", "0.67", "itp")["odds"] == 0.67
    assert row("clustering", "0.2", "itp")["clustering"] == 0.2
    assert row("bounds", "range", "itp")["ratio"] == 8
    narrow = row("prior", "beta_narrow", "itp")
    assert (narrow["prior_of"], narrow["prior_centre"], narrow["prior_sd"]) == ("beta", pytest.approx(2), 1)
    likeness = row("clustering", "integrated", "itp")
    assert likeness["prior_centre"] == pytest.approx(0.1)
    assert likeness["prior_sd"] == pytest.approx(beta(1, 9).std())
