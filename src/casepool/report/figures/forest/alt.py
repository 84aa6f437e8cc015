"""The forest plot in words: every line of it with its numbers."""

from __future__ import annotations

from collections.abc import Sequence

from casepool.report.figures.canvas.frame import alt_sentences
from casepool.report.figures.forest.lines import ForestLine, ForestResult
from casepool.report.words.catalogue import Catalogue


def forest_alt(results: Sequence[ForestResult], catalogue: Catalogue) -> str:
    """Return what the pages show: a sentence for each disease, in the order of the plot."""
    blocks: list[tuple[str, list[str]]] = []
    for line in (line for page in results for line in page.lines if line.kind != "gap"):
        if line.kind == "no_data":
            blocks.append((line.label, [catalogue.text("no_data")]))
        elif line.kind == "header":
            if not line.continued:
                blocks.append((line.label, []))
        elif line.kind == "folded":
            blocks[-1][1].append(line.label)
        elif blocks:
            blocks[-1][1].append(_words(line, catalogue))
        else:
            blocks.append((_words(line, catalogue), []))
    return alt_sentences([results[0].title], blocks, catalogue)


def _words(line: ForestLine, catalogue: Catalogue) -> str:
    """Return a line with its kind of source, count, rate and interval, as far as the plot shows them."""
    numbers, one = catalogue.numbers, line.estimate
    kind = catalogue.text(f"legend_{line.ascertainment}") if line.ascertainment not in {"", "study"} else ""
    counted = line.kind in {"study", "raw", "origin"}
    count = numbers.count(one.n_response, one.n_evaluable) if counted else numbers.missing
    if line.kind == "new_disease" and line.prediction:
        rate = catalogue.text("prediction_span", span=numbers.percent_span(*line.prediction))
    elif one.value is None:
        rate = numbers.percent_span(one.ci_lower, one.ci_upper)
    else:
        rate = numbers.percent_interval(one.value, one.ci_lower, one.ci_upper)
    shown = [part for part in (kind, count, rate, *line.cells) if part not in {"", numbers.missing}]
    return ", ".join([line.label, *shown]) if shown else f"{line.label}, {catalogue.text('no_data')}"
