"""The known-item check: whether the strategy meets every included report, and whether the search has brought it."""

from __future__ import annotations

import pandas as pd

from casepool.contract.literature import SEARCH_RECALL
from casepool.model.vocabulary import Answer, MetBy, ScreeningDecision
from casepool.rows import missing, rows_of
from casepool.screening.state import match_reports
from casepool.search.known_items import Met, met_lines, record_texts, title_texts
from casepool.search.strategy import Strategy
from casepool.typing import Row


def search_recall(reports: pd.DataFrame, records: pd.DataFrame, found: set[str], strategy: Strategy) -> pd.DataFrame:
    """Return the table ``search_recall``: every included report, and by what the strategy meets it.

    A project without a strategy has no rows: there is no search to judge.

    Parameters
    ----------
    records : the stage table; what it holds of a report (abstract, keywords, headings) is asked after the title.
    found : PubMed ids of the snapshot in use.
    """
    if not strategy.drug:
        return pd.DataFrame(columns=SEARCH_RECALL.names)
    stored = {str(row["record_id"]): row for row in rows_of(records)}
    record_of = {str(report["report_id"]): stored[name] for name, report in match_reports(records, reports).items()}
    included = reports[reports["decision"] == ScreeningDecision.INCLUDE]
    rows = [_row(report, record_of.get(str(report["report_id"]), {}), found, strategy) for report in rows_of(included)]
    return pd.DataFrame(rows, columns=SEARCH_RECALL.names).replace("", pd.NA)


def _row(report: Row, record: Row, found: set[str], strategy: Strategy) -> Row:
    pmids = [str(row["pmid"]) for row in (report, record) if row and not missing(row["pmid"])]
    met_by, met = _met(report, record, strategy)
    return {
        "report_id": report["report_id"],
        "pmid": pmids[0] if pmids else "",
        "in_snapshot": (Answer.NO if found.isdisjoint(pmids) else Answer.YES).value,
        "met_by": met_by.value,
        "drug_line": str(met.drug[0]) if met.drug else "",
        "subject_line": str(met.subjects[0]) if met.subjects else "",
        "reason": "" if met.found else _reason(met_by, met),
    }


def _met(report: Row, record: Row, strategy: Strategy) -> tuple[MetBy, Met]:
    """Return by what a report is met: its title, else what its record holds, else nothing."""
    title = title_texts(report["title"]) or (title_texts(record["title"]) if record else None)
    by_title = met_lines(strategy, title) if title else Met((), ())
    if by_title.found:
        return MetBy.TITLE, by_title
    by_record = met_lines(strategy, record_texts(record)) if record else Met((), ())
    if by_record.found:
        return MetBy.RECORD, by_record
    return (MetBy.NONE, by_title) if title else (MetBy.TITLE_NOT_KNOWN, by_record)


def _reason(met_by: MetBy, met: Met) -> str:
    """Return why the strategy meets nothing of what is known of a report."""
    if met_by is MetBy.TITLE_NOT_KNOWN:
        return "title not seen, and nothing else stored meets the query"
    names = [name for name, lines in (("the drug", met.drug), ("a disease of the query", met.subjects)) if not lines]
    return f"the title does not name {' or '.join(names)}, and no abstract, keyword or heading is stored that does"
