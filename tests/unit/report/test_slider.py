"""The slider of the page against the command: at a ratio both print the same rates."""

from __future__ import annotations

import re

import pytest
from typer.testing import CliRunner

from casepool.cli.main import app
from casepool.counting.counts import source_counts
from casepool.model.configuration import load_configuration
from casepool.pooling.assumed import ratio_rates
from casepool.report.page.facts import Facts
from casepool.report.page.slider import slider
from casepool.report.results_json import BuildMeta
from casepool.report.words.catalogue import load_catalogue

POOLING = load_configuration("config/config.yaml").pooling
META = BuildMeta(version="0.1.0", snapshot="2026-11-22", protocol="synthetic")
RATIOS = (1.0, 4.0)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_slider_at_four_prints_the_rates_of_the_command_at_four(
    tmp_path, results, counts, study_counts, prisma_counts, protocol, language
):
    """`casepool pool FILE --ratio 4` on the sources that the page counts, to the printed digit."""
    rates = ratio_rates(study_counts, protocol, POOLING, RATIOS)
    facts = Facts(
        results, counts, study_counts, prisma_counts, protocol, META, load_catalogue(language), {"ratio_rates": rates}
    )
    shown = slider(facts)
    place = shown.ratios.index("4")
    cells = iter(shown.cells[place])
    of_slider = {name: (next(cells), next(cells)) for name, _ in shown.rows}

    file = tmp_path / "sources.csv"
    source_counts(study_counts, protocol).to_csv(file, index=False)
    said = CliRunner().invoke(app, ["pool", str(file), "--model", "joint", "--ratio", "4"])
    rate = r"([\d.]+) \(([\d.]+) to ([\d.]+)\)"
    lines = re.findall(rf"(?m)^(\w+) .*?{rate}  +{rate}$", said.output.partition("Mean of")[0])
    assert len(lines) > 4
    interval = load_catalogue(language).numbers.percent_interval
    for disease, *printed in lines:
        own, pooled = (interval(*(float(one) / 100 for one in part), 1) for part in (printed[:3], printed[3:]))
        assert of_slider[protocol.by_id[disease].name[language]] == (own, pooled)
