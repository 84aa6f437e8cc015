"""numbers.json, numbers.tex and numbers.yml: every number, and every paragraph of the report, by its name."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from casepool.files.atomic import write_text
from casepool.model.configuration import Configuration
from casepool.model.protocol import Protocol
from casepool.report.material import PageMaterial
from casepool.report.numbers.counts import named_counts
from casepool.report.numbers.estimates import named_estimates
from casepool.report.numbers.named import Named
from casepool.report.numbers.tex import tex_text
from casepool.report.page.answer import qualifying_facts
from casepool.report.page.content import section_texts
from casepool.report.page.diseases import DiseaseLine, disease_lines
from casepool.report.page.facts import Facts, facts_of
from casepool.search.pubmed.chain import search_described

FORMAT = "1.0"
QUARTO_KEY = "casepool"
_DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
WORD_JOINER = "\u2060"


def write_numbers(
    folder: str | Path,
    *,
    frames: PageMaterial,
    search: Sequence[str | Path],
    protocol: Protocol,
    configuration: Configuration,
    version: str,
    language: str,
) -> None:
    """Write ``numbers.json``, ``numbers.tex`` and ``numbers.yml`` of one language into a folder.

    Parameters
    ----------
    frames : every table that the report is made of.
    search : description of the stored search (JSON); nothing where PubMed was not searched.
    protocol : its diseases named by what they hold.
    """
    origin = str(search_described(search).get("origin", ""))
    facts = facts_of(frames, protocol, configuration, version, language, origin)
    document = numbers_document(facts)
    texts = {"json": _as_json(document), "tex": tex_text(document), "yml": quarto_text(document)}
    for suffix, text in texts.items():
        write_text(Path(folder) / f"numbers.{suffix}", text)


def numbers_document(facts: Facts) -> dict[str, Any]:
    """Return all numbers and sentences of a build in one language, by name, as plain data.

    Raises
    ------
    ValueError
        If two numbers would have one name.
    """
    numbers: dict[str, Named] = {}
    for one in (*named_counts(facts), *named_estimates(facts)):
        if one.name in numbers:
            message = f"{one.name} names two numbers: {numbers[one.name].meaning}; {one.meaning}"
            raise ValueError(message)
        numbers[one.name] = one
    return {
        "format": FORMAT,
        "language": facts.catalogue.language,
        "protocol": facts.protocol.id,
        "synthetic": facts.protocol.synthetic,
        "warning": facts.catalogue.text("synthetic") if facts.protocol.synthetic else "",
        "numbers": {name: numbers[name].plain() for name in sorted(numbers)},
        "sentences": _sentences(facts),
    }


def _sentences(facts: Facts) -> dict[str, list[str]]:
    """Return the paragraphs of the report by section, what was searched, and what is said of each disease."""
    sections = section_texts(facts).items()
    # The page forbids breaks inside a range by a sign that word processors have no glyph for.
    told = {section: [text.replace(WORD_JOINER, "") for text in texts] for section, texts in sections if texts}
    lines: list[DiseaseLine] = disease_lines(facts)
    named = {facts.disease(one).casefold(): one for one in facts.protocol.eligible_ids}
    search = qualifying_facts(facts)[0]
    told["search"] = [f"{search.title}. {search.text}" if facts.search_kind == "stored" else search.text]
    told |= {
        f"disease.{named[key]}": [f"{one.disease}. {one.words}"]
        for one in lines
        if (key := one.disease.casefold()) in named
    }
    return dict(sorted(told.items()))


def _as_json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False) + "\n"


def quarto_text(document: Mapping[str, Any]) -> str:
    """Return the numbers as metadata of Quarto and Pandoc: parts of a name are keys inside keys, forms the last ones.

    ``{{< meta casepool.any_response.overall.raw.full >}}`` prints one; a sentence is under ``casepool.sentences``.
    """
    tree: dict[str, Any] = {}
    for name, number in document["numbers"].items():
        place = tree
        for part in name.split("."):
            place = place.setdefault(part, {})
        place.update(number["forms"])
    tree["sentences"] = {name: "\n\n".join(texts) for name, texts in document["sentences"].items()}
    warning = f"# {document['warning']}\n" if document["warning"] else ""
    return warning + yaml.dump({QUARTO_KEY: tree}, Dumper=_DUMPER, allow_unicode=True, sort_keys=True, width=10_000)
