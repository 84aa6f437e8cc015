"""Protocol and configuration: unknown keys and wrong values are refused with their place."""

from __future__ import annotations

from pathlib import Path

import invented
import pytest
import yaml

from casepool.model.configuration import load_configuration
from casepool.model.errors import ConfigError
from casepool.model.message import FAST_LOADER
from casepool.model.protocol import Bilingual, load_protocol

CONFIG = invented.ROOT / "config"


def changed(folder: Path, name: str, **keys: object) -> Path:
    """Return a copy of a file of config/ with some keys set (dots lead inside)."""
    content = yaml.load((CONFIG / name).read_text(encoding="utf-8"), FAST_LOADER)
    for key, value in keys.items():
        *outer, last = key.split("__")
        place = content
        for part in outer:
            place = place[part]
        place[last] = value
    path = folder / name
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return path


def test_the_protocol_of_the_project_is_valid():
    """Thirteen diseases are asked about, in the order of the tables."""
    protocol = load_protocol(CONFIG / "protocol.yaml")
    assert len(protocol.eligible_ids) == 13
    assert protocol.eligible_ids[0] == "sle"
    assert protocol.by_id["itp"].short["fr"] == "PTI"
    renamed = protocol.diseases[0].model_copy(update={"short": protocol.by_id["itp"].short})
    copied = protocol.model_copy(update={"diseases": (renamed,)})
    assert copied.by_id == {renamed.id: renamed}


def test_the_configuration_of_the_project_is_valid():
    """The registry totals of public outputs start at eleven."""
    assert load_configuration(CONFIG / "config.yaml").disclosure.threshold == 11


def test_evans_syndrome_is_made_of_two_diseases_of_the_protocol(tmp_path):
    """Its patients may be filed under either; a component that is no disease is refused."""
    assert load_protocol(CONFIG / "protocol.yaml").by_id["evans"].components == ("itp", "waiha")
    content = yaml.load((CONFIG / "protocol.yaml").read_text(encoding="utf-8"), FAST_LOADER)
    content["diseases"][0]["components"] = ["gout"]
    path = changed(tmp_path, "protocol.yaml", diseases=content["diseases"])
    with pytest.raises(ConfigError, match="component gout is no disease"):
        load_protocol(path)


@pytest.mark.parametrize("place", ["colour", "drug__colour", "eligibility__colour", "search__colour"])
def test_an_unknown_key_of_the_protocol_is_refused_with_its_place(tmp_path, place):
    """A misspelt key would otherwise be a choice without effect."""
    path = changed(tmp_path, "protocol.yaml", **{place: "red"})
    with pytest.raises(ConfigError, match=rf"protocol\.yaml: 1 problem.*\n  {place.replace('__', '.')}: found 'red'"):
        load_protocol(path)


@pytest.mark.parametrize("place", ["colour", "pubmed__colour", "pooling__colour", "forest__colour"])
def test_an_unknown_key_of_the_configuration_is_refused_with_its_place(tmp_path, place):
    """The same holds for the choices of the analysis."""
    path = changed(tmp_path, "config.yaml", **{place: "red"})
    with pytest.raises(ConfigError, match=rf"config\.yaml: 1 problem.*\n  {place.replace('__', '.')}: found 'red'"):
        load_configuration(path)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("pooling__level", 1.5),
        ("pooling__thresholds", []),
        ("pooling__prior_mu", [0.0, -1.0]),
        ("pooling__prior_tau", 0),
        ("pooling__clustering", 1.0),
        ("pubmed__mode", "guess"),
        ("pubmed__snapshot", "22/11/2026"),
        ("language", ["de"]),
        ("language", []),
        ("seed", -1),
        ("disclosure__threshold", 0),
        ("forest__rows_per_page", 5),
    ],
)
def test_a_choice_outside_its_range_is_refused(tmp_path, place, value):
    """Nothing runs with a value that has no meaning."""
    with pytest.raises(ConfigError, match=rf"  {place.replace('__', '.')}"):
        load_configuration(changed(tmp_path, "config.yaml", **{place: value}))


def test_all_problems_of_a_file_are_told_at_once(tmp_path):
    """Three wrong keys, one message."""
    path = changed(tmp_path, "config.yaml", seed=-1, colour="red", pooling__level=2)
    with pytest.raises(ConfigError, match=r"3 problem\(s\)"):
        load_configuration(path)


def test_a_missing_key_is_refused(tmp_path):
    """There are no hidden defaults."""
    content = yaml.load((CONFIG / "config.yaml").read_text(encoding="utf-8"), FAST_LOADER)
    del content["pooling"]["level"]
    path = tmp_path / "config.yaml"
    path.write_text(yaml.safe_dump(content))
    with pytest.raises(ConfigError, match=r"pooling\.level: missing"):
        load_configuration(path)


