"""A live search as it is called from the command line and from the workflow."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from casepool.model.configuration import Configuration, load_configuration
from casepool.model.errors import ConfigError
from casepool.model.protocol import load_protocol
from casepool.search.pubmed.collecting import Progress
from casepool.search.pubmed.eutils import Access
from casepool.search.pubmed.snapshot import Searched, search_pubmed
from casepool.search.strategy import pubmed_query


def run_search(
    root: str | Path, progress: Progress, *, name: str = "", since: str = "", access: Access | None = None
) -> Searched:
    """Return the result of a search with the query of the protocol, stored as a new snapshot.

    Parameters
    ----------
    root : the project folder.
    progress : called with the numbers of records received and announced.
    name : folder of the snapshot (default: the date of today, UTC).
    since : a day; only what was added or changed since then is fetched.
    access : how PubMed is reached (default: as config.yaml says).
    """
    configuration = load_configuration(Path(root) / "config" / "config.yaml")
    query = pubmed_query(load_protocol(Path(root) / configuration.protocol))
    client = (access or _access(configuration)).client()
    folder = name or datetime.now(UTC).date().isoformat()
    return search_pubmed(root, query, client, folder, _day(since) if since else None, progress)


def _access(configuration: Configuration) -> Access:
    return Access(configuration.pubmed.base_url, configuration.pubmed.email)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = f"--since: found {text!r}; expected a date YYYY-MM-DD"
        raise ConfigError(message) from None


def silent(received: int, announced: int) -> None:
    """Show no progress."""


def printed(received: int, announced: int) -> None:
    """Print one line for each batch (for logs)."""
    print(f"{received} of {announced} records received", flush=True)


def as_text(done: Searched) -> str:
    """Return what was found and what to do next, for a terminal."""
    told = done.description
    lines = [f"{told['count']} records announced, {told['received']} received: {done.folder}/records.xml.gz"]
    lines += [f"PubMed did not understand: {one}" for one in told["errors"]]
    lines += [f"PubMed warns: {one}" for one in told["warnings"]]
    if told["received_twice"]:
        lines.append(f"received twice, kept once: PMID {', '.join(told['received_twice'])}")
    if told["continues"]:
        lines.append(f"together with {told['continues']}, which it continues: {done.n_records} records")
    if done.previous:
        lines.append(f"new since the snapshot {done.previous}: {len(done.new_pmids)} records")
    name = done.folder.rpartition("/")[2]
    lines += ["", "Next:", f'  1. config/config.yaml: pubmed.snapshot: "{name}"', "  2. make"]
    lines.append("  3. results/screening/new_records.csv and to_screen.csv list what waits for a decision")
    return "\n".join(lines)
