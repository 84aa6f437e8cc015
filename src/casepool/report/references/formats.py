"""Works as BibTeX, RIS and CSL-JSON, each with the same keys."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from casepool.report.references.works import Author, Work

# What BibTeX and biblatex read as a command or as the end of a field.
_BIBTEX = {
    **{sign: f"\\{sign}" for sign in "&%$#_"},
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "\u00a0": "~",
    "\u202f": r"\,",
}
_AS_IT_IS = ("doi", "pmid", "pmcid", "year", "volume", "number", "pages", "langid", "keywords")
_LANGUAGES = {"en": "english", "fr": "french", "de": "german", "es": "spanish", "it": "italian"}


def bibtex(works: Sequence[Work]) -> str:
    """Return works as BibTeX (UTF-8), read by BibTeX, biber, Zotero, Mendeley and JabRef."""
    return "\n".join(_bibtex_entry(one) for one in works)


def _bibtex_entry(work: Work) -> str:
    kind = "misc" if not work.journal else "article"
    names = [_bibtex_name(one) for one in work.authors] + (["others"] if work.others else [])
    fields = {
        "author": " and ".join(names),
        "title": f"{{{_escaped(work.title)}}}" if work.title else "",
        "journal": _escaped(work.journal),
        "year": work.year,
        "volume": work.volume,
        "number": work.issue,
        "pages": re.sub(r"\s*[-–]\s*", "--", work.pages),
        "doi": work.doi,
        "pmid": work.pmid,
        "pmcid": work.pmcid,
        "langid": _LANGUAGES.get(work.language, ""),
        "keywords": f"casepool {work.group}",
        "note": _escaped(work.note),
    }
    told = [
        f"  {name} = {{{_whole(value) if name in _AS_IT_IS else value}}}," for name, value in fields.items() if value
    ]
    return "\n".join([f"@{kind}{{{work.key},", *told, "}", ""])


def _bibtex_name(author: Author) -> str:
    """Return a name, its family name in braces where a program would take a part of it for another name."""
    family = _escaped(author.family)
    family = f"{{{family}}}" if re.search(r"[\s,]", family) else family
    return f"{family}, {_escaped(author.given)}" if author.given else family


def _escaped(text: str) -> str:
    return "".join(_BIBTEX.get(sign, sign) for sign in _whole(text))


def _whole(text: str) -> str:
    """Return a text in one line."""
    return " ".join(text.split())


def ris(works: Sequence[Work]) -> str:
    """Return works as RIS (UTF-8, lines end as the format wants), read by Zotero, EndNote and Mendeley."""
    return "".join(_ris_entry(one) for one in works)


def _ris_entry(work: Work) -> str:
    first, last = (*re.split(r"\s*[-–]\s*", work.pages, maxsplit=1), "")[:2]
    kind = "CPAPER" if work.conference else "JOUR"
    lines = [("TY", kind), ("ID", work.key)]
    lines += [("AU", f"{one.family}, {one.given}".rstrip()) for one in work.authors]
    lines += [("TI", work.title), ("T2", work.journal), ("PY", work.year), ("VL", work.volume), ("IS", work.issue)]
    lines += [("SP", first), ("EP", last), ("DO", work.doi), ("AN", work.pmid and f"PMID {work.pmid}")]
    lines += [("C2", work.pmcid), ("LA", work.language), ("KW", f"casepool {work.group}"), ("N1", work.note)]
    told = "".join(f"{tag}  - {_whole(value)}\r\n" for tag, value in lines if value)
    return f"{told}ER  - \r\n\r\n"


def csl_json(works: Sequence[Work]) -> str:
    """Return works as CSL-JSON, read by Zotero, pandoc and citeproc."""
    return json.dumps([_csl_item(one) for one in works], ensure_ascii=False, indent=2) + "\n"


def _csl_item(work: Work) -> dict[str, object]:
    authors: list[dict[str, str]] = [
        {"family": one.family, "given": one.given} if one.given else {"literal": one.family} for one in work.authors
    ]
    fields: dict[str, object] = {
        "id": work.key,
        "citation-key": work.key,
        "type": "article-journal" if work.journal else "document",
        "title": work.title,
        "author": authors,
        "container-title": work.journal,
        "issued": {"date-parts": [[int(work.year)]]} if work.year.isdigit() else None,
        "volume": work.volume,
        "issue": work.issue,
        "page": work.pages,
        "DOI": work.doi,
        "PMID": work.pmid,
        "PMCID": work.pmcid,
        "language": work.language,
        "keyword": f"casepool {work.group}",
        "note": work.note,
    }
    return {name: value for name, value in fields.items() if value}
