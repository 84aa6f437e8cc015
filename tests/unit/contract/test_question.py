"""A protocol is judged as part of its project: by the languages of the pages and the columns of the tables."""

from __future__ import annotations

from pathlib import Path

import invented
import pytest
import yaml

from casepool.contract.question import load_question
from casepool.model.configuration import Configuration, load_configuration
from casepool.model.errors import ConfigError
from casepool.model.message import FAST_LOADER


def project(folder: Path, **changes: object) -> Configuration:
    """Write the shipped protocol with some keys changed; return the shipped configuration, which names it."""
    content = yaml.load((invented.ROOT / "config/protocol.yaml").read_text(encoding="utf-8"), FAST_LOADER)
    (folder / "config").mkdir()
    (folder / "config/protocol.yaml").write_text(yaml.safe_dump(content | changes), encoding="utf-8")
    return load_configuration(invented.ROOT / "config/config.yaml")


def in_one_language(part: object) -> object:
    """Return a part of a protocol without its French texts."""
    if isinstance(part, dict):
        return {key: in_one_language(value) for key, value in part.items() if key != "fr" or "en" not in part}
    return [in_one_language(one) for one in part] if isinstance(part, list) else part


def test_the_shipped_protocol_fits(tmp_path):
    """Every text in both languages, every id free."""
    assert load_question(project(tmp_path), tmp_path) == invented.protocol()


def test_a_text_that_a_language_of_the_configuration_misses_is_named_with_its_key(tmp_path):
    """At the top, in a list by the id of its member, and deeper; in both languages of the program."""
    diseases = [
        {"id": "one", "name": {"fr": "une"}, "short": {"en": "1", "fr": "1"}, "eligible": True},
        {"id": "two", "name": {"en": "two", "fr": "deux"}, "short": {"en": "2"}, "eligible": False},
    ]
    configuration = project(tmp_path, title={"en": "A title"}, diseases=diseases)
    with pytest.raises(ConfigError) as raised:
        load_question(configuration, tmp_path)
    for key in ("title.fr", "diseases.one.name.en", "diseases.two.short.fr"):
        assert f"{key} is missing" in raised.value.text("en")
        assert f"{key} manque" in raised.value.text("fr")
    assert "protocol.yaml: 3 problems" in raised.value.text("en")


def test_a_language_that_no_page_speaks_may_be_missing(tmp_path):
    """A project of one language has its texts in that one."""
    shipped = yaml.load((invented.ROOT / "config/protocol.yaml").read_text(encoding="utf-8"), FAST_LOADER)
    configuration = project(tmp_path, **in_one_language(shipped))
    english = configuration.model_copy(update={"language": ("en",)})
    assert load_question(english, tmp_path).title.languages == ("en",)
    with pytest.raises(ConfigError, match=r"events\.relapse\.name\.fr"):
        load_question(configuration, tmp_path)


@pytest.mark.parametrize(
    ("part", "name"),
    [("events", "year"), ("events", "female"), ("covariates", "disease"), ("events", "objection_checked")],
)
def test_an_id_that_names_a_column_of_every_study_is_refused(tmp_path, part, name):
    """Of a report, a count, a patient, the registry: two columns of one name would run together."""
    shipped = yaml.load((invented.ROOT / "config/protocol.yaml").read_text(encoding="utf-8"), FAST_LOADER)
    first, *rest = shipped[part]
    configuration = project(tmp_path, **{part: [first | {"id": name}, *rest]})
    with pytest.raises(ConfigError, match=f"{name} is a column of every study"):
        load_question(configuration, tmp_path)
