"""Another drug is another protocol: neither the package nor the workflow names this one, its diseases or patients."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from casepool.model.folding import fold
from casepool.model.protocol import Protocol, load_protocol

ROOT = Path(__file__).resolve().parents[2]
PROTOCOL = load_protocol(ROOT / "config" / "protocol.yaml")
SHORTEST = 4
# Words of the protocol that stand for a notion of the contract or are no more than language, each with its reason.
ORDINARY = {
    "autoimmun": "the column of the contract that says whose the antibodies are",
    "auto-immun": "the same in French, and how the word may be spelled",
    "alloimmun": "the value `no` of that column",
    "allo-immun": "the same in French",
    "autoantibod": "a column of the contract: the antibodies as reported, in any disease",
    "rheumatolog": "a department: words that many centres share tell none of them apart",
}
# Word lists of the detector of identities know drugs and diseases, lest it take them for names.
EXCEPTED = ROOT / "src" / "casepool" / "privacy" / "finding"


def words_of(protocol: Protocol) -> Iterator[str]:
    """Yield what the protocol calls its drug, its diseases, its covariates and its population."""
    yield from (protocol.drug.name, *protocol.drug.synonyms)
    for disease in (one for one in protocol.diseases if one.id != "other"):
        yield from (*disease.name.spoken, *disease.short.spoken, *disease.text)
        yield from disease.plain.spoken if disease.plain else ()
    for covariate in protocol.covariates:
        yield from (covariate.id, *covariate.name.spoken, *covariate.asked.spoken, *covariate.box.name.spoken)
    yield from (*protocol.population.not_own.spoken, *protocol.population.alone.spoken)
    yield from protocol.search.general_text if protocol.search else ()


def stems_of(protocol: Protocol) -> list[str]:
    """Return the words, folded, without the star of a search, that are long enough to mean something."""
    stems = {fold(word).strip("*") for word in words_of(protocol)}
    return sorted(stem for stem in stems if len(stem) >= SHORTEST)


@cache
def texts() -> dict[str, str]:
    """Return the folded text of every file of the package and the workflow."""
    files = [path for folder in ("src", "workflow") for path in (ROOT / folder).rglob("*") if path.is_file()]
    read = {path: path.read_bytes() for path in [*files, ROOT / "Snakefile"] if path.suffix not in {".pyc", ".png"}}
    return {
        str(path.relative_to(ROOT)): fold(content.decode("utf-8").replace("\u00ad", ""))
        for path, content in read.items()
        if EXCEPTED not in path.parents
    }


def files_with(stem: str) -> list[str]:
    """Return the files in which a word begins with the stem."""
    begins = re.compile(rf"(?<!\w){re.escape(stem)}")
    return [name for name, text in texts().items() if begins.search(text)]


def test_the_words_that_are_sought_are_those_of_the_protocol():
    """Or the test would find nothing in anything."""
    stems = stems_of(PROTOCOL)
    assert {"daratumumab", "darzalex", "rituximab", "prior bortezomib", "lupus", "daratumumab alone"} <= {*stems}
    assert len(stems) > 150


@pytest.mark.parametrize("stem", [stem for stem in stems_of(PROTOCOL) if stem not in ORDINARY])
def test_neither_package_nor_workflow_names_what_the_protocol_asks_about(stem):
    """What is said of one study belongs into its protocol."""
    assert files_with(stem) == []


@pytest.mark.parametrize("stem", ORDINARY)
def test_every_exception_is_still_needed(stem):
    """A list of exceptions that nobody uses hides the next one."""
    assert files_with(stem)
