"""docs/numbers.md: how numbers are called, and what each name means, from the texts that the program itself prints."""

from __future__ import annotations

import re

from casepool.report.numbers.named import FORMS
from casepool.report.words.catalogue import load_catalogue

# Name, with what is to be put in in capitals → the text that says what it is.
PATTERNS = {
    "OUTCOME.DISEASE.raw": "raw",
    "OUTCOME.DISEASE.complete_only": "complete_only",
    "OUTCOME.DISEASE.selective_only": "selective_only",
    "OUTCOME.DISEASE.own": "own",
    "OUTCOME.DISEASE.own_median": "own_median",
    "OUTCOME.overall.own": "mean_own",
    "OUTCOME.DISEASE.pooled": "pooled",
    "OUTCOME.DISEASE.pooled_median": "pooled_median",
    "OUTCOME.overall.pooled": "mean_pooled",
    "OUTCOME.overall.uncorrected": "uncorrected",
    "OUTCOME.new_disease.pooled": "new_disease",
    "OUTCOME.DISEASE.at_ratio_NUMBER": "at_ratio",
    "OUTCOME.DISEASE.above_NUMBER": "above",
    "OUTCOME.DISEASE.tipping_NUMBER": "tipping",
    "OUTCOME.all.reporting_ratio": "reporting_ratio",
    "OUTCOME.all.reporting_ratio_above_1": "reporting_ratio_above_1",
    "OUTCOME.all.tau": "tau",
    "OUTCOME.all.diseases_without_data": "diseases_without_data",
    "OUTCOME.DISEASE.SETTING": "of_setting",
    "sensitivity.ANALYSIS.VARIANT": "sensitivity",
    "flow.BOX": "flow",
    "flow.BOX.ARM": "flow",
    "flow.BOX.DETAIL": "flow",
    "flow.BOX.ARM.DETAIL": "flow",
    "patients.DISEASE.treated": "disease_treated",
    "patients.DISEASE.evaluable": "disease_evaluable",
    "patients.DISEASE.ITEM": "item",
    "patients.DISEASE.ITEM.LEVEL": "item",
}
_WORDS = {
    "value": "the number alone: 55%",
    "interval": "its interval: 31–79%",
    "both": "55% (31–79); of a number that is withheld the interval alone",
    "full": "55% (95% CrI: 31–79): the kind and coverage of the interval are named",
    "count": "patients with the outcome of those of whom it is known: 16/29",
    "events": "16",
    "patients": "29",
    "sources": "the number of reports behind it",
    "range": "the bounds of a rate where the sources leave open who had the event: 15–71%",
}
_HEAD = """# Numbers by name

Generated from the program by `make generated`; do not edit. How they get into a text: [manuscript.md](manuscript.md).

A build writes every number that prose needs under a name that stays: `results/manuscript/{fr,en}/numbers.json`. A name
is made of parts: in capitals below stands what the project declares. OUTCOME and DISEASE are ids of the protocol (also
`overall`, all diseases). Where another model than the shown one is meant, its id follows:
`any_response.overall.raw.wilson`.
`casepool explain NAME` says what a number is, what stands behind it and as of which build; without a name it lists all.

## What each name means
"""


def is_listed(name: str) -> bool:
    """Return whether a name is one of the fixed ones or fits a pattern of the page."""
    return f"number_{name.replace('.', '_')}" in load_catalogue("en").texts or any(
        re.fullmatch(re.sub("[A-Z]+", r"[a-z0-9_.]+", re.escape(one)) + r"(\.[a-z_]+)?", name) for one in PATTERNS
    )


def numbers_page() -> str:
    """Return the page."""
    texts = load_catalogue("en").texts
    rows = [(name, re.sub(r"\{\w+\}", "…", texts[f"number_{key}"])) for name, key in PATTERNS.items()]
    rows += [(name, texts[f"number_{name.replace('.', '_')}"]) for name in FIXED]
    lines = [_HEAD, "| name | meaning |", "| --- | --- |", *(f"| `{name}` | {meaning} |" for name, meaning in rows)]
    lines += ["", "## Forms", "", "| form | what is printed |", "| --- | --- |"]
    lines += [f"| `{form}` | {_WORDS[form]} |" for form in FORMS]
    return "\n".join(lines) + "\n"


FIXED = (
    *("search.date", "analysis.level", "software.version", "diseases.asked", "diseases.with_data"),
    *("diseases.corrected", "diseases.interval_only", "sources.all", "sources.complete", "sources.of_one_patient"),
    *("patients.treated", "patients.evaluable", "patients.response", "patients.of_complete_sources"),
    *("patients.registry", "patients.origin_no", "patients.origin_uncertain"),
)
