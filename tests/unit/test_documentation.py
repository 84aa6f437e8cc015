"""What the documentation shows is what the program prints."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"```console\n\$ casepool (.*)\n((?:.*\n)*?)```")
EXAMPLES = BLOCK.findall((ROOT / "docs" / "pool.md").read_text(encoding="utf-8"))


def test_the_page_on_pooling_shows_at_least_two_commands() -> None:
    """The comparison below cannot pass by finding nothing."""
    assert len(EXAMPLES) >= 2


@pytest.mark.parametrize(("arguments", "shown"), EXAMPLES, ids=[arguments for arguments, _ in EXAMPLES])
def test_the_output_in_the_page_on_pooling_is_that_of_the_program(arguments: str, shown: str) -> None:
    """Each console block of docs/pool.md is run again."""
    command = [sys.executable, "-c", "from casepool.cli.main import main; main()", *arguments.split()]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.rstrip("\n") == shown.rstrip("\n")


def test_the_example_counts_are_those_of_the_curated_data() -> None:
    """docs/examples/daratumumab_2026.csv follows the data: the totals of the shipped tables."""
    from casepool.counting.counts import disease_counts, study_counts
    from casepool.extraction.cases import build_cases
    from casepool.extraction.curated import read_curated
    from casepool.identity.ledger import unique_patients
    from casepool.model.protocol import load_protocol

    protocol = load_protocol(ROOT / "config" / "protocol.yaml")
    curated = read_curated(ROOT / "data" / "curated")
    unique = unique_patients(build_cases(curated.frames, protocol), curated["identity_decisions"])
    counts = disease_counts(study_counts(unique, 0.95), protocol)
    shown = pd.read_csv(ROOT / "docs" / "examples" / "daratumumab_2026.csv").set_index("disease")
    for kind, rows in (
        ("complete", counts["ascertainment"] == "complete"),
        ("selective", counts["ascertainment"] != "complete"),
    ):
        sums = counts[rows].groupby("disease")[["n_response", "n_evaluable"]].sum().loc[shown.index]
        assert sums["n_response"].tolist() == shown[f"{kind}_response"].tolist()
        assert sums["n_evaluable"].tolist() == shown[f"{kind}_n"].tolist()


def test_the_example_by_source_has_the_totals_of_the_example_by_disease() -> None:
    """Two forms of one data set."""
    from casepool.counts_file.data import diseases_of, joint_data
    from casepool.counts_file.read import read_file

    folder = ROOT / "docs" / "examples"
    by_source, by_disease = (read_file(folder / f"daratumumab_2026{end}.csv", "joint") for end in ("_sources", ""))
    assert diseases_of(by_source) == diseases_of(by_disease)
    sources, totals = joint_data(by_source), joint_data(by_disease)
    for counts in ("complete_events", "complete_n", "selective_events", "selective_n"):
        assert getattr(sources, counts) == getattr(totals, counts)


def test_pooling_the_sources_of_the_data_gives_the_own_and_pooled_rates_of_the_build_to_the_digit() -> None:
    """The table of counts that a build writes, and its results."""
    import casepool as cp
    from casepool.counting.counts import source_counts, study_counts
    from casepool.counting.outcomes import outcome_counts
    from casepool.extraction.cases import build_cases
    from casepool.extraction.curated import read_curated
    from casepool.identity.ledger import unique_patients
    from casepool.model.configuration import load_configuration
    from casepool.model.protocol import load_protocol
    from casepool.pooling.own import OwnResult
    from casepool.pooling.pooled import fit, settings_of

    protocol = load_protocol(ROOT / "config" / "protocol.yaml")
    curated = read_curated(ROOT / "data" / "curated")
    studies = study_counts(unique_patients(build_cases(curated.frames, protocol), curated["identity_decisions"]), 0.95)
    pooled = cp.pool(source_counts(studies, protocol))
    counts = outcome_counts(studies, protocol.outcomes[0].id)
    pooling = load_configuration(ROOT / "config" / "config.yaml").pooling
    built = OwnResult.of(counts, protocol.eligible_ids, pooling).fit.rates
    rates = {name: rate for name, rate in zip(protocol.eligible_ids, built, strict=True) if rate is not None}
    assert set(rates) == set(pooled.rates)
    for name, rate in rates.items():
        assert pooled.rates[name].ci == pytest.approx(list(rate.interval(0.95)), abs=1e-12)
    together = fit(counts, list(rates), settings_of(pooling))
    for name, rate in zip(rates, together.diseases, strict=True):
        assert pooled.pooled[name].ci == pytest.approx(list(rate.ci), abs=1e-12)
    assert pooled.overall["pooled"].ci == pytest.approx(list(together.overall.ci), abs=1e-12)


def test_the_python_of_the_page_on_pooling_runs(tmp_path, monkeypatch) -> None:
    """As it stands there; the forest plot is a file."""
    page = (ROOT / "docs" / "pool.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    exec(code, names)
    assert (tmp_path / "forest.pdf").stat().st_size > 10_000
    assert {"itp", "sle"} <= set(names["result"].rates)


def test_the_methods_name_every_allowance_with_its_default() -> None:
    """The table of the own rate, and the ratios at which a disease without complete evidence is written out."""
    from casepool.model.configuration import Own, load_configuration

    page = (ROOT / "docs" / "methods.md").read_text(encoding="utf-8")
    told = {key: float(value) for key, value in re.findall(r"^\| [^|]+ \| `(\w+)` \| ([\d.]+) \|", page, re.MULTILINE)}
    pooling = load_configuration(ROOT / "config" / "config.yaml").pooling
    assert told == Own().model_dump() == pooling.own.model_dump()
    (ratios,) = re.findall(r"`pooling.ratios` \(([\d, ]+);", page)
    assert tuple(float(one) for one in ratios.split(", ")) == pooling.ratios


def test_the_methods_list_every_step_in_its_order() -> None:
    """From the raw rate to the own one, and on to the pooled one."""
    from casepool.pooling.own import COMPLETE, RAW
    from casepool.stats.own.steps import StepName

    section = (ROOT / "docs" / "methods.md").read_text(encoding="utf-8").partition("### What moved each rate")[2]
    listed = re.findall(r"^\d\. `(\w+)`", section, re.MULTILINE)
    assert listed == [RAW, COMPLETE, *(name.value for name in StepName), "pooled"]
