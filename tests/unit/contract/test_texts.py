"""Every column of the curated tables has a name, a help and an example, in every language and every study."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from casepool.contract import CURATED
from casepool.contract.texts import column_example, column_help, column_label, column_named, table_help, table_title
from casepool.files.dialect import normalise_cell
from casepool.model.labels import LANGUAGES
from casepool.model.protocol import load_protocol
from casepool.model.study import use
from casepool.model.vocabulary import label

TESTS = Path(__file__).resolve().parents[2]
PROTOCOLS = [TESTS.parent / "config" / "protocol.yaml", TESTS / "pemphigus" / "protocol.yaml"]
LONGEST_LABEL, LONGEST_HELP = 60, 420


@pytest.fixture(params=PROTOCOLS, ids=["shipped", "another"])
def _study(request: pytest.FixtureRequest) -> None:
    use(load_protocol(request.param))


@pytest.mark.usefixtures("_study")
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_column_has_a_short_label_of_its_own_and_a_help(language: str) -> None:
    """A template shows the label as header and reads the column by it: two alike would be one column."""
    for table in CURATED:
        assert table_title(table.name, language)
        assert table_help(table.name, language).endswith(".")
        labels = [column_label(table.name, name, language) for name in table.names]
        assert len(set(labels)) == len(labels), table.name
        for name, said_short in zip(table.names, labels, strict=True):
            said = column_help(table.name, name, language)
            assert 0 < len(said_short) <= LONGEST_LABEL, (table.name, name)
            assert 10 < len(said) <= LONGEST_HELP, (table.name, name)
            assert said[-1] in ".?", (table.name, name)
            assert "{" not in said_short + said, (table.name, name)


@pytest.mark.usefixtures("_study")
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_example_is_a_value_that_its_column_takes(language: str) -> None:
    """An example that the check refuses would teach the mistake."""
    for table in CURATED:
        for column in table.columns:
            example = column_example(table.name, column.name, language)
            if column.name.startswith(("murad", "jbi")):
                assert label("yes", language) in example  # what a source may say, and the answer to it
                continue
            cells = pd.Series([normalise_cell(example, column)]).astype(column.dtype)
            assert column.fits(cells).all(), (table.name, column.name, example)


def test_a_header_is_known_by_its_id_and_by_its_label_in_either_language() -> None:
    """A French template is read by an English project, whatever apostrophe or space the spreadsheet put into it."""
    table = next(one for one in CURATED if one.name == "patients")
    for header in ("age_years", "Age (years)", "Âge (années)", "âge\xa0(années) "):
        assert column_named(table, header) == "age_years"
    assert column_named(table, "Taille") == "Taille"
