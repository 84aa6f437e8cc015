"""``casepool explain``: what a number is, what stands behind it, and as of which build."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fnmatch import fnmatch
from typing import Any

from casepool.manuscript.build import Build
from casepool.model.folding import fold
from casepool.model.message import Message, text


def explanation(name: str, build: Build) -> str:
    """Return what is to be known of a number, in the language of the build, one line for each thing.

    Parameters
    ----------
    name : of a number of the build, or of an estimate of ``results.json``.
    """
    known = by_name(name, build)
    number = build.numbers[known]
    lines = [known, f"  {number['meaning']}"]
    lines += [f"  {text(one, build.language)}" for one in _facts(known, number, build)]
    return "\n".join(lines)


def by_name(name: str, build: Build) -> str:
    """Return the name of a number by its name here or in ``results.json``; one that is not known as it stands."""
    if name in build.numbers:
        return name
    return next((one for one, number in build.numbers.items() if number["result"] == name), name)


def _facts(name: str, number: Mapping[str, Any], build: Build) -> list[Message]:
    said = [Message("explain_value", value=_shown(number))]
    if number["withheld"]:
        said.append(Message("explain_withheld", why=number["withheld"]))
    forms = tuple(f"{form} = {shown}" for form, shown in number["forms"].items())
    said.append(Message("explain_forms", forms=forms))
    if number["method"]:
        said.append(Message("explain_method", method=number["method"]))
    patients, sources = _behind(number, build)
    if sources:
        said.append(Message("explain_patients", n=patients, sources=sources))
    if number["result"]:
        said.append(Message("explain_result", name=number["result"]))
    said.append(Message("explain_typed", tag=number["tag"], name=name))
    return [*said, as_of(build)]


def _shown(number: Mapping[str, Any]) -> str:
    forms = number["forms"]
    return str(forms.get("full", forms.get("both", forms["value"])))


def _behind(number: Mapping[str, Any], build: Build) -> tuple[int, tuple[str, ...]]:
    """Return how many cases stand behind a number, and its sources with the cases of each."""
    rows = {row["name"]: row for row in build.results["results"]}
    cases = rows.get(number["result"], {}).get("cases") or []
    if not cases:
        return 0, tuple(number["sources"])
    found = Counter(case.split("/", 1)[0] for case in cases)
    return len(cases), tuple(f"{source} ({n})" for source, n in sorted(found.items()))


def as_of(build: Build) -> Message:
    """Return as of which build it is: version, commit and checksum of the data."""
    if not build.manifest:
        return Message("explain_unfinished")
    commit = build.commit or Message("explain_no_commit")
    return Message("explain_build", version=build.manifest["casepool"], commit=commit, data=build.data)


def listed(pattern: str, build: Build) -> str:
    """Return the numbers that a pattern fits, one a line with its value and meaning.

    Parameters
    ----------
    pattern : with stars, compared with whole names; else words that all stand in the name or meaning; empty for all.
    """
    found = {name: one for name, one in build.numbers.items() if _fits(pattern, name, one)}
    shown = {name: one for name, one in found.items() if one["value"] is not None or one["interval"]}
    lines = [
        f"{name}\t{one['forms'].get('both', one['forms']['value'])}\t{one['meaning']}" for name, one in shown.items()
    ]
    if len(shown) < len(found):
        lines.append(text(Message("explain_without_number", n=len(found) - len(shown)), build.language))
    return "\n".join(lines or [text(Message("explain_nothing", pattern=pattern), build.language)])


def _fits(pattern: str, name: str, number: Mapping[str, Any]) -> bool:
    if "*" in pattern:
        return fnmatch(name, pattern)
    place = fold(f"{name} {number['meaning']}")
    return all(fold(word) in place for word in pattern.split())
