"""Words that mean something where publications are compared: ``words.yaml``."""

from __future__ import annotations

from importlib.resources import files

import yaml

from casepool.model.message import FAST_LOADER

_SAID = yaml.load(files(__package__).joinpath("words.yaml").read_text(encoding="utf-8"), FAST_LOADER)  # noqa: S506  (safe)

IDLE = frozenset(_SAID["idle"].split())
ABOUT = {word: kind for kind, words in _SAID["about"].items() for word in words.split()}
NUMBERS = {word: str(number) for number, words in enumerate(_SAID["numbers"], start=1) for word in words.split()}
NUMBERED = frozenset(_SAID["numbered"].split())
NEGATIONS = frozenset(_SAID["negations"].split())
OPPOSITES = tuple(tuple(words.split()) for words in _SAID["opposites"])
BODIES = frozenset(_SAID["bodies"].split())