@pytest.mark.parametrize(
    ("name", "place", "hint"),
    [
        ("config.yaml", ("pooling", "levle"), "pooling.levle: found 'red'; unknown key. Did you mean 'level'?"),
        ("config.yaml", ("zzz",), "zzz: found 'red'; unknown key\n"),
        ("protocol.yaml", ("diseases", 1, "eligable"), "diseases.1.eligable: found 'red'; unknown key. Did"),
        (
            "protocol.yaml",
            ("diseases", 1, "name", "frr"),
            "diseases.1.name.frr: found 'red'; unknown key. Did",
        ),
    ],
)
def test_an_unknown_key_is_told_with_the_known_one_that_is_near(tmp_path, name, place, hint):
    """Whoever mistypes a key deep in the file finds it."""
    content = yaml.load((CONFIG / name).read_text(encoding="utf-8"), FAST_LOADER)
    inside = content
    for part in place[:-1]:
        inside = inside[part]
    inside[place[-1]] = "red"
    path = tmp_path / name
    path.write_text(yaml.safe_dump(content, allow_unicode=True))
    with pytest.raises(ConfigError) as raised:
        {"config.yaml": load_configuration, "protocol.yaml": load_protocol}[name](path)
    assert hint in f"{raised.value}\n"


def test_a_disease_id_that_stands_twice_is_refused(tmp_path):
    """Counts of two diseases would run together."""
    protocol = yaml.load((CONFIG / "protocol.yaml").read_text(encoding="utf-8"), FAST_LOADER)
    path = changed(tmp_path, "protocol.yaml", diseases=[*protocol["diseases"], protocol["diseases"][0]])
    with pytest.raises(ConfigError, match="id sle stands more than once"):
        load_protocol(path)


def declared(**changes: object) -> dict[str, object]:
    """Return a part of the protocol of the project, its first element with some keys changed."""
    content = yaml.load((CONFIG / "protocol.yaml").read_text(encoding="utf-8"), FAST_LOADER)
    (part, change), *_ = changes.items()
    first, *rest = content[part]
    return {part: [first | change, *rest]}


@pytest.mark.parametrize(
    ("part", "change", "message"),
    [
        ("outcomes", {"success": ["complete", "cured"]}, "any_response: cured is no grade"),
        ("outcomes", {"success": ["complete"]}, "first one misses partial, response_ungraded"),
        ("outcomes", {"id": "complete_response", "column": "complete"}, "complete stands more than once"),
        ("settings", {"id": "iv"}, "labels: iv stands more than once"),
        ("settings", {"id": "retracted"}, "retracted: an id of every study, with another label"),
        ("events", {"among": "treated"}, "relapse: time, time_asked and rule stand where"),
        ("events", {"id": "prior_rituximab"}, "columns: prior_rituximab stands more than once"),
        ("covariates", {"disclosure": "counted"}, "Input should be 'withheld'"),
    ],
)
def test_declarations_that_do_not_fit_together_are_refused(tmp_path, part, change, message):
    """What a study declares becomes columns, labels and rules: two of one name would run together."""
    with pytest.raises(ConfigError, match=message):
        load_protocol(changed(tmp_path, "protocol.yaml", **declared(**{part: change})))


def test_two_events_among_responders_are_refused(tmp_path):
    """There is one loss of response, with one time to it."""
    events = yaml.load((CONFIG / "protocol.yaml").read_text(encoding="utf-8"), FAST_LOADER)["events"]
    with pytest.raises(ConfigError, match="several are among responders"):
        load_protocol(changed(tmp_path, "protocol.yaml", events=[*events, events[0] | {"id": "flare"}]))


def test_routes_are_compared_only_where_they_are_named_for_it(tmp_path):
    """The table of moderators needs words for both."""
    with pytest.raises(ConfigError, match="found iv, both; expected routes with given"):
        load_protocol(changed(tmp_path, "protocol.yaml", compared_routes=["iv", "both"]))


def test_a_text_needs_a_language_and_answers_in_the_one_it_has():
    """An English project is readable with French messages around it."""
    assert Bilingual(en="pemphigus")["fr"] == "pemphigus"
    assert Bilingual(en="both", fr="les deux")["fr"] == "les deux"
    with pytest.raises(ValueError, match="no language"):
        Bilingual()


@pytest.mark.parametrize("content", [b"a: [1", b"\xe9t\xe9: 1", b"a: b: c"])
def test_what_is_not_yaml_is_refused(tmp_path, content):
    """A broken or wrongly encoded file is a message, not a crash."""
    path = tmp_path / "protocol.yaml"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match="cannot be read as YAML"):
        load_protocol(path)


def test_a_missing_file_is_refused(tmp_path):
    """The message names the file."""
    with pytest.raises(ConfigError, match=r"protocol\.yaml: cannot be read"):
        load_protocol(tmp_path / "protocol.yaml")


def test_an_empty_file_is_refused(tmp_path):
    """Nothing is no protocol."""
    path = tmp_path / "protocol.yaml"
    path.write_text("")
    with pytest.raises(ConfigError, match="1 problem"):
        load_protocol(path)
