"""A small built project: SYNTHETIC sources and counts, written as a build writes them."""

from __future__ import annotations

import hashlib
import json
import re
import struct
import zlib
from functools import cache
from pathlib import Path

from casepool.manuscript.moved import estimate_of
from casepool.report.files import figure_stem, table_stem
from casepool.report.numbers.document import quarto_text
from casepool.report.numbers.named import Named, forms_of, interval_kind, limits, name_of
from casepool.report.numbers.tex import tex_text
from casepool.report.tables.display import DisplayColumn, DisplayTable
from casepool.report.tables.docx import docx_bytes
from casepool.report.words.catalogue import load_catalogue
from casepool.stats.binomial import clopper_pearson

# Source → disease, responders, patients; all SYNTHETIC.
SOURCES: dict[str, tuple[str, int, int]] = {
    "synthetic2020": ("itp", 1, 1),
    "synthetic2021": ("itp", 13, 26),
    "synthetic2022": ("sle", 9, 10),
}


def interval(x: int, n: int) -> tuple[float, float]:
    """Return the exact interval of a proportion."""
    low, high = clopper_pearson([x], [n])
    return float(low[0]), float(high[0])


def row(disease: str, sources: dict[str, tuple[str, int, int]]) -> dict[str, object]:
    """Return the raw rate of a disease, or of all, as a row of results.json."""
    mine = {name: one for name, one in sources.items() if disease in (one[0], "overall")}
    x, n = sum(one[1] for one in mine.values()), sum(one[2] for one in mine.values())
    low, high = interval(x, n)
    return {
        **dict.fromkeys(("threshold", "pi_lower", "pi_upper", "lowest", "highest", "reason")),
        "name": f"any_response.{disease}.raw.exact",
        "outcome": "any_response",
        "disease": disease,
        "analysis": "raw",
        "model": "exact",
        "measure": "proportion",
        "status": "ok",
        "value": x / n,
        "ci_lower": low,
        "ci_upper": high,
        "n_response": x,
        "n_at_most": x,
        "n_evaluable": n,
        "k": len(mine),
        "cases": [f"{name}/p1" for name in mine],
    }


def withheld(disease: str) -> dict[str, object]:
    """Return a corrected rate that has an interval and no value."""
    made = row(disease, SOURCES) | {"analysis": "own", "model": "own", "value": None, "reason": "no_complete_source"}
    return made | {"name": f"any_response.{disease}.own.own", "ci_lower": 0.2, "ci_upper": 0.9}


def results_of(sources: dict[str, tuple[str, int, int]]) -> dict[str, object]:
    """Return results.json of these sources."""
    diseases = sorted({one[0] for one in sources.values()})
    rows = [row(one, sources) for one in (*diseases, "overall")]
    prints = [
        {"report_id": name, "disease": disease, "n_treated": n, "n_evaluable": n, "n_response": x}
        | {"sha256": hashlib.sha256(f"{x}/{n}".encode()).hexdigest()}
        for name, (disease, x, n) in sources.items()
    ]
    counts = [{"disease": one, "cases": [f"{s}/p1" for s, v in sources.items() if v[0] == one]} for one in diseases]
    return {"meta": {"level": 0.95}, "results": [*rows, withheld("sle")], "counts": counts, "sources": prints}


def numbers_of(results: dict[str, object], language: str) -> dict[str, object]:
    """Return numbers.json of these results."""
    catalogue, named = load_catalogue(language), {}
    for one in map(estimate_of, results["results"]):
        low, high = limits(one)
        forms = forms_of(one, catalogue, catalogue.numbers.percent(0.95))
        why = "" if one.headlined else catalogue.label(one.shown_status, "number_why")
        made = Named(
            name_of(one), f"meaning of {name_of(one)}", forms, value=one.value, lower=low, upper=high,
            interval=interval_kind(one), withheld=why, result=one.name,
        )  # fmt: skip
        named[made.name] = made.plain()
    raw = named["any_response.overall.raw"]["forms"]
    sentences = {"answer": [f"Sans correction : {raw['full']}.", f"Patients : {raw['patients']}."]}
    return {"language": language, "warning": "", "numbers": named, "sentences": sentences}


@cache
def table_bytes(rows: tuple[tuple[str, ...], ...], language: str) -> bytes:
    """Return a table of the raw rates as a Word file."""
    columns = tuple(DisplayColumn(key, key) for key in ("disease", "x/n", "rate"))
    return docx_bytes(
        DisplayTable("response", "SYNTHETIC rates", columns, rows, ("SYNTHETIC note",), language=language)
    )


def rows_of(numbers: dict[str, object]) -> tuple[tuple[str, ...], ...]:
    """Return the raw rates as rows of a table."""
    told = ((name, one["forms"]) for name, one in numbers["numbers"].items() if re.fullmatch(r"\w+\.\w+\.raw", name))
    return tuple((name, forms.get("count", "–"), forms.get("both", "–")) for name, forms in told)


def png(shade: int, width: int = 40, height: int = 20) -> bytes:
    """Return a grey picture."""

    def block(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    lines = b"".join(b"\0" + bytes([shade]) * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = (block(b"IHDR", head), block(b"IDAT", zlib.compress(lines)), block(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def write_build(root: Path, sources: dict[str, tuple[str, int, int]] | None = None, shade: int = 100) -> Path:
    """Write the results of a project, once more where some are there; return its folder."""
    results = results_of(sources or SOURCES)
    (root / "results" / "provenance").mkdir(parents=True, exist_ok=True)
    (root / "results" / "results.json").write_text(json.dumps(results), encoding="utf-8")
    inputs = {"data/curated/patients.csv": hashlib.sha256(json.dumps(results).encode()).hexdigest()}
    manifest = {"casepool": "0", "commit": "c0ffee" * 6, "configuration": {}, "code": {}, "inputs": inputs}
    (root / "results" / "provenance" / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    for language in ("fr", "en"):
        write_manuscript(root / "results" / "manuscript" / language, numbers_of(results, language), shade)
    return root


def write_manuscript(place: Path, numbers: dict[str, object], shade: int = 100) -> None:
    """Write what a manuscript takes in: numbers, one table and one figure."""
    response, forest = table_stem("response"), figure_stem("forest")
    for folder in ("tables", "figures"):
        (place / folder).mkdir(parents=True, exist_ok=True)
    (place / "numbers.json").write_text(json.dumps(numbers), encoding="utf-8")
    (place / "numbers.tex").write_text(tex_text(numbers), encoding="utf-8")
    (place / "numbers.yml").write_text(quarto_text(numbers), encoding="utf-8")
    (place / "tables" / f"{response}.docx").write_bytes(table_bytes(rows_of(numbers), str(numbers["language"])))
    for ending in ("tex", "csv"):
        (place / "tables" / f"{response}.{ending}").write_text(raw_text(numbers), encoding="utf-8")
    for ending in ("png", "pdf", "svg"):
        (place / "figures" / f"{forest}_untitled.{ending}").write_bytes(png(shade))
        (place / "figures" / f"{forest}.{ending}").write_bytes(png(shade + 1))
    (place / "figures" / f"{forest}_caption.txt").write_text(
        "SYNTHETIC rates, source by source\nSYNTHETIC notes\n", encoding="utf-8"
    )
    (place / "figures" / f"{forest}_alt.txt").write_text("SYNTHETIC: a grey picture\n", encoding="utf-8")


def raw_text(numbers: dict[str, object]) -> str:
    """Return something that stands for a table in a source."""
    return str(numbers["numbers"]["any_response.overall.raw"]["forms"]["both"])
