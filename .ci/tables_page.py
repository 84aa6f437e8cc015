"""docs/manuscript_files.md: tables, texts and references that a build writes, and where their numbers are."""

from __future__ import annotations

from casepool.contract import CURATED
from casepool.model.protocol import Protocol
from casepool.report.files import TABLES as ORDER, table_stem
from casepool.report.tables.checklists import standing_tables
from casepool.report.tables.display import TableStyle
from casepool.report.tables.manuscript import TABLES
from casepool.report.words.catalogue import load_catalogue

_HEAD = """# Files for a manuscript

Generated from the program by `make generated`; do not edit. All of them lie in `results/manuscript/{fr,en}/`.

## Tables

Each is there as `.docx` (named styles `casepool Table`, `Table Text`, `Table Number`, `Table Note`, `Caption`;
captions number themselves), `.tex`, `.html` and `.csv` (in French with semicolons). In a document of LaTeX:

```text
\\usepackage{results/manuscript/fr/casepool}        % [cite] cites the sources of a table by their keys
\\casepooltable{response}                           % \\ref{tab:response}
```

The cells are as readers see them. The numbers behind them, unrounded, are in the tables of the last column.

| name | file in `tables/` | title | numbers in |
| --- | --- | --- | --- |
"""
_TAIL = """
## Texts

| file in `text/` (`.md`, `.tex`, `.docx`) | what |
| --- | --- |
| `methods` | what this build did: question, search, extraction, statistics, certainty, software and versions |
| `results` | search, sources, patients, rates, harm, certainty, what stays open, what the data cannot show |
| `abstract` | a skeleton; what only the authors can say is marked |

Sentences are chosen by what the build holds ([why](decisions/0152-texts-by-condition-references-by-key.md)). Markdown
and LaTeX cite by key; Word has a list at its end.

## References

`references.bib`, `references.ris` and `references.json` (CSL-JSON) hold the included reports, the excluded ones with
the reason in a note, and the methods cited. The keyword says which: `casepool included`, `casepool excluded`,
`casepool cited`. The key of a report is its `report_id`, also in the tables. What this project does not know of a
work its note says. Zotero: *File › Import*.
"""


def tables_page(protocol: Protocol) -> str:
    """Return docs/manuscript_files.md."""
    catalogue, curated = load_catalogue("en"), {table.name for table in CURATED}
    lines = {}
    for key, needed, _ in TABLES:
        places = [f"`{'data/curated' if name in curated else 'results/tables'}/{name}.csv`" for name in needed]
        lines[key] = f"{catalogue.text(f'table_{key}')} | {', '.join(places)}"
    for key, table in standing_tables(TableStyle(protocol, catalogue), searched=True).items():
        lines[key] = f"{table.title} | –"
    rows = "\n".join(f"| `{key}` | `{table_stem(key)}` | {lines[key]} |" for key in ORDER)
    return f"{_HEAD}{rows.replace('results/tables/open_questions', 'results/review/open_questions')}\n{_TAIL}"
