"""Measure what is found in remarks that name somebody and in innocent ones, and write it into docs/registry.md.

python benchmarks/remarks.py [--show]     (--show: the remarks tuned on that were misjudged)

Lists: remarks/identifying.tsv (halves of templates and names), remarks/innocent.txt (lines in turn tuned on and held
out), innocent_later.txt (tuned on), innocent_last.txt (written when rules and lists were done), second_writer.tsv (by
somebody else: half before, half after a first result).
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

from casepool.model.vocabulary import TextVerdict
from casepool.privacy.finding.find import judge_text

ROOT = Path(__file__).resolve().parent.parent
LISTS, PAGE = ROOT / "benchmarks" / "remarks", ROOT / "docs" / "registry.md"
BEGIN, END = "<!-- begin: benchmarks/remarks.py -->", "<!-- end: benchmarks/remarks.py -->"
HALVES = ("tuning", "held_out")
FILES, REMARKS, SEED = 1_000, 12, 20261128

Verdicts = list[TextVerdict]


def _lines(name: str) -> list[str]:
    lines = (LISTS / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


def identifying(half: str) -> list[tuple[str, str]]:
    """Return kind and text of the identifying remarks of a half."""
    rows = [line.split("\t") for line in _lines("identifying.tsv")]
    return [(kind, text) for of_half, kind, text in rows if of_half == half]


def innocent() -> dict[str, list[str]]:
    """Return the innocent remarks: tuned on, held out, and written last."""
    tuned, held_out = (_lines("innocent.txt")[start::2] for start in (0, 1))
    later, last = _lines("innocent_later.txt"), _lines("innocent_last.txt")
    return {"tuned on": tuned + later, "held out": held_out, "written last": last}


def second_writer(kind: str) -> list[str]:
    """Return the remarks of the second writer: those that name somebody (``names``), or ``innocent`` ones."""
    return [text for of_kind, text in (line.split("\t") for line in _lines("second_writer.tsv")) if of_kind == kind]


def verdicts(texts: list[str]) -> Verdicts:
    """Return the verdict on each remark."""
    return [judge_text(text)[0] for text in texts]


def share(found: Verdicts, *wanted: TextVerdict) -> float:
    """Return the share of verdicts that are one of those wanted."""
    return sum(one in wanted for one in found) / len(found)


def refused_files(texts: list[str]) -> float:
    """Return the share of files that are refused, each with twelve of the remarks."""
    choose = random.Random(SEED)  # noqa: S311 (no secret)
    refuses = [one is TextVerdict.REFUSE for one in verdicts(texts)]
    return sum(any(choose.sample(refuses, REMARKS)) for _ in range(FILES)) / FILES


def _row(name: str, found: Verdicts) -> str:
    shown = (f"{100 * share(found, one):.1f} %" for one in (TextVerdict.REFUSE, TextVerdict.WAIT, TextVerdict.FINE))
    return f"| {name} | {len(found)} | {' | '.join(shown)} |"


def page() -> str:
    """Return what is measured, as it stands in docs/registry.md."""
    lines = ["| remarks | number | file refused | row waits | let through |", "| --- | --- | --- | --- | --- |"]
    for half, name in zip(HALVES, ("tuned on", "held out"), strict=True):
        lines.append(_row(f"naming somebody, {name}", verdicts([text for _, text in identifying(half)])))
    lines.append(_row("naming somebody, by a second writer", verdicts(second_writer("names"))))
    lists = innocent() | {"by a second writer": second_writer("innocent")}
    lines += [_row(f"innocent, {name}", verdicts(texts)) for name, texts in lists.items()]
    kinds = dict.fromkeys(kind for kind, _ in identifying("held_out"))
    by_kind = []
    for kind in kinds:
        found = verdicts([text for of_kind, text in identifying("held_out") if of_kind == kind])
        by_kind.append(f"{kind} {sum(one is not TextVerdict.FINE for one in found)} of {len(found)}")
    files = refused_files(lists["held out"] + lists["written last"])
    said = f"Of {FILES:,} files with {REMARKS} innocent remarks each (not tuned on), {100 * files:.1f} % are refused."
    return "\n".join([*lines, "", f"Found among those held out: {', '.join(by_kind)}.", said])


def main() -> None:
    """Write the page; with --show print the remarks tuned on that were misjudged."""
    if "--show" in sys.argv:
        missed = [f"missed {kind}: {text}" for kind, text in identifying("tuning") if not judge_text(text)[1]]
        alarms = [(*judge_text(text), text) for text in innocent()["tuned on"]]
        print(*missed, *(f"{said} {kinds}: {text}" for said, kinds, text in alarms if kinds), sep="\n")
        return
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    text = f"{before}{BEGIN}\n\n{page()}\n\n{END}{rest.split(END)[1]}"
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
