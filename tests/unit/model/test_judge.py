"""YAML as people type it, and nothing more."""

from __future__ import annotations

from itertools import pairwise

import pytest

from casepool.model.errors import ConfigError
from casepool.model.judge import read_yaml

# Seven lines, ten million texts.
BOMB = "a: &a [x]\n" + "".join(f"{b}: &{b} [{', '.join([f'*{a}'] * 10)}]\n" for a, b in pairwise("abcdefgh"))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("seed: 1\nlevel: 2\nseed: 7\n", "the key seed stands a second time"),
        ("pooling:\n  level: 1\n  level: 2\n", "the key level stands a second time"),
        (BOMB, r"its aliases \(\*\) stand for too much"),
        ("a: !!python/object/apply:os.system [ls]\n", "could not determine a constructor"),
    ],
)
def test_what_would_be_taken_silently_or_without_end_is_refused_with_its_line(tmp_path, content, told):
    (tmp_path / "config.yaml").write_text(content)
    with pytest.raises(ConfigError, match=told) as raised:
        read_yaml(tmp_path / "config.yaml")
    assert "line " in str(raised.value)
    assert len(str(raised.value)) < 400


def test_the_same_key_in_two_places_is_no_repetition(tmp_path):
    (tmp_path / "config.yaml").write_text("a: {level: 1}\nb: {level: 1}\nc: [{level: 2}, {level: 3}]\n")
    assert read_yaml(tmp_path / "config.yaml")["c"] == [{"level": 2}, {"level": 3}]


def test_an_alias_that_spares_some_typing_is_read(tmp_path):
    (tmp_path / "config.yaml").write_text("a: &a {level: 1}\nb: *a\n")
    assert read_yaml(tmp_path / "config.yaml") == {"a": {"level": 1}, "b": {"level": 1}}
