"""A live search as it is called from the command line and from the workflow."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from casepool.model.configuration import Configuration, load_configuration
from casepool.model.errors import ConfigError
from casepool.model.message import Message, text
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


def _day(given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise ConfigError(Message("since_is_a_date", found=given)) from None


def silent(received: int, announced: int) -> None:
    """Show no progress."""


def printed(received: int, announced: int) -> None:
    """Print one line for each batch (for logs)."""
    print(Message("records_received", received=received, announced=announced), flush=True)


def as_text(done: Searched, language: str = "en") -> str:
    """Return what was found and what to do next, for a terminal."""
    told = done.description
    file = f"{done.folder}/records.xml.gz"
    said = [Message("search_done", announced=told["count"], received=told["received"], file=file)]
    said += [Message("not_understood_by_pubmed", what=one) for one in told["errors"]]
    said += [Message("pubmed_warns", what=one) for one in told["warnings"]]
    if told["received_twice"]:
        said.append(Message("received_twice", pmids=tuple(told["received_twice"])))
    if told["continues"]:
        said.append(Message("search_continues", before=told["continues"], n_records=done.n_records))
    if done.previous:
        said.append(Message("new_since", before=done.previous, n_new=len(done.new_pmids)))
    said.append(Message("search_next", name=done.folder.rpartition("/")[2]))
    return "\n".join(text(one, language) for one in said)
